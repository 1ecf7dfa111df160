//! The grammar, against the `csv` crate.

use proptest::prelude::*;

use super::*;
use crate::read::{Format, Names};

/// Rows with line ends, for text in which every row ends.
fn rows(mut text: &str, separator: u8) -> Vec<&str> {
    std::iter::from_fn(|| (!text.is_empty()).then(|| next_row(&mut text, Some(separator)))).collect()
}

fn values(text: &str, separator: u8) -> Vec<Vec<String>> {
    let rows = rows(text, separator).into_iter().map(body).filter(|row| !row.is_empty());
    rows.map(|row| fields(row, separator).map(|field| decode(&row[field]).into_owned()).collect()).collect()
}

fn values_by_csv(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(separator);
    let records = reader.from_reader(text.as_bytes()).into_records();
    records.map(|record| record.unwrap().iter().map(Into::into).collect()).collect()
}

#[test]
fn rows_and_fields() {
    let text = "a,\"b\nc\",d\r\n\"x\"\"y\",,\"\"\n\n1,\"2\"3\"4,5\"6";
    assert_eq!(rows(text, b','), ["a,\"b\nc\",d\r\n", "\"x\"\"y\",,\"\"\n", "\n", "1,\"2\"3\"4,5\"6"]);
    let expected: [&[&str]; 3] = [&["a", "b\nc", "d"], &["x\"y", "", ""], &["1", "23\"4", "5\"6"]];
    assert_eq!(values(text, b','), expected);
}

#[test]
fn the_header_tells_the_separator() {
    let separator = |row| char::from(TableHeader::of(row, Format::Csv).separator());
    assert_eq!(separator("id;text;date\n"), ';');
    assert_eq!(separator("id\ttext"), '\t');
    assert_eq!(separator("id|text|a,b"), '|');
    assert_eq!(separator("\"a;b;c;d\",text"), ',');
    assert_eq!(separator("text"), ',');
    assert_eq!(TableHeader::of("a,b,c\ttext", Format::Tsv).names(), ["a,b,c", "text"]);
    assert_eq!(TableHeader::of(" id , \"the text\" \r\n", Format::Csv).names(), ["id", "\"the text\""]);
}

#[test]
fn a_table_is_known_by_its_header_and_its_rows() {
    assert!(is_likely("id,text\n1,a\n2,\"b, c\"\n3,cut o"));
    assert!(is_likely("\nurl;body\n"));
    assert!(!is_likely("id,text\n1,a,b\n"));
    assert!(!is_likely("Lagos, Nigeria\nParis, France\n"));
    assert!(!is_likely("text\nof one column\n"));
    assert!(!is_likely("The text, she said, was\ntrue, mostly\n"));
    assert!(!is_likely(""));
}

#[test]
fn the_text_stands_in_or_without_quotes() {
    let names = Names::only("text");
    let header = TableHeader::of("id,text,n", Format::Csv);
    let field = |row| header.text_field(row, &names).unwrap();
    assert_eq!(field("1,ab,c"), TextField { range: 2..4, quoted: false });
    assert_eq!(field("1,\"a\"\"b\",c"), TextField { range: 3..7, quoted: true });
    assert_eq!(field("1,\"a\"b,c"), TextField { range: 2..6, quoted: false });
    assert_eq!(field("1,\"\",c"), TextField { range: 3..3, quoted: true });
    assert_eq!(field("1,\"open"), TextField { range: 2..7, quoted: false });
    assert_eq!(header.text_field("1", &names), None);
}

#[test]
fn a_growing_row_is_searched_once() {
    let text = b"a,\"b\"\"\nc\"\"\"\nd";
    let mut scan = Scan::new(Some(b','));
    let ends: Vec<usize> = (0..=text.len()).filter_map(|len| scan.row(&text[..len])).collect();
    assert_eq!(ends, [12]);
    assert!(!scan.is_open(text));
    for (open, text) in [(true, "a,\"b"), (false, "a,\"b\""), (true, "a,\"b\"\""), (false, "a\"b"), (true, "\"")] {
        let mut scan = Scan::new(Some(b','));
        assert_eq!(scan.row(text.as_bytes()), None);
        assert_eq!(scan.is_open(text.as_bytes()), open, "{text}");
    }
}

#[test]
fn offsets_step_over_doubled_quotes() {
    assert_eq!(quoted_offsets("a\"\"b\"\"", &[0, 1, 2, 3, 4, 9]), [0, 1, 3, 4, 6, 6]);
}

/// Texts in which quotes, separators and line ends stand anywhere. Lone carriage returns, at which the `csv` crate ends
/// rows too, are left out.
fn any_csv() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec!["\"", "\"", "\"\"", ",", ",", "\n", "\r\n", "a", "é", " ", "\",\"", "\"\n"]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn agrees_with_the_csv_crate(text in any_csv()) {
        let mut scan = Scan::new(Some(b','));
        while scan.row(text.as_bytes()).is_some() {}
        prop_assume!(!scan.is_open(text.as_bytes()));
        prop_assert_eq!(values(&text, b','), values_by_csv(&text, b','), "{:?}", text);
    }

    #[test]
    fn offsets_agree_with_decoding(chars in prop::collection::vec(prop::sample::select(vec!['"', 'a', 'é', '\n', ',']), 0..20)) {
        let text: String = chars.iter().collect();
        let inside = text.replace('"', "\"\"");
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let raw = quoted_offsets(&inside, &offsets);
        for (pair, raws) in offsets.windows(2).zip(raw.windows(2)) {
            let quoted = format!("\"{}\"", &inside[raws[0]..raws[1]]);
            prop_assert_eq!(decode(&quoted), &text[pair[0]..pair[1]]);
        }
    }
}
