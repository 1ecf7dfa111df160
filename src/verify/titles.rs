//! What the titles of two items say about their texts.

use super::align::align;
use super::facts::facts;
use super::kind::Text;
use super::thresholds::Thresholds;
use crate::token::Word;

/// What the titles of two items say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Titles {
    /// Nothing: one is missing, or they are neither alike nor tell the items apart.
    Nothing,
    /// That two sources tell the same.
    Agree,
    /// That the items are of one series of one source: the same words with other facts.
    OtherFacts,
    /// That they may be, with another name.
    OtherName,
    /// That the items of one source are about different things.
    Differ,
}

/// Titles of one series share this much of the shorter, in order.
const SERIES: f32 = 0.7;

/// Two titles agree if they share this much of the shorter, in order …
const TITLES_AGREE: f32 = 0.8;

/// … and it has at least this many words.
const TITLE_WORDS: usize = 5;

/// A source that runs an item twice hardly changes its title; one that fills in a form changes little else. Sources that
/// run one agency's item often keep its title, so that agreement between them is evidence.
pub(super) fn titles(a: Text, b: Text, same_source: bool, limits: &Thresholds) -> Titles {
    if a.title.is_empty() || b.title.is_empty() {
        return Titles::Nothing;
    }
    let shorter = a.title.len().min(b.title.len());
    if a.title == b.title {
        return if shorter >= TITLE_WORDS && !same_source { Titles::Agree } else { Titles::Nothing };
    }
    let alignment = align(a.title, b.title);
    let common = alignment.common as f32 / shorter as f32;
    let changed = facts(a.title, b.title, &alignment, |_| true).changed > 0;
    // "Aries: your day" and "Libra: your day": a word in the place of another names another item of the series.
    let replaced = alignment.gaps.iter().any(|gap| gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1);
    match same_source {
        true if changed && common >= limits.same_source_title => Titles::OtherFacts,
        true if replaced && common >= SERIES => Titles::OtherName,
        true if common < limits.same_source_title => Titles::Differ,
        false if common >= TITLES_AGREE && shorter >= TITLE_WORDS && !changed => Titles::Agree,
        _ => Titles::Nothing,
    }
}

/// Whether each of two titles names a number that the other does not.
pub(super) fn other_numbers(a: &[Word], b: &[Word]) -> bool {
    let alone = |a: &[Word], b: &[Word]| a.iter().any(|word| word.is_number() && !b.contains(word));
    alone(a, b) && alone(b, a)
}
