//! Numbers: one word for one number, however it is grouped, signed or joined to a unit.

use super::fold::{is_apostrophe, is_ignorable};
use super::mark::{currency, is_currency};
use super::{Token, Word};
use crate::hash;

/// Longest number that is brought to one form, in bytes; a longer one is hashed as written.
const LONGEST_BYTES: usize = 64;

/// A text of a few bytes on the stack. One that grows too long is spoilt and says so.
#[derive(Clone, Copy)]
pub(super) struct Buffer {
    bytes: [u8; LONGEST_BYTES],
    len: usize,
}

impl Buffer {
    pub fn new() -> Self {
        Buffer { bytes: [0; LONGEST_BYTES], len: 0 }
    }

    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
        }
        self.len += 1;
    }

    pub fn extend(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.push(byte));
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len.min(LONGEST_BYTES)]
    }

    fn is_whole(&self) -> bool {
        self.len <= LONGEST_BYTES
    }
}

/// Letters before a number that say what is counted, not which number it is: naira, rand, rupees, version.
const PREFIXES: &[&[u8]] = &[b"n", b"r", b"rs", b"v"];

/// Endings of ordinal numbers.
const ORDINAL: &[&str] =
    &["st", "nd", "rd", "th", "er", "re", "ere", "ère", "e", "eme", "ème", "è", "o", "a", "de", "ste", "te"];

/// Units that are written close to the number or apart from it. Those that make another word of it are left out: the
/// 1990s, 5G, 3D.
const UNITS: &[&str] = &[
    "km", "m", "cm", "mm", "kg", "mg", "ml", "kw", "kwh", "mw", "mwh", "gw", "gwh", "kb", "mb", "gb", "tb", "hz",
    "khz", "mhz", "ghz", "am", "pm", "min", "hrs", "mph", "kmh", "ft", "lb", "lbs", "yr", "yrs", "mn", "b", "bn", "tn",
    "trn", "million", "billion", "trillion", "ha", "км", "м", "см", "мм", "кг", "г", "руб",
];

/// Codes of currencies that are written close before a number or apart from it.
const CODES: &[&str] =
    &["usd", "eur", "gbp", "jpy", "cny", "inr", "ngn", "kes", "ghs", "zar", "chf", "brl", "ksh", "sh", "rub"];

/// The surroundings of a number in its text.
pub(super) struct Place<'t> {
    pub text: &'t str,
    /// First byte of its letters and digits.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Position of the text's first byte in the document.
    pub base: u32,
}

/// Appends the tokens of a word with digits, which reads `folded`, and returns where to go on. A sign before it and
/// groups of digits after it belong to it; a unit that is joined to it is a word of its own.
pub(super) fn push(place: Place, folded: &str, tokens: &mut Vec<Token>) -> usize {
    let Place { text, mut start, mut end, base } = place;
    let first = start;
    let after_last = tokens.last().map_or(0, |token| token.end().saturating_sub(base) as usize);
    let mut put = |start: usize, end: usize, word: Word, letter: usize| {
        let capital = text[letter..end].chars().next().is_some_and(char::is_uppercase);
        super::push(tokens, base, start, end, word, capital);
    };
    let sign = sign_before(text, start);
    if let Some((at, _)) = sign {
        start = at.max(after_last.min(start));
    }
    let sign = sign.map(|(_, sign)| sign);
    let mut grouped = Buffer::new();
    if folded.len() <= 3 && folded.bytes().all(|b| b.is_ascii_digit()) {
        grouped.extend(folded.as_bytes());
        end = groups(text, first, end, &mut grouped);
        end = joined(text, first, end, &mut grouped);
        put(start, end, word(&grouped, sign), first);
        return end;
    }
    let mut whole = Buffer::new();
    whole.extend(folded.as_bytes());
    if let Some(code) = CODES.iter().find(|code| split_before(text, first, end, folded, code)) {
        let at = first + code.len();
        put(start, at, plain(code), first);
        whole = Buffer::new();
        whole.extend(&folded.as_bytes()[code.len()..]);
        put(at, end, word(&whole, None), at);
        return end;
    }
    if let Some(unit) = UNITS.iter().find(|unit| split_after(text, first, end, folded, unit)) {
        let at = end - unit.len();
        whole = Buffer::new();
        whole.extend(&folded.as_bytes()[..folded.len() - unit.len()]);
        put(start, at, word(&whole, sign), first);
        put(at, end, plain(unit), at);
        return end;
    }
    if let Some(after) = half_of_day(text, first, end, folded) {
        whole = Buffer::new();
        whole.extend(&folded.as_bytes()[..folded.len() - 1]);
        put(start, end - 1, word(&whole, sign), first);
        let half = text[end - 1..after].to_ascii_lowercase();
        put(end - 1, after, super::word(&half).unwrap_or_else(|| plain(&half)), end - 1);
        return after;
    }
    if folded.as_bytes().last().is_some_and(u8::is_ascii_digit) {
        end = joined(text, first, end, &mut whole);
        if folded.contains('.') {
            end = before_release(text, end, &mut whole);
        }
    }
    put(start, end, word(&whole, sign), first);
    end
}

/// Returns the word of a unit or a code.
fn plain(folded: &str) -> Word {
    let hash = hash::bytes(folded.as_bytes());
    Word::new(hash, hash, folded.chars().count(), false)
}

/// Returns whether the text between two places begins with letters that are followed by nothing but a number.
fn split_before(text: &str, start: usize, end: usize, folded: &str, code: &str) -> bool {
    folded.starts_with(code)
        && text[start..end].get(..code.len()).is_some_and(|letters| letters.eq_ignore_ascii_case(code))
        && folded[code.len()..].starts_with(|c: char| c.is_ascii_digit())
}

/// Returns whether the text between two places is a number that ends in a unit.
fn split_after(text: &str, start: usize, end: usize, folded: &str, unit: &str) -> bool {
    let number = |text: &str| {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let prefix = &text.as_bytes()[..text.len() - digits.len()];
        (prefix.is_empty() || PREFIXES.contains(&prefix))
            && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b','))
            && !digits.is_empty()
    };
    folded.strip_suffix(unit).is_some_and(number)
        && text[start..end].len() == folded.len()
        && text[start..end].get(folded.len() - unit.len()..).is_some_and(|letters| letters.to_lowercase() == *unit)
}

/// Returns where the half of the day ends that is joined to an hour: `8a.m.`, `11.30p.m.`; its last stop is left out.
fn half_of_day(text: &str, start: usize, end: usize, folded: &str) -> Option<usize> {
    let hour = folded.strip_suffix(['a', 'p'])?;
    let is_hour = !hour.is_empty() && hour.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b','));
    let rest = text.as_bytes().get(end..end + 2)?;
    let ends = text.as_bytes().get(end + 2).is_none_or(|b| !b.is_ascii_alphanumeric() && *b < 0x80);
    (is_hour && end - start == folded.len() && rest.eq_ignore_ascii_case(b".m") && ends).then_some(end + 2)
}

/// Most groups after the first that plain spaces separate: more are a row of a table.
const SPACED_GROUPS: usize = 3;

/// Reads groups of three digits that are separated from the number before them by a space or an apostrophe (`1 000
/// 000,50`), with the decimals after them, and returns where they end.
fn groups(text: &str, start: usize, end: usize, number: &mut Buffer) -> usize {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut read = *number;
    let (mut after, mut found, mut spaced) = (end, 0, false);
    while let Some(separator) = text[after..].chars().next().filter(|&c| is_group_separator(c)) {
        let at = after + separator.len_utf8();
        let group = digit(at) && digit(at + 1) && digit(at + 2);
        // "12 345th" and "100 200m" are two numbers.
        if !group || bytes.get(at + 3).is_some_and(u8::is_ascii_alphanumeric) {
            break;
        }
        read.extend(&bytes[at..at + 3]);
        (after, found, spaced) = (at + 3, found + 1, spaced || separator == ' ');
    }
    let in_row = text[..start].ends_with(' ')
        && text[..start].trim_end_matches(' ').ends_with(|c: char| c.is_ascii_digit())
        || bytes.get(after) == Some(&b' ') && digit(after + 1);
    if found == 0 || spaced && (found > SPACED_GROUPS || in_row) {
        return end;
    }
    *number = read;
    if matches!(bytes.get(after), Some(b'.' | b',')) && digit(after + 1) {
        let decimals = bytes[after + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        number.push(b'.');
        number.extend(&bytes[after + 1..after + 1 + decimals]);
        after += 1 + decimals;
    }
    after
}

fn is_group_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}') || is_apostrophe(c)
}

/// Reads what a stroke joins to a number: the lower part of a fraction (`3/4`), an exponent (`10^6`). Returns where it ends.
fn joined(text: &str, start: usize, end: usize, number: &mut Buffer) -> usize {
    let bytes = text.as_bytes();
    let stroke = match bytes.get(end) {
        Some(&stroke @ (b'/' | b'^')) => stroke,
        _ => return end,
    };
    let digits = bytes[end + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let after = end + 1 + digits;
    let before = number.bytes().len();
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    let goes_on =
        matches!(bytes.get(after), Some(b'/' | b'.' | b',')) && bytes.get(after + 1).is_some_and(u8::is_ascii_digit);
    let alone = !(goes_on || bytes.get(after).is_some_and(is_word));
    let below = &bytes[end + 1..after];
    let proper = (before, number.bytes()) < (digits, below);
    let whole = match stroke {
        b'^' => true,
        // Of a date or a path only the last part is a number of its own.
        _ => before <= 2 && proper && !text[..start].ends_with('/'),
    };
    if digits == 0 || digits > 3 || !alone || !whole {
        return end;
    }
    number.push(stroke);
    number.extend(below);
    after
}

/// Names of what comes before a release, or right after it. Those of one letter need a number after them.
const BEFORE_RELEASE: &[&str] = &[
    "alpha",
    "beta",
    "rc",
    "pre",
    "preview",
    "dev",
    "snapshot",
    "nightly",
    "canary",
    "milestone",
    "final",
    "sp",
    "post",
    "a",
    "b",
    "m",
    "p",
];

/// Reads what comes after the number of a version and tells it from the release (`2.1.0-rc2`, `2.1.0-beta.1`), and returns
/// where it ends.
fn before_release(text: &str, end: usize, number: &mut Buffer) -> usize {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(end), Some(b'-' | b'~' | b'_')) {
        return end;
    }
    let count = |from: usize, is: fn(&u8) -> bool| bytes[from..].iter().take_while(|b| is(b)).count();
    let letters = end + 1 + count(end + 1, u8::is_ascii_alphabetic);
    let name = text[end + 1..letters].to_ascii_lowercase();
    let stop = usize::from(bytes.get(letters) == Some(&b'.') && bytes.get(letters + 1).is_some_and(u8::is_ascii_digit));
    let after = letters + stop + count(letters + stop, u8::is_ascii_digit);
    let numbered = after > letters + stop;
    let goes_on = bytes.get(after).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'-' | b'_'));
    if goes_on || !BEFORE_RELEASE.contains(&&*name) || name.len() == 1 && !numbered {
        return end;
    }
    number.extend(name.as_bytes());
    number.extend(&bytes[letters + stop..after]);
    after
}

/// Finds the sign of the number at `start`: where it begins and which it is. A hyphen is a minus after a space or an
/// opening bracket, not in `COVID-19`, `2019-20` or `5 -10`.
fn sign_before(text: &str, start: usize) -> Option<(usize, u8)> {
    let before = &text[..start];
    let mut ahead = before.char_indices().rev().filter(|&(_, c)| !is_ignorable(c));
    let (mut at, mut c) = ahead.next()?;
    if is_currency(c) {
        (at, c) = ahead.next()?;
    }
    let sign = match c {
        '+' | '＋' => return Some((at, b'+')),
        '-' | '−' | '－' | '﹣' | '–' => b'-',
        _ => return None,
    };
    let mut opens = ahead.map(|(_, c)| c);
    match opens.next() {
        None | Some('\n' | '\r') => Some((at, sign)),
        Some(c) if c.is_whitespace() => {
            let last = opens.find(|c| !c.is_whitespace());
            let capitals = last.is_some_and(char::is_uppercase) && opens.next().is_some_and(char::is_uppercase);
            // A list of ranges or a sum, or a name: "5 -10", "5 – 10", "COVID -19".
            (!capitals && !last.is_some_and(|c| c.is_numeric() || c == '%')).then_some((at, sign))
        }
        Some('(' | '[' | '{' | '"' | '“' | '„' | '«' | '=' | '<' | '>' | '~' | '≈' | ':' | ',' | ';' | '/' | '|') => {
            Some((at, sign))
        }
        Some(c) => currency(c).map(|_| (at, sign)),
    }
}

/// Packs a number: its word is hashed from one form of it, its stem from its value alone.
pub(super) fn word(folded: &Buffer, sign: Option<u8>) -> Word {
    let text = folded.bytes();
    let mut spelt = Buffer::new();
    let mut value = Buffer::new();
    sign.into_iter().for_each(|sign| spelt.push(sign));
    sign.into_iter().filter(|&sign| sign == b'-').for_each(|sign| value.push(sign));
    let prefix = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let last = text.iter().rposition(u8::is_ascii_digit).map_or(text.len(), |last| last + 1).max(prefix);
    let (core, suffix) = (&text[prefix..last], &text[last..]);
    spelt.extend(&text[..prefix]);
    if !PREFIXES.contains(&&text[..prefix]) {
        value.extend(&text[..prefix]);
    }
    let from = spelt.len;
    canonical(core, &mut spelt);
    value.extend(&spelt.bytes()[from.min(LONGEST_BYTES)..]);
    spelt.extend(suffix);
    // The versions 4.2.0a and 4.2.0b are two; no ordinal number has a mark in it.
    if prefix > 0 || !core.iter().all(u8::is_ascii_digit) || !ORDINAL.iter().any(|ending| ending.as_bytes() == suffix) {
        value.extend(suffix);
    }
    let whole = folded.is_whole() && spelt.is_whole();
    let (spelt, value) = if whole { (spelt.bytes(), value.bytes()) } else { (text, text) };
    Word::new(hash::bytes(spelt), hash::bytes(value), spelt.len(), true)
}

/// Writes a number without the marks that group its digits and with a point before its decimals.
fn canonical(core: &[u8], out: &mut Buffer) {
    let count = |mark: u8| core.iter().filter(|&&b| b == mark).count();
    let (points, commas) = (count(b'.'), count(b','));
    let last = core.iter().rposition(|b| matches!(b, b'.' | b','));
    let (group, decimals) = match (points, commas, last) {
        (0, 0, _) | (_, _, None) => return out.extend(core),
        (1.., 1.., Some(last)) => (if core[last] == b'.' { b',' } else { b'.' }, Some(last)),
        (_, _, Some(last)) if points + commas > 1 => (core[last], None),
        // One mark alone groups where three digits follow it.
        (_, _, Some(last)) if is_grouped(core, core[last]) && core[0] != b'0' => (core[last], None),
        (_, _, Some(last)) => (b' ', Some(last)),
    };
    let whole = &core[..decimals.unwrap_or(core.len())];
    if group != b' ' && !is_grouped(whole, group) {
        // A version, a date, an address: the marks separate numbers.
        return out.extend(core);
    }
    whole.iter().filter(|&&b| b != group).for_each(|&b| out.push(b));
    if let Some(decimals) = decimals {
        out.push(b'.');
        out.extend(&core[decimals + 1..]);
    }
}

/// Returns whether marks separate a number into groups of three digits, or of two before the last as in India.
fn is_grouped(core: &[u8], mark: u8) -> bool {
    let mut parts = core.rsplit(|&b| b == mark);
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if !parts.next().is_some_and(|part| part.len() == 3 && digits(part)) {
        return false;
    }
    let mut rest: Vec<&[u8]> = parts.collect();
    let first = rest.pop();
    let even = [2, 3].iter().any(|&len| rest.iter().all(|part| part.len() == len && digits(part)));
    even && first.is_some_and(|part| (1..=3).contains(&part.len()) && digits(part))
}
