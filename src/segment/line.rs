//! Lines: what a source sets apart without a blank line, such as a marker, a headline or a frame.

use super::paragraph::lines as broken;
use crate::token::Token;

/// A line that holds tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its first token, an index into the document's.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
}

impl Line {
    /// Returns how many tokens it has: at least one.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Its tokens as a range.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// Returns the lines of a text that hold tokens, in order. Where text was wrapped to a width, a line that goes on with the
/// sentence before it is not a line of its own.
pub(super) fn lines(text: &str, tokens: &[Token]) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let wrapped = is_wrapped(text);
    let (mut at, mut before) = (0, "");
    for (start, end) in broken(text) {
        let first = at;
        at += tokens[at..].partition_point(|token| (token.start as usize) < end);
        let line = text[start..end].trim_end();
        if at > first {
            match found.last_mut() {
                Some(last) if wrapped && goes_on(before, line) => last.end = at,
                _ => found.push(Line { start: first, end: at }),
            }
        }
        before = line;
    }
    found
}

/// The narrowest line that counts as full, and the widest that counts as wrapped, in bytes.
const FULL: std::ops::RangeInclusive<usize> = 40..=100;

/// Returns whether a text was wrapped to a width: no line is longer, and some full line goes on in small letters on the
/// next.
fn is_wrapped(text: &str) -> bool {
    if text.len() <= *FULL.end() || memchr::memchr(b'\n', text.as_bytes()).is_none() {
        return false;
    }
    let mut evidence = false;
    let mut before = "";
    for (start, end) in broken(text) {
        let line = text[start..end].trim_end();
        if line.len() > *FULL.end() {
            return false;
        }
        evidence |= FULL.contains(&before.len()) && !ends(before) && line.starts_with(char::is_lowercase);
        before = line;
    }
    evidence
}

/// Returns whether a line ends a sentence.
fn ends(line: &str) -> bool {
    line.ends_with(['.', '!', '?', ':', '…', '"', '”', '。'])
}

/// Returns whether a line of a wrapped text goes on with the one before: it is not indented, and that one has not ended.
fn goes_on(before: &str, line: &str) -> bool {
    let flush = !line.starts_with(char::is_whitespace);
    !before.is_empty()
        && flush
        && (line.starts_with(char::is_lowercase) || !ends(before) && before.len() >= *FULL.start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn cut(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        tokenize(text, 0, &mut tokens);
        let piece = |line: &Line| &text[tokens[line.start].start as usize..tokens[line.end - 1].end() as usize];
        lines(text, &tokens).iter().map(piece).collect()
    }

    #[test]
    fn each_line_is_one() {
        assert_eq!(cut("Rain fell.\n\n* Read also: Sun\nBy Ann"), ["Rain fell", "Read also: Sun", "By Ann"]);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let wire = "Showers continued throughout the week in the cocoa\nzone, the company\nsaid.\n    The dry period is over\nnow.\n Reuter\n";
        assert_eq!(
            cut(wire),
            [
                "Showers continued throughout the week in the cocoa\nzone, the company\nsaid",
                "The dry period is over\nnow",
                "Reuter"
            ]
        );
    }
}
