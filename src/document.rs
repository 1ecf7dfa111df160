//! The document: the unit that is read, judged and written.

use serde::{Deserialize, Serialize};

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
    /// The fields that its record has; `None` if it was not read from a record with named fields.
    pub given: Option<Given>,
    /// The input and the record that it was read from.
    pub place: Place,
    /// The line of the input that it starts in, or its row in a Parquet table, counted from 1; 0 where an input has neither.
    pub line: u64,
    /// The record as it is in the input (a JSON line or a row without its line end, a feed's item), if the run keeps it for
    /// writing.
    pub record: Option<Box<[u8]>>,
    /// The place of the text in the record, for formats in which reading finds it.
    pub within: Option<Within>,
}

impl Document {
    /// Returns a document with an id and a text and nothing else.
    pub fn new(id: impl Into<Box<str>>, text: impl Into<Box<str>>) -> Self {
        Document { id: id.into(), text: text.into(), ..Document::default() }
    }
}

/// The fields that a record has a value for, besides the text. Other values of its document were derived: its id from the
/// input's name and the line, its source from its address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// The id.
    pub id: bool,
    /// The source.
    pub source: bool,
    /// The title.
    pub title: bool,
    /// The date.
    pub date: bool,
    /// The address.
    pub url: bool,
    /// The field that `--keep field:NAME` names.
    pub rank: bool,
}

/// The input and the record that a document was read from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the input in the run's list of inputs.
    pub input: u32,
    /// The record within that input, counted from 0 over **all** of its records: documents, blank lines and bad ones.
    /// In JSON Lines that is the line number less one; a plain text file is its own only record.
    pub record: u64,
}

/// The place of a text in a record, and the way in which it is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    /// Byte offsets in the record.
    pub span: Span,
    /// The way in which it is written.
    pub form: Form,
}

/// The ways in which a text is written in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// As characters of XML: with references, or in CDATA sections.
    Xml,
    /// As HTML in characters of XML.
    XmlHtml,
    /// As elements of XHTML.
    Xhtml,
    /// As a JSON string.
    Json,
    /// As HTML in a JSON string.
    JsonHtml,
}

/// A piece of a text: UTF-8 byte offsets, end exclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to `end`.
    ///
    /// # Panics
    /// If an offset does not fit 32 bits: `read` refuses longer texts.
    pub fn new(start: usize, end: usize) -> Self {
        let fit = |n: usize| u32::try_from(n).expect("texts are at most 4 GiB: read refuses longer ones");
        Span { start: fit(start), end: fit(end) }
    }

    /// Returns its length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Returns whether it is empty.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns it as a range, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the text that it covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
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
