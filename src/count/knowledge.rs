//! The knowledge of a corpus, read-only.

use serde::{Deserialize, Serialize};

use super::{Groups, Settings, Shingles, VERSION};
use crate::boilerplate::{Aside, LineCounts, LineSurvey, Lines, Recurring, Stub, TitleIndex, enough};
use crate::hash::HashedMap;
use crate::segment::Cut;
use crate::shingle::shingles;
use crate::survey::{HashCounts, ShingleCount, Weight, count_shingles};
use crate::token::{Stem, Word};
use crate::{Document, Result, encoding};

/// All that later stages need to know of a corpus, read-only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Knowledge {
    pub(super) settings: Settings,
    /// The weight of each word, by its stem.
    #[serde(with = "encoding::map")]
    pub(super) weights: HashedMap<Stem, Weight>,
    /// In how many documents shingles occur.
    pub(super) shingles: HashCounts,
    pub(super) recurring: Recurring,
    pub(super) lines: LineSurvey,
    pub(super) groups: Groups,
    /// Whether only a sample of the documents was counted.
    pub(super) of_sample: bool,
}

/// The name of the byte form.
const KNOWLEDGE: &str = "knowledge";

/// A shingle that a sample has less often is no part of any phrase that is recognized by its counts.
const LEAST_SAMPLED: u8 = 5;

impl Knowledge {
    /// Returns the knowledge of a corpus of which no document was counted.
    pub fn empty(settings: Settings) -> Self {
        Knowledge {
            settings,
            weights: HashedMap::default(),
            shingles: HashCounts::default(),
            recurring: Recurring::default(),
            lines: LineSurvey { counts: LineCounts::default(), lines: Lines::default() },
            groups: Groups::default(),
            of_sample: true,
        }
    }

    /// Returns the knowledge of boilerplate alone, to be used on documents that were not counted: a shingle that occurs once
    /// among the counted ones may be in any number of these. It has no weights and no titles.
    pub fn for_other_documents(self) -> Self {
        let Knowledge { settings, mut shingles, recurring, lines, groups, .. } = self;
        shingles.retain(LEAST_SAMPLED);
        let groups = Groups { counted: HashedMap::default(), titles: TitleIndex::default(), ..groups };
        Knowledge { settings, weights: HashedMap::default(), shingles, recurring, lines, groups, of_sample: true }
    }

    /// Replaces what is known by comparing documents. An engine with joins of its own hands over what concerns the documents
    /// that it is about to profile, so that nothing which grows with the number of documents is held.
    pub fn regroup(&mut self, groups: Groups) {
        self.groups = groups;
    }

    /// Replaces the weight of each word, by its stem: for an engine that [took](super::FirstCounts::take_words) the counts of words.
    pub fn reweigh(&mut self, weights: HashedMap<Stem, Weight>) {
        self.weights = weights;
    }

    /// Forgets the counts of all shingles but some, which come with their counts: for an engine that looked up the shingles of all
    /// documents that it is about to profile. Those of [short paragraphs](Shingles::of_short_paragraphs) are looked up again
    /// where boilerplate leaves as little of another paragraph.
    pub fn keep_shingles(&mut self, counts: impl IntoIterator<Item = (u64, u8)>) {
        self.shingles = HashCounts::only(counts);
    }

    /// Replaces the counts of [hashes](super::FirstCounts::take), in the order of these, and returns those that were there. An
    /// engine with joins of its own hands over those of the documents that it is about to profile: of their hashes, and of
    /// their [short runs](short_runs).
    pub fn recount(&mut self, [shingles, lines]: [HashCounts; 2]) -> [HashCounts; 2] {
        let lines = std::mem::replace(&mut self.lines.counts, LineCounts::of(lines)).into_counts();
        [std::mem::replace(&mut self.shingles, shingles), lines]
    }

    /// Returns the parameters that the documents were counted with.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Returns what each word weighs, by its stem (see [`Survey::weights`](crate::survey::Survey::weights)).
    pub fn weights(&self) -> &HashedMap<Stem, Weight> {
        &self.weights
    }

    /// Returns the titles of all documents.
    pub fn titles(&self) -> &TitleIndex {
        &self.groups.titles
    }

    /// Returns how many documents a [source](super::source) has.
    pub fn documents(&self, source: u64) -> u32 {
        self.groups.sources.get(&source).copied().unwrap_or_default()
    }

    /// Works out the shingles of a document, with the number of documents that each occurs in.
    pub fn count(&self, cut: &Cut, shingles: &mut Shingles) {
        shingles.count(cut, self.settings.shingle, |shingle| self.shingles.get(shingle));
        if self.of_sample {
            shingles.may_occur_elsewhere();
        }
    }

    /// Appends the shingles of a run of words with the number of documents that each occurs in.
    pub fn count_run(&self, words: &[Word], counts: &mut Vec<ShingleCount>) {
        let start = counts.len();
        count_shingles(words, self.settings.shingle, &self.shingles, counts);
        if self.of_sample {
            counts[start..].iter_mut().for_each(may_occur_elsewhere);
        }
    }

    /// Returns what is known of a text as a stub, by its [key](crate::boilerplate::StubText::key).
    pub fn stub(&self, key: u64) -> Option<Stub> {
        self.groups.stubs.get(&key).copied()
    }

    /// Returns the lines of a document that its source repeats. `taken` is what is set aside already.
    pub fn lines(&self, document: &Document, cut: &Cut, taken: &[Aside]) -> Vec<Aside> {
        let source = super::source(document);
        self.lines.find(document, cut, (source, self.documents(source)), taken)
    }

    /// Returns the stretches of a paragraph, as tokens of the document, that its source repeats. `counts` are those of the
    /// paragraph, `first` is its first token.
    pub fn phrases(&self, source: u64, counts: &[ShingleCount], first: u32) -> Vec<(u32, u32)> {
        self.recurring.find(source, enough(self.documents(source)), counts, first, self.settings.shingle)
    }

    /// Returns whether a shingle is a stock phrase.
    #[inline]
    pub fn is_stock(&self, shingle: u64) -> bool {
        self.recurring.is_stock(shingle)
    }

    /// Returns the shingles that are stock phrases, in no particular order.
    pub fn stock_phrases(&self) -> impl Iterator<Item = u64> {
        self.recurring.stock()
    }

    /// Returns the number of phrases, lines and stubs that are known.
    pub fn repeated(&self) -> usize {
        self.recurring.len() + self.lines.lines.len() + self.groups.stubs.len()
    }

    /// Returns it as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::to_bytes(KNOWLEDGE, VERSION, self)
    }

    /// Reads what was written by [`Knowledge::to_bytes`].
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        encoding::from_bytes(KNOWLEDGE, VERSION, bytes)
    }
}

/// Calls `each` with the hashes of all runs in a document that are shorter than a shingle: one of them is looked up where
/// boilerplate leaves no more than that of a paragraph.
pub fn short_runs(cut: &Cut, width: usize, mut each: impl FnMut(u64)) {
    let words: Vec<Word> = cut.tokens.iter().map(|token| token.word).collect();
    for paragraph in &cut.paragraphs {
        for length in 1..width {
            words[paragraph.range()].windows(length).for_each(|run| shingles(run, width, &mut each));
        }
    }
}

/// Raises the count of a shingle that is counted in a sample only, so that it is not taken to occur nowhere else.
pub(super) fn may_occur_elsewhere(count: &mut ShingleCount) {
    count.documents = count.documents.max(2);
}
