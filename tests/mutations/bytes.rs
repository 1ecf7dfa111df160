//! Mutators of bytes, which know nothing of formats.

#![allow(clippy::ptr_arg)] // all mutators are functions of one type

use encoding_rs::{Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

use super::random::Random;

/// Changes bytes; the other input is one to take pieces from.
pub type Mutator = fn(&mut Random, &mut Vec<u8>, &[u8]);

/// All of them.
pub const MUTATORS: &[Mutator] =
    &[flip, insert, delete, double, truncate, splice, repeat, number, junk, odd_text, swap, recode];

/// Numbers at which things tend to break.
const NUMBERS: [u64; 16] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    u64::MAX - 1,
    u64::MAX,
];

/// Characters at which things tend to break: controls, marks of direction and order, line ends, white space, halves of
/// what is one letter, and letters that grow when their case changes.
const CHARACTERS: [&str; 30] = [
    "\0",
    "\u{1}",
    "\u{8}",
    "\u{b}",
    "\u{c}",
    "\r",
    "\n",
    "\r\n",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{9b}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{200f}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{3000}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{10ffff}",
    "e\u{301}",
    "İß",
    "👩‍👩‍👧",
    "\u{f900}",
];

/// Flips a bit, or sets a byte.
fn flip(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    for _ in 0..random.size(8) {
        let at = random.below(bytes.len());
        let value = random.number() as u8;
        if let Some(byte) = bytes.get_mut(at) {
            *byte = if value & 1 == 0 { *byte ^ (1 << (value >> 5)) } else { value };
        }
    }
}

/// Puts bytes in.
fn insert(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let at = random.below(bytes.len() + 1);
    let new: Vec<u8> = (0..random.size(16)).map(|_| random.number() as u8).collect();
    bytes.splice(at..at, new);
}

/// Takes bytes out.
fn delete(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let range = random.range(bytes.len());
    bytes.drain(range);
}

/// Puts a stretch in once more, next to itself or elsewhere.
fn double(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let range = random.range(bytes.len());
    let at = if random.one_in(2) { range.end } else { random.below(bytes.len() + 1) };
    let piece = bytes[range].to_vec();
    bytes.splice(at..at, piece);
}

/// Cuts the end off, or the beginning.
fn truncate(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let len = random.range(bytes.len()).len();
    match random.one_in(4) {
        true => drop(bytes.drain(..len)),
        false => bytes.truncate(bytes.len() - len),
    }
}

/// Goes on as another input does, or takes a stretch of it.
fn splice(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    if random.one_in(2) {
        bytes.truncate(random.below(bytes.len() + 1));
        bytes.extend_from_slice(&other[random.below(other.len() + 1)..]);
    } else {
        let (from, into) = (random.range(other.len()), random.range(bytes.len()));
        bytes.splice(into, other[from].iter().copied());
    }
}

/// Repeats a short stretch many times.
fn repeat(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let range = random.range(bytes.len().min(32));
    let start = random.below(bytes.len().saturating_sub(range.len()) + 1);
    let piece = bytes[start..start + range.len()].to_vec();
    let times = random.size(4000 / piece.len().max(1));
    bytes.splice(start..start, piece.repeat(times));
}

/// Writes a number at which things tend to break over what is there, at a place such as numbers stand at.
fn number(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let width = *random.pick(&[1, 2, 4, 8]);
    let number = *random.pick(&NUMBERS);
    let at = random.below(bytes.len() / width + 1) * width;
    let (big, little) = (number.to_be_bytes(), number.to_le_bytes());
    let new = if random.one_in(2) { &big[8 - width..] } else { &little[..width] };
    if let Some(place) = bytes.get_mut(at..at + width) {
        place.copy_from_slice(new);
    }
}

/// Overwrites a stretch with what is no text, or is one in UTF-16.
fn junk(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let mut range = random.range(bytes.len());
    range.end = range.end.min(range.start + 64);
    let wide = random.one_in(2);
    for (n, byte) in bytes[range].iter_mut().enumerate() {
        *byte = match wide {
            true if n % 2 == 0 => 0,
            true => *byte,
            false => random.number() as u8 | 0x80,
        };
    }
}

/// Puts in characters at which things tend to break.
fn odd_text(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    for _ in 0..random.size(6) {
        let at = random.below(bytes.len() + 1);
        let character = *random.pick(&CHARACTERS);
        bytes.splice(at..at, character.bytes());
    }
}

/// Lets two stretches change places.
fn swap(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let (a, b) = (random.range(bytes.len()), random.range(bytes.len()));
    let (a, b) = if a.start <= b.start { (a, b) } else { (b, a) };
    if a.end <= b.start {
        let parts = [&bytes[..a.start], &bytes[b.clone()], &bytes[a.end..b.start], &bytes[a], &bytes[b.end..]];
        *bytes = parts.concat();
    }
}

/// Writes the text in another encoding, or puts a byte order mark before it.
fn recode(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let encodings: [&Encoding; 5] = [WINDOWS_1252, WINDOWS_1251, SHIFT_JIS, GB18030, ISO_2022_JP];
    let wide = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect();
    *bytes = match random.below(8) {
        0 => wide(&format!("\u{feff}{text}"), u16::to_le_bytes),
        1 => wide(&format!("\u{feff}{text}"), u16::to_be_bytes),
        2 => wide(&text, u16::to_le_bytes),
        3 => wide(&text, u16::to_be_bytes),
        4 => [b"\xef\xbb\xbf", bytes.as_slice()].concat(),
        _ => random.pick(&encodings).encode(&text).0.into_owned(),
    };
}
