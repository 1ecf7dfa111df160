//! Findings applied to one document: its edited record, and its lines of the ledger.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::applied::taken;
use super::ledger::kind;
use super::{Cut, LedgerLine, remaining, tidy};
use crate::judge::{Action, Finding, Rule};
use crate::read::{Codec, Record, Wrap, cut_item};
use crate::{Document, Grain, Span};

/// The result of cleaning for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Fate {
    /// It was kept unchanged.
    Kept,
    /// It was kept with pieces of its text removed.
    Edited,
    /// It was dropped.
    Dropped,
    /// It was not a document: blank, or unreadable.
    Other,
    /// It was too long to be kept, and cannot be restored.
    Lost,
}

/// A document after its findings were applied.
pub(crate) struct Outcome<'a> {
    pub fate: Fate,
    /// The edited record, if it was edited.
    pub record: Option<String>,
    /// The lines of the ledger, in order.
    pub lines: Vec<LedgerLine<'a>>,
    /// Whether nothing is left of the text.
    pub emptied: bool,
}

/// Applies the findings about a document. With `drop_emptied` it is dropped if nothing is left of it.
pub(crate) fn edit<'a>(
    document: &'a Document,
    record: &Record<'a>,
    findings: &'a [Finding],
    name: &impl Fn(usize) -> &'a str,
    drop_emptied: bool,
) -> Outcome<'a> {
    let all = Span::new(0, document.text.len());
    let mut found: Vec<(Span, &'a Finding)> =
        findings.iter().map(|finding| (if finding.whole { all } else { finding.span }, finding)).collect();
    found.sort_by_key(|(span, finding)| (span.start, Reverse(span.end), Reverse(finding.whole), finding.rule));
    let mut lines: Vec<LedgerLine> = found
        .iter()
        .map(|&(span, finding)| LedgerLine::new(&document.id, &document.text, span, finding, name))
        .collect();

    let removed: Vec<usize> = (0..found.len()).filter(|&i| found[i].1.action == Action::Removed).collect();
    if removed.iter().any(|&i| found[i].1.whole) {
        // Sorted as they are, it is the first of the removed ones.
        carry(&mut lines[removed[0]], record);
        return Outcome { fate: Fate::Dropped, record: None, lines, emptied: false };
    }
    let spans: Vec<Span> = removed.iter().map(|&i| found[i].0).collect();
    let cuts = tidy(&document.text, &spans);
    for (&i, &cut) in removed.iter().zip(&cuts) {
        note(&mut lines[i], &document.text, cut);
    }
    if cuts.iter().all(|cut| cut.span.is_empty()) {
        return Outcome { fate: Fate::Kept, record: None, lines, emptied: false };
    }
    let emptied = remaining(&document.text, &cuts).all(|piece| piece.trim().is_empty());
    if emptied && drop_emptied {
        let mut line = emptied_line(document, &lines);
        carry(&mut line, record);
        lines.insert(0, line);
        return Outcome { fate: Fate::Dropped, record: None, lines, emptied };
    }
    if let Wrap::Markup(within) = record.wrap {
        let edited = within.and_then(|within| cut_item(record.whole, within, &taken(&cuts)));
        if edited.is_none() {
            removed.iter().for_each(|&i| only_mark(&mut lines[i]));
        }
        let fate = if edited.is_some() { Fate::Edited } else { Fate::Kept };
        return Outcome { fate, emptied: emptied && edited.is_some(), record: edited, lines };
    }
    let edited = if record.can_be_cut(&document.text, remaining(&document.text, &cuts)) {
        let (edited, raws) = cut_out(&document.text, record, &cuts);
        for (&i, raw) in removed.iter().zip(raws) {
            lines[i].raw = raw.map(Cow::from);
        }
        edited
    } else {
        carry(&mut lines[removed[0]], record);
        record.with_text(&remaining(&document.text, &cuts).collect::<String>())
    };
    Outcome { fate: Fate::Edited, record: Some(edited), lines, emptied }
}

/// Returns the line about a document of which the removals in `lines` leave nothing.
fn emptied_line<'a>(document: &'a Document, lines: &[LedgerLine]) -> LedgerLine<'a> {
    let removals = lines.iter().filter(|line| line.action == Action::Removed);
    let rules: BTreeSet<&str> = removals.map(|line| line.rule.code()).collect();
    let rules: Vec<&str> = rules.into_iter().collect();
    LedgerLine {
        document: (&*document.id).into(),
        start: 0,
        end: document.text.len() as u32,
        text: (&*document.text).into(),
        rule: Rule::Emptied,
        kind: kind(Rule::Emptied),
        grain: Some(Grain::Document),
        whole: true,
        action: Action::Removed,
        score: 1.0,
        kept: None,
        reason: format!("nothing is left of it: all of it falls under {}", rules.join(" and ")).into(),
        before: "".into(),
        after: "".into(),
        raw: None,
        record: None,
    }
}

/// Turns a removal into a mark: the piece cannot be cut out of its record without damage to the rest.
fn only_mark(line: &mut LedgerLine) {
    line.action = Action::Marked;
    line.reason = format!("{}; it cannot be cut out of its markup alone", line.reason).into();
    (line.before, line.after) = ("".into(), "".into());
}

/// Stores the whole record in a line.
fn carry<'a>(line: &mut LedgerLine<'a>, record: &Record<'a>) {
    if !matches!(record.wrap, Wrap::Whole | Wrap::Markup(_)) {
        let (before, raw, after) = record.parts();
        line.raw = (raw != record.wrap.write(&line.text)).then_some(raw.into());
        line.record = Some((before.into(), after.into()));
    }
}

/// Sets in a line what was cut, with its white space.
fn note<'a>(line: &mut LedgerLine<'a>, text: &'a str, cut: Cut) {
    let Cut { span, before, after } = cut;
    (line.start, line.end, line.text) = (span.start, span.end, span.of(text).into());
    line.before = Span { start: span.start - before, end: span.start }.of(text).into();
    line.after = Span { start: span.end, end: span.end + after }.of(text).into();
}

/// Returns the record without the cuts, and for each cut the raw piece if flong would write it differently.
fn cut_out<'r>(text: &str, record: &Record<'r>, cuts: &[Cut]) -> (String, Vec<Option<&'r str>>) {
    let taken = taken(cuts);
    let ends: Vec<usize> = taken.iter().flat_map(|span| [span.start as usize, span.end as usize]).collect();
    let (mut edited, mut raws, mut from) = (String::with_capacity(record.whole.len()), Vec::new(), 0);
    for (ends, span) in record.offsets(&ends).chunks_exact(2).zip(&taken) {
        let raw = &record.whole[ends[0]..ends[1]];
        raws.push((raw != record.wrap.write(span.of(text))).then_some(raw));
        edited.push_str(&record.whole[from..ends[0]]);
        from = ends[1];
    }
    edited.push_str(&record.whole[from..]);
    (edited, raws)
}

/// Returns the record as it was before [`edit`], from the edited record (`None` if it was dropped) and the lines about it.
/// Returns `None` if they do not fit together.
pub(crate) fn mend(codec: &dyn Codec, went_on: Option<&Record>, lines: &[LedgerLine]) -> Option<String> {
    let mut removed = lines.iter().filter(|line| line.action == Action::Removed);
    let Some(record) = went_on else {
        let line = removed.next()?;
        return Some(line.record.as_ref().map_or_else(|| line.text.to_string(), |around| whole(codec, line, around)));
    };
    if let Some((line, around)) = lines.iter().find_map(|line| Some((line, line.record.as_ref()?))) {
        return Some(whole(codec, line, around));
    }
    let (mut cursor, mut gone) = (0, 0);
    let (mut places, mut pieces) = (Vec::new(), Vec::new());
    for line in removed {
        let span = Span { start: line.start, end: line.end };
        let cut = Cut { span, before: line.before.len() as u32, after: line.after.len() as u32 };
        let taken = cut.taken(cursor);
        cursor = taken.end;
        let full = [&line.before, &line.text, &line.after].map(|part| &**part).concat();
        let clipped = full.len().checked_sub(taken.len())?;
        places.push((taken.start as usize).checked_sub(gone)?);
        gone += taken.len();
        pieces.push(match &line.raw {
            Some(raw) => raw.to_string(),
            None => record.wrap.write(full.get(clipped..)?).into_owned(),
        });
    }
    let (mut mended, mut from) = (String::new(), 0);
    for (place, piece) in record.offsets(&places).into_iter().zip(pieces) {
        mended.push_str(record.whole.get(from..place)?);
        mended.push_str(&piece);
        from = place;
    }
    mended.push_str(record.whole.get(from..)?);
    Some(mended)
}

/// Returns a record that a line holds as a whole.
fn whole(codec: &dyn Codec, line: &LedgerLine, (before, after): &(Cow<str>, Cow<str>)) -> String {
    let wrap = codec.wrap(before);
    let raw = line.raw.clone().unwrap_or_else(|| wrap.write(&line.text));
    [before, &raw, after].map(|part| &**part).concat()
}
