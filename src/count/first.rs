//! The first round: how often everything occurs.

use serde::{Deserialize, Serialize};

use super::{Settings, VERSION};
use crate::boilerplate::{LineCounts, LineKeys};
use crate::segment::Cut;
use crate::shingle::shingles;
use crate::survey::{Gathered, HashCounts, Survey};
use crate::token::Word;
use crate::{Document, Result, encoding};

/// The sums of the first round over some documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirstCounts {
    settings: Settings,
    /// The sum of the keys of the texts: distinguishes corpora.
    corpus: u64,
    words: Survey,
    shingles: Gathered,
    lines: LineKeys,
    /// Words of the paragraph that is being counted: a buffer.
    #[serde(skip)]
    paragraph: Vec<Word>,
}

/// The sums of the first round without the shingles, borrowed by themselves so that shingles can go elsewhere.
struct Sums<'s> {
    settings: Settings,
    corpus: &'s mut u64,
    words: &'s mut Survey,
    lines: &'s mut LineKeys,
    paragraph: &'s mut Vec<Word>,
}

impl Sums<'_> {
    fn observe(self, (source, text): (u64, u64), cut: &Cut, mut each: impl FnMut(u64)) {
        *self.corpus = self.corpus.wrapping_add(text);
        if self.settings.set_aside {
            self.lines.observe(source, cut);
        }
        for paragraph in &cut.paragraphs {
            self.paragraph.clear();
            self.paragraph.extend(cut.tokens[paragraph.range()].iter().map(|token| token.word));
            self.words.observe_words(self.paragraph.iter().copied());
            shingles(self.paragraph, self.settings.shingle, &mut each);
        }
    }
}

/// The hashes that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashes {
    /// Of shingles.
    Shingles,
    /// Of pieces of lines.
    Lines,
}

/// The sums of the first round over all documents of a corpus, read-only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirstKnowledge {
    pub(super) settings: Settings,
    pub(super) corpus: u64,
    pub(super) words: Survey,
    pub(super) shingles: HashCounts,
    pub(super) lines: LineCounts,
}

/// The names of the byte forms.
const COUNTS: &str = "counts of the first round";
const KNOWLEDGE: &str = "knowledge of the first round";

impl FirstCounts {
    /// Returns the counts of no documents.
    pub fn new(settings: Settings) -> Self {
        FirstCounts {
            settings,
            corpus: 0,
            words: Survey::default(),
            shingles: Gathered::default(),
            lines: LineKeys::default(),
            paragraph: Vec::new(),
        }
    }

    /// Counts a document, which comes with its cut.
    pub fn observe(&mut self, document: &Document, cut: &Cut) {
        self.observe_keyed((super::source(document), super::text(document)), cut);
    }

    /// Counts a document as [`FirstCounts::observe`] does, given the keys of its [source](super::source) and its
    /// [text](super::text), which its [row](super::Row) has too.
    pub fn observe_keyed(&mut self, keys: (u64, u64), cut: &Cut) {
        let (sums, shingles) = self.sums();
        sums.observe(keys, cut, |shingle| shingles.add(shingle));
    }

    /// Counts a document as [`FirstCounts::observe_keyed`] does, but hands over its shingles, in their order, for an engine that
    /// counts these itself: see [`SecondCounts::observe_counted`](super::SecondCounts::observe_counted).
    pub fn observe_but_shingles(&mut self, keys: (u64, u64), cut: &Cut, each: impl FnMut(u64)) {
        self.sums().0.observe(keys, cut, each);
    }

    fn sums(&mut self) -> (Sums<'_>, &mut Gathered) {
        let FirstCounts { settings, corpus, words, shingles, lines, paragraph } = self;
        (Sums { settings: *settings, corpus, words, lines, paragraph }, shingles)
    }

    /// Adds the counts of other documents.
    ///
    /// # Errors
    /// If they were made with other parameters.
    pub fn merge(&mut self, other: FirstCounts) -> Result<()> {
        self.settings.refuse_other(other.settings)?;
        self.corpus = self.corpus.wrapping_add(other.corpus);
        self.words.merge(other.words);
        self.shingles.merge(other.shingles);
        self.lines.merge(other.lines);
        Ok(())
    }

    /// Returns what the counts say, once every document is counted.
    pub fn know(self) -> FirstKnowledge {
        self.know_by(Gathered::count)
    }

    /// Returns the same as [`FirstCounts::know`], for an engine that counts the parts of large tables on several threads:
    /// `count` must return what [`Gathered::count`] returns.
    pub fn know_by(self, count: impl Fn(Gathered) -> HashCounts) -> FirstKnowledge {
        self.try_know_by(|_, gathered| Ok(count(gathered))).expect("counting cannot fail")
    }

    /// Returns the same as [`FirstCounts::know_by`], for an engine that counts by way of files: `count` is told which hashes
    /// these are.
    ///
    /// # Errors
    /// Errors that `count` returns.
    pub fn try_know_by(self, count: impl Fn(Hashes, Gathered) -> Result<HashCounts>) -> Result<FirstKnowledge> {
        let FirstCounts { settings, corpus, words, shingles, lines, .. } = self;
        let shingles = count(Hashes::Shingles, shingles)?;
        let lines = LineCounts::of(count(Hashes::Lines, lines.into_gathered())?);
        Ok(FirstKnowledge { settings, corpus, words, shingles, lines })
    }

    /// Returns about how many bytes of memory the hashes take that [`FirstCounts::take`] returns.
    pub fn bytes(&self) -> usize {
        self.shingles.bytes() + self.lines.gathered().bytes()
    }

    /// Returns the hashes that are still to be counted, and keeps none: for an engine that puts them into files.
    pub fn take(&mut self) -> [(Hashes, Gathered); 2] {
        let (shingles, lines) = (std::mem::take(&mut self.shingles), std::mem::take(&mut self.lines));
        [(Hashes::Shingles, shingles), (Hashes::Lines, lines.into_gathered())]
    }

    /// Returns about how many bytes of memory the counts of words take that [`FirstCounts::take_words`] returns.
    pub fn word_bytes(&self) -> usize {
        self.words.bytes()
    }

    /// Returns the counts of words, and keeps none: for an engine that adds them up in files, and gives the knowledge its weights
    /// by [`Knowledge::reweigh`](super::Knowledge::reweigh).
    pub fn take_words(&mut self) -> Survey {
        std::mem::take(&mut self.words)
    }

    /// Returns the counts as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::to_bytes(COUNTS, VERSION, self)
    }

    /// Reads counts that were written by [`FirstCounts::to_bytes`].
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        encoding::from_bytes(COUNTS, VERSION, bytes)
    }
}

impl FirstKnowledge {
    /// Replaces the counts of [hashes](FirstCounts::take), in the order of these, and returns those that were there: see
    /// [`Knowledge::recount`](super::Knowledge::recount).
    pub fn recount(&mut self, [shingles, lines]: [HashCounts; 2]) -> [HashCounts; 2] {
        let lines = std::mem::replace(&mut self.lines, LineCounts::of(lines)).into_counts();
        [std::mem::replace(&mut self.shingles, shingles), lines]
    }

    /// Returns the parameters that the documents were counted with.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Returns it as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::to_bytes(KNOWLEDGE, VERSION, self)
    }

    /// Reads what was written by [`FirstKnowledge::to_bytes`].
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        encoding::from_bytes(KNOWLEDGE, VERSION, bytes)
    }
}
