//! Words of plain letters of all scripts with spaces, by a table: the fast path beside that of ASCII.

use std::sync::LazyLock;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::ascii::{AFTER, CLASS, WORD};
use super::fold::{accents_of, is_accented, is_apostrophe, push_any, without_accents};
use super::{STEM, Word, is_spaceless};
use crate::hash;

/// One past the last character of the table: Latin with all its accents.
const END: usize = 0x1f00;

/// Bytes of the longest word that is read here.
const MAX_BYTES: usize = 96;

/// A letter as it is folded. The default stands for a character that is not read here.
#[derive(Debug, Clone, Copy, Default)]
struct Letter {
    /// The folded letter; 0 if the character is not read here.
    folded: u16,
    /// The folded letter without its accent.
    plain: u16,
    /// Whether [`is_accented`] holds of the folded letter.
    accented: bool,
    /// Whether it is a mark of the letter before it.
    mark: bool,
    /// Whether it is a capital letter as it is written.
    capital: bool,
}

static LETTERS: LazyLock<Vec<Letter>> =
    LazyLock::new(|| (0..END as u32).map(|c| char::from_u32(c).map_or_else(Letter::default, Letter::of)).collect());

impl Letter {
    fn of(c: char) -> Letter {
        let joins = c.is_alphabetic() || is_combining_mark(c);
        let mut folded = String::new();
        if joins && is_stable(c) && !is_spaceless(c) && !is_apostrophe(c) {
            push_any(&mut folded, c);
        }
        let mut only = folded.chars();
        let (Some(letter), None) = (only.next(), only.next()) else { return Letter::default() };
        let accented = is_accented(letter);
        let plain = if accented { without_accents(&folded).chars().next() } else { None };
        let [folded, plain] = [letter, plain.unwrap_or(letter)].map(|c| u16::try_from(u32::from(c)).unwrap_or(0));
        Letter { folded, plain, accented, mark: is_combining_mark(c), capital: c.is_uppercase() }
    }

    fn read(c: char, letters: &[Letter]) -> Letter {
        match letters.get(c as usize) {
            Some(&letter) => letter,
            None if ('가'..='힣').contains(&c) => Letter { folded: c as u16, plain: c as u16, ..Letter::default() },
            None => Letter::default(),
        }
    }
}

/// Whether NFKC changes nothing in a word of such characters: none composes with the one before it, and none changes places with
/// another. Of the marks with a combining class, only viramas (class 9) are taken, whose order cannot change.
fn is_stable(c: char) -> bool {
    is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes && matches!(canonical_combining_class(c), 0 | 9)
}

/// Letters as UTF-8.
struct Bytes {
    bytes: [u8; MAX_BYTES],
    len: usize,
}

impl Bytes {
    fn push(&mut self, letter: u16) {
        let c = char::from_u32(u32::from(letter)).unwrap_or_default();
        self.len += c.encode_utf8(&mut self.bytes[self.len..]).len();
    }
}

/// A word that was read here.
pub(super) struct Read {
    pub word: Word,
    /// One past its last byte.
    pub end: usize,
    /// Whether it begins with a capital letter.
    pub capital: bool,
}

/// Reads the word at `start` if it is nothing but letters, and what follows cannot belong to it.
pub(super) fn read(text: &str, start: usize) -> Option<Read> {
    let letters = &LETTERS[..];
    let first = Letter::read(text[start..].chars().next()?, letters);
    if first.folded == 0 || first.mark {
        return None;
    }
    let mut folded = Bytes { bytes: [0; MAX_BYTES], len: 0 };
    let mut plain = Bytes { bytes: [0; MAX_BYTES], len: 0 };
    let (mut characters, mut stem, mut end, mut accented) = (0, None, text.len(), false);
    for (at, c) in text[start..].char_indices() {
        let letter = Letter::read(c, letters);
        if letter.folded == 0 {
            if !parts_words(c) {
                return None;
            }
            end = start + at;
            break;
        }
        // A letter takes at most three bytes, folded or not.
        if folded.len.max(plain.len) + 3 > MAX_BYTES {
            return None;
        }
        if !letter.mark {
            if characters == STEM {
                stem = Some(plain.len);
            }
            characters += 1;
        }
        accented |= letter.accented;
        folded.push(letter.folded);
        plain.push(letter.plain);
    }
    let (folded, plain) = (&folded.bytes[..folded.len], &plain.bytes[..plain.len]);
    let word = Word::new(hash::bytes(plain), hash::bytes(&plain[..stem.unwrap_or(plain.len())]), characters, false);
    let accents = if accented { accents_of(folded) } else { 0 };
    Some(Read { word: word.with_accents(accents), end, capital: first.capital })
}

/// Whether a character ends the word before it, whatever follows.
fn parts_words(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => CLASS[c as usize] & WORD == 0 && (AFTER[c as usize] == 0 || matches!(c, '.' | ',')),
        '\u{a0}' | '«' | '»' | '–' | '—' | '“' | '”' | '„' | '…' | '।' | '،' | '؛' | '؟' => true,
        _ => false,
    }
}
