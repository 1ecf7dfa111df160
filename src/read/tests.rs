//! The stage as a whole: bytes in a file -> documents, problems and the bytes again.

use std::io::{Read, Write};

use super::*;
use crate::{Document, Problem};

/// The results of reading an input.
struct Outcome {
    documents: Vec<Document>,
    problems: Vec<Problem>,
    others: Vec<(u64, Box<[u8]>)>,
    layout: Option<InputLayout>,
    blocks: usize,
}

impl Outcome {
    fn texts(&self) -> Vec<&str> {
        self.documents.iter().map(|document| &*document.text).collect()
    }

    fn ids(&self) -> Vec<&str> {
        self.documents.iter().map(|document| &*document.id).collect()
    }

    /// Returns the problems as `line reason`.
    fn complaints(&self) -> Vec<String> {
        self.problems.iter().map(|problem| format!("{} {}", problem.line, problem.reason)).collect()
    }

    /// Returns the original, from the layout and the records; `None` if it does not match.
    fn rebuilt(&self) -> Option<Vec<u8>> {
        let layout = self.layout.as_ref().unwrap();
        let mut records: Vec<(u64, &[u8])> = self.others.iter().map(|(record, raw)| (*record, &**raw)).collect();
        records.extend(self.documents.iter().map(|document| {
            let raw = document.provenance.record.as_deref().unwrap_or(document.text.as_bytes());
            (document.provenance.place.record, raw)
        }));
        records.sort();
        let mut out = Vec::new();
        layout.rebuild(records.into_iter().map(|(_, raw)| raw), &mut out).unwrap().then_some(out)
    }
}

const KEEP: ReadOptions = ReadOptions {
    block_bytes: 4 << 20,
    max_record: 1 << 20,
    max_unpacked: None,
    strict: false,
    max_depth: 64,
    keep_records: true,
};

fn read_with(bytes: &[u8], format: Format, options: &ReadOptions, fields: &Fields) -> Outcome {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let compression = sniff::compression(bytes);
    let input = Input { name: "in".into(), path: Some(file.path().into()), format, compression };
    let mut outcome = Outcome { documents: vec![], problems: vec![], others: vec![], layout: None, blocks: 0 };
    let mut blocks = open(&input, 3, fields, options).unwrap();
    for block in &mut blocks {
        let parsed = parse_block(&block, &input, fields, options.keep_records);
        outcome.documents.extend(parsed.documents);
        outcome.problems.extend(parsed.problems);
        let each = |run: OtherRun| (run.first..run.first + run.count).map(move |n| (n, run.bytes.clone()));
        outcome.others.extend(parsed.others.runs().flat_map(each));
        outcome.blocks += 1;
    }
    outcome.layout = blocks.layout();
    outcome
}

fn lines(bytes: &[u8]) -> Outcome {
    read_with(bytes, Format::JsonLines, &KEEP, &Fields::default())
}

fn text(bytes: &[u8]) -> Outcome {
    read_with(bytes, Format::Text, &KEEP, &Fields::default())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzEncoder::new(bytes, flate2::Compression::fast()).read_to_end(&mut out).unwrap();
    out
}

fn bzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    bzip2::read::BzEncoder::new(bytes, bzip2::Compression::fast()).read_to_end(&mut out).unwrap();
    out
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
}

fn windows_1251(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

const TWO: &str = "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"b\", \"text\": \"twö\"}\n";

#[test]
fn plain_lines() {
    let outcome = lines(TWO.as_bytes());
    assert_eq!(outcome.texts(), ["one", "twö"]);
    assert_eq!(outcome.ids(), ["a", "b"]);
    assert_eq!(outcome.problems, []);
    assert_eq!(outcome.documents[1].provenance.place, crate::read::Place { input: 3, record: 1 });
    assert_eq!(outcome.documents[0].provenance.record.as_deref(), Some(&b"{\"id\": \"a\", \"text\": \"one\"}"[..]));
    assert_eq!(outcome.rebuilt().unwrap(), TWO.as_bytes());
}

#[test]
fn records_are_kept_on_request_only() {
    let options = ReadOptions { keep_records: false, ..KEEP };
    let outcome = read_with(b"{\"text\": \"a\"}\n\nbad\n", Format::JsonLines, &options, &Fields::default());
    assert_eq!((outcome.documents[0].provenance.record.as_deref(), outcome.others.len()), (None, 0));
    assert_eq!(outcome.layout, None);
    assert_eq!(outcome.problems.len(), 1);
}

#[test]
fn compressed_in_several_pieces() {
    let (one, two) = TWO.split_at(20);
    let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    for packed in [
        [gzip(one.as_bytes()), gzip(two.as_bytes())].concat(),
        [bzip(one.as_bytes()), bzip(two.as_bytes())].concat(),
        [zstd(one), zstd(two)].concat(),
    ] {
        let outcome = lines(&packed);
        assert_eq!(outcome.texts(), ["one", "twö"]);
        assert_eq!(outcome.problems, []);
        assert_eq!(outcome.rebuilt().unwrap(), TWO.as_bytes());
    }
}

#[test]
fn a_stream_cut_short_keeps_what_came_before() {
    let many: String = (0..20_000u64).map(|i| format!("{{\"text\": \"number {}\"}}\n", i * i)).collect();
    for packed in [gzip(many.as_bytes()), bzip(many.as_bytes()), zstd::encode_all(many.as_bytes(), 1).unwrap()] {
        let outcome = lines(&packed[..packed.len() - 10]);
        let compression = outcome.layout.as_ref().unwrap().compression;
        assert!(
            outcome.texts().starts_with(&["number 0", "number 1", "number 4"]) || compression == Compression::Bzip2
        );
        let last = outcome.problems.last().unwrap();
        assert!(last.reason.contains(&format!("{} stream is damaged or cut short", compression.name())), "{last}");
        assert!(last.skipped);
        let rebuilt = outcome.rebuilt().unwrap();
        assert_eq!(rebuilt, many.as_bytes()[..rebuilt.len()]);
    }
}

#[test]
fn byte_order_marks() {
    let marked = format!("\u{feff}{TWO}");
    for bytes in [marked.clone().into_bytes(), utf16(TWO, false), utf16(TWO, true)] {
        let outcome = lines(&bytes);
        assert_eq!(outcome.texts(), ["one", "twö"]);
        assert_eq!(outcome.problems, []);
        let layout = outcome.layout.as_ref().unwrap();
        assert!(layout.bom && layout.original.is_none());
        assert_eq!(outcome.rebuilt().unwrap(), bytes);

        let outcome = text(&bytes);
        assert_eq!(outcome.texts(), [TWO]);
        assert_eq!(outcome.rebuilt().unwrap(), bytes);
    }
}

#[test]
fn damaged_utf16_keeps_the_original() {
    let mut bytes = utf16(TWO, false);
    bytes.extend(0xd800u16.to_le_bytes());
    for outcome in [lines(&bytes), text(&bytes)] {
        assert!(outcome.problems.iter().any(|problem| problem.reason.contains("not UTF-16LE")));
        assert_eq!(outcome.layout.as_ref().unwrap().original.as_ref(), Some(&bytes));
        assert_eq!(outcome.rebuilt().unwrap(), bytes);
    }
}

const RUSSIAN: &str = "Съешь же ещё этих мягких французских булок да выпей чаю";

#[test]
fn another_encoding_is_guessed_and_said() {
    let bytes = windows_1251(RUSSIAN);
    let outcome = text(&bytes);
    assert_eq!(outcome.texts(), [RUSSIAN]);
    assert!(outcome.problems[0].reason.contains("read as windows-1251"), "{}", outcome.problems[0]);
    assert!(!outcome.problems[0].skipped);
    assert_eq!(outcome.rebuilt().unwrap(), bytes);

    let record = format!("{{\"text\": \"{RUSSIAN}\"}}\r\n");
    let bytes = windows_1251(&record.repeat(3));
    let options = ReadOptions { block_bytes: 100, ..KEEP };
    let outcome = read_with(&bytes, Format::JsonLines, &options, &Fields::default());
    assert_eq!(outcome.texts(), [RUSSIAN; 3]);
    assert_eq!(outcome.complaints().len(), 1);
    assert_eq!(outcome.layout.as_ref().unwrap().encoding, "windows-1251");
    assert_eq!(outcome.rebuilt().unwrap(), bytes);
}

#[test]
fn a_large_input_in_another_encoding() {
    let record = format!("{{\"text\": \"{}\"}}\n", RUSSIAN.repeat(50));
    let bytes = windows_1251(&record.repeat(1000));
    let outcome = lines(&bytes);
    assert!(bytes.len() > 2 << 20, "longer than what is looked at first");
    assert_eq!(outcome.documents.len(), 1000);
    assert!(outcome.documents.iter().all(|document| *document.text == RUSSIAN.repeat(50)));
    assert_eq!(outcome.rebuilt().unwrap(), bytes);
}

#[test]
fn a_bad_line_in_utf8_is_a_bad_record() {
    let mut bytes = "{\"text\": \"é\"}\n".repeat(3).into_bytes();
    bytes.extend(b"{\"text\": \"\xff\"}\r\n{\"text\": \"b\"}\n\xfe");
    let outcome = lines(&bytes);
    assert_eq!(outcome.texts(), ["é", "é", "é", "b"]);
    assert_eq!(outcome.complaints(), ["4 not UTF-8 at byte 11", "6 not UTF-8 at byte 1"]);
    assert_eq!(outcome.rebuilt().unwrap(), bytes);
}

#[test]
fn a_damaged_text_is_read_and_kept() {
    let bytes = b"na\xc3\xafve caf\xc3\xa9 \xc3\xa0 la carte \xff.";
    let outcome = text(bytes);
    assert_eq!(outcome.texts(), ["naïve café à la carte \u{fffd}."]);
    assert_eq!(outcome.problems.len(), 1);
    assert_eq!(outcome.rebuilt().unwrap(), bytes);
}

#[test]
fn line_ends_and_blank_lines_come_back() {
    for bytes in [
        "",
        "\n",
        "{\"text\": \"a\"}",
        "{\"text\": \"a\"}\r\n{\"text\": \"b\"}\n\n \t\n\r\n{\"text\": \"c\"}\r\n",
        "{\"text\": \"a\"}\n{\"text\": \"b\"}\r",
        "{\"text\": \"a\"}\r\r\nrubbish\n[1]\n{}\n",
        "\u{feff}",
    ] {
        for block_bytes in [1, 3, 1000] {
            let options = ReadOptions { block_bytes, ..KEEP };
            let outcome = read_with(bytes.as_bytes(), Format::JsonLines, &options, &Fields::default());
            assert_eq!(outcome.rebuilt().as_deref(), Some(bytes.as_bytes()), "{bytes:?} by {block_bytes}");
            assert!(
                outcome.documents.iter().all(|d| !d
                    .provenance
                    .record
                    .as_deref()
                    .unwrap()
                    .windows(2)
                    .any(|pair| pair == b"\r\n"))
            );
        }
    }
}

#[test]
fn a_text_keeps_its_line_ends() {
    let outcome = text(b"a\r\nb\nc");
    assert_eq!(outcome.texts(), ["a\r\nb\nc"]);
    assert_eq!(outcome.ids(), ["in"]);
    assert_eq!(outcome.rebuilt().unwrap(), b"a\r\nb\nc");
    assert_eq!(text(b"").texts(), [""]);
    assert_eq!(text(b"").rebuilt().unwrap(), b"");
}

#[test]
fn a_long_line_is_passed_over() {
    let long = format!("{{\"text\": \"{}\"}}", "x".repeat(200_000));
    for (end, after) in [("\n", true), ("\r\n", true), ("", false)] {
        let tail = if after { "{\"text\": \"b\"}\n" } else { "" };
        let bytes = format!("{{\"text\": \"a\"}}\n{long}{end}{tail}");
        for block_bytes in [1, 100, 70_000, 1 << 20] {
            let options = ReadOptions { block_bytes, max_record: 1000, ..KEEP };
            let outcome = read_with(bytes.as_bytes(), Format::JsonLines, &options, &Fields::default());
            assert_eq!(outcome.texts(), if after { vec!["a", "b"] } else { vec!["a"] });
            assert_eq!(
                outcome.complaints(),
                ["2 the line is longer than 1000 bytes, the longest that is read; --max-record allows longer ones"]
            );
            let layout = outcome.layout.as_ref().unwrap();
            assert_eq!(layout.lost, [1]);
            assert_eq!(layout.line_end(1).text(), end);
            assert_eq!(layout.records, if after { 3 } else { 2 });
        }
    }
}

#[test]
fn the_longest_line_is_read_whatever_its_end() {
    let line = "{\"text\": \"abc\"}";
    for (end, max_record, read) in
        [("\n", 15, 1), ("\r\n", 15, 1), ("", 15, 1), ("\n", 14, 0), ("\r\n", 14, 0), ("", 14, 0)]
    {
        for block_bytes in [1, 15, 16, 1000] {
            let options = ReadOptions { block_bytes, max_record, ..KEEP };
            let bytes = format!("{line}{end}");
            let outcome = read_with(bytes.as_bytes(), Format::JsonLines, &options, &Fields::default());
            assert_eq!(outcome.documents.len(), read, "{end:?} {max_record} {block_bytes}");
        }
    }
}

#[test]
fn a_text_too_long_is_refused() {
    let options = ReadOptions { max_record: 3, ..KEEP };
    let read = |bytes| read_with(bytes, Format::Text, &options, &Fields::default());
    assert_eq!(read(b"abc").texts(), ["abc"]);
    let outcome = read(b"abcd");
    assert_eq!(
        (outcome.documents.len(), outcome.complaints()),
        (
            0,
            vec!["0 the text is longer than 3 bytes, the longest that is read; --max-record allows up to 4 GiB".into()]
        )
    );
    assert_eq!(outcome.layout.unwrap().lost, [0]);
}

#[test]
fn blocks_change_nothing() {
    let record = |i: usize| match i % 7 {
        0 => "\n".to_string(),
        1 => "{\"text\": 1}\r\n".to_string(),
        2 => format!("{{\"text\": \"é{}\"}}\r\n", "y".repeat(i)),
        _ => format!("{{\"id\": {i}, \"text\": \"{}\\u00e9\"}}\n", "x".repeat(i % 50)),
    };
    let all: String = (0..300).map(record).collect();
    let utf16 = utf16(&all, true);
    for bytes in [all.as_bytes(), &utf16] {
        let whole = lines(bytes);
        assert_eq!(whole.blocks, 1);
        assert_eq!(whole.rebuilt().unwrap(), bytes);
        for block_bytes in [1, 2, 7, 100, 1001] {
            let options = ReadOptions { block_bytes, ..KEEP };
            let parts = read_with(bytes, Format::JsonLines, &options, &Fields::default());
            assert!(parts.blocks > 5);
            assert_eq!(parts.documents, whole.documents);
            assert_eq!(parts.problems, whole.problems);
            assert_eq!(parts.others, whole.others);
            assert_eq!(parts.layout, whole.layout);
        }
    }
}

#[test]
fn fields_by_the_first_name_that_is_there() {
    let record = r#"{"guid": "g", "_id": 3, "url": "https://me@News.Example:80/a?b", "body": "B", "content": null,
        "headline": "H", "pubDate": 1604178000, "meta": {"rank": 2.50}, "deep": {"text": "no"}}"#;
    let fields = Fields { rank: Names::only("meta.rank"), ..Fields::default() };
    let outcome = read_with(record.replace('\n', "").as_bytes(), Format::JsonLines, &KEEP, &fields);
    let document = &outcome.documents[0];
    assert_eq!((&*document.id, &*document.text), ("g", "B"));
    assert_eq!(document.source.as_deref(), Some("news.example"));
    assert_eq!(document.title.as_deref(), Some("H"));
    assert_eq!(document.date.as_deref(), Some("1604178000"));
    assert_eq!(document.rank.as_deref(), Some("2.50"));
}

#[test]
fn ids() {
    let many = concat!(
        "{\"id\": 12345678901234567890123, \"text\": \"\"}\n{\"text\": \"\"}\n{\"id\": null, \"uuid\": \"u\", \"text\": \"\"}\n",
        "{\"id\": \"\", \"text\": \"\"}\n{\"_id\": {\"$oid\": \"5f\"}, \"text\": \"\"}\n{\"id\": 1, \"id\": 2, \"text\": \"\"}\n"
    );
    assert_eq!(lines(many.as_bytes()).ids(), ["12345678901234567890123", "in:2", "u", "in:4", "5f", "2"]);
}

#[test]
fn a_chosen_name_replaces_the_list() {
    let fields = Fields { text: Names::only("doc.t"), id: Names::only("doc.n"), ..Fields::default() };
    let bytes = b"{\"text\": \"no\", \"id\": \"no\", \"doc\": {\"n\": 7, \"t\": \"yes\"}}\n{\"text\": \"no\"}";
    let outcome = read_with(bytes, Format::JsonLines, &KEEP, &fields);
    assert_eq!((outcome.texts(), outcome.ids()), (vec!["yes"], vec!["7"]));
    assert_eq!(outcome.complaints(), ["2 no text: none of the fields doc.t is there; there are text"]);
}

#[test]
fn bad_records_say_why() {
    let outcome =
        lines(b"{\"text\": }\n[1]\n{\"text\": 1}\n{\"a\": 1, \"b\": 2}\n{\"text\": \"a\"} x\n{}\n{\"text\": {}}\n");
    assert_eq!(outcome.documents, []);
    let expected = [
        "1 invalid JSON at column 10: expected value",
        "2 not an object but an array: each line must be a JSON object",
        "3 the text field text is a number, not a string",
        "4 no text: none of the fields text, content, body, raw_content, article, maintext is there; there are a, b",
        "5 invalid JSON at column 15: trailing characters",
        "6 no text: none of the fields text, content, body, raw_content, article, maintext is there; the object is empty",
        "7 the text field text is an object, not a string",
    ];
    assert_eq!(outcome.complaints(), expected);
    assert!(outcome.problems.iter().all(|problem| problem.skipped && problem.input == "in"));
    assert_eq!(outcome.others.len(), 7);
}

#[test]
fn lone_surrogates_are_read_and_said() {
    let bytes = br#"{"text": "a\ud800b\ud83d\ude00", "x": "\udc00"}"#;
    let outcome = lines(bytes);
    assert_eq!(outcome.texts(), ["a\u{fffd}b😀"]);
    assert_eq!((outcome.problems.len(), outcome.problems[0].skipped, outcome.problems[0].line), (1, false, 1));
    assert_eq!(outcome.rebuilt().unwrap(), bytes);
}

#[test]
fn the_text_can_be_found_in_the_record() {
    let bytes = br#"{"text": "no", "id": 1, "text":"caf\u00e9\n\"x\" \ud800 end"}"#;
    let outcome = lines(bytes);
    let (document, record) = (
        &outcome.documents[0],
        std::str::from_utf8(outcome.documents[0].provenance.record.as_deref().unwrap()).unwrap(),
    );
    let literal = text_value(record, &Fields::default()).unwrap();
    let at = document.text.find("end").unwrap();
    let raw = raw_offsets(literal.of(record), &[at, document.text.len()]);
    assert_eq!(&literal.of(record)[raw[0]..raw[1]], "end");
}

#[test]
fn a_missing_file_is_an_error() {
    let input = Input {
        name: "gone".into(),
        path: Some("/nowhere/gone".into()),
        format: Format::Text,
        compression: Compression::None,
    };
    assert!(matches!(open(&input, 0, &Fields::default(), &KEEP), Err(crate::Error::Io { .. })));
}
