//! The time of day and the time zone in a written date.

use super::tokens::{Kind, Text};
use super::words::{Meaning, meanings, zone};

/// The most tokens that a name has: `dydd`, `tháng 3`, `ก.พ`, `a. m`.
const MAX_NAME_TOKENS: usize = 5;

/// Words before or after a time whose hours and minutes are parted by a stop: `kl. 14.30`, `14.30 Uhr`.
const CLOCK_WORDS: [&str; 11] = ["kl", "klo", "kello", "pukul", "pkl", "jam", "ore", "alle", "uhr", "wib", "wita"];

/// The offset of a time zone from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Ahead(i32),
    /// It has a name that is not known.
    Unknown,
}

/// Returns the half of the day that a word means.
pub(super) fn half(found: &[Meaning]) -> Option<Meaning> {
    found.iter().copied().find(|meaning| matches!(meaning, Meaning::Am | Meaning::Pm))
}

/// Returns the longest known phrase that starts with a token: where it ends, and what it may mean.
pub(super) fn phrase_at(text: &Text, from: usize, used: &[bool]) -> Option<(usize, &'static [Meaning])> {
    text.word(from)?;
    let free = used[from..].iter().take(MAX_NAME_TOKENS).take_while(|used| !**used).count();
    let known = |to: &usize| {
        let words: Vec<&str> = text.phrase(from, *to).split_whitespace().collect();
        let words = words.join(" ");
        // Hebrew writes its `in` at the front of the word.
        let found = match (meanings(&words), words.strip_prefix('ב')) {
            ([], Some(bare)) => meanings(bare),
            (found, _) => found,
        };
        (!found.is_empty()).then_some((*to, found))
    };
    let ends: Vec<usize> = (from + 1..=from + free).rev().collect();
    ends.iter().find_map(known)
}

/// Reads a time of day that starts with a token: where it starts and ends, hour, minute, second, and microseconds.
pub(super) fn clock(text: &Text, from: usize) -> Option<(usize, usize, [i64; 3], i32)> {
    let small = |i: usize| text.number(i).filter(|(_, digits)| *digits <= 2).map(|(value, _)| value);
    let next = |i: usize, sign: char| text.kind(i) == Some(Kind::Sign(sign)) && text.touches(i) && text.touches(i + 1);
    let hour = small(from)?;
    let is_half =
        phrase_at(text, from + 1, &vec![false; text.tokens.len()]).is_some_and(|(_, found)| half(found).is_some());
    if next(from + 1, ':') {
        let minute = small(from + 2)?;
        let Some(second) = small(from + 4).filter(|_| next(from + 3, ':')) else {
            return Some((from, from + 3, [hour, minute, 0], 0));
        };
        let has_fraction = next(from + 5, '.') || next(from + 5, ',');
        let Some((_, digits)) = text.number(from + 6).filter(|_| has_fraction) else {
            return Some((from, from + 5, [hour, minute, second], 0));
        };
        let fraction = format!("{:0<6}", text.phrase(from + 6, from + 7));
        let micros = fraction[..6].parse().unwrap_or_default();
        return (digits > 0).then_some((from, from + 7, [hour, minute, second], micros));
    }
    let apart = |i: usize| text.number(i).filter(|(_, digits)| *digits == 2).map(|(value, _)| value);
    if text.word(from + 1) == Some("h") && text.touches(from + 1) && text.touches(from + 2) {
        return Some((from, from + 3, [hour, apart(from + 2)?, 0], 0));
    }
    let is_clock_word = |i: Option<usize>| i.and_then(|i| text.word(i)).is_some_and(|word| CLOCK_WORDS.contains(&word));
    let stop_before = |i: usize| if text.kind(i) == Some(Kind::Sign('.')) { i.checked_sub(1) } else { Some(i) };
    if next(from + 1, '.') && !next(from + 3, '.') {
        let announced = from.checked_sub(1).and_then(stop_before);
        if is_clock_word(announced) || is_clock_word(Some(from + 3)) {
            return Some((from, from + 3, [hour, apart(from + 2)?, 0], 0));
        }
    }
    // `2 pm`, but not the number of a day before a word that only looks so.
    let short = matches!(text.word(from + 1), Some("am" | "pm" | "a" | "p"));
    (is_half && short && (1..=12).contains(&hour)).then_some((from, from + 1, [hour, 0, 0], 0))
}

/// Reads a time zone that starts with a token, and says where it ends. Right after the time (`close`), a short unknown
/// word is one too.
pub(super) fn zone_at(text: &Text, from: usize, close: bool) -> Option<(Zone, usize)> {
    if let Some(name) = text.word(from) {
        let known = zone(name).filter(|_| close || meanings(name).is_empty());
        if let Some(seconds) = known {
            // `GMT+0100` is what the offset says.
            let offset = offset_at(text, from + 1, true).filter(|_| seconds == 0);
            return Some(offset.map_or((Zone::Ahead(seconds), from + 1), |(ahead, to)| (Zone::Ahead(ahead), to)));
        }
        let is_short = name.len() <= 5 && name.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_path = text.kind(from + 1) == Some(Kind::Sign('/')) && text.word(from + 2).is_some();
        if close && is_path {
            return Some((Zone::Unknown, from + 3));
        }
        let unknown = close && is_short && meanings(name).is_empty();
        return unknown.then_some((Zone::Unknown, from + 1));
    }
    let (ahead, to) = offset_at(text, from, close)?;
    // `+0000 UTC`
    let named = text.word(to).is_some_and(|name| zone(name).is_some() && meanings(name).is_empty());
    Some((Zone::Ahead(ahead), to + usize::from(named)))
}

/// Reads an offset from UTC: `+0100`, `-05:30`, and `+1` right after a time or a zone.
fn offset_at(text: &Text, from: usize, close: bool) -> Option<(i32, usize)> {
    let Some(Kind::Sign(sign @ ('+' | '-'))) = text.kind(from) else { return None };
    let (value, digits) = text.number(from + 1).filter(|_| text.touches(from + 1))?;
    let minutes =
        text.number(from + 3).filter(|(_, digits)| *digits == 2 && text.kind(from + 2) == Some(Kind::Sign(':')));
    let (seconds, to) = match (digits, minutes) {
        (4, _) => (value / 100 * 3600 + value % 100 * 60, from + 2),
        (1 | 2, Some((minutes, _))) => (value * 3600 + minutes * 60, from + 4),
        (1 | 2, None) if close && (!text.tokens[from].spaced || from + 2 == text.tokens.len()) => {
            (value * 3600, from + 2)
        }
        _ => return None,
    };
    // A year or a day after a dash is no offset.
    let fits = seconds <= 14 * 3600 && (close || text.tokens[from].spaced && to == text.tokens.len());
    fits.then_some((if sign == '-' { -seconds as i32 } else { seconds as i32 }, to))
}
