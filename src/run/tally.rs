//! Counts of repeated texts, by text rather than by pair.

use std::collections::BTreeMap;

use crate::pipeline::Found;
use crate::verify::{Kind, Match};
use crate::{DocumentId, Grain, UnitId};
use ahash::AHashSet;

/// Numbers of texts that repeat a kept one, by the kind of their closest match with one.
pub type Repeats = BTreeMap<Kind, u64>;

/// Returns how many units of a grain repeat a kept one, each counted once. Matches that `counts` refuses do not count.
pub fn repeats(found: &Found, grain: Grain, counts: impl Fn(&Match) -> bool) -> Repeats {
    let mut closest: Vec<Option<Kind>> = vec![None; found.units.len()];
    for cluster in found.clusters.iter().filter(|cluster| cluster.grain == grain) {
        for &(member, tie) in &cluster.members {
            let tie = &found.matches[tie as usize];
            let held = &mut closest[member.index()];
            if counts(tie) && held.is_none_or(|held| tie.verified.kind < held) {
                *held = Some(tie.verified.kind);
            }
        }
    }
    let mut repeats = Repeats::new();
    closest.into_iter().flatten().for_each(|kind| *repeats.entry(kind).or_default() += 1);
    repeats
}

/// Pairs of documents that match as wholes, so that matches of their pieces are no news.
pub struct Wholes(AHashSet<(DocumentId, DocumentId)>);

impl Wholes {
    /// Returns the pairs of a run.
    pub fn of(found: &Found) -> Self {
        let whole = |tie: &&Match| found.unit(tie.a).grain == Grain::Document && tie.verified.kind != Kind::Template;
        Wholes(found.matches.iter().filter(whole).map(|tie| documents(tie, found)).collect())
    }

    /// Returns whether a match of pieces follows from a match of their documents.
    pub fn imply(&self, tie: &Match, found: &Found) -> bool {
        found.unit(tie.a).grain != Grain::Document && self.0.contains(&documents(tie, found))
    }
}

/// Returns the documents of a match, the first in the run first.
fn documents(tie: &Match, found: &Found) -> (DocumentId, DocumentId) {
    let document = |unit: UnitId| found.unit(unit).document;
    let (a, b) = (document(tie.a), document(tie.b));
    (a.min(b), a.max(b))
}
