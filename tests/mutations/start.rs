//! What the mutators start from: small sound files of every kind, made here or part of the repository.

use std::fs;
use std::io::Write;
use std::path::Path;

use flong::check::{Baseline, Reading, Severity, issues};
use flong::index::{Index, Settings};
use flong::judge::boilerplate;
use flong::pipeline::{add, commit};
use flong::{Document, Params, find};

use super::kind::Kind;
use crate::crawls::{FERRY, GOATS, answer, packed, page, record, text};
use crate::inputs::{self, root};
use crate::parquet::{codecs, write};
use crate::tables::{KEEP, read};

/// A sound file.
pub struct Start {
    pub kind: Kind,
    /// How its name ends.
    pub ending: &'static str,
    pub bytes: Vec<u8>,
}

/// All of them.
pub fn starts(scratch: &Path) -> Vec<Start> {
    let mut starts = feeds();
    let mut add = |kind, ending, bytes: Vec<u8>| starts.push(Start { kind, ending, bytes });
    for bytes in pages() {
        add(Kind::Page, "html", bytes);
    }
    for bytes in lines() {
        add(Kind::JsonLines, "jsonl", bytes);
    }
    for (separator, ending) in [(b',', "csv"), (b';', "csv"), (b'\t', "tsv"), (b'|', "csv")] {
        add(Kind::Table, ending, table(separator));
    }
    let articles = inputs::read(&root().join("corpus/articles/byline-dateline.jsonl"));
    for article in &articles[..3] {
        add(Kind::Text, "txt", article.text.replace("\n\n", "\r\n\r\nREAD ALSO: Ferry Aground Off Aldermoor\n").into());
    }
    let crawl = crawl();
    add(Kind::Crawl, "warc", crawl.concat());
    add(Kind::Crawl, "warc.gz", packed(&crawl));
    add(Kind::Crawl, "wet", [text(2, "https://a.example/", FERRY), text(3, "https://b.example/", GOATS)].concat());
    for (n, codec) in codecs().into_iter().enumerate() {
        let path = scratch.join("start.parquet");
        write(&path, &[[7, 3], [12, 0], [1, 1]][n % 3], codec);
        add(Kind::Parquet, "parquet", fs::read(&path).expect("it was written"));
    }
    for bytes in [index(scratch, true), index(scratch, false)] {
        add(Kind::Index, "flong", bytes);
    }
    add(Kind::Baseline, "json", baseline(scratch).into_bytes());
    add(Kind::Settings, "toml", SETTINGS.into());
    starts
}

fn feeds() -> Vec<Start> {
    let folder = fs::read_dir(root().join("tests/feeds")).expect("the feeds are there");
    let mut paths: Vec<_> = folder.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let start = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).expect("a feed can be read");
        let json = path.extension().is_some_and(|ending| ending == "json");
        Start { kind: if json { Kind::JsonFeed } else { Kind::Feed }, ending: if json { "json" } else { "xml" }, bytes }
    };
    paths.iter().map(start).filter(|start| start.bytes.len() < 10_000).collect()
}

fn pages() -> Vec<Vec<u8>> {
    let plain = page("Ferry Aground Off Aldermoor", &[FERRY, "READ ALSO: Goats Take Over Cemetery", GOATS]);
    let rich = format!(
        "<!doctype html>\n<html lang=en><head><meta http-equiv=Content-Type content='text/html; charset=windows-1252'>\
         <title>Goats</title><script>var a = \"</p>\" < 3;</script><style>p{{}}</style></head><body><div id=main>\
         <table><tr><td>{GOATS}<td><b>{FERRY}</table><ul><li>{FERRY}<li>caf\u{e9} &eacute; &lt;</ul><!-- x --></div>\
         <p>{GOATS}<br><a href=\"/x\">more</a></body></html>"
    );
    vec![plain.into_bytes(), encoding_rs::WINDOWS_1252.encode(&rich).0.into_owned()]
}

/// The first lines of some of our articles.
fn lines() -> Vec<Vec<u8>> {
    let files = ["articles/exact", "articles/quoted-statement", "boilerplate/link-line", "boilerplate/link-glued"];
    let start = |name: &&str| {
        let text = fs::read_to_string(root().join(format!("corpus/{name}.jsonl"))).expect("the corpus can be read");
        text.split_inclusive('\n').take(4).collect::<String>().into_bytes()
    };
    let mut starts: Vec<Vec<u8>> = files.iter().map(start).collect();
    let odd = format!(
        "{{\"id\": 1, \"text\": \"{FERRY}\\n\\nRead also: \\ud83d\\ude00 Goats\\u0020\\/ Cemetery\", \"n\": [1.0, {{\"a\": null}}]}}\r\n\
         \n{{\"text\": \"{FERRY}\", \"id\": \"2\", \"title\": \"\\u00e9\"}}\n{{\"broken\n{{\"id\": 3, \"text\": 4}}\n\
         {{\"id\": \"4\", \"text\": \"{GOATS}\\r\\n\\tFollow us on Facebook.\"}}"
    );
    starts.push(odd.into_bytes());
    starts
}

fn table(separator: u8) -> Vec<u8> {
    let articles = inputs::read(&root().join("corpus/articles/exact.jsonl"));
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(["id", "title", "text", "n"]).expect("memory is there");
    let texts = [FERRY, "One \"quoted\", text; with | all\tof it.\nREAD ALSO: Goats", "bare", "", FERRY];
    for (n, text) in articles[..2].iter().map(|article| &*article.text).chain(texts).enumerate() {
        writer.write_record([&format!("r{n}"), "A title", text, "7"]).expect("memory is there");
    }
    writer.into_inner().expect("memory is there")
}

/// A crawl with answers that are sent whole, in chunks and packed.
fn crawl() -> Vec<Vec<u8>> {
    let page = page("Goats Take Over Cemetery", &[GOATS, FERRY]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(page.as_bytes()).expect("memory is there");
    let gzip = gzip.finish().expect("memory is there");
    let head = |more: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{more}\r\n").into_bytes();
    let (one, two) = page.split_at(300);
    let chunks = format!("{:x}\r\n{one}\r\n{:X};x=1\r\n{two}\r\n0\r\n\r\n", one.len(), two.len()).into_bytes();
    let kind = "application/http; msgtype=response";
    vec![
        record("warcinfo", 1, "", "application/warc-fields", b"software: our own\r\n"),
        answer(2, 200, "Ferry Aground", &[FERRY, "READ ALSO: Goats Take Over Cemetery"]),
        record("response", 3, "https://c.example/", kind, &[head("Transfer-Encoding: chunked\r\n"), chunks].concat()),
        record("response", 4, "https://d.example/", kind, &[head("Content-Encoding: gzip\r\n"), gzip].concat()),
        text(5, "https://e.example/", &format!("{GOATS}\n\nREAD ALSO: Ferry Aground\n\n{FERRY}")),
        record("resource", 6, "https://f.example/", "text/html", page.as_bytes()),
    ]
}

/// The documents of an index.
fn documents() -> Vec<Document> {
    let mut documents = inputs::read(&root().join("corpus/articles"));
    documents.truncate(60);
    documents
}

fn index(scratch: &Path, text: bool) -> Vec<u8> {
    let (path, params) = (scratch.join(format!("start-{text}.flong")), Params::default());
    let index = Index::write(&path, &Settings::of(&params, text)).expect("the folder can be written");
    let mut addition = index.addition().expect("it is new");
    add(&mut addition, &documents(), 20_000).expect("documents can be added");
    commit(addition, &params).expect("documents can be added");
    drop(index);
    fs::read(&path).expect("it was written")
}

/// What is known of the articles that [`lines`] and [`baseline`] are about.
fn baseline(scratch: &Path) -> String {
    let path = scratch.join("in.jsonl");
    fs::write(&path, KNOWN.iter().flat_map(|start| start.bytes()).collect::<Vec<u8>>()).expect("the folder is there");
    let loaded = read(&path, &KEEP);
    let found = find(&loaded.documents, &Params::default());
    let findings = boilerplate(&found.asides);
    let fields = flong::read::Fields::default();
    let paths = ["in.jsonl".to_owned()];
    let reading =
        Reading { documents: &loaded.documents, items: &[], inputs: &loaded.inputs, paths: &paths, fields: &fields };
    let issues = issues(&findings, &reading, |rule| Some(Severity::of(rule)));
    assert!(issues.len() > 2, "there is something to know");
    Baseline::of(&issues).write()
}

/// Documents in which a check finds something.
pub const KNOWN: [&str; 3] = [
    "{\"id\": \"a\", \"text\": \"Nobody was hurt.\\n\\nREAD ALSO: Harbour Master Resigns After Inquiry\\n\\nTugs came at dawn.\"}\n",
    "{\"id\": \"b\", \"text\": \"The grass is short.\\n\\nRELATED: Goats Take Over The Old Cemetery\\n\\nThe parish is glad.\"}\n",
    "{\"id\": \"c\", \"text\": \"Rain fell all day.\\n\\nFollow us on Facebook and Twitter for more updates.\"}\n",
];

const SETTINGS: &str = r#"# Every key there is.
text-field = ["text", "body"]
id-field = "id"
source-field = "feed.title"
date-field = "published"
title-field = "headline"
url-field = "link"
exclude = ["drafts", "**/*.bak.jsonl"]
grain = ["document", "paragraph"]
level = "near"
keep = "source:wire.example,daily.example"
drop = "duplicates"
remove = "near"
threads = 2
only = ["FL1", "FL2", "FL301"]
ignore = ["FL205"]
fail-on = "warning"
ignore-items = ["weather-today"]

[severity]
FL1 = "error"
FL103 = "note"
FL303 = "off"

[ignore-in]
"archive/**" = ["FL1", "FL301"]

[[markers]]
text = "From the same pen"
strength = "sure"
language = "en"

[[calls]]
text = "Ring our news desk"
where = "tail"

[[frames]]
template = "{title} is a story of {site}"
"#;
