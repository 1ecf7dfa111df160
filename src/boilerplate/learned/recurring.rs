//! Phrases that occur in many documents which are otherwise different.
//!
//! Of one source, they are its boilerplate and are set aside. Of any, they are stock phrases and titles of office: shingles
//! of these do not show that two texts are one. A document counts as different from the others if enough of its shingles
//! occur nowhere else. So the phrases of copies of one text do not count, however many copies there are.

use super::thresholds::{MAX_COUNTED_DOCUMENTS, STOCK, THRESHOLDS};
use serde::{Deserialize, Serialize};

use crate::hash;
use crate::survey::{MANY, ShingleCount, SmallCounts};

/// Returns how many documents must repeat a phrase for it to be set aside, in a source of `documents` documents.
pub fn enough(documents: u32) -> u8 {
    (f64::from(documents) * THRESHOLDS.min_source_share)
        .clamp(f64::from(THRESHOLDS.min_documents), MAX_COUNTED_DOCUMENTS)
        .ceil() as u8
}

/// The number of otherwise different documents with each phrase.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Recurring {
    /// Of one source: runs of one word more than a shingle has.
    of_source: SmallCounts,
    /// Of any source: shingles.
    of_any: SmallCounts,
}

/// Returns runs as ranges of tokens.
fn stretches(runs: impl Iterator<Item = (usize, u64)>, first: u32, width: usize) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for (at, _) in runs {
        let (start, end) = (first + at as u32, first + (at + width + 1) as u32);
        match found.last_mut() {
            Some(last) if last.1 >= start => last.1 = end,
            _ => found.push((start, end)),
        }
    }
    found
}

/// Returns the runs of a paragraph's words whose two shingles are in enough documents, each with the place of its first
/// word and its hash within the source.
fn runs<'a>(source: u64, counts: &'a [ShingleCount], least: u8) -> impl Iterator<Item = (usize, u64)> + 'a {
    let least = least.min(MANY);
    let often = move |pair: &[ShingleCount]| pair[0].documents >= least && pair[1].documents >= least;
    let pairs = counts.windows(2).enumerate().filter(move |(_, pair)| often(pair));
    pairs.map(move |(at, pair)| (at, hash::sequence(&[source, pair[0].shingle, pair[1].shingle])))
}

impl Recurring {
    /// Counts a document, given the counted shingles of its paragraphs, if it is otherwise different from all others;
    /// returns whether it is. Exact copies within a source must be passed once.
    pub fn observe<'a>(&mut self, source: u64, paragraphs: impl Iterator<Item = &'a [ShingleCount]>) -> bool {
        let (mut often, mut repeated) = (Vec::new(), Vec::new());
        let (mut recur, mut all) = (0usize, 0usize);
        for counts in paragraphs {
            all += counts.len();
            recur += counts.iter().filter(|count| count.documents > 1).count();
            often.extend(counts.iter().filter(|count| count.documents >= STOCK).map(|count| count.shingle));
            repeated.extend(runs(source, counts, THRESHOLDS.min_documents).map(|(_, run)| run));
        }
        if recur as f32 >= THRESHOLDS.max_shared_share * all as f32 {
            return false;
        }
        for (found, counter) in [(&mut often, &mut self.of_any), (&mut repeated, &mut self.of_source)] {
            found.sort_unstable();
            found.dedup();
            found.iter().for_each(|&hash| counter.add(hash, 1));
        }
        true
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: Recurring) {
        self.of_source.merge(other.of_source);
        self.of_any.merge(other.of_any);
    }

    /// The smallest counts that are kept once every document is counted: of one source, and of any.
    pub const LEAST: [u8; 2] = [THRESHOLDS.min_documents, STOCK];

    /// Forgets phrases that occur in too few documents.
    pub fn shrink(&mut self) {
        let [of_source, of_any] = Recurring::LEAST;
        self.of_source.retain(of_source);
        self.of_any.retain(of_any);
    }

    /// Returns about how many bytes of memory the counts take.
    pub fn bytes(&self) -> usize {
        self.of_source.bytes() + self.of_any.bytes()
    }

    /// Returns the counts of phrases of one source, and of any.
    pub fn into_counts(self) -> [SmallCounts; 2] {
        [self.of_source, self.of_any]
    }

    /// Takes the counts of phrases of one source, and of any.
    pub fn of([of_source, of_any]: [SmallCounts; 2]) -> Self {
        Recurring { of_source, of_any }
    }

    /// Returns the number of phrases, of one source or any.
    pub(crate) fn len(&self) -> usize {
        self.of_source.len() + self.of_any.len()
    }

    /// Returns the stock phrases, without their lowest eight bits, in no particular order.
    pub(crate) fn stock(&self) -> impl Iterator<Item = u64> {
        self.of_any.iter().filter(|&(_, count)| count >= STOCK).map(|(shingle, _)| shingle)
    }

    /// Returns whether a shingle is a stock phrase.
    #[inline]
    pub fn is_stock(&self, shingle: u64) -> bool {
        self.of_any.get(shingle) >= STOCK
    }

    /// Returns the ranges of a paragraph's tokens that its source repeats in at least `enough` documents, in order, not
    /// overlapping. `counts` are the paragraph's, `first` is its first token in the document, `width` the words in a
    /// shingle.
    pub fn find(&self, source: u64, enough: u8, counts: &[ShingleCount], first: u32, width: usize) -> Vec<(u32, u32)> {
        let known = |run: u64| self.of_source.get(run) >= enough;
        stretches(runs(source, counts, enough).filter(|&(_, run)| known(run)), first, width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::shingles;
    use crate::survey::{Gathered, count_shingles};
    use crate::token::{Word, tokenize};

    const WIDTH: usize = 3;

    fn words(text: &str) -> Vec<Word> {
        let mut tokens = Vec::new();
        tokenize(text, 0, &mut tokens);
        tokens.iter().map(|token| token.word).collect()
    }

    /// Returns what is found in the first of the texts when all were counted.
    fn found(texts: &[String]) -> Vec<(u32, u32)> {
        let texts: Vec<Vec<Word>> = texts.iter().map(|text| words(text)).collect();
        let mut gathered = Gathered::default();
        texts.iter().for_each(|text| shingles(text, WIDTH, |shingle| gathered.add(shingle)));
        let counted = gathered.count();
        let mut recurring = Recurring::default();
        let counts = |text: &[Word]| {
            let mut counts = Vec::new();
            count_shingles(text, WIDTH, &counted, &mut counts);
            counts
        };
        for text in &texts {
            recurring.observe(1, std::iter::once(&counts(text)[..]));
        }
        recurring.find(1, enough(texts.len() as u32), &counts(&texts[0]), 0, WIDTH)
    }

    fn unique(n: usize) -> String {
        (0..12).map(|i| format!("word{n}x{i} ")).collect()
    }

    #[test]
    fn a_tail_that_different_documents_share_is_found() {
        let texts: Vec<String> = (0..8).map(|n| format!("{}and this is our daily tail", unique(n))).collect();
        assert_eq!(found(&texts), [(12, 18)]);
    }

    #[test]
    fn too_few_documents_prove_nothing() {
        let texts: Vec<String> = (0..4).map(|n| format!("{}and this is our daily tail", unique(n))).collect();
        assert_eq!(found(&texts), []);
    }

    #[test]
    fn what_copies_share_is_not_found() {
        let texts: Vec<String> = (0..8).map(|n| format!("{}copy{n}", unique(0))).collect();
        assert_eq!(found(&texts), []);
    }
}
