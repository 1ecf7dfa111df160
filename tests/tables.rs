//! CSV: whatever a table looks like, it is read as the `csv` crate reads it, cleaned in place, and comes back.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flong::judge::{Action, Finding, Rule};
use flong::pipeline::{Loaded, load};
use flong::read::{Fields, ReadOptions, discover};
use flong::write::{Corpus, OutDir, clean, remaining, restore, tidy};
use flong::{Document, Span};
use proptest::prelude::*;

pub const KEEP: ReadOptions = ReadOptions {
    block_bytes: 4 << 20,
    max_record: 1 << 20,
    max_unpacked: None,
    strict: false,
    max_depth: 64,
    keep_records: true,
};

pub fn read(path: &Path, options: &ReadOptions) -> Loaded {
    let inputs = discover(&[path.to_str().unwrap().to_owned()]).unwrap();
    load(inputs, &Fields::default(), options, &|_| ())
}

/// The problems as `line reason`.
pub fn complaints(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|problem| format!("{} {}", problem.line, problem.reason)).collect()
}

pub fn texts(loaded: &Loaded) -> Vec<&str> {
    loaded.documents.iter().map(|document| &*document.text).collect()
}

/// What is done to a document.
#[derive(Debug, Clone)]
pub enum Fate {
    Keep,
    Drop,
    /// Takes out the characters between these two places, counted round.
    Cut(usize, usize),
}

pub fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let cut = (0usize..40, 0usize..40).prop_map(|(a, b)| Fate::Cut(a, b));
    prop::collection::vec(prop_oneof![Just(Fate::Keep), Just(Fate::Drop), cut], 1..8)
}

/// The findings that make it so, and what is left of each document's text.
pub fn findings(documents: &[Document], fates: &[Fate]) -> (Vec<Finding>, Vec<Option<String>>) {
    let mut findings = Vec::new();
    let left = documents.iter().enumerate().map(|(i, document)| {
        let ends: Vec<usize> = document.text.char_indices().map(|(at, _)| at).chain([document.text.len()]).collect();
        let finding = |span, whole| Finding {
            document: i,
            span,
            whole,
            grain: None,
            rule: if whole { Rule::NearDuplicate } else { Rule::InsertedLink },
            action: Action::Removed,
            score: 1.0,
            kept: None,
            reason: "".into(),
        };
        match fates[i % fates.len()] {
            Fate::Keep => Some(document.text.to_string()),
            Fate::Drop => {
                findings.push(finding(Span::new(0, document.text.len()), true));
                None
            }
            Fate::Cut(a, b) => {
                let (a, b) = (ends[a % ends.len()], ends[b % ends.len()]);
                let span = Span::new(a.min(b), a.max(b));
                findings.push(finding(span, false));
                Some(remaining(&document.text, &tidy(&document.text, &[span])).collect())
            }
        }
    });
    let left = left.collect();
    (findings, left)
}

/// Cleans what was read into `out` and restores it under `back`.
pub fn clean_and_restore(loaded: &Loaded, findings: &[Finding], out: &Path, back: &Path) {
    let fields = Fields::default();
    let Loaded { inputs, documents, others, layouts, .. } = loaded;
    let mut folder = OutDir::create(out, true).unwrap();
    clean(
        &mut folder,
        &Corpus { fields: &fields, inputs, layouts, documents, others, findings, outside: &[], drop_emptied: false },
    )
    .unwrap();
    folder.commit().unwrap();
    // Another table may have been restored there before.
    let _ = fs::remove_dir_all(back);
    restore(out, back, false).unwrap();
}

/// The only file that was restored, wherever under `back` it is.
pub fn restored(back: &Path) -> PathBuf {
    let mut path = back.to_owned();
    while path.is_dir() {
        path = fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
    }
    path
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn by_csv_crate(bytes: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(separator).from_reader(bytes);
    reader.into_records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A table as it may be found: its bytes and its separator.
fn table() -> impl Strategy<Value = (Vec<u8>, u8)> {
    let piece =
        prop::sample::select(vec!["a", "One. ", "é", " ", "\"", ",", ";", "\t", "\n", "\r\n", "Read also: X", "😀"]);
    let field = (prop::collection::vec(piece, 0..8), prop::bool::ANY, prop::sample::select(vec!["", "\"x", "x\"y"]));
    let rows = prop::collection::vec((prop::collection::vec(field, 4), 0usize..12), 0..12);
    let options = (
        prop::sample::select(vec![b',', b';', b'\t', b'|']),
        prop::sample::select(vec!["\n", "\r\n"]),
        prop::bool::ANY,
        prop::bool::ANY,
        1usize..4,
        0usize..4,
    );
    (rows, options).prop_map(|(rows, (separator, end, bom, last_end, columns, text))| {
        let separator_text = char::from(separator).to_string();
        let mut names = vec!["id", "n", "z"];
        names.truncate(columns - 1);
        names.insert(text % columns, "text");
        let mut table = String::from(if bom { "\u{feff}" } else { "" });
        table += &names.join(&separator_text);
        for (fields, odd) in rows {
            table += end;
            // Between tabs, lines of a row with too many fields may look like rows of their own.
            let count = if odd == 0 && separator != b'\t' { columns + 1 } else { columns };
            let written = fields[..count].iter().map(|(pieces, quoted, bare)| {
                let mut value = pieces.concat();
                if separator == b'\t' {
                    // So may lines with tabs in quotes.
                    value = value.replace('\t', " ");
                }
                let special = value.contains(['"', '\n', '\r']) || value.contains(&separator_text);
                match (*quoted, special) {
                    (false, false) if !bare.starts_with('"') => format!("{value}{bare}"),
                    _ => format!("\"{}\"", value.replace('"', "\"\"")),
                }
            });
            table += &written.collect::<Vec<_>>().join(&separator_text);
            table += if odd == 1 { end } else { "" };
        }
        table += if last_end { end } else { "" };
        (table.into_bytes(), separator)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    #[test]
    fn any_table_is_read_cleaned_and_restored((bytes, separator) in table(), fates in fates(), block_bytes in 1usize..80) {
        let here = tempfile::tempdir().unwrap();
        let path = write(here.path(), "in.csv", &bytes);
        let loaded = read(&path, &ReadOptions { block_bytes, ..KEEP });
        let mut rows = by_csv_crate(&bytes, separator);
        let header = rows.remove(0);
        prop_assume!(separator == b',' || header.len() > 1);
        let text = header.iter().position(|name| name == "text").unwrap();
        rows.retain(|row| row.len() == header.len());
        let expected: Vec<&str> = rows.iter().map(|row| &*row[text]).collect();
        prop_assert_eq!(texts(&loaded), expected);

        let whole = read(&path, &KEEP);
        prop_assert_eq!(&loaded.documents, &whole.documents);
        prop_assert_eq!(&loaded.problems, &whole.problems);
        prop_assert_eq!(&loaded.others, &whole.others);
        prop_assert_eq!(&loaded.layouts, &whole.layouts);

        let (found, left) = findings(&loaded.documents, &fates);
        let (out, back) = (here.path().join("out"), here.path().join("back"));
        clean_and_restore(&loaded, &found, &out, &back);
        prop_assert_eq!(fs::read(restored(&back)).unwrap(), bytes);

        // A table without a column of ids gets one.
        let has_ids = header.iter().any(|column| Fields::default().id.iter().any(|name| name == column));
        let with_id = |row: Vec<String>, id: &str| {
            row.into_iter().chain((!has_ids).then(|| id.to_owned())).collect::<Vec<_>>()
        };
        let mut expected: Vec<Vec<String>> = vec![with_id(header, "id")];
        for ((mut row, left), document) in rows.into_iter().zip(left).zip(&loaded.documents) {
            if let Some(left) = left {
                row[text] = left;
                expected.push(with_id(row, &document.id));
            }
        }
        prop_assert_eq!(by_csv_crate(&fs::read(out.join("documents.csv")).unwrap(), separator), expected);
    }
}

#[test]
fn what_is_wrong_with_rows_is_told_by_line() {
    let here = tempfile::tempdir().unwrap();
    let mut bytes = b"id,text\n1,\"a\nb\"\n2\n3,c,\n\n4,\xff\n5,\"d\ne\nf\",g\n6,".to_vec();
    bytes.extend(vec![b'x'; 300]);
    bytes.extend(b"\n7,h\n8,\"i\n9,j\n");
    let path = write(here.path(), "in.csv", &bytes);
    for block_bytes in [1, 50, 1000] {
        let loaded = read(&path, &ReadOptions { block_bytes, max_record: 200, ..KEEP });
        assert_eq!(texts(&loaded), ["a\nb", "h", "j"]);
        let expected = [
            "4 the row has 1 field, the header 2",
            "5 the row has 3 fields, the header 2",
            "7 not UTF-8 at byte 3",
            "8 the row has 3 fields, the header 2; it goes over 3 lines, so a quote may be missing",
            "11 the row is longer than 200 bytes, the longest that is read; --max-record allows longer ones",
            "13 a quote opens in this row that nothing closes: its first line is skipped",
        ];
        assert_eq!(complaints(&loaded), expected);
        let lines: Vec<&str> = loaded.documents.iter().map(|document| &*document.id).collect();
        assert_eq!(lines, ["1", "7", "9"]);
    }
}

#[test]
fn a_header_is_one_row_for_reading_cleaning_and_restoring() {
    let here = tempfile::tempdir().unwrap();
    // After a semicolon a quote could open a field, until commas are known to separate them.
    let bytes = b"a;\"b,c\nd\",text\n1,2,One. READ ALSO: Two.\n3,4,Three.\n";
    let path = write(here.path(), "in.csv", bytes);
    for block_bytes in [1, 30, 1000] {
        let loaded = read(&path, &ReadOptions { block_bytes, ..KEEP });
        assert_eq!((texts(&loaded), complaints(&loaded).len()), (vec!["One. READ ALSO: Two.", "Three."], 0));
        let (found, _) = findings(&loaded.documents, &[Fate::Cut(5, 9), Fate::Drop]);
        clean_and_restore(&loaded, &found, &here.path().join("out"), &here.path().join("back"));
        assert_eq!(fs::read(restored(&here.path().join("back"))).unwrap(), bytes);
    }
}

#[test]
fn a_header_longer_than_the_longest_record_is_refused() {
    let here = tempfile::tempdir().unwrap();
    let path = write(here.path(), "in.csv", b"\r\nid,text,much more\n1,a,b\n");
    let loaded = read(&path, &ReadOptions { max_record: 10, ..KEEP });
    assert!(loaded.documents.is_empty(), "no row could be written without it");
    assert!(complaints(&loaded)[0].contains("the first row, which should name the columns, is longer than 10 bytes"));
    assert_eq!(texts(&read(&path, &ReadOptions { max_record: 17, ..KEEP })), ["a"]);
}

#[test]
fn a_quote_that_nothing_closes_costs_a_line() {
    let here = tempfile::tempdir().unwrap();
    let rows: String = (0..100).map(|n| if n == 3 { "3,\"open\n".into() } else { format!("{n},text {n}\n") }).collect();
    let path = write(here.path(), "in.csv", format!("id,text\n{rows}").as_bytes());
    let within = " within the longest record";
    for (max_record, block_bytes, within) in [(1 << 20, 100, ""), (300, 100, within), (300, 1 << 20, within)] {
        let loaded = read(&path, &ReadOptions { max_record, block_bytes, ..KEEP });
        assert_eq!(loaded.documents.len(), 99);
        let expected = format!("5 a quote opens in this row that nothing closes{within}: its first line is skipped");
        assert_eq!(complaints(&loaded), [expected]);
        clean_and_restore(&loaded, &[], &here.path().join("out"), &here.path().join("back"));
        assert_eq!(fs::read(restored(&here.path().join("back"))).unwrap(), fs::read(&path).unwrap());
    }
}

#[test]
fn rows_of_tsv_end_where_they_were_found_to_end() {
    let here = tempfile::tempdir().unwrap();
    // The first quote closes after more bytes than the longest record has, so it is a character, until the rows between
    // are dropped. The second field is quoted and holds a line end.
    let rows: String = (0..20).map(|n| format!("{n}\ta row between\n")).collect();
    let bytes = format!("id\ttext\n1\t\"open\n{rows}2\tclosed\"\n3\t\"two\nlines\"\n");
    let path = write(here.path(), "in.tsv", bytes.as_bytes());
    for block_bytes in [1, 30, 1000] {
        let loaded = read(&path, &ReadOptions { max_record: 60, block_bytes, ..KEEP });
        assert_eq!((texts(&loaded)[0], texts(&loaded)[22]), ("\"open", "two\nlines"));
        let fates: Vec<Fate> =
            (0..23).map(|n| if (1..21).contains(&n) { Fate::Drop } else { Fate::Cut(0, 1) }).collect();
        let (found, _) = findings(&loaded.documents, &fates);
        clean_and_restore(&loaded, &found, &here.path().join("out"), &here.path().join("back"));
        assert_eq!(fs::read_to_string(restored(&here.path().join("back"))).unwrap(), bytes);
    }
}

#[test]
fn utf16_comes_back_too() {
    let here = tempfile::tempdir().unwrap();
    let text = "\u{feff}id\ttext\r\n1\t\"é\r\n\"\"x\"\"\"\r\n2\tzwei\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let path = write(here.path(), "in.tsv", &bytes);
    let loaded = read(&path, &KEEP);
    assert_eq!(texts(&loaded), ["é\r\n\"x\"", "zwei"]);
    let (found, _) = findings(&loaded.documents, &[Fate::Drop, Fate::Cut(0, 2)]);
    clean_and_restore(&loaded, &found, &here.path().join("out"), &here.path().join("back"));
    assert_eq!(fs::read(here.path().join("out/documents.tsv")).unwrap(), "\u{feff}id\ttext\r\n2\tei\r\n".as_bytes());
    assert_eq!(fs::read(restored(&here.path().join("back"))).unwrap(), bytes);
}

#[test]
fn several_tables_keep_their_names() {
    let here = tempfile::tempdir().unwrap();
    fs::create_dir(here.path().join("in")).unwrap();
    write(&here.path().join("in"), "a.csv", b"id;text\n1;x\n");
    write(&here.path().join("in"), "b.tsv", b"text\tid\ny\t2\n");
    write(&here.path().join("in"), "c.jsonl", b"{\"text\": \"z\"}\n");
    let loaded = read(&here.path().join("in"), &KEEP);
    assert_eq!(texts(&loaded), ["x", "y", "z"]);
    let out = here.path().join("out");
    clean_and_restore(&loaded, &[], &out, &here.path().join("back"));
    let name = |input: &str| format!("documents/{}", input.trim_start_matches('/'));
    for (input, was) in loaded.inputs.iter().take(2).zip(["id;text\n1;x\n", "text\tid\ny\t2\n"]) {
        assert_eq!(fs::read_to_string(out.join(name(&input.name))).unwrap(), was);
    }
    let name = name(&loaded.inputs[2].name);
    let line = fs::read_to_string(out.join(name)).unwrap();
    assert!(line.starts_with("{\"text\": \"z\",\"id\":") && line.ends_with("c.jsonl:1\"}\n"), "{line}");
}

/// A table of `rows` rows, packed by gzip.
fn packed(rows: usize) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(b"id,text\n").unwrap();
    (0..rows).for_each(|n| writeln!(gzip, "{n},\"the same text\"").unwrap());
    gzip.finish().unwrap()
}

#[test]
fn a_stream_that_breaks_off_loses_its_last_row_only() {
    let here = tempfile::tempdir().unwrap();
    let bytes = packed(5000);
    let path = write(here.path(), "in.csv.gz", &bytes[..bytes.len() - 20]);
    let loaded = read(&path, &KEEP);
    assert!(loaded.documents.len() > 3000);
    assert!(texts(&loaded).iter().all(|text| *text == "the same text"));
    let complaints = complaints(&loaded);
    assert!(complaints[complaints.len() - 1].contains("the gzip stream is damaged or cut short"), "{complaints:?}");
    assert!(complaints.len() <= 2);
    clean_and_restore(&loaded, &[], &here.path().join("out"), &here.path().join("back"));
}

#[test]
fn what_unpacks_to_too_much_is_refused_at_a_byte() {
    let here = tempfile::tempdir().unwrap();
    let path = write(here.path(), "in.csv.gz", &packed(5000));
    for block_bytes in [10, 1000, 1 << 20] {
        let options = ReadOptions { max_unpacked: Some(1000), block_bytes, ..KEEP };
        let loaded = read(&path, &options);
        assert!(texts(&loaded).iter().all(|text| *text == "the same text"));
        let complaints = complaints(&loaded);
        assert!(complaints.last().unwrap().contains("up to byte 1000 only"), "{complaints:?}");
        assert!(complaints.last().unwrap().contains("--max-unpacked"), "{complaints:?}");
        assert_eq!(loaded.documents.len(), 52);
    }
    assert_eq!(read(&path, &KEEP).documents.len(), 5000);
}

#[test]
fn strict_reading_ends_at_the_first_bad_record() {
    let here = tempfile::tempdir().unwrap();
    let rows: String = (0..20_000).map(|n| if n % 500 == 499 { "bad\n".into() } else { format!("{n},x\n") }).collect();
    let path = write(here.path(), "in.csv", format!("id,text\n{rows}").as_bytes());
    for _ in 0..5 {
        let loaded = read(&path, &ReadOptions { block_bytes: 100, strict: true, ..KEEP });
        assert_eq!(loaded.problems[0].line, 501);
        assert!(loaded.documents.len() < 10_000, "it ends soon");
    }
}
