//! fingerprint: a unit's shingles -> its fingerprints, the keys by which copies and excerpts of it are found.
//!
//! Winnowing (Schleimer, Wilkerson, Aiken 2003, *Winnowing: local algorithms for document fingerprinting*): of each window
//! of consecutive shingles the one with the smallest hash is kept. Two texts that share a run of words keep the same
//! shingles of it, wherever the run is in each of them and however long they are.
//!
//! ```
//! use flong::fingerprint::Fingerprints;
//! use flong::hash::constant;
//!
//! let settings = Fingerprints::default();
//! let keys = |shingles: Vec<u64>| {
//!     let mut kept = Vec::new();
//!     settings.select(&shingles.into_iter().map(|shingle| Some(constant(shingle))).collect::<Vec<_>>(), &mut kept);
//!     kept
//! };
//! // A text, and another with a passage of 16 shingles, which are 18 words, from the middle of it.
//! let (text, other) = (keys((0..200).collect()), keys((1000..1050).chain(90..106).collect()));
//! let shared = text.iter().filter(|key| other.contains(key)).count() as u32;
//! assert!(shared >= settings.needed(text.len() as u32, other.len() as u32));
//! assert!(text.len() < 100, "a window of four keeps fewer than half of the shingles");
//! ```

use serde::{Deserialize, Serialize};

/// Parameters of proposing copies and excerpts: which shingles become fingerprints, and how many of them two units must
/// share.
///
/// A passage of `shingle width + window * least_shared - 1` words that two units share (18 with the defaults) always makes
/// them a candidate pair, in texts of any length, if its shingles are no stock phrases and at most `full_list` units hold
/// each of them. The measurements behind the defaults are in `docs/matching.md`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fingerprints {
    /// Shingles in a window, of which the one with the smallest hash is kept.
    pub window: usize,
    /// A unit with at most this many shingles keeps all of them.
    pub all_shingles: usize,
    /// Units that hold one fingerprint are compared each with each up to this many. Of more, each is compared with the
    /// one that ranks first and with those that rank next to it.
    pub full_list: usize,
    /// Two units become a candidate pair if they share this many fingerprints …
    pub least_shared: u32,
    /// … or this share of the fingerprints of the unit that has fewer.
    pub least_share: f32,
}

impl Default for Fingerprints {
    fn default() -> Self {
        Fingerprints { window: 4, all_shingles: 24, full_list: 64, least_shared: 4, least_share: 0.2 }
    }
}

impl Fingerprints {
    /// Returns how many fingerprints a pair must share, from the number that each of the two has.
    pub fn needed(&self, a: u32, b: u32) -> u32 {
        let share = (a.min(b) as f32 * self.least_share).ceil() as u32;
        share.clamp(1, self.least_shared.max(1))
    }

    /// Returns the number of words in the shortest shared passage that surely proposes a pair, for shingles of `width`
    /// words.
    pub fn sure_words(&self, width: usize) -> usize {
        width + self.window.max(1) * self.least_shared.max(1) as usize - 1
    }

    /// Appends the fingerprints of a unit to `kept`, sorted, each once.
    ///
    /// `shingles` are those of the unit in the order of its text, with repeats. A shingle that no other unit can share, or
    /// that is a stock phrase, is `None`: it keeps its place in the window and is never kept.
    pub fn select(&self, shingles: &[Option<u64>], kept: &mut Vec<u64>) {
        let start = kept.len();
        let window = if shingles.iter().flatten().count() <= self.all_shingles { 1 } else { self.window.max(1) };
        winnow(shingles, window, kept);
        kept[start..].sort_unstable();
        let mut end = start;
        for at in start..kept.len() {
            if end == start || kept[end - 1] != kept[at] {
                kept[end] = kept[at];
                end += 1;
            }
        }
        kept.truncate(end);
    }
}

/// Appends the smallest of each window of `window` consecutive shingles; in the order of the text, repeats included.
fn winnow(shingles: &[Option<u64>], window: usize, kept: &mut Vec<u64>) {
    let value = |at: usize| shingles[at].unwrap_or(u64::MAX);
    // Place of the smallest in the window that ends at `end`; the last of equal ones, which stays longest.
    let mut least = 0;
    let mut taken = None;
    for end in 0..shingles.len() {
        let first = (end + 1).saturating_sub(window);
        if least < first {
            least = (first..=end).rev().min_by_key(|&at| value(at)).expect("the window is not empty");
        } else if value(end) <= value(least) {
            least = end;
        }
        // Windows at the beginning of a run are short: only full ones count, unless the run itself is shorter.
        if end + 1 < window.min(shingles.len()) || taken == Some(least) {
            continue;
        }
        taken = Some(least);
        kept.extend(shingles[least]);
    }
}

/// The fingerprints of many units, one after another: 32 bits of each, which is enough to propose by.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    values: Vec<u32>,
    /// The end of each unit's keys in `values`.
    ends: Vec<usize>,
}

impl Keys {
    /// Appends the keys of the next unit.
    pub fn push(&mut self, keys: impl IntoIterator<Item = u32>) {
        self.values.extend(keys);
        self.ends.push(self.values.len());
    }

    /// Appends the keys of other units, which come after these.
    pub fn append(&mut self, more: Keys) {
        let start = self.values.len();
        self.values.extend(more.values);
        self.ends.extend(more.ends.into_iter().map(|end| start + end));
    }

    /// Returns the number of units.
    pub fn units(&self) -> usize {
        self.ends.len()
    }

    /// Returns the number of keys of all units.
    pub fn total(&self) -> usize {
        self.values.len()
    }

    /// Returns the keys of all units.
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// Returns the keys of a unit.
    pub fn of(&self, unit: u32) -> &[u32] {
        let unit = unit as usize;
        let start = if unit == 0 { 0 } else { self.ends[unit - 1] };
        &self.values[start..self.ends[unit]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    fn text(seed: u64, shingles: u64) -> Vec<Option<u64>> {
        (0..shingles).map(|at| Some(hash::pair(seed, at))).collect()
    }

    /// Each window on its own.
    fn naive(shingles: &[Option<u64>], window: usize) -> Vec<u64> {
        let mut kept: Vec<u64> = match shingles.len() {
            0 => Vec::new(),
            n => shingles.windows(window.min(n)).filter_map(|w| w.iter().flatten().min().copied()).collect(),
        };
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    #[test]
    fn the_smallest_of_each_window_is_kept() {
        let settings = Fingerprints { all_shingles: 0, ..Fingerprints::default() };
        for seed in 0..40 {
            let mut shingles = text(seed, seed * 3);
            for at in 0..shingles.len() {
                match hash::pair(seed, at as u64) % 5 {
                    0 => shingles[at] = None,
                    1 if at > 3 => shingles[at] = shingles[at - 3],
                    _ => {}
                }
            }
            let mut kept = Vec::new();
            settings.select(&shingles, &mut kept);
            assert_eq!(kept, naive(&shingles, settings.window), "seed {seed}");
        }
    }

    #[test]
    fn a_short_unit_keeps_all() {
        let mut kept = Vec::new();
        Fingerprints::default().select(&text(1, 24), &mut kept);
        assert_eq!(kept.len(), 24);
        kept.clear();
        Fingerprints::default().select(&text(1, 200), &mut kept);
        assert!((60..110).contains(&kept.len()), "{}", kept.len());
    }

    #[test]
    fn a_shared_passage_gives_enough_shared_fingerprints() {
        let settings = Fingerprints::default();
        let shared = settings.sure_words(3) as u64 - 2;
        assert_eq!(settings.sure_words(3), 18);
        for seed in 0..200 {
            let passage = text(seed, shared);
            let around = |seed: u64, before: u64| {
                let mut all = text(seed, before);
                all.extend(passage.iter());
                all.extend(text(seed + 7, 300));
                let mut kept = Vec::new();
                settings.select(&all, &mut kept);
                kept
            };
            let (a, b) = (around(1000 + seed, seed % 90), around(5000 + seed, 400));
            let both = a.iter().filter(|key| b.contains(key)).count() as u32;
            assert!(both >= settings.needed(a.len() as u32, b.len() as u32), "{both} with seed {seed}");
        }
    }

    #[test]
    fn keys_of_parts_append() {
        let (mut a, mut b) = (Keys::default(), Keys::default());
        a.push([1, 2]);
        a.push([]);
        b.push([3]);
        b.push([4, 5]);
        a.append(b);
        let all: Vec<&[u32]> = (0..4).map(|unit| a.of(unit)).collect();
        assert_eq!(all, [&[1, 2][..], &[], &[3], &[4, 5]]);
        assert_eq!((a.units(), a.total()), (4, 5));
    }
}
