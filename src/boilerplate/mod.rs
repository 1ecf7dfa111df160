//! What is not body: found by what it says (language data) and by how it repeats (the corpus).
//!
//! The principle: a passage that repeats across documents that are otherwise different is boilerplate; one that repeats
//! across documents that are otherwise the same is a copy. Boilerplate is set aside before anything is compared.

mod body;
mod echo;
mod frame;
mod recurring;

pub use body::Body;
pub use echo::echo;
pub use frame::{Frames, known_frames};
pub use recurring::{Recurring, enough};

/// What a stretch is that is not body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AsideKind {
    /// A link to another item, inserted into the text: marker and headline.
    InsertedLink,
    /// A call to action: subscribe, share, read more.
    CallToAction,
    /// A line or phrase that the source repeats in documents that are otherwise different.
    RepeatedLine,
    /// The frame that a feed puts around an item, the repeated headline among it.
    Frame,
    /// A credit, byline or dateline.
    Credit,
}

/// A stretch of tokens that is not body: indices into a document's tokens, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aside {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// What it is.
    pub kind: AsideKind,
    /// Whether its extent is certain enough to take it out of the text. What is not is set aside for matching only.
    pub certain: bool,
    /// The strength of the evidence, 0 to 1.
    pub score: f32,
    /// What gave it away, for people.
    pub evidence: &'static str,
}
