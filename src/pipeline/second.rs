//! The second pass over the corpus: how many documents that are otherwise different repeat a phrase or a line.

use std::sync::{Mutex, PoisonError};

use super::corpus::{ByBatch, Pool};
use super::count::{merge, number};
use super::counted::{BatchCounts, ShingleCounts};
use super::counting::Spill;
use super::disk::{Engine, Keys, SpillFile};
use super::occurrences::CountsInOrder;
use crate::Result;
use crate::count::{FirstKnowledge, Groups, SecondCounts, Settings};
use crate::hash::HashedMap;
use crate::segment::Cut;

/// The second pass, while it goes on.
pub(super) struct SecondPass<'r> {
    settings: Settings,
    first: &'r FirstKnowledge,
    groups: &'r Groups,
    spill: Option<&'r Spill>,
    sums: Pool<Option<SecondCounts>>,
    counts: ByBatch<BatchCounts>,
    file: Option<SpillFile>,
    short: Mutex<HashedMap<u64, u8>>,
}

impl<'r> SecondPass<'r> {
    /// Begins the pass, with what the first gave. Sums go to `spill`, if that is there.
    pub fn new(
        settings: Settings,
        first: &'r FirstKnowledge,
        groups: &'r Groups,
        spill: Option<&'r Spill>,
        engine: &Engine,
    ) -> Result<Self> {
        let (sums, counts, short) = (Pool::default(), ByBatch::default(), Mutex::default());
        Ok(SecondPass { settings, first, groups, spill, sums, counts, file: engine.file()?, short })
    }

    /// Takes in the documents of a batch. `counts` come next of those of its segment.
    pub fn observe(&self, batch: usize, documents: impl Iterator<Item = (Keys, Cut)>, counts: &mut CountsInOrder<'_>) {
        let mut few = Vec::new();
        let held = self.sums.with(|sums| {
            let sums = sums.get_or_insert_with(|| SecondCounts::new(self.settings));
            let mut held = Vec::new();
            for (place, (keys, cut)) in documents.enumerate() {
                let is_counted = self.groups.is_counted(number(batch, place), keys.1);
                let shingles = sums.observe_counted(self.first, keys, &cut, is_counted, |shingle| counts.next(shingle));
                held.extend(shingles.documents());
                few.extend(shingles.of_short_paragraphs(&cut).filter(|count| count.documents > 1));
            }
            self.spill.iter().for_each(|spill| spill.second(sums));
            held
        });
        self.counts.put(batch, BatchCounts::new(held, self.file.as_ref()));
        let mut short = self.short.lock().unwrap_or_else(PoisonError::into_inner);
        short.extend(few.into_iter().map(|count| (count.shingle, count.documents)));
    }

    /// Returns the sums, and the counts of all shingles by batch.
    pub fn end(self) -> Result<(SecondCounts, ShingleCounts)> {
        let SecondPass { settings, spill, mut sums, counts, file, short, .. } = self;
        if let Some(spill) = spill {
            sums.each(|sums| sums.iter_mut().for_each(|sums| spill.phrases(sums)));
        }
        let sums = sums.sum(|sum, more| merge(sum, more, SecondCounts::merge));
        let mut sums = sums.unwrap_or_else(|| SecondCounts::new(settings));
        if let Some(spill) = spill {
            sums.put(spill.sums_of_phrases()?);
        }
        file.as_ref().map_or(Ok(()), SpillFile::check)?;
        let short = short.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((sums, ShingleCounts { batches: counts.in_order().collect(), file, short }))
    }
}
