//! Facts: what tells one item of a series from the next.

mod lexicon;
mod read;

use lexicon::Lexicon;
use read::{Fact, read};

use serde::{Deserialize, Serialize};

use super::align::{Alignment, Gap};
use crate::survey::Weight;
use crate::token::Word;

/// Facts at the same places of two aligned texts: numbers in digits, in words and in Roman numerals, days and months,
/// currencies and units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Facts that both state: numbers in digits, days and months, and what the one states in digits and the other in words.
    pub kept: u32,
    /// Places where the one states facts and the other states others instead.
    pub changed: u32,
}

/// A fact that is kept must weigh so much to tell that the texts are one: the 19 of COVID-19 tells nothing.
pub(super) const TELLING: Weight = Weight(65_536 / 5);

/// Longest stretch of words that may be a substitution of one number word for another. Longer ones are other sentences,
/// in which number words say little: "two" and "first" are in most.
const SUBSTITUTED_WORDS: usize = 8;

/// Longest stretch in which a word that is often another word, or a unit, is taken for what it may state.
const CLOSE_WORDS: usize = 2;

/// The most comparisons of the facts of one gap: tables of numbers are counted without being compared.
const COMPARISONS: usize = 1 << 12;

/// Whether any of some words states a fact for certain: a number, or the name of a day or month.
pub fn state_facts(words: &[Word]) -> bool {
    let lexicon = Lexicon::known();
    words.iter().any(|&word| lexicon.states(word))
}

/// Compares the facts of two aligned texts. Of those that both state, only the `telling` count.
pub(super) fn facts(a: &[Word], b: &[Word], alignment: &Alignment, telling: impl Fn(Word) -> bool) -> Facts {
    let lexicon = Lexicon::known();
    let kept_in = |words: &[Word]| words.iter().filter(|&&word| lexicon.tells(word) && telling(word)).count() as u32;
    let mut facts = Facts::default();
    let mut at = 0;
    // A sign before the number on one side and its unit after it on the other: "£5" and "5 dollars".
    let mut before: Option<(Gap, Vec<Fact>)> = None;
    for &gap in &alignment.gaps {
        let (left, right) = (&a[gap.a.0 as usize..gap.a.1 as usize], &b[gap.b.0 as usize..gap.b.1 as usize]);
        facts.kept += kept_in(&a[at..gap.a.0 as usize]);
        at = gap.a.1 as usize;
        if !left.is_empty() && !right.is_empty() {
            let inside = compare(lexicon, left, right, &telling);
            facts.kept += inside.kept;
            facts.changed += inside.changed;
            before = None;
            continue;
        }
        let alone = if left.is_empty() { right } else { left };
        let units = if alone.len() <= CLOSE_WORDS { read::units(lexicon, alone) } else { Vec::new() };
        if let Some((last, others)) = before.take().filter(|(last, _)| opposite(last, &gap)) {
            let near = gap.a.0 - last.a.1 <= CLOSE_WORDS as u32 && !units.is_empty() && !others.is_empty();
            facts.changed +=
                u32::from(near && !units.iter().any(|unit| others.iter().any(|other| unit.is_same(other, true))));
        }
        before = Some((gap, units));
    }
    facts.kept += kept_in(&a[at..]);
    facts
}

/// Whether one gap is of words that the one text has alone, and the other of words that the other has.
fn opposite(first: &Gap, second: &Gap) -> bool {
    let only_left = |gap: &Gap| gap.b.0 == gap.b.1;
    only_left(first) != only_left(second)
}

/// Compares the facts of two stretches that stand in each other's place.
fn compare(lexicon: &Lexicon, left: &[Word], right: &[Word], telling: impl Fn(Word) -> bool) -> Facts {
    let length = left.len().max(right.len());
    let (words, close) = (length <= SUBSTITUTED_WORDS, length <= CLOSE_WORDS);
    let (mut ours, mut theirs) = (read(lexicon, left, words), read(lexicon, right, words));
    let mut facts = Facts::default();
    if ours.len() * theirs.len() > COMPARISONS {
        let certain = |facts: &[Fact]| facts.iter().filter(|fact| fact.is_certain()).count() as u32;
        facts.changed = certain(&ours).min(certain(&theirs));
        return facts;
    }
    // The same fact in another form, or at another place.
    ours.retain(|fact| match theirs.iter().position(|other| fact.is_same(other, close)) {
        Some(place) => {
            let other = theirs.remove(place);
            facts.kept += u32::from(fact.is_certain() && other.is_certain() && telling(left[fact.at]));
            false
        }
        None => true,
    });
    for fact in &ours {
        if let Some(place) = theirs.iter().position(|other| fact.contradicts(other, close)) {
            theirs.remove(place);
            facts.changed += 1;
        }
    }
    if words {
        facts.changed += marks(left, right);
    }
    facts
}

/// Counts the words that one stretch has with a mark where the other has them without: C++ and C, O− and O.
fn marks(left: &[Word], right: &[Word]) -> u32 {
    let without = |marked: &[Word], plain: &[Word]| {
        let plain = |word: &&Word| plain.iter().any(|other| other.stem() == word.stem() && !other.is_marked());
        marked.iter().filter(|word| word.is_marked()).filter(plain).count() as u32
    };
    without(left, right) + without(right, left)
}

#[cfg(test)]
mod tests;
