//! segment: Document -> Segments.
//!
//! A text is cut into paragraphs, and on request each paragraph into sentences. Everything is a byte span into the
//! original text; the tokens are worked out in the same go, once for all stages.

mod cut;
mod line;
mod paragraph;
mod sentence;

pub use cut::{Cut, Paragraph, cut};
pub use line::Line;
pub use paragraph::paragraphs;
pub use sentence::sentences;
