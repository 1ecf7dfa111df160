//! What a sample of documents teaches of boilerplate, as sets to look it up in.

use super::count::{BATCH, Known, Shingles, count, source};
use crate::boilerplate::{Aside, Stub, enough, known_lines, may_be_stub, repeated, stub_key};
use crate::index::{Learned, Sampled};
use crate::segment::{Cut, Paragraph};
use crate::survey::ShingleCount;
use crate::token::Word;
use crate::{Document, Params};

/// Counts a sample as [`find`](super::find) counts a corpus, and keeps what it would take for boilerplate of it.
pub(super) fn learn(sample: &[Sampled], params: &Params) -> Learned {
    let documents: Vec<Document> = sample.iter().map(Sampled::document).collect();
    let cuts: Vec<Vec<Cut>> = sample.chunks(BATCH).map(|batch| batch.iter().map(Sampled::cut).collect()).collect();
    let counted = count(&documents, &cuts, params);
    let mut learned = Learned::default();
    let mut shingles = Shingles::default();
    let mut counts: &[u8] = &[];
    for ((index, document), cut) in (0..).zip(&documents).zip(cuts.iter().flatten()) {
        counts = if (index as usize).is_multiple_of(BATCH) { counted.counts(index) } else { counts };
        counts = counted.count(cut, params.shingle, counts, &mut shingles);
        let source = source(document);
        let documents = counted.sources[&source];
        learned.lines.extend(counted.lines.keys(cut, (source, documents)));
        if may_be_stub(cut) {
            let text = stub_key(source, cut);
            learned.fillers.extend(counted.stub(text).map(|_| text));
        }
        for counts in cut.paragraphs.iter().map(|paragraph: &Paragraph| shingles.of_paragraph(paragraph)) {
            learned.phrases.extend(counted.recurring.runs(source, enough(documents), counts).map(|(_, run)| run));
            let stock = |count: &&ShingleCount| count.documents > 1 && counted.is_stock(count.shingle);
            learned.stock.extend(counts.iter().filter(stock).map(|count| count.shingle));
        }
    }
    learned
}

impl Known for Learned {
    fn counts(&self, _: u32) -> &[u8] {
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
