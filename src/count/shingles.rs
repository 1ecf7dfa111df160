//! The counted shingles of one document.

use super::knowledge;
use crate::segment::{Cut, Paragraph};
use crate::shingle::shingles;
use crate::survey::ShingleCount;
use crate::token::Word;

/// The shingles of one document after the other with the number of documents that each occurs in, in buffers that are used
/// again and again. [`Knowledge::count`](super::Knowledge::count) fills it.
#[derive(Debug, Clone, Default)]
pub struct Shingles {
    words: Vec<Word>,
    counts: Vec<ShingleCount>,
    width: usize,
}

impl Shingles {
    /// Works out the shingles of a document and asks for the count of each, in order.
    pub(super) fn count(&mut self, cut: &Cut, width: usize, mut of: impl FnMut(u64) -> u8) {
        self.fill(cut, width);
        // All at once, so that the waits for a table that fits no cache overlap. Where no shingle begins, none is counted.
        for count in &mut self.counts {
            count.documents = if count.shingle == 0 { 0 } else { of(count.shingle) };
        }
    }

    /// Works out the shingles of a document whose counts were looked up before: its own are first in `documents`, as
    /// [`Shingles::documents`] returned them. Returns the counts that come after them.
    pub fn recount<'d>(&mut self, cut: &Cut, width: usize, documents: &'d [u8]) -> &'d [u8] {
        self.fill(cut, width);
        let (own, others) = documents.split_at(self.counts.len());
        self.counts.iter_mut().zip(own).for_each(|(count, &documents)| count.documents = documents);
        others
    }

    /// Takes each shingle to occur in other documents as well.
    pub(super) fn may_occur_elsewhere(&mut self) {
        self.counts.iter_mut().filter(|count| count.documents > 0).for_each(knowledge::may_occur_elsewhere);
    }

    fn fill(&mut self, cut: &Cut, width: usize) {
        self.words.clear();
        self.words.extend(cut.tokens.iter().map(|token| token.word));
        self.counts.clear();
        self.width = width;
        for paragraph in &cut.paragraphs {
            let counts = &mut self.counts;
            shingles(&self.words[paragraph.range()], width, |shingle| {
                counts.push(ShingleCount { shingle, documents: 0 });
            });
            // So that a shingle's place is that of its first token.
            self.counts.resize(paragraph.end as usize, ShingleCount::default());
        }
    }

    /// Returns, token by token, the number of documents that the shingle which begins there occurs in; 0 where none begins.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = u8> {
        self.counts.iter().map(|count| count.documents)
    }

    /// Returns the shingles of a run of tokens within a paragraph: one for each place that a shingle fits in. A run that is too
    /// short for that has its one only if it is a whole paragraph.
    pub fn of_run(&self, (start, end): (u32, u32)) -> &[ShingleCount] {
        let last = (end as usize + 1).saturating_sub(self.width).max(start as usize);
        &self.counts[start as usize..last]
    }

    /// Returns the shingles of a paragraph.
    pub fn of_paragraph(&self, paragraph: &Paragraph) -> &[ShingleCount] {
        if self.is_short(paragraph) {
            &self.counts[paragraph.range()][..1]
        } else {
            self.of_run((paragraph.start, paragraph.end))
        }
    }

    /// Returns the shingles of the document's paragraphs that are shorter than a shingle: one of each.
    pub fn of_short_paragraphs(&self, cut: &Cut) -> impl Iterator<Item = ShingleCount> {
        let short = cut.paragraphs.iter().filter(|paragraph| self.is_short(paragraph));
        short.map(|paragraph| self.counts[paragraph.start as usize])
    }

    fn is_short(&self, paragraph: &Paragraph) -> bool {
        (1..self.width).contains(&paragraph.range().len())
    }

    /// Returns the words of the document.
    pub fn words(&self) -> &[Word] {
        &self.words
    }
}
