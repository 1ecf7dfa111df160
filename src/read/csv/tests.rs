//! The grammar, against the `csv` crate.

use proptest::prelude::*;

use super::*;
use crate::read::{Format, Names};

/// Takes the next row off, with its line end.
fn next_row<'t>(rest: &mut &'t str, scan: &Scan) -> &'t str {
    let end = scan.clone().whole().row(rest.as_bytes()).unwrap_or(rest.len());
    let (row, after) = rest.split_at(end);
    *rest = after;
    row
}

/// Rows with line ends, for text in which every row ends.
fn rows(mut text: &str, separator: u8) -> Vec<&str> {
    let scan = Scan { columns: 2, ..Scan::new(Some(separator)) };
    std::iter::from_fn(|| (!text.is_empty()).then(|| next_row(&mut text, &scan))).collect()
}

fn values(text: &str, separator: u8) -> Vec<Vec<String>> {
    let rows = rows(text, separator).into_iter().map(body).filter(|row| !row.is_empty());
    rows.map(|row| fields(row, separator).map(|field| decode(&row[field], separator).into_owned()).collect()).collect()
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
fn between_tabs_a_quote_is_one_unless_it_quotes_the_field() {
    let rows_of = |text| rows(text, b'\t').into_iter().map(body).collect::<Vec<_>>();
    let stray = "1\t\"Nobody has it, he said.\n2\tso \"they\" say\n3\t12\"\n4\t\"x\" y\n";
    assert_eq!(rows_of(stray).len(), 4);
    assert_eq!(values(stray, b'\t')[0], ["1", "\"Nobody has it, he said."]);
    assert_eq!(values(stray, b'\t')[3], ["4", "\"x\" y"]);
    let quoted = "1\t\"a\tb\"\n2\t\"a \"\"b\"\"\r\nc\"\r\n3\t\"\"\n\"4\"\td\n5\t\"end\"";
    let expected = [["1", "a\tb"], ["2", "a \"b\"\r\nc"], ["3", ""], ["4", "d"], ["5", "end"]];
    assert_eq!(values(quoted, b'\t'), expected);
    let lines = "1\t\"a\tb\tc\nd\te\tf\n\"\n";
    assert_eq!(values(lines, b'\t'), [["1", "a\tb\tc\nd\te\tf\n"]], "these lines are no rows of two columns");
    assert_eq!(values("a\t\"open", b'\t'), [["a", "\"open"]]);
    assert_eq!(values("a\t\"open\nb\t2\"\n", b'\t'), [["a", "\"open"], ["b", "2\""]]);
    // However the bytes come, rows end where they do for all of them.
    for text in [stray, quoted] {
        let mut scan = Scan { columns: 2, ..Scan::new(Some(b'\t')) };
        let mut ends: Vec<usize> = (0..=text.len()).filter_map(|len| scan.row(&text.as_bytes()[..len])).collect();
        let mut rest = scan.clone().whole();
        ends.extend(std::iter::from_fn(|| rest.row(text.as_bytes())));
        let mut at = 0;
        let whole: Vec<usize> = rows(text, b'\t')
            .iter()
            .map(|row| {
                at += row.len();
                at
            })
            .filter(|end| text[..*end].ends_with('\n'))
            .collect();
        assert_eq!(ends, whole);
    }
}

#[test]
fn offsets_step_over_doubled_quotes() {
    assert_eq!(quoted_offsets("a\"\"b\"\"", &[0, 1, 2, 3, 4, 9]), [0, 1, 3, 4, 6, 6]);
}

/// Texts in which quotes, separators and line ends occur anywhere. Lone carriage returns, at which the `csv` crate ends
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
            prop_assert_eq!(decode(&quoted, b','), &text[pair[0]..pair[1]]);
        }
    }
}
