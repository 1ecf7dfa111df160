//! Labelled spans: is the boilerplate found, and with its ends?

use std::collections::BTreeMap;

use serde::Serialize;

use super::labels::LabelledSpan;
use super::run::{FoundSpan, Run};
use super::scores::Scores;
use crate::judge::{Action, Rule};
use crate::{Document, Span};

/// The unit of the offsets of labelled spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offsets {
    /// Bytes of UTF-8, as flong does.
    Bytes,
    /// Unicode characters (code points), as Python does.
    Characters,
}

impl Offsets {
    /// Returns the other unit.
    fn other(self) -> Self {
        match self {
            Offsets::Bytes => Offsets::Characters,
            Offsets::Characters => Offsets::Bytes,
        }
    }
}

/// The scores of a run by labelled spans. Only documents with labelled spans count, and of these every span must be labelled:
/// what is found besides is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpanReport {
    /// Number of documents with labelled spans.
    pub documents: u64,
    /// Number of labelled spans.
    pub spans: u64,
    /// Scores by spans that are found with both ends right. White space at an end does not matter, nor whether the lines of a block
    /// are found as one piece or as several.
    pub scores: Scores,
    /// Scores by bytes: the part of what is labelled that is found, wherever the ends are.
    pub bytes: Scores,
    /// The spans by rule.
    pub rules: Vec<RuleCount>,
    /// The spans that are judged wrongly, the surest mistakes first.
    pub mistakes: Vec<SpanMistake>,
    /// Number of spans that would be right if the offsets counted the other unit, where these are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_by_other_offsets: Option<u64>,
}

/// The spans of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The code of the rule; `any` for labelled spans without a kind.
    pub rule: &'static str,
    /// The number of labelled spans.
    pub labelled: u64,
    /// The number of spans that are found in the labelled documents.
    pub found: u64,
    /// The number of these that are removed; the others are marked.
    pub removed: u64,
    /// The number of spans that are found as they are labelled.
    pub right: u64,
}

/// A span that is judged wrongly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpanMistake {
    /// The document's id.
    pub document: String,
    /// The labelled piece in bytes of the text, if one is labelled here.
    pub labelled: Option<Span>,
    /// The piece that was found, if one was found here.
    pub found: Option<Span>,
    /// The code of the rule.
    pub rule: &'static str,
    /// The confidence in the finding; 0 without one.
    pub score: f32,
}

/// Compares a run with labelled spans. `documents` are those that the spans are of.
///
/// An error names the line of a label that cannot be meant: an unknown document, a span outside its text, an unknown rule.
pub fn spans(
    run: &Run,
    documents: &[Document],
    labels: &[LabelledSpan],
    offsets: Offsets,
) -> Result<SpanReport, String> {
    let mut report = scored(run, documents, labels, offsets)?;
    if !report.mistakes.is_empty() {
        let other = scored(run, documents, labels, offsets.other()).ok();
        report.right_by_other_offsets =
            other.map(|other| other.scores.right).filter(|&right| right > report.scores.right);
    }
    Ok(report)
}

/// Compares a run with labelled spans whose offsets count this unit.
fn scored(run: &Run, documents: &[Document], labels: &[LabelledSpan], offsets: Offsets) -> Result<SpanReport, String> {
    let texts: BTreeMap<&str, &str> = documents.iter().map(|document| (&*document.id, &*document.text)).collect();
    let mut by_document: BTreeMap<&str, Vec<Labelled>> = BTreeMap::new();
    for label in labels {
        let text = texts.get(label.id.as_str());
        let text = text.ok_or_else(|| format!("{}: there is no document `{}` in the input", label.line, label.id))?;
        by_document.entry(&label.id).or_default().push(Labelled::new(label, text, offsets)?);
    }
    let mut counts: BTreeMap<&str, RuleCount> = BTreeMap::new();
    let (mut exact, mut bytes, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
    for (id, labelled) in &mut by_document {
        labelled.sort_unstable_by_key(|label| (label.span, label.rule));
        labelled.dedup();
        let found =
            run.spans(id).ok_or("1: the run judged no boilerplate; give the documents, or what `flong clean` wrote")?;
        let asked = asked(labelled, found, texts[id]);
        exact.push(compare((id, texts[id]), labelled, &asked, &mut counts, &mut mistakes));
        bytes.push(overlap(labelled, &asked));
    }
    mistakes.sort_by(|x, y| {
        let place = |mistake: &SpanMistake| mistake.found.or(mistake.labelled);
        y.score.total_cmp(&x.score).then_with(|| (&x.document, place(x)).cmp(&(&y.document, place(y))))
    });
    Ok(SpanReport {
        documents: by_document.len() as u64,
        spans: by_document.values().map(|labelled| labelled.len() as u64).sum(),
        scores: Scores::of(&exact),
        bytes: Scores::of(&bytes),
        rules: counts.into_values().collect(),
        mistakes,
        right_by_other_offsets: None,
    })
}

/// A labelled span in bytes of its text, without white space at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Labelled {
    span: Span,
    rule: Option<Rule>,
}

impl Labelled {
    fn new(label: &LabelledSpan, text: &str, offsets: Offsets) -> Result<Labelled, String> {
        let LabelledSpan { id, start, end, line, .. } = label;
        let byte = |offset: u64| match offsets {
            Offsets::Bytes => usize::try_from(offset).ok().filter(|&offset| text.is_char_boundary(offset)),
            Offsets::Characters => {
                let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                usize::try_from(offset).ok().and_then(|offset| { ends }.nth(offset))
            }
        };
        let place = byte(*start).zip(byte(*end)).filter(|(start, end)| start < end);
        let (start, end) = place.ok_or_else(|| {
            let other = if offsets == Offsets::Bytes { "; do the offsets count characters?" } else { "" };
            format!("{line}: {start} to {end} is no piece of the text of `{id}`{other}")
        })?;
        let rule = label.kind.as_deref().map(|kind| rule(kind, *line)).transpose()?;
        Ok(Labelled { span: trimmed(Span::new(start, end), text), rule })
    }

    /// Returns whether a piece that was found is a part of it.
    fn holds(&self, found: &FoundSpan) -> bool {
        let within = self.span.start <= found.span.start && found.span.end <= self.span.end;
        within && self.rule.is_none_or(|rule| rule == found.rule)
    }

    /// Returns whether what was found covers it: one piece with both ends right, or several, as the lines of a block are,
    /// with nothing but white space between them. The pieces are sorted.
    fn is_covered_by(&self, found: &[&FoundSpan], text: &str) -> bool {
        let mut at = self.span.start;
        let mut parts = found.iter().filter(|found| self.holds(found)).peekable();
        let starts = parts.peek().is_some_and(|first| first.span.start == at);
        for part in parts {
            let between = text.get(at as usize..part.span.start as usize);
            if part.span.start > at && between.is_none_or(|between| !between.trim().is_empty()) {
                return false;
            }
            at = at.max(part.span.end);
        }
        starts && at == self.span.end
    }

    fn code(&self) -> &'static str {
        self.rule.map_or("any", Rule::code)
    }
}

/// Returns the rule that a kind names: by its code, or by its title with hyphens or spaces.
fn rule(kind: &str, line: u64) -> Result<Rule, String> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], " ");
    let rules = || Rule::ALL.iter().filter(|rule| rule.code().starts_with("FL2"));
    let named = rules().find(|rule| rule.code().eq_ignore_ascii_case(kind) || plain(rule.title()) == plain(kind));
    named.copied().ok_or_else(|| {
        let all: Vec<String> = rules().map(|rule| format!("{} ({})", rule.code(), rule.title())).collect();
        format!("{line}: there is no rule `{kind}` for boilerplate; there are {}", all.join(", "))
    })
}

fn trimmed(span: Span, text: &str) -> Span {
    let piece = span.of(text);
    let start = span.start as usize + piece.len() - piece.trim_start().len();
    let end = start + piece.trim().len();
    if start < end { Span::new(start, end) } else { span }
}

/// Returns what was found of the rules that the labels are about, or of all if a label is about any.
fn asked(labelled: &[Labelled], found: &[FoundSpan], text: &str) -> Vec<FoundSpan> {
    let any = labelled.iter().any(|label| label.rule.is_none());
    let mut found: Vec<FoundSpan> = found.to_vec();
    found.retain(|found| any || labelled.iter().any(|label| label.rule == Some(found.rule)));
    // A piece that is no piece of this text belongs to another document of the same id.
    found.retain(|found| text.get(found.span.range()).is_some());
    found.iter_mut().for_each(|found| found.span = trimmed(found.span, text));
    found.sort_unstable_by_key(|found| (found.span, found.rule));
    found
}

/// Compares the spans of one document, and counts right, wrong and missed ones.
fn compare(
    (id, text): (&str, &str),
    labelled: &[Labelled],
    found: &[FoundSpan],
    counts: &mut BTreeMap<&str, RuleCount>,
    mistakes: &mut Vec<SpanMistake>,
) -> [f64; 3] {
    let mut right = 0;
    let mut unused: Vec<&FoundSpan> = found.iter().collect();
    let mut missed: Vec<&Labelled> = Vec::new();
    for found in found {
        let code = if labelled.iter().any(|label| label.rule.is_none()) { "any" } else { found.rule.code() };
        let count = count(counts, code);
        count.found += 1;
        count.removed += u64::from(found.action == Action::Removed);
    }
    for label in labelled {
        let count = count(counts, label.code());
        count.labelled += 1;
        if label.is_covered_by(&unused, text) {
            unused.retain(|found| !label.holds(found));
            count.right += 1;
            right += 1;
        } else {
            missed.push(label);
        }
    }
    let counted = [f64::from(right), unused.len() as f64, missed.len() as f64];
    for label in missed {
        let overlaps = |found: &&FoundSpan| found.span.start < label.span.end && label.span.start < found.span.end;
        let over = unused.iter().position(overlaps).map(|place| unused.remove(place));
        let (found, score) = (over.map(|found| found.span), over.map_or(0.0, |found| found.score));
        mistakes.push(SpanMistake {
            document: id.into(),
            labelled: Some(label.span),
            found,
            rule: label.code(),
            score,
        });
    }
    for found in unused {
        let (rule, score) = (found.rule.code(), found.score);
        mistakes.push(SpanMistake { document: id.into(), labelled: None, found: Some(found.span), rule, score });
    }
    counted
}

fn count<'m>(counts: &'m mut BTreeMap<&str, RuleCount>, rule: &'static str) -> &'m mut RuleCount {
    counts.entry(rule).or_insert(RuleCount { rule, labelled: 0, found: 0, removed: 0, right: 0 })
}

/// Counts the bytes of one document that are found and labelled, found only and labelled only.
fn overlap(labelled: &[Labelled], found: &[FoundSpan]) -> [f64; 3] {
    let labelled = merged(labelled.iter().map(|label| label.span));
    let found = merged(found.iter().map(|found| found.span));
    let length = |spans: &[Span]| spans.iter().map(|span| span.len() as f64).sum::<f64>();
    let shared = |a: &Span, b: &Span| f64::from(a.end.min(b.end).saturating_sub(a.start.max(b.start)));
    let both: f64 = labelled.iter().flat_map(|a| found.iter().map(move |b| shared(a, b))).sum();
    [both, length(&found) - both, length(&labelled) - both]
}

/// Merges spans that overlap.
fn merged(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::new();
    let mut spans: Vec<Span> = spans.collect();
    spans.sort_unstable();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Labels, TableFormat};

    const TEXT: &str = "Büchse. READ ALSO: Ferry aground\n* One\n* Two\nSign up now. The end.";

    fn found(piece: &str, rule: Rule) -> FoundSpan {
        let start = TEXT.find(piece).unwrap();
        FoundSpan { span: Span::new(start, start + piece.len()), rule, action: Action::Removed, score: 0.9 }
    }

    fn report(labels: &str, found: &[FoundSpan], offsets: Offsets) -> Result<SpanReport, String> {
        let mut run = Run::default();
        found.iter().for_each(|span| run.add_span("x", *span));
        let labels = match Labels::parse(&format!("id,start,end,kind\n{labels}"), TableFormat::Csv, None) {
            Ok(Labels::Spans(spans)) => spans,
            other => panic!("{other:?}"),
        };
        spans(&run, &[Document::new("x", TEXT)], &labels, offsets)
    }

    #[test]
    fn both_ends_must_be_right_and_lines_may_be_apart() {
        let link = found("READ ALSO: Ferry aground", Rule::InsertedLink);
        let lines = [found("* One", Rule::InsertedLink), found("* Two", Rule::InsertedLink)];
        let (start, end) = (link.span.start, lines[1].span.end);
        let all = report(&format!("x,{start},{end},FL201\n"), &[link, lines[0], lines[1]], Offsets::Bytes).unwrap();
        assert_eq!((all.scores.right, all.scores.wrong, all.scores.missed), (1, 0, 0));
        let gap = report(&format!("x,{start},{end},inserted-link\n"), &[link, lines[1]], Offsets::Bytes).unwrap();
        assert_eq!((gap.scores.right, gap.scores.wrong, gap.scores.missed), (0, 2, 1));
        assert_eq!((gap.bytes.right, gap.bytes.wrong, gap.bytes.missed), (29, 0, 7), "a line and two line ends");
        assert_eq!(gap.mistakes.iter().filter(|mistake| mistake.labelled.is_some()).count(), 1);
    }

    #[test]
    fn offsets_may_count_characters_and_kinds_may_be_left_out() {
        let call = found("Sign up now.", Rule::CallToAction);
        let characters = TEXT[..call.span.start as usize].chars().count();
        let label = format!("x,{characters},{},\n", characters + 12);
        let right = report(&label, &[call], Offsets::Characters).unwrap();
        assert_eq!((right.scores.right, right.rules[0].rule), (1, "any"));
        assert_eq!(right.right_by_other_offsets, None);
        let wrong = report(&label, &[call], Offsets::Bytes).unwrap();
        assert_eq!((wrong.scores.right, wrong.right_by_other_offsets), (0, Some(1)));
        let error = |label: &str| report(label, &[call], Offsets::Bytes).unwrap_err();
        assert!(error("x,2,4,FL201\n").starts_with("2: 2 to 4 is no piece of the text of `x`; do the offsets count"));
        assert!(error("x,0,4,FL101\n").starts_with("2: there is no rule `FL101` for boilerplate; there are FL201"));
        assert!(error("y,0,4,FL201\n").starts_with("2: there is no document `y`"));
    }
}
