//! The cases of `corpus/boilerplate`: what must go, what must stay.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use flong::judge::{Action, Finding, boilerplate};
use flong::{Document, Params, find};

use crate::inputs::root;

/// The documents of `corpus/boilerplate`, as one corpus.
fn documents() -> Vec<Document> {
    let mut files: Vec<_> =
        fs::read_dir(root().join("corpus/boilerplate")).expect("the corpus").map(|file| file.unwrap().path()).collect();
    files.sort();
    let lines = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).expect("a file of the corpus");
        text.lines().map(str::to_string).collect::<Vec<_>>()
    });
    let document = |line: String| {
        let record: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let field = |name: &str| record[name].as_str().map(Box::from);
        let (id, text) = (field("id").expect("an id"), field("text").expect("a text"));
        Document { source: field("source"), title: field("title"), date: field("date"), ..Document::new(id, text) }
    };
    lines.map(document).collect()
}

pub fn table(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(name)).expect("a table");
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_string).collect()).collect()
}

/// Findings by document id.
fn findings(documents: &[Document]) -> BTreeMap<&str, Vec<Finding>> {
    let found = find(documents, &Params::default());
    let mut by_document: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for finding in boilerplate(&found.asides) {
        by_document.entry(&documents[finding.document].id).or_default().push(finding);
    }
    by_document
}

#[test]
fn what_must_go_goes_and_is_known_where_it_does_not() {
    let documents = documents();
    let found = findings(&documents);
    let mut missed = BTreeSet::new();
    for row in table("corpus/expected/spans.tsv") {
        let [document, start, end, rule, certainty, ..] = &row[..] else { panic!("{row:?}") };
        let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
        let pieces = found.get(document.as_str()).map(Vec::as_slice).unwrap_or_default();
        let covered = |action: Action| -> usize {
            let within = pieces.iter().filter(|finding| finding.action == action).map(|finding| finding.span.range());
            within.map(|span| span.end.min(end).saturating_sub(span.start.max(start))).sum()
        };
        // Bullets, blank lines and stops between the pieces of a block are not counted.
        let most = (end - start) * 8 / 10;
        let fine = match certainty.as_str() {
            "certain" => covered(Action::Removed) >= most,
            // Credits must be marked: they tell who syndicates.
            "marked" => covered(Action::Removed) == 0 && (rule != "FL205" || covered(Action::Marked) > 0),
            _ => true,
        };
        if !fine {
            missed.insert(format!("{document}\t{start}\t{rule}"));
        }
    }
    let known: BTreeSet<String> =
        table("tests/boilerplate_known_misses.tsv").into_iter().map(|row| row[..3].join("\t")).collect();
    println!("{} spans missed", missed.len());
    assert_eq!(missed, known, "left: missed now; right: tests/boilerplate_known_misses.tsv");
}

#[test]
fn nothing_is_removed_but_what_may_be() {
    let documents = documents();
    let mut allowed: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for row in table("corpus/expected/spans.tsv") {
        allowed.entry(row[0].clone()).or_default().push((row[1].parse().unwrap(), row[2].parse().unwrap()));
    }
    let mut beyond = BTreeSet::new();
    for (id, findings) in findings(&documents) {
        for finding in findings.iter().filter(|finding| finding.action == Action::Removed) {
            let spans = allowed.get(id).map(Vec::as_slice).unwrap_or_default();
            let outside =
                finding.span.range().filter(|byte| !spans.iter().any(|(start, end)| (start..end).contains(&byte)));
            if outside.count() > 2 {
                beyond.insert(format!("{id}\t{}\t{}", finding.span.start, finding.rule.code()));
            }
        }
    }
    let known: BTreeSet<String> =
        table("tests/boilerplate_known_excess.tsv").into_iter().map(|row| row[..3].join("\t")).collect();
    assert_eq!(beyond, known, "left: removed too much now; right: tests/boilerplate_known_excess.tsv");
    for row in table("corpus/expected/clean.tsv") {
        assert!(!beyond.iter().any(|line| line.starts_with(&format!("{}\t", row[0]))), "a trap: {}", row[0]);
    }
}
