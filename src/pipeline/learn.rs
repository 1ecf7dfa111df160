//! Learns boilerplate from the sample of documents that an index keeps.

use rayon::prelude::*;

use super::corpus::{BATCH, Batch, Corpus};
use super::count::Observing;
use super::disk::Engine;
use super::stopwatch::Stop;
use crate::count::Knowledge;
use crate::index::Sampled;
use crate::{Document, Params, Result};

/// Counts a sample as [`find`](super::find) counts a corpus.
pub(super) fn learn(sample: &[Sampled], params: &Params) -> Knowledge {
    let documents: Vec<Document> = sample.iter().map(Sampled::document).collect();
    let corpus = Sample { sample, documents: &documents };
    let counted = Observing::all(&corpus, params, &Engine::Memory)
        .and_then(|observing| observing.count(&Engine::Memory, &Stop::default()));
    counted.expect("nothing is read, so nothing can fail").knowledge.for_other_documents()
}

/// A sample as a corpus.
struct Sample<'a> {
    sample: &'a [Sampled],
    documents: &'a [Document],
}

impl Corpus for Sample<'_> {
    fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()> {
        let batches = self.sample.par_chunks(BATCH).zip(self.documents.par_chunks(BATCH)).enumerate();
        batches.for_each(|(number, (sample, documents))| each(Batch { number, documents, cut: &|i| sample[i].cut() }));
        Ok(())
    }
}
