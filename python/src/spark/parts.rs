//! Hashes that are counted part by part: those that begin with the same bits, wherever in the corpus they occur.

use std::cell::RefCell;
use std::sync::Arc;

use arrow_array::RecordBatch;
use flong::Result;
use flong::count::{FirstCounts, FirstKnowledge, Hashes};
use flong::survey::{Gathered, HashCounts, Part, PartCounts};

use super::batch::{Column, Rows, batch, bytes, ints, wrong};
use super::portrait::{decode, encode};
use super::step::{Setting, Step};

/// Columns of parts: the number of the part, with hashes or with their counts. Parts of lines follow those of shingles.
pub const PARTS: &[Column] = &[("part", "int"), ("bytes", "binary")];

/// Parts of hashes of one kind.
pub(super) const OF_A_KIND: usize = 1 << 10;

pub(super) fn first_part(hashes: Hashes) -> usize {
    match hashes {
        Hashes::Shingles => 0,
        Hashes::Lines => OF_A_KIND,
    }
}

/// Returns rows with hashes by their parts. Each is sorted, and has the distances between them.
pub fn packed(gathered: [(Hashes, Gathered); 2]) -> Result<Vec<RecordBatch>> {
    let rows = |(hashes, gathered): (Hashes, Gathered)| {
        let parts = (first_part(hashes) as i32..).zip(gathered.into_parts()).filter(|(_, part)| !part.is_empty());
        let (numbers, parts): (Vec<i32>, Vec<Vec<u8>>) = parts.map(|(number, part)| (number, pack(part))).unzip();
        batch(PARTS, vec![ints(numbers), bytes(parts.iter().map(Some))])
    };
    gathered.into_iter().map(rows).collect()
}

pub(super) fn pack(part: Part) -> Vec<u8> {
    let mut hashes = part.concat();
    hashes.sort_unstable();
    (1..hashes.len()).rev().for_each(|at| hashes[at] -= hashes[at - 1]);
    encode(&hashes)
}

pub(super) fn unpack(bytes: &[u8]) -> Result<Box<[u32]>> {
    let mut hashes: Vec<u32> = decode(bytes)?;
    for at in 1..hashes.len() {
        let damaged = || wrong("the hashes of a part are damaged");
        hashes[at] = hashes[at].checked_add(hashes[at - 1]).ok_or_else(damaged)?;
    }
    Ok(hashes.into())
}

/// Counts the hashes of parts. Takes those of one part after those of another, and keeps what occurs more than once.
#[derive(Default)]
pub struct CountParts {
    number: i32,
    part: Part,
    counted: Vec<(i32, Vec<u8>)>,
}

impl CountParts {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(CountParts::default()))
    }

    fn end(&mut self) {
        let part = std::mem::take(&mut self.part);
        if !part.is_empty() {
            self.counted.push((self.number, encode(&HashCounts::of(vec![PartCounts::of(part)]))));
        }
    }

    fn made(&mut self) -> Result<RecordBatch> {
        let counted = std::mem::take(&mut self.counted);
        batch(
            PARTS,
            vec![ints(counted.iter().map(|(number, _)| *number)), bytes(counted.iter().map(|(_, part)| Some(part)))],
        )
    }
}

impl Step for CountParts {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let (numbers, parts) = (Rows(rows).ints("part")?, Rows(rows).bytes("bytes")?);
        for row in 0..rows.num_rows() {
            if self.number != numbers.value(row) {
                self.end();
                self.number = numbers.value(row);
            }
            self.part.push(unpack(parts.value(row))?);
        }
        self.made().map(Some)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        self.end();
        Ok(vec![self.made()?])
    }
}

/// Returns what the first round gave, from the sum of the counts and the counted parts.
pub fn known(counts: FirstCounts, parts: &[(usize, &[u8])]) -> Result<FirstKnowledge> {
    let mut all = [(); 2].map(|()| vec![PartCounts::default(); OF_A_KIND]);
    for &(number, bytes) in parts {
        let place = all.get_mut(number / OF_A_KIND).map(|kind| &mut kind[number % OF_A_KIND]);
        let counted = decode::<HashCounts>(bytes)?.into_parts().pop();
        let (place, counted) = place.zip(counted).ok_or_else(|| wrong("it has a part that is none"))?;
        *place = counted;
    }
    let all = RefCell::new(all);
    counts.try_know_by(|hashes, _| {
        Ok(HashCounts::of(std::mem::take(&mut all.borrow_mut()[first_part(hashes) / OF_A_KIND])))
    })
}
