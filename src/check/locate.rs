//! Lines and columns of a piece of a document in its file.

use std::ops::Range;

use crate::read::{Fields, Input, Output, find_in_item, raw_offsets, text_value};
use crate::{Document, Span};

/// A region of a file, for people and editors. Lines and columns count from 1, columns in Unicode characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// The line in which it starts.
    pub line: u64,
    /// The column at which it starts.
    pub column: u64,
    /// The line in which it ends.
    pub end_line: u64,
    /// The column after its last character.
    pub end_column: u64,
}

/// Returns where a piece of a document is in the input that it was read from.
///
/// In a text that is its line and column there. In JSON Lines it is the line of the record, and the columns of that line
/// that spell the piece, escapes and all, as long as the document has its record; in a feed, the lines and columns from
/// the piece's first character to its last, with the tags between them. Without its record, and in what has no lines, it
/// is the beginning. In a table it is the beginning of the line that the row starts in; in one of Parquet, of a line of
/// the row's number. `fields` are those that the input was read by.
pub fn locate(document: &Document, input: &Input, fields: &Fields, span: Span) -> Region {
    locate_each(document, input, fields, &[span])[0]
}

/// Returns the place of each of some pieces of a document, as [`locate`] does of one. The document is gone through once,
/// however many pieces there are.
pub(super) fn locate_each(document: &Document, input: &Input, fields: &Fields, spans: &[Span]) -> Vec<Region> {
    let line = document.provenance.line.max(1);
    let beginning = |line: u64| vec![Region { line, column: 1, end_line: line, end_column: 1 }; spans.len()];
    match input.format.output() {
        Output::File => in_lines(&document.text, spans),
        Output::Lines => {
            in_record(document, fields, spans).unwrap_or_else(|| beginning(document.provenance.place.record + 1))
        }
        Output::Feed => in_item(document, spans).unwrap_or_else(|| beginning(document.provenance.line)),
        Output::SharedLines | Output::Rows { .. } | Output::Table | Output::Crawl => beginning(line),
    }
}

/// The positions of some offsets in a text.
struct Positions {
    /// The offsets, ascending.
    offsets: Vec<usize>,
    /// The position of each.
    before: Vec<Position>,
}

/// The position of an offset in a text.
#[derive(Clone, Copy, Default)]
struct Position {
    /// Line feeds.
    lines: u64,
    /// Characters since the last of these, or since the beginning.
    on_line: u64,
    /// Characters.
    characters: u64,
}

impl Positions {
    /// Goes through a text once, up to the last of the offsets.
    fn new(text: &str, mut offsets: Vec<usize>) -> Self {
        offsets.sort_unstable();
        offsets.dedup();
        let (mut at, mut position) = (0, Position::default());
        let step = |&offset: &usize| {
            let piece = &text[at..offset];
            let characters = piece.chars().count() as u64;
            position.characters += characters;
            match piece.rfind('\n') {
                Some(newline) => {
                    position.lines += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
                    position.on_line = piece[newline + 1..].chars().count() as u64;
                }
                None => position.on_line += characters,
            }
            at = offset;
            position
        };
        let before = offsets.iter().map(step).collect();
        Positions { offsets, before }
    }

    /// Returns the position of one of the offsets.
    fn at(&self, offset: usize) -> Position {
        self.offsets.binary_search(&offset).map_or_else(|_| Position::default(), |n| self.before[n])
    }
}

/// Returns the offsets at which ranges start and end.
fn ends(ranges: impl Iterator<Item = Range<usize>>) -> Vec<usize> {
    ranges.flat_map(|range| [range.start, range.end]).collect()
}

fn in_lines(text: &str, spans: &[Span]) -> Vec<Region> {
    let positions = Positions::new(text, ends(spans.iter().map(|span| span.range())));
    let region = |span: &Span| {
        let (start, end) = (positions.at(span.start as usize), positions.at(span.end as usize));
        Region {
            line: 1 + start.lines,
            column: 1 + start.on_line,
            end_line: 1 + end.lines,
            end_column: 1 + end.on_line,
        }
    };
    spans.iter().map(region).collect()
}

fn in_record(document: &Document, fields: &Fields, spans: &[Span]) -> Option<Vec<Region>> {
    let line = document.provenance.place.record + 1;
    let record = std::str::from_utf8(document.provenance.record.as_deref()?).ok()?;
    let value = text_value(record, fields)?;
    let mut offsets = ends(spans.iter().map(|span| span.range()));
    offsets.sort_unstable();
    offsets.dedup();
    let raw: Vec<usize> =
        raw_offsets(value.of(record), &offsets).into_iter().map(|offset| value.range.start + offset).collect();
    let positions = Positions::new(record, raw.clone());
    let column = |offset: u32| {
        let at = offsets.binary_search(&(offset as usize)).map_or(0, |n| raw[n]);
        1 + positions.at(at).characters
    };
    let region =
        |span: &Span| Region { line, column: column(span.start), end_line: line, end_column: column(span.end) };
    Some(spans.iter().map(region).collect())
}

fn in_item(document: &Document, spans: &[Span]) -> Option<Vec<Region>> {
    let record = std::str::from_utf8(document.provenance.record.as_deref()?).ok()?;
    let places = find_in_item(record, document.provenance.within?, spans)?;
    let item = record.len() - record.trim_start().len();
    let offsets = ends(places.iter().flatten().cloned()).into_iter().chain([item]).collect();
    let positions = Positions::new(record, offsets);
    let at = |byte: usize| {
        let Position { lines, on_line, .. } = positions.at(byte);
        // In which column the record itself starts is not known.
        (document.provenance.line + lines - positions.at(item).lines, if lines == 0 { 1 } else { 1 + on_line })
    };
    let region = |place: &Option<Range<usize>>| {
        let place = place.as_ref().map(|place| (at(place.start), at(place.end)));
        let ((line, column), (end_line, end_column)) =
            place.unwrap_or(((document.provenance.line, 1), (document.provenance.line, 1)));
        Region { line, column, end_line, end_column }
    };
    Some(places.iter().map(region).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Compression, Form, Format, Place, Provenance, Within};

    fn input(format: Format) -> Input {
        Input { name: "x".into(), path: None, format, compression: Compression::None }
    }

    fn region(region: Region) -> (u64, u64, u64, u64) {
        (region.line, region.column, region.end_line, region.end_column)
    }

    #[test]
    fn lines_and_characters_of_a_text() {
        let text = "Ærø\nzwei ß\r\nend";
        let document = Document::new("x", text);
        let at = |piece: &str| {
            let start = text.find(piece).unwrap();
            let span = Span::new(start, start + piece.len());
            region(locate(&document, &input(Format::Text), &Fields::default(), span))
        };
        assert_eq!(at("Ærø"), (1, 1, 1, 4));
        assert_eq!(at("ß"), (2, 6, 2, 7));
        assert_eq!(at("ß\r\nend"), (2, 6, 3, 4));
    }

    #[test]
    fn a_row_of_a_table_is_its_line() {
        let document =
            Document { provenance: Provenance { line: 7, ..Provenance::default() }, ..Document::new("x", "a\nb") };
        let found = locate(&document, &input(Format::Csv), &Fields::default(), Span::new(2, 3));
        assert_eq!(region(found), (7, 1, 7, 1));
    }

    #[test]
    fn columns_of_an_item_count_what_stands_there() {
        let record = "\n\n  <item>\n  <x>&lt;p&gt;É &amp;amp; o&lt;b&gt;ne&lt;/b&gt;\ntwo&lt;/p&gt;</x></item>";
        let start = record.find("&lt;").unwrap();
        let within = Within { span: Span::new(start, record.find("</x>").unwrap()), form: Form::XmlHtml };
        let record = Some(record.as_bytes().into());
        let provenance = Provenance { line: 7, record, within: Some(within), ..Provenance::default() };
        let document = Document { provenance, ..Document::new("x", "É & one two") };
        let at = |piece: &str| {
            let start = document.text.find(piece).unwrap();
            let span = Span::new(start, start + piece.len());
            region(locate(&document, &input(Format::Feed), &Fields::default(), span))
        };
        assert_eq!(at("É"), (8, 15, 8, 16));
        assert_eq!(at("& one"), (8, 17, 8, 39));
        assert_eq!(at("two"), (9, 1, 9, 4));
        let mut bare = document.clone();
        bare.provenance.record = None;
        let found = locate(&bare, &input(Format::Feed), &Fields::default(), Span::new(0, 1));
        assert_eq!(region(found), (7, 1, 7, 1));
    }

    #[test]
    fn columns_of_a_record_count_what_stands_there() {
        let record = r#"{"id": "é", "text": "a\n\u00e9 READ é"}"#;
        let text = "a\né READ é";
        let place = Place { input: 0, record: 6 };
        let provenance = Provenance { record: Some(record.as_bytes().into()), ..place.into() };
        let mut document = Document { provenance, ..Document::new("é", text) };
        let start = text.find("READ").unwrap();
        let span = Span::new(start, text.len());
        let found = locate(&document, &input(Format::JsonLines), &Fields::default(), span);
        assert_eq!(region(found), (7, 32, 7, 38));
        let columns: String = record.chars().skip(31).take(6).collect();
        assert_eq!(columns, "READ é");
        document.provenance.record = None;
        assert_eq!(region(locate(&document, &input(Format::JsonLines), &Fields::default(), span)), (7, 1, 7, 1));
    }
}
