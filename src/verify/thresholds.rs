//! The thresholds of verification, and which of them a pair passes.

use serde::{Deserialize, Serialize};

use super::kind::{Level, Text};
use super::measure::Measures;

/// The thresholds of verification. Shares lie in 0 to 1, masses are counted in rare words: a word's weight is its inverse
/// document frequency as a share of what the rarest word has.
///
/// The signs of a copy or a rewording are summed up as its *evidence*: the mean of the shares of the shorter text's
/// shingles and words that both have (words in clauses), plus `evidence_mass` times the logarithm of the shared mass, plus
/// `evidence_titles` times the share of what the titles say that the other item says too (0.6 where there are no titles).
/// So a long text needs to share less of itself than a short one, and one whose title agrees less than one whose title
/// does not. The weights and the threshold are those of a logistic regression on labelled feed items.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Copies have at least this much evidence …
    pub copy_evidence: f32,
    /// … and the longer leaves at most this many words of the shorter unexplained: those in no run of two or more that both
    /// have. Of labelled copies it leaves 0 to 25, of reports with common background 30 to 160 …
    pub copy_unexplained: u32,
    /// … and at most this share of the words of the shorter …
    pub copy_unexplained_share: f32,
    /// … they share at least this much of the weight of the words of the text that says less …
    pub copy_weight: f32,
    /// … and this much of its shingles …
    pub copy_shingles: f32,
    /// … and words that together weigh this much …
    pub copy_mass: f32,
    /// … and so many shingles that are no stock phrases, so that a name and a title of office are not enough.
    pub copy_least_shingles: u32,
    /// Titles agree if this much of what they say is said by the other item too. Copies then share half of `copy_mass` and
    /// `copy_least_shingles`.
    pub titles_agree: f32,
    /// The weight of the logarithm of the shared mass in the evidence.
    pub evidence_mass: f32,
    /// The evidence that titles which agree in full add.
    pub evidence_titles: f32,
    /// Two items of one source whose titles share less than this much of the shorter, in order, are different items …
    pub same_source_title: f32,
    /// … unless the words they share weigh this much.
    pub same_source_mass: f32,
    /// Two items of one source under different titles are copies only if at most this many words of the shorter are
    /// unexplained …
    pub same_source_unexplained: u32,
    /// … and, if each title names what the other item has nowhere, at most this share of its words.
    pub same_source_unexplained_share: f32,
    /// One source's texts of less than this mass under such titles are notices in place of a text …
    pub notice_mass: f32,
    /// … or of less than this mass, if the titles have nothing to do with the texts either.
    pub strange_notice_mass: f32,
    /// A copy of less than this share of the other's words is an excerpt of it, and so is one that has more than
    /// `copy_unexplained` words less: a text must not give way to one that says less.
    pub excerpt_length: f32,
    /// Rewordings of cut texts have at least this much evidence …
    pub reworded_evidence: f32,
    /// … and share at least this much of the weight of the words of the text that says less …
    pub reworded_weight: f32,
    /// … and this much of its words in clauses …
    pub reworded_clauses: f32,
    /// … both less by this much where the titles say the same …
    pub reworded_relief: f32,
    /// … which they do if this much of what they say is said by the other item too.
    pub titles_same: f32,
    /// Least by which rewordings share more of the weight than of the shingles if more than `copy_unexplained` words are
    /// unexplained: the rest must say the same in other words, and not be other news over common background.
    pub reworded_beyond_background: f32,
    /// Rewordings of whole statements, of which none is cut off, share at least this much of all the weight of both …
    pub statement_weight: f32,
    /// … or this much if they stand in one document, where few others could be meant …
    pub statement_weight_within: f32,
    /// … and so much more of the weight than of the shingles of the text that says less, so that it is no quotation …
    pub statement_beyond_quotes: f32,
    /// … and words that together weigh this much …
    pub statement_mass: f32,
    /// … and this much of the words of the shorter in clauses …
    pub statement_clauses: f32,
    /// … and score at least this share of the best match of one of the two.
    pub statement_best: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            copy_evidence: 1.4,
            copy_unexplained: 26,
            copy_unexplained_share: 0.4,
            copy_weight: 0.5,
            copy_shingles: 0.4,
            copy_mass: 3.5,
            copy_least_shingles: 7,
            titles_agree: 0.75,
            evidence_mass: 0.22,
            evidence_titles: 0.4,
            same_source_title: 0.5,
            same_source_mass: 5.0,
            same_source_unexplained: 12,
            same_source_unexplained_share: 0.15,
            notice_mass: 12.0,
            strange_notice_mass: 40.0,
            excerpt_length: 0.75,
            reworded_evidence: 1.12,
            reworded_weight: 0.5,
            reworded_clauses: 0.42,
            reworded_relief: 0.1,
            titles_same: 0.9,
            reworded_beyond_background: 0.3,
            statement_weight: 0.28,
            statement_weight_within: 0.23,
            statement_beyond_quotes: 0.1,
            statement_mass: 1.5,
            statement_clauses: 0.2,
            statement_best: 0.9,
        }
    }
}

impl Thresholds {
    /// Returns the share of the weight of both texts that a rewording must share if it rests on its words alone.
    fn statement(&self, a: &Text, b: &Text) -> f32 {
        match a.document == b.document {
            true => self.statement_weight_within,
            false if may_be_statements(a, b) => self.statement_weight,
            false => f32::INFINITY,
        }
    }

    /// Whether so many words of a shorter text of `words` words may be unexplained in a copy.
    pub(super) fn explains(&self, unexplained: u32, words: usize) -> bool {
        unexplained <= self.copy_unexplained && unexplained as f32 <= self.copy_unexplained_share * words as f32
    }

    /// The amount by which rewordings under such titles need to share less.
    pub(super) fn relief(&self, titles: f32) -> f32 {
        if titles >= self.titles_same { self.reworded_relief } else { 0.0 }
    }

    /// Returns how much weight, and how many shingles, copies under such titles share at least.
    pub(super) fn least_shared(&self, titles: f32) -> (f32, u32) {
        match titles >= self.titles_agree {
            true => (self.copy_mass / 2.0, self.copy_least_shingles / 2),
            false => (self.copy_mass, self.copy_least_shingles),
        }
    }

    /// Returns what the sets of two texts allow, given how far their titles agree.
    pub(super) fn lines(&self, measures: &Measures, titles: f32, (a, b): (&Text, &Text), level: Level) -> Lines {
        let (least_mass, least_shingles) = self.least_shared(titles);
        let enough = measures.shared_mass >= least_mass && measures.shared_shingles >= least_shingles;
        let reworded = level == Level::Reworded && measures.shared_mass >= self.statement_mass;
        // Where nearly all that is shared is shared word for word, it is a passage that both quote and no rewording.
        let quoted = measures.weighted_containment < measures.containment + self.statement_beyond_quotes;
        // With all words in clauses it is as much as it can be.
        let most = self.evidence(measures, 1.0, titles);
        Lines {
            copy: level != Level::Exact
                && enough
                && measures.weighted_containment >= self.copy_weight
                && measures.containment >= self.copy_shingles
                && most >= self.copy_evidence,
            cut: reworded
                && enough
                && measures.weighted_containment >= self.reworded_weight - self.relief(titles)
                && most >= self.reworded_evidence,
            statement: reworded && measures.weighted_jaccard >= self.statement(a, b) && !quoted,
        }
    }

    /// Sums up what speaks for a pair.
    pub(super) fn evidence(&self, measures: &Measures, clauses: f32, titles: f32) -> f32 {
        let shared = (measures.containment + clauses) / 2.0;
        shared + self.evidence_mass * measures.shared_mass.max(1.0).ln() + self.evidence_titles * titles
    }
}

/// Whether two texts may be rewordings that rest on their words alone. A text of another document that is cut off cannot be one:
/// it is not known to be whole.
pub(super) fn may_be_statements(a: &Text, b: &Text) -> bool {
    a.document == b.document || !a.profile.cut_off && !b.profile.cut_off
}

/// The kinds of match that the sets of two texts allow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    pub copy: bool,
    pub cut: bool,
    pub statement: bool,
}

impl Lines {
    pub fn any(self) -> bool {
        self.copy || self.cut || self.statement
    }
}
