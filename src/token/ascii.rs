//! Words of ASCII letters and digits, which most words of most texts are: the fast path.

use super::{STEM, Token, Word, continues_word, mark, number, push, wide_run};
use crate::hash;

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// A letter or a digit.
pub(super) const WORD: u8 = LETTER | DIGIT;
/// A sign that may be a token or begin one.
pub(super) const SIGN: u8 = 4;

/// The class of each ASCII byte; 0 separates words.
pub(super) const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        class[b] = if byte.is_ascii_alphabetic() {
            LETTER
        } else if byte.is_ascii_digit() {
            DIGIT
        } else if matches!(byte, b'&' | b'$' | b'%' | b'<' | b'>') {
            SIGN
        } else {
            0
        };
        b += 1;
    }
    class
};

/// The effect of the byte after a word.
pub(super) const AFTER: [u8; 128] = {
    let mut after = [0; 128];
    after[b'\'' as usize] = JOINT;
    after[b'`' as usize] = JOINT;
    after[b'.' as usize] = JOINT;
    after[b',' as usize] = JOINT;
    after[b'-' as usize] = HYPHEN;
    after[b'+' as usize] = MARK;
    after[b'#' as usize] = MARK;
    after[b'&' as usize] = MARK;
    after
};

/// It joins the word to a letter or digit after it.
const JOINT: u8 = 1;
/// It belongs to the grade that a word of one or two letters may be.
const HYPHEN: u8 = 2;
/// It belongs to the word, or a character that belongs to it is spelt with it.
const MARK: u8 = 3;

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|&b| CLASS[b as usize] & WORD != 0 || b >= 0x80)
}

/// Returns whether a word of `len` letters or digits that ends before `end` may be more than that.
#[inline(always)]
fn goes_on(bytes: &[u8], end: usize, len: usize) -> bool {
    match AFTER[bytes[end] as usize & 127] {
        0 => false,
        JOINT => is_word(bytes.get(end + 1)),
        HYPHEN => len <= 2,
        _ => true,
    }
}

/// Returns whether the characters around a number may belong to it: a sign, a group of digits, an exponent, the lower part
/// of a fraction.
fn is_dressed(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map_or(b' ', |at| bytes[at]);
    let after =
        matches!(bytes[end], b' ' | b'/' | b'^' | b'\'' | b'`') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    after || matches!(before, b'-' | b'+' | b'$') || before >= 0x80
}

/// Classifies eight bytes at once: the high bit of each byte is set where it is an ASCII letter or digit, and where it
/// is a digit.
#[inline(always)]
fn classify(chunk: u64) -> (u64, u64) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // Sums of seven-bit values do not carry into the next byte; the high bit shows whether a value reaches `least`.
    let reaches = |value: u64, least: u8| (value & !HIGH) + u64::from(0x80 - least) * EACH;
    let lower = chunk | (0x20 * EACH);
    let letters = reaches(lower, b'a') & !reaches(lower, b'z' + 1);
    let digits = reaches(chunk, b'0') & !reaches(chunk, b'9' + 1);
    let ascii = !chunk & HIGH;
    ((letters | digits) & ascii, digits & ascii)
}

/// Returns the short word that nearly every word is: fewer than eight letters and digits, nothing joined to it. `None` if
/// it is not one. Without loops, since where a word ends is what a processor cannot guess.
#[inline(always)]
fn short_word(bytes: &[u8], start: usize) -> Option<(usize, Word)> {
    let chunk = u64::from_le_bytes(bytes.get(start..start + 8)?.try_into().ok()?);
    let (word, digits) = classify(chunk);
    let len = ((word ^ 0x8080_8080_8080_8080).trailing_zeros() / 8) as usize;
    let next = *bytes.get(start + len)?;
    if len == 8 || next >= 0x80 || goes_on(bytes, start + len, len) {
        return None;
    }
    let kept = (1u64 << (8 * len)) - 1;
    let lower = (chunk | 0x2020_2020_2020_2020) & kept;
    let hash = hash::finish(hash::step(hash::start(len), lower));
    let digit = digits & kept != 0;
    // A number among letters may be several words, or a value with its unit.
    if digit && (word & !digits & kept != 0 || is_dressed(bytes, start, start + len)) {
        return None;
    }
    let cut = if digit { len } else { len.min(STEM) };
    let stem = hash::finish(hash::step(hash::start(cut), lower & ((1u64 << (8 * cut)) - 1)));
    Some((len, Word::new(hash, stem, len, digit)))
}

/// Reads the word at `start`, which begins with an ASCII letter or digit; returns where to go on.
#[inline]
pub(super) fn ascii_word(text: &str, start: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    if let Some((len, word)) = short_word(bytes, start) {
        push(tokens, base, start, start + len, word, bytes[start].is_ascii_uppercase());
        return start + len;
    }
    long_word(text, start, base, tokens)
}

/// Does what [`ascii_word`] does for all words, one byte at a time.
pub(super) fn long_word(text: &str, start: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let mut seen = 0;
    let mut part = start;
    let mut longest = (start, start);
    let mut i = start;
    loop {
        while CLASS[at(i) as usize] & WORD != 0 {
            seen |= CLASS[at(i) as usize];
            i += 1;
        }
        if i - part > longest.1 - longest.0 {
            longest = (part, i);
        }
        let (before, joint, after) = (CLASS[at(i - 1) as usize], at(i), CLASS[at(i + 1) as usize] & WORD);
        let joins = match joint {
            b'\'' => before == LETTER && after == LETTER,
            b'.' if before == LETTER => i - part == 1 && after == LETTER && CLASS[at(i + 2) as usize] & WORD == 0,
            b'.' | b',' => before == DIGIT && after == DIGIT,
            _ => false,
        };
        if !joins {
            break;
        }
        i += 1;
        part = i;
    }
    if (at(i) >= 0x80 || matches!(at(i), b'&' | b'\'' | b'`')) && continues_word(text, i) {
        return wide_run(text, start, i, base, tokens);
    }
    if seen & DIGIT != 0 {
        let place = number::Place { text, start, end: i, base };
        return number::push(place, &text[start..i].to_ascii_lowercase(), tokens);
    }
    let hash = hash_ascii(bytes, start, i);
    let stem = match longest {
        (from, to) if to - from > STEM => hash_ascii(bytes, from, from + STEM),
        (from, to) if to - from < i - start => hash_ascii(bytes, from, to),
        _ => hash,
    };
    let word = Word::new(hash, stem, i - start, false);
    let (end, word) = mark::suffix(text, start, i, word).unwrap_or((i, word));
    push(tokens, base, start, end, word, bytes[start].is_ascii_uppercase());
    end
}

/// Returns [`hash::bytes`] of `bytes[start..end]` in lower case. All of them are letters, digits or joiners, for which
/// setting bit 5 is lower-casing.
#[inline]
fn hash_ascii(bytes: &[u8], start: usize, end: usize) -> u64 {
    const LOWER: u64 = 0x2020_2020_2020_2020;
    let mut state = hash::start(end - start);
    let mut i = start;
    while i + 8 <= end {
        let chunk: [u8; 8] = bytes[i..i + 8].try_into().expect("eight bytes");
        state = hash::step(state, u64::from_le_bytes(chunk) | LOWER);
        i += 8;
    }
    if i < end {
        let kept = u64::MAX >> (64 - 8 * (end - i));
        let chunk = match bytes.get(i..i + 8) {
            Some(ahead) => u64::from_le_bytes(ahead.try_into().expect("eight bytes")),
            None => {
                let mut last = [0; 8];
                last[..end - i].copy_from_slice(&bytes[i..end]);
                u64::from_le_bytes(last)
            }
        };
        state = hash::step(state, (chunk | LOWER) & kept);
    }
    hash::finish(state)
}
