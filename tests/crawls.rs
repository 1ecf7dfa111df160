//! Crawls and pages: what is read of WARC, WET and HTML, what a clean run makes of it, and that it comes back.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use serde_json::Value;

use crate::cli::flong;

pub const FERRY: &str = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt, the \
                     harbour master said, and divers will inspect the hull before the vessel is towed to the yard.";
pub const GOATS: &str = "A herd of thirty goats has taken over the cemetery of Lower Thornby, where it keeps the grass short. \
                     The parish had tried sheep, which ate the flowers, and a machine, which broke on a headstone.";

pub fn record(kind: &str, id: u32, url: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-0{}T10:00:00Z\r\n\
         WARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Block-Digest: sha1:ABC\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        id % 9 + 1,
        content.len()
    );
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

pub fn text(id: u32, url: &str, content: &str) -> Vec<u8> {
    record("conversion", id, url, "text/plain", content.as_bytes())
}

/// An answer with a page of these paragraphs.
pub fn answer(id: u32, status: u16, title: &str, paragraphs: &[&str]) -> Vec<u8> {
    let page = page(title, paragraphs);
    let answer = format!("HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
    record(
        "response",
        id,
        &format!("https://site.example/{id}"),
        "application/http; msgtype=response",
        answer.as_bytes(),
    )
}

pub fn page(title: &str, paragraphs: &[&str]) -> String {
    let body: String = paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title></head><body><nav><a href=\"/\">Start \
         page</a></nav><article><h1>{title}</h1>{body}</article><footer>Imprint and privacy</footer></body></html>"
    )
}

/// The records, each packed by itself.
pub fn packed(records: &[Vec<u8>]) -> Vec<u8> {
    let pack = |record: &Vec<u8>| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(record).expect("memory is there");
        encoder.finish().expect("memory is there")
    };
    records.iter().flat_map(pack).collect()
}

/// The members of a gzip file, each unpacked.
fn members(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let mut decoder = flate2::bufread::GzDecoder::new(bytes);
        let mut member = Vec::new();
        decoder.read_to_end(&mut member).expect("it is gzip");
        bytes = decoder.into_inner();
        found.push(member);
    }
    found
}

/// Cleans a file, checks that it comes back, and gives the folder that was written and the exit code.
fn cleaned(here: &Path, name: &str, bytes: &[u8], original: &[u8]) -> (std::path::PathBuf, Option<i32>) {
    fs::write(here.join(name), bytes).expect("the folder is there");
    let run = flong(here, &format!("clean {name} --out cleaned --force"), None);
    let code = run.status.code();
    assert!(matches!(code, Some(0 | 3)), "{}", String::from_utf8_lossy(&run.stderr));
    // Another crawl may have been restored there before.
    let _ = fs::remove_dir_all(here.join("restored"));
    let restored = flong(here, "restore cleaned --out restored", None);
    assert_eq!(restored.status.code(), Some(0), "{}", String::from_utf8_lossy(&restored.stderr));
    let plain = name.trim_end_matches(".gz");
    assert!(fs::read(here.join("restored").join(plain)).expect("it is there") == original, "{name} comes back");
    (here.join("cleaned"), code)
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

const BRIDGE: &str = "Engineers closed the old bridge at Selkirk Sound on Thursday after a crack was found in its northern \
                      pier, and buses take the long way round by Carrow until it has been shored up.";
const COST: &str = "The council expects the work to take three weeks, and to cost forty thousand crowns or more.";

#[test]
fn texts_of_a_crawl_are_cut_and_dropped() {
    let here = tempfile::tempdir().expect("a folder");
    let records = [
        record("warcinfo", 1, "", "application/warc-fields", b"software: none\r\n"),
        text(
            2,
            "https://a.example/ferry",
            &format!("Ferry Aground Near Aldermoor\n{FERRY}\nClick here to subscribe to our newsletter\n"),
        ),
        text(3, "https://b.example/ferry", &format!("Ferry Aground Near Aldermoor\n{FERRY}\n")),
        text(4, "https://c.example/goats", &format!("{GOATS}\n")),
    ];
    let original = records.concat();
    let (out, code) = cleaned(here.path(), "crawl.warc.wet.gz", &packed(&records), &original);
    assert_eq!(code, Some(0));
    let written = members(&fs::read(out.join("documents/crawl.warc.wet.gz")).expect("it is written"));
    assert_eq!(written.len(), 3, "a member a record, one of them dropped");
    assert_eq!((&written[0], &written[2]), (&records[0], &records[3]), "what is kept is as it was");
    let edited = String::from_utf8(written[1].clone()).expect("it is text");
    assert!(!edited.contains("newsletter") && !edited.contains("Digest") && edited.contains(FERRY), "{edited}");
    let (head, content) = edited.split_once("\r\n\r\n").expect("a blank line");
    let length = content.strip_suffix("\r\n\r\n").expect("the end of a record").len();
    assert!(head.ends_with(&format!("Content-Length: {length}")), "{head}");
    let ledger = lines(&out.join("ledger.jsonl"));
    assert!(ledger.iter().any(|line| line["document"] == "urn:uuid:3" && line["action"] == "removed"), "{ledger:?}");

    // Without compression, and with blocks of any size, it is the same.
    let (out, _) = cleaned(here.path(), "crawl.wet", &original, &original);
    assert_eq!(fs::read(out.join("documents/crawl.wet")).expect("it is written"), written.concat());
}

#[test]
fn pages_of_a_crawl_are_dropped_or_marked() {
    let here = tempfile::tempdir().expect("a folder");
    let image = record(
        "response",
        6,
        "https://site.example/i.png",
        "application/http",
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\xff\x00\xfe",
    );
    let records = [
        record("request", 1, "https://site.example/2", "application/http", b"GET /2 HTTP/1.1\r\n\r\n"),
        answer(2, 200, "Ferry Aground Near Aldermoor", &[FERRY, GOATS]),
        answer(3, 200, "Ferry Runs Aground", &[FERRY, GOATS]),
        answer(4, 404, "Not found", &[FERRY, GOATS]),
        answer(5, 200, "Bridge Closed", &[BRIDGE, "READ ALSO: Ferry Aground Near Aldermoor", COST]),
        image,
    ];
    let original = records.concat();
    let (out, code) = cleaned(here.path(), "crawl.warc.gz", &packed(&records), &original);
    assert_eq!(code, Some(0));
    let written = members(&fs::read(out.join("documents/crawl.warc.gz")).expect("it is written"));
    let kept: Vec<&Vec<u8>> = records.iter().enumerate().filter(|(i, _)| *i != 2).map(|(_, record)| record).collect();
    assert_eq!(written.iter().collect::<Vec<_>>(), kept, "one copy goes, all else stays as it was");
    let ledger = lines(&out.join("ledger.jsonl"));
    let link = ledger.iter().find(|line| line["rule"] == "FL201").expect("the link is found");
    assert_eq!((&link["document"], &link["action"]), (&"urn:uuid:5".into(), &"marked".into()));
    assert!(link["reason"].as_str().is_some_and(|reason| reason.contains("cannot be cut")), "{link}");
    let summary = fs::read_to_string(out.join("summary.json")).expect("it is written");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["rules"]["FL201"]["removed"], Value::Null);
}

#[test]
fn bad_records_are_told_and_kept() {
    let here = tempfile::tempdir().expect("a folder");
    let good = |id| text(id, "https://a.example/", if id == 2 { FERRY } else { GOATS });
    let wrong = String::from_utf8(text(3, "https://a.example/x", "a wrong length"))
        .expect("text")
        .replace("Length: 14", "Length: 9");
    let mut latin = text(4, "https://a.example/y", "caf? at the quay, where nobody reads UTF-8 and all drink tea");
    let at = latin.iter().position(|&b| b == b'?').expect("it is there");
    latin[at] = 0xe9;
    let brotli = record(
        "response",
        6,
        "https://a.example/z",
        "application/http",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80",
    );
    let records = [
        good(2),
        wrong.into_bytes(),
        latin,
        b"rubbish\r\n".to_vec(),
        good(5),
        brotli,
        b"WARC/1.0\r\nContent-Length: 9\r\n\r\ncut".to_vec(),
    ];
    let original = records.concat();
    let (out, code) = cleaned(here.path(), "crawl.warc", &original, &original);
    assert_eq!(code, Some(3));
    assert_eq!(fs::read(out.join("documents/crawl.warc")).expect("it is written"), original);
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).expect("there")).expect("JSON");
    let told: Vec<String> =
        summary["problems"].as_array().expect("an array").iter().map(|problem| problem["reason"].to_string()).collect();
    assert_eq!(summary["documents"], 3);
    for (reason, what) in told.iter().zip([
        "record 2: at byte",
        "record 3: some bytes are not UTF-8",
        "record 4: at byte",
        "brotli",
        "record 7: at byte",
    ]) {
        assert!(reason.contains(what), "{reason}: {what}");
    }
    assert_eq!(told.len(), 5, "{told:?}");
}

#[test]
fn a_page_becomes_a_line_and_comes_back() {
    let here = tempfile::tempdir().expect("a folder");
    let first = page("Ferry Aground Near Aldermoor", &[FERRY, GOATS]);
    let second = page("Bridge Closed", &[BRIDGE, "READ ALSO: Ferry Aground Near Aldermoor", COST]);
    fs::create_dir(here.path().join("pages")).expect("the folder is there");
    fs::write(here.path().join("pages/a.html"), &first).expect("the folder is there");
    fs::write(here.path().join("pages/b.htm"), &second).expect("the folder is there");
    fs::write(here.path().join("pages/c.html"), "<html><body></body></html>").expect("the folder is there");
    let run = flong(here.path(), "clean pages --out cleaned", None);
    assert_eq!(run.status.code(), Some(3), "{}", String::from_utf8_lossy(&run.stderr));
    let documents = lines(&here.path().join("cleaned/documents.jsonl"));
    assert_eq!(documents.len(), 2);
    assert_eq!(
        (&documents[0]["id"], &documents[0]["title"]),
        (&"pages/a.html".into(), &"Ferry Aground Near Aldermoor".into())
    );
    let text = documents[1]["text"].as_str().expect("a text");
    assert!(text.contains("Engineers") && !text.contains("READ ALSO") && !text.contains("privacy"), "{text}");
    let run = flong(here.path(), "restore cleaned --out restored", None);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    for (name, page) in [("a.html", &first), ("b.htm", &second)] {
        assert_eq!(&fs::read_to_string(here.path().join("restored/pages").join(name)).expect("it is restored"), page);
    }
}
