//! Phrases that a source repeats in documents that are otherwise different.
//!
//! Two counts by source, of runs of [`WIDTH`] words: first, in how many of its documents each run stands; then, for runs
//! that stand in many, in how many **that are otherwise different**: most of whose other runs stand nowhere else in the
//! source. What copies of one text share fails the second count.

use super::{Aside, AsideKind};
use crate::hash;
use crate::shingle::Seen;
use crate::survey::Counter;
use crate::token::Token;

/// How many words a run has.
pub const WIDTH: usize = 4;

/// A phrase must stand in at least this many documents of its source …
const LEAST_DOCUMENTS: f64 = 5.0;
/// … and in at least this share of them …
const LEAST_SHARE: f64 = 0.01;
/// … of which those count in which less than this share of the runs recurs.
const OTHERWISE_DIFFERENT: f32 = 0.5;
/// Counts saturate at 255, so that is where the share stops growing.
const MOST_DOCUMENTS: f64 = 250.0;

/// How many documents of a source of `documents` must repeat a phrase for it to be set aside.
pub fn enough(documents: u32) -> u8 {
    (f64::from(documents) * LEAST_SHARE).clamp(LEAST_DOCUMENTS, MOST_DOCUMENTS).ceil() as u8
}

/// The runs of words of a document with the source mixed in, by the position of their first word.
fn runs(source: u64, tokens: &[Token]) -> impl Iterator<Item = u64> + '_ {
    tokens
        .windows(WIDTH)
        .map(move |w| hash::pair(source, hash::sequence(&[w[0].word.0, w[1].word.0, w[2].word.0, w[3].word.0])))
}

/// The first count: documents in which a run stands.
#[derive(Debug, Clone)]
pub struct Candidates {
    counts: Counter,
}

impl Candidates {
    /// Room for about `runs` different runs.
    pub fn new(runs: usize) -> Self {
        Candidates { counts: Counter::with_room_for(runs) }
    }

    /// Takes in a document. Exact copies of one within a source are to be taken in once.
    pub fn observe(&mut self, source: u64, tokens: &[Token], seen: &mut Seen) {
        seen.clear(tokens.len());
        for run in runs(source, tokens) {
            if seen.insert(run) {
                self.counts.add(run);
            }
        }
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: &Candidates) {
        self.counts.merge(&other.counts);
    }
}

/// The second count: documents that are otherwise different.
#[derive(Debug, Clone)]
pub struct Recurring {
    counts: Counter,
}

impl Recurring {
    /// No phrases yet. Few runs get this far.
    pub fn new() -> Self {
        Recurring { counts: Counter::with_room_for(1 << 16) }
    }

    /// Takes in a document, against the finished first count. Exact copies once, as before.
    pub fn observe(&mut self, source: u64, enough: u8, tokens: &[Token], candidates: &Candidates, seen: &mut Seen) {
        let (mut many, mut recur, mut all) = (Vec::new(), 0u32, 0u32);
        seen.clear(tokens.len());
        for run in runs(source, tokens) {
            if seen.insert(run) {
                let documents = candidates.counts.get(run);
                all += 1;
                recur += u32::from(documents > 2);
                if documents >= enough {
                    many.push(run);
                }
            }
        }
        if (recur as f32) < OTHERWISE_DIFFERENT * all as f32 {
            many.iter().for_each(|&run| self.counts.add(run));
        }
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: &Recurring) {
        self.counts.merge(&other.counts);
    }

    /// The stretches of a document that repeat, as far as the evidence goes; in order, not overlapping.
    pub fn find(&self, source: u64, enough: u8, tokens: &[Token]) -> Vec<Aside> {
        let mut found: Vec<Aside> = Vec::new();
        for (at, run) in runs(source, tokens).enumerate() {
            if self.counts.get(run) >= enough {
                let (start, end) = (at as u32, (at + WIDTH) as u32);
                match found.last_mut() {
                    Some(last) if last.end >= start => last.end = end,
                    _ => found.push(Aside {
                        start,
                        end,
                        kind: AsideKind::RepeatedLine,
                        certain: false,
                        score: 1.0,
                        evidence: "the source repeats it in other items",
                    }),
                }
            }
        }
        found
    }
}

impl Default for Recurring {
    fn default() -> Self {
        Recurring::new()
    }
}
