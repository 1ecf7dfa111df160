//! The lines of a document, with their tokens.

use crate::segment::lines as cut_lines;
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
    /// How many tokens it has: at least one.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Its tokens as a range.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// The lines of a text that hold tokens, in order.
pub fn lines(text: &str, tokens: &[Token]) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = 0;
    for (_, end) in cut_lines(text) {
        let start = at;
        at += tokens[at..].partition_point(|token| (token.start as usize) < end);
        if at > start {
            found.push(Line { start, end: at });
        }
    }
    found
}
