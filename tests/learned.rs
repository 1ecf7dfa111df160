//! Lines and frames that no table names, learned from how a source repeats them, in many languages.
//!
//! `corpus/expected/learned.tsv` has templates. Each is put into every document of its language in turn, as if all were of
//! one source.

use std::collections::BTreeMap;

use flong::judge::{Action, Finding, boilerplate};
use flong::{Document, Params, find};

use crate::boilerplate::table;
use crate::inputs::{read, root};

/// The documents of the corpus by language: the first of each phenomenon, so that no two are copies.
fn documents() -> BTreeMap<String, Vec<Document>> {
    let mut by_language: BTreeMap<String, BTreeMap<String, Document>> = BTreeMap::new();
    for folder in ["corpus/articles", "corpus/boilerplate"] {
        for document in read(&root().join(folder)) {
            let parts: Vec<&str> = document.id.split('/').collect();
            let [phenomenon, language, _] = parts[..] else { panic!("{}", document.id) };
            let (phenomenon, language) = (phenomenon.to_string(), language.to_string());
            by_language.entry(language).or_default().entry(phenomenon).or_insert(document);
        }
    }
    by_language.into_iter().map(|(language, documents)| (language, documents.into_values().collect())).collect()
}

/// A template filled for the n-th document.
fn filled(template: &str, n: usize, title: &str, names: &[Vec<String>]) -> String {
    let [given, family] = names else { panic!("given and family names") };
    let space = if template.is_ascii() || given[0].chars().next() < Some('\u{3000}') { " " } else { "" };
    let name = format!("{}{space}{}", given[n % given.len()], family[n / given.len() % family.len()]);
    let year = (1990 + n * 3).to_string();
    let filled = template.replace("{title}", title).replace("{name}", &name);
    filled.replace("{year}", &year).replace("{n}", &(n * 37 + 14).to_string())
}

/// What is removed and marked by what the corpus tells, by document.
fn learned(documents: &[Document]) -> Vec<Vec<Finding>> {
    let found = find(documents, &Params::default());
    let mut findings = vec![Vec::new(); documents.len()];
    for finding in boilerplate(&found.asides) {
        findings[finding.document].push(finding);
    }
    findings
}

#[test]
fn what_a_source_repeats_is_learned() {
    let by_language = documents();
    let mut names: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for row in table("corpus/expected/names.tsv") {
        let split = |names: &String| names.split('|').map(str::to_string).collect();
        names.insert(row[0].clone(), row[1..].iter().map(split).collect());
    }
    let mut wrong = Vec::new();
    for row in table("corpus/expected/learned.tsv") {
        let [language, place, rule, certainty, template, _] = &row[..] else { panic!("{row:?}") };
        let source = |document: &Document| Document { source: Some("one.example".into()), ..document.clone() };
        let plain: Vec<Document> = by_language[language].iter().map(source).collect();
        let mut lines = Vec::new();
        let framed: Vec<Document> = (0..)
            .zip(&plain)
            .map(|(n, document)| {
                let line = filled(template, n, document.title.as_deref().unwrap_or(""), &names[language]);
                let text = match place.as_str() {
                    "head" => format!("{line}\n{}", document.text),
                    _ => format!("{}\n{line}", document.text),
                };
                let start = if place == "head" { 0 } else { document.text.len() + 1 };
                lines.push(start..start + line.len());
                Document { text: text.into(), ..document.clone() }
            })
            .collect();
        let within = |finding: &&Finding, line: &std::ops::Range<usize>| {
            (finding.span.start as usize) < line.end && finding.span.end as usize > line.start
        };
        let before = learned(&plain);
        for (n, findings) in learned(&framed).iter().enumerate() {
            let line = &lines[n];
            let told: Vec<&Finding> = findings.iter().filter(|finding| within(finding, line)).collect();
            let removed = told.iter().any(|finding| finding.action == Action::Removed);
            let fine = match certainty.as_str() {
                "certain" => {
                    removed
                        && told.iter().all(|finding| rule.contains(finding.rule.code()))
                        && told.iter().map(|finding| finding.span.len()).sum::<usize>() + 3 >= line.len()
                }
                "marked" => !removed && !told.is_empty(),
                _ => !removed,
            };
            let others = findings.iter().filter(|finding| !within(finding, line) && finding.action == Action::Removed);
            let removed_before = before[n].iter().filter(|finding| finding.action == Action::Removed).count();
            if !fine || others.count() > removed_before {
                let told: Vec<_> =
                    told.iter().map(|f| (f.rule.code(), f.action, f.span.of(&framed[n].text), &f.reason)).collect();
                wrong.push(format!("{language} {certainty} {template}: {} {told:?}", framed[n].id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A text of a language into which a phrase is put every so many words.
fn stuffed(documents: &[Document], phrase: &str) -> Document {
    let text: Vec<&str> = documents.iter().flat_map(|document| document.text.split_whitespace()).take(240).collect();
    let parts: Vec<String> = text.chunks(16).map(|words| words.join(" ")).collect();
    Document::new("stuffed", parts.join(&format!(" {phrase} ")))
}

#[test]
fn stuffed_phrases_are_reported_and_names_are_not() {
    let by_language = documents();
    for row in table("corpus/expected/stuffing.tsv") {
        let [language, phrase, verdict] = &row[..] else { panic!("{row:?}") };
        let mut documents = by_language[language].clone();
        documents.push(stuffed(&by_language[language], phrase));
        let found = find(&documents, &Params::default());
        let told: Vec<&str> =
            found.stuffed.iter().zip(&documents).flat_map(|(s, d)| s.iter().map(|s| s.span.of(&d.text))).collect();
        let wanted: &[&str] = if verdict == "reported" { &[phrase] } else { &[] };
        assert_eq!(told, wanted, "{language}: {phrase}");
    }
}
