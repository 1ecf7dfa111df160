//! survey: Segments -> Survey. What the corpus as a whole says about its words and shingles.
//!
//! A survey is a sum: surveys of parts merge into the survey of the whole, in any order, so it can be taken by many
//! threads or machines.

use crate::hash::HashedMap;
use crate::shingle::shingles;
use crate::token::{Stem, Word};

/// Counts that saturate at 255, in cells picked by hash. A count is never too low; two values that share a cell are
/// counted together, so it can be too high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    shift: u32,
    cells: Vec<u8>,
}

impl Counter {
    /// A counter with room for about `values` different values at one collision in five.
    pub fn with_room_for(values: usize) -> Self {
        let bits = (values.max(1 << 12) * 4).next_power_of_two().trailing_zeros();
        Counter { shift: 64 - bits, cells: vec![0; 1 << bits] }
    }

    /// Counts one more of the value with this hash.
    #[inline]
    pub fn add(&mut self, hash: u64) {
        let cell = &mut self.cells[(hash >> self.shift) as usize];
        *cell = cell.saturating_add(1);
    }

    /// How often it was counted, or more, or 255 for that and above.
    #[inline]
    pub fn get(&self, hash: u64) -> u8 {
        self.cells[(hash >> self.shift) as usize]
    }

    /// Adds another counter of the same size.
    ///
    /// # Panics
    /// If the sizes differ.
    pub fn merge(&mut self, other: &Counter) {
        assert_eq!(self.shift, other.shift, "counters of one run have one size");
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            *cell = cell.saturating_add(*more);
        }
    }
}

/// Counts like those of a [`Counter`] that saturate at [`MANY`], two in a byte: for a corpus's shingles, of which there are
/// so many that half the memory is half the time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SmallCounter {
    shift: u32,
    pairs: Vec<u8>,
}

/// As far as the documents of a shingle are counted.
pub const MANY: u8 = 15;

impl SmallCounter {
    fn with_room_for(values: usize) -> Self {
        let bits = (values.max(1 << 12) * 4).next_power_of_two().trailing_zeros();
        SmallCounter { shift: 64 - bits, pairs: vec![0; 1 << (bits - 1)] }
    }

    /// The byte of a hash, and by how many bits its half is shifted.
    #[inline]
    fn place(&self, hash: u64) -> (usize, u32) {
        let cell = hash >> self.shift;
        ((cell >> 1) as usize, (cell as u32 & 1) * 4)
    }

    #[inline]
    fn add(&mut self, hash: u64) {
        let (at, half) = self.place(hash);
        let pair = &mut self.pairs[at];
        *pair += u8::from(*pair >> half & MANY < MANY) << half;
    }

    #[inline]
    fn get(&self, hash: u64) -> u8 {
        let (at, half) = self.place(hash);
        self.pairs[at] >> half & MANY
    }

    fn merge(&mut self, other: &SmallCounter) {
        assert_eq!(self.shift, other.shift, "counters of one run have one size");
        for (pair, more) in self.pairs.iter_mut().zip(&other.pairs) {
            let low = ((*pair & MANY) + (*more & MANY)).min(MANY);
            let high = ((*pair >> 4) + (*more >> 4)).min(MANY);
            *pair = high << 4 | low;
        }
    }
}

/// A shingle and in how many documents it stands, or more (see [`Counter`]); [`MANY`] for that and above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShingleCount {
    /// The shingle.
    pub shingle: u64,
    /// The documents. A shingle that a document repeats counts again each time.
    pub documents: u8,
}

/// What a word weighs, in 1/65,536 of the rarest: whole numbers, so that sums are the same in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(pub u32);

impl Weight {
    /// A word that weighs less proposes nobody as a rewording: it is too common.
    pub const PROPOSES: Weight = Weight(65_536 * 2 / 5);

    /// From a number of rare words.
    pub fn of(words: f64) -> Self {
        Weight((words * 65_536.0).round() as u32)
    }

    /// A sum of weights as a number of rare words.
    pub fn in_words(sum: u64) -> f32 {
        sum as f32 / 65_536.0
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct StemCount {
    texts: u32,
    /// The last text that counted the stem, so that each text counts it once.
    last: u32,
    /// The length class of the shortest word seen with it.
    length: u8,
}

/// Statistics of a corpus. Its texts are paragraphs; its words are counted by their stems.
#[derive(Debug, Clone)]
pub struct Survey {
    texts: u32,
    stems: HashedMap<Stem, StemCount>,
    shingles: SmallCounter,
}

/// How many imagined texts a survey starts with, so that a corpus of ten texts still tells words from glue.
const PRIOR_TEXTS: f64 = 1000.0;

/// The share of the imagined texts that hold a word of 1, 2, … 7 and more characters: short words are common ones
/// (Zipf's law of abbreviation, which holds across languages).
const PRIOR_SHARE: [f64; 8] = [0.2, 0.3, 0.25, 0.12, 0.03, 0.01, 0.005, 0.002];

impl Survey {
    /// An empty survey with room for about `shingles` different shingles.
    pub fn new(shingles: usize) -> Self {
        Survey { texts: 0, stems: HashedMap::default(), shingles: SmallCounter::with_room_for(shingles) }
    }

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

    /// Takes in a shingle of a document; once for each document.
    #[inline]
    pub fn observe_shingle(&mut self, shingle: u64) {
        self.shingles.add(shingle);
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
        self.shingles.merge(&other.shingles);
    }

    /// How many texts were taken in.
    pub fn texts(&self) -> u32 {
        self.texts
    }

    /// In how many documents a shingle stands, or more (see [`Counter`]); 255 for that and above.
    #[inline]
    pub fn shingle_documents(&self, shingle: u64) -> u8 {
        self.shingles.get(shingle)
    }

    /// Appends the shingles of a run of words with the number of documents that each stands in: one for each word that a
    /// shingle begins with, in order; of a run shorter than `width` one.
    pub fn count_shingles(&self, words: &[Word], width: usize, counts: &mut Vec<ShingleCount>) {
        shingles(words, width, |shingle| {
            counts.push(ShingleCount { shingle, documents: self.shingle_documents(shingle) });
        });
    }

    /// In how many texts a stem stands.
    pub fn stem_texts(&self, stem: Stem) -> u32 {
        self.stems.get(&stem).map_or(0, |count| count.texts)
    }

    /// The weight of every stem that was taken in: its inverse document frequency (Spärck Jones 1972), with a
    /// prior by length for small corpora, as a share of what the rarest word has. So a sum of weights is counted in rare
    /// words, whatever the size of the corpus.
    pub fn weights(&self) -> HashedMap<Stem, Weight> {
        self.stems.iter().map(|(&stem, count)| (stem, weight(self.texts, count.texts, count.length))).collect()
    }

    /// Every stem with the number of texts that it stands in and the [`length`] of the shortest word seen with it.
    pub fn stems(&self) -> impl Iterator<Item = (Stem, u32, u8)> {
        self.stems.iter().map(|(&stem, count)| (stem, count.texts, count.length))
    }
}

/// The length class that a word is counted with.
pub fn length(word: Word) -> u8 {
    // Numbers are as rare as long words, however short.
    if word.is_number() { 6 } else { word.length_class() as u8 }
}

/// What a word weighs that stands in `with` of `texts` texts and has a [`length`] (see [`Survey::weights`]).
pub fn weight(texts: u32, with: u32, length: u8) -> Weight {
    let texts = f64::from(texts) + PRIOR_TEXTS;
    let idf = |with: f64, length: usize| (texts / (with + PRIOR_TEXTS * PRIOR_SHARE[length])).ln();
    let rarest = idf(1.0, PRIOR_SHARE.len() - 1);
    Weight::of((idf(f64::from(with), usize::from(length.min(7))) / rarest).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hash, token};

    fn words(text: &str) -> Vec<Word> {
        let mut tokens = Vec::new();
        token::tokenize(text, 0, &mut tokens);
        tokens.iter().map(|t| t.word).collect()
    }

    fn survey(texts: &[&str]) -> Survey {
        let mut survey = Survey::new(100);
        for text in texts {
            survey.observe_words(words(text).into_iter());
            words(text).iter().for_each(|w| survey.observe_shingle(w.0));
        }
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
            assert_eq!(a.weights(), whole.weights());
            for word in words("one two three four five") {
                assert_eq!(a.stem_texts(word.stem()), whole.stem_texts(word.stem()));
                assert_eq!(a.shingle_documents(word.0), whole.shingle_documents(word.0));
            }
        }
    }

    #[test]
    fn counts_saturate() {
        let mut counter = Counter::with_room_for(1);
        (0..300).for_each(|_| counter.add(7));
        let other = counter.clone();
        counter.merge(&other);
        assert_eq!(counter.get(7), 255);
    }

    #[test]
    fn halves_of_bytes_count_apart() {
        let values: Vec<u64> = (0..3000).map(|i| hash::constant(if i % 4 == 0 { i % 52 } else { i })).collect();
        let (mut small, mut plain) = (SmallCounter::with_room_for(1), Counter::with_room_for(1));
        let mut other = small.clone();
        for (i, &value) in values.iter().enumerate() {
            if i % 3 == 0 {
                other.add(value)
            } else {
                small.add(value)
            }
            plain.add(value);
        }
        small.merge(&other);
        assert!(values.iter().any(|&value| plain.get(value) > MANY));
        values.iter().for_each(|&value| assert_eq!(small.get(value), plain.get(value).min(MANY)));
    }

    #[test]
    fn short_words_say_less_where_little_is_known() {
        let survey = survey(&["the president of the republic"]);
        let weights = survey.weights();
        let idf = |w| weights[&token::word(w).unwrap().stem()];
        assert!(idf("of") < idf("the") && idf("the") < idf("republic"));
    }
}
