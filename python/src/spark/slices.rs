//! Slices of knowledge: the counts of the hashes that a block of documents has, joined by the parts of hashes where the counts of
//! all are too many for one process; and the titles that the block may promote, joined by their first words.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use flong::boilerplate::TitleIndex;
use flong::count::{FirstCounts, Hashes, short_runs};
use flong::segment::cut;
use flong::survey::{Gathered, HashCounts, Part, PartCounts};
use flong::token::Word;
use flong::{Grain, Result};

use super::batch::{Column, Rows, batch, bytes, ints, longs, wrong};
use super::parts::{OF_A_KIND, first_part, pack, unpack};
use super::portrait::{decode, encode, title_words};
use super::read::documents;
use super::step::{Setting, Step};

/// The column of the block that a document is in.
pub const BLOCK: &str = "flong_block";
const PART: &str = "flong_part";
const BYTES: &str = "flong_bytes";

/// Columns of slices: of a part, the hashes that a block asks for, or their counts. Rows of part -1 have a title each.
pub const SLICES: &[Column] = &[(BLOCK, "long"), (PART, "int"), (BYTES, "binary")];

/// Returns the different hashes of a part, ascending.
fn distinct(part: Part) -> Box<[u32]> {
    let mut hashes = part.concat();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into()
}

/// Returns the hashes whose counts each block of documents needs. Takes the documents of one block after those of another.
pub struct Ask {
    setting: Arc<Setting>,
    block: Option<i64>,
    counts: FirstCounts,
    short: Gathered,
}

impl Ask {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        let counts = FirstCounts::new(setting.params.counting());
        Ok(Box::new(Ask { setting, block: None, counts, short: Gathered::default() }))
    }

    /// Returns what the documents of a block need.
    fn end(&mut self) -> Result<Vec<RecordBatch>> {
        let mut counts = std::mem::replace(&mut self.counts, FirstCounts::new(self.setting.params.counting()));
        let mut short = std::mem::take(&mut self.short);
        let Some(block) = self.block.take() else { return Ok(Vec::new()) };
        let made = counts.take().into_iter().map(|(hashes, mut gathered)| {
            if hashes == Hashes::Shingles {
                gathered.merge(std::mem::take(&mut short));
            }
            let parts = (first_part(hashes) as i32..).zip(gathered.into_parts()).filter(|(_, part)| !part.is_empty());
            let (numbers, parts): (Vec<i32>, Vec<Vec<u8>>) =
                parts.map(|(number, part)| (number, pack(vec![distinct(part)]))).unzip();
            let blocks = longs(vec![block; numbers.len()]);
            batch(SLICES, vec![blocks, ints(numbers), bytes(parts.iter().map(Some))])
        });
        made.collect()
    }
}

impl Step for Ask {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let blocks = Rows(rows).longs(BLOCK)?;
        let width = self.setting.params.counting().shingle;
        // Pieces of other grains are at least a paragraph, whose hashes are counted however short it is.
        let is_short = self.setting.params.grains.contains(&Grain::Sentence);
        let mut made = Vec::new();
        for (row, document) in documents(rows, &self.setting)?.iter().enumerate() {
            if self.block != Some(blocks.value(row)) {
                made.extend(self.end()?);
                self.block = Some(blocks.value(row));
            }
            let cut = cut(document);
            self.counts.observe(document, &cut);
            if is_short {
                short_runs(&cut, width, |run| self.short.add(run));
            }
        }
        joined(made)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        self.end()
    }
}

/// Returns rows in one batch.
pub fn joined(made: Vec<RecordBatch>) -> Result<Option<RecordBatch>> {
    let schema = made.first().map(RecordBatch::schema);
    schema.map(|schema| arrow_select::concat::concat_batches(&schema, &made).map_err(wrong)).transpose()
}

/// Returns the counts that blocks ask for. Takes the rows of one part after those of another: first its counts, which are of no
/// block, then what blocks ask for.
#[derive(Default)]
pub struct Answer {
    part: i32,
    counts: PartCounts,
}

impl Answer {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Answer { part: -1, counts: PartCounts::default() }))
    }
}

fn one_part(bytes: &[u8]) -> Result<PartCounts> {
    decode::<HashCounts>(bytes)?.into_parts().pop().ok_or_else(|| wrong("it has a part without counts"))
}

impl Step for Answer {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (blocks, parts, given) = (of.longs(BLOCK)?, of.ints(PART)?, of.bytes(BYTES)?);
        let (mut to, mut numbers, mut counted) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..rows.num_rows() {
            let part = parts.value(row);
            if self.part != part {
                *self = Answer { part, counts: PartCounts::default() };
            }
            if blocks.is_null(row) {
                self.counts = one_part(given.value(row))?;
                continue;
            }
            let some = self.counts.only(&unpack(given.value(row))?);
            if some != PartCounts::default() {
                to.push(blocks.value(row));
                numbers.push(part);
                counted.push(encode(&HashCounts::of(vec![some])));
            }
        }
        batch(SLICES, vec![longs(to), ints(numbers), bytes(counted.iter().map(Some))]).map(Some)
    }
}

/// What is known of a block of documents, and is too much to be known of all.
#[derive(Default)]
pub struct Slice {
    /// The counts of shingles and of lines.
    pub counts: [HashCounts; 2],
    pub titles: TitleIndex,
}

/// The slice of the block whose documents are gone through.
#[derive(Default)]
pub struct Slices {
    /// Whether there are slices at all.
    are_given: bool,
    block: Option<i64>,
    parts: BTreeMap<usize, PartCounts>,
    titles: Vec<Vec<Word>>,
    /// The slice; `None` as long as parts of it come, and where there are no slices.
    whole: Option<Slice>,
}

impl Slices {
    pub fn new(setting: &Setting) -> Self {
        Slices { are_given: setting.extra.is_some(), ..Slices::default() }
    }

    /// Goes through rows of one block after another, each with the parts of its slice before its documents. Calls `each` with
    /// documents of one block, and its slice.
    pub fn take(
        &mut self,
        rows: &RecordBatch,
        mut each: impl FnMut(&RecordBatch, &mut Option<Slice>) -> Result<()>,
    ) -> Result<()> {
        if !self.are_given {
            return each(rows, &mut None);
        }
        let of = Rows(rows);
        let (blocks, parts, given) = (of.longs(BLOCK)?, of.ints(PART)?, of.bytes(BYTES)?);
        let mut row = 0;
        while row < rows.num_rows() {
            if self.block != Some(blocks.value(row)) {
                *self = Slices { are_given: true, block: Some(blocks.value(row)), ..Slices::default() };
            }
            if parts.is_valid(row) {
                self.add(parts.value(row), given.value(row))?;
                row += 1;
                continue;
            }
            let same = |&at: &usize| blocks.value(at) == blocks.value(row) && parts.is_null(at);
            let many = (row..rows.num_rows()).take_while(same).count();
            let mut slice = Some(self.whole());
            each(&rows.slice(row, many), &mut slice)?;
            self.whole = slice;
            row += many;
        }
        Ok(())
    }

    /// Takes in a part of the slice.
    fn add(&mut self, part: i32, bytes: &[u8]) -> Result<()> {
        match usize::try_from(part) {
            Ok(part) => _ = self.parts.insert(part, one_part(bytes)?),
            Err(_) => self.titles.push(title_words(bytes)),
        }
        Ok(())
    }

    /// Returns the slice that all its parts make.
    fn whole(&mut self) -> Slice {
        self.whole.take().unwrap_or_else(|| {
            let titles = std::mem::take(&mut self.titles);
            let titles = TitleIndex::new(titles.iter().map(Vec::as_slice));
            Slice { counts: put_together(std::mem::take(&mut self.parts)), titles }
        })
    }
}

/// Returns the counts of shingles and of lines from their parts.
fn put_together(mut parts: BTreeMap<usize, PartCounts>) -> [HashCounts; 2] {
    [Hashes::Shingles, Hashes::Lines].map(|hashes| {
        let first = first_part(hashes);
        HashCounts::of((first..first + OF_A_KIND).map(|part| parts.remove(&part).unwrap_or_default()).collect())
    })
}
