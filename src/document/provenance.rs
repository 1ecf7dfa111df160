//! The provenance of a document: the input and record that it was read from, and the way in which it is written there.

use super::Span;

/// The place where a document was read, and what is in its record there.
///
/// A text that was not read has none of it:
///
/// ```
/// use flong::Document;
/// use flong::read::Provenance;
///
/// assert_eq!(Document::new("a", "The ferry ran aground.").provenance, Provenance::default());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The input and the record that it was read from.
    pub place: Place,
    /// The line of the input that it starts in, or its row in a Parquet table, counted from 1; 0 where an input has neither.
    pub line: u64,
    /// The fields that its record has; `None` if it was not read from a record with named fields.
    pub given: Option<Given>,
    /// The record as it is in the input (a JSON line or a row without its line end, a feed's item), if the run keeps it for
    /// writing.
    pub record: Option<Box<[u8]>>,
    /// The place of the text in the record, for formats in which reading finds it.
    pub within: Option<Within>,
}

impl From<Place> for Provenance {
    /// Returns what is known of a document of which only the place is.
    fn from(place: Place) -> Self {
        Provenance { place, ..Provenance::default() }
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
