//! tune: thresholds that fit a sample of texts, from judgments of the pairs that are hard to decide.
//!
//! [`borderline`] proposes pairs to judge: those whose evidence is nearest to a threshold, on both sides. [`tune`] takes the
//! judgments, says what each value of each threshold would do, and chooses the values with the fewest mistakes; a run with
//! them confirms the choice, or the defaults stay.
//!
//! ```
//! use flong::eval::{Labels, Options, TableFormat};
//! use flong::tune::tune;
//! use flong::{Document, Params};
//!
//! let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
//! let documents = [Document::new("a", text), Document::new("b", text)];
//! let Labels::Pairs(judged) = Labels::parse("a,b,label\na,b,copy\n", TableFormat::Csv, None)? else { unreachable!() };
//! let tuned = tune(&documents, &Params::default(), &judged, &Options::default())?;
//! assert!(tuned.chosen.is_empty(), "the defaults make no mistake");
//! # Ok::<(), String>(())
//! ```

mod borderline;
mod choose;
mod judgments;

pub use borderline::{Borderline, borderline};
pub use choose::{Chosen, Tuned, tune};
pub use judgments::{judged_of, judgments_table};
