//! Learns boilerplate from a sample of documents, as sets of keys for an index.

use rayon::prelude::*;

use super::corpus::{BATCH, Batch, Corpus};
use super::count::{Known, Observing, Shingles, source};
use crate::boilerplate::{Aside, Stub, enough, known_lines, repeated, stub_text};
use crate::index::{Learned, Sampled};
use crate::segment::{Cut, Paragraph};
use crate::survey::ShingleCount;
use crate::token::Word;
use crate::{Document, Params, Result};

/// Counts a sample as [`find`](super::find) counts a corpus, and keeps what it would take for boilerplate of it.
pub(super) fn learn(sample: &[Sampled], params: &Params) -> Learned {
    let documents: Vec<Document> = sample.iter().map(Sampled::document).collect();
    let corpus = Sample { sample, documents: &documents };
    let counted = Observing::all(&corpus, params).and_then(|observing| observing.finish().count(&corpus, params));
    let (counted, _) = counted.expect("nothing is read, so nothing can fail");
    let mut learned = Learned::default();
    let mut shingles = Shingles::default();
    let mut counts: &[u8] = &[];
    for (index, (document, cut)) in documents.iter().zip(sample.iter().map(Sampled::cut)).enumerate() {
        counts = if index.is_multiple_of(BATCH) { counted.counts(index / BATCH) } else { counts };
        counts = counted.count(&cut, params.shingle, counts, &mut shingles);
        let source = source(document);
        let documents = counted.sources[&source];
        learned.lines.extend(counted.lines.keys(&cut, (source, documents)));
        if let Some(text) = stub_text(source, &cut) {
            learned.fillers.extend(counted.stub(text.key).map(|_| text.key));
        }
        for counts in cut.paragraphs.iter().map(|paragraph: &Paragraph| shingles.of_paragraph(paragraph)) {
            learned.phrases.extend(counted.recurring.runs(source, enough(documents), counts).map(|(_, run)| run));
            let stock = |count: &&ShingleCount| count.documents > 1 && counted.is_stock(count.shingle);
            learned.stock.extend(counts.iter().filter(stock).map(|count| count.shingle));
        }
    }
    learned
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

impl Known for Learned {
    fn counts(&self, _: usize) -> &[u8] {
        &[]
    }

    fn count<'c>(&self, cut: &Cut, width: usize, counts: &'c [u8], shingles: &mut Shingles) -> &'c [u8] {
        shingles.uncounted(cut, width);
        counts
    }

    fn count_run(&self, words: &[Word], width: usize, counts: &mut Vec<ShingleCount>) {
        crate::shingle::shingles(words, width, |shingle| counts.push(ShingleCount { shingle, documents: u8::MAX }));
    }

    fn stub(&self, key: u64) -> Option<Stub> {
        self.fillers.contains(&key).then_some(Stub { certain: false, share: None })
    }

    fn lines(&self, document: &Document, cut: &Cut, _: &[Aside]) -> Vec<Aside> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        known_lines(document, cut, source(document), |key| self.lines.contains(&key))
    }

    fn phrases(&self, source: u64, counts: &[ShingleCount], first: u32, width: usize) -> Vec<(u32, u32)> {
        if self.phrases.is_empty() {
            return Vec::new();
        }
        repeated(source, counts, first, width, |run| self.phrases.contains(&run))
    }

    fn is_stock(&self, shingle: u64) -> bool {
        self.stock.contains(&shingle)
    }
}
