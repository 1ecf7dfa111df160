//! What boilerplate goes, and what is only marked.

use std::collections::BTreeMap;

use super::{Action, Finding, Rule};
use crate::Span;
use crate::boilerplate::{Aside, AsideKind, Stuffed};

impl AsideKind {
    /// The rule that a stretch of this kind falls under.
    pub fn rule(self) -> Rule {
        match self {
            AsideKind::InsertedLink => Rule::InsertedLink,
            AsideKind::CallToAction => Rule::CallToAction,
            AsideKind::RepeatedLine => Rule::RepeatedLine,
            AsideKind::Frame => Rule::FeedFrame,
            AsideKind::Credit => Rule::Credit,
        }
    }
}

/// The verdicts on what is not body, sorted by document and place; `asides` are those of each document.
///
/// What is certain is removed, credits excepted; the rest is marked. Of stretches that overlap the certain, the earlier
/// and the longer one stands. Phrases that are not certain and have no mark of their own, only that a source repeats
/// them, count for matching but are no finding: most of them are ways of writing.
pub fn boilerplate(asides: &[Vec<Aside>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (document, asides) in asides.iter().enumerate() {
        let phrase = |aside: &&Aside| !aside.certain && aside.kind == AsideKind::RepeatedLine && aside.share.is_none();
        let mut asides: Vec<&Aside> = asides.iter().filter(|aside| !phrase(aside)).collect();
        asides.sort_by_key(|aside| (!aside.certain, aside.span.start, std::cmp::Reverse(aside.span.end), aside.kind));
        let mut standing: Vec<&Aside> = Vec::with_capacity(asides.len());
        // The ends of those that stand, by their starts. None overlaps another, so the ends ascend with the starts.
        let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
        for aside in asides {
            let Span { start, end } = aside.span;
            if ends.range(..end).next_back().is_none_or(|(_, last)| *last <= start) {
                let held = ends.entry(start).or_insert(end);
                *held = end.max(*held);
                standing.push(aside);
            }
        }
        standing.sort_by_key(|aside| aside.span);
        found.extend(standing.into_iter().map(|aside| finding(document, aside)));
    }
    found
}

fn finding(document: usize, aside: &Aside) -> Finding {
    let removed = aside.certain && aside.kind != AsideKind::Credit;
    Finding {
        document,
        span: aside.span,
        whole: false,
        rule: aside.kind.rule(),
        action: if removed { Action::Removed } else { Action::Marked },
        score: aside.score,
        kept: None,
        reason: reason(aside),
    }
}

fn reason(aside: &Aside) -> String {
    match aside.share {
        Some(share) => format!("{}: {:.0}% of them", aside.evidence, share * 100.0),
        None => aside.evidence.to_string(),
    }
}

/// The verdicts on keyword stuffing, by document: marked only.
pub fn stuffing(stuffed: &[Vec<Stuffed>]) -> Vec<Finding> {
    let each = stuffed.iter().enumerate().flat_map(|(i, stuffed)| stuffed.iter().map(move |found| (i, found)));
    each.map(|(document, found)| Finding {
        document,
        span: found.span,
        whole: false,
        rule: Rule::KeywordStuffing,
        action: Action::Marked,
        score: (found.count as f32 * 2.0 / found.words as f32 * 10.0).min(1.0),
        kept: None,
        reason: format!("“{}” stands {} times in {} words", found.phrase, found.count, found.words),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(start: usize, end: usize, kind: AsideKind, certain: bool) -> Aside {
        Aside { start: 0, end: 0, span: Span::new(start, end), kind, certain, score: 1.0, evidence: "", share: None }
    }

    #[test]
    fn the_certain_and_longer_stands() {
        let asides = vec![
            aside(0, 5, AsideKind::Frame, true),
            aside(0, 9, AsideKind::InsertedLink, true),
            aside(8, 12, AsideKind::CallToAction, false),
            aside(20, 25, AsideKind::Credit, true),
            aside(30, 35, AsideKind::RepeatedLine, false),
            aside(40, 45, AsideKind::InsertedLink, false),
        ];
        let found = boilerplate(&[vec![], asides]);
        let told: Vec<_> = found.iter().map(|f| (f.document, f.span.start, f.rule, f.action)).collect();
        assert_eq!(
            told,
            [
                (1, 0, Rule::InsertedLink, Action::Removed),
                (1, 20, Rule::Credit, Action::Marked),
                (1, 40, Rule::InsertedLink, Action::Marked),
            ]
        );
    }
}
