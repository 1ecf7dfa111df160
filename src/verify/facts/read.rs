//! Reads the facts of a stretch of words.

use super::lexicon::{Lexicon, Meaning};
use crate::token::{Stem, Word, number_word};
use crate::verify::vocabulary::{Languages, Side, Vocabulary};

/// A fact that a stretch states.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    /// Its first word, as an index into the stretch.
    pub at: usize,
    says: Says,
}

#[derive(Debug, Clone)]
enum Says {
    /// A number in digits, or of several words, by the stem of its value.
    Number(Stem, Languages),
    /// A number of one word; several values if languages differ. Not certain if it is often another word.
    Word(Vec<(Stem, Languages)>, bool),
    /// A word with a mark.
    Marked(Word),
    /// A day or month. Not certain if it is often another word.
    Day(Word, u32, bool),
    /// A unit, or one of several.
    Unit(Vec<u64>),
    /// One of a few alternatives, in the languages that have this word.
    Side(Vec<Side>),
}

impl Fact {
    /// Whether it is a fact for certain.
    pub fn is_certain(&self) -> bool {
        !matches!(self.says, Says::Word(_, false) | Says::Day(_, _, false) | Says::Unit(_) | Says::Side(_))
    }

    /// Whether it is one of a few alternatives.
    pub fn is_contrary(&self) -> bool {
        matches!(self.says, Says::Side(_))
    }

    /// Whether it is a number that one text has in digits, or of several words.
    pub fn is_in_digits(&self) -> bool {
        matches!(self.says, Says::Number(..))
    }

    /// Whether two texts state the same with it. A short name of a day is the long one only close by: elsewhere, two Sundays
    /// may be two days.
    pub fn is_same(&self, other: &Fact, close: bool) -> bool {
        match (&self.says, &other.says) {
            (Says::Day(word, days, _), Says::Day(of, others, _)) => word == of || close && days & others != 0,
            (Says::Marked(word), Says::Marked(of)) => word == of,
            (Says::Unit(units), Says::Unit(others)) => units.iter().any(|unit| others.contains(unit)),
            (Says::Side(sides), Says::Side(others)) => sides.iter().any(|side| others.contains(side)),
            _ => self.values().any(|(value, _)| other.values().any(|(of, _)| value == of)),
        }
    }

    /// Whether it states something else than a fact in its place; close by, words that are often others are taken for
    /// facts if both are of one language.
    pub fn contradicts(&self, other: &Fact, close: bool) -> bool {
        match (&self.says, &other.says) {
            (Says::Unit(_), Says::Unit(_)) => close,
            (Says::Marked(_), Says::Marked(_)) => true,
            (Says::Unit(_), _) | (_, Says::Unit(_)) => false,
            (Says::Side(sides), Says::Side(others)) => sides.iter().any(|side| {
                let contrary = |other: &Side| other.group == side.group && other.number != side.number;
                (close || side.spaceless) && others.iter().any(contrary)
            }),
            (Says::Side(_), _) | (_, Says::Side(_)) => false,
            (Says::Day(..), Says::Day(..)) if close => self.is_certain() || other.is_certain(),
            (Says::Day(..), _) | (_, Says::Day(..)) => self.is_certain() && other.is_certain(),
            _ => {
                let shared = self.values().any(|(_, languages)| other.values().any(|(_, of)| languages & of != 0));
                let words = matches!((&self.says, &other.says), (Says::Word(..), Says::Word(..)));
                shared && (self.is_certain() && other.is_certain() || close && words)
            }
        }
    }

    /// The numbers that it may be, each in some languages.
    fn values(&self) -> impl Iterator<Item = (Stem, Languages)> {
        let (one, several): (_, &[(Stem, Languages)]) = match &self.says {
            Says::Number(value, languages) => (Some((*value, *languages)), &[]),
            Says::Word(values, _) => (None, values),
            _ => (None, &[]),
        };
        one.into_iter().chain(several.iter().copied())
    }
}

/// Reads the facts of a stretch; without `words`, only those in digits, and days and months.
pub(super) fn read(lexicon: &Lexicon, stretch: &[Word], words: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut at = 0;
    while at < stretch.len() {
        let word = stretch[at];
        let meanings = lexicon.meanings(word);
        let (length, says) = if word.is_marked() {
            (1, Some(Says::Marked(word)))
        } else if word.is_number() {
            let (length, value) = words.then(|| scaled(lexicon, &stretch[at..])).flatten().unwrap_or((1, word.stem()));
            (length, Some(Says::Number(value, Languages::MAX)))
        } else if let Some(unit) =
            stretch.get(at + 1).filter(|_| words).and_then(|&next| lexicon.unit_of_two(word, next))
        {
            (2, Some(Says::Unit(vec![unit])))
        } else if let Some(days) = days(meanings).filter(|_| lexicon.states(word) || !counts(meanings)) {
            (1, Some(Says::Day(word, days, lexicon.states(word))))
        } else if !words {
            (1, None)
        } else if let Some((length, value, languages)) = compound(lexicon, &stretch[at..]) {
            (length, Some(Says::Number(value, languages)))
        } else {
            let (number, unit) = single(meanings);
            // What may be a number of one language and a unit of another is both: miles.
            facts.extend(number.as_ref().and(unit.clone()).map(|says| Fact { at, says }));
            (1, number.or(unit))
        };
        let side = || words.then(|| Vocabulary::known().sides(word)).filter(|sides| !sides.is_empty());
        let says = says.or_else(|| side().map(|sides| Says::Side(sides.to_vec())));
        facts.extend(says.map(|says| Fact { at, says }));
        at += length;
    }
    facts
}

/// Reads the units that a stretch names.
pub(super) fn units(lexicon: &Lexicon, stretch: &[Word]) -> Vec<Fact> {
    let is_unit = |fact: &Fact| matches!(fact.says, Says::Unit(_));
    read(lexicon, stretch, true).into_iter().filter(is_unit).collect()
}

/// The day or month that a word names.
fn days(meanings: &[Meaning]) -> Option<u32> {
    let days = meanings.iter().filter_map(|meaning| match meaning {
        Meaning::Day { days, .. } => Some(*days),
        _ => None,
    });
    days.reduce(|a, b| a | b)
}

/// Whether a word may be a number.
fn counts(meanings: &[Meaning]) -> bool {
    meanings.iter().any(|meaning| matches!(meaning, Meaning::Number { .. }))
}

/// The number and the unit that one word states.
fn single(meanings: &[Meaning]) -> (Option<Says>, Option<Says>) {
    let (mut values, mut units, mut all_certain) = (Vec::new(), Vec::new(), true);
    for meaning in meanings {
        match *meaning {
            Meaning::Number { value, languages, certain } => {
                values.extend(stem(value).map(|value| (value, languages)));
                all_certain &= certain;
            }
            Meaning::Unit(unit) => units.push(unit),
            _ => {}
        }
    }
    let number = (!values.is_empty()).then_some(Says::Word(values, all_certain));
    (number, (!units.is_empty()).then_some(Says::Unit(units)))
}

/// The stem of a number in digits.
fn stem(value: u64) -> Option<Stem> {
    number_word(&value.to_string()).map(Word::stem)
}

/// A number in digits with the word of a power of ten after it: 3.5 million.
fn scaled(lexicon: &Lexicon, stretch: &[Word]) -> Option<(usize, Stem)> {
    let tenths = lexicon.tenths(stretch[0].stem())?;
    let power = lexicon.meanings(*stretch.get(1)?).iter().find_map(|meaning| match *meaning {
        Meaning::Number { value: value @ 1000.., .. } => Some(value),
        _ => None,
    })?;
    Some((2, stem(tenths.checked_mul(power)? / 10)?))
}

/// Reads a number of several words of one language: *two hundred and five*, *vingt-trois*.
fn compound(lexicon: &Lexicon, stretch: &[Word]) -> Option<(usize, Stem, Languages)> {
    let number = |word: Word, shared: Languages| {
        lexicon.meanings(word).iter().find_map(|meaning| match *meaning {
            Meaning::Number { value, languages, .. } if languages & shared != 0 => Some((value, languages & shared)),
            _ => None,
        })
    };
    let joint = |word: Word, shared: Languages| {
        lexicon.meanings(word).iter().any(|meaning| matches!(meaning, Meaning::Joint(of) if of & shared != 0))
    };
    let (value, mut shared) = number(stretch[0], Languages::MAX)?;
    let mut sum = Sum::default();
    sum.add(value)?;
    let mut length = 1;
    loop {
        let joined = stretch.get(length).is_some_and(|&word| joint(word, shared));
        let next = length + usize::from(joined);
        let Some((value, languages)) = stretch.get(next).and_then(|&word| number(word, shared)) else { break };
        if sum.add(value).is_none() {
            break;
        }
        (length, shared) = (next + 1, languages);
    }
    (length > 1).then_some((length, stem(sum.value())?, shared))
}

/// A number that is put together from its words.
#[derive(Debug, Default)]
struct Sum {
    /// The value before the last power of a thousand.
    total: u64,
    /// The value after it; none before the first word.
    current: Option<u64>,
    /// The last power of a thousand.
    power: Option<u64>,
}

impl Sum {
    /// Adds a word; `None`, and nothing is changed, if it cannot belong to the number.
    fn add(&mut self, value: u64) -> Option<()> {
        let current = self.current;
        let next = match (value, current) {
            (1000.., _) => {
                if self.power.is_some_and(|power| power <= value) {
                    return None;
                }
                self.total = self.total.checked_add(current.unwrap_or(1).checked_mul(value)?)?;
                (self.current, self.power) = (None, Some(value));
                return Some(());
            }
            (_, None) => value,
            (100, Some(current @ 2..=9)) => current * 100,
            // Quatre-vingts.
            (20, Some(4)) => 80,
            (1..=9, Some(current)) if current % 10 == 0 && current % 100 >= 20 || current % 100 == 0 => current + value,
            // Soixante-dix, quatre-vingt-treize.
            (10..=19, Some(current)) if matches!(current % 100, 60 | 80) => current + value,
            (10..=99, Some(current)) if current % 100 == 0 && current > 0 => current + value,
            // Arabic says the units first: three and twenty.
            (20..=90, Some(current @ 1..=9)) if value.is_multiple_of(10) => current + value,
            (100..=900, Some(0)) => value,
            _ => return None,
        };
        self.current = Some(next);
        Some(())
    }

    fn value(&self) -> u64 {
        self.total.saturating_add(self.current.unwrap_or(0))
    }
}
