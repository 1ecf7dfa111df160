//! propose: fingerprints -> candidate pairs: units that share enough of them.
//!
//! [`Postings`] turns the keys of all units around: for each key that more than one unit has, the list of these units.
//! [`Tally`] then counts, for one unit after another, how many keys it shares with each other unit. Long lists are not
//! multiplied out: a key that very many units hold says little about any two of them, and comparing each of them with the
//! first and with its neighbours keeps the cost linear.

mod streamed;

pub use streamed::{Entry, Streamed};

use std::ops::Range;

use crate::fingerprint::Fingerprints;
use crate::{KeyedUnit, UnitId};

/// Units of a long list are compared with this many of those that follow in rank.
const NEIGHBOURS: usize = 8;

/// For each key that at least two units have, the units that have it.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    /// The lists one after another. The units of a list ascend in size, those of a long list in rank.
    units: Vec<UnitId>,
    /// The end of each list in `units`.
    ends: Vec<usize>,
}

impl Postings {
    /// Makes the lists from units with their keys, in any order; sorts them in place.
    ///
    /// Entries of one key must all be here; lists of disjoint sets of keys are put together with [`Postings::append`].
    pub fn of(entries: &mut [KeyedUnit], order: Order<'_>, full_list: usize) -> Self {
        entries.sort_unstable();
        let mut postings = Postings::default();
        for list in entries.chunk_by(|a, b| a.key() == b.key()).filter(|list| list.len() > 1) {
            let start = postings.units.len();
            postings.units.extend(list.iter().map(|entry| entry.unit()));
            order.sort(&mut postings.units[start..], full_list);
            postings.ends.push(postings.units.len());
        }
        postings
    }

    /// Appends the lists of other keys.
    pub fn append(&mut self, more: Postings) {
        let start = self.units.len();
        self.units.extend(more.units);
        self.ends.extend(more.ends.into_iter().map(|end| start + end));
    }

    /// Returns the number of lists.
    pub fn lists(&self) -> usize {
        self.ends.len()
    }

    fn range(&self, list: u32) -> Range<usize> {
        let list = list as usize;
        (if list == 0 { 0 } else { self.ends[list - 1] })..self.ends[list]
    }

    fn list(&self, list: u32) -> &[UnitId] {
        &self.units[self.range(list)]
    }

    /// Returns the number of lists that are longer than `full_list`.
    pub fn long_lists(&self, full_list: usize) -> usize {
        (0..self.lists() as u32).filter(|&list| self.range(list).len() > full_list).count()
    }

    /// Returns, for each of `units` units, the lists that hold it.
    pub fn by_unit(&self, units: usize) -> ListsOf {
        let mut ends = vec![0usize; units + 1];
        self.units.iter().for_each(|&unit| ends[unit.index() + 1] += 1);
        (1..=units).for_each(|unit| ends[unit] += ends[unit - 1]);
        let mut lists = vec![0u32; self.units.len()];
        for list in 0..self.lists() as u32 {
            for &unit in self.list(list) {
                let place = &mut ends[unit.index()];
                lists[*place] = list;
                *place += 1;
            }
        }
        ends.pop();
        ListsOf { lists, ends }
    }
}

/// The lists that hold each unit.
#[derive(Debug, Clone, Default)]
pub struct ListsOf {
    lists: Vec<u32>,
    ends: Vec<usize>,
}

impl ListsOf {
    fn of(&self, unit: UnitId) -> &[u32] {
        let unit = unit.index();
        let start = if unit == 0 { 0 } else { self.ends[unit - 1] };
        &self.lists[start..self.ends[unit]]
    }
}

/// The orders of units.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// A size for each unit: of a pair, the larger one is asked for the smaller. Of equal ones, the later is the larger.
    pub sizes: &'a [u32],
    /// Returns the rank of a unit, that does not depend on how the units were read.
    pub rank: &'a (dyn Fn(UnitId) -> u64 + Sync),
}

/// The order by sizes: ranks are functions.
impl std::fmt::Debug for Order<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Order").field("sizes", &self.sizes).finish_non_exhaustive()
    }
}

/// The keys and lists that candidate pairs are made from.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'a> {
    /// The number of keys of each unit.
    pub key_counts: &'a [u32],
    /// The units by key.
    pub postings: &'a Postings,
    /// The lists by unit.
    pub lists: &'a ListsOf,
    /// The order of the units: the same that the postings are made with.
    pub order: Order<'a>,
    /// The number of keys that a pair must share.
    pub settings: Fingerprints,
}

/// Counts the keys that one unit shares with each other unit. Made once, used for many units.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    shared: Vec<u32>,
    met: Vec<UnitId>,
}

impl Tally {
    /// Calls `each` with every smaller unit that shares enough keys with `unit`, in no particular order.
    pub fn candidates(&mut self, unit: UnitId, from: Shared<'_>, mut each: impl FnMut(UnitId)) {
        self.shared.resize(from.key_counts.len(), 0);
        for &list in from.lists.of(unit) {
            let list = from.postings.list(list);
            if list.len() <= from.settings.full_list {
                // The smaller ones come first.
                list.iter().take_while(|&&other| other != unit).for_each(|&other| self.meet(other));
            } else {
                self.meet_neighbours(list, unit, from.order);
            }
        }
        let own = from.key_counts[unit.index()];
        for other in self.met.drain(..) {
            let shared = std::mem::take(&mut self.shared[other.index()]);
            if shared >= from.settings.needed(own, from.key_counts[other.index()]) {
                each(other);
            }
        }
    }

    #[inline]
    fn meet(&mut self, other: UnitId) {
        let shared = &mut self.shared[other.index()];
        if *shared == 0 {
            self.met.push(other);
        }
        *shared += 1;
    }

    /// Meets the first unit of a long list and the neighbours in it, as far as they are smaller; the first meets all.
    fn meet_neighbours(&mut self, list: &[UnitId], unit: UnitId, order: Order<'_>) {
        let rank = (order.rank)(unit);
        let at = list.partition_point(|&other| (order.rank)(other) < rank);
        // Units of one rank may be in any order: the one looked for is among those that follow.
        let at = at + list[at..].iter().position(|&other| other == unit).unwrap_or(0);
        neighbours(list, at, order.sizes).for_each(|other| self.meet(other));
    }
}

/// Returns the units that the one at an index of a long list is compared with: the first unit of the list and the neighbours in
/// it, as far as they are smaller; the first is compared with all.
pub(crate) fn neighbours<'l>(list: &'l [UnitId], at: usize, sizes: &'l [u32]) -> impl Iterator<Item = UnitId> + 'l {
    let size = |unit: UnitId| (sizes[unit.index()], unit);
    let (first, end) = match at {
        0 => (0, list.len()),
        _ => (at.saturating_sub(NEIGHBOURS), (at + NEIGHBOURS + 1).min(list.len())),
    };
    let leader = list[..1].iter().filter(move |_| first > 0);
    let own = size(list[at]);
    leader.chain(&list[first..end]).copied().filter(move |&other| size(other) < own)
}

impl Order<'_> {
    /// Puts the units of a list into their order: by size, or those of a list longer than `full_list` by rank.
    pub(crate) fn sort(&self, list: &mut [UnitId], full_list: usize) {
        match list.len() <= full_list {
            true => list.sort_unstable_by_key(|&unit| (self.sizes[unit.index()], unit)),
            false => list.sort_unstable_by_key(|&unit| (self.rank)(unit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fingerprint::Keys;
    use crate::hash;

    fn keys(units: u64, range: u64) -> Keys {
        let mut keys = Keys::default();
        for unit in 0..units {
            let own: BTreeSet<u32> =
                (0..unit % 17).map(|i| (hash::constant(hash::pair(unit, i) % range) >> 32) as u32).collect();
            keys.push(own);
        }
        keys
    }

    fn candidates(keys: &Keys, settings: Fingerprints) -> BTreeSet<(u32, u32)> {
        let units = keys.units() as u32;
        let mut entries: Vec<KeyedUnit> = (0..units)
            .flat_map(|unit| keys.of(unit).iter().map(move |&key| KeyedUnit::new(key, UnitId(unit))))
            .collect();
        let sizes: Vec<u32> = (0..units).map(|unit| unit * 7 % 31).collect();
        let order = Order { sizes: &sizes, rank: &|unit| u64::from(units - unit.0) };
        let postings = Postings::of(&mut entries, order, settings.full_list);
        let lists = postings.by_unit(units as usize);
        let key_counts: Vec<u32> = (0..units).map(|unit| keys.of(unit).len() as u32).collect();
        let shared = Shared { key_counts: &key_counts, postings: &postings, lists: &lists, order, settings };
        let mut tally = Tally::default();
        let mut found = BTreeSet::new();
        for unit in 0..units {
            tally.candidates(UnitId(unit), shared, |UnitId(other)| {
                assert!((sizes[other as usize], other) < (sizes[unit as usize], unit));
                assert!(found.insert((other.min(unit), other.max(unit))));
            });
        }
        found
    }

    #[test]
    fn pairs_are_those_that_share_enough() {
        let settings = Fingerprints { full_list: 1000, ..Fingerprints::default() };
        for range in [20, 200, 2000] {
            let keys = keys(300, range);
            let mut expected = BTreeSet::new();
            for b in 0..300 {
                for a in 0..b {
                    let shared = keys.of(a).iter().filter(|key| keys.of(b).contains(key)).count() as u32;
                    if shared > 0 && shared >= settings.needed(keys.of(a).len() as u32, keys.of(b).len() as u32) {
                        expected.insert((a, b));
                    }
                }
            }
            assert_eq!(candidates(&keys, settings), expected, "{range}");
        }
    }

    #[test]
    fn a_long_list_costs_little_and_leaves_nobody_out() {
        let mut keys = Keys::default();
        (0..1000).for_each(|_| keys.push([7, 8, 9]));
        let found = candidates(&keys, Fingerprints::default());
        assert!(found.len() <= 1000 * (NEIGHBOURS + 1), "{}", found.len());
        // The last unit ranks first, so that all of them meet it.
        (0..999).for_each(|unit| assert!(found.contains(&(unit, 999)), "{unit}"));
    }
}
