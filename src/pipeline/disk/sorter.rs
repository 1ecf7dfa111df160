//! Sorting more numbers than fit in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::{Reader, SpillFile};
use crate::Result;

/// Sorts numbers by way of a temporary file: sorted runs are written, then merged.
pub(in crate::pipeline) struct Sorter<'a> {
    file: &'a SpillFile,
    /// Numbers in a run.
    room: usize,
    waiting: Vec<u64>,
    /// The place and the length of each run, in numbers.
    runs: Vec<(u64, usize)>,
}

impl<'a> Sorter<'a> {
    /// Sorts with `working_bytes` of memory.
    pub fn new(file: &'a SpillFile, working_bytes: usize) -> Self {
        // While a run grows, it is in memory twice for a moment.
        let room = (working_bytes / 16).max(1 << 10);
        Sorter { file, room, waiting: Vec::new(), runs: Vec::new() }
    }

    /// Takes in a number.
    pub fn push(&mut self, number: u64) {
        if self.waiting.len() == self.room {
            self.write();
        }
        self.waiting.push(number);
    }

    fn write(&mut self) {
        self.waiting.par_sort_unstable();
        self.runs.push((self.file.append_all(&self.waiting), self.waiting.len()));
        self.waiting.clear();
    }

    /// Calls `each` with all numbers, in order.
    pub fn merge(mut self, each: impl FnMut(u64)) -> Result<()> {
        if self.runs.is_empty() {
            self.waiting.par_sort_unstable();
            self.waiting.into_iter().for_each(each);
            return Ok(());
        }
        self.write();
        self.file.check()?;
        self.waiting = Vec::new();
        merge_runs(self.file, &self.runs, self.room * size_of::<u64>(), each)
    }
}

/// Calls `each` with the numbers of sorted runs, in order. A run is its place in the file and its length in numbers;
/// `working_bytes` is how much of all of them is in memory at a time.
pub(super) fn merge_runs(
    file: &SpillFile,
    runs: &[(u64, usize)],
    working_bytes: usize,
    mut each: impl FnMut(u64),
) -> Result<()> {
    let piece = (working_bytes / size_of::<u64>() / runs.len().max(1)).max(1 << 9);
    let mut runs: Vec<Reader<u64>> = runs.iter().map(|&(at, count)| Reader::new(file, at, count, piece)).collect();
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (place, run) in runs.iter_mut().enumerate() {
        heads.extend(run.next()?.map(|number| Reverse((number, place))));
    }
    while let Some(mut head) = heads.peek_mut() {
        let Reverse((number, place)) = *head;
        each(number);
        match runs[place].next()? {
            Some(number) => *head = Reverse((number, place)),
            None => drop(std::collections::binary_heap::PeekMut::pop(head)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    #[test]
    fn any_room_sorts_alike() {
        let folder = tempfile::tempdir().unwrap();
        let file = SpillFile::new(folder.path()).unwrap();
        let numbers: Vec<u64> = (0..20_000).map(|n| hash::constant(n) % 5000).collect();
        let mut expected = numbers.clone();
        expected.sort_unstable();
        for working_bytes in [0, 100_000, 1 << 20] {
            let mut sorter = Sorter::new(&file, working_bytes);
            numbers.iter().for_each(|&number| sorter.push(number));
            let mut sorted = Vec::new();
            sorter.merge(|number| sorted.push(number)).unwrap();
            assert_eq!(sorted, expected, "{working_bytes}");
        }
        Sorter::new(&file, 0).merge(|_| panic!("there are none")).unwrap();
    }
}
