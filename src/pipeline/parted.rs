//! Candidate pairs of bands, in parts.

use rayon::slice::ParallelSliceMut;

use super::disk::SpillFile;
use crate::{CandidatePair, Result};

/// Candidate pairs are given out, and verified, in this many parts.
pub(super) const PARTS: usize = 256;

/// Returns by how many bits a unit's number is shifted to give its part.
pub(super) fn shift(units: usize) -> u32 {
    units.div_ceil(PARTS).next_power_of_two().trailing_zeros()
}

/// The candidate pairs of one band, the larger unit of each first, in parts by that.
pub(super) struct Parted {
    pairs: Pairs,
    ends: Vec<u32>,
}

enum Pairs {
    Held(Vec<CandidatePair>),
    /// The place in the file.
    Spilled(u64),
}

impl Parted {
    /// `sizes` are those of all units.
    pub fn new(mut pairs: Vec<CandidatePair>, sizes: &[u32]) -> Self {
        let shift = shift(sizes.len());
        let part = |pair: CandidatePair| pair.first().index() >> shift;
        let mut ends = vec![0u32; PARTS];
        for pair in &mut pairs {
            let (a, b) = (pair.first(), pair.second());
            if (sizes[a.index()], a) < (sizes[b.index()], b) {
                *pair = pair.turned();
            }
            ends[part(*pair)] += 1;
        }
        (1..PARTS).for_each(|n| ends[n] += ends[n - 1]);
        // In place: at a million documents a second copy would be the largest thing in memory.
        pairs.par_sort_unstable();
        Parted { pairs: Pairs::Held(pairs), ends }
    }

    /// Moves the pairs to a file.
    pub fn spill(&mut self, file: &SpillFile) {
        if let Pairs::Held(pairs) = &self.pairs {
            self.pairs = Pairs::Spilled(file.append_all(pairs));
        }
    }

    /// Appends the pairs of a part to `pairs`. `file` has them if they were moved.
    pub fn part(&self, part: usize, file: Option<&SpillFile>, pairs: &mut Vec<CandidatePair>) -> Result<()> {
        let start = if part == 0 { 0 } else { self.ends[part - 1] as usize };
        let end = self.ends[part] as usize;
        match (&self.pairs, file) {
            (Pairs::Held(held), _) => pairs.extend_from_slice(&held[start..end]),
            (Pairs::Spilled(at), Some(file)) => {
                let (mut bytes, mut read) = (Vec::new(), Vec::new());
                file.read_into(at + (start * size_of::<CandidatePair>()) as u64, end - start, &mut bytes, &mut read)?;
                pairs.append(&mut read);
            }
            (Pairs::Spilled(_), None) => return Err(super::store::damaged()),
        }
        Ok(())
    }
}
