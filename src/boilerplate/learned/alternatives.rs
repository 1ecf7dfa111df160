//! Repeated lines that are values of one thing: "Verdict: True" in some documents of a source, "Verdict: False" in others.
//!
//! The lines that a publishing system adds are the same everywhere. A value in a fixed place differs between documents:
//! each of these lines repeats, but never together with the others.

use super::thresholds::{
    MAX_COMPARED_VALUES, MAX_SHORT_VALUE_WORDS, MAX_TOGETHER_SHARE, MIN_ALIKE_VALUE_SHARE, MIN_OTHER_VALUE_DOCUMENTS,
    MIN_OTHER_VALUE_SHARE, SHARED_VALUE_WORDS,
};
use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::hash::{self, HashedMap, HashedSet};
use crate::segment::Cut;

use super::line_keys::line_key;
use super::repeats::Repeats;

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

/// The repeated lines by their place, and the pairs of them that occur in one document.
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
    /// Counts the repeated lines at the edges of a document, given the index and the key of each.
    pub fn observe(&mut self, source: u64, cut: &Cut, repeated: &[(usize, u64)]) {
        for &(n, whole) in repeated {
            let line = &cut.lines[n];
            let words = || cut.tokens[line.range()].iter().map(|token| token.word);
            let value = Value {
                documents: 1,
                head: line_key(0, words().take(SHARED_VALUE_WORDS)),
                tail: line_key(1, words().rev().take(SHARED_VALUE_WORDS)),
                short: line.len() <= MAX_SHORT_VALUE_WORDS,
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

    /// Finds the lines that are values, by their keys. `repeats` says how many documents have each line.
    pub fn alternatives(&self, repeats: &HashedMap<u64, Repeats>) -> HashedSet<u64> {
        let mut found = HashedSet::default();
        for values in self.values.values().filter(|values| values.len() > 1) {
            let all: u32 = values.values().map(|value| value.documents).sum();
            let mut values: Vec<(u64, Value)> = values.iter().map(|(&whole, &value)| (whole, value)).collect();
            values.sort_unstable_by_key(|&(whole, value)| (std::cmp::Reverse(value.documents), whole));
            values.truncate(MAX_COMPARED_VALUES);
            let at_home = |&&(whole, value): &&(u64, Value)| {
                repeats.get(&whole).is_some_and(|repeats| value.documents * 2 >= repeats.documents)
            };
            let lines = values.iter().filter(at_home).filter(|line| self.has_alternatives(line, &values, all));
            found.extend(lines.map(|line| line.0));
        }
        found
    }

    /// Returns whether enough of the documents with a repeated line in a place have another value than `line` there.
    fn has_alternatives(&self, line: &(u64, Value), values: &[(u64, Value)], all: u32) -> bool {
        let &(whole, own) = line;
        let apart = |other: &(u64, Value)| {
            let together = self.together.get(&both(whole, other.0)).copied().unwrap_or(0);
            other.0 != whole && together as f32 <= MAX_TOGETHER_SHARE * own.documents.min(other.1.documents) as f32
        };
        let (mut alike, mut any) = (0, 0);
        for (_, other) in values.iter().filter(|other| apart(other)) {
            let shares = own.head == other.head || own.tail == other.tail;
            alike += if shares { other.documents } else { 0 };
            any += if shares || own.short && other.short { other.documents } else { 0 };
        }
        let enough = |documents: u32, share: f32| {
            documents >= MIN_OTHER_VALUE_DOCUMENTS && documents as f32 >= share * all as f32
        };
        enough(alike, MIN_ALIKE_VALUE_SHARE) || enough(any, MIN_OTHER_VALUE_SHARE)
    }
}

/// Returns the hash of two lines, in any order.
fn both(one: u64, other: u64) -> u64 {
    hash::sequence(&[one.min(other), one.max(other)])
}
