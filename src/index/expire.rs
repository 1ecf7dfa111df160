//! Forgetting items: the rest is written anew, without gaps.

use redb::ReadableTable;

use super::add::{Addition, sampled};
use super::entry::Row;
use super::failure::{Failure, attempt};
use super::families::Families;
use super::item::{Item, Unpacker};
use super::postings::{Run, posting};
use super::seal::{seal, seal_count, unsealed_count};
use super::store::{ITEMS, POSTINGS, ROWS, SAMPLE, SOURCES, Segment};
use super::{block, lookup};
use crate::Result;
use crate::date::Day;

/// The number of an item that was forgotten.
const GONE: u32 = u32::MAX;

impl Addition<'_> {
    /// Forgets all items from before a day, by their date, or by the day they were added where they have none. Nothing may
    /// have been added before. Returns their number.
    ///
    /// Boilerplate is learned again from the rest of the sample. The number of texts with a word still counts all texts
    /// that were ever added: a language does not expire.
    pub fn expire(&mut self, before: Day) -> Result<u32> {
        attempt(self.index().path(), || self.forget(before))
    }

    fn forget(&mut self, before: Day) -> Result<u32, Failure> {
        let numbers = self.forget_items(before)?;
        let gone = numbers.iter().filter(|&&number| number == GONE).count() as u32;
        if gone == 0 {
            return Ok(0);
        }
        self.forget_rows(&numbers)?;
        self.forget_postings(&numbers)?;
        self.forget_sample(before)?;
        self.state.items -= gone;
        self.before = self.state.clone();
        Ok(gone)
    }

    /// Writes the items that stay anew, and returns every item's new number.
    fn forget_items(&mut self, before: Day) -> Result<Vec<u32>, Failure> {
        let damaged = || Failure::damaged("items cannot be read");
        let mut numbers: Vec<u32> = Vec::with_capacity(self.state.items as usize);
        let mut kept = 0;
        let mut unpacker = Unpacker::new();
        self.pack.first = 0;
        let mut table = self.transaction.open_table(ITEMS)?;
        let mut sources = self.transaction.open_table(SOURCES)?;
        while (numbers.len() as u32) < self.state.items {
            // What is written has lower numbers than what is still to be read.
            let (first, packed) = block::load(numbers.len() as u32, &table)?.ok_or_else(damaged)?;
            let bytes = unpacker.unpack(&packed).ok_or_else(damaged)?;
            table.retain_in((first, 0)..=(first, u32::MAX), |_, _| false)?;
            if first as usize != numbers.len() {
                return Err(damaged());
            }
            let mut at = 0;
            while at < bytes.len() {
                let item = Item::read(&bytes, &mut at).ok_or_else(damaged)?;
                if item.day() < before {
                    numbers.push(GONE);
                    let source = item.source.as_deref().unwrap_or("");
                    let held = sources.get(source)?.map(|count| unsealed_count(source, count.value())).transpose()?;
                    match held.unwrap_or(0).saturating_sub(1) {
                        0 => drop(sources.remove(source)?),
                        left => drop(sources.insert(source, seal_count(source, left))?),
                    }
                    continue;
                }
                numbers.push(kept);
                kept += 1;
                self.pack.push(&item);
                if self.pack.is_full(self.index().settings().text)
                    && let Some((first, packed)) = self.pack.take(kept)
                {
                    block::store(first, &packed, &mut table)?;
                }
            }
        }
        // The rest of the pack is written with what is added next, or at the end.
        Ok(numbers)
    }

    fn forget_rows(&mut self, numbers: &[u32]) -> Result<(), Failure> {
        let (size, many) = (Row::size(self.index().settings()), lookup::rows_in_group(self.index().settings()));
        let mut table = self.transaction.open_table(ROWS)?;
        let mut rows = Vec::with_capacity(size * many);
        let mut written = 0u32;
        for (group, numbers) in (0u32..).zip(numbers.chunks(many)) {
            let old = {
                let old = table.remove(group)?;
                lookup::rows_of(group, old.as_ref().map(|old| old.value()))?.to_vec()
            };
            for (row, _) in old.chunks(size).zip(numbers).filter(|(_, number)| **number != GONE) {
                rows.extend_from_slice(row);
                if rows.len() == size * many {
                    seal(lookup::group_key(written), &mut rows);
                    table.insert(written, &rows[..])?;
                    rows.clear();
                    written += 1;
                }
            }
        }
        self.rows = rows;
        Ok(())
    }

    fn forget_postings(&mut self, numbers: &[u32]) -> Result<(), Failure> {
        let mut table = self.transaction.open_table(POSTINGS)?;
        let items = numbers.iter().filter(|&&number| number != GONE).count() as u32;
        let segment = Segment { number: self.state.next, first: 0, items };
        self.state.next += 1;
        for family in Families::of(self.index().settings()).all() {
            let mut all = Vec::with_capacity(items as usize);
            for old in &self.state.segments {
                all.append(&mut Run::of(family, old).take(&mut table)?);
            }
            let renumbered = all.iter().filter_map(|&old| match numbers.get(old as u32 as usize) {
                Some(&number) if number != GONE => Some(posting((old >> 32) as u32, number)),
                _ => None,
            });
            let mut all: Vec<u64> = renumbered.collect();
            all.sort();
            Run::of(family, &segment).write(&all, &mut table)?;
        }
        self.state.segments = if items > 0 { vec![segment] } else { Vec::new() };
        Ok(())
    }

    fn forget_sample(&mut self, before: Day) -> Result<(), Failure> {
        let table = self.transaction.open_table(SAMPLE)?;
        for entry in table.iter()? {
            let (place, bytes) = entry?;
            if sampled(place.value(), bytes.value())?.day < before {
                self.dropped.insert(place.value());
            }
        }
        for place in &self.dropped {
            self.sample.remove(*place);
        }
        Ok(())
    }
}
