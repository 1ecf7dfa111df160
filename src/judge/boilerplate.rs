//! Verdicts on boilerplate: which pieces are removed, and which are only marked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Action, Finding, Rule};
use crate::boilerplate::{Aside, AsideKind, Stuffed};
use crate::{Ragged, Span};

impl AsideKind {
    /// Returns the rule for pieces of this kind.
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

/// Returns the verdicts on what is not body, sorted by document and place. `asides` lists what is set aside in each document.
///
/// A certain piece is removed, unless it is a credit; all others are marked. Of pieces that overlap, a certain one is
/// reported before an uncertain one, then the one that starts first, then the longer one. An uncertain phrase whose only
/// evidence is that its source repeats it is set aside for matching but not reported: most of these are ways of writing.
pub fn boilerplate(asides: &Ragged<Aside>) -> Vec<Finding> {
    asides.iter().enumerate().flat_map(|(document, asides)| boilerplate_of(document, asides)).collect()
}

/// Returns the verdicts on what is not body in one document, sorted by place. `asides` is what is set aside in it.
pub(super) fn boilerplate_of(document: usize, asides: &[Aside]) -> impl Iterator<Item = Finding> {
    let phrase = |aside: &&Aside| !aside.certain && aside.kind == AsideKind::RepeatedLine && aside.share.is_none();
    let mut asides: Vec<&Aside> = asides.iter().filter(|aside| !phrase(aside)).collect();
    asides.sort_by_key(|aside| (!aside.certain, aside.span.start, std::cmp::Reverse(aside.span.end), aside.kind));
    let mut chosen: Vec<&Aside> = Vec::with_capacity(asides.len());
    // The ends of the chosen pieces, by their starts. No two overlap, so the ends ascend with the starts.
    let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
    for aside in asides {
        let Span { start, end } = aside.span;
        if ends.range(..end).next_back().is_none_or(|(_, last)| *last <= start) {
            let held = ends.entry(start).or_insert(end);
            *held = end.max(*held);
            chosen.push(aside);
        }
    }
    chosen.sort_by_key(|aside| aside.span);
    chosen.into_iter().map(move |aside| finding(document, aside))
}

fn finding(document: usize, aside: &Aside) -> Finding {
    let removed = aside.certain && aside.kind != AsideKind::Credit;
    Finding {
        document,
        span: aside.span,
        whole: false,
        grain: None,
        rule: aside.kind.rule(),
        action: if removed { Action::Removed } else { Action::Marked },
        score: aside.score,
        kept: None,
        reason: reason(aside),
    }
}

fn reason(aside: &Aside) -> Cow<'static, str> {
    match aside.share {
        Some(share) => format!("{}: {:.0}% of them", aside.evidence, share * 100.0).into(),
        None => aside.evidence.into(),
    }
}

/// Returns the verdicts on keyword stuffing, sorted by document. They only mark.
pub fn stuffing(stuffed: &Ragged<Stuffed>) -> Vec<Finding> {
    stuffed.iter().enumerate().flat_map(|(document, stuffed)| stuffing_of(document, stuffed)).collect()
}

/// Returns the verdicts on keyword stuffing in one document.
pub(super) fn stuffing_of(document: usize, stuffed: &[Stuffed]) -> impl Iterator<Item = Finding> {
    stuffed.iter().map(move |found| Finding {
        document,
        span: found.span,
        whole: false,
        grain: None,
        rule: Rule::KeywordStuffing,
        action: Action::Marked,
        score: (found.count as f32 * 2.0 / found.words as f32 * 10.0).min(1.0),
        kept: None,
        reason: format!("“{}” occurs {} times in {} words", found.phrase, found.count, found.words).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(start: usize, end: usize, kind: AsideKind, certain: bool) -> Aside {
        Aside { start: 0, end: 0, span: Span::new(start, end), kind, certain, score: 1.0, evidence: "", share: None }
    }

    #[test]
    fn of_overlapping_pieces_the_certain_and_longer_is_reported() {
        let asides = vec![
            aside(0, 5, AsideKind::Frame, true),
            aside(0, 9, AsideKind::InsertedLink, true),
            aside(8, 12, AsideKind::CallToAction, false),
            aside(20, 25, AsideKind::Credit, true),
            aside(30, 35, AsideKind::RepeatedLine, false),
            aside(40, 45, AsideKind::InsertedLink, false),
        ];
        let found = boilerplate(&[vec![], asides].into_iter().collect());
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
