//! Decisions that a careful editor would want: `tests/decisions/KIND/NAME` holds inputs and a `case.json` that says what must
//! hold of a run. Other items around them are made anew for each run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;

use flong::pipeline::load;
use flong::read::{Fields, ReadOptions, discover};
use serde_json::Value;

use crate::cli::flong;
use crate::generate;
use crate::inputs::root;

/// What a run gave.
struct Outcome {
    output: Output,
    /// The documents that are left, with their texts.
    left: BTreeMap<String, String>,
    ledger: Vec<Value>,
    /// Groups of documents that are copies of each other.
    copies: Vec<BTreeSet<String>>,
    /// The rules that a check reported.
    rules: BTreeSet<String>,
    made: BTreeSet<String>,
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map_or(Vec::new(), |all| all.iter().filter_map(Value::as_str).collect())
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("outputs are JSON Lines")).collect()
}

/// Writes the items around those of a case.
fn make_filler(wanted: &Value, path: &Path) -> BTreeSet<String> {
    let articles = generate::read_folder(&root().join("corpus/articles")).expect("the corpus can be read");
    let (count, seed) = (wanted["count"].as_u64().expect("count"), wanted["seed"].as_u64().unwrap_or(1));
    let options = generate::Options { documents: count as usize, seed, copies: 0.0 };
    let (sources, append) = (strings(&wanted["sources"]), strings(&wanted["append"]));
    let mut file = fs::File::create(path).expect("the folder can be written");
    let mut ids = BTreeSet::new();
    for (n, document) in generate::generate(&articles, &options).documents.into_iter().enumerate() {
        let source = sources.get(n % sources.len().max(1)).map_or(document.source.as_str(), |source| source);
        let end = append.get(n % append.len().max(1)).map_or(String::new(), |line| format!("\n\n{line}"));
        let text = format!("{}{end}", document.text);
        let item = serde_json::json!({
            "id": document.id, "source": source, "date": document.date, "title": document.title, "text": text,
        });
        writeln!(file, "{item}").expect("the folder has room");
        ids.insert(document.id);
    }
    ids
}

/// The documents in a folder that `clean` wrote.
fn documents(out: &Path) -> BTreeMap<String, String> {
    let is_output =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("documents"));
    let files: Vec<PathBuf> =
        fs::read_dir(out).into_iter().flatten().flatten().map(|entry| entry.path()).filter(is_output).collect();
    let Ok(inputs) = discover(&files) else { return BTreeMap::new() };
    let loaded = load(inputs, &Fields::default(), &ReadOptions::default(), &|_| ());
    let name = |id: &str| id.rsplit_once("/documents/").map_or(id, |(_, name)| name).to_string();
    loaded.documents.iter().map(|document| (name(&document.id), document.text.to_string())).collect()
}

fn copies(out: &Path) -> Vec<BTreeSet<String>> {
    let is_copy = |line: &&Value| {
        line["grain"] == "document" && ["exact", "near", "excerpt"].iter().any(|kind| line["kind"] == **kind)
    };
    let id = |value: &Value| value["document"].as_str().expect("an id").to_string();
    let pairs = lines(&out.join("matches.jsonl"));
    let clusters = lines(&out.join("clusters.jsonl"));
    let pairs = pairs.iter().filter(is_copy).map(|line| [id(&line["a"]), id(&line["b"])].into());
    let members = |line: &Value| line["members"].as_array().expect("members").iter().map(id).collect();
    pairs.chain(clusters.iter().filter(is_copy).map(members)).collect()
}

fn run(folder: &Path, case: &Value) -> Outcome {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let work = temporary.path();
    for entry in fs::read_dir(folder).expect("the case can be read").flatten() {
        fs::copy(entry.path(), work.join(entry.file_name())).expect("the case has files only");
    }
    let mut inputs: Vec<String> = strings(&case["input"]).into_iter().map(str::to_string).collect();
    let mut made = BTreeSet::new();
    if case["filler"].is_object() {
        made = make_filler(&case["filler"], &work.join("filler.jsonl"));
        inputs.push("filler.jsonl".into());
    }
    let command = case["command"].as_str().expect("a command");
    let to = if command == "check" { "--output-format json" } else { "--out out" };
    let given = strings(&case["args"]).join(" ");
    let output = flong(work, &format!("{command} {} --isolated {given} {to}", inputs.join(" ")), None);
    let out = work.join("out");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let rules = found.filter_map(|line| Some(line["rule"].as_str()?.to_string())).collect();
    let (left, ledger) = (documents(&out), lines(&out.join("ledger.jsonl")));
    Outcome { copies: copies(&out), rules, left, ledger, made, output }
}

/// What differs from the expectations.
fn faults(expect: &Value, outcome: &Outcome) -> Vec<String> {
    let mut found = Vec::new();
    let left = |id: &str| outcome.left.get(id);
    let is_copy = |pair: &Value| {
        let pair = strings(pair);
        outcome.copies.iter().any(|group| pair.iter().all(|id| group.contains(*id)))
    };
    let lists = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let texts = |value: &Value| value.as_object().cloned().unwrap_or_default();
    for (key, wanted) in expect.as_object().expect("expectations") {
        let complaints: Vec<String> = match key.as_str() {
            "kept_ids" => {
                strings(wanted).into_iter().filter(|id| left(id).is_none()).map(|id| format!("{id} is gone")).collect()
            }
            "dropped_ids" => {
                strings(wanted).into_iter().filter(|id| left(id).is_some()).map(|id| format!("{id} stays")).collect()
            }
            "one_kept" => {
                let kept = |group: &Value| strings(group).into_iter().filter(|id| left(id).is_some()).count();
                lists(wanted)
                    .iter()
                    .filter(|group| kept(group) != 1)
                    .map(|group| format!("{} of {group} stay", kept(group)))
                    .collect()
            }
            "texts" => {
                let is_other =
                    |id: &str, text: &Value| left(id).map(|text| text.trim()) != text.as_str().map(str::trim);
                texts(wanted)
                    .iter()
                    .filter(|(id, text)| is_other(id, text))
                    .map(|(id, _)| format!("{id} is {:?}", left(id)))
                    .collect()
            }
            "contains" | "not_contains" => {
                let held = |id: &str, piece: &str| left(id).map(|text| text.contains(piece)) == Some(key == "contains");
                let each = texts(wanted);
                let pieces =
                    each.iter().flat_map(|(id, pieces)| strings(pieces).into_iter().map(move |piece| (id, piece)));
                pieces
                    .filter(|(id, piece)| !held(id, piece))
                    .map(|(id, piece)| format!("{key} {piece:?}: {id}"))
                    .collect()
            }
            "once" => {
                let count = |piece: &str| outcome.left.values().map(|text| text.matches(piece).count()).sum::<usize>();
                strings(wanted)
                    .into_iter()
                    .filter(|piece| count(piece) != 1)
                    .map(|piece| format!("not once: {piece}"))
                    .collect()
            }
            "removed_none" => {
                let own = |line: &&Value| !outcome.made.contains(line["document"].as_str().unwrap_or(""));
                let removed = outcome.ledger.iter().filter(|line| line["action"] == "removed").filter(own);
                removed.map(|line| format!("removed: {line}")).collect()
            }
            "balanced_tags" => {
                let unpaired =
                    |id: &&str| left(id).is_none_or(|text| text.matches('<').count() != text.matches('>').count());
                strings(wanted).into_iter().filter(unpaired).map(|id| format!("tags of {id}: {:?}", left(id))).collect()
            }
            "copies" => {
                lists(wanted).iter().filter(|pair| !is_copy(pair)).map(|pair| format!("no copies: {pair}")).collect()
            }
            "not_copies" => {
                lists(wanted).iter().filter(|pair| is_copy(pair)).map(|pair| format!("copies: {pair}")).collect()
            }
            "rules_present" => strings(wanted)
                .into_iter()
                .filter(|rule| !outcome.rules.contains(*rule))
                .map(|rule| format!("{rule} is missing"))
                .collect(),
            "rules_absent" => strings(wanted)
                .into_iter()
                .filter(|rule| outcome.rules.contains(*rule))
                .map(|rule| format!("{rule} is reported"))
                .collect(),
            "any_of" => {
                let branches: Vec<Vec<String>> = lists(wanted).iter().map(|branch| faults(branch, outcome)).collect();
                if branches.iter().any(Vec::is_empty) { Vec::new() } else { branches.concat() }
            }
            other => vec![format!("unknown expectation {other}")],
        };
        found.extend(complaints);
    }
    found
}

#[test]
fn each_decision_is_an_editors() {
    let mut cases: Vec<PathBuf> = Vec::new();
    for kind in fs::read_dir(root().join("tests/decisions")).expect("there are cases").flatten() {
        cases.extend(fs::read_dir(kind.path()).expect("a folder of cases").flatten().map(|entry| entry.path()));
    }
    cases.sort();
    let mut failed = Vec::new();
    for folder in &cases {
        let case: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("case.json")).expect("case.json")).expect("JSON");
        let outcome = run(folder, &case);
        let mut complaints = faults(&case["expect"], &outcome);
        let fine: &[i32] = if case["command"] == "check" { &[0, 1] } else { &[0] };
        if !outcome.output.status.code().is_some_and(|code| fine.contains(&code)) {
            complaints.push(String::from_utf8_lossy(&outcome.output.stderr).into_owned());
        }
        if !complaints.is_empty() {
            failed.push(format!("{}: {}\n  {}", folder.display(), case["why"], complaints.join("\n  ")));
        }
    }
    println!("{} decisions", cases.len());
    assert!(cases.len() > 90 && failed.is_empty(), "{} of {} fail:\n{}", failed.len(), cases.len(), failed.join("\n"));
}
