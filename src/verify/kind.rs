//! Kinds of matches, and the types that verification takes and returns.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::measure::{Measures, Profile};
use super::names::Name;
use super::substitutions::Substitutions;
use crate::token::Word;
use crate::{DocumentId, Grain, UnitId};

/// Kind of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Both texts have the same words.
    Exact,
    /// One text is the other with small changes, another lead or a cut.
    Near,
    /// One text is contained in the other.
    Excerpt,
    /// Both texts make the same statements in different words.
    Reworded,
    /// Both texts have the same frame with different facts: no duplicate, however alike.
    Template,
}

impl Kind {
    /// Every kind, the closest first.
    pub const ALL: [Kind; 5] = [Kind::Exact, Kind::Near, Kind::Excerpt, Kind::Reworded, Kind::Template];

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

/// The distance of a match from a copy; each level includes those before.
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
    /// The capitalised words among them, in order. Their places are counted from `first`.
    pub names: &'a [Name],
    /// The place of the first word.
    pub first: u32,
    /// The sets.
    pub profile: Profile<'a>,
    /// The words of the document's title; empty if it has none, and for pieces of documents.
    pub title: &'a [Word],
    /// The document that it is, or is a piece of.
    pub document: DocumentId,
    /// Its size.
    pub grain: Grain,
    /// The document's source, as a hash; `None` if it is not known.
    pub source: Option<u64>,
}

impl Text<'_> {
    /// The word that a name of the text is.
    pub(super) fn word_of(&self, name: &Name) -> Word {
        self.words[(name.at - self.first) as usize]
    }
}

/// Evidence for and against a match, from the word order of the texts and from the titles, beyond the [`Measures`] of sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The number of words of the shorter text that the longer leaves unexplained: they are in no run of two or more
    /// that both have.
    pub unexplained: u32,
    /// The share of the shorter text's words in clauses that both have.
    pub clauses: f32,
    /// The share of the words of the two titles that the other item has too, 0 to 1.
    pub titles: f32,
    /// All of it in one number, see [`Thresholds::copy_evidence`](super::Thresholds::copy_evidence).
    pub total: f32,
}

/// The rule that decided that a pair is a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The words are the same, in the same order.
    SameWords,
    /// Nearly all of the shorter text is in the longer word for word.
    SharedText,
    /// They share clauses.
    SharedClauses,
    /// They say the same in words of the same weight.
    SameStatement,
    /// Their titles state other facts.
    TitleFacts,
    /// Their titles name different things, and their texts do so too.
    TitleNames,
    /// Their texts state other numbers or dates.
    TextFacts,
    /// Their texts name others in the same places.
    TextNames,
}

impl Rule {
    /// Returns what it says, for a person.
    pub fn text(self) -> &'static str {
        match self {
            Rule::SameWords => "the words are the same",
            Rule::SharedText => "nearly all of the shorter text is in the longer, word for word",
            Rule::SharedClauses => "they share clauses",
            Rule::SameStatement => "they say the same in other words",
            Rule::TitleFacts => "the titles of one source state other facts",
            Rule::TitleNames => "the titles name different things, and so do the texts",
            Rule::TextFacts => "the texts state other numbers or dates",
            Rule::TextNames => "the texts name others in the same places",
        }
    }
}

/// Why a pair is no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// One of the texts has no body.
    Empty,
    /// They share too little.
    TooLittle,
    /// They share much, and the shorter leaves too much unexplained: reports with common background.
    Unexplained,
    /// One source has them under titles that have nothing in common, so that they are different items, or one notice in
    /// place of several.
    TitlesDiffer,
    /// Their words are not exactly the same, and nothing else was asked for.
    NotExact,
}

impl Refusal {
    /// Returns what it says, for a person.
    pub fn text(self) -> &'static str {
        match self {
            Refusal::Empty => "one of the two has no body text",
            Refusal::TooLittle => "they share too little",
            Refusal::Unexplained => "the shorter says too much that the longer does not say",
            Refusal::TitlesDiffer => "one source has them under titles that have nothing in common",
            Refusal::NotExact => "the words are not the same",
        }
    }
}

/// Result of verifying a pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// Kind of the match.
    pub kind: Kind,
    /// The measures on the sets.
    pub measures: Measures,
    /// The share of the shorter text's words that stand in the other in the same order.
    pub aligned: f32,
    /// The confidence: the measure that decided, 0 to 1.
    pub score: f32,
    /// Further evidence for the match.
    pub evidence: Evidence,
    /// The rule that decided.
    pub rule: Rule,
    /// Whether a rewording rests on its words alone, without titles, so that it must be the best that either text has.
    pub statement: bool,
}

impl Verified {
    /// Returns how alike the statements of the two texts are; 0 for templates, which state other things.
    pub fn says_alike(&self) -> f32 {
        if self.kind == Kind::Template { 0.0 } else { self.measures.weighted_jaccard }
    }

    /// Returns whether the match stands beside the other matches of its texts. A rewording that rests on its words alone must
    /// come close to the best match that one of its texts has: of many texts on a subject, the one that says the same is the
    /// one that stands out. `best` has, for each of the two texts, the most of [`Verified::says_alike`] of all of its matches;
    /// `share` is [`Thresholds::statement_best`](super::Thresholds::statement_best).
    pub fn stands(&self, best: [f32; 2], share: f32) -> bool {
        !self.statement || self.measures.weighted_jaccard >= share * best[0].min(best[1])
    }
}

/// A match with the counts that helped to decide it. Millions of matches are held, and nobody asks for these again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The result.
    pub verified: Verified,
    /// The numbers and dates that both state, and those that they change.
    pub facts: Facts,
    /// The names that both have, and those that they change.
    pub names: Substitutions,
}

/// A match of two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// The unit that ranks first of the two.
    pub a: UnitId,
    /// The other.
    pub b: UnitId,
    /// The result of verification.
    pub verified: Verified,
    /// Index of the cluster that holds both, the one as its representative; none if they match across clusters.
    pub cluster: Option<u32>,
}
