//! Candidate pairs by shared fingerprints, from lists in a file.

use std::ops::Range;

use super::{PIECE, Plain, Reader, Sorter, SpillFile};
use crate::fingerprint::Fingerprints;
use crate::propose::{Order, neighbours};
use crate::{CandidatePair, KeyedUnit, Result, UnitId};

/// The units of each key that more than one has, in a file of its own: what [`Postings`](crate::propose::Postings) hold in
/// memory.
pub(in crate::pipeline) struct Lists {
    file: SpillFile,
    /// The number of pairs of each part of the larger units, counted once for each key that the two share.
    pairs: Vec<u64>,
    /// The number of lists that were too long to compare each unit with each.
    pub long: u64,
    settings: Fingerprints,
    /// By how many bits a unit's number is shifted to give its part.
    shift: u32,
}

impl Lists {
    /// Makes the lists from the [bits](KeyedUnit::bits) of units with their keys, and writes them to `file`.
    pub fn of(
        entries: Sorter<'_>,
        file: SpillFile,
        order: Order<'_>,
        settings: Fingerprints,
        (parts, shift): (usize, u32),
    ) -> Result<Self> {
        let mut lists = Lists { file, pairs: vec![0; parts], long: 0, settings, shift };
        let mut list: Vec<UnitId> = Vec::new();
        let mut bytes = Vec::new();
        let mut key = None;
        entries.merge(|entry| {
            let entry = KeyedUnit::from_bits(entry);
            if key != Some(entry.key()) {
                lists.end(&mut list, order, &mut bytes);
                key = Some(entry.key());
            }
            list.push(entry.unit());
        })?;
        lists.end(&mut list, order, &mut bytes);
        lists.file.append(&bytes);
        lists.file.check()?;
        Ok(lists)
    }

    fn end(&mut self, list: &mut Vec<UnitId>, order: Order<'_>, bytes: &mut Vec<u8>) {
        if list.len() > 1 {
            order.sort(list, self.settings.full_list);
            self.long += u64::from(list.len() > self.settings.full_list);
            let (pairs, shift) = (&mut self.pairs, self.shift);
            each_pair(list, order, self.settings.full_list, |_| true, |larger, _| pairs[larger.index() >> shift] += 1);
            (list.len() as u32).put(bytes);
            list.iter().for_each(|unit| unit.0.put(bytes));
            if bytes.len() > PIECE * u32::BYTES {
                self.file.append(bytes);
                bytes.clear();
            }
        }
        list.clear();
    }

    /// Returns the parts in groups: the pairs of a group take at most `working_bytes`, or are those of one part.
    pub fn groups(&self, working_bytes: usize) -> Vec<Range<usize>> {
        let room = working_bytes as u64 / size_of::<CandidatePair>() as u64;
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut held = u64::MAX;
        for (part, &pairs) in self.pairs.iter().enumerate() {
            match groups.last_mut() {
                Some(group) if held.saturating_add(pairs) <= room => group.end = part + 1,
                _ => {
                    groups.push(part..part + 1);
                    held = 0;
                }
            }
            held += pairs;
        }
        groups
    }

    /// Puts the pairs of some parts that share enough keys into `pairs`, the larger unit of each first, ascending.
    pub fn pairs(
        &self,
        parts: Range<usize>,
        order: Order<'_>,
        key_counts: &[u32],
        pairs: &mut Vec<CandidatePair>,
    ) -> Result<()> {
        pairs.clear();
        pairs.reserve_exact(self.pairs[parts.clone()].iter().sum::<u64>() as usize);
        let numbers = (self.file.end() / u32::BYTES as u64) as usize;
        let mut reader: Reader<u32> = Reader::new(&self.file, 0, numbers, PIECE);
        let mut list = Vec::new();
        while let Some(length) = reader.next()? {
            list.clear();
            for _ in 0..length {
                list.extend(reader.next()?.map(UnitId));
            }
            let is_wanted = |larger: UnitId| parts.contains(&(larger.index() >> self.shift));
            each_pair(&list, order, self.settings.full_list, is_wanted, |larger, smaller| {
                pairs.push(CandidatePair::new(larger, smaller));
            });
        }
        rayon::slice::ParallelSliceMut::par_sort_unstable(&mut pairs[..]);
        self.keep_enough(pairs, key_counts);
        Ok(())
    }

    /// Keeps one of each run of equal pairs that is long enough.
    fn keep_enough(&self, pairs: &mut Vec<CandidatePair>, key_counts: &[u32]) {
        let (mut from, mut kept) = (0, 0);
        while from < pairs.len() {
            let pair = pairs[from];
            let run = pairs[from..].iter().take_while(|&&next| next == pair).count();
            let needed = self.settings.needed(key_counts[pair.first().index()], key_counts[pair.second().index()]);
            if run as u32 >= needed {
                pairs[kept] = pair;
                kept += 1;
            }
            from += run;
        }
        pairs.truncate(kept);
    }
}

/// Calls `each` with the larger and the smaller unit of each pair that a list makes whose larger unit is wanted: the same as
/// [`Tally`](crate::propose::Tally) meets.
fn each_pair(
    list: &[UnitId],
    order: Order<'_>,
    full_list: usize,
    is_wanted: impl Fn(UnitId) -> bool,
    mut each: impl FnMut(UnitId, UnitId),
) {
    for (at, &unit) in list.iter().enumerate().filter(|&(_, &unit)| is_wanted(unit)) {
        if list.len() <= full_list {
            list[..at].iter().for_each(|&smaller| each(unit, smaller));
        } else {
            neighbours(list, at, order.sizes).for_each(|smaller| each(unit, smaller));
        }
    }
}
