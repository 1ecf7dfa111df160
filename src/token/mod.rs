//! Words, folded and hashed: the alphabet of everything downstream.
//!
//! A token is a run of letters, combining marks and digits. An apostrophe joins letters (`don't`), a point joins single
//! letters (`U.S.A`), a point or comma joins digits (`1,444`, `3.5`). Scripts that are written without spaces give
//! overlapping bigrams of characters instead, a combining mark belonging to the character before it; a number in Chinese
//! characters is a token of its own. A reference to a character (`&nbsp;`, `&#8217;`) is that character.
//!
//! Folding: lower case; compatibility forms composed (NFKC: full and half width, ligatures, decomposed accents); accents
//! kept; apostrophes unified. Dashes and quotes separate words, so their kind cannot matter. Where the same text is written
//! with other characters, these are one: accents and final sigma in Greek, dotted and dotless i in Turkish, ё in Russian,
//! vowel signs in Arabic and Hebrew, yeh, kaf and hamza in Arabic and Persian, the space or joiner within Persian words, digits
//! in all scripts.
//!
//! Marks that make another word belong to it: a minus or plus before a number, `C++`, `C#`, `10²`. The sign of a currency
//! or of percent beside a number is a token of its own. So is a sign that states a fact in place of a word: an arrow up, a check,
//! the stars of a rating, which are a number. A number is the same number however its digits are grouped.

mod ascii;
mod fact_sign;
mod fold;
mod han;
mod letters;
mod mark;
mod number;
mod persian;

use std::borrow::Cow;

use ascii::{CLASS, SIGN, ascii_word};
pub(crate) use fact_sign::alternatives;
pub(crate) use fold::fold_spelling;
use fold::{Folded, characters, fold, is_apostrophe, is_ignorable, is_plain, is_plain_letter};
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

/// One token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The word, as [`word`] packs it: equal for equal folded words.
    pub word: Word,
    /// First byte in the text.
    pub start: u32,
    /// Length in bytes, at most `u16::MAX`: a longer "word" is counted as its hash all the same.
    pub len: u16,
    /// Whether it begins with a capital letter.
    pub capital: bool,
}

impl Token {
    /// Returns one past the last byte in the text.
    pub fn end(&self) -> u32 {
        self.start + u32::from(self.len)
    }
}

/// A folded word as 64 bits: 32 bits of hash of its stem above, then 20 bits of hash of the whole word, both without accents, then
/// 8 bits for its accents, then its length class (3 bits), then whether it holds a digit. The last four bits of a bigram of a script
/// without spaces are 0.
///
/// Accents, length class and digits are functions of the folded word, so equal words still have equal values. Later stages can ask
/// for them without the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Word(pub u64);

/// Letters of a word that says as much as a bigram.
const BIGRAM_LETTERS: usize = 6;

/// A word takes about so many bigrams in scripts without spaces.
pub const BIGRAMS_PER_WORD: usize = 3;

/// Most letters of a stem. Cutting words short is the stemmer that works in any alphabet.
pub const STEM: usize = 6;

impl Word {
    fn new(hash: u64, stem: u64, characters: usize, digit: bool) -> Self {
        Word(Self::hashes(hash, stem) | (characters.clamp(1, 7) as u64) << 1 | u64::from(digit))
    }

    /// The bits that hold the hash of the whole word without accents.
    const HASH: u64 = 0xffff_f000;

    /// The bits that tell its accents.
    const ACCENTS: u64 = 0xff0;

    /// Returns the word without its accents, as in texts that are written without any: `deja` of `déjà`. Only Latin letters
    /// have some; where one marks another letter of a script, it is kept.
    pub fn plain(self) -> Self {
        Word(self.0 & !Self::ACCENTS)
    }

    /// Returns whether it has accents that [`Word::plain`] takes away.
    pub fn is_accented(self) -> bool {
        self.0 & Self::ACCENTS != 0
    }

    fn with_accents(self, accents: u8) -> Self {
        Word(self.0 | u64::from(accents) << 4)
    }

    /// Returns whether the word holds a digit, or a mark that makes another word of it (`C++`).
    pub fn is_number(self) -> bool {
        self.0 & 1 == 1
    }

    /// Marks a word that a mark belongs to (`C++`): its hash is with the mark, its stem without.
    fn marked(self, mark: u64) -> Self {
        Word(self.0 & !(Self::HASH | 0xe) | crate::hash::pair(self.0, mark) & Self::HASH | 1)
    }

    /// Returns whether a mark belongs to the word that makes another word of it: `C++`, `C#`, the grade `A-`.
    pub fn is_marked(self) -> bool {
        self.0 & 0xf == 1
    }

    /// The bigram of a script without spaces that has this hash.
    fn bigram(hash: u64) -> Self {
        Word(Self::hashes(hash, hash))
    }

    /// The bits above the last four.
    fn hashes(hash: u64, stem: u64) -> u64 {
        stem & !0xffff_ffff | hash >> 32 & Self::HASH
    }

    /// Returns whether it is two characters of a script without spaces. Such words overlap.
    pub fn is_bigram(self) -> bool {
        self.0 & 0xf == 0
    }

    /// Its length in characters, 1 to 7, where 7 means seven or more. A bigram says about as much as a word of six letters.
    pub fn length_class(self) -> usize {
        if self.is_bigram() { BIGRAM_LETTERS } else { (self.0 >> 1 & 7) as usize }
    }

    /// Returns the word without its endings: equal for most inflections of one word in languages that inflect at the end.
    /// The stem of a number is its value: equal for `1st` and `1`, `+5` and `5`. A bigram of a script without spaces is its
    /// own stem.
    pub fn stem(self) -> Stem {
        Stem((self.0 >> 32) as u32)
    }
}

/// Fewest words of an article: of the notices that were met under two titles, the longest had 89.
const MIN_ARTICLE_WORDS: usize = 100;

/// Returns whether words are as many as those of an article. Two bigrams of a script without spaces stand for one, since half of
/// them lie across two words.
pub(crate) fn are_as_many_as_of_an_article(words: impl Iterator<Item = Word>) -> bool {
    let halves: usize = words.map(|word| if word.is_bigram() { 1 } else { 2 }).sum();
    halves >= 2 * MIN_ARTICLE_WORDS
}

impl Stem {
    /// Returns the first half of it, by which different stems are nearly always told apart. Of stems in order they are in order.
    pub(crate) fn mark(self) -> u16 {
        (self.0 >> u16::BITS) as u16
    }
}

/// The hash of a word's stem: the first [`STEM`] letters of its longest part between apostrophes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stem(pub u32);

/// Returns the word that a single folded token spells, for looking up known words.
///
/// `None` if the text is not exactly one token.
pub fn word(text: &str) -> Option<Word> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    match tokens[..] {
        [token] => Some(token.word),
        _ => None,
    }
}

/// Returns the words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    tokens.iter().map(|token| token.word).collect()
}

/// Returns the word of a sign that is written beside numbers: of a currency, or of percent. `None` if it is another sign.
pub fn sign_word(c: char) -> Option<Word> {
    mark::sign(c).map(mark::sign_word)
}

/// Returns the word of a number that is written in ASCII digits.
pub fn number_word(digits: &str) -> Option<Word> {
    word(digits).filter(|word| word.is_number())
}

/// Appends the tokens of `text` to `tokens`, with byte positions counted from `base`.
pub fn tokenize(text: &str, base: u32, tokens: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let byte = bytes[i];
        if byte >= 0x80 {
            i = wide_run(text, i, i, base, tokens);
            continue;
        }
        i = match CLASS[byte as usize] {
            0 => i + 1,
            SIGN => ascii_sign(text, i, base, tokens),
            _ => ascii_word(text, i, base, tokens),
        };
    }
}

/// Reads the sign at `i`: an ampersand, which may begin a reference to a character, or the sign of a currency or of
/// percent. Returns where to go on.
fn ascii_sign(text: &str, i: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    if text.as_bytes()[i] != b'&' {
        return mark::push_sign(text, i, base, tokens);
    }
    match crate::reference::character(&text[i..]) {
        Some((_, c)) if is_word_character(c) && !is_spaceless(c) => wide_run(text, i, i, base, tokens),
        Some((length, _)) => i + length,
        None => i + 1,
    }
}

/// Returns whether the character at `i`, which is not ASCII or is an ampersand, goes on with a word that was ASCII so far.
fn continues_word(text: &str, i: usize) -> bool {
    let mut ahead = characters(&text[i..]).map(|(_, c)| c);
    match ahead.next() {
        Some(c) if is_apostrophe(c) => ahead.next().is_some_and(char::is_alphabetic),
        Some(c) => is_ignorable(c) || is_word_character(c) && !is_spaceless(c),
        None => false,
    }
}

/// Reads the word or sign at `start`, of which `start..known` is known to belong to one word and to be ASCII; the rest is
/// decoded. Returns where to go on.
fn wide_run(text: &str, start: usize, known: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    match letters::read(text, start) {
        Some(letters::Read { word, end, capital }) if end > known && !persian::goes_on(text, start, end) => {
            push(tokens, base, start, end, word, capital);
            end
        }
        _ => decoded_run(text, start, known, base, tokens),
    }
}

/// Does what [`wide_run`] does for all characters, each decoded.
fn decoded_run(text: &str, start: usize, known: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let (_, first) = characters(&text[start..]).next().expect("start lies before the end");
    if known == start {
        if is_spaceless(first) {
            return spaceless_run(text, start, base, tokens);
        }
        // A sign that varies the one before it (an emoji) is not a word.
        if !is_word_character(first) || is_apostrophe(first) || is_ignorable(first) {
            return if mark::sign(first).is_some() || fact_sign::is_one(first) {
                mark::push_sign(text, start, base, tokens)
            } else {
                start + first.len_utf8()
            };
        }
    }
    let end = word_end(text, known);
    let end = if persian::is_arabic(first) { persian::whole(text, start, end) } else { end };
    let written = &text[start..end];
    let spelt = if written.contains(' ') { Cow::Owned(written.replace(' ', "")) } else { Cow::Borrowed(written) };
    let Folded { hash, stem, accents, characters, digit, text: folded } = fold(&spelt);
    if folded.is_empty() {
        return end;
    }
    if digit {
        return number::push(number::Place { text, start, end, base }, &folded, tokens);
    }
    let word = Word::new(hash, stem, characters, digit).with_accents(accents);
    let (end, word) = mark::suffix(text, start, end, word).unwrap_or((end, word));
    push(tokens, base, start, end, word, first.is_uppercase());
    end
}

/// Returns where the word ends of which everything before `known` is known to belong to it.
fn word_end(text: &str, known: usize) -> usize {
    let mut end = known;
    let mut before = text[..known].chars().next_back();
    let mut ahead = characters(&text[known..]).map(|(at, c)| (known + at, c)).peekable();
    while let Some((_, c)) = ahead.next() {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || is_combining_mark(c));
        let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        let mut next = || ahead.peek().map(|&(_, c)| c);
        let joins = is_plain_letter(c) && !is_spaceless(c)
            || is_ignorable(c)
            || is_word_character(c) && !is_spaceless(c) && !is_apostrophe(c)
            || is_apostrophe(c) && letter(before) && letter(next())
            || matches!(c, '.' | ',' | '\u{66b}' | '\u{66c}' | '．' | '，') && digit(before) && digit(next());
        if !joins || persian::parts(before, c) {
            break;
        }
        end = ahead.peek().map_or(text.len(), |&(at, _)| at);
        if !is_ignorable(c) {
            before = Some(c);
        }
    }
    end
}

/// Appends the bigrams of a run of a script without spaces; a single character is its own token, and a number is one token.
fn spaceless_run(text: &str, start: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    if let Some((len, digits)) = han::number(text, start) {
        push(tokens, base, start, start + len, number::word(&digits, None), false);
        return start + len;
    }
    let mut starts = Vec::new();
    let mut end = start;
    for (offset, c) in text[start..].char_indices() {
        let (before, ahead) = text.split_at(start + offset);
        let joined = (is_joined(c) || is_second_of_am(before, c)) && !is_first_of_am(ahead);
        if is_spaceless(c) && !joined || starts.is_empty() {
            if offset > 0 && han::number(text, start + offset).is_some() {
                break;
            }
            starts.push(start + offset);
        } else if !joined && !is_ignorable(c) {
            break;
        }
        end = start + offset + c.len_utf8();
    }
    if let [only] = starts[..] {
        let hash = fold(&text[only..end]).hash;
        push(tokens, base, only, end, Word::new(hash, hash, BIGRAM_LETTERS / 2, false), false);
    }
    for (n, pair) in starts.windows(2).enumerate() {
        let to = starts.get(n + 2).copied().unwrap_or(end);
        push(tokens, base, pair[0], to, Word::bigram(bigram_hash(&text[pair[0]..to])), false);
    }
    end
}

/// Whether a text begins with the vowel sign am of Thai or Lao in two characters. In one, it is no mark of the letter before it.
fn is_first_of_am(text: &str) -> bool {
    text.starts_with("\u{e4d}\u{e32}") || text.starts_with("\u{ecd}\u{eb2}")
}

/// Whether a character after `before` is the second of the two that the vowel sign am may be written with.
fn is_second_of_am(before: &str, c: char) -> bool {
    c == '\u{e32}' && before.ends_with('\u{e4d}') || c == '\u{eb2}' && before.ends_with('\u{ecd}')
}

/// Returns the hash of two characters of a script without spaces. Plain ones are folded already.
fn bigram_hash(pair: &str) -> u64 {
    let folded = pair.chars().all(|c| is_spaceless(c) && is_plain(c));
    if folded { crate::hash::bytes(pair.as_bytes()) } else { fold(pair).hash }
}

#[inline]
fn push(tokens: &mut Vec<Token>, base: u32, start: usize, end: usize, word: Word, capital: bool) {
    let len = u16::try_from(end - start).unwrap_or(u16::MAX);
    tokens.push(Token { word, start: base + start as u32, len, capital });
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether a character belongs to the one before it: accents, vowel signs, and the voiced marks of half-width kana.
fn is_joined(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

/// Scripts written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '々' | '〇' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}' | '\u{e01}'..='\u{e4e}' | '\u{e81}'..='\u{ecd}' | '\u{edc}'..='\u{edf}'
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{109f}' | '\u{1780}'..='\u{17d3}')
        && !matches!(c, '\u{30fb}' | '\u{30a0}')
}

#[cfg(test)]
mod tests;
