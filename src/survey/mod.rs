//! survey: Segments -> Survey. What the corpus as a whole says about its words and shingles.
//!
//! A survey is a sum: surveys of parts merge into the survey of the whole, in any order, so it can be taken by many
//! threads or machines.

mod counts;
mod small_counts;

pub use counts::{Gathered, HashCounts, Part, PartCounts};
pub(crate) use counts::{PARTS, count_each, part_of};
pub use small_counts::SmallCounts;

use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::hash::HashedMap;
use crate::shingle::shingles;
use crate::token::{Stem, Word};

/// Counts of shingles are compared up to here.
pub const MANY: u8 = 15;

/// A shingle and how often it occurs in the corpus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShingleCount {
    /// The shingle.
    pub shingle: u64,
    /// In how many documents: 1 for one or none, 255 for that and more. A shingle that a document repeats counts again each
    /// time.
    pub documents: u8,
}

/// The weight of a word, in 1/65,536 of the rarest: whole numbers, so that sums are the same in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Weight(pub u32);

impl Weight {
    /// A word that weighs less proposes nobody as a rewording: it is too common.
    pub const PROPOSES: Weight = Weight(65_536 * 2 / 5);

    /// Returns the weight of a number of rare words.
    pub fn of(words: f64) -> Self {
        Weight((words * 65_536.0).round() as u32)
    }

    /// Returns a sum of weights as a number of rare words.
    pub fn in_words(sum: u64) -> f32 {
        sum as f32 / 65_536.0
    }
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct StemCount {
    texts: u32,
    /// The last text that counted the stem, so that each text counts it once.
    #[serde(skip)]
    last: u32,
    /// The length class of the shortest word seen with it.
    length: u8,
}

/// Statistics of a corpus. Its texts are paragraphs; its words are counted by their stems.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Survey {
    texts: u32,
    #[serde(with = "encoding::map")]
    stems: HashedMap<Stem, StemCount>,
}

/// Texts that a survey is imagined to start with, so that a corpus of ten texts still distinguishes rare words from
/// frequent ones.
const PRIOR_TEXTS: f64 = 1000.0;

/// The share of the imagined texts that hold a word of 1, 2, … 7 and more characters: short words are common ones
/// (Zipf's law of abbreviation, which holds across languages).
const PRIOR_SHARE: [f64; 8] = [0.2, 0.3, 0.25, 0.12, 0.03, 0.01, 0.005, 0.002];

impl Survey {
    /// Takes in the words of one text, in any order, repeated or not.
    pub fn observe_words(&mut self, words: impl Iterator<Item = Word>) {
        self.texts += 1;
        for word in words {
            let length = length(word);
            let count = self.stems.entry(word.stem()).or_insert(StemCount { length, ..StemCount::default() });
            if count.last != self.texts {
                *count = StemCount { texts: count.texts + 1, last: self.texts, length: count.length.min(length) };
            }
        }
    }

    /// Adds the survey of another part of the corpus.
    pub fn merge(&mut self, mut other: Survey) {
        if self.stems.len() < other.stems.len() {
            std::mem::swap(&mut self.stems, &mut other.stems);
        }
        self.texts += other.texts;
        for (stem, count) in other.stems {
            let mine = self.stems.entry(stem).or_insert(StemCount { length: count.length, ..StemCount::default() });
            mine.texts += count.texts;
            mine.length = mine.length.min(count.length);
        }
        // What is merged belongs to texts that are over.
        self.stems.values_mut().for_each(|count| count.last = 0);
    }

    /// Returns about how many bytes of memory the counts take.
    pub fn bytes(&self) -> usize {
        self.stems.allocation_size()
    }

    /// Returns the number of texts that were counted.
    pub fn texts(&self) -> u32 {
        self.texts
    }

    /// Returns the number of texts in which a stem occurs.
    pub fn stem_texts(&self, stem: Stem) -> u32 {
        self.stems.get(&stem).map_or(0, |count| count.texts)
    }

    /// Returns the weight of every stem that was taken in: its inverse document frequency (Spärck Jones 1972), with a
    /// prior by length for small corpora, as a share of what the rarest word has. So a sum of weights is counted in rare
    /// words, whatever the size of the corpus.
    pub fn weights(self) -> HashedMap<Stem, Weight> {
        let Survey { texts, stems } = self;
        // By way of a list, so that the two maps are not held at once.
        let weighed = |(stem, count): (Stem, StemCount)| (stem, weight(texts, count.texts, count.length));
        let weights: Vec<(Stem, Weight)> = stems.into_iter().map(weighed).collect();
        weights.into_iter().collect()
    }

    /// Returns every stem with the number of texts in which it occurs and the [`length`] of the shortest word seen with
    /// it.
    pub fn stems(&self) -> impl Iterator<Item = (Stem, u32, u8)> {
        self.stems.iter().map(|(&stem, count)| (stem, count.texts, count.length))
    }
}

/// Appends the shingles of a run of words with the number of documents that each occurs in: one for each word that a
/// shingle begins with, in order; of a run shorter than `width` one.
pub fn count_shingles(words: &[Word], width: usize, of: &HashCounts, counts: &mut Vec<ShingleCount>) {
    shingles(words, width, |shingle| counts.push(ShingleCount { shingle, documents: of.get(shingle) }));
}

/// Returns the length class that a word is counted with.
pub fn length(word: Word) -> u8 {
    // Numbers are as rare as long words, however short.
    if word.is_number() { 6 } else { word.length_class() as u8 }
}

/// Returns the weight of a word that occurs in `with` of `texts` texts and has a [`length`] (see [`Survey::weights`]).
pub fn weight(texts: u32, with: u32, length: u8) -> Weight {
    let texts = f64::from(texts) + PRIOR_TEXTS;
    let idf = |with: f64, length: usize| (texts / (with + PRIOR_TEXTS * PRIOR_SHARE[length])).ln();
    let rarest = idf(1.0, PRIOR_SHARE.len() - 1);
    Weight::of((idf(f64::from(with), usize::from(length.min(7))) / rarest).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn words(text: &str) -> Vec<Word> {
        let mut tokens = Vec::new();
        token::tokenize(text, 0, &mut tokens);
        tokens.iter().map(|t| t.word).collect()
    }

    fn survey(texts: &[&str]) -> Survey {
        let mut survey = Survey::default();
        texts.iter().for_each(|text| survey.observe_words(words(text).into_iter()));
        survey
    }

    #[test]
    fn a_text_counts_a_word_once() {
        let survey = survey(&["the the cat", "the dog", "a dog"]);
        let count = |w| survey.stem_texts(token::word(w).unwrap().stem());
        assert_eq!([count("the"), count("dog"), count("cat"), count("cow")], [2, 2, 1, 0]);
        assert_eq!(survey.texts(), 3);
    }

    #[test]
    fn parts_merge_into_the_whole_in_any_order() {
        let texts = ["one two", "two three three", "three four", "one"];
        let whole = survey(&texts);
        for (cut, turn) in [(1, false), (2, true), (3, false), (3, true)] {
            let (mut a, mut b) = (survey(&texts[..cut]), survey(&texts[cut..]));
            if turn {
                std::mem::swap(&mut a, &mut b);
            }
            a.merge(b);
            for word in words("one two three four five") {
                assert_eq!(a.stem_texts(word.stem()), whole.stem_texts(word.stem()));
            }
            assert_eq!(a.weights(), whole.clone().weights());
        }
    }

    #[test]
    fn short_words_say_less_where_little_is_known() {
        let survey = survey(&["the president of the republic"]);
        let weights = survey.weights();
        let idf = |w| weights[&token::word(w).unwrap().stem()];
        assert!(idf("of") < idf("the") && idf("the") < idf("republic"));
    }
}
