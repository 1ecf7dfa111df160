//! one_call: answers about one text, two texts or a list of texts, with default parameters and in one call.
//!
//! Each is a short composition of stages. Whoever needs other parameters, titles, sources or dates composes the stages.

mod compare;
mod dedupe;
mod strip;

pub use compare::{Comparison, compare};
pub use dedupe::{Deduped, Dropped, dedupe};
pub use strip::{Removed, Stripped, strip, strip_known};
