//! Matches that wait in a file while others are still being found.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::SpillFile;
use crate::pipeline::store::damaged;
use crate::verify::{Match, Verified};
use crate::{Result, UnitId};

/// Matches in memory, or in a file.
pub(in crate::pipeline) struct Matches {
    held: Vec<Match>,
    file: Option<SpillFile>,
    /// For each piece, its place in the file and its number of bytes and of matches.
    pieces: Mutex<Vec<(u64, usize, usize)>>,
}

/// A match as it is in the file.
#[derive(Serialize, Deserialize)]
struct Entry {
    a: UnitId,
    b: UnitId,
    verified: Verified,
}

impl Matches {
    /// Puts matches into the file if there is one.
    pub fn new(file: Option<SpillFile>) -> Self {
        Matches { held: Vec::new(), file, pieces: Mutex::default() }
    }

    /// Takes in matches that a thread found. Returns those that are to be held.
    pub fn spill(&self, matches: Vec<Match>) -> Vec<Match> {
        let Some(file) = self.file.as_ref().filter(|_| !matches.is_empty()) else { return matches };
        let entries = matches.iter().map(|&Match { a, b, verified, .. }| Entry { a, b, verified });
        let bytes = entries.fold(Vec::new(), |bytes, entry| {
            postcard::to_extend(&entry, bytes).expect("memory takes all bytes, and a match has no sequences")
        });
        let piece = (file.append(&bytes), bytes.len(), matches.len());
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
        Vec::new()
    }

    /// Takes in matches to be held.
    pub fn hold(&mut self, matches: Vec<Match>) {
        self.held.extend(matches);
    }

    /// Calls `each` with every match, in no particular order.
    pub fn each(&self, mut each: impl FnMut(Match)) -> Result<()> {
        self.held.iter().copied().for_each(&mut each);
        let Some(file) = &self.file else { return Ok(()) };
        file.check()?;
        let mut bytes = Vec::new();
        for &(at, length, count) in self.pieces.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            bytes.resize(length, 0);
            file.read(at, &mut bytes)?;
            let mut rest = &bytes[..];
            for _ in 0..count {
                let (entry, after) = postcard::take_from_bytes::<Entry>(rest).map_err(|_| damaged())?;
                let Entry { a, b, verified } = entry;
                each(Match { a, b, verified, cluster: None });
                rest = after;
            }
        }
        Ok(())
    }

    /// Returns the matches that `stands` keeps, in no particular order.
    pub fn keep(mut self, stands: impl Fn(&Match) -> bool) -> Result<Vec<Match>> {
        if self.file.is_none() {
            self.held.retain(stands);
            return Ok(self.held);
        }
        // Nearly all stand, and room that nothing is put into takes no memory.
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = Vec::with_capacity(pieces.iter().map(|&(.., count)| count).sum());
        drop(pieces);
        self.each(|found| kept.extend(stands(&found).then_some(found)))?;
        Ok(kept)
    }
}
