//! Small counts of hashes, in little room.

use hashbrown::HashTable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Counts of hashes up to 255, in eight bytes each: the count takes the place of the hash's lowest eight bits, so that two
/// hashes count as one only if their other 56 bits are equal.
#[derive(Debug, Clone, Default)]
pub struct SmallCounts(HashTable<u64>);

/// The bits of an entry that hold the count.
const COUNT: u64 = 0xff;

/// Returns what a table places an entry by.
fn place(entry: u64) -> u64 {
    (entry & !COUNT).rotate_left(32)
}

impl SmallCounts {
    /// Counts a hash so many times more.
    pub fn add(&mut self, hash: u64, more: u8) {
        let key = hash & !COUNT;
        match self.0.find_mut(place(key), |entry| entry & !COUNT == key) {
            Some(entry) => *entry = key | u64::from((*entry as u8).saturating_add(more)),
            None => {
                self.0.insert_unique(place(key), key | u64::from(more), |&entry| place(entry));
            }
        }
    }

    /// Returns how often a hash was counted: 255 for that and more.
    #[inline]
    pub fn get(&self, hash: u64) -> u8 {
        let key = hash & !COUNT;
        self.0.find(place(key), |entry| entry & !COUNT == key).map_or(0, |&entry| entry as u8)
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, mut other: SmallCounts) {
        if self.len() < other.len() {
            std::mem::swap(self, &mut other);
        }
        other.iter().for_each(|(hash, count)| self.add(hash, count));
    }

    /// Forgets hashes that were counted less often than `least` times.
    pub fn retain(&mut self, least: u8) {
        self.0.retain(|entry| *entry as u8 >= least);
        self.0.shrink_to_fit(|&entry| place(entry));
    }

    /// Returns about how many bytes of memory the counts take.
    pub fn bytes(&self) -> usize {
        self.0.allocation_size()
    }

    /// Returns the number of hashes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether no hash was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the hashes, without their lowest eight bits, with their counts, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u8)> {
        self.0.iter().map(|&entry| (entry & !COUNT, entry as u8))
    }
}

/// Entries are written in order.
impl Serialize for SmallCounts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut entries: Vec<u64> = self.0.iter().copied().collect();
        entries.sort_unstable();
        to.collect_seq(entries)
    }
}

impl<'de> Deserialize<'de> for SmallCounts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut counts = SmallCounts::default();
        Vec::<u64>::deserialize(from)?.into_iter().for_each(|entry| counts.add(entry, entry as u8));
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    #[test]
    fn counts_are_those_that_were_added() {
        let (mut a, mut b) = (SmallCounts::default(), SmallCounts::default());
        for n in 0..3000 {
            a.add(hash::constant(n % 100), 1);
            b.add(hash::constant(n % 7 + 90), 1);
        }
        assert_eq!((a.len(), a.get(hash::constant(5)), a.get(hash::constant(100))), (100, 30, 0));
        a.merge(b);
        assert_eq!((a.len(), a.get(hash::constant(96)), a.get(hash::constant(99))), (100, 255, 30));
        a.retain(31);
        assert_eq!((a.len(), a.get(hash::constant(5))), (7, 0));
        let bytes = postcard::to_stdvec(&a).unwrap();
        let read: SmallCounts = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(postcard::to_stdvec(&read).unwrap(), bytes);
        assert_eq!(read.get(hash::constant(96)), 255);
    }
}
