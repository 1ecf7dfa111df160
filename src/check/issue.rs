//! Issues: findings with their place in a file, their severity and a message.

use super::locate::locate_each;
use super::severity::is_thin;
use super::{Region, Severity};
use crate::hash;
use crate::judge::{Finding, Rule};
use crate::read::{Fields, Input};
use crate::token::words;
use crate::{Document, Span};

/// The documents that findings are about, and how they were read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The documents of the run.
    pub documents: &'a [Document],
    /// Items of an index, which have no place. Findings name them by indices that follow those of the documents.
    pub items: &'a [Document],
    /// The inputs that their places refer to.
    pub inputs: &'a [Input],
    /// The path to show for each input.
    pub paths: &'a [String],
    /// The fields that records were read by.
    pub fields: &'a Fields,
}

/// A finding to be reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue<'a> {
    /// Its rule.
    pub rule: Rule,
    /// Its severity.
    pub severity: Severity,
    /// The file.
    pub path: &'a str,
    /// Its lines and columns in the file.
    pub region: Region,
    /// The document.
    pub document: &'a Document,
    /// The piece of its text; the whole text if the finding is about the whole document.
    pub passage: &'a str,
    /// The message, in one line.
    pub message: String,
    /// The other text, where there is one.
    pub other: Option<Other<'a>>,
    /// The finding itself.
    pub finding: &'a Finding,
    /// A name of the finding that does not change when lines move: 16 hexadecimal digits, unique in one report.
    pub fingerprint: String,
}

/// The other text that a finding refers to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Other<'a> {
    /// Its document.
    pub document: &'a Document,
    /// The piece of its text.
    pub passage: &'a str,
    /// The file and where in it; `None` for an item of an index.
    pub place: Option<(&'a str, Region)>,
}

/// Returns the findings as issues, in order of path and place. `severity` returns the severity of a rule, or `None` if the
/// rule is off.
pub fn issues<'a>(
    findings: &'a [Finding],
    reading: &Reading<'a>,
    severity: impl Fn(Rule) -> Option<Severity>,
) -> Vec<Issue<'a>> {
    let graded = findings.iter().filter_map(|finding| {
        let severity = severity(finding.rule)?;
        Some((finding, if is_thin(finding) { Severity::Note } else { severity }))
    });
    let graded: Vec<(&Finding, Severity)> = graded.collect();
    let places = Places::of(graded.iter().map(|(finding, _)| *finding), reading);
    let mut found: Vec<Issue> =
        graded.into_iter().map(|(finding, severity)| issue(finding, severity, reading, &places)).collect();
    found.sort_by(|a, b| {
        let key = |issue: &Issue<'a>| (issue.path, issue.region, issue.rule, &issue.document.id);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    name(&mut found);
    found
}

/// The places of the pieces that findings are about, and of those that they are compared with.
#[derive(Default)]
struct Places {
    /// The first lines of documents that findings are about as a whole.
    heads: hash::HashedMap<u64, Span>,
    /// By document and piece, ascending.
    regions: Vec<((usize, Span), Region)>,
}

impl Places {
    /// Locates the pieces, all pieces of one document together: a document may have very many.
    fn of<'f>(findings: impl Iterator<Item = &'f Finding>, reading: &Reading) -> Self {
        let mut places = Places::default();
        let mut wanted: Vec<(usize, Span)> = Vec::new();
        for finding in findings {
            let known = |(document, _): &(usize, Span)| *document < reading.documents.len();
            for (index, span) in
                [Some((finding.document, finding.span)), finding.kept.filter(known)].into_iter().flatten()
            {
                if finding.whole {
                    places.heads.entry(index as u64).or_insert_with(|| head(&reading.documents[index]));
                }
                wanted.push((index, places.shown(finding, index, span)));
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        for of_document in wanted.chunk_by(|a, b| a.0 == b.0) {
            let document = &reading.documents[of_document[0].0];
            let spans: Vec<Span> = of_document.iter().map(|(_, span)| *span).collect();
            let input = &reading.inputs[document.provenance.place.input as usize];
            let located = locate_each(document, input, reading.fields, &spans);
            places.regions.extend(of_document.iter().copied().zip(located));
        }
        places
    }

    /// Returns the piece of a document that a finding is shown at.
    fn shown(&self, finding: &Finding, index: usize, span: Span) -> Span {
        if finding.whole { self.heads.get(&(index as u64)).copied().unwrap_or(span) } else { span }
    }

    fn region(&self, finding: &Finding, index: usize, span: Span) -> Region {
        let piece = (index, self.shown(finding, index, span));
        let found = self.regions.binary_search_by_key(&piece, |(piece, _)| *piece);
        found.map_or_else(|_| Region::default(), |n| self.regions[n].1)
    }
}

fn issue<'a>(finding: &'a Finding, severity: Severity, reading: &Reading<'a>, places: &Places) -> Issue<'a> {
    let place = |index: usize, span| {
        let document = &reading.documents[index];
        let region = places.region(finding, index, span);
        (document, span.of(&document.text), &*reading.paths[document.provenance.place.input as usize], region)
    };
    let (document, passage, path, region) = place(finding.document, finding.span);
    let other = finding.kept.map(|(kept, span)| {
        if let Some(document) = kept.checked_sub(reading.documents.len()).map(|item| &reading.items[item]) {
            return Other { document, passage: span.of(&document.text), place: None };
        }
        let (document, passage, path, region) = place(kept, span);
        Other { document, passage, place: Some((path, region)) }
    });
    let message = message(finding, passage);
    Issue {
        rule: finding.rule,
        severity,
        path,
        region,
        document,
        passage,
        message,
        other,
        finding,
        fingerprint: String::new(),
    }
}

/// Returns the first line of a document, where findings about all of it are shown.
fn head(document: &Document) -> Span {
    Span::new(0, document.text.find(['\r', '\n']).unwrap_or(document.text.len()))
}

/// Most characters of a passage that a message quotes.
const PASSAGE: usize = 100;

/// Returns the message, in one line. The reason of a copy names the other document.
fn message(finding: &Finding, passage: &str) -> String {
    let (title, reason) = (finding.rule.title(), &finding.reason);
    let quoted = !finding.whole && finding.rule != Rule::KeywordStuffing;
    let message = if quoted {
        format!("{title} “{}”: {reason}", short(passage, PASSAGE))
    } else {
        format!("{title}: {reason}")
    };
    // Ids and phrases come from the texts, and may hold anything.
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives each issue its fingerprint: of rule, path and words, and where these are alike, of the order.
fn name(issues: &mut [Issue]) {
    let mut seen = hash::HashedMap::<u64, u64>::default();
    for issue in issues {
        let words: Vec<u64> = words(issue.passage).iter().map(|word| word.0).collect();
        let parts = [issue.rule.code(), issue.path].map(|part| hash::bytes(part.as_bytes()));
        let name = hash::sequence(&[parts[0], parts[1], hash::sequence(&words)]);
        let before = seen.entry(name).or_default();
        issue.fingerprint = format!("{:016x}", if *before == 0 { name } else { hash::pair(name, *before) });
        *before += 1;
    }
}

/// Returns a text on one line, cut to at most `most` characters.
pub fn short(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        length += word.chars().count() + 1;
        if length > most {
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Action;
    use crate::read::{Compression, Format};

    fn told(text: &str, spans: &[(Rule, usize, usize)]) -> Vec<(u64, u64, Severity, String, String)> {
        let documents = [Document::new("a", text)];
        let inputs = [Input { name: "a.txt".into(), path: None, format: Format::Text, compression: Compression::None }];
        let paths = ["sub/a.txt".to_string()];
        let reading =
            Reading { documents: &documents, items: &[], inputs: &inputs, paths: &paths, fields: &Fields::default() };
        let finding = |&(rule, start, end): &(Rule, usize, usize)| Finding {
            document: 0,
            span: Span::new(start, end),
            whole: false,
            grain: None,
            rule,
            action: if start == 0 { Action::Marked } else { Action::Removed },
            score: 1.0,
            kept: None,
            reason: "why".into(),
        };
        let findings: Vec<Finding> = spans.iter().map(finding).collect();
        let severity = |rule| (rule != Rule::Credit).then_some(Severity::Error);
        let found = issues(&findings, &reading, severity);
        let told = |i: Issue| (i.region.line, i.region.column, i.severity, i.message, i.fingerprint);
        found.into_iter().map(told).collect()
    }

    #[test]
    fn in_order_of_place_with_thin_ones_as_notes() {
        let found =
            told("one two\nthree", &[(Rule::FeedFrame, 8, 13), (Rule::Credit, 4, 7), (Rule::InsertedLink, 0, 3)]);
        let told: Vec<_> = found.iter().map(|f| (f.0, f.1, f.2, &*f.3)).collect();
        let expected =
            [(1, 1, Severity::Note, "inserted link “one”: why"), (2, 1, Severity::Error, "feed frame “three”: why")];
        assert_eq!(told, expected);
    }

    #[test]
    fn fingerprints_stay_when_lines_shift_and_are_never_alike() {
        let frames = [(Rule::FeedFrame, 4, 7), (Rule::FeedFrame, 12, 15)];
        let names = |text| told(text, &frames).into_iter().map(|f| f.4).collect::<Vec<_>>();
        let there = names("one two one two");
        assert_ne!(there[0], there[1]);
        assert_eq!(there, names("\n\n\n\ntwo one\ntwo"));
        assert_ne!(there, names("one TOO one two"));
    }
}
