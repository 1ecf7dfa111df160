//! Findings that repeat, folded into one: 300 lines of one frame are one line with a count.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Issue, Severity};
use crate::hash;
use crate::judge::Rule;
use crate::token::words;

/// A finding, and the others of the report that are like it.
#[derive(Debug, Clone)]
pub struct Folded<'r, 'a> {
    /// The first of them.
    pub first: &'r Issue<'a>,
    /// The others, in their order; none if it is the only one.
    pub more: Vec<&'r Issue<'a>>,
}

/// Fewer findings than this are not folded: each has its own line.
const LEAST_FOLDED: usize = 3;

/// Groups findings by rule, copies first, and folds those of one rule and severity whose passages are the same, or are the same
/// frame around the titles of their documents. Within a rule the most severe come first, then those of the first path and place.
pub fn fold<'r, 'a>(issues: &'r [Issue<'a>]) -> Vec<Folded<'r, 'a>> {
    let mut alike: BTreeMap<(Rule, Severity, Vec<u64>), Vec<usize>> = BTreeMap::new();
    for (n, issue) in issues.iter().enumerate() {
        let shape = if folds(issue) { shape(issue) } else { vec![n as u64] };
        alike.entry((issue.rule, issue.severity, shape)).or_default().push(n);
    }
    let mut folded = Vec::new();
    for ((rule, severity, _), found) in alike {
        let parts = if found.len() < LEAST_FOLDED { found.chunks(1) } else { found.chunks(found.len()) };
        folded.extend(parts.map(|part| {
            let more = part[1..].iter().map(|&n| &issues[n]).collect();
            ((rule, Reverse(severity), part[0]), Folded { first: &issues[part[0]], more })
        }));
    }
    folded.sort_by_key(|(key, _)| *key);
    folded.into_iter().map(|(_, folded)| folded).collect()
}

/// Returns whether findings like this one are folded: pieces that repeat are of one making, while each copied document
/// is a matter of its own.
fn folds(issue: &Issue) -> bool {
    !issue.finding.whole && issue.rule != Rule::KeywordStuffing
}

/// Returns the words of a passage; those of the document's title count as one. Frames of one source around its titles
/// are one, also where a title is cut.
fn shape(issue: &Issue) -> Vec<u64> {
    if let (Rule::FeedFrame, Some(source)) = (issue.rule, &issue.document.source) {
        return [&**source, &issue.finding.reason].map(|text| hash::bytes(text.as_bytes())).to_vec();
    }
    let of = |text: &str| words(text).iter().map(|word| word.0).collect::<Vec<u64>>();
    let (passage, title) = (of(issue.passage), of(issue.document.title.as_deref().unwrap_or_default()));
    let place = match title.is_empty() {
        true => None,
        false => passage.windows(title.len()).position(|window| window == title),
    };
    match place {
        Some(at) => [&passage[..at], &[TITLE], &passage[at + title.len()..]].concat(),
        None => passage,
    }
}

/// The placeholder of the words of a title. No word has this hash: hashes of words have flags in their low bits.
const TITLE: u64 = 0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Reading, issues};
    use crate::judge::{Action, Finding};
    use crate::read::{Compression, Fields, Format, Input};
    use crate::{Document, Span};

    #[test]
    fn frames_around_titles_are_one_and_copies_are_each_their_own() {
        let titles = ["Maize Prices Rise", "Ferry Runs Aground", "Seals Found", "Bus Strike Ends"];
        let frame = |title: &str| format!("The post {title} appeared first on The Daily.");
        let document = |title: &&str| Document { title: Some((*title).into()), ..Document::new(*title, frame(title)) };
        let mut documents: Vec<Document> = titles.iter().map(document).collect();
        documents.push(Document::new("else", "The post Else appeared first on The Weekly."));
        let input = Input { name: "x".into(), path: None, format: Format::JsonLines, compression: Compression::None };
        let fields = Fields::default();
        let paths = ["x".to_string()];
        let reading = Reading { documents: &documents, items: &[], inputs: &[input], paths: &paths, fields: &fields };
        let finding = |document: usize, rule: Rule, whole: bool| Finding {
            grain: Some(crate::Grain::Document),
            document,
            span: Span::new(0, documents[document].text.len()),
            whole,
            rule,
            action: Action::Removed,
            score: 1.0,
            kept: None,
            reason: "why".into(),
        };
        let frames = (0..5).map(|document| finding(document, Rule::FeedFrame, false));
        let copies = (0..4).map(|document| finding(document, Rule::NearDuplicate, true));
        let findings: Vec<Finding> = frames.chain(copies).collect();
        let issues = issues(&findings, &reading, |_| Some(Severity::Warning));
        let told: Vec<(Rule, usize)> = fold(&issues).iter().map(|f| (f.first.rule, f.more.len())).collect();
        let copies = [(Rule::NearDuplicate, 0); 4];
        assert_eq!(told[..4], copies);
        assert_eq!(told[4..], [(Rule::FeedFrame, 3), (Rule::FeedFrame, 0)], "{told:?}");
        assert_eq!(fold(&issues[..2]).len(), 2, "two are not folded");
    }
}
