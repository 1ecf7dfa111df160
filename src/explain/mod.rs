//! explain: why two documents match or do not, and what of a document is not body, in words and bytes of the texts.
//!
//! [`pair`] holds two documents against each other within their corpus: what was set aside, what was measured, the thresholds,
//! the numbers and names that both have or that differ, the rule that decided, and where the texts differ. [`document`] shows
//! one document piece by piece. What they return can be written as JSON as it is.

mod document;
mod pair;
mod words;

pub use document::{ExplainedDocument, PieceOfText, document};
pub use pair::{ExplainedPair, FactPair, Measured, Passed, Side, WayOfMatching, pair};
