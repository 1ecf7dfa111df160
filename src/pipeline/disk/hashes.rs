//! Hashes of the first pass, counted by way of a file.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{SpillFile, put_all};
use crate::Result;
use crate::survey::{Gathered, HashCounts, Part, PartCounts};

/// Gathered hashes in a file, part by part.
#[derive(Debug)]
pub(in crate::pipeline) struct SpilledHashes {
    file: SpillFile,
    /// For each part, the place and the number of the hashes of each piece.
    pieces: Mutex<Vec<Vec<(u64, usize)>>>,
}

impl SpilledHashes {
    /// Writes to this file, which may be shared.
    pub fn new(file: SpillFile) -> Self {
        SpilledHashes { file, pieces: Mutex::default() }
    }

    /// Writes hashes to the file. Errors show when they are counted.
    pub fn spill(&self, gathered: Gathered) {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for part in gathered.into_parts() {
            part.iter().for_each(|piece| put_all(piece, &mut bytes));
            ends.push(bytes.len());
        }
        let at = self.file.append(&bytes);
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.resize(ends.len(), Vec::new());
        let mut start = 0;
        for (part, end) in pieces.iter_mut().zip(ends) {
            if start < end {
                part.push((at + start as u64, (end - start) / size_of::<u32>()));
            }
            start = end;
        }
    }

    /// Counts the hashes in the file together with others, as [`Gathered::count`] counts those in memory.
    pub fn count(&self, others: Gathered) -> Result<HashCounts> {
        self.file.check()?;
        let pieces = std::mem::take(&mut *self.pieces.lock().unwrap_or_else(PoisonError::into_inner));
        let parts: Vec<(usize, Part)> = others.into_parts().into_iter().enumerate().collect();
        let count = |(number, mut part): (usize, Part)| {
            let (mut bytes, mut hashes) = (Vec::new(), Vec::<u32>::new());
            for &(at, length) in pieces.get(number).into_iter().flatten() {
                self.file.read_into(at, length, &mut bytes, &mut hashes)?;
                part.push(hashes.as_slice().into());
            }
            Ok(PartCounts::of(part))
        };
        Ok(HashCounts::of(parts.into_par_iter().map(count).collect::<Result<_>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    #[test]
    fn counts_are_the_same_wherever_hashes_are() {
        let folder = tempfile::tempdir().unwrap();
        let gathered = |range: std::ops::Range<u64>| {
            let mut gathered = Gathered::default();
            range.for_each(|n| gathered.add(hash::constant(n % 7000)));
            gathered
        };
        let spilled = SpilledHashes::new(SpillFile::new(folder.path()).unwrap());
        [0..100, 100..9000, 9000..9000].into_iter().for_each(|range| spilled.spill(gathered(range)));
        let (found, expected) = (spilled.count(gathered(9000..20_000)).unwrap(), gathered(0..20_000).count());
        let counts = |counts: &HashCounts| (0..8000).map(|n| counts.get(hash::constant(n))).collect::<Vec<u8>>();
        assert_eq!(counts(&found), counts(&expected));
        assert!(counts(&found).contains(&3));
    }
}
