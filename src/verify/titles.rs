//! Compares the titles of two items with each other and with the texts.

use super::align::{Gap, align};
use super::facts::{Compared, compare_facts};
use super::kind::Text;
use super::measure::Profile;
use super::thresholds::Thresholds;
use crate::survey::Weight;
use crate::token::Word;

/// Results of comparing two titles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Titles {
    /// The share of the words of each title that the other item has too, in its title or text; 0 to 1. Without two
    /// titles, what is usual.
    pub support: f32,
    /// Whether each title names something that the other item has nowhere.
    pub apart: bool,
    /// Whether neither title says what its own text says.
    pub strange: bool,
    /// Whether neither text says anything of what its own title says.
    pub unsaid: bool,
    /// Whether the titles have nothing at all to do with the texts, as over a notice that many sources have.
    pub foreign: bool,
    /// Whether one of them names what its own text names, and the other item nowhere.
    pub names_own: bool,
    /// The way in which they distinguish the items of one source.
    pub series: Series,
}

/// The ways in which titles distinguish the items of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Series {
    /// Not at all.
    No,
    /// They are the same words with other facts.
    OtherFacts,
    /// They are the same words with another name.
    OtherName,
    /// They are the same words with names in the places of each other, and so are the texts.
    OtherRoles,
    /// They have hardly a word in common.
    Differ,
}

/// Titles of one series share this much of the shorter, in order.
const SERIES: f32 = 0.7;

/// Support that is assumed for an item without a title.
pub(super) const USUAL_SUPPORT: f32 = 0.6;

/// A title says this much, in rare words, that the other item has nowhere, to name something else.
const NAMES_ELSE: f32 = 0.5;

/// Titles say nothing of their texts if these have less than this much of what they say.
const STRANGE: f32 = 0.5;

/// Titles have nothing to do with texts that have less than this much of what they say.
const FOREIGN: f32 = 0.15;

/// A word that is in no text weighs this much if it is long …
const UNKNOWN_WORD: Weight = Weight(65_536 * 3 / 5);
/// … and this much if it is short …
const UNKNOWN_SHORT_WORD: Weight = Weight(65_536 * 3 / 20);
/// … which it is with fewer letters.
const LONG_WORD_LETTERS: usize = 4;

/// Compares the titles of two items and each with the other's text.
pub(super) fn titles(a: Text, b: Text, same_source: bool, limits: &Thresholds) -> Titles {
    if a.title.is_empty() || b.title.is_empty() {
        return Titles {
            support: USUAL_SUPPORT,
            apart: false,
            strange: false,
            unsaid: false,
            foreign: false,
            names_own: false,
            series: Series::No,
        };
    }
    let (first, second) = (said(a, b), said(b, a));
    let support = (first.share() + second.share()) / 2.0;
    let own = first.own_share().max(second.own_share());
    let series = if same_source { series(a, b, limits) } else { Series::No };
    Titles {
        support,
        apart: first.alone.min(second.alone) >= NAMES_ELSE,
        strange: own < STRANGE && support < USUAL_SUPPORT,
        unsaid: own < FOREIGN,
        foreign: own < FOREIGN && support < FOREIGN,
        names_own: first.own_alone.max(second.own_alone) >= NAMES_ELSE,
        series,
    }
}

/// A source that runs an item twice hardly changes its title; one that fills in a form changes little else.
fn series(a: Text, b: Text, limits: &Thresholds) -> Series {
    if a.title == b.title {
        return Series::No;
    }
    if are_swapped(a, b) {
        return Series::OtherRoles;
    }
    let alignment = align(a.title, b.title);
    let common = alignment.common as f32 / a.title.len().min(b.title.len()) as f32;
    let mut facts = TitleFacts::default();
    compare_facts(a.title, b.title, &alignment, |_| true, true, &mut facts);
    let changed = facts.changed;
    // "Aries: your day" and "Libra: your day": a word in the place of another names another item of the series. "Six" in the place
    // of "6" does not.
    let replaced = alignment.gaps.iter().any(|gap| gap.is_substitution() && !facts.restates(gap));
    match common {
        _ if changed && common >= limits.same_source_title => Series::OtherFacts,
        _ if replaced && common >= SERIES => Series::OtherName,
        _ if common < limits.same_source_title => Series::Differ,
        _ => Series::No,
    }
}

/// Facts of two aligned titles.
#[derive(Default)]
struct TitleFacts {
    /// Places in the first title of facts that both state.
    kept: Vec<usize>,
    changed: bool,
}

impl TitleFacts {
    /// Whether two titles have one word each at a place, which state the same fact.
    fn restates(&self, gap: &Gap) -> bool {
        let at = gap.a.0 as usize;
        gap.a.1 - gap.a.0 == 1 && gap.b.1 - gap.b.0 == 1 && self.kept.contains(&at)
    }
}

impl Compared for TitleFacts {
    fn kept(&mut self, a: usize, _: usize) {
        self.kept.push(a);
    }

    fn changed(&mut self, _: (usize, usize), _: (usize, usize), _: bool) {
        self.changed = true;
    }

    fn unstated(&mut self, _: (usize, usize), _: (usize, usize)) {}
}

/// Whether two titles are so alike that they may be filled in from one form.
pub(super) fn are_of_one_form(a: &[Word], b: &[Word]) -> bool {
    align(a, b).common as f32 >= SERIES * a.len().min(b.len()) as f32
}

/// Whether two titles say the same words and name two things in another order, and the texts name them first in that order
/// too: the one who sells and the one who buys, home and away. If only the titles differ, the item has a new headline.
fn are_swapped(a: Text, b: Text) -> bool {
    let stems = |title: &[Word]| {
        let mut stems: Vec<_> = title.iter().map(|word| word.stem()).collect();
        stems.sort_unstable();
        stems
    };
    if a.title.len() != b.title.len() || stems(a.title) != stems(b.title) {
        return false;
    }
    let place = |words: &[Word], word: Word| words.iter().position(|other| other.stem() == word.stem());
    let tells = |word: Word| a.profile.weight(word.stem()) >= ROLE && b.profile.weight(word.stem()) >= ROLE;
    // Each named word with its first place in each title and text.
    let places: Vec<[usize; 4]> = a
        .title
        .iter()
        .filter(|word| tells(**word))
        .filter_map(|&word| {
            Some([place(a.title, word)?, place(b.title, word)?, place(a.words, word)?, place(b.words, word)?])
        })
        .collect();
    let turned = |x: &[usize; 4], y: &[usize; 4]| x[0] < y[0] && x[1] > y[1] && x[2] < y[2] && x[3] > y[3];
    places.iter().any(|x| places.iter().any(|y| turned(x, y)))
}

/// The weight of a word of a title, and of its text, that may name someone.
const ROLE: Weight = Weight(65_536 / 5);

/// The weight of what a title says, in rare words.
#[derive(Default)]
struct Said {
    /// Weight of the words that the other item has too.
    shared: f32,
    /// Weight of the words that the other item has nowhere.
    alone: f32,
    /// Weight of the words that its own text has too.
    own: f32,
    /// Weight of the words that its own text has and the other item has nowhere.
    own_alone: f32,
}

impl Said {
    fn share(&self) -> f32 {
        self.shared / (self.shared + self.alone).max(f32::MIN_POSITIVE)
    }

    fn own_share(&self) -> f32 {
        self.own / (self.shared + self.alone).max(f32::MIN_POSITIVE)
    }
}

/// Looks for the words of a title in its text and in another item.
fn said(text: Text, other: Text) -> Said {
    let place = |profile: Profile, word: Word| profile.stems.binary_search(&word.stem()).ok();
    let mut said = Said::default();
    for (at, &word) in text.title.iter().enumerate() {
        if text.title[..at].iter().any(|before| before.stem() == word.stem()) {
            continue;
        }
        let own = place(text.profile, word);
        let weight = match own {
            Some(place) => text.profile.weights[place],
            None if word.is_number() || word.length_class() >= LONG_WORD_LETTERS => UNKNOWN_WORD,
            None => UNKNOWN_SHORT_WORD,
        };
        let own = own.is_some();
        let weight = Weight::in_words(weight.0.into());
        said.own += if own { weight } else { 0.0 };
        let shared =
            place(other.profile, word).is_some() || other.title.iter().any(|other| other.stem() == word.stem());
        *if shared { &mut said.shared } else { &mut said.alone } += weight;
        said.own_alone += if own && !shared { weight } else { 0.0 };
    }
    said
}

/// Whether each of two titles names a number that the other does not.
pub(super) fn other_numbers(a: &[Word], b: &[Word]) -> bool {
    let alone = |a: &[Word], b: &[Word]| a.iter().any(|word| word.is_number() && !b.contains(word));
    alone(a, b) && alone(b, a)
}
