//! Feeds of our own, `feeds/*`: what is read of each, what a clean run makes of it, and that it comes back.
//! `docs/testing.md` says how one is added.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flong::pipeline::{Loaded, load};
use flong::read::{Fields, Format, ReadOptions, cut_item, discover};
use flong::{Document, Span};
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::cli::flong;
use crate::inputs::root;

/// All feeds, in the order of their names.
fn feeds() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("tests/feeds")).expect("the feeds are there");
    let mut paths: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("names are ASCII")
}

fn read(path: &Path) -> Loaded {
    let inputs = discover(&[path.to_str().expect("the path is UTF-8").to_string()]).expect("it is there");
    assert_eq!(inputs[0].format, Format::Feed, "{}", path.display());
    let options = ReadOptions { keep_records: true, ..ReadOptions::default() };
    load(inputs, &Fields::default(), &options, &|_| {})
}

/// What was read, a line each: documents, then problems.
fn told(loaded: &Loaded, folder: &str) -> String {
    let documents = loaded.documents.iter().map(|document| {
        json!({
            "id": document.id.trim_start_matches(folder),
            "source": document.source,
            "title": document.title,
            "date": document.date,
            "url": document.url,
            "line": document.provenance.line,
            "text": document.text,
        })
    });
    let problems = loaded
        .problems
        .iter()
        .map(|problem| json!({"line": problem.line, "problem": problem.reason, "skipped": problem.skipped}));
    documents.chain(problems).map(|line| format!("{line}\n")).collect()
}

#[test]
fn each_is_read_as_expected() {
    let accept = std::env::var_os("FLONG_ACCEPT").is_some();
    let mut failed = Vec::new();
    for path in feeds() {
        let folder = format!("{}/", path.parent().expect("it is in a folder").display());
        let found = told(&read(&path), &folder);
        let expected = root().join("tests/feeds/expected").join(format!("{}.jsonl", name(&path)));
        if accept {
            fs::write(&expected, &found).expect("the folder is there");
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        if found != wanted {
            failed.push(format!("{}\n--- expected\n{wanted}--- found\n{found}", name(&path)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The findings of a check of some feeds, a line each: the feed, the line, the rule, and the passage's first words. Of
/// those of one rule in one feed after another, the first three and how many there are.
fn findings(feeds: &[&str]) -> String {
    let folder = root().join("tests/feeds");
    let command = format!("check --isolated --exit-zero -q --output-format json {}", feeds.join(" "));
    let told = String::from_utf8(flong(&folder, &command, None).stdout).expect("JSON is UTF-8");
    let line = |line: &str| {
        let found: Value = serde_json::from_str(line).expect("each line is JSON");
        let text = found["text"].as_str().unwrap_or("").split_whitespace().take(6).collect::<Vec<_>>().join(" ");
        let path = found["path"].as_str().unwrap_or("").rsplit('/').next().unwrap_or("").to_string();
        format!("{path}\t{}\t{}\t{text}\n", found["line"], found["rule"].as_str().unwrap_or(""))
    };
    let lines: Vec<String> = told.lines().map(line).collect();
    let of = |line: &String| line.split('\t').step_by(2).take(2).collect::<Vec<_>>().join("\t");
    let shown = lines.chunk_by(|a, b| of(a) == of(b)).map(|run| match run {
        [first, second, third, .., _] => format!("{first}{second}{third}{}\t{} in all\n", of(first), run.len()),
        _ => run.concat(),
    });
    shown.collect()
}

#[test]
fn checks_find_what_is_expected() {
    let feeds = feeds();
    let mut found: String = feeds.iter().map(|path| findings(&[name(path)])).collect();
    // What is in two feeds is a copy, however either puts it.
    found += "two feeds together\n";
    found += &findings(&["syndicated-a.xml", "syndicated-b.atom"]);
    let expected = root().join("tests/feeds/expected/findings.tsv");
    if std::env::var_os("FLONG_ACCEPT").is_some() {
        fs::write(&expected, &found).expect("the folder is there");
    }
    assert_eq!(found, fs::read_to_string(&expected).unwrap_or_default());
}

/// Why bytes are not well-formed XML, if they are not.
fn malformed(bytes: &[u8]) -> Option<String> {
    let (text, _, _) = encoding_of(bytes).decode(bytes);
    let mut reader = quick_xml::Reader::from_str(&text);
    reader.config_mut().enable_all_checks(true);
    let mut depth = 0i64;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return (depth != 0).then(|| "it ends inside an element".into()),
            Ok(_) => {}
            Err(e) => return Some(e.to_string()),
        }
    }
}

/// What an XML declaration names; a byte order mark goes before that.
fn encoding_of(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    if bytes.starts_with(&[0, b'<']) {
        return encoding_rs::UTF_16BE;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    let named = head.split("encoding=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("utf-8");
    encoding_rs::Encoding::for_label(named.as_bytes()).expect("a known encoding")
}

fn is_json(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
}

/// Whether a feed is valid as far as parsers can tell: well-formed, and a feed to another reader.
fn accepted(bytes: &[u8]) -> Result<(), String> {
    match is_json(bytes) {
        true => serde_json::from_slice::<Value>(bytes).map(|_| ()).map_err(|e| e.to_string())?,
        false => malformed(bytes).map_or(Ok(()), Err)?,
    }
    feed_rs::parser::parse(bytes).map(|_| ()).map_err(|e| e.to_string())
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A document's text as it should be after the lines of the ledger about it.
fn cut(document: &Document, ledger: &[Value]) -> Option<String> {
    let about = |line: &&Value| line["document"] == *document.id && line["action"] == "removed";
    let mut text = document.text.to_string();
    let mut whole = false;
    for line in ledger.iter().filter(about).rev() {
        let at = |key: &str| line[key].as_u64().expect("an offset") as usize;
        whole |=
            line["rule"].as_str().is_some_and(|rule| rule.starts_with("FL1")) && at("end") - at("start") == text.len();
        text.replace_range(at("start")..at("end"), " ");
    }
    (!whole).then_some(text)
}

#[test]
fn each_is_cleaned_and_comes_back() {
    let here = tempfile::tempdir().expect("a folder");
    let (mut edited, mut with_ids) = (0, 0);
    for path in feeds() {
        let name = name(&path);
        let original = fs::read(&path).expect("it is there");
        fs::write(here.path().join(name), &original).expect("the folder is there");
        let run = flong(here.path(), &format!("clean {name} --out cleaned-{name}/"), None);
        let code = run.status.code();
        assert!(matches!(code, Some(0 | 3)), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        let before = read(&path);
        let skipped = before.problems.iter().any(|problem| problem.skipped);
        assert_eq!(code == Some(3), skipped, "{name}");

        let cleaned = here.path().join(format!("cleaned-{name}/documents/{name}"));
        let bytes = fs::read(&cleaned).unwrap_or_else(|e| panic!("{name}: {e}"));
        if let (Ok(()), Err(e)) = (accepted(&original), accepted(&bytes)) {
            panic!("{name}: {e}\n{}", String::from_utf8_lossy(&bytes));
        }
        let ledger = json_lines(&here.path().join(format!("cleaned-{name}/ledger.jsonl")));
        let removed = ledger.iter().any(|line| line["action"] == "removed");
        let lossy = before.problems.iter().any(|problem| problem.reason.contains("U+FFFD"));
        let (own, ids) = without_ids(&bytes);
        assert!(removed || lossy || own == original, "{name}: what loses nothing stays as it is");
        with_ids += ids.len();
        for id in ids {
            assert!(before.documents.iter().any(|document| document.id.ends_with(&id)), "{name}: {id}");
        }
        edited += usize::from(removed);
        check_texts(name, &before, &read(&cleaned), &ledger);

        let run = flong(here.path(), &format!("restore cleaned-{name} --out restored-{name}"), None);
        assert_eq!(run.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        let restored = fs::read(here.path().join(format!("restored-{name}/{name}"))).expect("it is restored");
        assert!(restored == original, "{name} comes back byte for byte");
    }
    assert!(edited >= 8, "only {edited} feeds lose something");
    assert!(with_ids >= 2, "only {with_ids} items get an id");
}

/// Returns a feed without the ids that were made up for its items, and these ids.
fn without_ids(feed: &[u8]) -> (Vec<u8>, Vec<String>) {
    const MARK: &str = "<flong:id xmlns:flong=\"urn:flong\">";
    let Ok(text) = std::str::from_utf8(feed) else { return (feed.to_vec(), Vec::new()) };
    let mut pieces = text.split(MARK);
    let (mut own, mut ids) = (pieces.next().unwrap_or_default().to_owned(), Vec::new());
    for piece in pieces {
        let (id, rest) = piece.split_once("</flong:id>").expect("the element ends");
        ids.push(id.to_owned());
        own.push_str(rest);
    }
    (own.into_bytes(), ids)
}

/// Checks that the documents that went on are those that were there, but for what the ledger says.
fn check_texts(name: &str, before: &Loaded, after: &Loaded, ledger: &[Value]) {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let ids: Vec<&str> = before.documents.iter().map(|document| &*document.id).collect();
    let mut left = after.documents.iter();
    for document in &before.documents {
        if ids.iter().filter(|id| **id == &*document.id).count() > 1 {
            // Which of several the ledger means cannot be told by the id.
            return;
        }
        let Some(text) = cut(document, ledger) else { continue };
        let now = left.next().unwrap_or_else(|| panic!("{name}: {} is gone", document.id));
        assert_eq!(words(&now.text), words(&text), "{name}: {}", document.id);
        let facts = |document: &Document| (document.title.clone(), document.date.clone(), document.url.clone());
        assert_eq!(facts(now), facts(document), "{name}: {}", document.id);
    }
    assert!(left.next().is_none(), "{name}: more items than there were");
}

#[test]
fn any_paragraph_can_be_cut() {
    let mut cuts = 0;
    for path in feeds() {
        let loaded = read(&path);
        let whole = accepted(&fs::read(&path).expect("it is there")).is_ok();
        for document in &loaded.documents {
            let (Some(within), Some(record)) = (document.provenance.within, &document.provenance.record) else {
                continue;
            };
            let record = std::str::from_utf8(record).expect("items are text");
            let mut at = 0;
            for paragraph in document.text.split_inclusive('\n').take(12) {
                let span = Span::new(at, at + paragraph.len());
                at += paragraph.len();
                if paragraph.trim().is_empty() {
                    continue;
                }
                let cut = cut_item(record, within, &[span]);
                let cut = cut.unwrap_or_else(|| panic!("{}: {paragraph}", path.display()));
                assert!(cut.len() < record.len());
                cuts += 1;
                if whole {
                    let fed = fed(&loaded, document, &cut);
                    accepted(fed.as_bytes()).unwrap_or_else(|e| panic!("{}: {e}\n{cut}", path.display()));
                }
            }
        }
    }
    assert!(cuts > 60, "{cuts}");
}

/// A feed, as UTF-8 that does not say so, with another item in the place of one.
fn fed(loaded: &Loaded, document: &Document, item: &str) -> String {
    let others: Vec<_> = loaded.others.iter().flat_map(|(_, others)| others.runs()).collect();
    let mut pieces: Vec<(u64, &[u8])> = others.iter().map(|run| (run.first, &*run.bytes)).collect();
    let record = |other: &'_ Document| other.provenance.place.record;
    for other in &loaded.documents {
        let bytes = other.provenance.record.as_deref().expect("records are kept");
        pieces.push((record(other), if record(other) == record(document) { item.as_bytes() } else { bytes }));
    }
    pieces.sort();
    let text: Vec<u8> = pieces.into_iter().flat_map(|(_, bytes)| bytes.to_vec()).collect();
    let text = String::from_utf8(text).expect("what is read is UTF-8");
    match text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.to_owned(),
        None => text,
    }
}

/// The validators that are installed are asked about each feed that flong wrote, and about each original.
#[test]
fn other_tools_accept_what_is_written() {
    let here = tempfile::tempdir().expect("a folder");
    let tools: [(&str, &[&str]); 2] = [
        ("xmllint", &["--noout", "--nonet"]),
        ("python3", &["-c", "import sys, feedparser\nassert not feedparser.parse(sys.argv[1]).bozo"]),
    ];
    for (tool, arguments) in tools {
        let accepts = |file: &Path| {
            let ran = Command::new(tool).args(arguments).arg(file).output();
            ran.is_ok_and(|ran| ran.status.success())
        };
        let plain = root().join("tests/feeds/rss20-plain.xml");
        if !accepts(&plain) {
            let missing = if tool == "python3" { "feedparser" } else { tool };
            println!("skipped: {missing} is not installed; `make validators` installs it");
            continue;
        }
        let mut checked = 0;
        for path in feeds().iter().filter(|path| accepts(path)) {
            let name = name(path);
            fs::copy(path, here.path().join(name)).expect("the folder is there");
            flong(here.path(), &format!("clean {name} --out {tool}-{name} --force"), None);
            let cleaned = here.path().join(format!("{tool}-{name}/documents/{name}"));
            assert!(accepts(&cleaned), "{tool} does not accept {}", fs::read_to_string(&cleaned).unwrap_or_default());
            checked += 1;
        }
        println!("{tool} accepts {checked} cleaned feeds");
        assert!(checked > 20, "{tool} refuses most originals");
    }
}
