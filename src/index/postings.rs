//! Postings: which items have a key. Sorted runs, packed into blocks that fill a page of the database.
//!
//! A posting is a key above an item's number, so that order among postings is that among keys. A block holds, for each
//! posting, the distance of its key from the one before, as a variable-length number, and the item's number less the first
//! of its segment, in as many bytes as the segment needs. For keys of 24 bits that is four bytes a posting for a million
//! items.
//!
//! Blocks of a run leave no gaps: the first begins with 0, each says where the next begins, the last says that none
//! follows, and an empty run has an empty block. So a reader knows that it has seen all blocks that may hold a key, even in
//! a file that is damaged.

use std::ops::RangeInclusive;

use redb::{ReadableTable, Table};

use super::failure::Failure;
use super::seal::{SEAL, seal, unsealed};
use super::store::BLOCK;
use crate::hash;

/// The postings of one family (a band, or what else items are looked up by) in one segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub family: u8,
    pub segment: u32,
    /// The first item of the segment, and how many it has.
    pub first: u32,
    pub items: u32,
}

/// Bytes at the beginning of a block that say where the next begins.
const NEXT: usize = 8;
/// Mark of the last block, in place of where the next begins.
const END: u64 = u64::MAX;

/// Returns the key of a posting: the first bits of a hash.
pub(super) fn posting(key: u32, item: u32) -> u64 {
    u64::from(key) << 32 | u64::from(item)
}

impl Run {
    fn width(&self) -> usize {
        (4 - self.items.max(1).leading_zeros() as usize / 8).max(1)
    }

    fn places(&self, from: u64, to: u64) -> RangeInclusive<(u8, u32, u64)> {
        (self.family, self.segment, from)..=(self.family, self.segment, to)
    }

    /// Returns what a block is sealed with.
    fn key(&self, start: u64) -> u64 {
        hash::sequence(&[self.family.into(), self.segment.into(), start])
    }

    /// Packs sorted postings and stores them.
    pub fn write(&self, postings: &[u64], table: &mut Table<(u8, u32, u64), &'static [u8]>) -> Result<(), Failure> {
        let width = self.width();
        let (mut block, mut start, mut before) = (vec![0; NEXT], 0, 0);
        for &posting in postings {
            // A key's distance takes five bytes at most.
            if block.len() + 5 + width + SEAL > BLOCK {
                self.store(start, &mut block, posting, table)?;
                (start, before) = (posting, (posting >> 32) as u32);
            }
            let (key, item) = ((posting >> 32) as u32, posting as u32 - self.first);
            super::block::put(&mut block, u64::from(key - before));
            block.extend_from_slice(&item.to_le_bytes()[..width]);
            before = key;
        }
        self.store(start, &mut block, END, table)
    }

    /// Stores a block, and clears it for the next, which begins with `next`.
    fn store(
        &self,
        start: u64,
        block: &mut Vec<u8>,
        next: u64,
        table: &mut Table<(u8, u32, u64), &'static [u8]>,
    ) -> Result<(), Failure> {
        block[..NEXT].copy_from_slice(&next.to_le_bytes());
        seal(self.key(start), block);
        table.insert((self.family, self.segment, start), &block[..])?;
        block.truncate(NEXT);
        Ok(())
    }

    /// Returns the postings of a block, packed, and where the next block begins.
    fn open<'b>(&self, start: u64, sealed: &'b [u8]) -> Result<(&'b [u8], u64), Failure> {
        let block = unsealed(self.key(start), sealed).and_then(|block| block.split_first_chunk::<NEXT>());
        let (next, packed) = block.ok_or(Failure::damaged("a block of postings is not what was written"))?;
        Ok((packed, u64::from_le_bytes(*next)))
    }

    fn unpack(&self, start: u64, block: &[u8], mut each: impl FnMut(u64) -> bool) -> Option<()> {
        let (width, mut at, mut key) = (self.width(), 0, (start >> 32) as u32);
        while at < block.len() {
            key = key.checked_add(super::block::take(block, &mut at)? as u32)?;
            let mut item = [0; 4];
            item[..width].copy_from_slice(block.get(at..at + width)?);
            at += width;
            if !each(posting(key, self.first.checked_add(u32::from_le_bytes(item))?)) {
                break;
            }
        }
        Some(())
    }

    /// Appends the items that have a key. Where they are in many blocks and more than `full`, those in the middle may be
    /// left out: at least `full` of the first and of the last are there, if there are that many.
    pub fn find(
        &self,
        key: u32,
        full: usize,
        table: &impl ReadableTable<(u8, u32, u64), &'static [u8]>,
        items: &mut Vec<u32>,
    ) -> Result<(), Failure> {
        let (least, most) = (posting(key, 0), posting(key, u32::MAX));
        let follows = |next: u64| next == END || next > most;
        let (mut after, before) = (None, items.len());
        // From the last block that can hold the key, back to the one that begins before it.
        for entry in table.range(self.places(0, most))?.rev() {
            let (place, block) = entry?;
            let start = place.value().2;
            let (packed, next) = self.open(start, block.value())?;
            if !after.map_or_else(|| follows(next), |after| next == after) {
                return Err(gap());
            }
            self.take_key(key, start, packed, items)?;
            if start < least || start == 0 {
                return Ok(());
            }
            if items.len() - before > full {
                return self.find_first(key, start, full, table, items);
            }
            after = Some(start);
        }
        Err(gap())
    }

    /// Appends the first items that have a key, from the block that holds the first one on: `full` of them, or those in
    /// blocks before the one that begins with `end`.
    fn find_first(
        &self,
        key: u32,
        end: u64,
        full: usize,
        table: &impl ReadableTable<(u8, u32, u64), &'static [u8]>,
        items: &mut Vec<u32>,
    ) -> Result<(), Failure> {
        let before = items.len();
        let first = table.range(self.places(0, posting(key, 0)))?.next_back().ok_or_else(gap)??.0.value().2;
        let mut expected = first;
        for entry in table.range(self.places(first, end - 1))? {
            let (place, block) = entry?;
            let (packed, next) = self.open(place.value().2, block.value())?;
            if place.value().2 != expected {
                return Err(gap());
            }
            self.take_key(key, expected, packed, items)?;
            if items.len() - before > full {
                return Ok(());
            }
            expected = next;
        }
        if expected == end { Ok(()) } else { Err(gap()) }
    }

    /// Appends the items of a block that have a key.
    fn take_key(&self, key: u32, start: u64, packed: &[u8], items: &mut Vec<u32>) -> Result<(), Failure> {
        let read = self.unpack(start, packed, |posting| {
            if (posting >> 32) as u32 == key {
                items.push(posting as u32);
            }
            (posting >> 32) as u32 <= key
        });
        read.ok_or_else(|| Failure::damaged("a block of postings breaks off"))
    }

    /// Reads the whole run: passes on each posting, in order.
    pub fn each(
        &self,
        table: &impl ReadableTable<(u8, u32, u64), &'static [u8]>,
        mut each: impl FnMut(u64),
    ) -> Result<u64, Failure> {
        let (mut expected, mut blocks) = (0, 0);
        for entry in table.range(self.places(0, u64::MAX))? {
            let (place, block) = entry?;
            expected = self.next_block(place.value().2, expected, block.value(), &mut each)?;
            blocks += 1;
        }
        if expected == END { Ok(blocks) } else { Err(gap()) }
    }

    /// Takes the run out: its postings, sorted.
    pub fn take(&self, table: &mut Table<(u8, u32, u64), &'static [u8]>) -> Result<Vec<u64>, Failure> {
        let mut found = Vec::with_capacity(self.items as usize);
        let mut expected = 0;
        for entry in table.extract_from_if(self.places(0, u64::MAX), |_, _| true)? {
            let (place, block) = entry?;
            expected = self.next_block(place.value().2, expected, block.value(), &mut |posting| found.push(posting))?;
        }
        if expected == END { Ok(found) } else { Err(gap()) }
    }

    /// Reads a block that must begin as `expected`. Returns where the next one begins.
    fn next_block(&self, start: u64, expected: u64, sealed: &[u8], each: &mut impl FnMut(u64)) -> Result<u64, Failure> {
        if start != expected {
            return Err(gap());
        }
        let (packed, next) = self.open(start, sealed)?;
        let read = self.unpack(start, packed, |posting| {
            each(posting);
            true
        });
        read.ok_or_else(|| Failure::damaged("a block of postings breaks off"))?;
        Ok(next)
    }
}

fn gap() -> Failure {
    Failure::damaged("a block of postings is missing")
}

/// Returns the runs of one family in some segments, which follow one another, as one run of another segment.
pub(super) fn merge(runs: &[Run], into: Run, table: &mut Table<(u8, u32, u64), &'static [u8]>) -> Result<(), Failure> {
    let mut all = Vec::with_capacity(into.items as usize);
    for run in runs {
        all.append(&mut run.take(table)?);
    }
    // Runs that are sorted already are merged by this sort.
    all.sort();
    into.write(&all, table)
}

#[cfg(test)]
mod tests {
    use redb::{Database, ReadableDatabase};

    use super::super::store::POSTINGS;
    use super::*;
    use crate::hash;

    /// Random keys, and one that very many items have.
    fn postings(items: u32, first: u32) -> Vec<u64> {
        let key = |i: u32| if i.is_multiple_of(3) { 77 } else { hash::constant(u64::from(i) % 500) as u32 >> 8 };
        let mut all: Vec<u64> = (first..first + items).map(|i| posting(key(i), i)).collect();
        all.sort_unstable();
        all
    }

    /// Returns a key that few items have.
    fn expected_key() -> u32 {
        hash::constant(4) as u32 >> 8
    }

    #[test]
    fn what_is_packed_is_found_as_a_scan_finds_it() {
        let backend = redb::backends::InMemoryBackend::new();
        let database = Database::builder().create_with_backend(backend).unwrap();
        let run = |segment, first, items| Run { family: 3, segment, first, items };
        let (one, two, both) = (run(0, 0, 5000), run(1, 5000, 70_000), run(2, 0, 75_000));
        let all = [postings(5000, 0), postings(70_000, 5000)];
        let write = database.begin_write().unwrap();
        {
            let mut table = write.open_table(POSTINGS).unwrap();
            one.write(&all[0], &mut table).unwrap();
            two.write(&all[1], &mut table).unwrap();
            run(3, 0, 9).write(&[posting(77, 1)], &mut table).unwrap();
        }
        write.commit().unwrap();
        let found = |runs: &[Run]| {
            let read = database.begin_read().unwrap();
            let table = read.open_table(POSTINGS).unwrap();
            let of = |key| {
                let mut items = Vec::new();
                runs.iter().for_each(|run| run.find(key, usize::MAX, &table, &mut items).unwrap());
                items.sort_unstable();
                items
            };
            [77, 76, 0, u32::MAX, hash::constant(4) as u32 >> 8, hash::constant(499) as u32 >> 8].map(of)
        };
        let scan = |key: u32| -> Vec<u32> {
            let mut items: Vec<u32> =
                all.iter().flatten().filter(|p| (*p >> 32) as u32 == key).map(|p| *p as u32).collect();
            items.sort_unstable();
            items
        };
        let expected = [77, 76, 0, u32::MAX, hash::constant(4) as u32 >> 8, hash::constant(499) as u32 >> 8].map(scan);
        assert!(expected[0].len() > 20_000 && !expected[4].is_empty());
        assert_eq!(found(&[one, two]), expected);
        let write = database.begin_write().unwrap();
        merge(&[one, two], both, &mut write.open_table(POSTINGS).unwrap()).unwrap();
        write.commit().unwrap();
        assert_eq!(found(&[both]), expected);
        // Of a long list the ends are enough.
        let read = database.begin_read().unwrap();
        let table = read.open_table(POSTINGS).unwrap();
        let mut ends = Vec::new();
        both.find(77, 50, &table, &mut ends).unwrap();
        ends.sort_unstable();
        assert!(ends.len() > 100 && ends.len() < 8000, "{}", ends.len());
        assert_eq!((&ends[..50], ends.last_chunk::<50>()), (&expected[0][..50], expected[0].last_chunk()));
        let mut all = Vec::new();
        both.find(expected_key(), 50, &table, &mut all).unwrap();
        assert_eq!(all, expected[4], "a short list is found whole");
        let read = database.begin_read().unwrap();
        let table = read.open_table(POSTINGS).unwrap();
        assert!(one.find(77, usize::MAX, &table, &mut Vec::new()).is_err(), "what was merged is gone, and missed");
    }

    #[test]
    fn a_block_that_is_missing_or_stands_elsewhere_is_missed() {
        let backend = redb::backends::InMemoryBackend::new();
        let database = Database::builder().create_with_backend(backend).unwrap();
        let run = Run { family: 3, segment: 0, first: 0, items: 9000 };
        let write = database.begin_write().unwrap();
        {
            let mut table = write.open_table(POSTINGS).unwrap();
            run.write(&postings(9000, 0), &mut table).unwrap();
            Run { segment: 1, ..run }.write(&[], &mut table).unwrap();
        }
        write.commit().unwrap();
        let blocks = || -> Vec<u64> {
            let read = database.begin_read().unwrap();
            let table = read.open_table(POSTINGS).unwrap();
            table.range((3, 0, 0)..=(3, 0, u64::MAX)).unwrap().map(|block| block.unwrap().0.value().2).collect()
        };
        let starts = blocks();
        assert!(starts.len() > 5 && starts[0] == 0);
        let look = |table: &redb::Table<(u8, u32, u64), &'static [u8]>, key: u32| {
            run.find(key, usize::MAX, table, &mut Vec::new()).is_ok()
        };
        for (n, &start) in starts.iter().enumerate() {
            let write = database.begin_write().unwrap();
            let mut table = write.open_table(POSTINGS).unwrap();
            assert!(look(&table, 77) && look(&table, 0) && look(&table, u32::MAX));
            let block = table.remove((3, 0, start)).unwrap().unwrap().value().to_vec();
            assert!(run.each(&table, |_| ()).is_err(), "block {n}");
            assert!(!look(&table, (start >> 32) as u32), "block {n}");
            table.insert((3, 0, start + 1), &block[..]).unwrap();
            assert!(!look(&table, (start >> 32) as u32), "block {n} elsewhere");
            drop(table);
            write.abort().unwrap();
        }
        let read = database.begin_read().unwrap();
        let mut found = Vec::new();
        Run { segment: 1, ..run }.find(7, usize::MAX, &read.open_table(POSTINGS).unwrap(), &mut found).unwrap();
        assert!(found.is_empty(), "an empty run has nothing and misses nothing");
    }
}
