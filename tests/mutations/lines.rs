//! Mutators of text that stands in lines: tables, settings, heads of records, and what flong writes.

#![allow(clippy::ptr_arg)] // all mutators are functions of one type

use std::ops::Range;

use super::bytes::Mutator;
use super::random::Random;

/// For anything in lines.
pub const MUTATORS: &[Mutator] = &[change_lines, change_lines, change_number, change_ends];

/// For tables.
pub const OF_TABLES: &[Mutator] = &[change_field, change_separators, change_lines, change_number, change_ends];

/// For TOML.
pub const OF_SETTINGS: &[Mutator] = &[change_value, change_value, change_key, change_lines, change_number];

/// Numbers in words, at which things tend to break.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "1e999",
    "0x10",
    "00000000000000000001",
    "3.5",
];

/// Where the lines stand, with their ends.
fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut at = 0;
    let line = |line: &[u8]| {
        at += line.len();
        at - line.len()..at
    };
    bytes.split_inclusive(|&byte| byte == b'\n').map(line).collect()
}

/// Drops, doubles, moves or swaps lines, or cuts one in two.
fn change_lines(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let all = lines(bytes);
    if all.is_empty() {
        return;
    }
    let line = random.pick(&all).clone();
    let target = random.pick(&all).start;
    let piece = bytes[line.clone()].to_vec();
    match random.below(6) {
        0 => drop(bytes.drain(line)),
        1 => drop(bytes.splice(target..target, piece)),
        2 => {
            let last = random.pick(&all).clone();
            bytes.drain(line.start.min(last.start)..line.end.max(last.end));
        }
        3 => {
            bytes.drain(line.clone());
            let target = if target > line.start { target - line.len() } else { target };
            bytes.splice(target..target, piece);
        }
        4 => {
            let at = line.start + random.below(line.len());
            bytes.insert(at, b'\n');
        }
        _ => {
            let others = lines(other);
            if !others.is_empty() {
                bytes.splice(line, other[random.pick(&others).clone()].iter().copied());
            }
        }
    }
}

/// Where the numbers stand that are written in digits.
fn numbers(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match found.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

/// Lets a number say something else: more or less by a little, or something at which things tend to break.
fn change_number(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let all = numbers(bytes);
    if all.is_empty() {
        return;
    }
    let range = random.pick(&all).clone();
    let value = std::str::from_utf8(&bytes[range.clone()]).ok().and_then(|digits| digits.parse::<u64>().ok());
    let near = value.map(|value| value.wrapping_add(random.size(64) as u64).wrapping_sub(32).to_string());
    let odd = || String::from(*random.pick(&NUMBERS));
    let new = near.filter(|_| range.start.is_multiple_of(2)).unwrap_or_else(odd);
    bytes.splice(range, new.into_bytes());
}

/// Lets lines end in another way, one of them or all.
fn change_ends(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let end = *random.pick(&["\r\n", "\r", "\n\n", "\u{2028}", "", "\r\r\n", "\n\r"]);
    let all = random.one_in(4);
    let ends: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').collect();
    if ends.is_empty() {
        return;
    }
    let chosen = *random.pick(&ends);
    let mut changed = Vec::with_capacity(bytes.len() + 8);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' if all || at == chosen => changed.extend_from_slice(end.as_bytes()),
            _ => changed.push(byte),
        }
    }
    *bytes = changed;
}

/// Puts in quotes and separators, or takes them out.
fn change_field(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let special: Vec<usize> = (0..bytes.len()).filter(|&at| b"\",;\t|\n".contains(&bytes[at])).collect();
    if special.is_empty() {
        return;
    }
    for _ in 0..random.size(4) {
        let at = *random.pick(&special);
        let at = if at < bytes.len() { at } else { continue };
        let new = *random.pick(&["\"", "\"\"", "\"\"\"", ",", ";", "\t", "|", "\" ", " \"", "\"x", "\r", "\"\n", ""]);
        match random.below(3) {
            0 => drop(bytes.splice(at..at, new.bytes())),
            1 => drop(bytes.splice(at + 1..at + 1, new.bytes())),
            _ => drop(bytes.splice(at..at + 1, new.bytes())),
        }
    }
}

/// Lets another separator stand between the fields, in one line or in all.
fn change_separators(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let separators = b",;\t|";
    let (old, new) = (*random.pick(separators), *random.pick(separators));
    let all = lines(bytes);
    if all.is_empty() {
        return;
    }
    let range = if random.one_in(2) { 0..bytes.len() } else { random.pick(&all).clone() };
    bytes[range].iter_mut().filter(|byte| **byte == old).for_each(|byte| *byte = new);
}

/// Gives a key of TOML a value of another type.
fn change_value(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let mut all = lines(bytes);
    all.retain(|line| bytes[line.clone()].contains(&b'='));
    if all.is_empty() {
        return;
    }
    let values = [
        "1",
        "-1",
        "0",
        "true",
        "[]",
        "{}",
        "\"\"",
        "\"FL\"",
        "[1, \"a\"]",
        "[[\"x\"]]",
        "{ a = 1 }",
        "1e999",
        "nan",
        "1979-05-27T07:32:00Z",
        "\"\\u0000\"",
        "'''a\nb'''",
        "\"FL101\"",
        "[\"FL1\", \"FL9\"]",
        "\"near\"",
        "\"off\"",
        "9223372036854775808",
        "\"[\"",
        "\"**\"",
        "[\"{a\"]",
        "\"source:\"",
        "\"field:\"",
        "\"from:\"",
        "",
    ];
    let line = random.pick(&all).clone();
    let equals = line.start + bytes[line.clone()].iter().position(|&byte| byte == b'=').unwrap_or_default();
    let value = *random.pick(&values);
    bytes.splice(equals + 1..line.end, format!(" {value}\n").into_bytes());
}

/// Renames a key of TOML, or opens a table.
fn change_key(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let all = lines(bytes);
    if all.is_empty() {
        return;
    }
    let names = ["text-field", "leve", "a.b.c", "\"\"", "\"FL1\"", "severity", "markers", "threads", "ignore-in", "é"];
    let (name, line) = (*random.pick(&names), random.pick(&all).clone());
    let equals = bytes[line.clone()].iter().position(|&byte| byte == b'=');
    let new = match (random.below(3), equals) {
        (0, _) | (_, None) => return drop(bytes.splice(line.start..line.start, format!("[{name}]\n").into_bytes())),
        (1, _) => return drop(bytes.splice(line.start..line.start, format!("[[{name}]]\n").into_bytes())),
        (_, Some(_)) => format!("{name} "),
    };
    bytes.splice(line.start..line.start + equals.unwrap_or_default(), new.into_bytes());
}
