//! The kind of a match: where the lines are drawn.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::align::{Alignment, align};
use super::measure::{Measures, Profile, measure};
use crate::hash::HashedMap;
use crate::token::{Word, word};

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

/// Where verification draws its lines. Shares lie in 0 to 1, masses are in nats of inverse document frequency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Copies share at least this much of the weight of the words of the text that says less …
    pub copy_weight: f32,
    /// … and this much of its shingles …
    pub copy_shingles: f32,
    /// … and words that together weigh this much, so that a stock phrase is not enough.
    pub copy_mass: f32,
    /// A copy of less than this share of the other's words is an excerpt of it.
    pub excerpt_length: f32,
    /// Rewordings of cut texts share at least this much of the shingles of the shorter …
    pub reworded_shingles: f32,
    /// … of the weight of its words …
    pub reworded_weight: f32,
    /// … and of its words in order.
    pub reworded_aligned: f32,
    /// Rewordings of whole statements share at least this much of all the weight of both …
    pub statement_weight: f32,
    /// … and words that together weigh this much …
    pub statement_mass: f32,
    /// … and neither has a rewording that is better by more than this.
    pub statement_best: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            copy_weight: 0.72,
            copy_shingles: 0.45,
            copy_mass: 30.0,
            excerpt_length: 0.6,
            reworded_shingles: 0.3,
            reworded_weight: 0.6,
            reworded_aligned: 0.5,
            statement_weight: 0.34,
            statement_mass: 15.0,
            statement_best: 0.8,
        }
    }
}

/// A text to compare: its words in order and its profile.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Body words in order.
    pub words: &'a [Word],
    /// The sets.
    pub profile: &'a Profile,
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

/// Facts at the same places of two aligned texts: numbers, and names of days and months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Facts that both state.
    pub kept: u32,
    /// Places where the one states facts and the other states others instead.
    pub changed: u32,
}

/// Decides what a pair is. `None`: no match.
pub fn verify(a: Text, b: Text, level: Level, limits: &Thresholds) -> Option<Verified> {
    if a.words.is_empty() || b.words.is_empty() {
        return None;
    }
    let measures = measure(a.profile, b.profile);
    if a.words == b.words {
        let measures = Measures { jaccard: 1.0, containment: 1.0, ..measures };
        return Some(Verified { kind: Kind::Exact, measures, aligned: 1.0, score: 1.0, facts: Facts::default(), statement: false });
    }
    if level == Level::Exact {
        return None;
    }
    let copy = measures.weighted_containment >= limits.copy_weight
        && measures.containment >= limits.copy_shingles
        && measures.shared_mass >= limits.copy_mass;
    let cut = measures.weighted_containment >= limits.reworded_weight
        && measures.containment >= limits.reworded_shingles
        && measures.shared_mass >= limits.copy_mass;
    let statement =
        measures.weighted_jaccard >= limits.statement_weight && measures.shared_mass >= limits.statement_mass;
    if !(copy || level == Level::Reworded && (cut || statement)) {
        return None;
    }
    let alignment = align(a.words, b.words);
    let shorter = a.words.len().min(b.words.len()) as f32;
    let longer = a.words.len().max(b.words.len()) as f32;
    let aligned = alignment.common as f32 / shorter;
    let facts = facts(a.words, b.words, &alignment);
    let kind = if facts.changed > facts.kept {
        Kind::Template
    } else if copy {
        if shorter < limits.excerpt_length * longer { Kind::Excerpt } else { Kind::Near }
    } else if statement || aligned >= limits.reworded_aligned {
        Kind::Reworded
    } else {
        return None;
    };
    let score = if kind == Kind::Reworded { measures.weighted_jaccard } else { measures.weighted_containment };
    Some(Verified { kind, measures, aligned, score, facts, statement: kind == Kind::Reworded && !cut })
}

/// Names of days and months in many languages.
static CALENDAR: LazyLock<HashedMap<()>> = LazyLock::new(|| {
    let lines = include_str!("../boilerplate/data/months.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| word(line.split_once('\t')?.1)).map(|word| (word.0, ())).collect()
});

fn is_fact(word: Word) -> bool {
    word.is_number() || CALENDAR.contains_key(&word.0)
}

/// Compares the facts of two aligned texts.
fn facts(a: &[Word], b: &[Word], alignment: &Alignment) -> Facts {
    let count = |words: &[Word]| words.iter().filter(|&&word| is_fact(word)).count() as u32;
    let mut changed = 0;
    let mut outside = count(a);
    for gap in &alignment.gaps {
        let (left, right) = (&a[gap.a.0 as usize..gap.a.1 as usize], &b[gap.b.0 as usize..gap.b.1 as usize]);
        let (m, n) = (count(left), count(right));
        outside -= m;
        changed += m.min(n);
    }
    Facts { kept: outside, changed }
}
