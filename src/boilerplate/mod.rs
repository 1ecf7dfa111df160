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
pub use recurring::{Candidates, Recurring, enough};

/// A stretch of tokens that is not body: indices into a document's tokens, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Aside {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
}
