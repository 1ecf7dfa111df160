//! Folding: which characters count as the same.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::STEM;
use crate::hash;

/// A word after folding.
pub(super) struct Folded {
    /// The folded text.
    pub text: String,
    /// Hash of the text without accents.
    pub hash: u64,
    /// Hash of the stem, without accents too.
    pub stem: u64,
    /// A hash that tells its accents; 0 if it has none.
    pub accents: u8,
    /// Its length without marks.
    pub characters: usize,
    /// Whether it holds a digit.
    pub digit: bool,
}

/// Letters that NFKC leaves unchanged in any context, of the scripts that most text is in. Their marks are not among them
/// where these compose.
pub(super) fn is_plain_letter(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž'
        | 'Ά' | 'Έ'..='Ί' | 'Ό' | 'Ύ'..='Ρ' | 'Σ'..='ώ' | 'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' | 'א'..='ת' | 'ؠ'..='ي'
        | 'ٱ'..='ٴ' | 'ٹ'..='ۓ' | 'अ'..='ह' | 'ก'..='ะ' | 'ぁ'..='ゖ' | 'ァ'..='ヺ'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '가'..='힣')
}

/// Returns whether a character needs no normalisation to be folded.
pub(super) fn is_plain(c: char) -> bool {
    is_plain_letter(c)
        || c.is_ascii() && c != '&'
        || matches!(c, '’' | 'ा'..='ौ' | '्' | 'ั' | 'ิ'..='ู' | 'เ'..='ๆ' | '็'..='๎' | '\u{64b}'..='\u{652}')
}

/// Folds a word and hashes it.
pub(super) fn fold(word: &str) -> Folded {
    let mut text = String::with_capacity(word.len());
    match word.chars().all(is_plain) {
        true => word.chars().for_each(|c| push(&mut text, c)),
        false => fold_any(word, &mut text),
    }
    let is_mark = |c: char| c >= '\u{300}' && !is_plain_letter(c) && is_combining_mark(c);
    let digit = text.chars().any(|c| c.is_ascii_digit() || !c.is_ascii() && !is_plain_letter(c) && c.is_numeric());
    let accented = text.contains(is_accented);
    let plain = if accented { Cow::Owned(without_accents(&text)) } else { Cow::Borrowed(&text[..]) };
    let hash = hash::bytes(plain.as_bytes());
    let part = match plain.contains('\'') {
        true => plain.split('\'').rev().max_by_key(|part| part.len()).unwrap_or(&plain),
        false => &plain,
    };
    let stem = match part.char_indices().filter(|&(_, c)| !is_mark(c)).nth(STEM) {
        _ if digit => hash,
        Some((end, _)) => hash::bytes(&part.as_bytes()[..end]),
        None if part.len() == plain.len() => hash,
        None => hash::bytes(part.as_bytes()),
    };
    let accents = if accented { accents_of(text.as_bytes()) } else { 0 };
    let characters = text.chars().filter(|&c| !is_mark(c)).count();
    Folded { hash, stem, accents, characters, digit, text }
}

/// Returns the value that tells the accents of a folded word which has some: never 0.
pub(super) fn accents_of(folded: &[u8]) -> u8 {
    (hash::bytes(folded) as u8).max(1)
}

/// Folds a word of any characters: references to characters are resolved, digits of all scripts become ASCII, an exponent
/// is set apart from its base, and what remains is brought to its compatibility form.
fn fold_any(word: &str, folded: &mut String) {
    let mut before = None;
    let spelt = characters(word).flat_map(|(_, c)| {
        let digit_before = before.is_some_and(char::is_numeric);
        before = Some(c);
        spell(c, digit_before)
    });
    spelt.nfkc().for_each(|c| push_any(folded, c));
}

/// Appends a character of a compatibility form as it is folded.
pub(super) fn push_any(folded: &mut String, c: char) {
    match c {
        // Greek accents are part of these characters; they are left out in capitals.
        '\u{1f00}'..='\u{1fff}' => [c].into_iter().nfd().for_each(|c| push(folded, c)),
        '\u{10a0}'.. => c.to_lowercase().for_each(|c| push(folded, c)),
        _ => push(folded, c),
    }
}

/// Returns the characters of a text with the byte where each begins; a reference to a character is that character.
pub(super) fn characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let c = text[at..].chars().next()?;
        let start = at;
        let (length, c) = match c {
            '&' => crate::reference::character(&text[at..]).unwrap_or((1, c)),
            _ => (c.len_utf8(), c),
        };
        at += length;
        Some((start, c))
    })
}

/// Spells out a character that normalisation would lose or does not know: `10²` is not `102`, `2½` not `21/2`.
fn spell(c: char, digit_before: bool) -> impl Iterator<Item = char> {
    let (before, c) = match c {
        c if is_apostrophe(c) => (None, '\''),
        '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '⁻' if digit_before => (Some('^'), c),
        '¼'..='¾' | '⅐'..='⅞' | '↉' if digit_before => (Some('+'), c),
        _ => (None, digit(c).map_or(c, |digit| char::from(b'0' + digit))),
    };
    before.into_iter().chain([c])
}

/// Appends a character as it is folded. Most scripts above Armenian have no capitals.
fn push(folded: &mut String, c: char) {
    match c {
        '\0'..='\u{7f}' if c != '`' => folded.push(c.to_ascii_lowercase()),
        c if is_apostrophe(c) => folded.push('\''),
        c if is_ignorable(c) => {}
        'ß' | 'ẞ' => folded.push_str("ss"),
        // Turkish has two letters i; their capitals are those of other languages too.
        'İ' | 'ı' => folded.push('i'),
        '\u{307}' if folded.ends_with('i') => {}
        // Romanian letters that are written with the cedilla of Turkish ones.
        'ș' | 'Ș' => folded.push('ş'),
        'ț' | 'Ț' => folded.push('ţ'),
        'ё' | 'Ё' => folded.push('е'),
        'Ͱ'..='Ͽ' => folded.push(greek(c)),
        '\u{300}'..='\u{345}' if folded.chars().next_back().is_some_and(|c| matches!(c, 'α'..='ω')) => {}
        '\u{590}'..='\u{5ff}' if is_hebrew_point(c) => {}
        '\u{610}'..='\u{6ef}' => folded.extend(arabic(c)),
        '\u{8d3}'..='\u{8ff}' => {}
        '⁄' => folded.push('/'),
        '−' => folded.push('-'),
        '\u{590}'.. => folded.push(c),
        c => folded.extend(c.to_lowercase()),
    }
}

/// Whether a folded character is a Latin letter that is not ASCII, or an accent.
pub(super) fn is_accented(c: char) -> bool {
    matches!(c, 'à'..='ɏ' | 'ḁ'..='ỿ' | '\u{300}'..='\u{36f}')
}

/// Returns a word in Latin letters without its accents and strokes.
pub(super) fn without_accents(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let letters = word.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    plain.extend(letters.map(|c| match c {
        'ł' => 'l',
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        c if is_accented(c) => {
            let mut base = None;
            decompose_canonical(c, |part| _ = base.get_or_insert(part));
            base.unwrap_or(c)
        }
        c => c,
    }));
    plain
}

/// Returns a Greek letter as it is written in capitals, in lower case: without accent, and no sigma of its own at the end.
fn greek(c: char) -> char {
    match c {
        'ά' | 'Ά' => 'α',
        'έ' | 'Έ' => 'ε',
        'ή' | 'Ή' => 'η',
        'ί' | 'Ί' | 'ϊ' | 'Ϊ' | 'ΐ' => 'ι',
        'ό' | 'Ό' => 'ο',
        'ύ' | 'Ύ' | 'ϋ' | 'Ϋ' | 'ΰ' => 'υ',
        'ώ' | 'Ώ' => 'ω',
        'ς' => 'σ',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Returns an Arabic letter in the form that all keyboards have, or nothing for a mark: Persian and Arabic yeh and kaf,
/// hamza on its carriers, teh marbuta.
fn arabic(c: char) -> Option<char> {
    match c {
        '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' => None,
        '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' => None,
        'آ' | 'أ' | 'إ' | 'ٱ' => Some('ا'),
        'ؤ' => Some('و'),
        'ئ' | 'ى' | 'ی' | 'ې' | 'ۍ' => Some('ي'),
        'ک' | 'ڪ' => Some('ك'),
        'ة' | 'ۀ' | 'ہ' | 'ۂ' | 'ۃ' => Some('ه'),
        '\u{66b}' => Some('.'),
        '\u{66c}' => Some(','),
        c => Some(c),
    }
}

/// Returns a character as folding leaves it, but for its case and its width, or nothing if it says nothing about the word.
pub(crate) fn fold_spelling(c: char) -> Option<char> {
    Some(match c {
        c if is_ignorable(c) || is_hebrew_point(c) || ('\u{8d3}'..='\u{8ff}').contains(&c) => return None,
        c if is_apostrophe(c) => '\'',
        'ё' => 'е',
        'Ё' => 'Е',
        'ș' => 'ş',
        'Ș' => 'Ş',
        'ț' => 'ţ',
        'Ț' => 'Ţ',
        '\u{610}'..='\u{6ef}' => return arabic(c),
        c => c,
    })
}

fn is_hebrew_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}')
}

/// Returns whether a character is an apostrophe, or is typed for one on many keyboards.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇' | '‘' | '‛' | '`' | '´' | '′' | 'ʹ' | 'ʻ' | 'ʽ' | '՚' | '׳')
}

/// Characters inside words that say nothing about which word it is: joiners, the soft hyphen, marks of direction.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{640}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Returns the value of a decimal digit of any script.
fn digit(c: char) -> Option<u8> {
    if c < '\u{660}' {
        return None;
    }
    let zero = ZEROS[..ZEROS.partition_point(|&zero| zero <= c)].last()?;
    let value = c as u32 - *zero as u32;
    (value < 10).then_some(value as u8)
}

/// The zeros of the scripts, in order; the digits one to nine follow each (Unicode 14, general category Nd).
const ZEROS: &[char] = &[
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
];
