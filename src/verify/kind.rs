//! What a match is, and what is compared for it.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::measure::{Measures, Profile};
use crate::Grain;
use crate::token::Word;

/// What a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The same words.
    Exact,
    /// The same text with small changes, another lead or a cut.
    Near,
    /// One text stands within the other.
    Excerpt,
    /// The same statements in other words.
    Reworded,
    /// The same frame with other facts: no duplicate, however alike.
    Template,
}

impl Kind {
    /// Its name in options and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Near => "near",
            Kind::Excerpt => "excerpt",
            Kind::Reworded => "reworded",
            Kind::Template => "template",
        }
    }
}

/// How far a match may be from a copy; each level includes those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Equal words only.
    Exact,
    /// Copies: near duplicates and excerpts.
    Near,
    /// Rewordings too.
    Reworded,
}

/// A text to compare: its words in order and its profile.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Body words in order.
    pub words: &'a [Word],
    /// The sets.
    pub profile: &'a Profile,
    /// The words of the document's title; empty if it has none, and for pieces of documents.
    pub title: &'a [Word],
    /// Which document it is or is a piece of.
    pub document: u32,
    /// Its size.
    pub grain: Grain,
    /// The document's source, as a hash; `None` if it is not known.
    pub source: Option<u64>,
}

/// What verification found out about a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verified {
    /// What the match is.
    pub kind: Kind,
    /// The measures on the sets.
    pub measures: Measures,
    /// The share of the shorter text's words that stand in the other in the same order.
    pub aligned: f32,
    /// How sure: what decided, 0 to 1.
    pub score: f32,
    /// What the two texts tell of themselves.
    pub facts: Facts,
    /// Whether a rewording rests on its words alone, so that it must be the best that either text has.
    pub statement: bool,
}

/// A match of two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Index of the unit that ranks first of the two.
    pub a: u32,
    /// Index of the other.
    pub b: u32,
    /// What verification found.
    pub verified: Verified,
    /// Index of the cluster that holds both, the one as its representative; none if they match across clusters.
    pub cluster: Option<u32>,
}
