//! The thresholds of verification, and which of them a pair passes.

use serde::{Deserialize, Serialize};

use super::kind::{Level, Text};
use super::measure::Measures;
use super::titles::Titles;

/// Where verification draws its lines. Shares lie in 0 to 1, masses are counted in rare words: a word's weight is
/// its inverse document frequency as a share of what the rarest word has.
///
/// The less the smaller of two texts says, the more of it must be shared: each line rises by its part of `short_rise`
/// while the smaller mass falls from `full_mass` to `short_mass`. Where the titles of two sources agree, that is evidence
/// too, and the lines for weight, shingles and order fall by `title_credit`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Copies share at least this much of the weight of the words of the text that says less …
    pub copy_weight: f32,
    /// … and this much of its shingles …
    pub copy_shingles: f32,
    /// … and words that together weigh this much …
    pub copy_mass: f32,
    /// … and so many shingles that are no stock phrases, so that a name and a title of office are not enough.
    pub copy_least_shingles: u32,
    /// From this mass on a text is as good as any.
    pub full_mass: f32,
    /// At this mass and below, a text is short.
    pub short_mass: f32,
    /// How much more of the weight, and half as much again of the shingles, of a short text must be shared.
    pub short_rise: f32,
    /// How much less need be shared where the titles of two sources agree.
    pub title_credit: f32,
    /// Two items of one source whose titles share less than this much of the shorter, in order, are different items …
    pub same_source_title: f32,
    /// … unless the words they share weigh this much.
    pub same_source_mass: f32,
    /// A copy of less than this share of the other's words is an excerpt of it.
    pub excerpt_length: f32,
    /// Rewordings of cut texts share at least this much of the weight of the words of the text that says less …
    pub reworded_weight: f32,
    /// … of its shingles …
    pub reworded_shingles: f32,
    /// … and of its words in order.
    pub reworded_aligned: f32,
    /// Rewordings of whole statements share at least this much of all the weight of both …
    pub statement_weight: f32,
    /// … or this much if they stand in one document, where few others could be meant …
    pub statement_weight_within: f32,
    /// … or this much if one of them is cut off, so that it is not known to be whole …
    pub statement_weight_cut: f32,
    /// … and so much more of the weight than of the shingles of the text that says less, so that it is no quotation …
    pub statement_beyond_quotes: f32,
    /// … and words that together weigh this much …
    pub statement_mass: f32,
    /// … and score at least this share of the best match of one of the two.
    pub statement_best: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            copy_weight: 0.72,
            copy_shingles: 0.45,
            copy_mass: 4.0,
            copy_least_shingles: 8,
            full_mass: 12.0,
            short_mass: 6.0,
            short_rise: 0.13,
            title_credit: 0.12,
            same_source_title: 0.5,
            same_source_mass: 6.0,
            excerpt_length: 0.6,
            reworded_weight: 0.6,
            reworded_shingles: 0.3,
            reworded_aligned: 0.5,
            statement_weight: 0.28,
            statement_weight_within: 0.23,
            statement_weight_cut: 0.36,
            statement_beyond_quotes: 0.1,
            statement_mass: 1.5,
            statement_best: 0.9,
        }
    }
}

impl Thresholds {
    /// What a rewording that rests on its words must share of all the weight.
    pub(super) fn statement(&self, a: &Text, b: &Text) -> f32 {
        match (a.document == b.document, a.profile.cut_off || b.profile.cut_off) {
            (true, _) => self.statement_weight_within,
            (false, true) => self.statement_weight_cut,
            (false, false) => self.statement_weight,
        }
    }

    /// How far the lines for weight and for shingles move for a pair: up for a short text, down where titles agree.
    pub(super) fn shift(&self, least_mass: f32, titles: Titles) -> Shift {
        let short = ((self.full_mass - least_mass) / (self.full_mass - self.short_mass)).clamp(0.0, 1.0);
        let credit = if titles == Titles::Agree { self.title_credit } else { 0.0 };
        let rise = short * self.short_rise;
        Shift { weight: rise - credit, shingles: rise * 1.5 - credit }
    }

    /// Which lines a pair is beyond that are `shift`ed so, with the line for `statement`s.
    pub(super) fn lines(&self, measures: &Measures, shift: Shift, statement: f32, level: Level) -> Lines {
        let reworded = level == Level::Reworded && measures.shared_mass >= self.statement_mass;
        let cut = measures.shared_mass >= self.copy_mass
            && measures.shared_shingles >= self.copy_least_shingles
            && measures.weighted_containment >= self.reworded_weight + shift.weight
            && measures.containment >= self.reworded_shingles + shift.shingles;
        // Where nearly all that is shared is shared word for word, it is a passage that both quote and no rewording.
        let quoted = measures.weighted_containment < measures.containment + self.statement_beyond_quotes;
        Lines {
            copy: level != Level::Exact && measures.is_copy(self, shift),
            cut: reworded && cut,
            statement: reworded && measures.weighted_jaccard >= statement && !quoted,
        }
    }
}

/// How far the lines for weight and for shingles move for a pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    pub weight: f32,
    pub shingles: f32,
}

/// Which lines a pair is beyond.
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

impl Measures {
    /// Whether they are those of copies.
    pub(super) fn is_copy(&self, limits: &Thresholds, shift: Shift) -> bool {
        self.shared_mass >= limits.copy_mass
            && self.shared_shingles >= limits.copy_least_shingles
            && self.weighted_containment >= limits.copy_weight + shift.weight
            && self.containment >= limits.copy_shingles + shift.shingles
    }
}
