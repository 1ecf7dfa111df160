//! Mutators of JSON: of JSON Lines, JSON Feeds, baselines, ledgers and layouts. What is JSON no more is mutated too.

use std::ops::Range;

use super::bytes::Mutator;
use super::random::Random;

/// All of them.
pub const MUTATORS: &[Mutator] = &[change_value, change_string, change_member, rename, nest];

/// Values at which things tend to break.
const VALUES: [&str; 28] = [
    "null",
    "true",
    "0",
    "-0",
    "-1",
    "1e999",
    "1E-400",
    "4294967295",
    "4294967296",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "0.1e1",
    "01",
    "NaN",
    "\"\"",
    "\" \"",
    "\"\\ud800\"",
    "\"\\udc00\\ud83d\"",
    "\"\\u0000\"",
    "\"\\u\"",
    "[]",
    "{}",
    "[null]",
    "[[\"a\"]]",
    "{\"text\": \"inner\"}",
    "{\"\": {\"\": 1}}",
    "\"two words\"",
];

/// Pieces of a string at which things tend to break.
const PIECES: [&str; 16] = [
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\ude00",
    "\\u0000",
    "\\u000a",
    "\\n\\n",
    "\\\\",
    "\\/",
    "\\\"",
    "\"",
    "\\",
    "\\x",
    "\t",
    "\\u202e",
    "\\ufeff",
    "\\r\\n",
];

/// Names that something is expected under.
const NAMES: [&str; 20] = [
    "text",
    "id",
    "title",
    "date",
    "url",
    "source",
    "items",
    "version",
    "content_html",
    "content_text",
    "records",
    "line_ends",
    "kept",
    "document",
    "start",
    "end",
    "raw",
    "record",
    "",
    "a.b",
];

/// What a piece of JSON is.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    String,
    Scalar,
    Mark,
}

/// The tokens of what may be JSON.
fn tokens(bytes: &[u8]) -> Vec<(Token, Range<usize>)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'"' => {
                while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
                found.push((Token::String, start..at));
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => found.push((Token::Mark, start..at)),
            byte if byte.is_ascii_alphanumeric() || byte == b'-' => {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || b"+-.".contains(&bytes[at])) {
                    at += 1;
                }
                found.push((Token::Scalar, start..at));
            }
            _ => {}
        }
    }
    found
}

/// A member of an object: its name and its value.
struct Member {
    name: Range<usize>,
    value: Range<usize>,
}

/// Some member of an object.
fn member(random: &mut Random, bytes: &[u8]) -> Option<Member> {
    let tokens = tokens(bytes);
    let is = |at: usize, mark: u8| tokens.get(at).is_some_and(|(_, range)| bytes[range.start] == mark);
    let names: Vec<usize> = (0..tokens.len()).filter(|&at| tokens[at].0 == Token::String && is(at + 1, b':')).collect();
    if names.is_empty() {
        return None;
    }
    let name = *random.pick(&names);
    let first = tokens.get(name + 2)?.1.clone();
    let (mut depth, mut end) = (0usize, first.end);
    for (_, range) in &tokens[name + 2..] {
        match bytes[range.start] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        end = range.end;
        if depth == 0 {
            break;
        }
    }
    Some(Member { name: tokens[name].1.clone(), value: first.start..end })
}

/// Lets a value be another.
fn change_value(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let Some(Member { value, .. }) = member(random, bytes) else { return };
    let new = random.pick(&VALUES).as_bytes().to_vec();
    let new = match member(random, bytes) {
        Some(other) if random.one_in(3) => bytes[other.value].to_vec(),
        _ => new,
    };
    bytes.splice(value, new);
}

/// Puts escapes into a string.
fn change_string(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let strings: Vec<_> = tokens(bytes).into_iter().filter(|(token, _)| *token == Token::String).collect();
    if strings.is_empty() {
        return;
    }
    let (_, range) = random.pick(&strings).clone();
    let at = range.start + 1 + random.below(range.len().saturating_sub(1));
    let piece = random.pick(&PIECES).repeat(random.size(3));
    bytes.splice(at.min(bytes.len())..at.min(bytes.len()), piece.into_bytes());
}

/// Drops, doubles or moves a member.
fn change_member(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let Some(Member { name, value }) = member(random, bytes) else { return };
    let whole = name.start..value.end.max(name.end);
    let piece = [&bytes[whole.clone()], b","].concat();
    match random.below(4) {
        0 => {
            let comma = bytes[whole.end..].iter().position(|byte| !byte.is_ascii_whitespace());
            let comma = comma.filter(|at| bytes[whole.end + at] == b',').map_or(0, |at| at + 1);
            bytes.drain(whole.start..whole.end + comma);
        }
        1 => drop(bytes.splice(whole.start..whole.start, piece)),
        2 => {
            if let Some(Member { name, .. }) = member(random, bytes) {
                bytes.splice(name.start..name.start, piece);
            }
        }
        _ => {
            if let Some(Member { name, value }) = member(random, other) {
                let piece = [&other[name.start..value.end.max(name.end)], b","].concat();
                bytes.splice(whole.start..whole.start, piece);
            }
        }
    }
}

/// Gives a member another name.
fn rename(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let Some(Member { name, .. }) = member(random, bytes) else { return };
    bytes.splice(name, format!("\"{}\"", random.pick(&NAMES)).into_bytes());
}

/// Puts a value into arrays or objects, or a bracket where none belongs.
fn nest(random: &mut Random, bytes: &mut Vec<u8>, _: &[u8]) {
    let Some(Member { value, .. }) = member(random, bytes) else { return };
    let times = random.size(2000);
    let (open, close) = *random.pick(&[("[", "]"), ("{\"a\":", "}"), ("[", ""), ("", "}"), ("{\"text\":[", "]}")]);
    let end = value.end.max(value.start);
    let nested = [open.repeat(times).as_bytes(), &bytes[value.start..end], close.repeat(times).as_bytes()].concat();
    bytes.splice(value.start..end, nested);
}
