//! Exact counts of hashes, of which nearly all occur once.
//!
//! Hashes are gathered in parts by their first 10 bits, of which the next 32 bits are held, and counted part by part in a
//! table that fits a cache. Only what occurs more than once is kept. No count depends on the size of a table, or on the
//! order in which hashes come: two hashes count as one only if their first 42 bits are equal, which of a billion different
//! ones about one in four thousand has in common with another.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::encoding::ascending;

/// Bits of a hash that say which part it is in.
const PART_BITS: u32 = 10;
/// The number of parts.
pub(crate) const PARTS: usize = 1 << PART_BITS;

/// Returns the part that a hash is in, and what is held of it there.
#[inline]
fn split(hash: u64) -> (usize, u32) {
    ((hash >> (64 - PART_BITS)) as usize, (hash >> (32 - PART_BITS)) as u32)
}

/// Hashes to be counted, with repeats. Those of parts of a corpus merge in any order.
#[derive(Debug, Clone)]
pub struct Gathered {
    parts: Vec<Part>,
    /// Hashes that are not in their parts yet.
    waiting: Vec<u64>,
}

/// The hashes of a part, in pieces that fit exactly.
pub type Part = Vec<Box<[u32]>>;

/// Hashes that wait before they go to their parts: about 128 for each.
const MAX_WAITING: usize = 128 << PART_BITS;

impl Default for Gathered {
    fn default() -> Self {
        Gathered { parts: vec![Vec::new(); PARTS], waiting: Vec::new() }
    }
}

impl Gathered {
    /// Adds a hash; once more each time.
    #[inline]
    pub fn add(&mut self, hash: u64) {
        self.waiting.push(hash);
        if self.waiting.len() == MAX_WAITING {
            self.settle();
        }
    }

    /// Moves what waits to its parts.
    fn settle(&mut self) {
        let mut ends = vec![0usize; PARTS];
        self.waiting.iter().for_each(|&hash| ends[split(hash).0] += 1);
        let mut end = 0;
        for place in &mut ends {
            (*place, end) = (end, end + *place);
        }
        let mut sorted = vec![0; self.waiting.len()];
        for &hash in &self.waiting {
            let (part, rest) = split(hash);
            sorted[ends[part]] = rest;
            ends[part] += 1;
        }
        let mut start = 0;
        for (part, &end) in self.parts.iter_mut().zip(&ends).filter(|(_, end)| **end > 0) {
            if start < end {
                part.push(sorted[start..end].into());
                start = end;
            }
        }
        self.waiting.clear();
    }

    /// Adds the hashes of another part of the corpus.
    pub fn merge(&mut self, other: Gathered) {
        self.parts.iter_mut().zip(other.parts).for_each(|(mine, mut more)| mine.append(&mut more));
        other.waiting.into_iter().for_each(|hash| self.add(hash));
    }

    /// Returns about how many bytes of memory the hashes take.
    pub fn bytes(&self) -> usize {
        let held: usize = self.parts.iter().flatten().map(|piece| piece.len()).sum();
        (held + 2 * self.waiting.len()) * size_of::<u32>()
    }

    /// Counts what was gathered.
    pub fn count(self) -> HashCounts {
        HashCounts::of(self.into_parts().into_iter().map(PartCounts::of).collect())
    }

    /// Returns the parts, in order, to be counted each on its own: see [`PartCounts::of`]. The hashes of a part are in the order in
    /// which they were added.
    pub fn into_parts(mut self) -> Vec<Part> {
        self.settle();
        self.parts
    }
}

/// Returns the number of the part that a hash is in.
#[inline]
pub(crate) fn part_of(hash: u64) -> usize {
    split(hash).0
}

/// Returns how often each hash of a part occurs in it, in the order in which they are given: 1 for once, 255 for that and more.
pub(crate) fn count_each(part: &Part) -> Vec<u8> {
    let many = part.iter().map(|piece| piece.len()).sum();
    let mut tally = Tally::with_room(many);
    let mut places = Vec::with_capacity(many);
    places.extend(part.iter().flatten().map(|&hash| tally.add(hash) as u32));
    places.into_iter().map(|place| tally.table[place as usize].1).collect()
}

/// The table in which the hashes of one part are counted.
struct Tally {
    /// Hashes with their counts. A place is free where its count is zero.
    table: Vec<(u32, u8)>,
    /// How many different hashes occur more than once.
    repeated: usize,
}

impl Tally {
    /// Returns a table for so many hashes.
    fn with_room(many: usize) -> Self {
        Tally { table: vec![(0, 0); (many * 2).next_power_of_two()], repeated: 0 }
    }

    /// Counts a hash, and returns its place in the table.
    #[inline]
    fn add(&mut self, hash: u32) -> usize {
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while self.table[at].1 > 0 && self.table[at].0 != hash {
            at = (at + 1) & mask;
        }
        let (held, count) = &mut self.table[at];
        *held = hash;
        *count = count.saturating_add(1);
        self.repeated += usize::from(*count == 2);
        at
    }
}

/// Counts of hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HashCounts {
    parts: Vec<PartCounts>,
}

/// The counts of the hashes that begin with the same bits: a table with open addressing, in which hashes ascend (Amble and
/// Knuth 1974). A search ends at the first hash that is larger, so that the table can be four fifths full.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartCounts {
    /// Places that a hash may begin at. The places after them hold hashes that found no place there.
    homes: u32,
    /// A place is free where its count is zero.
    hashes: Box<[u32]>,
    counts: Box<[u8]>,
}

/// Returns the place where the search for a hash begins. It ascends with the hash.
#[inline]
fn home(hash: u32, homes: u32) -> usize {
    ((u64::from(hash) * u64::from(homes)) >> 32) as usize
}

impl PartCounts {
    /// Counts the hashes of one part.
    pub fn of(gathered: Part) -> PartCounts {
        let many: usize = gathered.iter().map(|piece| piece.len()).sum();
        if many == 0 {
            return PartCounts::default();
        }
        let mut tally = Tally::with_room(many);
        gathered.iter().flatten().for_each(|&hash| {
            tally.add(hash);
        });
        let mut kept = Vec::with_capacity(tally.repeated);
        kept.extend(tally.table.iter().filter(|(_, count)| *count > 1));
        drop(tally);
        kept.sort_unstable();
        PartCounts::kept(&kept)
    }

    /// Returns the hashes that are kept, in order, with their counts.
    fn entries(&self) -> impl Iterator<Item = (u32, u8)> {
        self.hashes.iter().copied().zip(self.counts.iter().copied()).filter(|&(_, count)| count > 0)
    }

    /// Makes the table of hashes, which ascend, with their counts.
    fn kept(entries: &[(u32, u8)]) -> PartCounts {
        let homes = entries.len() + entries.len() / 4;
        let (mut hashes, mut counts) = (Vec::with_capacity(homes + 8), Vec::with_capacity(homes + 8));
        for &(hash, count) in entries {
            let place = hashes.len().max(home(hash, homes as u32));
            hashes.resize(place, 0);
            counts.resize(place, 0);
            hashes.push(hash);
            counts.push(count);
        }
        PartCounts { homes: homes as u32, hashes: hashes.into(), counts: counts.into() }
    }

    /// Returns the counts of some of the hashes: of those in `asked`, which ascend.
    pub fn only(&self, asked: &[u32]) -> PartCounts {
        let counted = asked.iter().map(|&hash| (hash, self.get(hash))).filter(|&(_, count)| count > 0);
        PartCounts::kept(&counted.collect::<Vec<_>>())
    }

    /// Returns how often a hash occurs; 0 if it is not kept.
    #[inline]
    fn get(&self, hash: u32) -> u8 {
        let first = home(hash, self.homes);
        let (hashes, counts) = (self.hashes.get(first..), self.counts.get(first..));
        for (&held, &count) in hashes.unwrap_or_default().iter().zip(counts.unwrap_or_default()) {
            if held >= hash || count == 0 {
                return if held == hash { count } else { 0 };
            }
        }
        0
    }
}

impl HashCounts {
    /// Puts the counts of all parts together, in their order.
    pub fn of(parts: Vec<PartCounts>) -> Self {
        HashCounts { parts }
    }

    /// Returns these counts of hashes, which may repeat and come in any order. The others occur once or never.
    pub fn only(counts: impl IntoIterator<Item = (u64, u8)>) -> Self {
        let mut parts = vec![Vec::new(); PARTS];
        for (hash, count) in counts {
            let (part, rest) = split(hash);
            parts[part].push((rest, count));
        }
        let part = |mut entries: Vec<(u32, u8)>| {
            entries.sort_unstable();
            entries.dedup_by_key(|entry| entry.0);
            PartCounts::kept(&entries)
        };
        HashCounts { parts: parts.into_iter().map(part).collect() }
    }

    /// Returns the counts of all parts, in their order.
    pub fn into_parts(self) -> Vec<PartCounts> {
        self.parts
    }

    /// Returns how often a hash occurs: 1 for once or never, 255 for that and more.
    #[inline]
    pub fn get(&self, hash: u64) -> u8 {
        let (part, rest) = split(hash);
        self.parts.get(part).map_or(1, |part| part.get(rest).max(1))
    }
}

impl HashCounts {
    /// Forgets what occurs less often than `least` times.
    pub fn retain(&mut self, least: u8) {
        for part in &mut self.parts {
            let kept: Vec<(u32, u8)> = part.entries().filter(|&(_, count)| count >= least).collect();
            *part = PartCounts::kept(&kept);
        }
    }
}

/// Hashes are written part by part, sorted, each as often as it occurs and counts saturate.
impl Serialize for Gathered {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut waiting: Vec<(usize, u32)> = self.waiting.iter().map(|&hash| split(hash)).collect();
        waiting.sort_unstable();
        let mut waiting = &waiting[..];
        to.collect_seq(self.parts.iter().enumerate().map(|(number, part)| {
            let (own, others) = waiting.split_at(waiting.partition_point(|&(part, _)| part == number));
            waiting = others;
            let own = own.iter().map(|&(_, hash)| hash);
            let mut hashes: Vec<u32> = part.iter().flatten().copied().chain(own).collect();
            hashes.sort_unstable();
            let most = usize::from(u8::MAX);
            let mut hashes: Vec<u32> =
                hashes.chunk_by(u32::eq).flat_map(|equal| &equal[..equal.len().min(most)]).copied().collect();
            ascending::distances(&mut hashes);
            hashes
        }))
    }
}

impl<'de> Deserialize<'de> for Gathered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let part = |mut hashes: Vec<u32>| {
            ascending::numbers(&mut hashes)?;
            Ok(if hashes.is_empty() { Vec::new() } else { vec![hashes.into_boxed_slice()] })
        };
        let parts =
            Vec::<Vec<u32>>::deserialize(from)?.into_iter().map(part).collect::<Result<Vec<Part>, D::Error>>()?;
        let whole = parts.len() == 1 << PART_BITS;
        whole.then_some(Gathered { parts, waiting: Vec::new() }).ok_or_else(|| D::Error::custom("parts are missing"))
    }
}

/// Hashes are written part by part, sorted, each with its count.
impl Serialize for HashCounts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.parts.iter().map(|part| {
            let (mut hashes, counts): (Vec<u32>, Vec<u8>) = part.entries().unzip();
            ascending::distances(&mut hashes);
            (hashes, counts)
        }))
    }
}

impl<'de> Deserialize<'de> for HashCounts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let part = |(mut hashes, counts): (Vec<u32>, Vec<u8>)| {
            ascending::numbers(&mut hashes)?;
            let sound = hashes.len() == counts.len() && !counts.contains(&0);
            let entries: Vec<(u32, u8)> = hashes.into_iter().zip(counts).collect();
            sound.then(|| PartCounts::kept(&entries)).ok_or_else(|| D::Error::custom("counts are missing"))
        };
        let parts: Vec<(Vec<u32>, Vec<u8>)> = Vec::deserialize(from)?;
        Ok(HashCounts { parts: parts.into_iter().map(part).collect::<Result<_, D::Error>>()? })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::hash;

    #[test]
    fn counts_are_those_of_a_map_whoever_gathers() {
        let hashes: Vec<u64> = (0..20_000).map(|i| hash::constant(if i % 3 == 0 { i % 501 } else { i })).collect();
        let mut expected: HashMap<u64, usize> = HashMap::new();
        hashes.iter().for_each(|&hash| *expected.entry(hash).or_default() += 1);
        for cut in [0, 1, 7000, 20_000] {
            let (mut a, mut b) = (Gathered::default(), Gathered::default());
            hashes[..cut].iter().for_each(|&hash| a.add(hash));
            hashes[cut..].iter().for_each(|&hash| b.add(hash));
            a.merge(b);
            let counts = a.count();
            expected.iter().for_each(|(&hash, &count)| assert_eq!(usize::from(counts.get(hash)), count.min(255)));
            assert_eq!(counts.get(42), 1);
        }
        assert_eq!(HashCounts::default().get(42), 1);
    }

    #[test]
    fn counts_of_some_are_those_of_all() {
        let thrice: Box<[u32]> = (0..900).map(|n| (n % 300) * 7_000_001).collect();
        let part: Part = vec![thrice, vec![5].into_boxed_slice()];
        let counts = PartCounts::of(part);
        let asked: Vec<u32> = (0..300).step_by(3).map(|n| n * 7_000_001).collect();
        let some = counts.only(&asked);
        (0..300).for_each(|n| assert_eq!(some.get(n * 7_000_001), if n % 3 == 0 { 3 } else { 0 }));
        assert_eq!((some.get(5), counts.only(&[]).get(0)), (0, 0));
        let few = HashCounts::only([(hash::constant(3), 7), (hash::constant(1), 2), (hash::constant(3), 7)]);
        assert_eq!([1, 2, 3].map(|n| few.get(hash::constant(n))), [2, 1, 7]);
    }

    #[test]
    fn each_hash_is_told_its_count_in_order() {
        let part: Part = vec![vec![7, 0, 7].into(), vec![3, 7, 0].into(), vec![1; 300].into()];
        let mut expected = vec![3, 2, 3, 1, 3, 2];
        expected.resize(306, 255);
        assert_eq!(count_each(&part), expected);
        assert!(count_each(&Part::new()).is_empty());
    }

    #[test]
    fn counts_saturate() {
        let mut gathered = Gathered::default();
        (0..300).for_each(|_| gathered.add(7));
        assert_eq!(gathered.count().get(7), 255);
    }
}
