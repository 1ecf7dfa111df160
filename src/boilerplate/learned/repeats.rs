//! The parts of a line that repeat, with the number of documents that have them.

use serde::{Deserialize, Serialize};

/// The number of otherwise different documents of its source that have a line, with its varying parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Repeats {
    /// The number of documents.
    pub documents: u32,
    /// A bit for each of 64 classes of the varying part's hash.
    pub variants: u64,
}

impl Repeats {
    pub fn add(&mut self, variant: u64) {
        self.documents += 1;
        self.variants |= 1 << (variant >> 58);
    }
}

/// The part of a line that varies: a range of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its first token, an index into the document's.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
    /// Whether it is the document's title.
    pub titled: bool,
}

/// The part of a line that repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The line itself.
    Whole(Repeats),
    /// The line itself, in other sources too. The varying part is the source.
    Anywhere(Repeats),
    /// The line except for its numbers.
    Numbers(Repeats),
    /// A frame around words that vary.
    Frame(Repeats, Slot),
}

impl Found {
    /// Returns how often it is repeated.
    pub fn repeats(&self) -> Repeats {
        let (Found::Whole(repeats) | Found::Anywhere(repeats) | Found::Numbers(repeats) | Found::Frame(repeats, _)) =
            *self;
        repeats
    }
}
