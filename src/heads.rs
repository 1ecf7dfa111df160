//! Documents without their texts, in columns.

use std::collections::HashMap;

use crate::Document;
use crate::document::{Given, Place, Provenance};

/// All that is known of a document but its text and its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its source, if known.
    pub source: Option<&'a str>,
    /// Its headline, if known; a run keeps that of corrections only, which it ranks.
    pub title: Option<&'a str>,
    /// Its date as written.
    pub date: Option<&'a str>,
    /// The value of the field that `--keep field:NAME` names.
    pub rank: Option<&'a str>,
    /// The input and the record that it was read from.
    pub place: Place,
    /// The line that it starts in, as in [`Provenance::line`].
    pub line: u64,
    /// The fields that its record has.
    pub given: Option<Given>,
}

impl Head<'_> {
    /// Returns the document, with a text and without an address.
    pub fn with_text(self, text: impl Into<Box<str>>) -> Document {
        let [source, title, date, rank] = [self.source, self.title, self.date, self.rank].map(|of| of.map(Into::into));
        let Head { given, place, line, .. } = self;
        let provenance = Provenance { given, line, ..place.into() };
        Document { source, title, date, rank, provenance, ..Document::new(self.id, text) }
    }
}

impl Document {
    /// Returns what is known of it besides its text.
    pub fn head(&self) -> Head<'_> {
        let Provenance { place, line, given, .. } = self.provenance;
        let [source, title, date, rank] = [&self.source, &self.title, &self.date, &self.rank].map(|of| of.as_deref());
        Head { id: &self.id, source, title, date, rank, place, line, given }
    }
}

/// The documents of a run: with their texts, or without.
#[derive(Debug, Clone, Copy)]
pub enum Documents<'a> {
    /// With their texts.
    Whole(&'a [Document]),
    /// Without their texts.
    Heads(&'a Heads),
}

impl<'a> Documents<'a> {
    /// Returns their number.
    pub fn len(self) -> usize {
        match self {
            Documents::Whole(documents) => documents.len(),
            Documents::Heads(heads) => heads.len(),
        }
    }

    /// Returns whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns what is known of the document at an index.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn head(self, index: usize) -> Head<'a> {
        match self {
            Documents::Whole(documents) => documents[index].head(),
            Documents::Heads(heads) => heads.head(index),
        }
    }

    /// Returns what is known of all of them, in order.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Head<'a>> {
        (0..self.len()).map(move |index| self.head(index))
    }
}

impl<'a> From<&'a [Document]> for Documents<'a> {
    fn from(documents: &'a [Document]) -> Self {
        Documents::Whole(documents)
    }
}

impl<'a> From<&'a Vec<Document>> for Documents<'a> {
    fn from(documents: &'a Vec<Document>) -> Self {
        Documents::Whole(documents)
    }
}

impl<'a, const N: usize> From<&'a [Document; N]> for Documents<'a> {
    fn from(documents: &'a [Document; N]) -> Self {
        Documents::Whole(documents)
    }
}

impl<'a> From<&'a Heads> for Documents<'a> {
    fn from(heads: &'a Heads) -> Self {
        Documents::Heads(heads)
    }
}

/// Documents that a run has read, without their texts: some 75 bytes each, where a [`Document`] without its text takes
/// more than three times that.
///
/// ```
/// use flong::{Document, Heads};
///
/// let mut heads = Heads::default();
/// let document = Document { source: Some("harbour-post".into()), ..Document::new("a", "The ferry ran aground.") };
/// heads.push(document.head());
/// assert_eq!((heads.head(0).id, heads.head(0).source, heads.head(0).date), ("a", Some("harbour-post"), None));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Heads {
    ids: Strings,
    dates: Strings,
    /// Only some documents have these.
    titles: Sparse,
    ranks: Sparse,
    /// The number of each document's source; [`NONE`] if it is not known.
    sources: Vec<u32>,
    source_names: Vec<Box<str>>,
    source_numbers: HashMap<Box<str>, u32>,
    /// The first document of each input, with the input.
    inputs: Vec<(u32, u32)>,
    records: Vec<u64>,
    lines: Vec<u64>,
    flags: Vec<u8>,
}

/// The number of no source.
const NONE: u32 = u32::MAX;

/// Bits of the flags of a document: whether it has a date, whether it was read from a record with named fields, and which
/// of these that has.
const DATED: u8 = 1;
const RECORD: u8 = 2;
const GIVEN: [u8; 6] = [4, 8, 16, 32, 64, 128];

impl Heads {
    /// Returns their number.
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Appends what is known of a document. Titles and ranks are taken to be rare.
    pub fn push(&mut self, head: Head) {
        let number = self.len() as u32;
        self.ids.push(head.id);
        self.dates.push(head.date.unwrap_or_default());
        head.title.into_iter().for_each(|title| self.titles.push(number, title));
        head.rank.into_iter().for_each(|rank| self.ranks.push(number, rank));
        let source = head.source.map_or(NONE, |source| self.source(source));
        self.sources.push(source);
        self.place(number, head.place);
        self.lines.push(head.line);
        self.flags.push(flags(head));
    }

    /// Appends other heads, in their order.
    pub fn append(&mut self, more: &Heads) {
        let first = self.len() as u32;
        self.ids.append(&more.ids);
        self.dates.append(&more.dates);
        self.titles.append(first, &more.titles);
        self.ranks.append(first, &more.ranks);
        let numbers: Vec<u32> = more.source_names.iter().map(|name| self.source(name)).collect();
        self.sources.extend(more.sources.iter().map(|&source| numbers.get(source as usize).copied().unwrap_or(NONE)));
        for &(number, input) in &more.inputs {
            self.input(first + number, input);
        }
        self.records.extend_from_slice(&more.records);
        self.lines.extend_from_slice(&more.lines);
        self.flags.extend_from_slice(&more.flags);
    }

    /// Gives memory back that is not used.
    pub fn shrink_to_fit(&mut self) {
        self.ids.shrink_to_fit();
        self.dates.shrink_to_fit();
        self.records.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.sources.shrink_to_fit();
        self.flags.shrink_to_fit();
    }

    /// Returns what is known of the document at an index.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn head(&self, index: usize) -> Head<'_> {
        let flags = self.flags[index];
        Head {
            id: self.ids.get(index),
            source: self.source_names.get(self.sources[index] as usize).map(|name| &**name),
            title: self.titles.get(index as u32),
            date: (flags & DATED > 0).then(|| self.dates.get(index)),
            rank: self.ranks.get(index as u32),
            place: Place { input: self.input_of(index as u32), record: self.records[index] },
            line: self.lines[index],
            given: given(flags),
        }
    }

    /// Returns how many documents come before those of an input and of all inputs after it.
    pub fn before_input(&self, input: u32) -> usize {
        let runs = self.inputs.partition_point(|&(_, of)| of < input);
        self.inputs.get(runs).map_or(self.len(), |&(first, _)| first as usize)
    }

    /// Returns them as documents, whose texts are empty.
    pub fn to_documents(&self) -> Vec<Document> {
        Documents::from(self).iter().map(|head| head.with_text("")).collect()
    }

    fn source(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.source_numbers.get(name) {
            return number;
        }
        let number = self.source_names.len() as u32;
        self.source_names.push(name.into());
        self.source_numbers.insert(name.into(), number);
        number
    }

    fn place(&mut self, number: u32, place: Place) {
        self.input(number, place.input);
        self.records.push(place.record);
    }

    fn input(&mut self, number: u32, input: u32) {
        if self.inputs.last().is_none_or(|&(_, last)| last != input) {
            self.inputs.push((number, input));
        }
    }

    fn input_of(&self, number: u32) -> u32 {
        let run = self.inputs.partition_point(|&(first, _)| first <= number);
        self.inputs[run - 1].1
    }
}

fn flags(head: Head) -> u8 {
    let dated = if head.date.is_some() { DATED } else { 0 };
    let Some(Given { id, source, title, date, url, rank }) = head.given else { return dated };
    let given = GIVEN.iter().zip([id, source, title, date, url, rank]);
    dated | RECORD | given.filter(|(_, has)| *has).map(|(bit, _)| bit).sum::<u8>()
}

fn given(flags: u8) -> Option<Given> {
    let [id, source, title, date, url, rank] = GIVEN.map(|bit| flags & bit > 0);
    (flags & RECORD > 0).then_some(Given { id, source, title, date, url, rank })
}

/// Strings one after another.
#[derive(Debug, Clone, Default)]
struct Strings {
    text: String,
    /// The end of each, in bytes.
    ends: Vec<u64>,
}

impl Strings {
    fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(self.text.len() as u64);
    }

    fn append(&mut self, more: &Strings) {
        let start = self.text.len() as u64;
        self.text.push_str(&more.text);
        self.ends.extend(more.ends.iter().map(|end| start + end));
    }

    fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[index] as usize]
    }

    fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Strings that not all documents have.
#[derive(Debug, Clone, Default)]
struct Sparse {
    /// The documents that have one, ascending.
    documents: Vec<u32>,
    strings: Strings,
}

impl Sparse {
    fn push(&mut self, document: u32, string: &str) {
        self.documents.push(document);
        self.strings.push(string);
    }

    fn append(&mut self, first: u32, more: &Sparse) {
        self.documents.extend(more.documents.iter().map(|document| first + document));
        self.strings.append(&more.strings);
    }

    fn get(&self, document: u32) -> Option<&str> {
        // Where all have one, no search is needed.
        let at = match self.documents.get(document as usize) {
            Some(&found) if found == document => document as usize,
            _ => self.documents.binary_search(&document).ok()?,
        };
        Some(self.strings.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> Vec<Document> {
        let given =
            |n: u32| Given { id: n.is_multiple_of(2), url: n.is_multiple_of(3), rank: true, ..Given::default() };
        let document = |n: u32| Document {
            source: (!n.is_multiple_of(4)).then(|| format!("source {}", n % 3).into()),
            title: n.is_multiple_of(5).then(|| format!("CORRECTED - {n}").into()),
            date: (!n.is_multiple_of(3)).then(|| if n % 7 == 1 { "".into() } else { format!("2026-01-{n}").into() }),
            rank: n.is_multiple_of(6).then(|| n.to_string().into()),
            provenance: Provenance {
                given: (n % 5 > 1).then(|| given(n)),
                line: u64::from(n) + 1,
                ..Place { input: n / 9, record: u64::from(n) << 30 }.into()
            },
            ..Document::new(format!("id {n}"), "")
        };
        (0..40).map(document).collect()
    }

    #[test]
    fn heads_are_those_of_the_documents() {
        let documents = documents();
        for size in [1, 7, 40] {
            let mut heads = Heads::default();
            for batch in documents.chunks(size) {
                let mut more = Heads::default();
                batch.iter().for_each(|document| more.push(document.head()));
                heads.append(&more);
            }
            assert_eq!(heads.to_documents(), documents, "{size}");
            assert!(Documents::from(&heads).iter().eq(documents.iter().map(Document::head)));
            for input in 0..6 {
                let before = documents.partition_point(|document| document.provenance.place.input < input);
                assert_eq!(heads.before_input(input), before);
            }
        }
    }
}
