//! Thresholds of what is found by how it repeats.
//!
//! [`LearnedThresholds`] holds those that depend on the corpus at hand. The others are details of how evidence is read. On
//! 66,827 feed items with their known frame exchanged for six invented ones, all six are found, and 93% of the frame's own
//! lines are removed or marked.

use crate::survey::Weight;

/// Thresholds of learned boilerplate that depend on the corpus at hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearnedThresholds {
    /// Fewest otherwise different documents of a source that make a line or phrase its boilerplate, …
    pub min_documents: u8,
    /// … and the smallest share of the source's documents.
    pub min_source_share: f64,
    /// Share of a document's shingles that other documents have, from which the document is a copy and proves nothing.
    pub max_shared_share: f32,
    /// Fewest otherwise different documents of any source that make a shingle a stock phrase.
    pub min_stock_documents: u8,
    /// Longest line that can be a source's own, in words; three times as many bigrams in scripts without spaces.
    pub max_line_words: usize,
    /// Longest part of a line that may vary, in words, if it is not the title.
    pub max_slot_words: usize,
    /// Smallest share of a source's documents with a line that varies for it to be removed: what fewer have may be a column
    /// or a series.
    pub min_certain_source_share: f32,
    /// Fewest documents for that, if what varies is not the title.
    pub min_certain_documents: u32,
    /// Fewest documents with a line at the edge of their text that make it nobody's own, …
    pub min_anywhere_documents: u32,
    /// … and the fewest sources.
    pub min_anywhere_sources: u32,
    /// Longest stub, in words. Longer equal texts under unrelated titles were not met.
    pub max_stub_words: usize,
    /// Longest stub that is certain because of the number of its titles, in words.
    pub max_filler_words: usize,
    /// Shortest document that a phrase can be stuffed into, in words. Shorter texts repeat what they are about.
    pub min_stuffed_document_words: usize,
    /// Fewest occurrences of a phrase that is stuffed.
    pub min_stuffed_occurrences: u32,
    /// Smallest share of a document's words that a stuffed phrase makes up.
    pub min_stuffed_share: f32,
}

impl LearnedThresholds {
    /// The thresholds in use.
    pub const DEFAULT: Self = LearnedThresholds {
        min_documents: 5,
        min_source_share: 0.01,
        max_shared_share: 0.6,
        min_stock_documents: 12,
        max_line_words: 40,
        max_slot_words: 12,
        min_certain_source_share: 0.1,
        min_certain_documents: 8,
        min_anywhere_documents: 12,
        min_anywhere_sources: 5,
        max_stub_words: 400,
        max_filler_words: 4,
        min_stuffed_document_words: 150,
        min_stuffed_occurrences: 8,
        min_stuffed_share: 0.05,
    };
}

impl Default for LearnedThresholds {
    fn default() -> Self {
        LearnedThresholds::DEFAULT
    }
}

/// The thresholds in use.
pub(super) const THRESHOLDS: LearnedThresholds = LearnedThresholds::DEFAULT;

/// Fewest otherwise different documents, of any source, that make a shingle a stock phrase.
pub const STOCK: u8 = THRESHOLDS.min_stock_documents;
/// Documents at which the number that makes a phrase boilerplate stops growing: counts end at 255.
pub(super) const MAX_COUNTED_DOCUMENTS: f64 = 250.0;

/// Lines at the head and at the tail of a text in which frames occur, and short lines repeat.
pub(super) const EDGE_LINES: usize = 3;

// Lines that vary.

/// Numbers of fixed words, before and after the varying part, that are distinguished. The long ones are for scripts without
/// spaces, where words are bigrams.
pub(super) const FIXED_WORD_STEPS: [usize; STEPS] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 19];
/// Numbers of fixed words that are distinguished.
pub(super) const STEPS: usize = 14;
/// Fewest fixed words of a frame.
pub(super) const MIN_FRAME_WORDS: usize = 3;
/// Fewest fixed words of a frame around the document's title.
pub(super) const MIN_TITLE_FRAME_WORDS: usize = 2;
/// Most places on one side of a line where what varies is taken to begin.
pub(super) const MAX_TURNS: usize = 2;
/// Fewest lines with a change that make a document a template, whose lines are its own.
pub(super) const MIN_TEMPLATE_LINES: usize = 3;
/// Times as many documents as for a line without a change: many ways of writing begin and end alike.
pub(super) const CHANGED_LINE_FACTOR: u32 = 2;
/// Share of a source's documents from which a line with a change needs no more documents than one without.
pub(super) const LARGE_SOURCE_SHARE: f32 = 0.25;
/// Fewest forms in which what varies must have occurred.
pub(super) const MIN_VARIANTS: u32 = 3;
/// Longest change that is small, in words.
pub(super) const MAX_SMALL_CHANGE_WORDS: usize = 2;
/// Fewest fixed words for each word that changes in a line with a small change.
pub(super) const MIN_FIXED_WORDS_PER_CHANGED_WORD: usize = 3;

// Lines that are content although they repeat.

/// Longest heading, or term that is explained below it, in words.
pub(super) const MAX_HEADING_WORDS: usize = 12;
/// Longest label before the value of a line, in words.
pub(super) const MAX_LABEL_WORDS: usize = 6;
/// Longest line that is a label and a value, in words.
pub(super) const MAX_LABELLED_LINE_WORDS: usize = 12;
/// Fewest documents in which a label has another value, for its lines to be content, …
pub(super) const MIN_OTHER_LABEL_DOCUMENTS: u32 = 2;
/// … and the most documents with the label for each of these.
pub(super) const MAX_LABEL_DOCUMENTS_PER_OTHER: u32 = 50;
/// Longest line that may be a value without a word in common with the others, in words or bigrams.
pub(super) const MAX_SHORT_VALUE_WORDS: usize = 8;
/// Words at the head or at the tail that longer values have in common.
pub(super) const SHARED_VALUE_WORDS: usize = 2;
/// Smallest share of the documents with a repeated line in a place that have another value with words in common, …
pub(super) const MIN_ALIKE_VALUE_SHARE: f32 = 0.03;
/// … or any other value.
pub(super) const MIN_OTHER_VALUE_SHARE: f32 = 0.1;
/// Fewest documents that have another value.
pub(super) const MIN_OTHER_VALUE_DOCUMENTS: u32 = 2;
/// Largest share of a line's documents that have another of the values as well.
pub(super) const MAX_TOGETHER_SHARE: f32 = 0.05;
/// Most values of a place that are compared with each other; the most frequent ones are.
pub(super) const MAX_COMPARED_VALUES: usize = 64;

// Stubs.

/// Smallest share of a title's telling words in a text that is about the same.
pub(super) const MIN_OWN_TITLE_SHARE: f32 = 0.5;
/// Smallest share of the shorter title's telling words that two titles of one item have in common.
pub(super) const MIN_ALIKE_TITLE_SHARE: f32 = 0.5;
/// Fewest different titles of a text that make it a stub even if they are alike, as in a series.
pub(super) const MIN_SERIES_TITLES: usize = 3;
/// Shortest word of a title that says what the title is about, in characters.
pub(super) const MIN_TELLING_WORD_CHARS: usize = 4;

// Stuffed phrases.

/// Parts that a text is cut into to see where a phrase occurs.
pub(super) const STUFFING_PARTS: usize = 8;
/// Fewest of these parts that a stuffed phrase occurs in: a list or a table repeats it in one place.
pub(super) const MIN_STUFFED_PARTS: u32 = 6;
/// Smallest weight of a stuffed phrase's words: what many texts repeat is language.
pub(super) const MIN_STUFFED_WEIGHT: Weight = Weight(65_536 / 5);
