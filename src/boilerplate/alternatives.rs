//! Repeated lines that are values of one thing: "Verdict: True" in some documents of a source, "Verdict: False" in others.
//!
//! What a publishing system adds is the same wherever it stands. What a document says in a fixed place is another thing
//! in other documents: then each line repeats, but never beside the others.

use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::hash::{self, HashedMap, HashedSet};
use crate::segment::Cut;

use super::lines::{Repeats, line_key};

/// Values with no word in common are short lines, in words; of scripts without spaces, in bigrams.
const MAX_SHORT_WORDS: usize = 8;
/// Words at its head or tail that a longer line shares with the others.
const SHARED_WORDS: usize = 2;
/// Share of the documents with a repeated line in a place that must have another value there: one that shares words with
/// the line …
const MIN_SHARE_ALIKE: f32 = 0.03;
/// … and one that shares none.
const MIN_SHARE_OTHER: f32 = 0.1;
/// Documents that must have another value.
const MIN_DOCUMENTS: u32 = 2;
/// Share of a line's documents that may hold one of its alternatives as well.
const MAX_TOGETHER: f32 = 0.05;
/// Values of a place that are compared with each other, the most frequent ones.
const MAX_VALUES: usize = 64;

/// A repeated line in a place of its source's documents.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Value {
    documents: u32,
    /// The hashes of its first and of its last words.
    head: u64,
    tail: u64,
    /// Whether it has few words.
    short: bool,
}

/// Which repeated lines stand in which place, and which of them beside each other.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Places {
    /// By place within a source, then by line.
    #[serde(with = "encoding::map_of_maps")]
    values: HashedMap<u64, HashedMap<u64, Value>>,
    /// By two lines: documents that hold both.
    #[serde(with = "encoding::map")]
    together: HashedMap<u64, u32>,
}

impl Places {
    /// Takes in the repeated lines at the edges of a document: by their number, and the key of each.
    pub fn observe(&mut self, source: u64, cut: &Cut, repeated: &[(usize, u64)]) {
        for &(n, whole) in repeated {
            let line = &cut.lines[n];
            let words = || cut.tokens[line.range()].iter().map(|token| token.word);
            let value = Value {
                documents: 1,
                head: line_key(0, words().take(SHARED_WORDS)),
                tail: line_key(1, words().rev().take(SHARED_WORDS)),
                short: line.len() <= MAX_SHORT_WORDS,
            };
            for place in [n as u64, !((cut.lines.len() - n) as u64)] {
                let place = hash::pair(source, place);
                let held =
                    self.values.entry(place).or_default().entry(whole).or_insert(Value { documents: 0, ..value });
                held.documents += 1;
            }
        }
        for (i, &(_, one)) in repeated.iter().enumerate() {
            let others = repeated[i + 1..].iter().filter(|&&(_, other)| other != one);
            others.for_each(|&(_, other)| *self.together.entry(both(one, other)).or_default() += 1);
        }
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: Places) {
        for (place, values) in other.values {
            let mine = self.values.entry(place).or_default();
            for (whole, more) in values {
                mine.entry(whole).or_insert(Value { documents: 0, ..more }).documents += more.documents;
            }
        }
        other.together.into_iter().for_each(|(pair, documents)| *self.together.entry(pair).or_default() += documents);
    }

    /// Finds the lines that are values of something, by their keys. `repeats` says in how many documents each stands.
    pub fn alternatives(&self, repeats: &HashedMap<u64, Repeats>) -> HashedSet<u64> {
        let mut found = HashedSet::default();
        for values in self.values.values().filter(|values| values.len() > 1) {
            let all: u32 = values.values().map(|value| value.documents).sum();
            let mut values: Vec<(u64, Value)> = values.iter().map(|(&whole, &value)| (whole, value)).collect();
            values.sort_unstable_by_key(|&(whole, value)| (std::cmp::Reverse(value.documents), whole));
            values.truncate(MAX_VALUES);
            let at_home = |&&(whole, value): &&(u64, Value)| {
                repeats.get(&whole).is_some_and(|repeats| value.documents * 2 >= repeats.documents)
            };
            let lines = values.iter().filter(at_home).filter(|line| self.has_alternatives(line, &values, all));
            found.extend(lines.map(|line| line.0));
        }
        found
    }

    /// Whether enough of the documents with a repeated line in a place have another value than `line` there.
    fn has_alternatives(&self, line: &(u64, Value), values: &[(u64, Value)], all: u32) -> bool {
        let &(whole, own) = line;
        let apart = |other: &(u64, Value)| {
            let together = self.together.get(&both(whole, other.0)).copied().unwrap_or(0);
            other.0 != whole && together as f32 <= MAX_TOGETHER * own.documents.min(other.1.documents) as f32
        };
        let (mut alike, mut any) = (0, 0);
        for (_, other) in values.iter().filter(|other| apart(other)) {
            let shares = own.head == other.head || own.tail == other.tail;
            alike += if shares { other.documents } else { 0 };
            any += if shares || own.short && other.short { other.documents } else { 0 };
        }
        let enough = |documents: u32, share: f32| documents >= MIN_DOCUMENTS && documents as f32 >= share * all as f32;
        enough(alike, MIN_SHARE_ALIKE) || enough(any, MIN_SHARE_OTHER)
    }
}

/// The hash of two lines, in any order.
fn both(one: u64, other: u64) -> u64 {
    hash::sequence(&[one.min(other), one.max(other)])
}
