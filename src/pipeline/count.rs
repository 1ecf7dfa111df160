//! The passes over the corpus that count.

use std::sync::atomic::{AtomicUsize, Ordering};

use ahash::AHashSet;
use rayon::prelude::*;

use crate::boilerplate::{Aside, LineCounts, LineSurvey, Lines, Recurring, Stub, enough, may_be_stub, stub, stub_key};
use crate::hash::{self, HashedMap};
use crate::segment::{Cut, Paragraph};
use crate::shingle::shingles;
use crate::survey::{ShingleCount, Survey};
use crate::token::Word;
use crate::{Document, Params};

/// All that is known of the corpus once it has been counted.
pub(super) struct Counted {
    pub survey: Survey,
    pub recurring: Recurring,
    pub lines: LineSurvey,
    /// The texts that are stubs, by their keys.
    pub stubs: HashedMap<u64, Stub>,
    /// By source: how many documents it has.
    pub sources: HashedMap<u64, u32>,
    /// By batch, document after document: in how many documents their shingles stand. Looked up once, since a look-up in
    /// a large table is the slow part, and kept for the next pass.
    pub documents: Vec<Box<[u8]>>,
}

/// What a corpus knows of the shingles and lines of a document.
pub(super) trait Known {
    /// The counts that were looked up before for the batch whose first document is `first`.
    fn counts(&self, first: u32) -> &[u8];
    /// Works out the shingles of the next document of a batch, with the number of documents that each stands in. `counts`
    /// are what is left of the batch's, and what is left then is given back.
    fn count<'c>(&self, cut: &Cut, width: usize, counts: &'c [u8], shingles: &mut Shingles) -> &'c [u8];
    /// Appends the shingles of a run of words that is too short to be among those.
    fn count_run(&self, words: &[Word], width: usize, counts: &mut Vec<ShingleCount>);
    /// Whether a text, by its key, is a stub.
    fn stub(&self, key: u64) -> Option<Stub>;
    /// The lines of a document that its source repeats; `taken` is what is set aside already.
    fn lines(&self, document: &Document, cut: &Cut, taken: &[Aside]) -> Vec<Aside>;
    /// The stretches of a paragraph that its source repeats (see [`Recurring::find`]).
    fn phrases(&self, source: u64, counts: &[ShingleCount], first: u32, width: usize) -> Vec<(u32, u32)>;
    /// Whether a shingle is a stock phrase.
    fn is_stock(&self, shingle: u64) -> bool;
}

impl Known for Counted {
    fn counts(&self, first: u32) -> &[u8] {
        &self.documents[first as usize / BATCH]
    }

    fn count<'c>(&self, cut: &Cut, width: usize, counts: &'c [u8], shingles: &mut Shingles) -> &'c [u8] {
        shingles.recount(cut, width, counts)
    }

    fn count_run(&self, words: &[Word], width: usize, counts: &mut Vec<ShingleCount>) {
        self.survey.count_shingles(words, width, counts);
    }

    fn stub(&self, key: u64) -> Option<Stub> {
        self.stubs.get(&key).copied()
    }

    fn lines(&self, document: &Document, cut: &Cut, taken: &[Aside]) -> Vec<Aside> {
        let source = source(document);
        self.lines.find(document, cut, (source, self.sources[&source]), taken)
    }

    fn phrases(&self, source: u64, counts: &[ShingleCount], first: u32, width: usize) -> Vec<(u32, u32)> {
        self.recurring.find(source, enough(self.sources[&source]), counts, first, width)
    }

    fn is_stock(&self, shingle: u64) -> bool {
        self.recurring.is_stock(shingle)
    }
}

/// Documents that one thread works on at a time.
pub(super) const BATCH: usize = 256;

/// The hash of a document's source; all documents without one are of one source.
pub(super) fn source(document: &Document) -> u64 {
    hash::bytes(document.source.as_deref().unwrap_or("").as_bytes())
}

/// Lets each thread count what it can get hold of, item after item, and merges the counts. What is counted must be a sum,
/// so that it does not matter who counted what.
fn by_threads<T: Send>(
    items: usize,
    count: impl Fn(&mut dyn Iterator<Item = usize>) -> T + Sync,
    merge: impl Fn(&mut T, T),
) -> T {
    let next = AtomicUsize::new(0);
    let claim = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&item| item < items);
    let threads = rayon::current_num_threads().max(1);
    let counted: Vec<T> = (0..threads).into_par_iter().map(|_| count(&mut std::iter::from_fn(claim))).collect();
    let mut counted = counted.into_iter();
    let mut sum = counted.next().expect("at least one thread");
    counted.for_each(|more| merge(&mut sum, more));
    sum
}

/// Counts the corpus in two passes: what stands in how many documents; then what stands in many documents that are
/// otherwise different. Documents come cut, in batches.
pub(super) fn count(documents: &[Document], cuts: &[Vec<Cut>], params: &Params) -> Counted {
    let tokens: usize = cuts.iter().flatten().map(|cut| cut.tokens.len()).sum();
    let lines: usize = cuts.iter().flatten().map(|cut| cut.lines.len()).sum();
    let (survey, line_counts) = by_threads(
        cuts.len(),
        |batches| {
            let mut survey = Survey::new(tokens);
            let mut line_counts = LineCounts::new(lines);
            let (mut words, mut found) = (Vec::new(), Vec::new());
            for (i, cut) in batches.flat_map(|batch| (batch * BATCH..).zip(&cuts[batch])) {
                if params.set_aside {
                    line_counts.observe(source(&documents[i]), cut);
                }
                words_of(cut, &mut words);
                found.clear();
                for paragraph in &cut.paragraphs {
                    let words = &words[paragraph.range()];
                    survey.observe_words(words.iter().copied());
                    shingles(words, params.shingle, |shingle| found.push(shingle));
                }
                // All at once, so that the waits for a table that fits no cache overlap.
                found.iter().for_each(|&shingle| survey.observe_shingle(shingle));
            }
            (survey, line_counts)
        },
        |sum, more| {
            sum.0.merge(more.0);
            sum.1.merge(&more.1);
        },
    );
    let first = if params.set_aside { firsts(documents) } else { vec![false; documents.len()] };
    let (recurring, mut lines, mut documents_with) = by_threads(
        cuts.len(),
        |batches| {
            let (mut recurring, mut lines) = (Recurring::new(), Lines::default());
            let mut shingles = Shingles::default();
            let mut documents_with: Vec<(usize, Box<[u8]>)> = Vec::new();
            for batch in batches {
                let mut held = Vec::with_capacity(cuts[batch].iter().map(|cut| cut.tokens.len()).sum());
                for (i, cut) in (batch * BATCH..).zip(&cuts[batch]) {
                    shingles.count(cut, params.shingle, &survey);
                    if first[i] {
                        let paragraphs = cut.paragraphs.iter().map(|p| shingles.of_paragraph(p));
                        let source = source(&documents[i]);
                        if recurring.observe(source, paragraphs) {
                            lines.observe(source, cut, &line_counts);
                        }
                    }
                    held.extend(shingles.counts.iter().map(|count| count.documents));
                }
                documents_with.push((batch, held.into()));
            }
            (recurring, lines, documents_with)
        },
        |sum, mut more| {
            sum.0.merge(&more.0);
            sum.1.merge(more.1);
            sum.2.append(&mut more.2);
        },
    );
    documents_with.sort_unstable_by_key(|&(batch, _)| batch);
    lines.shrink();
    let lines = LineSurvey { counts: line_counts, lines };
    let sources = by_source(documents);
    let stubs = if params.set_aside { stubs(documents, cuts, &sources) } else { HashedMap::default() };
    Counted {
        survey,
        recurring,
        lines,
        stubs,
        sources,
        documents: documents_with.into_iter().map(|(_, held)| held).collect(),
    }
}

/// The counted shingles of one document after the other, in buffers that are used again and again.
#[derive(Debug, Default)]
pub(super) struct Shingles {
    words: Vec<Word>,
    counts: Vec<ShingleCount>,
    width: usize,
}

impl Shingles {
    /// Works out those of a document.
    pub fn count(&mut self, cut: &Cut, width: usize, survey: &Survey) {
        self.fill(cut, width);
        // All at once, so that the waits for a table that fits no cache overlap. Where no shingle stands, none is counted.
        for count in &mut self.counts {
            count.documents = if count.shingle == 0 { 0 } else { survey.shingle_documents(count.shingle) };
        }
    }

    /// Works out those of a document whose counts were looked up before and stand first in `documents`; what stands behind
    /// them is given back.
    pub fn recount<'d>(&mut self, cut: &Cut, width: usize, documents: &'d [u8]) -> &'d [u8] {
        self.fill(cut, width);
        let (own, others) = documents.split_at(self.counts.len());
        self.counts.iter_mut().zip(own).for_each(|(count, &documents)| count.documents = documents);
        others
    }

    /// Works out those of a document where any number of documents may have each.
    #[cfg(feature = "index")]
    pub fn uncounted(&mut self, cut: &Cut, width: usize) {
        self.fill(cut, width);
        self.counts.iter_mut().for_each(|count| count.documents = u8::MAX);
    }

    fn fill(&mut self, cut: &Cut, width: usize) {
        words_of(cut, &mut self.words);
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

    /// Those of a run of tokens that lies within a paragraph: one for each place that a shingle fits in. A run that is too
    /// short for that has its one only if it is a whole paragraph.
    pub fn of_run(&self, (start, end): (u32, u32)) -> &[ShingleCount] {
        let last = (end as usize + 1).saturating_sub(self.width).max(start as usize);
        &self.counts[start as usize..last]
    }

    /// Those of a paragraph.
    pub fn of_paragraph(&self, paragraph: &Paragraph) -> &[ShingleCount] {
        let short = paragraph.range().len() < self.width && paragraph.start < paragraph.end;
        if short { &self.counts[paragraph.range()][..1] } else { self.of_run((paragraph.start, paragraph.end)) }
    }

    /// The document's words.
    pub fn words(&self) -> &[Word] {
        &self.words
    }
}

/// The words of a document, into a buffer that is used again and again.
fn words_of(cut: &Cut, words: &mut Vec<Word>) {
    words.clear();
    words.extend(cut.tokens.iter().map(|token| token.word));
}

/// The texts that are stubs, by their keys: a source has each under titles that have nothing to do with it. They are exact
/// copies of each other, but what they are the text of is different.
fn stubs(documents: &[Document], cuts: &[Vec<Cut>], sources: &HashedMap<u64, u32>) -> HashedMap<u64, Stub> {
    let mut keyed: Vec<(u64, u32)> = cuts
        .par_iter()
        .enumerate()
        .flat_map_iter(|(batch, cuts)| (batch * BATCH..).zip(cuts))
        .filter(|(_, cut)| may_be_stub(cut))
        .map(|(i, cut)| (stub_key(source(&documents[i]), cut), i as u32))
        .collect();
    keyed.par_sort_unstable();
    let cut_of = |i: u32| &cuts[i as usize / BATCH][i as usize % BATCH];
    let repeated = keyed.chunk_by(|one, next| one.0 == next.0).filter(|equal| equal.len() > 1);
    let found = repeated.filter_map(|equal| {
        let cuts: Vec<&Cut> = equal.iter().map(|&(_, i)| cut_of(i)).collect();
        let (key, first) = equal[0];
        Some((key, stub(&cuts, sources[&source(&documents[first as usize])])?))
    });
    found.collect()
}

/// Whether each document is the first of its source with its text: exact copies are counted once.
fn firsts(documents: &[Document]) -> Vec<bool> {
    let key = |document: &Document| hash::pair(source(document), hash::bytes(document.text.as_bytes()));
    let keys: Vec<u64> = documents.par_iter().with_min_len(1024).map(key).collect();
    let mut seen = AHashSet::with_capacity(keys.len());
    keys.into_iter().map(|key| seen.insert(key)).collect()
}

fn by_source(documents: &[Document]) -> HashedMap<u64, u32> {
    let mut counts: HashedMap<u64, u32> = HashedMap::default();
    documents.iter().for_each(|document| *counts.entry(source(document)).or_default() += 1);
    counts
}
