//! The profile of a unit, and the keys by which it is found.

use std::ops::Range;

use super::{Profiled, Profiler};
use crate::boilerplate::{Body, STOCK};
use crate::count::Shingles;
use crate::hash::HashedMap;
use crate::sketch::EMPTY;
use crate::survey::{ShingleCount, Weight};
use crate::token::Stem;
use crate::verify::{self, Name, Profile};

impl Profiler<'_> {
    /// Puts the sets of a unit into `scratch`.
    pub(super) fn profile(
        &self,
        body: &Body,
        tokens: Range<u32>,
        words: Range<u32>,
        shingles: &Shingles,
        scratch: &mut Scratch,
    ) {
        let width = self.params.shingle;
        let Scratch { in_order, repeated, once, stems, weights, .. } = scratch;
        in_order.clear();
        *once = 0;
        let mut take = |count: ShingleCount| match count.documents {
            // It occurs here and nowhere else, so it is counted once already.
            0 | 1 => {
                *once += 1;
                in_order.push(None);
            }
            often if often >= STOCK && self.known.is_stock(count.shingle) => in_order.push(None),
            _ => in_order.push(Some(count.shingle)),
        };
        for run in body.runs_within(tokens) {
            let (start, end) = (run.0 as usize, run.1 as usize);
            if end - start < width {
                let mut short = Vec::new();
                self.known.count_run(&shingles.words()[start..end], &mut short);
                short.into_iter().for_each(&mut take);
            } else {
                shingles.of_run(run).iter().copied().for_each(&mut take);
            }
        }
        repeated.clear();
        repeated.extend(in_order.iter().flatten().map(|shingle| (shingle >> 32) as u32));
        repeated.sort_unstable();
        repeated.dedup();
        stems.clear();
        let words = &body.words[words.start as usize..words.end as usize];
        stems.extend(words.iter().map(|word| word.stem()));
        stems.sort_unstable();
        stems.dedup();
        weights.clear();
        weights.extend(stems.iter().map(|stem| self.weights.get(stem).copied().unwrap_or_default()));
    }

    /// Appends the keys by which a unit is found: its fingerprints, and the bands of its signature.
    pub(super) fn key(&self, scratch: &mut Scratch, batch: &mut Profiled) {
        let Scratch { in_order, fingerprints, telling, signature, stems, weights, .. } = scratch;
        fingerprints.clear();
        self.params.fingerprints.select(in_order, fingerprints);
        batch.fingerprints.push(fingerprints.iter().map(|key| (key >> 32) as u32));
        batch.key_counts.push(fingerprints.len() as u32);
        batch.sizes.push(stems.len() as u32);
        if batch.rewordings.is_empty() {
            return;
        }
        telling.clear();
        telling.extend(verify::telling(stems, weights));
        signature.clear();
        signature.resize(self.sketcher.size(), EMPTY);
        self.sketcher.sketch(telling, signature);
        for (band, keys) in batch.rewordings.iter_mut().enumerate() {
            keys.push(match self.params.rewordings.banding().key(signature, band) {
                Some(key) => (key as u32).max(1),
                None => 0,
            });
        }
    }
}

/// Buffers that are used again for each unit.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The profiles of the document, by their tokens.
    pub profiled: HashedMap<u64, u32>,
    /// The unit's shingles in the order of its text; `None` where no other unit can share one.
    pub in_order: Vec<Option<u64>>,
    /// Its shingles that another unit may share, sorted, each once.
    pub repeated: Vec<u32>,
    /// The number of its shingles that no other unit can share.
    pub once: u32,
    pub fingerprints: Vec<u64>,
    pub stems: Vec<Stem>,
    pub weights: Vec<Weight>,
    pub names: Vec<Name>,
    pub telling: Vec<u64>,
    pub signature: Vec<u32>,
}

impl Scratch {
    /// Returns the profile of the unit as far as its sets make it.
    pub fn profile(&self) -> Profile<'_> {
        Profile {
            stems: &self.stems,
            weights: &self.weights,
            shingles: &self.repeated,
            shingle_count: self.repeated.len() as u32 + self.once,
            mass: Weight::in_words(self.weights.iter().map(|weight| u64::from(weight.0)).sum()),
            ..Profile::default()
        }
    }
}
