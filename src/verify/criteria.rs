//! The thresholds that a pair is held against, one by one, for people.

use serde::Serialize;

use super::kind::Evidence;
use super::measure::Measures;
use super::thresholds::Thresholds;
use super::titles::USUAL_SUPPORT;

/// A way in which two texts can match. Each has thresholds of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Copies: near duplicates and excerpts.
    Copy,
    /// Rewordings that share clauses.
    Clauses,
    /// Rewordings that say the same in words of the same weight.
    Statement,
}

/// A threshold of [`Thresholds`] held against a pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Criterion {
    /// The name of the threshold: a field of [`Thresholds`].
    pub threshold: &'static str,
    /// The measure, in a few words.
    pub title: &'static str,
    /// The measured value.
    pub measured: f32,
    /// The least value that passes, or the greatest if `at_most`.
    pub limit: f32,
    /// Whether the limit is the greatest value that passes.
    pub at_most: bool,
}

impl Criterion {
    /// Returns whether the pair passes.
    pub fn is_met(&self) -> bool {
        if self.at_most { self.measured <= self.limit } else { self.measured >= self.limit }
    }

    /// Returns by how much the pair misses the limit, as a share of the limit; 0 if it passes.
    pub fn shortfall(&self) -> f32 {
        let by = if self.at_most { self.measured - self.limit } else { self.limit - self.measured };
        if self.is_met() { 0.0 } else { by / self.limit.abs().max(f32::MIN_POSITIVE) }
    }
}

/// The facts about a pair that [`Thresholds::criteria`] needs besides its measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circumstances {
    /// Body words of the shorter text.
    pub shorter_words: u32,
    /// Whether both texts are of one source, or none has a known source.
    pub same_source: bool,
    /// Whether both are pieces of one document.
    pub same_document: bool,
    /// Whether both are known to have titles.
    pub titled: bool,
}

impl Thresholds {
    /// Returns the thresholds for one way of matching, each with what was measured of a pair.
    pub fn criteria(
        &self,
        way: Way,
        measures: &Measures,
        evidence: &Evidence,
        circumstances: Circumstances,
    ) -> Vec<Criterion> {
        let Circumstances { shorter_words, same_source, same_document, titled } = circumstances;
        let at_least =
            |threshold, title, measured, limit| Criterion { threshold, title, measured, limit, at_most: false };
        let at_most =
            |threshold, title, measured, limit| Criterion { threshold, title, measured, limit, at_most: true };
        let support = if same_source { evidence.titles.min(USUAL_SUPPORT) } else { evidence.titles };
        let (mass, shingles) = self.least_shared(support);
        let relief = self.relief(support);
        let unexplained = evidence.unexplained as f32;
        let weight = measures.weighted_containment;
        let beyond = weight - measures.containment;
        let shared = [
            at_least("copy_mass", "weight of the shared words", measures.shared_mass, mass),
            at_least("copy_least_shingles", "shared shingles", measures.shared_shingles as f32, shingles as f32),
        ];
        let explained = || {
            let background =
                at_least("reworded_beyond_background", "beyond background", beyond, self.reworded_beyond_background);
            let limit = self.copy_unexplained as f32;
            let few = at_most("copy_unexplained", "unexplained words", unexplained, limit);
            // One of the two is enough.
            if few.is_met() || !background.is_met() { few } else { background }
        };
        let evidence_reworded =
            at_least("reworded_evidence", "evidence in all", evidence.total, self.reworded_evidence);
        match way {
            Way::Copy => shared
                .into_iter()
                .chain([
                    at_least("copy_weight", "shared share of the weight", weight, self.copy_weight),
                    at_least("copy_shingles", "shared share of the shingles", measures.containment, self.copy_shingles),
                    at_least("copy_evidence", "evidence in all", evidence.total, self.copy_evidence),
                    at_most("copy_unexplained", "unexplained words", unexplained, self.copy_unexplained as f32),
                    at_most(
                        "copy_unexplained_share",
                        "unexplained share of the words",
                        unexplained / shorter_words.max(1) as f32,
                        self.copy_unexplained_share,
                    ),
                ])
                .collect(),
            Way::Clauses => shared
                .into_iter()
                .chain([
                    at_least("reworded_weight", "shared share of the weight", weight, self.reworded_weight - relief),
                    evidence_reworded,
                    at_least(
                        "reworded_clauses",
                        "words in shared clauses",
                        evidence.clauses,
                        self.reworded_clauses - relief,
                    ),
                    explained(),
                ])
                .collect(),
            Way::Statement => {
                let (name, limit) = match same_document {
                    true => ("statement_weight_within", self.statement_weight_within),
                    false => ("statement_weight", self.statement_weight),
                };
                let mut criteria = vec![
                    at_least(name, "shared share of the weight of both", measures.weighted_jaccard, limit),
                    at_least("statement_beyond_quotes", "beyond quotations", beyond, self.statement_beyond_quotes),
                    at_least("statement_mass", "weight of the shared words", measures.shared_mass, self.statement_mass),
                    at_least("statement_clauses", "words in shared clauses", evidence.clauses, self.statement_clauses),
                    explained(),
                ];
                criteria.extend((titled && !same_document).then_some(evidence_reworded));
                criteria
            }
        }
    }

    /// Returns thresholds that are all less strict by a share of themselves, such as 0.1: pairs that match by these and not by
    /// the own ones are near misses.
    pub fn relaxed(&self, share: f32) -> Thresholds {
        let (less, more) = (1.0 - share, 1.0 + share);
        let count = |n: u32| (n as f32 * more).ceil() as u32;
        Thresholds {
            copy_evidence: self.copy_evidence * less,
            copy_unexplained: count(self.copy_unexplained),
            copy_unexplained_share: self.copy_unexplained_share * more,
            copy_weight: self.copy_weight * less,
            copy_shingles: self.copy_shingles * less,
            copy_mass: self.copy_mass * less,
            copy_least_shingles: (self.copy_least_shingles as f32 * less).floor() as u32,
            same_source_unexplained: count(self.same_source_unexplained),
            same_source_unexplained_share: self.same_source_unexplained_share * more,
            reworded_evidence: self.reworded_evidence * less,
            reworded_weight: self.reworded_weight * less,
            reworded_clauses: self.reworded_clauses * less,
            reworded_beyond_background: self.reworded_beyond_background * less,
            statement_weight: self.statement_weight * less,
            statement_weight_within: self.statement_weight_within * less,
            statement_beyond_quotes: self.statement_beyond_quotes * less,
            statement_mass: self.statement_mass * less,
            statement_clauses: self.statement_clauses * less,
            statement_best: self.statement_best * less,
            ..*self
        }
    }
}
