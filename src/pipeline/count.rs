//! The passes over the corpus that count.

use ahash::AHashSet;
use rayon::prelude::*;

use super::corpus::{Batch, ByBatch, Corpus, Pool};
use crate::boilerplate::{
    Aside, LineCounts, LineKeys, LineSurvey, Lines, Recurring, Stub, StubText, enough, stub, stub_text,
};
use crate::hash::{self, HashedMap};
use crate::segment::{Cut, Paragraph};
use crate::shingle::shingles;
use crate::survey::{Gathered, HashCounts, PartCounts, ShingleCount, Survey, count_shingles};
use crate::token::Word;
use crate::{Document, Params, Result};

/// All that is known of the corpus once it has been counted.
pub(super) struct Counted {
    pub survey: Survey,
    /// In how many documents shingles occur.
    pub shingles: HashCounts,
    pub recurring: Recurring,
    pub lines: LineSurvey,
    /// The texts that are stubs, by their keys.
    pub stubs: HashedMap<u64, Stub>,
    /// By source: how many documents it has.
    pub sources: HashedMap<u64, u32>,
    /// By batch, document after document: in how many documents their shingles occur. Looked up once, since a look-up in
    /// a large table is the slow part, and kept for the next pass.
    pub counts: Vec<Box<[u8]>>,
    /// The index of the first document of each batch.
    pub starts: Vec<u32>,
}

/// Knowledge about a corpus that is needed to profile one of its documents.
pub(super) trait Known {
    /// The counts that were looked up before for a batch, by its number.
    fn counts(&self, batch: usize) -> &[u8];
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
    fn counts(&self, batch: usize) -> &[u8] {
        &self.counts[batch]
    }

    fn count<'c>(&self, cut: &Cut, width: usize, counts: &'c [u8], shingles: &mut Shingles) -> &'c [u8] {
        shingles.recount(cut, width, counts)
    }

    fn count_run(&self, words: &[Word], width: usize, counts: &mut Vec<ShingleCount>) {
        count_shingles(words, width, &self.shingles, counts);
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

/// The hash of a document's source; all documents without one are of one source.
pub(super) fn source(document: &Document) -> u64 {
    hash::bytes(document.source.as_deref().unwrap_or("").as_bytes())
}

/// The first pass: what each document adds to the sums that all others are judged by.
pub(super) struct Observing {
    /// Words in a shingle.
    shingle: usize,
    /// Whether boilerplate is to be set aside.
    set_aside: bool,
    sums: Pool<Sums>,
    heads: ByBatch<Vec<Head>>,
}

#[derive(Default)]
struct Sums {
    survey: Survey,
    shingles: Gathered,
    lines: LineKeys,
}

/// Facts about a document that the first pass keeps.
struct Head {
    /// The words of its title.
    title: Vec<Word>,
    /// The hash of its source, as [`source`] has it.
    source: u64,
    /// The hash of its text and its source.
    text: u64,
    /// Facts about its text that tell whether it is a stub; `None` if it cannot be one.
    stub: Option<StubText>,
}

impl Observing {
    pub fn new(params: &Params) -> Self {
        Observing {
            shingle: params.shingle,
            set_aside: params.set_aside,
            sums: Pool::default(),
            heads: ByBatch::default(),
        }
    }

    /// Goes through a corpus for the first time.
    pub fn all(corpus: &dyn Corpus, params: &Params) -> Result<Self> {
        let observing = Observing::new(params);
        corpus.pass(&|batch| observing.observe(batch))?;
        Ok(observing)
    }

    /// Takes in a batch.
    pub fn observe(&self, batch: Batch) {
        let add = |sums: &mut Sums| batch.cuts().map(|(document, cut)| sums.add(document, cut, self)).collect();
        self.heads.put(batch.number, self.sums.with(add));
    }

    /// Returns the sums.
    pub fn finish(self) -> Observed {
        let merge = |sum: &mut Sums, more: Sums| {
            sum.survey.merge(more.survey);
            sum.shingles.merge(more.shingles);
            sum.lines.merge(more.lines);
        };
        let Sums { survey, shingles, lines } = self.sums.sum(merge);
        let batches: Vec<Vec<Head>> = self.heads.in_order().collect();
        let mut starts = Vec::with_capacity(batches.len());
        let mut start = 0;
        for batch in &batches {
            starts.push(start);
            start += batch.len() as u32;
        }
        let heads: Vec<Head> = batches.into_iter().flatten().collect();
        let mut sources: HashedMap<u64, u32> = HashedMap::default();
        heads.iter().for_each(|head| *sources.entry(head.source).or_default() += 1);
        let stubs = if self.set_aside { stubs(&heads, &sources) } else { HashedMap::default() };
        let firsts = if self.set_aside { firsts(&heads) } else { Vec::new() };
        let (shingles, lines) = rayon::join(|| counted(shingles), || LineCounts::of(counted(lines.into_gathered())));
        let titles = heads.into_iter().map(|head| head.title).collect();
        Observed { survey, shingles, lines, stubs, sources, firsts, titles, starts }
    }
}

impl Sums {
    fn add(&mut self, document: &Document, cut: Cut, asked: &Observing) -> Head {
        let from = source(document);
        if asked.set_aside {
            self.lines.observe(from, &cut);
        }
        for paragraph in &cut.paragraphs {
            let words: Vec<Word> = cut.tokens[paragraph.range()].iter().map(|token| token.word).collect();
            self.survey.observe_words(words.iter().copied());
            shingles(&words, asked.shingle, |shingle| self.shingles.add(shingle));
        }
        let stub = stub_text(from, &cut);
        let text = hash::pair(from, hash::bytes(document.text.as_bytes()));
        Head { title: cut.title, source: from, text, stub }
    }
}

fn counted(gathered: Gathered) -> HashCounts {
    HashCounts::of(gathered.into_parts().into_par_iter().map(PartCounts::of).collect())
}

/// The sums of the first pass.
pub(super) struct Observed {
    survey: Survey,
    shingles: HashCounts,
    lines: LineCounts,
    stubs: HashedMap<u64, Stub>,
    sources: HashedMap<u64, u32>,
    /// Whether each document is the first of its source with its text: exact copies are counted once. Empty where nothing
    /// is set aside.
    firsts: Vec<bool>,
    /// The words of each document's title.
    pub titles: Vec<Vec<Word>>,
    /// The index of the first document of each batch.
    pub starts: Vec<u32>,
}

impl Observed {
    /// The second pass: counts what many documents repeat that are otherwise different.
    pub fn count(self, corpus: &dyn Corpus, params: &Params) -> Result<(Counted, Vec<Vec<Word>>)> {
        let sums: Pool<(Recurring, Lines, Shingles)> = Pool::default();
        let counts: ByBatch<Box<[u8]>> = ByBatch::default();
        corpus.pass(&|batch| {
            let held = sums.with(|sums| {
                let mut held = Vec::new();
                for (i, (document, cut)) in (self.starts[batch.number] as usize..).zip(batch.cuts()) {
                    let first = self.firsts.get(i).copied().unwrap_or_default();
                    self.count_document(document, &cut, first, params, sums);
                    held.extend(sums.2.counts.iter().map(|count| count.documents));
                }
                held.into_boxed_slice()
            });
            counts.put(batch.number, held);
        })?;
        let (mut recurring, mut lines, _) = sums.sum(|sum, more| {
            sum.0.merge(more.0);
            sum.1.merge(more.1);
        });
        lines.shrink();
        recurring.shrink();
        let counted = Counted {
            survey: self.survey,
            shingles: self.shingles,
            recurring,
            lines: LineSurvey { counts: self.lines, lines },
            stubs: self.stubs,
            sources: self.sources,
            counts: counts.in_order().collect(),
            starts: self.starts,
        };
        Ok((counted, self.titles))
    }

    fn count_document(
        &self,
        document: &Document,
        cut: &Cut,
        first: bool,
        params: &Params,
        (recurring, lines, shingles): &mut (Recurring, Lines, Shingles),
    ) {
        shingles.count(cut, params.shingle, &self.shingles);
        if first {
            let paragraphs = cut.paragraphs.iter().map(|p| shingles.of_paragraph(p));
            let source = source(document);
            if recurring.observe(source, paragraphs) {
                lines.observe(source, cut, &self.lines);
            }
        }
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
    pub fn count(&mut self, cut: &Cut, width: usize, of: &HashCounts) {
        self.fill(cut, width);
        // All at once, so that the waits for a table that fits no cache overlap. Where no shingle stands, none is counted.
        for count in &mut self.counts {
            count.documents = if count.shingle == 0 { 0 } else { of.get(count.shingle) };
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

    /// Returns the shingles of a run of tokens within a paragraph: one for each place that a shingle fits in. A run that is too
    /// short for that has its one only if it is a whole paragraph.
    pub fn of_run(&self, (start, end): (u32, u32)) -> &[ShingleCount] {
        let last = (end as usize + 1).saturating_sub(self.width).max(start as usize);
        &self.counts[start as usize..last]
    }

    /// Returns the shingles of a paragraph.
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

/// Returns the texts that are stubs, by their keys: a source has each under titles that have nothing to do with it. They are
/// exact copies of each other, but what they are the text of is different.
fn stubs(heads: &[Head], sources: &HashedMap<u64, u32>) -> HashedMap<u64, Stub> {
    let keyed = heads.iter().zip(0u32..).filter_map(|(head, i)| Some((head.stub?.key, i)));
    let mut keyed: Vec<(u64, u32)> = keyed.collect();
    keyed.par_sort_unstable();
    let repeated = keyed.chunk_by(|one, next| one.0 == next.0).filter(|equal| equal.len() > 1);
    let found = repeated.filter_map(|equal| {
        let equal_heads = equal.iter().map(|&(_, i)| &heads[i as usize]);
        let titled: Vec<(&[Word], StubText)> =
            equal_heads.filter_map(|head| Some((&*head.title, head.stub?))).collect();
        let (key, first) = equal[0];
        Some((key, stub(&titled, sources[&heads[first as usize].source])?))
    });
    found.collect()
}

/// Returns for each document whether it is the first of its source with its text.
fn firsts(heads: &[Head]) -> Vec<bool> {
    let mut seen = AHashSet::with_capacity(heads.len());
    heads.iter().map(|head| seen.insert(head.text)).collect()
}
