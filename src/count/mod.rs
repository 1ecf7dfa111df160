//! count: documents -> [`FirstCounts`], [`Row`]s and [`SecondCounts`] -> [`Knowledge`]: what the corpus says of the words,
//! phrases, lines and texts of each of its documents.
//!
//! Counting takes two rounds over the same documents: lines that repeat around words that vary can only be counted in little
//! room once it is known which pieces of lines are frequent at all.
//!
//! 1. [`FirstCounts`]: how often words, shingles and pieces of lines occur. Their sum gives [`FirstKnowledge`]. The [`Row`]s
//!    of the documents, grouped by their keys, give [`Groups`]: what is decided by comparing documents.
//! 2. [`SecondCounts`]: in how many documents that are otherwise different the frequent phrases and lines occur. Their
//!    sum, the first knowledge and the groups give [`Knowledge`].
//!
//! [`Counts`] and [`Known`] hold all of this together, where nothing else joins the rows.
//!
//! Counts are sums: documents may be shared out among threads or machines in any way, and the counts be merged in any order.
//! Counts and knowledge have a byte form with a version, to be sent or kept. Equal ones have equal bytes.
//!
//! ```
//! use flong::count::{FirstCounts, FirstKnowledge, Groups, Row, SecondCounts, Settings};
//! use flong::{Document, segment};
//!
//! let reports = [
//!     "The ferry ran aground.",
//!     "Maize prices rose again on Monday.",
//!     "Four pupils are left at the school of Hollin.",
//!     "Rain delayed the cup final by two hours.",
//!     "Divers inspected the third pier of the bridge.",
//!     "No wool was sold at the autumn fair.",
//! ];
//! let documents = reports.map(|report| Document::new(report, format!("{report}\n\nPrinted on our own press.")));
//!
//! // Two machines count, and one sends its counts to the other.
//! let settings = Settings::default();
//! let mut machines = [FirstCounts::new(settings), FirstCounts::new(settings)];
//! let mut rows = Vec::new();
//! for (number, document) in (0u64..).zip(&documents) {
//!     let cut = segment::cut(document);
//!     machines[number as usize % 2].observe(document, &cut);
//!     rows.push(Row::of(number, document, &cut));
//! }
//! let [mut sum, other] = machines;
//! sum.merge(FirstCounts::from_bytes(&other.to_bytes())?)?;
//! let (first, groups) = (sum.know(), Groups::of(&rows));
//!
//! // For the second round each machine gets what the first gave.
//! let first = FirstKnowledge::from_bytes(&first.to_bytes())?;
//! let mut counts = SecondCounts::new(settings);
//! for (document, row) in documents.iter().zip(&rows) {
//!     counts.observe(&first, document, &segment::cut(document), groups.is_counted(row.number, row.text));
//! }
//! let knowledge = counts.know(first, groups)?;
//!
//! let cut = segment::cut(&documents[0]);
//! let repeated = knowledge.lines(&documents[0], &cut, &[]);
//! assert_eq!(repeated[0].span.of(&documents[0].text), "Printed on our own press.");
//! # Ok::<(), flong::Error>(())
//! ```

mod first;
mod groups;
mod knowledge;
mod rounds;
mod second;
mod shingles;

pub use first::{FirstCounts, FirstKnowledge, Hashes};
pub use groups::{Groups, Row};
pub use knowledge::{Knowledge, short_runs};
pub use rounds::{Counts, Known};
pub use second::SecondCounts;
pub use shingles::Shingles;

use serde::{Deserialize, Serialize};

use crate::{Document, Error, Result, hash};

/// The parameters that counts depend on. Counts with other ones are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Words in a shingle.
    pub shingle: usize,
    /// Whether boilerplate is to be set aside. If not, only words and shingles are counted.
    pub set_aside: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { shingle: 3, set_aside: true }
    }
}

impl Settings {
    /// Refuses counts or knowledge with other settings.
    fn refuse_other(self, other: Settings) -> Result<()> {
        let refuse = |name: &str, mine: String, theirs: String| {
            let message = format!("counts with {name} = {theirs} do not go with counts with {name} = {mine}");
            Err(Error::Usage(format!("{message}; count all documents with the same parameters")))
        };
        if self.shingle != other.shingle {
            return refuse("shingle", self.shingle.to_string(), other.shingle.to_string());
        }
        if self.set_aside != other.set_aside {
            return refuse("set_aside", self.set_aside.to_string(), other.set_aside.to_string());
        }
        Ok(())
    }
}

/// Version of the byte form of counts and knowledge.
const VERSION: u32 = 4;

/// Returns the key of a document's source; all documents without one are of one source.
pub fn source(document: &Document) -> u64 {
    hash::bytes(document.source.as_deref().unwrap_or("").as_bytes())
}

/// Returns the key of a document's text within its source: equal for documents that are equal but for their ids, titles and
/// dates.
pub fn text(document: &Document) -> u64 {
    hash::pair(source(document), hash::bytes(document.text.as_bytes()))
}
