//! The articles of `corpus/` and what is expected of them.
//!
//! What flong does not get right yet is listed in `corpus_known_misses.tsv`, which must say exactly what happens: an
//! improvement shows as well as a setback. `FLONG_ACCEPT=1` writes that file anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use flong::judge::{Action, duplicates};
use flong::pipeline::{Stopwatch, prepare};
use flong::verify::{Decision, Kind, Level, Thresholds, decide, measure, shared_mass, verify};
use flong::{Document, Found, Grain, Params, Span, Unit, UnitId, find};

use crate::inputs::{read, root};

/// A document, or the n-th paragraph of one: `id` or `id#n`.
type Name = String;

/// What is expected: pairs in order of name, with the kinds that may be found.
fn expected() -> BTreeMap<(Name, Name), String> {
    let text = fs::read_to_string(root().join("corpus/expected/pairs.tsv")).expect("the pairs can be read");
    let mut expected = BTreeMap::new();
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [a, b, _, kind, _] = columns[..] else { panic!("not a pair: {line}") };
        let held = expected.insert(ordered(a.into(), b.into()), kind.to_string());
        assert!(held.is_none(), "listed twice: {line}");
    }
    expected
}

fn ordered(a: Name, b: Name) -> (Name, Name) {
    if a <= b { (a, b) } else { (b, a) }
}

/// The lines of a text that are not blank: the paragraphs that the expectations count.
fn lines(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            found.push(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    found
}

/// The name of a document or paragraph; `None` for a paragraph that the expectations count otherwise.
fn name(unit: &Unit, documents: &[Document]) -> Option<Name> {
    let document = &documents[unit.document.index()];
    match unit.grain {
        Grain::Document => Some(document.id.to_string()),
        _ => paragraph(document, unit.span).map(|n| format!("{}#{n}", document.id)),
    }
}

fn paragraph(document: &Document, span: Span) -> Option<usize> {
    lines(&document.text).iter().position(|line| line.end == span.end).map(|n| n + 1)
}

struct Run {
    documents: Vec<Document>,
    found: Found,
    params: Params,
}

impl Run {
    fn new() -> Self {
        let documents = read(&root().join("corpus/articles"));
        let params = Params::default();
        Run { found: find(&documents, &params), documents, params }
    }

    /// The kind of every match, by the names of its two sides.
    fn matched(&self) -> BTreeMap<(Name, Name), Kind> {
        let name = |unit: UnitId| name(self.found.unit(unit), &self.documents);
        self.found.matches.iter().filter_map(|m| Some((ordered(name(m.a)?, name(m.b)?), m.verified.kind))).collect()
    }

    /// The paragraphs that go because their document says the same elsewhere.
    fn removed(&self) -> BTreeSet<Name> {
        duplicates(&self.found.evidence(&self.documents), &self.params)
            .into_iter()
            .filter(|f| f.action == Action::Removed && !f.whole && f.kept.is_some_and(|(kept, _)| kept == f.document))
            .map(|f| {
                let document = &self.documents[f.document];
                let n = paragraph(document, f.span).expect("a paragraph that repeats is a line");
                format!("{}#{n}", document.id)
            })
            .collect()
    }

    /// What there is to know about pairs: for whoever looks into a miss.
    fn measures(&self, pairs: impl Iterator<Item = (Name, Name)>) -> String {
        let prepared = prepare(&self.documents, &self.params, &mut Stopwatch::default());
        let units: BTreeMap<Name, UnitId> = (0..)
            .map(UnitId)
            .zip(&prepared.profiled.units)
            .filter_map(|(i, unit)| Some((name(unit, &self.documents)?, i)))
            .collect();
        let mut out = String::new();
        for (a, b) in pairs {
            let (Some(&i), Some(&j)) = (units.get(&a), units.get(&b)) else { continue };
            let (x, y) = (prepared.text(i), prepared.text(j));
            let mass = shared_mass(x.profile, y.profile);
            let m = measure(x.profile, y.profile, mass);
            let _ = write!(
                out,
                "{a} {b}: words {}/{} mass {:.1}/{:.1} jaccard {:.2} containment {:.2} weighted_containment {:.2} \
                 weighted_jaccard {:.2} shared_mass {:.1}",
                x.words.len(),
                y.words.len(),
                x.profile.mass,
                y.profile.mass,
                m.jaccard,
                m.containment,
                m.weighted_containment,
                m.weighted_jaccard,
                m.shared_mass,
            );
            // With no lines drawn, what is always measured last is measured too.
            if let Ok(Decision { verified, facts, .. }) = decide(x, y, mass, Level::Reworded, &open_thresholds()) {
                let _ = write!(out, " aligned {:.2} kept {} changed {}", verified.aligned, facts.kept, facts.changed);
            }
            let proposed = verify(x, y, mass, Level::Reworded, &self.params.thresholds).map(|v| v.kind.name());
            let _ = writeln!(out, " verified alone: {}", proposed.unwrap_or("none"));
        }
        out
    }
}

/// Thresholds that let everything through.
fn open_thresholds() -> Thresholds {
    Thresholds {
        copy_weight: -9.0,
        copy_shingles: -9.0,
        copy_mass: 0.0,
        copy_least_shingles: 0,
        same_source_title: 0.0,
        same_source_mass: 0.0,
        statement_mass: 0.0,
        ..Thresholds::default()
    }
}

const DUPLICATES: [Kind; 4] = [Kind::Exact, Kind::Near, Kind::Excerpt, Kind::Reworded];

/// Whether what was found is what was expected. A pair of documents that is not listed must be no copy; paragraphs that
/// are not listed are not judged.
fn is_right(pair: &(Name, Name), expected: Option<&str>, found: Option<Kind>) -> bool {
    let copy = found.is_some_and(|kind| DUPLICATES.contains(&kind));
    let Some(kinds) = expected else { return pair.0.contains('#') || !copy };
    // A template is no copy either.
    kinds.split('|').any(|kind| if kind == "none" { !copy } else { found.is_some_and(|found| found.name() == kind) })
}

#[test]
fn pairs_and_removals_are_as_expected() {
    let run = Run::new();
    let (expected, matched) = (expected(), run.matched());
    let pairs: BTreeSet<&(Name, Name)> = expected.keys().chain(matched.keys()).collect();
    let mut misses = "a\tb\texpected\tfound\n".to_string();
    let mut wrong = Vec::new();
    for pair in pairs {
        let (wanted, found) = (expected.get(pair).map(String::as_str), matched.get(pair).copied());
        if !is_right(pair, wanted, found) {
            let found = found.map_or("none", Kind::name);
            let _ = writeln!(misses, "{}\t{}\t{}\t{found}", pair.0, pair.1, wanted.unwrap_or("none"));
            wrong.push(pair.clone());
        }
    }

    let listed = fs::read_to_string(root().join("corpus/expected/removals.tsv")).expect("the removals can be read");
    let listed: BTreeSet<Name> =
        listed.lines().skip(1).map(|line| line.split('\t').take(2).collect::<Vec<_>>().join("#")).collect();
    let removed = run.removed();
    for name in listed.symmetric_difference(&removed) {
        let (wanted, found) = if listed.contains(name) { ("removed", "kept") } else { ("kept", "removed") };
        let _ = writeln!(misses, "{name}\t-\t{wanted}\t{found}");
    }

    let path = root().join("tests/corpus_known_misses.tsv");
    if std::env::var_os("FLONG_ACCEPT").is_some() {
        fs::write(&path, &misses).expect("the list can be written");
    }
    let known = fs::read_to_string(&path).expect("the list can be read");
    println!("{} pairs listed, {} misses", expected.len(), misses.lines().count() - 1);
    let measures = || run.measures(wrong.iter().cloned());
    assert!(known == misses, "what is missed has changed: it is now\n\n{misses}\n{}", measures());
}

#[test]
fn expectations_name_what_is_there() {
    let documents = read(&root().join("corpus/articles"));
    let mut names: BTreeSet<Name> = BTreeSet::new();
    for document in &documents {
        assert!(names.insert(document.id.to_string()), "two articles have the id {}", document.id);
        names.extend((1..=lines(&document.text).len()).map(|n| format!("{}#{n}", document.id)));
    }
    for (a, b) in expected().keys() {
        assert!(names.contains(a), "{a} is not there");
        assert!(names.contains(b), "{b} is not there");
    }
}
