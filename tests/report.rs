//! The page of a run: what is gathered, and what it is made from.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flong::config::{Config, Settings};
use flong::read::{Discovery, ReadOptions, discover};
use flong::report::{Folder, Report};
use flong::run::{CleanOptions, FindOptions, Inputs, OutFolder};
use flong::{Grain, Params, Result, UnitId};
use serde_json::{Value, json};

use crate::inputs::root;

/// All articles of the corpus.
fn articles() -> Vec<Value> {
    let mut found = Vec::new();
    for folder in ["articles", "boilerplate"] {
        let files = fs::read_dir(root().join("corpus").join(folder)).expect("the corpus can be read");
        let mut paths: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
        paths.sort();
        for path in paths {
            let text = fs::read_to_string(path).expect("it is UTF-8");
            found.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).expect("it is JSON")));
        }
    }
    found
}

fn write(path: &Path, documents: &[Value]) {
    let lines: String = documents.iter().map(|document| format!("{document}\n")).collect();
    fs::write(path, lines).expect("there is room");
}

fn clean(folder: &Path, input: &str) -> Folder {
    let settings = Settings::new(Config::default(), None).expect("they are the defaults");
    let options = CleanOptions { out: Some(OutFolder::new(folder.join("out"))), ..CleanOptions::default() };
    flong::run::clean(&Inputs::of([folder.join(input)]), &settings, &options, &()).expect("it is cleaned");
    Folder::open(folder.join("out")).expect("it was written")
}

fn gather(folder: &Folder) -> Result<Report> {
    let inputs = folder.originals(&Discovery::default())?;
    Report::gather(folder, inputs.inputs.clone(), &ReadOptions::default(), &())
}

fn page(report: &Report) -> String {
    let mut page = Vec::new();
    report.write(&mut page).expect("memory takes it");
    String::from_utf8(page).expect("a page is UTF-8")
}

/// The bytes that a page holds under an id.
fn unpacked(page: &str, id: &str) -> Vec<u8> {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).expect("it is there");
    let packed = STANDARD.decode(rest.split('<').next().unwrap_or_default()).expect("it is base64");
    let mut bytes = Vec::new();
    flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("it is deflated");
    bytes
}

fn overview(page: &str) -> Value {
    serde_json::from_slice(&unpacked(page, "overview")).expect("it is JSON")
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("it is a column").iter().map(|n| n.as_i64().expect("it is a number")).collect()
}

/// The texts of all documents of a page, by their ids.
fn texts(page: &str, overview: &Value) -> BTreeMap<String, String> {
    let documents = &overview["documents"];
    let blocks = documents["blocks"].as_array().expect("it is a column").len();
    let bytes: Vec<u8> = (0..blocks).flat_map(|n| unpacked(page, &format!("texts-{n}"))).collect();
    let (mut at, mut found) = (0, BTreeMap::new());
    let lengths = numbers(&documents["url"]).into_iter().zip(numbers(&documents["text"]));
    for (id, (url, text)) in documents["id"].as_array().expect("it is a column").iter().zip(lengths) {
        let (start, end) = (at + url as usize, at + (url + text) as usize);
        found.insert(id.as_str().expect("an id").into(), String::from_utf8(bytes[start..end].to_vec()).expect("UTF-8"));
        at = end;
    }
    assert_eq!(at, bytes.len());
    found
}

#[test]
fn a_page_holds_the_clusters_and_the_texts_as_they_were() {
    let folder = tempfile::tempdir().expect("there is room");
    let articles = articles();
    write(&folder.path().join("in.jsonl"), &articles);
    let run = clean(folder.path(), "in.jsonl");
    // The originals are restored from what clean wrote.
    fs::remove_file(folder.path().join("in.jsonl")).expect("it is there");
    let page = page(&gather(&run).expect("it is gathered"));
    let overview = overview(&page);

    let written = fs::read_to_string(folder.path().join("out/clusters.jsonl")).expect("it was written");
    let written: BTreeMap<String, Value> = written
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"))
        .map(|line| (line["cluster"].as_str().expect("an id").to_owned(), line))
        .collect();
    let clusters = &overview["clusters"];
    assert_eq!(clusters["id"].as_array().expect("a column").len(), written.len());
    let (members, ids) = (numbers(&overview["members"]["document"]), &overview["documents"]["id"]);
    let mut first = 0;
    for (n, size) in numbers(&clusters["size"]).into_iter().enumerate() {
        let line = &written[clusters["id"][n].as_str().expect("an id")];
        let named = |member: &i64| ids[*member as usize].clone();
        let expected: Vec<Value> =
            line["members"].as_array().expect("members").iter().map(|member| member["document"].clone()).collect();
        let found: Vec<Value> = members[first..first + size as usize].iter().map(named).collect();
        assert_eq!((found, &clusters["kind"][n]), (expected, &line["kind"]));
        assert_eq!(overview["members"]["kind"][first], Value::Null, "the representative matches nothing");
        first += size as usize;
    }
    assert_eq!(first, members.len());

    let originals: BTreeMap<&str, &str> = articles
        .iter()
        .map(|article| (article["id"].as_str().unwrap_or(""), article["text"].as_str().unwrap_or("")))
        .collect();
    let texts = texts(&page, &overview);
    assert!(texts.len() > 100);
    for (id, text) in &texts {
        assert_eq!(text, originals[&**id], "{id}");
    }
}

#[test]
fn what_was_removed_is_counted_as_the_ledger_has_it() {
    let folder = tempfile::tempdir().expect("there is room");
    write(&folder.path().join("in.jsonl"), &articles());
    let overview = overview(&page(&gather(&clean(folder.path(), "in.jsonl")).expect("it is gathered")));
    let mut expected: BTreeMap<(String, bool), (i64, i64)> = BTreeMap::new();
    let mut links = 0;
    for line in fs::read_to_string(folder.path().join("out/ledger.jsonl")).expect("it was written").lines() {
        let line: Value = serde_json::from_str(line).expect("it is JSON");
        let key = (line["rule"].as_str().expect("a rule").to_owned(), line["action"] == "removed");
        let count = expected.entry(key).or_default();
        count.0 += 1;
        count.1 += line["end"].as_i64().expect("an offset") - line["start"].as_i64().expect("an offset");
        links += usize::from(line["rule"] == "FL201");
    }
    let mut found: BTreeMap<(String, bool), (i64, i64)> = BTreeMap::new();
    for entry in overview["removed"].as_array().expect("counts") {
        let key = (entry["rule"].as_str().expect("a rule").to_owned(), entry["removed"] == true);
        let count = found.entry(key).or_default();
        count.0 += entry["pieces"].as_i64().expect("a count");
        count.1 += entry["bytes"].as_i64().expect("a count");
    }
    assert_eq!(found, expected);
    assert_eq!(overview["links"].as_array().expect("links").len(), links);
    assert!(links > 20);
}

#[test]
fn near_misses_are_matches_by_relaxed_thresholds_only() {
    let folder = tempfile::tempdir().expect("there is room");
    write(&folder.path().join("in.jsonl"), &articles());
    let overview = overview(&page(&gather(&clean(folder.path(), "in.jsonl")).expect("it is gathered")));
    let documents: Vec<flong::Document> = articles()
        .iter()
        .map(|article| {
            let text = |name: &str| article[name].as_str().map(Into::into);
            flong::Document {
                source: text("source"),
                title: text("title"),
                date: text("date"),
                ..flong::Document::new(text("id").unwrap_or_default(), text("text").unwrap_or_default())
            }
        })
        .collect();
    let params = Params::default();
    let relaxed = Params { thresholds: params.thresholds.relaxed(0.1), ..params.clone() };
    let pairs = |params: &Params| -> BTreeMap<[String; 2], Value> {
        let found = flong::find(&documents, params);
        let unit = |id: UnitId| found.unit(id);
        let name = |id: UnitId| documents[unit(id).document.index()].id.to_string();
        let whole = found.matches.iter().filter(|tie| unit(tie.a).grain == Grain::Document);
        whole.map(|tie| (sorted([name(tie.a), name(tie.b)]), json!(tie.verified.kind))).collect()
    };
    let (strict, lax) = (pairs(&params), pairs(&relaxed));
    let misses = overview["misses"].as_array().expect("misses");
    assert!(!misses.is_empty());
    let ids = &overview["documents"]["id"];
    for miss in misses {
        let id =
            |side: &str| ids[miss[side][0].as_u64().expect("a number") as usize].as_str().expect("an id").to_owned();
        let pair = sorted([id("a"), id("b")]);
        assert_eq!(strict.get(&pair).unwrap_or(&Value::Null), &miss["kind"], "{pair:?}");
        assert_eq!(lax[&pair], miss["would_be"], "{pair:?}");
        for missed in miss["missed"].as_array().expect("thresholds") {
            assert_ne!(missed[1], missed[2], "{pair:?} does not miss {}", missed[0]);
        }
    }
}

fn sorted(mut pair: [String; 2]) -> [String; 2] {
    pair.sort();
    pair
}

#[test]
fn the_page_is_the_same_whatever_the_threads() {
    let folder = tempfile::tempdir().expect("there is room");
    write(&folder.path().join("in.jsonl"), &articles());
    let run = clean(folder.path(), "in.jsonl");
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        pool.install(|| page(&gather(&run).expect("it is gathered")))
    };
    assert!(with(1) == with(4), "the bytes differ");
}

#[test]
fn inputs_are_found_again_or_named_and_must_be_those_of_the_run() {
    let folder = tempfile::tempdir().expect("there is room");
    let at = |name: &str| folder.path().join(name);
    // Without ids, documents are called after the input and the line.
    let articles: Vec<Value> = articles()
        .into_iter()
        .map(|mut article| {
            article.as_object_mut().expect("it is an object").remove("id");
            article
        })
        .collect();
    write(&at("in.jsonl"), &articles);
    let settings = Settings::new(Config::default(), None).expect("they are the defaults");
    let options = FindOptions { out: Some(OutFolder::new(at("found"))), ..FindOptions::default() };
    flong::run::find(&Inputs::of([at("in.jsonl")]), &settings, &options, &()).expect("it runs");
    let run = Folder::open(at("found")).expect("it was written");
    let here = page(&gather(&run).expect("it is gathered"));

    fs::rename(at("in.jsonl"), at("moved.jsonl")).expect("it is there");
    let error = gather(&run).expect_err("the input is gone").to_string();
    assert!(error.contains("in.jsonl") && error.contains("--input"), "{error}");
    let named = |name: &str| {
        let inputs = run.moved(discover(&[at(name)])?)?;
        Report::gather(&run, inputs.inputs.clone(), &ReadOptions::default(), &())
    };
    assert!(page(&named("moved.jsonl").expect("it was named")) == here, "another place, the same page");
    write(&at("other.jsonl"), &articles[1..]);
    let error = named("other.jsonl").expect_err("it is another input").to_string();
    assert!(error.contains("279 documents") && error.contains("278"), "{error}");
    let error = Folder::open(at("")).expect_err("it is no folder of flong's").to_string();
    assert!(error.contains("summary.json"), "{error}");
}

#[test]
fn documents_of_one_id_are_told_apart() {
    let folder = tempfile::tempdir().expect("there is room");
    let text = |end: &str| {
        format!(
            "The harbour board of Aldermoor has approved the rebuilding of the northern pier after two winters of storms, at \
             a cost of 4.2 million crowns. Work is to begin in April and will take eighteen months{end}."
        )
    };
    let documents = [
        json!({"id": "a", "text": text("")}),
        json!({"id": "a", "text": text(", the board said")}),
        json!({"id": "a", "text": "Rain."}),
    ];
    write(&folder.path().join("in.jsonl"), &documents);
    let overview = overview(&page(&gather(&clean(folder.path(), "in.jsonl")).expect("it is gathered")));
    let members = numbers(&overview["members"]["document"]);
    assert_eq!(members[..2], [0, 1]);
    let lengths = numbers(&overview["documents"]["text"]);
    let expected = [text(""), text(", the board said")].map(|text| text.len() as i64);
    assert_eq!(lengths[..2], expected);
}

#[test]
fn hostile_data_is_nowhere_as_it_is() {
    let folder = tempfile::tempdir().expect("there is room");
    let evil = "</script><script>alert(1)</script><!--";
    let text =
        format!("{evil} The harbour board of Aldermoor has approved the rebuilding of the northern pier after storms.");
    let document =
        |n: u32| json!({"id": format!("{evil}{n}"), "source": evil, "title": evil, "text": text, "url": evil});
    write(&folder.path().join("in.jsonl"), &[document(1), document(2)]);
    let page = page(&gather(&clean(folder.path(), "in.jsonl")).expect("it is gathered"));
    assert!(!page.contains("alert(1)"));
    assert_eq!(texts(&page, &overview(&page)).into_values().next().as_deref(), Some(&*text));
}
