//! The second round: in how many documents that are otherwise different frequent phrases and lines occur.

use serde::{Deserialize, Serialize};

use super::{FirstKnowledge, Groups, Knowledge, Settings, Shingles, VERSION};
use crate::boilerplate::{LineSurvey, Lines, Recurring};
use crate::segment::Cut;
use crate::survey::SmallCounts;
use crate::{Document, Error, Result, encoding};

/// The sums of the second round over some documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SecondCounts {
    settings: Settings,
    /// The sum of the keys of the texts: distinguishes corpora.
    corpus: u64,
    recurring: Recurring,
    lines: Lines,
    /// The shingles of the document that is being counted: a buffer.
    #[serde(skip)]
    shingles: Shingles,
}

/// The name of the byte form.
const COUNTS: &str = "counts of the second round";

impl SecondCounts {
    /// Returns the counts of no documents.
    pub fn new(settings: Settings) -> Self {
        let (recurring, lines) = (Recurring::default(), Lines::default());
        SecondCounts { settings, corpus: 0, recurring, lines, shingles: Shingles::default() }
    }

    /// Counts a document, which comes with its cut. [`Groups::is_counted`] says whether it is the one that is counted of the
    /// documents with its text; the others are to be observed as well.
    ///
    /// Returns in how many documents its shingles occur, token by token: for [`Shingles::recount`], which takes a look at
    /// them again without looking them up.
    pub fn observe(&mut self, first: &FirstKnowledge, document: &Document, cut: &Cut, is_counted: bool) -> &Shingles {
        self.observe_keyed(first, (super::source(document), super::text(document)), cut, is_counted)
    }

    /// Counts a document as [`SecondCounts::observe`] does, given the keys of its [source](super::source) and its
    /// [text](super::text), for an engine that holds these and the cut.
    pub fn observe_keyed(
        &mut self,
        first: &FirstKnowledge,
        keys: (u64, u64),
        cut: &Cut,
        is_counted: bool,
    ) -> &Shingles {
        self.observe_counted(first, keys, cut, is_counted, |shingle| first.shingles.get(shingle))
    }

    /// Counts a document as [`SecondCounts::observe_keyed`] does, for an engine that counts shingles itself: `count` is called with
    /// each shingle that [`FirstCounts::observe_but_shingles`](super::FirstCounts::observe_but_shingles) handed over of the
    /// document, in the same order, and returns how often it occurs: 1 for once, 255 for that and more.
    pub fn observe_counted(
        &mut self,
        first: &FirstKnowledge,
        (source, text): (u64, u64),
        cut: &Cut,
        is_counted: bool,
        count: impl FnMut(u64) -> u8,
    ) -> &Shingles {
        self.corpus = self.corpus.wrapping_add(text);
        self.shingles.count(cut, first.settings.shingle, count);
        if is_counted && self.settings.set_aside {
            let paragraphs = cut.paragraphs.iter().map(|paragraph| self.shingles.of_paragraph(paragraph));
            if self.recurring.observe(source, paragraphs) {
                self.lines.observe(source, cut, &first.lines);
            }
        }
        &self.shingles
    }

    /// Adds the counts of other documents.
    ///
    /// # Errors
    /// If they were made with other parameters.
    pub fn merge(&mut self, other: SecondCounts) -> Result<()> {
        self.settings.refuse_other(other.settings)?;
        self.corpus = self.corpus.wrapping_add(other.corpus);
        self.recurring.merge(other.recurring);
        self.lines.merge(other.lines);
        Ok(())
    }

    /// Returns about how many bytes of memory the counts take that [`SecondCounts::take`] returns.
    pub fn bytes(&self) -> usize {
        self.recurring.bytes()
    }

    /// Returns the counts of phrases, of one source and of any, and keeps none: for an engine that adds them up in files.
    pub fn take(&mut self) -> [SmallCounts; 2] {
        std::mem::take(&mut self.recurring).into_counts()
    }

    /// Takes in the sums of all counts that [`SecondCounts::take`] returned, in the order of these. Sums below
    /// [`SecondCounts::LEAST`] may be left out.
    pub fn put(&mut self, sums: [SmallCounts; 2]) {
        self.recurring = Recurring::of(sums);
    }

    /// The smallest sums of what [`SecondCounts::take`] returns that are kept.
    pub const LEAST: [u8; 2] = Recurring::LEAST;

    /// Forgets what occurs in too few documents, once every document is counted: [`SecondCounts::know`] gives the same.
    pub fn shrink(&mut self) {
        self.lines.shrink();
        self.recurring.shrink();
    }

    /// Returns all that is known of the corpus, once every document is counted in both rounds.
    ///
    /// # Errors
    /// If the two rounds counted other documents, or counted with other parameters.
    pub fn know(mut self, first: FirstKnowledge, groups: Groups) -> Result<Knowledge> {
        self.shrink();
        let SecondCounts { settings, corpus, recurring, lines, .. } = self;
        first.settings.refuse_other(settings)?;
        if first.corpus != corpus {
            let message =
                "the second round counted other documents than the first: count each document once in each round";
            return Err(Error::Usage(message.to_owned()));
        }
        let weights = first.words.weights();
        let lines = LineSurvey { counts: first.lines, lines };
        Ok(Knowledge { settings, weights, shingles: first.shingles, recurring, lines, groups, of_sample: false })
    }

    /// Returns the counts as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::to_bytes(COUNTS, VERSION, self)
    }

    /// Reads counts that were written by [`SecondCounts::to_bytes`].
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        encoding::from_bytes(COUNTS, VERSION, bytes)
    }
}
