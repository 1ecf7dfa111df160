//! Words that state the contrary of each other, words that deny what stands beside them, and common words, which name nothing;
//! and the languages that a text is in.

use std::cell::OnceCell;
use std::sync::LazyLock;

use crate::hash::HashedMap;
use crate::token::{STEM, Word, alternatives, word};

/// Languages, a bit each.
pub(in crate::verify) type Languages = u128;

/// Returns the first three columns of the rows of a table.
pub(in crate::verify) fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next().unwrap_or("")))
    })
}

/// One of a few alternatives that a word states: *open*, and not *shut*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) struct Side {
    /// A hash of the language and the name of the alternatives.
    pub group: u64,
    /// The alternative, counted from one.
    pub number: u8,
    /// Whether it is written in a script without spaces, where one word is several tokens.
    pub spaceless: bool,
}

/// The ways in which a word denies what it is put beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::verify) enum Denial {
    /// The words beside it stay as they are: *not*.
    Plain,
    /// They change, or it takes the place of one of them: *kein*, Finnish *ei ole* for *on*.
    Inflects,
}

/// Words by what they say. Those that state one of several alternatives, or deny, are known by their stems.
#[derive(Default)]
pub(in crate::verify) struct Vocabulary {
    sides: HashedMap<u32, Vec<Side>>,
    /// Forms of verbs that are denied by a syllable inside them, and the same forms that are not, as whole words; with the
    /// alternatives of their stems.
    verbs: HashedMap<u64, Vec<Side>>,
    denials: HashedMap<u32, Vec<(Languages, Denial)>>,
    /// Common words, which editors put in each other's place: "said" and "stated".
    common: HashedMap<u64, Languages>,
    /// The languages that words are of: all of these, and small words.
    languages: HashedMap<u64, Languages>,
    /// The languages that write every noun with a capital, which makes no name of it.
    capital_nouns: Languages,
}

static KNOWN: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);

impl Vocabulary {
    /// Returns the words that flong knows.
    pub fn known() -> &'static Vocabulary {
        &KNOWN
    }

    fn read() -> Self {
        let mut known = Vocabulary::default();
        let mut names: Vec<&str> = Vec::new();
        for (language, side, text) in rows(include_str!("../data/contraries.tsv")) {
            if names.last() != Some(&language) {
                names.push(language);
            }
            let Some((word, (name, number))) = word(text).zip(side.split_once(':')) else { continue };
            let bit = 1 << (names.len() - 1).min(127);
            *known.languages.entry(word.0).or_default() |= bit;
            let stem = word.stem().0;
            match side {
                "not:1" => known.denials.entry(stem).or_default().push((bit, Denial::Plain)),
                "not:2" => known.denials.entry(stem).or_default().push((bit, Denial::Inflects)),
                _ => {
                    let group =
                        crate::hash::pair(crate::hash::bytes(language.as_bytes()), crate::hash::bytes(name.as_bytes()));
                    let number = number.parse().unwrap_or(0);
                    let side = Side { group, number, spaceless: word.is_bigram() };
                    let sides = known.sides.entry(stem).or_default();
                    if !sides.contains(&side) {
                        sides.push(side);
                    }
                }
            }
        }
        for (word, name, number) in alternatives() {
            let side = Side { group: crate::hash::bytes(name.as_bytes()), number, spaceless: false };
            known.sides.entry(word.stem().0).or_default().push(side);
        }
        for (said, denied, verb) in denied_verbs() {
            for (number, word) in [(1, said), (2, denied)] {
                let side = Side { group: verb, number, spaceless: false };
                let stem = known.sides.get(&word.stem().0);
                known.verbs.entry(word.0).or_insert_with(|| stem.cloned().unwrap_or_default()).push(side);
            }
        }
        let bit = |language: &str| Some(1 << names.iter().position(|name| *name == language)?.min(127));
        for (language, _, traits) in rows(include_str!("../data/languages.tsv")) {
            if traits.split(' ').any(|one| one == "capital-nouns") {
                known.capital_nouns |= bit(language).unwrap_or(0);
            }
        }
        for (language, _, text) in rows(include_str!("../data/small_words.tsv")) {
            if let (Some(word), Some(bit)) = (word(text), bit(language)) {
                *known.languages.entry(word.0).or_default() |= bit;
            }
        }
        for (language, text, _) in rows(include_str!("../data/common_words.tsv")) {
            if let (Some(word), Some(bit)) = (word(text), bit(language)) {
                *known.languages.entry(word.0).or_default() |= bit;
                *known.common.entry(common_key(word)).or_default() |= bit;
            }
        }
        known
    }

    /// Returns the alternatives that a word may state; empty for most.
    pub fn sides(&self, word: Word) -> &[Side] {
        match self.verbs.get(&word.0) {
            Some(sides) => sides,
            None => self.sides_of_stem(word),
        }
    }

    fn sides_of_stem(&self, word: Word) -> &[Side] {
        self.sides.get(&word.stem().0).map_or(&[], |sides| sides)
    }

    /// Whether a word is a common one in a language that is spoken there, and states no alternative.
    pub fn is_common(&self, word: Word, spoken: &Spoken) -> bool {
        self.is_common_in(word, spoken, Languages::MAX)
    }

    /// Whether a word is a common one in a language that is spoken there and writes every noun with a capital.
    pub fn is_common_noun(&self, word: Word, spoken: &Spoken) -> bool {
        self.is_common_in(word, spoken, self.capital_nouns)
    }

    fn is_common_in(&self, word: Word, spoken: &Spoken, among: Languages) -> bool {
        let is_spoken = |languages: &Languages| spoken.languages(self) & languages & among != 0;
        self.sides_of_stem(word).is_empty() && self.common.get(&common_key(word)).is_some_and(is_spoken)
    }

    /// Whether and how a word denies what it is put beside, in a language that is spoken there.
    pub fn denies(&self, word: Word, spoken: &Spoken) -> Option<Denial> {
        let denials = self.denials.get(&word.stem().0)?;
        denials.iter().filter(|(language, _)| spoken.languages(self) & language != 0).map(|(_, denial)| *denial).max()
    }
}

/// Returns the forms of verbs that are denied by a syllable inside them: the form, the same denied, and a hash of both.
fn denied_verbs() -> impl Iterator<Item = (Word, Word, u64)> {
    rows(include_str!("../data/denied_verbs.tsv")).filter_map(|(_, said, denied)| {
        let (said, denied) = word(said).zip(word(denied))?;
        Some((said, denied, crate::hash::pair(said.0, denied.0)))
    })
}

/// A common word stands for all of its stem if it is as long as one, and otherwise for itself.
fn common_key(word: Word) -> u64 {
    if word.length_class() >= STEM && !word.is_bigram() { word.stem().0.into() } else { word.0 }
}

/// The languages that two texts are likely to be in: *nema* denies in Croatian, and is an agency in English.
pub(in crate::verify) struct Spoken<'a> {
    text: &'a [Word],
    languages: OnceCell<Languages>,
}

/// Words of a text that are looked at to find its languages.
const SPOKEN_WORDS: usize = 400;

/// A text is in no language of which it has less than a quarter as many known words as of another, and this many.
const SHARE_OF_SPOKEN: u32 = 4;

impl<'a> Spoken<'a> {
    /// Looks at the first words of a text, when it is asked.
    pub fn of(text: &'a [Word]) -> Self {
        Spoken { text: &text[..text.len().min(SPOKEN_WORDS)], languages: OnceCell::new() }
    }

    fn languages(&self, known: &Vocabulary) -> Languages {
        *self.languages.get_or_init(|| {
            let mut counts = [0u32; Languages::BITS as usize];
            for word in self.text {
                let mut languages = known.languages.get(&word.0).copied().unwrap_or_default();
                while languages != 0 {
                    counts[languages.trailing_zeros() as usize] += 1;
                    languages &= languages - 1;
                }
            }
            let most = counts.iter().copied().max().unwrap_or_default();
            let is_spoken = |&(_, &count): &(usize, &u32)| (count + 1) * SHARE_OF_SPOKEN >= most;
            counts.iter().enumerate().filter(is_spoken).fold(0, |all, (bit, _)| all | 1 << bit)
        })
    }
}
