//! The results of a run, by the ids of documents.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use ahash::AHashMap;
use serde::Deserialize;

use crate::judge::{Action, Finding, Rule};
use crate::verify::Kind;
use crate::{Document, Error, Found, Grain, Result, Span, UnitId};

/// The results of a run: clusters and matches of whole documents, and pieces that are boilerplate. Documents are known by their
/// ids. Clusters of templates are left out, as their members are no copies of each other.
#[derive(Debug, Clone, Default)]
pub struct Run {
    ids: AHashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    /// The clusters of each document, each with the similarity to the representative: 1 for the representative itself.
    clusters: Vec<Vec<(u32, f32)>>,
    /// The members of each cluster, the representative first.
    members: Vec<Vec<u32>>,
    /// The matches by their documents, the lower number first.
    matches: AHashMap<(u32, u32), (Kind, f32)>,
    /// The pieces of each document that are boilerplate; `None` if the run did not judge any.
    spans: Option<Vec<Vec<FoundSpan>>>,
}

/// A piece of a document that a run found to be boilerplate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundSpan {
    /// The piece, in bytes of the text.
    pub span: Span,
    /// Its rule.
    pub rule: Rule,
    /// Whether it is removed or marked.
    pub action: Action,
    /// The confidence in that, 0 to 1.
    pub score: f32,
}

impl Run {
    /// Returns what was found in some documents. Spans are added by [`Run::with_findings`].
    pub fn of(found: &Found, documents: &[Document]) -> Run {
        let mut run = Run::default();
        let id = |unit: UnitId| &*documents[found.unit(unit).document.index()].id;
        for found_match in &found.matches {
            if found.unit(found_match.a).grain == Grain::Document {
                let verified = &found_match.verified;
                run.add_match(id(found_match.a), id(found_match.b), verified.kind, verified.score);
            }
        }
        for cluster in found.clusters.iter().filter(|c| c.grain == Grain::Document && c.kind != Kind::Template) {
            let score = |tie: u32| found.matches[tie as usize].verified.score;
            let members = cluster.members.iter().map(|&(unit, tie)| (id(unit), score(tie)));
            run.add_cluster(std::iter::once((id(cluster.representative), 1.0)).chain(members));
        }
        run
    }

    /// Adds the findings of the run that are about boilerplate.
    pub fn with_findings(mut self, findings: &[Finding], documents: &[Document]) -> Run {
        self.spans.get_or_insert_default();
        for finding in findings.iter().filter(|finding| is_boilerplate(finding.rule)) {
            let Finding { span, rule, action, score, .. } = *finding;
            self.add_span(&documents[finding.document].id, FoundSpan { span, rule, action, score });
        }
        self
    }

    /// Reads the folder that `flong find` or `flong clean` wrote.
    pub fn read(folder: &Path) -> Result<Run> {
        let mut run = Run::default();
        let mut scores: AHashMap<(Box<str>, Box<str>), f32> = AHashMap::new();
        each_line(&folder.join("matches.jsonl"), |line: MatchLine| {
            if line.grain == Grain::Document {
                let (a, b) = (line.a.document, line.b.document);
                run.add_match(&a, &b, line.kind, line.score);
                scores.insert((b.clone(), a.clone()), line.score);
                scores.insert((a, b), line.score);
            }
        })?;
        each_line(&folder.join("clusters.jsonl"), |line: ClusterLine| {
            if line.grain != Grain::Document || line.kind == Kind::Template {
                return;
            }
            let lead = line.representative.document;
            let score = |id: &str| scores.get(&(lead.clone(), id.into())).copied().unwrap_or(1.0);
            run.add_cluster(line.members.iter().map(|member| (&*member.document, score(&member.document))));
        })?;
        let ledger = folder.join("ledger.jsonl");
        if ledger.exists() {
            run.spans = Some(Vec::new());
            each_line(&ledger, |line: LedgerLine| {
                let LedgerLine { document, start, end, rule, action, score } = line;
                if is_boilerplate(rule) {
                    run.add_span(&document, FoundSpan { span: Span { start, end }, rule, action, score });
                }
            })?;
        }
        Ok(run)
    }

    fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.ids.get(id) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.ids.insert(id.into(), number);
        self.names.push(id.into());
        self.clusters.push(Vec::new());
        number
    }

    pub(super) fn add_match(&mut self, a: &str, b: &str, kind: Kind, score: f32) {
        let (a, b) = (self.number(a), self.number(b));
        // Documents that have one id are one here; of several matches the closest counts.
        let held = self.matches.entry((a.min(b), a.max(b))).or_insert((kind, score));
        if (kind, -score) < (held.0, -held.1) {
            *held = (kind, score);
        }
    }

    pub(super) fn add_cluster<'i>(&mut self, members: impl Iterator<Item = (&'i str, f32)>) {
        let cluster = self.members.len() as u32;
        let mut numbers = Vec::new();
        for (id, score) in members {
            let number = self.number(id);
            self.clusters[number as usize].push((cluster, score));
            numbers.push(number);
        }
        self.members.push(numbers);
    }

    pub(super) fn add_span(&mut self, id: &str, span: FoundSpan) {
        let number = self.number(id) as usize;
        let spans = self.spans.get_or_insert_default();
        if spans.len() <= number {
            spans.resize(number + 1, Vec::new());
        }
        spans[number].push(span);
    }

    /// Returns the match of two documents, if they match directly.
    pub fn direct(&self, a: &str, b: &str) -> Option<(Kind, f32)> {
        let (a, b) = (*self.ids.get(a)?, *self.ids.get(b)?);
        self.matches.get(&(a.min(b), a.max(b))).copied()
    }

    /// Returns the least similarity at which two documents are still in one cluster, and the id of its representative; `None`
    /// if they are in none together. In a cluster two documents are tied by its representative, so the weaker of their two
    /// matches with it counts.
    pub fn tie(&self, a: &str, b: &str) -> Option<(f32, &str)> {
        let of = |id: &str| self.ids.get(id).map(|&number| &self.clusters[number as usize]);
        let (of_a, of_b) = (of(a)?, of(b)?);
        let shared = of_a.iter().flat_map(|(cluster, score)| {
            of_b.iter().filter(move |(other, _)| other == cluster).map(move |(_, other)| (score.min(*other), *cluster))
        });
        let (similarity, cluster) = shared.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        Some((similarity, &self.names[self.members[cluster as usize][0] as usize]))
    }

    /// Returns the cluster that a document fits best, by number: the one whose representative is most similar, at least
    /// so similar; of several, the first. A document that is in none has none.
    pub(super) fn cluster_of(&self, id: &str, least: f64) -> Option<u32> {
        let clusters = &self.clusters[*self.ids.get(id)? as usize];
        let near = clusters.iter().filter(|(_, score)| f64::from(*score) >= least);
        near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(cluster, _)| *cluster)
    }

    /// Returns the pairs of documents that are in a cluster together, by their ids, each once and in order.
    pub(super) fn together(&self) -> Vec<(&str, &str)> {
        let mut pairs = Vec::new();
        for members in &self.members {
            for (n, &a) in members.iter().enumerate() {
                pairs.extend(members[n + 1..].iter().map(|&b| self.ordered(a, b)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Returns the pairs of documents that match directly and are no templates, with kind and similarity, in order.
    pub(super) fn copies(&self) -> BTreeMap<(&str, &str), (Kind, f32)> {
        let copies = self.matches.iter().filter(|(_, (kind, _))| *kind != Kind::Template);
        copies.map(|(&(a, b), &kind)| (self.ordered(a, b), kind)).collect()
    }

    fn ordered(&self, a: u32, b: u32) -> (&str, &str) {
        let (a, b) = (&*self.names[a as usize], &*self.names[b as usize]);
        (a.min(b), a.max(b))
    }

    /// Returns the pieces of a document that are boilerplate; `None` if the run did not judge any document.
    pub fn spans(&self, id: &str) -> Option<&[FoundSpan]> {
        let spans = self.spans.as_ref()?;
        Some(self.ids.get(id).and_then(|&number| spans.get(number as usize)).map_or(&[], Vec::as_slice))
    }
}

/// Returns whether a rule is about pieces that are boilerplate.
fn is_boilerplate(rule: Rule) -> bool {
    rule.code().starts_with("FL2")
}

/// Reads a file of JSON Lines that flong wrote.
fn each_line<T: for<'de> Deserialize<'de>>(path: &Path, mut each: impl FnMut(T)) -> Result<()> {
    let file = std::fs::File::open(path).map_err(|error| Error::io(path, error))?;
    for (n, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|error| Error::io(path, error))?;
        let damaged = |error| Error::Damaged { path: path.to_path_buf(), reason: format!("line {n}: {error}") };
        each(serde_json::from_str(&line).map_err(damaged)?);
    }
    Ok(())
}

#[derive(Deserialize)]
struct Piece {
    document: Box<str>,
}

#[derive(Deserialize)]
struct MatchLine {
    a: Piece,
    b: Piece,
    grain: Grain,
    kind: Kind,
    score: f32,
}

#[derive(Deserialize)]
struct ClusterLine {
    grain: Grain,
    kind: Kind,
    representative: Piece,
    members: Vec<Piece>,
}

#[derive(Deserialize)]
struct LedgerLine {
    document: Box<str>,
    start: u32,
    end: u32,
    rule: Rule,
    action: Action,
    score: f32,
}
