//! The knowledge of a corpus that has been counted, with the counts that the next pass takes from here.

use std::borrow::Cow;

use super::corpus::Batch;
use super::disk::{Cuts, SpillFile};
use super::store::damaged;
use crate::count::{Knowledge, text};
use crate::hash::HashedMap;
use crate::segment::Cut;
use crate::{Document, DocumentId, Result};

/// All that is known of the corpus once it has been counted.
pub(super) struct Counted {
    pub knowledge: Knowledge,
    pub counts: ShingleCounts,
    /// The cuts of the documents, where these are in a file.
    pub cuts: Option<Cuts>,
    /// The first document of each batch.
    pub starts: Vec<DocumentId>,
}

/// In how many documents the shingles of all documents occur: kept for the next pass.
pub(super) struct ShingleCounts {
    /// By batch, document after document.
    pub batches: Vec<BatchCounts>,
    /// The file of the counts that are not in memory.
    pub file: Option<SpillFile>,
    /// The shingles of paragraphs that are shorter than a shingle, with the number of documents that each occurs in, of those
    /// that several have.
    pub short: HashedMap<u64, u8>,
}

/// The counts of a batch.
pub(super) enum BatchCounts {
    Held(Box<[u8]>),
    /// The place in the file, and the number of bytes.
    Spilled(u64, usize),
}

impl BatchCounts {
    /// Writes the counts to the file, if there is one.
    pub fn new(counts: Vec<u8>, file: Option<&SpillFile>) -> Self {
        match file {
            Some(file) => BatchCounts::Spilled(file.append(&counts), counts.len()),
            None => BatchCounts::Held(counts.into()),
        }
    }
}

impl Counted {
    /// Hands the counts of the shingles that are looked up once more to the knowledge.
    pub fn keep_short(&mut self) {
        self.knowledge.keep_shingles(std::mem::take(&mut self.counts.short));
    }

    /// Returns the documents of a batch with their cuts. A cut that was written down is taken from there, if the text is the
    /// one that it was made of.
    pub fn cuts<'b>(&self, batch: Batch<'b>) -> Result<impl Iterator<Item = (&'b Document, Cut)>> {
        let written = self.cuts.as_ref().map(|cuts| cuts.read(batch.number)).transpose()?;
        let mut written = written.unwrap_or_default();
        Ok(batch.documents.iter().enumerate().map(move |(i, document)| {
            let written = written.next().filter(|((_, key), _)| *key == text(document));
            (document, written.map_or_else(|| (batch.cut)(i), |(_, cut)| cut))
        }))
    }

    /// Gives back the room of a batch on the disk, once the last pass over it is done.
    pub fn forget(&self, batch: usize) {
        self.cuts.iter().for_each(|cuts| cuts.forget(batch));
        if let (BatchCounts::Spilled(at, length), Some(file)) = (&self.counts.batches[batch], &self.counts.file) {
            file.forget(*at, *length);
        }
    }

    /// Returns in how many documents the shingles of a batch occur, document after document.
    pub fn counts(&self, batch: usize) -> Result<Cow<'_, [u8]>> {
        match &self.counts.batches[batch] {
            BatchCounts::Held(counts) => Ok(Cow::Borrowed(counts)),
            &BatchCounts::Spilled(at, length) => {
                let mut counts = vec![0; length];
                self.counts.file.as_ref().ok_or_else(damaged)?.read(at, &mut counts)?;
                Ok(Cow::Owned(counts))
            }
        }
    }
}
