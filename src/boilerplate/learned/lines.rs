//! Lines that a source repeats, as they are, with a small change, or as a frame around words that vary.
//!
//! Two passes count: the first everything, roughly and in little memory; the second only what the first found often enough,
//! exactly and in documents that are otherwise different. Lines are removed by the exact counts, so that no two lines are
//! ever mixed up. Both counts are sums, so that those of parts of a corpus merge in any order.

use super::thresholds::{
    FIXED_WORD_STEPS, MAX_LABEL_DOCUMENTS_PER_OTHER, MAX_TURNS, MIN_FRAME_WORDS, MIN_OTHER_LABEL_DOCUMENTS,
    MIN_TEMPLATE_LINES, MIN_TITLE_FRAME_WORDS, STEPS, THRESHOLDS,
};
use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::hash::{self, HashedMap, HashedSet};
use crate::segment::{Cut, Line};
use crate::survey::HashCounts;
use crate::token::{Token, Word};

use super::alternatives::Places;
use super::line_keys::{Keys, at_edge, labels, line_key, lines_of};
use super::repeats::{Found, Repeats, Slot};
use crate::boilerplate::text::alike::same_title;

/// Counts of lines and parts of lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LineCounts(HashCounts);

impl LineCounts {
    /// Takes the counts of `LineKeys`.
    pub fn of(counts: HashCounts) -> Self {
        LineCounts(counts)
    }

    /// Returns the counts.
    pub fn into_counts(self) -> HashCounts {
        self.0
    }

    fn often(&self, key: u64) -> bool {
        u32::from(self.0.get(key)) >= u32::from(THRESHOLDS.min_documents)
    }

    /// Returns after how many steps of fixed words the varying part may begin: where less than half of the documents with
    /// these words have the next one too.
    fn turns(&self, keys: &[u64]) -> impl Iterator<Item = usize> {
        let mut found = [0; MAX_TURNS];
        let mut next = 0;
        let mut count = keys.get(1).map_or(0, |&key| self.0.get(key));
        for k in 1..keys.len() {
            if next == MAX_TURNS || u32::from(count) < u32::from(THRESHOLDS.min_documents) {
                break;
            }
            let more = keys.get(k + 1).map_or(0, |&key| self.0.get(key));
            if u16::from(more) * 2 <= u16::from(count) {
                found[next] = k;
                next += 1;
            }
            count = more;
        }
        found.into_iter().take(next)
    }
}

/// Lines, and frames around words that vary, that sources repeat.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Lines {
    #[serde(with = "encoding::map")]
    repeats: HashedMap<u64, Repeats>,
    /// The places of the repeated lines in their documents.
    places: Places,
    /// Lines that are values: other documents have another line in their place.
    #[serde(with = "encoding::set")]
    alternatives: HashedSet<u64>,
    /// The number of documents counted.
    pub(super) documents: u32,
}

impl Lines {
    /// Counts a document that is otherwise different from the others.
    pub fn observe(&mut self, source: u64, cut: &Cut, counts: &LineCounts) {
        self.documents += 1;
        let mut seen: Vec<(u64, u64)> = Vec::new();
        let mut changed = Vec::new();
        let mut changed_lines = 0;
        let mut repeated: Vec<(usize, u64)> = Vec::new();
        for n in lines_of(cut) {
            let keys = Keys::new(source, cut, n);
            seen.extend(keys.anywhere.filter(|&key| counts.often(key)).map(|key| (key, hash::pair(source, 0))));
            if counts.often(keys.whole) {
                seen.push((keys.whole, 0));
                seen.extend(labels(source, cut, n).map(|label| (label, keys.whole)));
                repeated.extend(at_edge(cut, n).then_some((n, keys.whole)));
                continue;
            }
            seen.extend(labels(source, cut, n).zip(keys.openings()).filter_map(|(label, opening)| {
                // The value of a label may be rare: "Verdict: half true".
                counts.often(opening?).then_some((label, keys.whole))
            }));
            let before = changed.len();
            changed.extend(keys.masked.filter(|&key| counts.often(key)).map(|key| (key, keys.whole)));
            changed_lines += usize::from(changed.len() > before);
            frames(cut, n, &keys, counts, |key, slot| {
                let words = cut.tokens[slot.start..slot.end].iter().map(|token| token.word);
                changed.push((key, line_key(0, words)));
            });
        }
        if changed_lines < MIN_TEMPLATE_LINES {
            seen.append(&mut changed);
        }
        self.places.observe(source, cut, &repeated);
        // A document counts once for each.
        seen.sort_unstable();
        seen.dedup_by_key(|seen| seen.0);
        seen.into_iter().for_each(|(key, variant)| self.repeats.entry(key).or_default().add(variant));
    }

    /// Returns the number of lines and frames that are counted.
    pub(crate) fn len(&self) -> usize {
        self.repeats.len()
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: Lines) {
        self.documents += other.documents;
        self.places.merge(other.places);
        for (key, more) in other.repeats {
            let mine = self.repeats.entry(key).or_default();
            mine.documents = mine.documents.saturating_add(more.documents);
            mine.variants |= more.variants;
        }
    }

    /// Finds the lines that are values, and forgets lines that occur in too few documents; once all are counted. To do so again
    /// changes nothing.
    pub fn shrink(&mut self) {
        self.alternatives.extend(std::mem::take(&mut self.places).alternatives(&self.repeats));
        self.repeats.retain(|_, repeats| repeats.documents >= u32::from(THRESHOLDS.min_documents));
    }

    /// Returns whether line `n` is a value that differs in other documents: by its place, or because other lines begin with
    /// the same `label` words.
    pub(super) fn is_value(&self, source: u64, cut: &Cut, n: usize, label: Option<usize>) -> bool {
        let whole = line_key(source, cut.tokens[cut.lines[n].range()].iter().map(|token| token.word));
        let of_label = || {
            let key = labels(source, cut, n).nth(label?.checked_sub(1)?)?;
            let (all, own) = (self.repeats.get(&key)?, self.repeats.get(&whole)?);
            let others = all.documents.saturating_sub(own.documents);
            Some(others >= MIN_OTHER_LABEL_DOCUMENTS && others * MAX_LABEL_DOCUMENTS_PER_OTHER >= all.documents)
        };
        self.alternatives.contains(&whole) || of_label().unwrap_or(false)
    }

    /// Returns what the lines of a document repeat, with their index; `free` says which of them to look at.
    pub(super) fn find(
        &self,
        source: u64,
        cut: &Cut,
        counts: &LineCounts,
        free: impl Fn(&Line) -> bool,
    ) -> Vec<(usize, Found)> {
        let mut found = Vec::new();
        if self.repeats.is_empty() {
            return found;
        }
        let known = |key: u64| self.repeats.get(&key).copied();
        for n in lines_of(cut).filter(|&n| free(&cut.lines[n])) {
            let keys = Keys::new(source, cut, n);
            found.extend(keys.anywhere.and_then(known).map(|repeats| (n, Found::Anywhere(repeats))));
            if let Some(repeats) = known(keys.whole) {
                found.push((n, Found::Whole(repeats)));
                continue;
            }
            found.extend(keys.masked.and_then(known).map(|repeats| (n, Found::Numbers(repeats))));
            frames(cut, n, &keys, counts, |key, slot| {
                found.extend(known(key).map(|repeats| (n, Found::Frame(repeats, slot))));
            });
        }
        found
    }
}

/// Calls `each` with the frames that line `n` may be: fixed words at its head, at its tail or at both, around the varying
/// part.
fn frames(cut: &Cut, n: usize, keys: &Keys, counts: &LineCounts, mut each: impl FnMut(u64, Slot)) {
    if keys.steps == 1 {
        return;
    }
    let line = &cut.lines[n];
    let outermost = n == 0 || n + 1 == cut.lines.len();
    let sides = |side: &[u64; STEPS]| -> [Option<usize>; MAX_TURNS + 1] {
        let mut turns = counts.turns(&side[..keys.steps]);
        std::array::from_fn(|i| if i == 0 { Some(0) } else { turns.next() })
    };
    let (heads, tails) = (sides(&keys.heads), sides(&keys.tails));
    for from in heads.into_iter().flatten() {
        for to in tails.into_iter().flatten() {
            let (head, tail) = (FIXED_WORD_STEPS[from], FIXED_WORD_STEPS[to]);
            let fixed = head + tail;
            if fixed < MIN_TITLE_FRAME_WORDS || fixed > line.len() || fixed == line.len() && (head == 0 || tail == 0) {
                continue;
            }
            let (start, end) = (line.start + head, line.end - tail);
            let titled = is_title(&cut.tokens[start..end], &cut.title);
            let length = end - start;
            let both = head > 0 && tail > 0;
            // With fixed words on one side only, the other side must be the edge of the text, and most of the line must be
            // fixed.
            let holds = fixed >= MIN_FRAME_WORDS
                && (both && length <= THRESHOLDS.max_slot_words
                    || outermost && length <= fixed.min(THRESHOLDS.max_slot_words));
            if titled || holds {
                each(keys.frame(from, to), Slot { start, end, titled });
            }
        }
    }
}

/// Returns whether some words are the document's title, or nearly.
fn is_title(tokens: &[Token], title: &[Word]) -> bool {
    let equal = || tokens.iter().map(|token| token.word).eq(title.iter().copied());
    !title.is_empty() && (same_title(tokens, title) || equal())
}
