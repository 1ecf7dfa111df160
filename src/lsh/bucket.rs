//! Buckets of one band.

use crate::{CandidatePair, KeyedUnit, UnitId};

/// The candidate pairs of one band.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Bucketed {
    /// Pairs, the smaller number first; each once for this band.
    pub pairs: Vec<CandidatePair>,
    /// The pairs of buckets that held too many members to compare each with each; ascending, each once. Equal units share
    /// a bucket in every band, so these are nearly the same for all bands.
    pub of_large: Vec<CandidatePair>,
    /// Buckets that held more members than are compared each with each.
    pub large_buckets: usize,
}

/// In a larger bucket each member is compared with this many that follow it.
const WINDOW: usize = 8;

/// Returns the pairs of one band, from the key of every unit (`None`: takes no part). Pairs come in a fixed order.
///
/// Keys are 32 bits of hash: two of a million units share one by chance in one band of ten thousand, and a pair too many
/// is only looked at.
///
/// In a bucket of more than `full` members, each is compared with the bucket's first member, and with the next few in
/// the order of `rank` (of a number for each unit that does not depend on how they were read), so that the cost stays linear and every
/// member still meets some. Such buckets are counted in the result.
pub fn candidates(
    keys: impl ExactSizeIterator<Item = Option<u32>>,
    rank: impl Fn(UnitId) -> u64,
    full: usize,
) -> Bucketed {
    // Key and unit in one number, so that sorting moves one word and looks nowhere else.
    let mut entries: Vec<KeyedUnit> = Vec::with_capacity(keys.len());
    entries.extend((0..).map(UnitId).zip(keys).filter_map(|(unit, key)| Some(KeyedUnit::new(key?, unit))));
    drop_singles(&mut entries);
    entries.sort_unstable();
    let mut found = Bucketed::default();
    for bucket in entries.chunk_by(|a, b| a.key() == b.key()) {
        if bucket.len() <= full {
            for (n, &a) in bucket.iter().enumerate() {
                found.pairs.extend(bucket[n + 1..].iter().map(|&b| pair(a.unit(), b.unit())));
            }
        } else {
            found.large_buckets += 1;
            let mut members: Vec<UnitId> = bucket.iter().map(|entry| entry.unit()).collect();
            members.sort_unstable_by_key(|&unit| rank(unit));
            for (n, &a) in members.iter().enumerate() {
                found.of_large.extend(members[n + 1..].iter().take(WINDOW).map(|&b| pair(a, b)));
            }
            found.of_large.extend(members[1..].iter().map(|&b| pair(members[0], b)));
        }
    }
    found.of_large.sort_unstable();
    found.of_large.dedup();
    found
}

/// Drops what is surely alone in its bucket: most of a band, for the price of two passes over a small table.
fn drop_singles(entries: &mut Vec<KeyedUnit>) {
    let bits = (entries.len() * 2).next_power_of_two().trailing_zeros().clamp(6, 24);
    let cell = |entry: KeyedUnit| (entry.key() >> (32 - bits)) as usize;
    let mut held = vec![0u8; 1 << bits];
    for &entry in entries.iter() {
        let count = &mut held[cell(entry)];
        *count = count.saturating_add(1);
    }
    entries.retain(|&entry| held[cell(entry)] > 1);
}

fn pair(a: UnitId, b: UnitId) -> CandidatePair {
    CandidatePair::new(a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::hash;

    /// Pairs each with each, without any table.
    fn naive(keys: &[Option<u32>]) -> BTreeSet<CandidatePair> {
        let mut pairs = BTreeSet::new();
        for a in 0..keys.len() {
            for b in a + 1..keys.len() {
                if keys[a].is_some() && keys[a] == keys[b] {
                    pairs.insert(pair(UnitId::of(a), UnitId::of(b)));
                }
            }
        }
        pairs
    }

    #[test]
    fn pairs_are_those_that_share_a_key() {
        for keys in [3u64, 40, 1000] {
            let keys: Vec<Option<u32>> = (0..200u64)
                .map(|i| (i % 7 != 0).then(|| (hash::constant(hash::constant(i) % keys) >> 32) as u32))
                .collect();
            let found = candidates(keys.iter().copied(), |unit| unit.0.into(), 100);
            if found.large_buckets == 0 {
                assert_eq!(found.pairs.iter().copied().collect::<BTreeSet<_>>(), naive(&keys));
                assert_eq!(found.pairs.len(), naive(&keys).len());
            }
        }
    }

    #[test]
    fn a_large_bucket_costs_little_and_leaves_nobody_out() {
        let n = 1000u32;
        let found = candidates((0..n).map(|_| Some(42)), |unit| u64::from(n - unit.0), 100);
        assert_eq!(found.large_buckets, 1);
        assert!(found.pairs.is_empty() && found.of_large.len() <= n as usize * (WINDOW + 1));
        let met: BTreeSet<UnitId> = found.of_large.iter().flat_map(|p| [p.first(), p.second()]).collect();
        assert_eq!(met.len(), n as usize);
    }

    #[test]
    fn nothing_from_nothing() {
        assert_eq!(candidates([None, None].into_iter(), |unit| unit.0.into(), 9), Bucketed::default());
        assert_eq!(candidates([Some(1)].into_iter(), |unit| unit.0.into(), 9), Bucketed::default());
    }
}
