//! Clean and restore, end to end.

mod layouts;
mod read_back;
mod shards;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use read_back::read_back;

use super::*;
use crate::judge::{Action, Finding, Rule};
use crate::read::{
    self, Compression, Fields, Format, Input, InputLayout, Others, ReadOptions, parse_block, text_value,
};
use crate::{Document, Error, Span};

/// A run over files of our own making.
struct Run {
    here: TempDir,
    fields: Fields,
    inputs: Vec<Input>,
    layouts: Vec<InputLayout>,
    documents: Vec<Document>,
    others: Vec<(u32, Others)>,
}

impl Run {
    /// Reads `files`, each by name with its decompressed bytes; the name's endings say what it is.
    fn read(files: &[(&str, &[u8])]) -> Run {
        Run::read_with(files, &ReadOptions { keep_records: true, block_bytes: 64, ..ReadOptions::default() })
    }

    fn read_with(files: &[(&str, &[u8])], options: &ReadOptions) -> Run {
        let here = tempfile::tempdir().unwrap();
        let fields = Fields::default();
        let (mut inputs, mut layouts, mut documents, mut others) = (vec![], vec![], vec![], vec![]);
        for (i, (name, bytes)) in files.iter().enumerate() {
            let input = write_input(here.path(), name, bytes);
            let mut blocks = read::open(&input, i as u32, &fields, options).unwrap();
            for block in blocks.by_ref() {
                let parsed = parse_block(&block, &input, &fields, true);
                documents.extend(parsed.documents);
                others.push((i as u32, parsed.others));
            }
            layouts.push(blocks.layout().unwrap());
            inputs.push(input);
        }
        Run { here, fields, inputs, layouts, documents, others }
    }

    fn clean(&self, findings: &[Finding]) -> Cleaned {
        self.clean_with(findings, false)
    }

    fn clean_with(&self, findings: &[Finding], drop_emptied: bool) -> Cleaned {
        let Run { fields, inputs, layouts, documents, others, .. } = self;
        let mut out = OutDir::create(self.path("out"), true).unwrap();
        let cleaned = clean(
            &mut out,
            &Corpus { fields, inputs, layouts, documents, others, findings, outside: &[], drop_emptied },
        )
        .unwrap();
        out.commit().unwrap();
        cleaned
    }

    fn restore(&self) -> crate::Result<RestoreReport> {
        restore(self.path("out"), self.path("back"), true)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.here.path().join(name)
    }

    /// Returns the text of an output file, decompressed.
    fn output(&self, name: &str) -> String {
        let mut text = String::new();
        sink::source(&self.path("out").join(name)).unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

fn write_input(here: &Path, name: &str, bytes: &[u8]) -> Input {
    let path = here.join("in").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let compression = match name.rsplit_once('.').unwrap().1 {
        "gz" => Compression::Gzip,
        "zst" => Compression::Zstd,
        "bz2" => Compression::Bzip2,
        _ => Compression::None,
    };
    let packed = match compression {
        Compression::None => bytes.to_vec(),
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Zstd => zstd::encode_all(bytes, 0).unwrap(),
        Compression::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), Default::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
    };
    fs::write(&path, packed).unwrap();
    let format = if name.contains(".txt") { Format::Text } else { Format::JsonLines };
    Input { name: name.to_owned(), path: Some(path), format, compression }
}

fn finding(document: usize, span: Span) -> Finding {
    Finding {
        document,
        span,
        whole: false,
        grain: None,
        rule: Rule::InsertedLink,
        action: Action::Removed,
        score: 0.9,
        kept: None,
        reason: "a link".into(),
    }
}

fn dropped(document: usize, kept: usize) -> Finding {
    let rule = Rule::NearDuplicate;
    Finding {
        whole: true,
        grain: None,
        rule,
        kept: Some((kept, Span::new(0, 1))),
        ..finding(document, Span::default())
    }
}

/// Returns the removal of `piece` from a document.
fn without(run: &Run, document: usize, piece: &str) -> Finding {
    let start = run.documents[document].text.find(piece).unwrap();
    finding(document, Span::new(start, start + piece.len()))
}

#[test]
fn records_keep_their_bytes_around_the_removed_piece() {
    let input = concat!(
        r#"{"id": 1,  "text":"One.\n\nRead \u0041lso: \"X\"\n\nTwo.", "n": 1.50}"#,
        "\r\n\n",
        r#"{"text": "\u00c9t\u00e9", "id": 1}"#,
        "\n{broken\n",
        r#"{"id": "c", "text": "Kept / as\/is."}"#,
    );
    let run = Run::read(&[("a.jsonl", input.as_bytes())]);
    let cleaned = run.clean(&[without(&run, 0, "Read Also: \"X\""), dropped(1, 2)]);
    let rules = cleaned.rules.clone();
    assert_eq!(cleaned, Cleaned { kept: 1, edited: 1, dropped: 1, removed: 2, rules, ..Cleaned::default() });
    assert_eq!(cleaned.rules.values().flat_map(|actions| actions.values()).sum::<u64>(), 2);
    let documents = concat!(
        r#"{"id": 1,  "text":"One.\n\nTwo.", "n": 1.50}"#,
        "\n",
        r#"{"id": "c", "text": "Kept / as\/is."}"#,
        "\n"
    );
    assert_eq!(run.output("documents.jsonl"), documents);
    let ledger = concat!(
        r#"{"document":"1","start":6,"end":20,"text":"Read Also: \"X\"","rule":"FL201","kind":"inserted-link","#,
        r#""grain":null,"whole":false,"action":"removed","score":0.9,"kept":null,"reason":"a link","after":"\n\n","#,
        r#""raw":"Read \\u0041lso: \\\"X\\\"\\n\\n"}"#,
        "\n",
        r#"{"document":"1","start":0,"end":5,"text":"Été","rule":"FL102","kind":"near","grain":null,"whole":true,"#,
        r#""action":"removed","score":0.9,"kept":{"document":"c","start":0,"end":1},"reason":"a link","raw":"\\u00c9t\\u00e9","#,
        r#""record":["{\"text\": \"","\", \"id\": 1}"]}"#,
        "\n"
    );
    assert_eq!(run.output("ledger.jsonl"), ledger);
    assert_eq!(run.restore().unwrap().restored, ["a.jsonl"]);
    assert_eq!(fs::read(run.path("back/a.jsonl")).unwrap(), input.as_bytes());
}

#[test]
fn texts_go_to_files_of_their_own() {
    let latin1 =
        b"Caf\xe9 cr\xe8me.\r\n\r\nRead also: th\xe9.\r\n\r\nLe caf\xe9 est tr\xe8s bon, d\xe9j\xe0 servi.\r\n";
    let files: [(&str, &[u8]); 4] = [
        ("a/x.txt", b"\xef\xbb\xbfOne. See also. Two.\n"),
        ("b.txt.gz", b"Gone."),
        ("c.txt.zst", latin1),
        ("e.txt", b""),
    ];
    let run = Run::read(&files);
    run.clean(&[without(&run, 0, "See also."), dropped(1, 0), without(&run, 2, "Read also: thé.")]);
    assert_eq!(run.output("documents/a/x.txt"), "One. Two.\n");
    assert_eq!(run.output("documents/c.txt.zst"), "Café crème.\r\n\r\nLe café est très bon, déjà servi.\r\n");
    assert_eq!(run.output("documents/e.txt"), "");
    assert!(!run.path("out/documents/b.txt.gz").exists() && !run.path("out/documents.jsonl").exists());
    assert_eq!(run.restore().unwrap().restored, ["a/x.txt", "b.txt", "c.txt", "e.txt"]);
    for (name, bytes) in files {
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        assert_eq!(fs::read(run.path("back").join(name)).unwrap(), bytes, "{name}");
    }
}

#[test]
fn a_text_that_is_all_boilerplate_stays_as_an_empty_one() {
    let run = Run::read(&[("a.jsonl", br#"{"text": " Read more \u00bb ", "id": "a"}"#)]);
    run.clean(&[without(&run, 0, "Read more »")]);
    assert_eq!(run.output("documents.jsonl"), "{\"text\": \"\", \"id\": \"a\"}\n");
    assert_eq!(run.restore().unwrap().restored.len(), 1);
}

#[test]
fn what_is_only_marked_changes_nothing() {
    let line = "{\"text\": \"By A\\u002e B. Text.\"}\n";
    let run = Run::read(&[("a.jsonl.bz2", line.as_bytes()), ("b.jsonl.bz2", b""), ("c.txt", b"text")]);
    let mark = Finding { action: Action::Marked, rule: Rule::Credit, ..without(&run, 0, "By A. B.") };
    let cleaned = run.clean(&[mark]);
    let rules = [("FL205", [("marked", 1)].into())].into();
    assert_eq!(cleaned, Cleaned { kept: 2, marked: 1, rules, ..Cleaned::default() });
    let with_id = line.replace('}', ",\"id\":\"a.jsonl.bz2:1\"}");
    assert_eq!(run.output("documents/a.jsonl.bz2"), with_id);
    let marked = r#""kind":"credit-or-dateline","grain":null,"whole":false,"action":"marked""#;
    assert!(run.output("ledger.jsonl").contains(marked));
    assert_eq!(run.restore().unwrap().restored, ["a.jsonl", "b.jsonl", "c.txt"]);
}

#[test]
fn halves_of_surrogate_pairs_do_not_meet() {
    let line = r#"{"text": "a \ud83dREAD\ude00 b", "id": 1}"#;
    let run = Run::read(&[("a.jsonl", line.as_bytes())]);
    run.clean(&[without(&run, 0, "READ")]);
    assert_eq!(run.output("documents.jsonl"), "{\"text\": \"a \u{fffd}\u{fffd} b\", \"id\": 1}\n");
    run.restore().unwrap();
    assert_eq!(fs::read_to_string(run.path("back/a.jsonl")).unwrap(), line);
}

#[test]
fn standard_input_gets_a_name() {
    let mut run = Run::read(&[("x.jsonl", b"{\"text\": \"a\"}\n")]);
    run.inputs[0].path = None;
    run.clean(&[dropped(0, 0)]);
    assert_eq!(run.output("documents.jsonl"), "");
    assert_eq!(run.restore().unwrap().restored, ["stdin.jsonl"]);
}

#[test]
fn records_that_were_too_long_are_told() {
    let input = format!("{{\"text\": \"a\"}}\n{{\"text\": \"{}\"}}\n{{\"text\": \"b\"}}\n", "long ".repeat(100));
    let options = ReadOptions { keep_records: true, max_record: 100, ..ReadOptions::default() };
    let run = Run::read_with(&[("a.jsonl", input.as_bytes()), ("b.jsonl", b"{\"text\": \"b\"}")], &options);
    run.clean(&[dropped(1, 0)]);
    let report = run.restore().unwrap();
    assert_eq!(report.incomplete, [("a.jsonl".to_owned(), 1)]);
    assert_eq!(report.restored, ["b.jsonl"]);
    assert_eq!(fs::read_to_string(run.path("back/a.jsonl")).unwrap(), "{\"text\": \"a\"}\n\n{\"text\": \"b\"}\n");
}

#[test]
fn what_changed_after_the_run_is_named() {
    let lines = b"{\"text\": \"One. See also. Two.\"}\n{\"text\": \"Three\"}\n{\"text\": \"Four\"}\n";
    let run = Run::read(&[("a.jsonl", lines), ("b.txt", b"Five. See also. Six.")]);
    let findings = [without(&run, 0, "See also."), dropped(2, 1), without(&run, 3, "See also.")];
    for (file, old, new) in [
        ("documents/a.jsonl", "Three", "Thr33"),
        ("documents/a.jsonl", "One. ", ""),
        ("documents/a.jsonl", "{\"text\": \"Three\",\"id\":\"a.jsonl:2\"}\n", ""),
        ("documents/a.jsonl", ",\"id\":\"a.jsonl:2\"", ""),
        ("documents/a.jsonl", "jsonl:2\"}\n", "jsonl:2\"}\n{\"text\": \"more\"}\n"),
        ("ledger.jsonl", "\"start\":5", "\"start\":999"),
        ("ledger.jsonl", "\"end\":14", "\"end\":1"),
        ("ledger.jsonl", "See also.", "SEE also."),
        ("ledger.jsonl", "{\"document\":\"a.jsonl:3\"", "{\"id\":1}\n{\"document\":\"a.jsonl:3\""),
        ("layout.jsonl", "\"dropped\"", "\"other\""),
        ("layout.jsonl", "b.txt", "../b.txt"),
        ("layout.jsonl", "\"edited\"", "\"edit"),
        ("layout.jsonl", "{\"name\":\"b.txt\"", "{\"name\":\"c.txt\""),
        ("layout.jsonl", "[\"kept\",1,0]", "[\"kept\",9223372036854775807,0]"),
        ("layout.jsonl", "\n{\"documents\"", "\n"),
        ("documents/b.txt", "Five", "5ive"),
        ("documents/b.txt", "Five. Six.", "5"),
    ] {
        let _ = fs::remove_dir_all(run.path("out"));
        run.clean(&findings);
        let path = run.path("out").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old} in {text}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        match run.restore() {
            Err(Error::Damaged { path, reason }) => {
                assert!(path.ends_with(file), "{file}, {new}: {}", path.display());
                assert!(reason.contains("changed") && reason.contains("restore from"), "{reason}");
            }
            other => panic!("{file}, {new}: {other:?}"),
        }
        assert!(!run.path("back").exists());
    }
}

#[test]
fn what_is_not_ours_is_refused() {
    let run = Run::read(&[("a.jsonl", b"{\"text\": \"a\"}\n")]);
    run.clean(&[]);
    let usage = |result: crate::Result<RestoreReport>| match result {
        Err(Error::Usage(message)) => message,
        other => panic!("{other:?}"),
    };
    assert!(usage(restore(run.path("in"), run.path("back"), false)).contains("layout.jsonl"));
    assert!(usage(restore(run.path("out"), run.path("out"), true)).contains("another output folder"));
    assert!(usage(restore(run.path("out"), run.path("in"), false)).contains("--force"));
    let layout = run.output("layout.jsonl").replace("{\"layout\":3,", "{\"layout\":99,");
    fs::write(run.path("out/layout.jsonl"), layout).unwrap();
    let refused = run.restore().unwrap_err().to_string();
    assert!(refused.contains("version 99") && refused.contains("restore with the flong that wrote it"), "{refused}");
}

#[test]
fn outputs_of_version_1_are_restored() {
    let run = Run::read(&[("a\\x5Cx41.jsonl", b"{\"text\": \"a\"}\n")]);
    run.clean(&[]);
    let name = r#""name":"a\\x5Cx41.jsonl""#;
    let layout = run.output("layout.jsonl");
    assert!(layout.contains(name), "{layout}");
    // The names of version 1 have no escapes.
    let old = layout.replace("{\"layout\":3,", "{\"layout\":1,").replace(name, r#""name":"a\\x41.jsonl""#);
    // They have no checksum of the layout itself.
    let checksum = old.rfind(",\"layout\":\"").unwrap();
    fs::write(run.path("out/layout.jsonl"), format!("{}}}\n", &old[..checksum])).unwrap();
    run.restore().unwrap();
    assert_eq!(fs::read(run.path("back/a\\x41.jsonl")).unwrap(), b"{\"text\": \"a\"}\n");
}

/// Returns a character as JSON may have it.
fn written(c: char, how: u8) -> String {
    match how {
        0 if c == '/' => r"\/".to_owned(),
        1 => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
        _ => serde_json::to_string(&c).unwrap().trim_matches('"').replace(r"\\\", r"\\").to_owned(),
    }
}

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => prop::sample::select(vec!['a', 'Z', 'é', '語', '😀', '/', '\\', '\u{fffd}', '.', ',', '«']),
        3 => prop::sample::select(vec![' ', ' ', '\n', '\r', '\t', '\u{a0}', '\u{3000}', '\u{2028}']),
    ]
}

/// Returns a string literal: characters in random notation, now and then half of a surrogate pair.
fn literal() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        20 => (character(), 0u8..4).prop_map(|(c, how)| written(c, how)),
        1 => prop::sample::select(vec![r"\ud83d", r"\ude00"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let id = prop::sample::select(vec![r#""id":1"#, r#""id" : "a\u0062""#, r#""n": [1.0, {"text": "no"}]"#]);
    let blank = prop::sample::select(vec!["", " ", "\t "]);
    let record = (literal(), id, blank, any::<bool>()).prop_map(|(text, id, blank, first)| {
        let text = format!("\"text\":{blank}{text}");
        let (a, b) = if first { (text.as_str(), id) } else { (id, text.as_str()) };
        format!("{blank}{{{a}{blank},{b}{blank}}}{blank}").into_bytes()
    });
    let other: [&[u8]; 7] = [b"", b" ", b"\r", b"{broken", b"[1]", b"{\"text\": 1}", b"{\"text\": \"\xff\"}"];
    prop_oneof![4 => record, 1 => prop::sample::select(other.map(<[u8]>::to_vec).to_vec())]
}

/// Returns the bytes of an input in JSON Lines.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let end = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    (prop::collection::vec((line(), end), 0..8), any::<bool>(), 0u8..6).prop_map(|(lines, last, coding)| {
        let mut bytes: Vec<u8> =
            lines.iter().flat_map(|(line, end)| [line.as_slice(), end.as_bytes()].concat()).collect();
        if !last && bytes.ends_with(b"\n") {
            bytes.pop();
        }
        encoded(bytes, coding)
    })
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(character(), 0..40), 0u8..6)
        .prop_map(|(chars, coding)| encoded(chars.iter().collect::<String>().into_bytes(), coding))
}

/// Mostly UTF-8, some with a byte order mark, some UTF-16.
fn encoded(bytes: Vec<u8>, coding: u8) -> Vec<u8> {
    match (coding, std::str::from_utf8(&bytes)) {
        (0, _) => [b"\xef\xbb\xbf", bytes.as_slice()].concat(),
        (1, Ok(text)) => std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        _ => bytes,
    }
}

/// Findings by which document (modulo), from where to where (in characters, modulo), and what about it.
type Picks = Vec<(usize, usize, usize, u8)>;

fn findings(documents: &[Document], picks: &Picks) -> Vec<Finding> {
    let mut findings: Vec<Finding> = picks
        .iter()
        .filter(|_| !documents.is_empty())
        .map(|&(document, a, b, what)| {
            let document = document % documents.len();
            let text = &documents[document].text;
            let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (ends[a % ends.len()], ends[b % ends.len()]);
            let piece = finding(document, Span::new(a.min(b), a.max(b)));
            match what {
                0 => dropped(document, 0),
                1 => Finding { action: Action::Marked, ..piece },
                2 => Finding { action: Action::Marked, rule: Rule::Template, ..dropped(document, 0) },
                _ => piece,
            }
        })
        .collect();
    findings.sort_by_key(|finding| finding.document);
    findings
}

/// Returns what the cleaned corpus must hold: the texts, by the rules of tidiness alone.
fn expected(documents: &[Document], findings: &[Finding], drop_emptied: bool) -> Vec<(Box<str>, String)> {
    let mut texts = Vec::new();
    for (i, document) in documents.iter().enumerate() {
        let removed = || findings.iter().filter(|f| f.document == i && f.action == Action::Removed);
        if removed().any(|finding| finding.whole) {
            continue;
        }
        let mut spans: Vec<Span> = removed().map(|finding| finding.span).collect();
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let text: String = remaining(&document.text, &tidy(&document.text, &spans)).collect();
        if !drop_emptied || !text.trim().is_empty() || text == *document.text {
            texts.push((document.id.clone(), text));
        }
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn clean_then_restore_gives_the_inputs(
        lines in prop::collection::vec((lines(), 0usize..4), 0..3),
        texts in prop::collection::vec((text(), 0usize..4), 0..3),
        picks in prop::collection::vec((any::<usize>(), any::<usize>(), any::<usize>(), 0u8..12), 0..12),
        drop_emptied in any::<bool>(),
    ) {
        let endings = ["", ".gz", ".zst", ".bz2"];
        let mut files = BTreeMap::new();
        for (i, (bytes, packed)) in lines.iter().enumerate() {
            files.insert(format!("{i}.jsonl{}", endings[*packed]), bytes.as_slice());
        }
        for (i, (bytes, packed)) in texts.iter().enumerate() {
            files.insert(format!("d{i}/t.txt{}", endings[*packed]), bytes.as_slice());
        }
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let run = Run::read(&files);
        let findings = findings(&run.documents, &picks);
        let cleaned = run.clean_with(&findings, drop_emptied);

        let report = run.restore().unwrap();
        prop_assert_eq!(report.restored.len(), files.len());
        for (name, (_, bytes)) in report.restored.iter().zip(&files) {
            prop_assert_eq!(&fs::read(run.path("back").join(name)).unwrap(), bytes, "{}", name);
        }
        let emptied = cleaned.emptied_documents.len();
        prop_assert_eq!(run.output("ledger.jsonl").lines().count(), findings.len() + emptied);
        prop_assert_eq!(run.output("dropped.jsonl").lines().count() as u64, cleaned.dropped);
        prop_assert_eq!(read_back(&run), expected(&run.documents, &findings, drop_emptied));
    }
}
