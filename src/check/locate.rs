//! Where in a file a piece of a document stands.

use crate::read::{Fields, Format, Input, raw_offsets, text_value};
use crate::{Document, Span};

/// A stretch of a file, for people and editors: lines and columns count from 1, columns in Unicode characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// The line in which it starts.
    pub line: u64,
    /// The column at which it starts.
    pub column: u64,
    /// The line in which it ends.
    pub end_line: u64,
    /// The column behind its last character.
    pub end_column: u64,
}

/// Where a piece of a document stands in the input that it was read from.
///
/// In a text that is its line and column there. In JSON Lines it is the line of the record, and the columns of that line
/// that spell the piece, escapes and all, as long as the document has its record; without it, and in what has no lines,
/// it is the beginning. In a table it is the beginning of the line that the row starts in; in one of Parquet, of a line of
/// the row's number. `fields` are those that the input was read by.
pub fn locate(document: &Document, input: &Input, fields: &Fields, span: Span) -> Region {
    match input.format {
        Format::Text => in_lines(&document.text, span),
        Format::JsonLines => in_record(document, fields, span),
        Format::Csv | Format::Tsv | Format::Parquet => {
            Region { line: document.line, column: 1, end_line: document.line, end_column: 1 }
        }
    }
}

fn in_lines(text: &str, span: Span) -> Region {
    let at = |byte: usize| {
        let start = text[..byte].rfind('\n').map_or(0, |newline| newline + 1);
        let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count() as u64;
        (line, 1 + text[start..byte].chars().count() as u64)
    };
    let ((line, column), (end_line, end_column)) = (at(span.start as usize), at(span.end as usize));
    Region { line, column, end_line, end_column }
}

fn in_record(document: &Document, fields: &Fields, span: Span) -> Region {
    let line = document.place.record + 1;
    let columns = || {
        let record = document.record.as_deref()?;
        let value = text_value(record, fields)?;
        let offsets = raw_offsets(value.of(record), &[span.start as usize, span.end as usize]);
        let column = |offset: usize| 1 + record[..value.range.start + offset].chars().count() as u64;
        Some((column(offsets[0]), column(offsets[1])))
    };
    let (column, end_column) = columns().unwrap_or((1, 1));
    Region { line, column, end_line: line, end_column }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;
    use crate::read::Compression;

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
        let document = Document { line: 7, ..Document::new("x", "a\nb") };
        let found = locate(&document, &input(Format::Csv), &Fields::default(), Span::new(2, 3));
        assert_eq!(region(found), (7, 1, 7, 1));
    }

    #[test]
    fn columns_of_a_record_count_what_stands_there() {
        let record = r#"{"id": "é", "text": "a\n\u00e9 READ é"}"#;
        let text = "a\né READ é";
        let place = Place { input: 0, record: 6 };
        let document = Document { record: Some(record.into()), place, ..Document::new("é", text) };
        let start = text.find("READ").unwrap();
        let span = Span::new(start, text.len());
        let found = locate(&document, &input(Format::JsonLines), &Fields::default(), span);
        assert_eq!(region(found), (7, 32, 7, 38));
        let columns: String = record.chars().skip(31).take(6).collect();
        assert_eq!(columns, "READ é");
        let without = Document { record: None, ..document };
        assert_eq!(region(locate(&without, &input(Format::JsonLines), &Fields::default(), span)), (7, 1, 7, 1));
    }
}
