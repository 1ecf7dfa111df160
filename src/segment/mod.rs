//! segment: Document -> Segments.
//!
//! A text is cut into paragraphs, and on request each paragraph into sentences. Everything is a byte span into the
//! original text; the tokens are worked out in the same go, once for all stages.
//!
//! ```
//! use flong::{Document, segment};
//! let document = Document::new("1", "Maize prices rose. Beans did not.\n\nNobody was hurt.");
//! let cut = segment::cut(&document);
//! assert_eq!((cut.paragraphs.len(), cut.tokens.len()), (2, 9));
//! ```

mod cut;
mod line;
mod paragraph;
mod sentence;

pub use cut::{Cut, Paragraph, cut};
pub use line::Line;
pub use paragraph::paragraphs;
pub use sentence::sentences;
