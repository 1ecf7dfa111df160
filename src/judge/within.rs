//! Pieces that repeat within their own document.

use std::collections::BTreeSet;

use super::duplicates::Evidence;
use crate::verify::{Kind, Match};
use crate::{Grain, Span, Unit};

/// Shortest paragraph that goes because another of the document has all of its words and more. In a shorter one the word
/// that is missing may be what it says: "Do not open the valve", "Open the valve".
const MIN_CONTAINED_WORDS: u32 = 20;

/// Whether a match is that of two pieces of one document which are copies.
pub(super) fn is_within(a: &Unit, b: &Unit, tie: &Match) -> bool {
    let copies = matches!(tie.verified.kind, Kind::Exact | Kind::Near | Kind::Excerpt);
    a.document == b.document && a.grain != Grain::Document && copies
}

/// The pieces of one grain that repeat in their own document: each with the piece that stays, and their match. What says
/// less goes; of two that say as much, the later. So something always stays. What lies in pieces that have `gone` is out.
pub(super) fn within<'a>(
    evidence: &Evidence<'a>,
    grain: Grain,
    gone: &BTreeSet<(u32, Span)>,
) -> impl Iterator<Item = (&'a Unit, &'a Unit, &'a Match)> {
    let units = evidence.units;
    let pairs = evidence.matches.iter().filter_map(move |tie| {
        let (a, b) = (&units[tie.a as usize], &units[tie.b as usize]);
        let order = |unit: &Unit| (std::cmp::Reverse(unit.word_count()), unit.span);
        let (kept, unit) = if order(a) <= order(b) { (a, b) } else { (b, a) };
        (a.grain == grain && is_within(a, b, tie)).then_some((unit, kept, tie))
    });
    let out = |unit: &Unit| {
        let upto = (unit.document, Span { start: unit.span.start, end: u32::MAX });
        let last = gone.range(..=upto).next_back();
        last.is_some_and(|(document, span)| *document == unit.document && unit.span.end <= span.end)
    };
    pairs.filter(move |(unit, kept, _)| !out(unit) && !out(kept))
}

/// Whether a piece says nothing that the piece it matches does not say: it has the same words, or is long and only lacks
/// some. Items of a list, and lines of code, of tables and of verse, stand where they are meant to.
pub(super) fn says_nothing_new(unit: &Unit, tie: &Match) -> bool {
    let verified = &tie.verified;
    let contained =
        verified.aligned >= 1.0 && unit.grain == Grain::Paragraph && unit.word_count() >= MIN_CONTAINED_WORDS;
    (verified.kind == Kind::Exact || contained) && !unit.is_listed
}
