//! Marks that make another word: currencies and percent beside a number, `<` and `>` before one, `C++` and `C#`, a grade `A-`.
//! Signs that state a fact are in `fact_sign`.

use super::{Token, Word, fact_sign};
use crate::hash;

/// Returns the character that a sign of a currency, of percent, or of less and more, is folded to.
pub(super) fn sign(c: char) -> Option<char> {
    match c {
        '%' | '٪' | '％' | '﹪' => Some('%'),
        '‰' => Some('‰'),
        '<' | '＜' => Some('<'),
        '>' | '＞' => Some('>'),
        '≤' | '⩽' => Some('≤'),
        '≥' | '⩾' => Some('≥'),
        _ => currency(c),
    }
}

/// Returns the sign of a currency in its usual width.
pub(super) fn currency(c: char) -> Option<char> {
    match c {
        '＄' | '﹩' => Some('$'),
        '￠' => Some('¢'),
        '￡' => Some('£'),
        '￥' => Some('¥'),
        '￦' => Some('₩'),
        '$' | '¢'..='¥' | '֏' | '؋' | '৲' | '৳' | '૱' | '௹' | '៛' | '₠'..='₿' | '\u{20c0}' | '﷼' => {
            Some(c)
        }
        _ => None,
    }
}

/// Returns whether a character is the sign of a currency.
pub(super) fn is_currency(c: char) -> bool {
    currency(c).is_some()
}

/// Returns the word that a sign is.
pub(super) fn sign_word(sign: char) -> Word {
    let hash = hash::bytes(sign.encode_utf8(&mut [0; 4]).as_bytes());
    Word::new(hash, hash, 1, false)
}

/// Appends the token of the sign at `at` if a number is next to it, at most one space apart, and returns where to go on.
/// Elsewhere a sign is part of a name or of code.
pub(super) fn push_sign(text: &str, at: usize, base: u32, tokens: &mut Vec<Token>) -> usize {
    let c = text[at..].chars().next().expect("a sign is at the place");
    let end = at + c.len_utf8();
    let Some(folded) = sign(c) else { return fact_sign::push(text, at, c, base, tokens) };
    let number = |nearby: &mut dyn Iterator<Item = char>| match nearby.next() {
        Some(c) if is_space(c) || matches!(c, '-' | '−' | '+') => nearby.next().is_some_and(char::is_numeric),
        next => next.is_some_and(char::is_numeric),
    };
    let after = number(&mut text[end..].chars());
    let is_beside = match folded {
        // A bracket of markup stands at its tag; a quotation, at the head of its line.
        '<' | '>' => after && is_apart(&text[..at]),
        '≤' | '≥' => after,
        _ => after || number(&mut text[..at].chars().rev()),
    };
    if is_beside {
        super::push(tokens, base, at, end, sign_word(folded), false);
    }
    end
}

/// Returns whether a space, or an opening bracket, parts what follows from the text before it in its line.
fn is_apart(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.ends_with(|c| is_space(c) || matches!(c, '(' | '[' | '{')) && !line.trim().is_empty()
}

/// Returns whether a character is a space that may separate a number from its sign.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// Returns where the marks end that belong to the word before `end`, and the word with them: `C++`, `C#`, `Canal+`, and
/// the grade or blood group `A-`. `None` if it has no marks.
pub(super) fn suffix(text: &str, start: usize, end: usize, word: Word) -> Option<(usize, Word)> {
    let bytes = text.as_bytes();
    // The sign of minus is typed as a hyphen on most keyboards.
    let (mark, minus) = match *bytes.get(end)? {
        _ if text[end..].starts_with('−') => (b'-', '−'.len_utf8()),
        mark => (mark, 1),
    };
    let after = match mark {
        b'#' => end + 1,
        b'+' => end + bytes[end..].iter().take(2).take_while(|&&b| b == b'+').count(),
        b'-' if is_grade(&bytes[start..end]) => end + minus,
        _ => return None,
    };
    let next = bytes.get(after).copied().unwrap_or(b' ');
    // "C++11" is the language and a number; "a+b" and "a#b" are two words each.
    if next >= 0x80 || next.is_ascii_alphabetic() || mark != b'+' && next.is_ascii_digit() || next == mark {
        return None;
    }
    if mark == b'+' && after == end + 1 && next.is_ascii_digit() {
        return None;
    }
    // "A- und B-Klassen": a word is left out after the hyphen, which is no minus.
    if mark == b'-' && minus == 1 && next == b' ' && bytes.get(after + 1).is_some_and(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let marks = if mark == b'-' { b"-" } else { &bytes[end..after] };
    Some((after, word.marked(hash::bytes(marks))))
}

/// Returns whether a word is a grade, or a blood group.
fn is_grade(word: &[u8]) -> bool {
    matches!(word, [b'A'..=b'F'] | b"O" | b"AB")
}
