//! The document: the unit that is read, judged and written.

mod provenance;
mod span;

use serde::{Deserialize, Serialize};

pub use provenance::{Form, Given, Place, Provenance, Within};
pub use span::Span;

/// One text with its metadata.
///
/// `text` is what every offset in flong's outputs refers to: UTF-8 byte offsets, end exclusive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The document's name in every output. Not necessarily unique: feeds repeat ids.
    pub id: Box<str>,
    /// The site or feed it came from, if known.
    pub source: Option<Box<str>>,
    /// Its headline, if known.
    pub title: Option<Box<str>>,
    /// Its date as written. [`date`](crate::date) reads it.
    pub date: Option<Box<str>>,
    /// Its address, if known.
    pub url: Option<Box<str>>,
    /// The value of the field that `--keep field:NAME` names, if one was asked for.
    pub rank: Option<Box<str>>,
    /// The text itself.
    pub text: Box<str>,
    /// The place where it was read, and what is in its record; empty for a text that was not read. Only what reads, ranks, writes
    /// or points to records looks at it.
    pub provenance: Provenance,
}

impl Document {
    /// Returns a document with an id and a text and nothing else.
    pub fn new(id: impl Into<Box<str>>, text: impl Into<Box<str>>) -> Self {
        Document { id: id.into(), text: text.into(), ..Document::default() }
    }
}

/// A document of a run: its index in the list of documents.
///
/// ```
/// use flong::DocumentId;
///
/// assert_eq!(DocumentId::of(3), DocumentId(3));
/// assert_eq!(["a", "b"][DocumentId(1).index()], "b");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentId(pub u32);

/// A unit of a run: its index in the list of units.
///
/// ```
/// use flong::{Document, Params, UnitId, find};
///
/// let found = find(&[Document::new("a", "Maize prices rose on Monday.")], &Params::default());
/// assert_eq!(found.unit(UnitId(0)).document.index(), 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub u32);

impl DocumentId {
    /// Returns the document at an index.
    ///
    /// # Panics
    /// If the index does not fit 32 bits.
    pub fn of(index: usize) -> Self {
        DocumentId(u32::try_from(index).expect("a run has at most 2^32 documents"))
    }

    /// Returns its index in the run's documents.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl UnitId {
    /// Returns the unit at an index.
    ///
    /// # Panics
    /// If the index does not fit 32 bits.
    pub fn of(index: usize) -> Self {
        UnitId(u32::try_from(index).expect("a run has at most 2^32 units"))
    }

    /// Returns its index in the run's units.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A unit of comparison: a document, or a paragraph or sentence of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its document.
    pub document: DocumentId,
    /// Its piece of the text.
    pub span: Span,
    /// Its size.
    pub grain: Grain,
    /// Its body words: a range of the document's.
    pub words: (u32, u32),
    /// Whether it is a piece that may repeat in its document: an item of a list, or a line of code, of a table or of verse.
    pub is_listed: bool,
}

impl Unit {
    /// Returns the number of its body words: its words without boilerplate.
    pub fn word_count(&self) -> u32 {
        self.words.1 - self.words.0
    }
}

/// The size of what is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// A whole document: its body segments together.
    Document,
    /// A paragraph.
    Paragraph,
    /// A sentence.
    Sentence,
}

impl Grain {
    /// Returns its name in options and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Document => "document",
            Grain::Paragraph => "paragraph",
            Grain::Sentence => "sentence",
        }
    }
}
