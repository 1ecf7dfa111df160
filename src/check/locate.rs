//! Where in a file a piece of a document stands.

use crate::read::{Fields, Format, Input, find_in_item, raw_offsets, text_value};
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
/// that spell the piece, escapes and all, as long as the document has its record; in a feed, the lines and columns from
/// the piece's first character to its last, with the tags between them. Without its record, and in what has no lines, it
/// is the beginning. In a table it is the beginning of the line that the row starts in; in one of Parquet, of a line of
/// the row's number. `fields` are those that the input was read by.
pub fn locate(document: &Document, input: &Input, fields: &Fields, span: Span) -> Region {
    match input.format {
        Format::Text => in_lines(&document.text, span),
        Format::JsonLines => in_record(document, fields, span),
        Format::Feed => in_item(document, span),
        _ => Region { line: document.line.max(1), column: 1, end_line: document.line.max(1), end_column: 1 },
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
        let record = std::str::from_utf8(document.record.as_deref()?).ok()?;
        let value = text_value(record, fields)?;
        let offsets = raw_offsets(value.of(record), &[span.start as usize, span.end as usize]);
        let column = |offset: usize| 1 + record[..value.range.start + offset].chars().count() as u64;
        Some((column(offsets[0]), column(offsets[1])))
    };
    let (column, end_column) = columns().unwrap_or((1, 1));
    Region { line, column, end_line: line, end_column }
}

fn in_item(document: &Document, span: Span) -> Region {
    let found = || {
        let record = std::str::from_utf8(document.record.as_deref()?).ok()?;
        let place = find_in_item(record, document.within?, span)?;
        let item = record.len() - record.trim_start().len();
        let lines = |to: usize| memchr::memchr_iter(b'\n', &record.as_bytes()[..to]).count() as u64;
        let at = |byte: usize| {
            let line = document.line + lines(byte) - lines(item);
            // In which column the record itself starts is not known.
            let column = record[..byte].rfind('\n').map_or(1, |newline| 1 + record[newline + 1..byte].chars().count());
            (line, column as u64)
        };
        let ((line, column), (end_line, end_column)) = (at(place.start), at(place.end));
        Some(Region { line, column, end_line, end_column })
    };
    let line = document.line;
    found().unwrap_or(Region { line, column: 1, end_line: line, end_column: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Compression;
    use crate::{Form, Place, Within};

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
    fn columns_of_an_item_count_what_stands_there() {
        let record = "\n\n  <item>\n  <x>&lt;p&gt;É &amp;amp; o&lt;b&gt;ne&lt;/b&gt;\ntwo&lt;/p&gt;</x></item>";
        let start = record.find("&lt;").unwrap();
        let within = Within { span: Span::new(start, record.find("</x>").unwrap()), form: Form::XmlHtml };
        let record = Some(record.as_bytes().into());
        let document = Document { line: 7, record, within: Some(within), ..Document::new("x", "É & one two") };
        let at = |piece: &str| {
            let start = document.text.find(piece).unwrap();
            let span = Span::new(start, start + piece.len());
            region(locate(&document, &input(Format::Feed), &Fields::default(), span))
        };
        assert_eq!(at("É"), (8, 15, 8, 16));
        assert_eq!(at("& one"), (8, 17, 8, 39));
        assert_eq!(at("two"), (9, 1, 9, 4));
        let bare = Document { record: None, ..document.clone() };
        let found = locate(&bare, &input(Format::Feed), &Fields::default(), Span::new(0, 1));
        assert_eq!(region(found), (7, 1, 7, 1));
    }

    #[test]
    fn columns_of_a_record_count_what_stands_there() {
        let record = r#"{"id": "é", "text": "a\n\u00e9 READ é"}"#;
        let text = "a\né READ é";
        let place = Place { input: 0, record: 6 };
        let document = Document { record: Some(record.as_bytes().into()), place, ..Document::new("é", text) };
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
