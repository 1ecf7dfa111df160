//! Reading of `matches.jsonl`.

use std::collections::BTreeMap;

use super::folder::{Folder, MatchLine, PassageLine, PieceLine};
use super::overview::{Origin, Similarity};
use crate::hash::{HashedMap, bytes, pair};
use crate::judge::{Clue, Side};
use crate::verify::Kind;
use crate::{Grain, Result};

/// Counts of scores are kept in this many steps from 0 to 1.
const STEPS: usize = 50;

/// A member's match with the representative of its cluster, as a line of `matches.jsonl` has it.
pub(super) struct Measured {
    pub kind: Kind,
    pub score: f32,
    pub weighted: f32,
    pub containment: f32,
    pub jaccard: f32,
    pub aligned: f32,
    pub origin: Origin,
    pub clue: Option<Clue>,
    /// As the members of a page have them.
    pub passages: Vec<u32>,
}

impl Measured {
    /// Returns the match as the text on one side sees it; the representative is on the other.
    fn of(line: &MatchLine, member: Side) -> Self {
        let MatchLine { kind, score, weighted, containment, jaccard, aligned, source, .. } = *line;
        let origin = match source {
            None => Origin::Unknown,
            Some(source) if source.text == member => Origin::Member,
            Some(_) => Origin::Representative,
        };
        let passage = |passage: &PassageLine| {
            let (own, other) = if member == Side::A { (passage.a, passage.b) } else { (passage.b, passage.a) };
            [own.start, own.end, other.start, other.end]
        };
        let passages = line.passages.iter().flat_map(passage).collect();
        let clue = source.map(|source| source.by);
        Measured { kind, score, weighted, containment, jaccard, aligned, origin, clue, passages }
    }
}

/// Identifies a piece of a document by the document's id.
pub(super) fn key(document: &str, start: u32, end: u32) -> u64 {
    pair(bytes(document.as_bytes()), u64::from(start) << 32 | u64::from(end))
}

/// The contents of `matches.jsonl`.
#[derive(Default)]
pub(super) struct Matches {
    /// The measures of each member of a cluster, by cluster and piece.
    pub of_members: HashedMap<u64, Measured>,
    /// The kinds of all pairs.
    pub kinds: HashedMap<u64, Kind>,
    scores: BTreeMap<(Grain, Kind), Vec<u64>>,
}

impl Matches {
    pub fn read(folder: &Folder) -> Result<Self> {
        let mut matches = Matches::default();
        folder.each_match(|line| matches.add(&line))?;
        Ok(matches)
    }

    fn add(&mut self, line: &MatchLine) {
        let MatchLine { kind, score, .. } = *line;
        let key = |piece: &PieceLine| key(&piece.document, piece.start, piece.end);
        let (a, b) = (key(&line.a), key(&line.b));
        self.kinds.insert(pair(a.min(b), a.max(b)), kind);
        let step = ((score.clamp(0.0, 1.0) * STEPS as f32) as usize).min(STEPS - 1);
        self.scores.entry((line.grain, kind)).or_insert_with(|| vec![0; STEPS])[step] += 1;
        if let Some(cluster) = &line.cluster {
            let cluster = bytes(cluster.as_bytes());
            for (piece, side) in [(a, Side::A), (b, Side::B)] {
                self.of_members.insert(pair(cluster, piece), Measured::of(line, side));
            }
        }
    }

    pub fn similarity(&self) -> Vec<Similarity> {
        let scores = self.scores.iter();
        scores
            .map(|(&(grain, kind), counts)| Similarity { grain: grain.name(), kind, counts: counts.clone() })
            .collect()
    }
}
