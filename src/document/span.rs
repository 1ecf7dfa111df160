//! Pieces of texts.

use serde::{Deserialize, Serialize};

/// A piece of a text: UTF-8 byte offsets, end exclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to `end`.
    ///
    /// # Panics
    /// If an offset does not fit 32 bits: `read` refuses longer texts.
    pub fn new(start: usize, end: usize) -> Self {
        let fit = |n: usize| u32::try_from(n).expect("texts are at most 4 GiB: read refuses longer ones");
        Span { start: fit(start), end: fit(end) }
    }

    /// Returns its length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Returns whether it is empty.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns it as a range, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the text that it covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
}
