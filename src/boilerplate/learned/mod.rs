//! Finds boilerplate by how it repeats.
//!
//! * Lines: [`LineKeys`] counts all lines and their parts roughly, [`Lines`] those that are frequent exactly, in documents that
//!   are otherwise different. [`LineSurvey`] decides about the lines of one document; `alternatives` finds lines that are
//!   values ("Verdict: True"), which are content.
//! * Phrases: [`Recurring`] counts runs of words that a source, or any source, repeats.
//! * Stubs: [`stub`] compares the titles of the documents that have one text.
//! * Stuffing: [`stuffing`] counts the phrases of one document.
//!
//! All counts are sums, so that those of parts of a corpus merge in any order.

mod alternatives;
mod line_keys;
mod line_survey;
mod lines;
mod recurring;
mod repeats;
mod stub;
mod stuffing;
mod thresholds;

pub use line_keys::{LineKeys, line_key};
pub use line_survey::LineSurvey;
pub use lines::{LineCounts, Lines};
pub use recurring::{Recurring, enough};
pub use stub::{Stub, StubLength, StubText, stub, stub_text};
pub use stuffing::{Stuffed, stuffing};
pub use thresholds::{LearnedThresholds, STOCK};
