//! The passes over the corpus that count.

use ahash::AHashSet;
use rayon::prelude::*;

use crate::boilerplate::{Candidates, Recurring, enough};
use crate::hash::{self, HashedMap};
use crate::segment::Cut;
use crate::shingle::{Seen, shingles};
use crate::survey::{Counter, Survey};
use crate::token::Word;
use crate::{Document, Params};

/// All that is known of the corpus once it has been counted.
pub(super) struct Counted {
    pub survey: Survey,
    /// Phrases that a source repeats.
    pub recurring: Recurring,
    /// Shingles that stand in many documents which are otherwise different, whatever the source: stock phrases.
    pub stock: Counter,
    /// By source: how many documents must repeat a phrase for it to be set aside.
    pub enough: HashedMap<u8>,
}

/// A shingle in at least this many documents that are otherwise different is a stock phrase.
pub(super) const STOCK: u8 = 12;

/// The hash of a document's source; all documents without one are of one source.
pub(super) fn source(document: &Document) -> u64 {
    hash::bytes(document.source.as_deref().unwrap_or("").as_bytes())
}

/// Splits the corpus evenly, one part a thread, lets each part be counted and merges the counts.
fn by_parts<T: Send>(items: usize, count: impl Fn(std::ops::Range<usize>) -> T + Sync, merge: impl Fn(&mut T, T)) -> T {
    let parts = rayon::current_num_threads().max(1);
    let bounds = |part: usize| part * items / parts;
    let counted: Vec<T> = (0..parts).into_par_iter().map(|part| count(bounds(part)..bounds(part + 1))).collect();
    let mut counted = counted.into_iter();
    let mut sum = counted.next().expect("at least one part");
    counted.for_each(|more| merge(&mut sum, more));
    sum
}

/// The words of a token sequence.
fn words(cut: &Cut) -> Vec<Word> {
    cut.tokens.iter().map(|token| token.word).collect()
}

/// Counts the corpus in two passes: what stands in how many documents; then what stands in many documents that are
/// otherwise different.
pub(super) fn count(documents: &[Document], cuts: &[Cut], params: &Params) -> Counted {
    let tokens: usize = cuts.iter().map(|cut| cut.tokens.len()).sum();
    let first = firsts(documents, cuts);
    let (survey, candidates) = by_parts(
        documents.len(),
        |part| {
            let (mut survey, mut candidates) = (Survey::new(tokens), Candidates::new(tokens));
            let mut seen = Seen::default();
            for i in part {
                let words = words(&cuts[i]);
                for paragraph in &cuts[i].paragraphs {
                    let words = &words[paragraph.range()];
                    survey.observe_words(words.iter().copied());
                    shingles(words, params.shingle, |shingle| survey.observe_shingle(shingle));
                }
                if params.set_aside && first[i] {
                    candidates.observe(source(&documents[i]), &cuts[i].tokens, &mut seen);
                }
            }
            (survey, candidates)
        },
        |sum, more| {
            sum.0.merge(more.0);
            sum.1.merge(&more.1);
        },
    );
    let enough = enough_by_source(documents);
    let (recurring, stock) = by_parts(
        documents.len(),
        |part| {
            let (mut recurring, mut stock) = (Recurring::new(), Counter::with_room_for(1 << 18));
            let mut seen = Seen::default();
            for i in part.filter(|&i| params.set_aside && first[i]) {
                let source = source(&documents[i]);
                recurring.observe(source, enough[&source], &cuts[i].tokens, &candidates, &mut seen);
                observe_stock(&cuts[i], params.shingle, &survey, &mut stock);
            }
            (recurring, stock)
        },
        |sum, more| {
            sum.0.merge(&more.0);
            sum.1.merge(&more.1);
        },
    );
    Counted { survey, recurring, stock, enough }
}

/// Counts the shingles of a document that stand in many others, if enough of its shingles stand in no other.
fn observe_stock(cut: &Cut, width: usize, survey: &Survey, stock: &mut Counter) {
    let words = words(cut);
    let (mut many, mut recur, mut all) = (Vec::new(), 0, 0);
    for paragraph in &cut.paragraphs {
        shingles(&words[paragraph.range()], width, |shingle| {
            let documents = survey.shingle_documents(shingle);
            all += 1;
            recur += usize::from(documents > 1);
            if documents >= STOCK {
                many.push(shingle);
            }
        });
    }
    if recur * 10 < all * 6 {
        many.sort_unstable();
        many.dedup();
        many.iter().for_each(|&shingle| stock.add(shingle));
    }
}

/// Whether each document is the first of its source with its words: exact copies are counted once.
fn firsts(documents: &[Document], cuts: &[Cut]) -> Vec<bool> {
    let keys: Vec<u64> = documents
        .par_iter()
        .zip(cuts)
        .map(|(document, cut)| cut.tokens.iter().fold(source(document), |state, token| hash::pair(state, token.word.0)))
        .collect();
    let mut seen = AHashSet::with_capacity(keys.len());
    keys.into_iter().map(|key| seen.insert(key)).collect()
}

fn enough_by_source(documents: &[Document]) -> HashedMap<u8> {
    let mut counts: HashedMap<u32> = HashedMap::default();
    documents.iter().for_each(|document| *counts.entry(source(document)).or_default() += 1);
    counts.into_iter().map(|(source, documents)| (source, enough(documents))).collect()
}
