//! Pairs that are hard to judge: the nearest to a threshold.

use std::collections::BTreeSet;

use crate::pipeline::{Stopwatch, find_timed};
use crate::verify::{Kind, Thresholds, Verified};
use crate::{Document, Grain, Params, UnitId};

/// A pair of documents whose evidence is near a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Borderline {
    /// Index of one document.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// Whether the two match as copies or rewordings by the thresholds of the run.
    pub matches: bool,
    /// The similarity of the two.
    pub similarity: f32,
    /// Their evidence beyond the nearest threshold; less than 0 for pairs that do not match.
    pub beyond: f32,
}

/// Returns at most `most` pairs to judge, those that match and those that do not by turns, the nearest to a threshold
/// first. No document is in two pairs, so that each judgment is about something else.
pub fn borderline(documents: &[Document], params: &Params, most: usize) -> Vec<Borderline> {
    let strict = Params { grains: vec![Grain::Document], ..params.clone() };
    let relaxed = Params { thresholds: relaxed(&params.thresholds), ..strict.clone() };
    let matching: BTreeSet<(usize, usize)> = pairs(documents, &strict).map(|(a, b, _)| (a, b)).collect();
    let found = pairs(documents, &relaxed);
    let mut all: Vec<Borderline> = found
        .map(|(a, b, verified)| {
            let matches = matching.contains(&(a, b));
            let far = beyond(&verified, &params.thresholds).abs();
            Borderline { a, b, matches, similarity: verified.score, beyond: if matches { far } else { -far } }
        })
        .collect();
    let id = |document: usize| &*documents[document].id;
    all.sort_by(|x, y| {
        x.beyond.abs().total_cmp(&y.beyond.abs()).then_with(|| (id(x.a), id(x.b)).cmp(&(id(y.a), id(y.b))))
    });
    alternate(all, most)
}

/// Thresholds that let in what the given ones just refuse.
fn relaxed(limits: &Thresholds) -> Thresholds {
    Thresholds {
        copy_evidence: limits.copy_evidence * 0.75,
        copy_unexplained: limits.copy_unexplained * 2,
        copy_unexplained_share: (limits.copy_unexplained_share * 1.5).min(1.0),
        copy_weight: limits.copy_weight * 0.7,
        copy_shingles: limits.copy_shingles * 0.7,
        reworded_evidence: limits.reworded_evidence * 0.8,
        reworded_weight: limits.reworded_weight * 0.7,
        reworded_clauses: limits.reworded_clauses * 0.7,
        statement_weight: limits.statement_weight * 0.8,
        ..*limits
    }
}

/// Returns the copies and rewordings that a run finds: the indices of two documents, the lower one first.
fn pairs(documents: &[Document], params: &Params) -> impl Iterator<Item = (usize, usize, Verified)> {
    let found = find_timed(documents, params, &mut Stopwatch::default());
    found.matches.into_iter().filter(|found| found.verified.kind != Kind::Template).map(move |tie| {
        let document = |unit: UnitId| found.units[unit.index()].document.index();
        let (a, b) = (document(tie.a), document(tie.b));
        (a.min(b), a.max(b), tie.verified)
    })
}

/// Returns the evidence of a pair beyond the threshold of its kind.
fn beyond(verified: &Verified, limits: &Thresholds) -> f32 {
    let least = if verified.kind == Kind::Reworded { limits.reworded_evidence } else { limits.copy_evidence };
    // Equal words need no evidence.
    if verified.evidence.total.is_finite() { verified.evidence.total - least } else { f32::MAX }
}

/// Chooses pairs that match and pairs that do not by turns; where one kind is used up, the other goes on.
fn alternate(all: Vec<Borderline>, most: usize) -> Vec<Borderline> {
    let (mut matching, mut others): (Vec<_>, Vec<_>) = all.into_iter().partition(|pair| pair.matches);
    let mut used = BTreeSet::new();
    let mut unused = |pair: &Borderline| {
        let is_new = !used.contains(&pair.a) && !used.contains(&pair.b);
        if is_new {
            used.extend([pair.a, pair.b]);
        }
        is_new
    };
    let (mut matching, mut others) = (matching.drain(..), others.drain(..));
    let mut chosen = Vec::new();
    while chosen.len() < most {
        let before = chosen.len();
        chosen.extend(matching.by_ref().find(|pair| unused(pair)));
        if chosen.len() < most {
            chosen.extend(others.by_ref().find(|pair| unused(pair)));
        }
        if chosen.len() == before {
            break;
        }
    }
    chosen
}
