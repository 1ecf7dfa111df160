//! Names: capitalised words inside sentences, and when two of them are spellings of one.

use std::sync::LazyLock;

use unicode_normalization::char::decompose_canonical;

use crate::token::Token;

/// A capitalised word of a body and how it is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// The index of its body word.
    pub at: u32,
    /// Its spelling.
    pub spelling: Spelling,
}

/// The first twelve letters of a word in five bits each, accents left out: enough to tell another spelling from another
/// name. The highest bit says whether the word begins a sentence, where its capital says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spelling {
    // In halves, so that a name takes 12 bytes and not 16.
    low: u32,
    high: u32,
}

impl Spelling {
    /// Returns the spelling as a number, from which [`Spelling::from_bits`] makes it again.
    pub fn bits(self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }

    /// Returns the spelling that [`Spelling::bits`] gave.
    pub fn from_bits(bits: u64) -> Self {
        Spelling { low: bits as u32, high: (bits >> 32) as u32 }
    }
}

/// Letters that a [`Spelling`] holds at most.
const LETTERS: usize = 12;

/// Codes up to this are vowels, and `h`, which spellings of one name add and drop.
const LAST_VOWEL: u8 = 6;

const BEGINS_SENTENCE: u64 = 1 << 63;

/// Names shorter than this many letters have one spelling: Osun and Ogun, Iran and Iraq.
const LEAST_LETTERS: usize = 5;

/// A name or title of office is cut to no fewer letters than this: Sen., Gov., Nov.
const LEAST_ABBREVIATION: usize = 3;

/// The codes of ASCII letters.
static ASCII_CODES: LazyLock<[u8; 128]> =
    LazyLock::new(|| std::array::from_fn(|byte| code_of_any(char::from(byte as u8))));

/// The code of a letter, 1 to 31; 0 for what is none.
fn code(c: char) -> u8 {
    if c.is_ascii() { ASCII_CODES[c as usize] } else { code_of_any(c) }
}

fn code_of_any(c: char) -> u8 {
    let mut base = c;
    if !c.is_ascii() {
        let mut first = true;
        decompose_canonical(c, |part| {
            if std::mem::take(&mut first) {
                base = part;
            }
        });
    }
    let lower = base.to_lowercase().next().unwrap_or(base);
    match lower {
        'a' | 'æ' | 'а' | 'я' | 'α' => 1,
        'e' | 'ə' | 'ɛ' | 'ǝ' | 'е' | 'э' | 'є' | 'ε' | 'η' => 2,
        'i' | 'y' | 'ı' | 'и' | 'ы' | 'і' | 'ι' => 3,
        'o' | 'ø' | 'œ' | 'ɔ' | 'о' | 'ο' | 'ω' => 4,
        'u' | 'у' | 'ю' | 'υ' => 5,
        'h' => 6,
        'b'..='z' => lower as u8 - b'a' + 6,
        c if c.is_alphabetic() => 7 + (c as u32 % 25) as u8,
        _ => 0,
    }
}

impl Spelling {
    /// The spelling of a word.
    pub fn of(word: &str, begins_sentence: bool) -> Self {
        let mut packed = 0;
        let codes = word.chars().map(code).filter(|&code| code > 0);
        for (n, code) in codes.take(LETTERS).enumerate() {
            packed |= u64::from(code) << (n * 5);
        }
        Spelling::from_bits(packed | if begins_sentence { BEGINS_SENTENCE } else { 0 })
    }

    /// Whether the word begins a sentence.
    pub fn begins_sentence(self) -> bool {
        self.bits() & BEGINS_SENTENCE != 0
    }

    fn letters(self, into: &mut [u8; LETTERS]) -> &[u8] {
        let bits = self.bits();
        let codes = (0..LETTERS).map(|n| (bits >> (n * 5) & 31) as u8);
        into.iter_mut().zip(codes).for_each(|(letter, code)| *letter = code);
        let length = into.iter().position(|&code| code == 0).unwrap_or(LETTERS);
        &into[..length]
    }

    /// Whether the word is a single letter.
    pub fn is_letter(self) -> bool {
        let code = |n: usize| self.bits() >> (n * 5) & 31;
        code(0) != 0 && code(1) == 0
    }

    /// Whether one of two words is a single letter and the other a longer word that it begins. An initial is that only beside
    /// the rest of its name, see `substitutions`: "A" begins sentences, and names the first of many blocks and lines.
    pub fn is_initial_of(self, other: Spelling) -> bool {
        self.is_letter() != other.is_letter() && self.bits() & 31 == other.bits() & 31
    }

    /// Whether two words are spellings or forms of one name: the same letters; the same consonants, doubled or not, with
    /// other vowels; one letter of many; another ending; an abbreviation. Single letters are not: each is another.
    pub fn is_variant_of(self, other: Spelling) -> bool {
        if self.is_letter() || other.is_letter() {
            return false;
        }
        let first = |spelling: Spelling| (spelling.bits() & 31) as u8;
        let same_first = first(self) == first(other);
        // Most words end here: those that begin with different consonants are no variants.
        if !same_first && first(self) > LAST_VOWEL && first(other) > LAST_VOWEL {
            return false;
        }
        let (mut a, mut b) = ([0; LETTERS], [0; LETTERS]);
        let (a, b) = (self.letters(&mut a), other.letters(&mut b));
        if a == b {
            return true;
        }
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let begins = long.starts_with(short);
        if short.len() < LEAST_LETTERS {
            return begins && short.len() >= LEAST_ABBREVIATION && (long.len() > 5 || long.len() - short.len() == 1);
        }
        let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
        if same >= LEAST_LETTERS && long.len() - same <= 2 {
            return true;
        }
        // Norton and Morton are two places.
        same_first && long.len() > LEAST_LETTERS && differ_in_one(short, long, same)
            || consonants(short).eq(consonants(long)) && distance(short, long) * 2 <= long.len()
    }
}

/// Whether two words that share their first `same` letters, and no more, are one edit apart: they differ in one letter, or the
/// longer has one more.
fn differ_in_one(short: &[u8], long: &[u8], same: usize) -> bool {
    let (short, long) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 => short[1..] == long[1..],
        1 => *short == long[1..],
        _ => false,
    }
}

/// The consonants of a word, each run of one letter once.
fn consonants(letters: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let mut last = 0;
    letters.iter().copied().filter(|&code| code > LAST_VOWEL).filter(move |&code| {
        let new = code != last;
        last = code;
        new
    })
}

/// The edit distance of two words (Levenshtein 1965).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: [usize; LETTERS + 1] = std::array::from_fn(|n| n);
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Appends the names of a run of tokens of `text`, of which the first is body word `first`.
pub fn names(text: &str, tokens: &[Token], run: (u32, u32), first: u32, into: &mut Vec<Name>) {
    for at in run.0..run.1 {
        let token = tokens[at as usize];
        if !token.capital || token.word.is_number() {
            continue;
        }
        let before = (at > 0).then(|| tokens[at as usize - 1]);
        let begins = before.is_none_or(|before| {
            let word = &text[before.start as usize..before.end() as usize];
            let short = before.capital && before.len <= 4 && !word.contains('.');
            begins_sentence(&text[before.end() as usize..token.start as usize], short)
        });
        let spelling = Spelling::of(&text[token.start as usize..token.end() as usize], begins);
        into.push(Name { at: first + at - run.0, spelling });
    }
}

/// Whether what stands between two words ends a sentence. `short`: after a short capitalised word a stop is rather that of
/// an abbreviation ("Dr. Weber").
fn begins_sentence(between: &str, short: bool) -> bool {
    let (mut comma, mut quote) = (false, false);
    for c in between.chars() {
        match c {
            '.' if short => {}
            '.' | '!' | '?' | ':' | ';' | '…' | '\n' | '\r' | '•' | '|' | '¿' | '¡' | '·' => return true,
            ',' => comma = true,
            '"' | '“' | '„' | '«' | '»' | '”' | '‘' | '\'' => quote = true,
            _ => {}
        }
    }
    comma && quote
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn variants(a: &str, b: &str) -> bool {
        let (a, b) = (Spelling::of(a, false), Spelling::of(b, true));
        assert_eq!(a.is_variant_of(b), b.is_variant_of(a));
        a.is_variant_of(b)
    }

    #[test]
    fn spellings_of_one_name() {
        for (a, b) in [
            ("Sodiq", "Sodeeq"),
            ("Abdulrasheed", "Abdulrashid"),
            ("Folashade", "Folasade"),
            ("U.S", "US"),
            ("Müller", "Muller"),
            ("Gov", "Governor"),
            ("Tour", "Touré"),
            ("Mohammed", "Muhammad"),
            ("Сазоново", "Сазонове"),
            ("Алексей", "Алексею"),
            ("Θεσσαλονίκη", "Θεσσαλονικη"),
        ] {
            assert!(variants(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("Osun", "Ogun"),
            ("Iran", "Iraq"),
            ("Farrowby", "Netherscale"),
            ("Kirchheim", "Kirchhain"),
            ("Северодвинск", "Северодонецк"),
            ("Mali", "Bali"),
            ("Benue", "Borno"),
            ("Norton", "Morton"),
            ("Вишневе", "Лишневе"),
            ("A", "Ashley"),
            ("J", "John"),
            ("В", "Верхнегорка"),
            ("D", "A"),
            ("И", "Ы"),
        ] {
            assert!(!variants(a, b), "{a} {b}");
        }
    }

    #[test]
    fn words_that_differ_in_one_letter_are_one_edit_apart() {
        let words: Vec<Vec<u8>> = (0..400u64)
            .map(|n| (0..4 + n % 4).map(|i| (crate::hash::constant(n * 16 + i) % 2) as u8 + 7).collect())
            .collect();
        for (a, b) in
            words.iter().flat_map(|a| words.iter().map(move |b| (a, b))).filter(|(a, b)| a.len() <= b.len() && a != b)
        {
            let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
            assert_eq!(differ_in_one(a, b, same), distance(a, b) == 1, "{a:?} {b:?}");
        }
    }

    #[test]
    fn initials_of_names() {
        let initial = |a: &str, b: &str| Spelling::of(a, false).is_initial_of(Spelling::of(b, true));
        for (a, b) in [("J", "John"), ("Carla", "C"), ("А", "Александр"), ("É", "Edith"), ("Ł", "Łukasz")]
        {
            assert!(initial(a, b), "{a} {b}");
        }
        for (a, b) in [("J", "Carla"), ("J", "J"), ("D", "A"), ("John", "Joan"), ("", "A")] {
            assert!(!initial(a, b), "{a} {b}");
        }
    }

    fn found(text: &str) -> Vec<(&str, bool)> {
        let (mut tokens, mut found) = (Vec::new(), Vec::new());
        tokenize(text, 0, &mut tokens);
        names(text, &tokens, (0, tokens.len() as u32), 0, &mut found);
        let of = |name: &Name| tokens[name.at as usize];
        let word = |name: &Name| &text[of(name).start as usize..of(name).end() as usize];
        found.iter().map(|name| (word(name), name.spelling.begins_sentence())).collect()
    }

    #[test]
    fn where_sentences_begin() {
        assert_eq!(
            found("The mayor of Rome spoke. She said: “We thank Dr. Weber.” Then Anna left, “Bye”."),
            [
                ("The", true),
                ("Rome", false),
                ("She", true),
                ("We", true),
                ("Dr", false),
                ("Weber", false),
                ("Then", true),
                ("Anna", false),
                ("Bye", true),
            ]
        );
        assert_eq!(found("Школа в Сазонове. Она стоит"), [("Школа", true), ("Сазонове", false), ("Она", true)]);
        assert_eq!(found("望溪区图书馆 हिन्दी"), []);
    }
}
