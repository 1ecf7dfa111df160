//! Words that state facts: number words, Roman numerals, names of days and months, units.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::hash::HashedMap;
use crate::token::{Stem, Word, number_word, sign_word, word};
use crate::verify::vocabulary::{Languages, rows};

/// Roman numerals stand in texts of all languages; the last bit is theirs.
const ROMAN: Languages = 1 << 127;

/// The facts that a word may state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A number, in the languages that have this word for it. One that is not certain is often another word.
    Number { value: u64, languages: Languages, certain: bool },
    /// Joins the words of a number.
    Joint(Languages),
    /// A month or a weekday, a bit each; none for those of other calendars. One that is not certain is often another word.
    Day { days: u32, certain: bool },
    /// A unit, as a hash of its name.
    Unit(u64),
}

/// The words that state facts.
pub(super) struct Lexicon {
    words: HashedMap<u64, Box<[Meaning]>>,
    /// A bit for each value of 18 bits of the words' hashes: nearly every word that states nothing fails here.
    bits: Box<[u64; 1 << 12]>,
    /// The values, times ten, of numbers that are written before *million*, by the value's stem.
    small: HashedMap<u32, u64>,
    /// Units of two words, by the hash of both: per cent.
    pairs: HashedMap<u64, u64>,
}

static KNOWN: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

impl Lexicon {
    /// Returns the words that flong knows.
    pub fn known() -> &'static Lexicon {
        &KNOWN
    }

    fn read() -> Self {
        let mut found: BTreeMap<u64, Vec<Meaning>> = BTreeMap::new();
        let mut add = |word: Option<Word>, meaning: Meaning| {
            let Some(word) = word else { return };
            let meanings = found.entry(word.0).or_default();
            if let Meaning::Number { value, languages, certain } = meaning {
                let same = meanings.iter_mut().find_map(|known| match known {
                    Meaning::Number { value: of, languages, certain } if *of == value => Some((languages, certain)),
                    _ => None,
                });
                if let Some((known, sure)) = same {
                    *known |= languages;
                    *sure &= certain;
                    return;
                }
            }
            meanings.push(meaning);
        };
        let mut names: Vec<&str> = Vec::new();
        for (language, value, text) in rows(include_str!("../../data/number_words.tsv")) {
            if names.last() != Some(&language) {
                names.push(language);
            }
            let languages = 1 << (names.len() - 1).min(126);
            let meaning = match value.strip_prefix('~').unwrap_or(value).parse() {
                Ok(number) => Meaning::Number { value: number, languages, certain: !value.starts_with('~') },
                Err(_) => Meaning::Joint(languages),
            };
            add(word(text), meaning);
        }
        for value in 1..40 {
            let text = roman(value);
            // These are words, names or letters more often than numbers.
            let certain = !matches!(&*text, "i" | "v" | "x" | "vi" | "xi" | "ix" | "xx" | "xxx");
            let languages = if certain { Languages::MAX } else { ROMAN };
            add(word(&text), Meaning::Number { value, languages, certain });
        }
        for (text, (days, certain)) in day_names() {
            add(word(text), Meaning::Day { days, certain });
        }
        let mut pairs = HashedMap::default();
        for (unit, text, _) in rows(include_str!("../../data/units.tsv")) {
            let unit = crate::hash::bytes(unit.as_bytes());
            if let Some((first, second)) = text.split_once(' ').and_then(|(a, b)| word(a).zip(word(b))) {
                pairs.insert(crate::hash::pair(first.0, second.0), unit);
            }
            let mut letters = text.chars();
            let sign = letters.next().filter(|_| letters.next().is_none()).and_then(sign_word);
            add(sign.or_else(|| word(text)), Meaning::Unit(unit));
        }
        Lexicon::index(found, pairs)
    }

    fn index(found: BTreeMap<u64, Vec<Meaning>>, pairs: HashedMap<u64, u64>) -> Self {
        let mut bits = Box::new([0; 1 << 12]);
        let mut words = HashedMap::default();
        for (word, meanings) in found {
            let (place, bit) = place(Word(word));
            bits[place] |= bit;
            words.insert(word, meanings.into());
        }
        let mut small = HashedMap::default();
        for tenths in 1..10_000u64 {
            let text = match tenths % 10 {
                0 => (tenths / 10).to_string(),
                tenth => format!("{}.{tenth}", tenths / 10),
            };
            if let Some(Stem(stem)) = number_word(&text).map(Word::stem) {
                small.insert(stem, tenths);
            }
        }
        Lexicon { words, bits, small, pairs }
    }

    /// Returns what a word may state, digits aside.
    #[inline]
    pub fn meanings(&self, word: Word) -> &[Meaning] {
        let (place, bit) = place(word);
        if self.bits[place] & bit == 0 {
            return &[];
        }
        self.words.get(&word.0).map_or(&[], |meanings| meanings)
    }

    /// Returns the unit that two words name together.
    pub fn unit_of_two(&self, first: Word, second: Word) -> Option<u64> {
        self.pairs.get(&crate::hash::pair(first.0, second.0)).copied()
    }

    /// Whether a word states a fact for certain: a number, or the name of a day or month.
    #[inline]
    pub fn states(&self, word: Word) -> bool {
        let certain = |meaning: &Meaning| match *meaning {
            Meaning::Day { certain, .. } | Meaning::Number { certain, .. } => Some(certain),
            _ => None,
        };
        word.is_number() || self.meanings(word).iter().filter_map(certain).reduce(|a, b| a && b).unwrap_or(false)
    }

    /// Whether a word is a number in digits, or the name of a day or month: what tells that two texts are one if both have
    /// it. Number words tell little, "two" is in most texts.
    #[inline]
    pub fn tells(&self, word: Word) -> bool {
        let day = |meaning: &Meaning| matches!(meaning, Meaning::Day { certain: true, .. });
        word.is_number() || self.meanings(word).iter().any(day)
    }

    /// Whether a word of a few signs is a code of letters and digits: S3, h2, CO2. `1st` and `5` are numbers.
    pub fn is_code(&self, word: Word) -> bool {
        let short = (2..=CODE_SIGNS).contains(&word.length_class());
        word.is_number() && !word.is_marked() && short && self.tenths(word.stem()).is_none()
    }

    /// Returns ten times the value of a number in digits, of those below a thousand with one decimal at most.
    pub fn tenths(&self, Stem(stem): Stem) -> Option<u64> {
        self.small.get(&stem).copied()
    }
}

/// The word of `bits` that tells of a word, and the bit in it.
#[inline]
fn place(word: Word) -> (usize, u64) {
    ((word.0 >> 22) as usize & 0xfff, 1 << (word.0 >> 16 & 63))
}

/// Most signs of a code that is taken for one; longer numbers with letters are told apart as numbers are.
const CODE_SIGNS: usize = 3;

/// Returns the bit of a month (`1` to `12`) or weekday (`mon` to `sun`).
fn day(name: &str) -> u32 {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    match name.parse::<u32>() {
        Ok(month @ 1..=12) => 1 << month,
        _ => DAYS.iter().position(|day| *day == name).map_or(0, |day| 1 << (16 + day)),
    }
}

/// Names of days and months, with what they name and whether they are certain to name it: abbreviations of three letters
/// that few languages use, or that are small words of another language (German *die* is an Albanian Sunday), are not.
fn day_names() -> BTreeMap<&'static str, (u32, bool)> {
    /// So many languages abbreviate a name in one way if it is known to all.
    const WIDESPREAD: usize = 5;
    let mut names: BTreeMap<&str, (u32, Vec<&str>)> = BTreeMap::new();
    for (language, name, text) in rows(include_str!("../../data/months.tsv")) {
        let (days, languages) = names.entry(text).or_default();
        *days |= day(name);
        languages.push(language);
    }
    let small: Vec<(&str, &str)> = rows(include_str!("../../data/small_words.tsv")).map(|row| (row.0, row.2)).collect();
    let certain = |text: &str, languages: &[&str]| {
        let short = text.chars().count() <= 3 && !text.chars().any(|c| c >= '\u{2e80}');
        let known = languages.len() >= WIDESPREAD || languages.contains(&"en");
        let elsewhere = || small.iter().any(|(language, word)| *word == text && !languages.contains(language));
        !short || text.chars().count() == 3 && known && !elsewhere()
    };
    names.into_iter().map(|(text, (days, languages))| (text, (days, certain(text, &languages)))).collect()
}

/// Writes a number below forty in Roman numerals.
fn roman(value: u64) -> String {
    const UNITS: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    format!("{}{}", "x".repeat(value as usize / 10), UNITS[value as usize % 10])
}
