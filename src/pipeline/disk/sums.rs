//! Counts of keys, added up by way of a file.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::sorter::merge_runs;
use super::{SpillFile, put_all};
use crate::Result;
use crate::hash::HashedMap;
use crate::survey::{SmallCounts, Survey, Weight, weight};
use crate::token::Stem;

/// Numbers in a file, in sorted runs that many threads write.
#[derive(Debug)]
struct Runs {
    file: SpillFile,
    /// The place and the length of each run, in numbers.
    runs: Mutex<Vec<(u64, usize)>>,
}

/// Bytes of memory that runs take when they are merged.
const MERGE_BYTES: usize = 4 << 20;

impl Runs {
    fn new(file: SpillFile) -> Self {
        Runs { file, runs: Mutex::default() }
    }

    /// Writes numbers. Errors show when the runs are merged.
    fn spill(&self, numbers: impl Iterator<Item = u64>) {
        let mut run: Vec<u64> = numbers.collect();
        run.sort_unstable();
        let mut bytes = Vec::new();
        put_all(&run, &mut bytes);
        let place = (self.file.append(&bytes), run.len());
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).push(place);
    }

    /// Calls `each` with all numbers, in order.
    fn merge(&self, each: impl FnMut(u64)) -> Result<()> {
        self.file.check()?;
        let runs = std::mem::take(&mut *self.runs.lock().unwrap_or_else(PoisonError::into_inner));
        merge_runs(&self.file, &runs, MERGE_BYTES, each)
    }
}

/// Counts of hashes in a file: what [`SmallCounts::merge`] adds up in memory.
#[derive(Debug)]
pub(in crate::pipeline) struct SpilledCounts(Runs);

impl SpilledCounts {
    /// Writes to this file.
    pub fn new(file: SpillFile) -> Self {
        SpilledCounts(Runs::new(file))
    }

    /// Writes counts to the file. Errors show when they are added up.
    pub fn spill(&self, counts: SmallCounts) {
        if !counts.is_empty() {
            self.0.spill(counts.iter().map(|(hash, count)| hash | u64::from(count)));
        }
    }

    /// Adds up the counts in the file, and returns the sums of at least `least`.
    pub fn sum(&self, least: u8) -> Result<SmallCounts> {
        let mut sums = SmallCounts::default();
        let mut last = (0, 0u8);
        let mut end = |(hash, sum): (u64, u8)| {
            if sum >= least {
                sums.add(hash, sum);
            }
        };
        self.0.merge(|entry| {
            let (hash, count) = (entry & !0xff, entry as u8);
            if hash == last.0 {
                last.1 = last.1.saturating_add(count);
            } else {
                end(std::mem::replace(&mut last, (hash, count)));
            }
        })?;
        end(last);
        Ok(sums)
    }
}

/// Counts of words in a file: what [`Survey::merge`] adds up in memory.
#[derive(Debug)]
pub(in crate::pipeline) struct SpilledWords {
    runs: Runs,
    /// The number of texts that were counted.
    texts: AtomicU32,
}

/// The bits of an entry that hold the number of texts, and the length class; above them is the stem.
const TEXTS_BITS: u32 = 28;
const LENGTH_BITS: u32 = 4;

impl SpilledWords {
    /// Writes to this file.
    pub fn new(file: SpillFile) -> Self {
        SpilledWords { runs: Runs::new(file), texts: AtomicU32::new(0) }
    }

    /// Writes counts to the file. Errors show when they are added up.
    pub fn spill(&self, words: &Survey) {
        self.texts.fetch_add(words.texts(), Ordering::Relaxed);
        let most = (1 << TEXTS_BITS) - 1;
        let entry = |(stem, texts, length): (Stem, u32, u8)| {
            let key = u64::from(stem.0) << (TEXTS_BITS + LENGTH_BITS) | u64::from(length) << TEXTS_BITS;
            // More texts than fit into an entry are written in several.
            (0..=texts.saturating_sub(1) / most).map(move |n| key | u64::from((texts - n * most).min(most)))
        };
        self.runs.spill(words.stems().flat_map(entry));
    }

    /// Adds up the counts in the file, and returns the weight of every stem: the same as [`Survey::weights`].
    pub fn weights(&self) -> Result<HashedMap<Stem, Weight>> {
        let texts = self.texts.load(Ordering::Relaxed);
        // By way of a list, so that a table of the right size is made once.
        let mut weights: Vec<(Stem, Weight)> = Vec::new();
        let mut last: Option<(Stem, u32, u8)> = None;
        let mut end = |(stem, with, length)| weights.push((stem, weight(texts, with, length)));
        self.runs.merge(|entry| {
            let stem = Stem((entry >> (TEXTS_BITS + LENGTH_BITS)) as u32);
            let with = entry as u32 & ((1 << TEXTS_BITS) - 1);
            let length = (entry >> TEXTS_BITS) as u8 & ((1 << LENGTH_BITS) - 1);
            match &mut last {
                Some(held) if held.0 == stem => *held = (stem, held.1 + with, held.2.min(length)),
                _ => last.replace((stem, with, length)).into_iter().for_each(&mut end),
            }
        })?;
        last.into_iter().for_each(end);
        Ok(weights.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use crate::token::words;

    #[test]
    fn sums_are_the_same_wherever_counts_are() {
        let folder = tempfile::tempdir().unwrap();
        let spilled = SpilledCounts::new(SpillFile::new(folder.path()).unwrap());
        let mut expected = SmallCounts::default();
        for part in 0..5 {
            let mut counts = SmallCounts::default();
            (0..4000).for_each(|n| counts.add(hash::constant(n % (1000 + part)), if n % 7 == 0 { 60 } else { 1 }));
            expected.merge(counts.clone());
            spilled.spill(counts);
        }
        spilled.spill(SmallCounts::default());
        expected.retain(21);
        let found = spilled.sum(21).unwrap();
        assert_eq!(postcard::to_stdvec(&found).unwrap(), postcard::to_stdvec(&expected).unwrap());
        assert!(expected.iter().any(|(_, count)| count == 255) && expected.len() < 1004);
    }

    #[test]
    fn weights_are_the_same_wherever_words_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let spilled = SpilledWords::new(SpillFile::new(folder.path()).unwrap());
        let mut expected = Survey::default();
        for texts in [&["the ferry ran aground", "the crew of the ferry was safe"][..], &["in 1984 the ferries ran"]] {
            let mut survey = Survey::default();
            texts.iter().for_each(|text| survey.observe_words(words(text).into_iter()));
            spilled.spill(&survey);
            expected.merge(survey);
        }
        assert_eq!(spilled.weights().unwrap(), expected.weights());
    }
}
