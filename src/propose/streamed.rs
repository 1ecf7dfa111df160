//! Lists of units that share a key, read in order of rank and never held.

use std::collections::VecDeque;

use super::NEIGHBOURS;

/// A unit in the list of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<U> {
    /// The number of different stems of the unit.
    pub size: u32,
    /// The number of its keys.
    pub keys: u32,
    /// The unit. Of two of one size, the later is the larger.
    pub unit: U,
}

impl<U: Ord + Copy> Entry<U> {
    fn is_larger(&self, other: &Self) -> bool {
        (self.size, self.unit) > (other.size, other.unit)
    }
}

/// Makes the pairs of one list after another: of the units that share a fingerprint, or a band of their signatures.
///
/// The units of a list come in the order of their ranks. Of a list of at most `full` units each makes a pair with each; of a
/// longer one, with the first and with those that rank next to it. At most `full` units of a list are held, so that it does
/// not matter how long it is.
///
/// ```
/// use flong::propose::{Entry, Streamed};
///
/// let mut list = Streamed::new(100);
/// let mut pairs = Vec::new();
/// for unit in ["a", "b", "c"] {
///     list.push(Entry { size: 10, keys: 4, unit }, |larger, smaller| pairs.push((larger.unit, smaller.unit)));
/// }
/// list.end(|larger, smaller| pairs.push((larger.unit, smaller.unit)));
/// pairs.sort();
/// assert_eq!(pairs, [("b", "a"), ("c", "a"), ("c", "b")]);
/// ```
#[derive(Debug, Clone)]
pub struct Streamed<U> {
    full: usize,
    /// The first units of the list, as long as it is not longer than `full`; then the last of it.
    held: VecDeque<Entry<U>>,
    /// The unit that ranks first, once the list is longer than `full`.
    first: Option<Entry<U>>,
}

impl<U: Ord + Copy> Streamed<U> {
    /// Begins with an empty list.
    pub fn new(full: usize) -> Self {
        Streamed { full, held: VecDeque::new(), first: None }
    }

    /// Takes in the next unit of the list, and calls `each` with the larger and the smaller unit of some pairs.
    pub fn push(&mut self, entry: Entry<U>, mut each: impl FnMut(Entry<U>, Entry<U>)) {
        if self.first.is_none() {
            if self.held.len() < self.full {
                self.held.push_back(entry);
                return;
            }
            for entry in std::mem::take(&mut self.held) {
                self.meet(entry, &mut each);
            }
        }
        self.meet(entry, &mut each);
    }

    /// Makes the pairs of a unit of a long list with the first unit, and with those before it.
    fn meet(&mut self, entry: Entry<U>, each: &mut impl FnMut(Entry<U>, Entry<U>)) {
        let first = *self.first.get_or_insert(entry);
        if first.unit == entry.unit {
            return;
        }
        pair(first, entry, each);
        self.held.iter().for_each(|&before| pair(before, entry, each));
        if self.held.len() == NEIGHBOURS {
            self.held.pop_front();
        }
        self.held.push_back(entry);
    }

    /// Ends the list, and calls `each` with the rest of its pairs.
    pub fn end(&mut self, mut each: impl FnMut(Entry<U>, Entry<U>)) {
        if self.first.take().is_none() {
            let list = self.held.make_contiguous();
            for (n, &a) in list.iter().enumerate() {
                list[..n].iter().for_each(|&b| pair(a, b, &mut each));
            }
        }
        self.held.clear();
    }
}

fn pair<U: Ord + Copy>(a: Entry<U>, b: Entry<U>, each: &mut impl FnMut(Entry<U>, Entry<U>)) {
    if a.is_larger(&b) { each(a, b) } else { each(b, a) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Order, neighbours};
    use super::*;
    use crate::{UnitId, hash};

    /// The pairs that a list makes where it is held.
    fn held(list: &mut [UnitId], order: Order<'_>, full: usize) -> BTreeSet<(UnitId, UnitId)> {
        order.sort(list, full);
        let long = list.len() > full;
        let mut pairs = BTreeSet::new();
        for (at, &unit) in list.iter().enumerate() {
            match long {
                true => pairs.extend(neighbours(list, at, order.sizes).map(|smaller| (unit, smaller))),
                false => pairs.extend(list[..at].iter().map(|&smaller| (unit, smaller))),
            }
        }
        pairs
    }

    #[test]
    fn pairs_are_those_of_lists_that_are_held() {
        let random = |unit: u64, seed| hash::pair(unit, seed);
        let sizes: Vec<u32> = (0..90).map(|unit| random(unit, 0) as u32 % 20).collect();
        let ranks: Vec<u64> = (0..90).map(|unit| random(unit, 1)).collect();
        let mut list = Streamed::new(12);
        for length in [0, 1, 2, 11, 12, 13, 14, 20, 21, 90] {
            let mut units: Vec<UnitId> = (0..length).map(UnitId).collect();
            let order = Order { sizes: &sizes, rank: &|unit| ranks[unit.index()] };
            let expected = held(&mut units, order, 12);
            units.sort_by_key(|&unit| ranks[unit.index()]);
            let mut found = BTreeSet::new();
            let mut each =
                |a: Entry<UnitId>, b: Entry<UnitId>| assert!(found.insert((a.unit, b.unit)), "each pair once");
            for &unit in &units {
                list.push(Entry { size: sizes[unit.index()], keys: 1, unit }, &mut each);
            }
            list.end(&mut each);
            assert_eq!(found, expected, "{length}");
        }
    }
}
