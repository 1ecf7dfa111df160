//! Words of ASCII letters and digits, which most words of most texts are: the fast path.

use super::{STEM, Token, Word, continues_word, push, wide_run};
use crate::hash;

const LETTER: u8 = 1;
const DIGIT: u8 = 2;

/// What each ASCII byte is; 0 separates words.
pub(super) const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        class[b] = if byte.is_ascii_alphabetic() {
            LETTER
        } else if byte.is_ascii_digit() {
            DIGIT
        } else {
            0
        };
        b += 1;
    }
    class
};

/// Eight bytes at once: the high bit of each byte is set where it is an ASCII letter or digit, and where it is a digit.
#[inline(always)]
fn classify(chunk: u64) -> (u64, u64) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // Sums of seven-bit values do not carry into the next byte; the high bit tells whether a value reaches `least`.
    let reaches = |value: u64, least: u8| (value & !HIGH) + u64::from(0x80 - least) * EACH;
    let lower = chunk | (0x20 * EACH);
    let letters = reaches(lower, b'a') & !reaches(lower, b'z' + 1);
    let digits = reaches(chunk, b'0') & !reaches(chunk, b'9' + 1);
    let ascii = !chunk & HIGH;
    ((letters | digits) & ascii, digits & ascii)
}

/// The short word that nearly every word is: fewer than eight letters and digits, nothing joined to it. `None` if it is
/// not one. Without loops, since where a word ends is what a processor cannot guess.
#[inline(always)]
fn short_word(bytes: &[u8], start: usize) -> Option<(usize, Word)> {
    let chunk = u64::from_le_bytes(bytes.get(start..start + 8)?.try_into().ok()?);
    let (word, digits) = classify(chunk);
    let len = ((word ^ 0x8080_8080_8080_8080).trailing_zeros() / 8) as usize;
    let next = *bytes.get(start + len)?;
    let joint = matches!(next, b'\'' | b'.' | b',');
    if len == 8
        || next >= 0x80
        || joint && bytes.get(start + len + 1).is_some_and(|&b| CLASS[b as usize] != 0 || b >= 0x80)
    {
        return None;
    }
    let kept = (1u64 << (8 * len)) - 1;
    let lower = (chunk | 0x2020_2020_2020_2020) & kept;
    let hash = hash::finish(hash::step(hash::start(len), lower));
    let digit = digits & kept != 0;
    let cut = if digit { len } else { len.min(STEM) };
    let stem = hash::finish(hash::step(hash::start(cut), lower & ((1u64 << (8 * cut)) - 1)));
    Some((len, Word::new(hash, stem, len, digit)))
}

/// Reads the word at `start`, which begins with an ASCII letter or digit; gives where to go on.
#[inline]
pub(super) fn ascii_word(text: &str, start: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    if let Some((len, word)) = short_word(bytes, start) {
        push(tokens, base, start, start + len, word, bytes[start].is_ascii_uppercase());
        return start + len;
    }
    long_word(text, start, base, tokens)
}

/// [`ascii_word`] for all words, one byte at a time.
pub(super) fn long_word(text: &str, start: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let mut seen = 0;
    let mut part = start;
    let mut longest = (start, start);
    let mut i = start;
    loop {
        while CLASS[at(i) as usize] != 0 {
            seen |= CLASS[at(i) as usize];
            i += 1;
        }
        if i - part > longest.1 - longest.0 {
            longest = (part, i);
        }
        let (before, joint, after) = (CLASS[at(i - 1) as usize], at(i), CLASS[at(i + 1) as usize]);
        let joins = match joint {
            b'\'' => before == LETTER && after == LETTER,
            b'.' if before == LETTER => i - part == 1 && after == LETTER && CLASS[at(i + 2) as usize] == 0,
            b'.' | b',' => before == DIGIT && after == DIGIT,
            _ => false,
        };
        if !joins {
            break;
        }
        i += 1;
        part = i;
    }
    if at(i) >= 0x80 && continues_word(text, i) {
        return wide_run(text, start, i, base, tokens);
    }
    let hash = hash_ascii(bytes, start, i);
    let number = seen & DIGIT != 0;
    let stem = match longest {
        _ if number => hash,
        (from, to) if to - from > STEM => hash_ascii(bytes, from, from + STEM),
        (from, to) if to - from < i - start => hash_ascii(bytes, from, to),
        _ => hash,
    };
    push(tokens, base, start, i, Word::new(hash, stem, i - start, number), bytes[start].is_ascii_uppercase());
    i
}

/// [`hash::bytes`] of `bytes[start..end]` in lower case. All of them are letters, digits or joiners, for which setting
/// bit 5 is lower-casing.
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
