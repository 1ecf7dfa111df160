//! How good what was found is, against truth.

#![allow(dead_code)] // each bench and test that includes this file uses a part of it

use std::collections::{BTreeMap, HashMap, HashSet};

use flong::verify::Kind;
use flong::{Document, Found, Grain, UnitId};

use crate::generate::Generated;

/// Right, wrong and missed.
#[derive(Debug, Default, Clone, Copy)]
pub struct Score {
    /// Found and true.
    pub right: usize,
    /// Found and not true.
    pub wrong: usize,
    /// True and not found.
    pub missed: usize,
}

impl Score {
    /// The share of what was found that is true.
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// The share of what is true that was found.
    pub fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    /// Their harmonic mean.
    pub fn f1(&self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "precision {:.3}  recall {:.3}  F1 {:.3}", self.precision(), self.recall(), self.f1())
    }
}

/// `part / whole`, 0 where there is nothing.
pub fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// A score on pairs that were labelled by reading.
#[derive(Debug, Default)]
pub struct Labelled {
    /// Copies (label `S`) against events, templates and strangers.
    pub copies: Score,
    /// By label, how many pairs are in one cluster, and of how many.
    pub together: BTreeMap<String, (usize, usize)>,
    /// The copies that are not in one cluster and the others that are, as lines of the labels.
    pub wrong: Vec<String>,
}

impl Labelled {
    /// The share of the pairs with one of these labels that are in one cluster.
    pub fn share(&self, labels: &[&str]) -> f64 {
        let counts = || labels.iter().filter_map(|&label| self.together.get(label));
        share(counts().map(|c| c.0).sum(), counts().map(|c| c.1).sum())
    }
}

/// Scores the clusters of documents on labelled pairs: tab-separated lines `a b label` under a header. Two items are
/// found to be copies if some cluster that is no template holds both.
pub fn labelled(documents: &[Document], found: &Found, pairs: &str) -> Labelled {
    let mut clusters: HashMap<&str, HashSet<usize>> = HashMap::new();
    for (n, cluster) in found.clusters.iter().enumerate() {
        if cluster.grain == Grain::Document && cluster.kind != Kind::Template {
            for unit in std::iter::once(cluster.representative).chain(cluster.members.iter().map(|&(unit, _)| unit)) {
                let document = found.unit(unit).document;
                clusters.entry(&documents[document.index()].id).or_default().insert(n);
            }
        }
    }
    let none = HashSet::new();
    let of = |id: &str| clusters.get(id).unwrap_or(&none);
    let mut score = Labelled::default();
    for line in pairs.lines().skip(1) {
        let [a, b, label] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("not a pair: {line}") };
        let together = !of(a).is_disjoint(of(b));
        let count = score.together.entry(label.into()).or_default();
        *count = (count.0 + usize::from(together), count.1 + 1);
        if label != "R" && together != (label == "S") {
            score.wrong.push(line.replace('\t', " "));
        }
        match (label, together) {
            ("S", true) => score.copies.right += 1,
            ("S", false) => score.copies.missed += 1,
            ("R", _) | (_, false) => {}
            (_, true) => score.copies.wrong += 1,
        }
    }
    score
}

/// The pairs of documents that match, templates left out, with the kind of the match.
pub fn document_pairs(found: &Found) -> impl Iterator<Item = (usize, usize, Kind)> + '_ {
    let unit = |unit: UnitId| found.unit(unit);
    found
        .matches
        .iter()
        .filter(move |m| unit(m.a).grain == Grain::Document && m.verified.kind != Kind::Template)
        .map(move |m| (unit(m.a).document.index(), unit(m.b).document.index(), m.verified.kind))
}

/// The translation and the passage of a verse, whose id is `translation.passage`.
fn verse(document: &Document) -> (&str, &str) {
    document.id.split_once('.').expect("a verse has its translation and passage in its id")
}

/// The verses of two translations.
pub fn translations(verses: &[Document], pair: [&str; 2]) -> Vec<Document> {
    verses.iter().filter(|document| pair.contains(&verse(document).0)).cloned().collect()
}

/// Scores the matches between two translations: the same passage is the same statement.
pub fn passages(documents: &[Document], found: &Found) -> Score {
    let mut held: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (translation, passage) in documents.iter().map(verse) {
        held.entry(passage).or_default().insert(translation);
    }
    let shared = held.values().filter(|translations| translations.len() == 2).count();
    let mut score = Score::default();
    for (a, b, _) in document_pairs(found) {
        let (a, b) = (verse(&documents[a]), verse(&documents[b]));
        if a.0 != b.0 {
            *if a.1 == b.1 { &mut score.right } else { &mut score.wrong } += 1;
        }
    }
    score.missed = shared - score.right;
    score
}

/// A score on a made corpus.
#[derive(Debug, Default)]
pub struct Made {
    /// By kind of truth: how many pairs match as copies, templates left out, and of how many.
    pub matched: BTreeMap<&'static str, (usize, usize)>,
    /// The share of the matches that are of two copies of one text.
    pub precision: f64,
    /// The matches that are not.
    pub wrong: Vec<(String, String, Kind)>,
}

impl Made {
    /// The share of the pairs of a kind that match as copies.
    pub fn recall(&self, kind: &str) -> f64 {
        self.matched.get(kind).map_or(0.0, |&(matched, all)| share(matched, all))
    }
}

/// Scores the matches of documents on a made corpus. Copies of one base are copies of each other; a template is nobody's.
pub fn generated(made: &Generated, found: &Found) -> Made {
    let index = |id: &str| id[1..].parse::<usize>().expect("an id is a g and a number");
    let mut base: Vec<Option<usize>> = (0..made.documents.len()).map(Some).collect();
    for (copy, from, kind) in &made.truth {
        base[index(copy)] = (*kind != "template").then(|| index(from));
    }
    let mut score = Made::default();
    let mut pairs = HashSet::new();
    for (a, b, kind) in document_pairs(found) {
        pairs.insert((a.min(b), a.max(b)));
        if base[a].is_none() || base[a] != base[b] {
            let id = |document: usize| made.documents[document].id.clone();
            score.wrong.push((id(a), id(b), kind));
        }
    }
    for (copy, from, kind) in &made.truth {
        let (a, b) = (index(copy), index(from));
        let count = score.matched.entry(kind).or_default();
        *count = (count.0 + usize::from(pairs.contains(&(a.min(b), a.max(b)))), count.1 + 1);
    }
    score.precision = share(pairs.len() - score.wrong.len(), pairs.len());
    score
}
