//! The files that the counting passes put their sums into, if these are not in memory.

use super::disk::{Engine, SpillFile, SpilledCounts, SpilledHashes, SpilledWords};
use crate::Result;
use crate::count::{FirstCounts, Knowledge, SecondCounts};
use crate::survey::{Gathered, HashCounts, SmallCounts};

/// Sums of both passes, in files.
pub(super) struct Spill {
    lines: SpilledHashes,
    words: SpilledWords,
    /// Phrases of one source, and of any.
    phrases: [SpilledCounts; 2],
    /// Bytes of sums of a kind that a thread holds in memory.
    most_bytes: usize,
}

impl Spill {
    /// Makes the files, if the engine works with some.
    pub fn new(engine: &Engine) -> Result<Option<Spill>> {
        let Engine::Disk { working_bytes, folder } = engine else { return Ok(None) };
        let file = || SpillFile::new(folder);
        Ok(Some(Spill {
            lines: SpilledHashes::new(file()?),
            words: SpilledWords::new(file()?),
            phrases: [SpilledCounts::new(file()?), SpilledCounts::new(file()?)],
            most_bytes: working_bytes / rayon::current_num_threads(),
        }))
    }

    /// Moves what a thread counted in the first pass to the files where it is too much for memory.
    pub fn first(&self, sums: &mut FirstCounts) {
        if sums.bytes() > self.most_bytes {
            // Shingles are counted elsewhere.
            let [_, (_, lines)] = sums.take();
            self.lines.spill(lines);
        }
        if sums.word_bytes() > self.most_bytes / TABLE_SHARE {
            self.words(sums);
        }
    }

    /// Moves all words that a thread counted to the files.
    pub fn words(&self, sums: &mut FirstCounts) {
        self.words.spill(&sums.take_words());
    }

    /// Moves what a thread counted in the second pass to the files where it is too much for memory.
    pub fn second(&self, sums: &mut SecondCounts) {
        if sums.bytes() > self.most_bytes / TABLE_SHARE {
            self.phrases(sums);
        }
    }

    /// Moves all phrases that a thread counted to the files.
    pub fn phrases(&self, sums: &mut SecondCounts) {
        self.phrases.iter().zip(sums.take()).for_each(|(spilled, counts)| spilled.spill(counts));
    }

    /// Counts lines, those in memory and those in the file.
    pub fn count_lines(&self, gathered: Gathered) -> Result<HashCounts> {
        self.lines.count(gathered)
    }

    /// Returns the sums of the phrases.
    pub fn sums_of_phrases(&self) -> Result<[SmallCounts; 2]> {
        let [of_source, of_any] = &self.phrases;
        let [least_of_source, least_of_any] = SecondCounts::LEAST;
        Ok([of_source.sum(least_of_source)?, of_any.sum(least_of_any)?])
    }

    /// Tells the knowledge the weights of the words.
    pub fn weigh(&self, knowledge: &mut Knowledge) -> Result<()> {
        knowledge.reweigh(self.words.weights()?);
        Ok(())
    }
}

/// A table is half full when it has just grown, and is sorted when it is written, so that a share of the memory is left for
/// that: as a divisor.
const TABLE_SHARE: usize = 2;
