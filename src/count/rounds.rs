//! Both rounds in one pair of types, for those who have no joins of their own.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{FirstCounts, FirstKnowledge, Groups, Knowledge, Row, SecondCounts, Settings, VERSION};
use crate::segment::Cut;
use crate::{Document, Error, Result, encoding};

/// The counts of one of the two rounds over some documents. Those of the first round hold the [rows](Row) of the documents too,
/// so that nothing has to be joined.
///
/// ```
/// use std::sync::Arc;
///
/// use flong::count::{Counts, Settings};
/// use flong::{Document, segment};
///
/// let documents = [Document::new("a", "The ferry ran aground."), Document::new("b", "Maize prices rose again.")];
/// let mut first = Counts::new(Settings::default());
/// for (number, document) in (0u64..).zip(&documents) {
///     first.observe(number, document, &segment::cut(document))?;
/// }
/// let known = Arc::new(first.know()?);
/// let mut second = Counts::after(&known)?;
/// for (number, document) in (0u64..).zip(&documents) {
///     second.observe(number, document, &segment::cut(document))?;
/// }
/// assert!(second.know()?.all().is_some());
/// # Ok::<(), flong::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Counts {
    round: Round,
    /// The result of the first round, for a machine that counts documents in the second.
    #[serde(skip)]
    before: Option<Arc<Known>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Round {
    First(Box<FirstCounts>, Vec<Row>),
    Second(Box<SecondCounts>),
}

/// The knowledge of a corpus after one of the two rounds, read-only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Known {
    /// After the first.
    First(Box<FirstKnowledge>, Box<Groups>),
    /// After both.
    All(Box<Knowledge>),
}

/// The names of the byte forms.
const COUNTS: &str = "counts";
const KNOWN: &str = "knowledge of a round";

impl Counts {
    /// Returns the counts of no documents in the first round.
    pub fn new(settings: Settings) -> Self {
        Counts { round: Round::First(Box::new(FirstCounts::new(settings)), Vec::new()), before: None }
    }

    /// Returns the counts of no documents in the second round.
    ///
    /// # Errors
    /// If both rounds are over already.
    pub fn after(known: &Arc<Known>) -> Result<Self> {
        let Known::First(first, _) = &**known else {
            let message = "both rounds are over: the second round begins with what the first gave";
            return Err(Error::Usage(message.into()));
        };
        let round = Round::Second(Box::new(SecondCounts::new(first.settings())));
        Ok(Counts { round, before: Some(known.clone()) })
    }

    /// Returns which of the two rounds it is: 1 or 2.
    pub fn round(&self) -> u8 {
        if matches!(self.round, Round::First(..)) { 1 } else { 2 }
    }

    /// Counts a document, which comes with its cut. No other document of the corpus has its number, and it has the same one in
    /// both rounds.
    ///
    /// # Errors
    /// If these are counts of the second round that were read from bytes: they can only be merged.
    pub fn observe(&mut self, number: u64, document: &Document, cut: &Cut) -> Result<()> {
        match (&mut self.round, self.before.as_deref()) {
            (Round::First(counts, rows), _) => {
                let row = Row::of(number, document, cut);
                counts.observe_keyed((row.source, row.text), cut);
                rows.push(row);
            }
            (Round::Second(counts), Some(Known::First(first, groups))) => {
                let keys = (super::source(document), super::text(document));
                counts.observe_keyed(first, keys, cut, groups.is_counted(number, keys.1));
            }
            (Round::Second(_), _) => return Err(without_first()),
        }
        Ok(())
    }

    /// Adds the counts of other documents in the same round.
    ///
    /// # Errors
    /// If they are of the other round, or were made with other parameters.
    pub fn merge(&mut self, other: Counts) -> Result<()> {
        let rounds = (self.round(), other.round());
        match (&mut self.round, other.round) {
            (Round::First(counts, rows), Round::First(more, mut others)) => {
                counts.merge(*more)?;
                rows.append(&mut others);
                Ok(())
            }
            (Round::Second(counts), Round::Second(more)) => counts.merge(*more),
            _ => {
                let message = format!("counts of round {} do not go with counts of round {}", rounds.1, rounds.0);
                Err(Error::Usage(message))
            }
        }
    }

    /// Returns what the counts say, once every document is counted.
    ///
    /// # Errors
    /// If two documents have one number, if the two rounds counted other documents, or if these are counts of the second round
    /// that were read from bytes.
    pub fn know(self) -> Result<Known> {
        match (self.round, self.before.as_deref()) {
            (Round::First(counts, rows), _) => {
                refuse_repeats(&rows)?;
                Ok(Known::First(Box::new(counts.know()), Box::new(Groups::of(&rows))))
            }
            (Round::Second(counts), Some(Known::First(first, groups))) => {
                let (first, groups) = (FirstKnowledge::clone(first), Groups::clone(groups));
                Ok(Known::All(Box::new(counts.know(first, groups)?)))
            }
            (Round::Second(_), _) => Err(without_first()),
        }
    }

    /// Returns the counts as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::to_bytes(COUNTS, VERSION, self)
    }

    /// Reads counts that were written by [`Counts::to_bytes`].
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        encoding::from_bytes(COUNTS, VERSION, bytes)
    }
}

fn without_first() -> Error {
    let message = "counts of the second round that were read from bytes can only be merged, into counts that began with what the \
                   first round gave";
    Error::Usage(message.into())
}

fn refuse_repeats(rows: &[Row]) -> Result<()> {
    let mut numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    numbers.sort_unstable();
    match numbers.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let message =
                format!("two documents have the number {}; number all documents of the corpus in a row", pair[0]);
            Err(Error::Usage(message))
        }
        None => Ok(()),
    }
}

impl Known {
    /// Returns what is known after both rounds; `None` after the first.
    pub fn all(&self) -> Option<&Knowledge> {
        match self {
            Known::All(known) => Some(known),
            Known::First(..) => None,
        }
    }

    /// Returns it as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::to_bytes(KNOWN, VERSION, self)
    }

    /// Reads what was written by [`Known::to_bytes`].
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        encoding::from_bytes(KNOWN, VERSION, bytes)
    }
}
