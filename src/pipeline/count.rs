//! The passes over the corpus that count.

use rayon::prelude::*;

use super::corpus::{Batch, ByBatch, Corpus, Pool};
use crate::count::{FirstCounts, Groups, Knowledge, Row, SecondCounts, Settings, text};
use crate::survey::{Gathered, HashCounts, PartCounts};
use crate::{Params, Result};

/// All that is known of the corpus once it has been counted.
pub(super) struct Counted {
    pub knowledge: Knowledge,
    /// By batch, document after document: in how many documents their shingles occur. Looked up once, since a look-up in
    /// a large table is the slow part, and kept for the next pass.
    pub counts: Vec<Box<[u8]>>,
    /// The index of the first document of each batch.
    pub starts: Vec<u32>,
}

/// Returns the part of the parameters that counts depend on.
pub(super) fn settings(params: &Params) -> Settings {
    Settings { shingle: params.shingle, set_aside: params.set_aside }
}

/// Returns the number of a document by its batch and its place there.
fn number(batch: usize, place: usize) -> u64 {
    (batch as u64) << 32 | place as u64
}

/// The first pass: what each document adds to the sums that all others are judged by.
pub(super) struct Observing {
    settings: Settings,
    sums: Pool<Option<FirstCounts>>,
    rows: ByBatch<Vec<Row>>,
}

impl Observing {
    pub fn new(params: &Params) -> Self {
        Observing { settings: settings(params), sums: Pool::default(), rows: ByBatch::default() }
    }

    /// Goes through a corpus for the first time.
    pub fn all(corpus: &dyn Corpus, params: &Params) -> Result<Self> {
        let observing = Observing::new(params);
        corpus.pass(&|batch| observing.observe(batch))?;
        Ok(observing)
    }

    /// Takes in a batch.
    pub fn observe(&self, batch: Batch) {
        let rows = self.sums.with(|sums| {
            let sums = sums.get_or_insert_with(|| FirstCounts::new(self.settings));
            let each = batch.cuts().enumerate().map(|(place, (document, cut))| {
                sums.observe(document, &cut);
                Row::of(number(batch.number, place), document, &cut)
            });
            each.collect()
        });
        self.rows.put(batch.number, rows);
    }

    /// The second pass: counts what many documents repeat that are otherwise different.
    pub fn count(self, corpus: &dyn Corpus) -> Result<Counted> {
        let settings = self.settings;
        let sums = self.sums.sum(|sum, more| merge(sum, more, FirstCounts::merge));
        let sums = sums.unwrap_or_else(|| FirstCounts::new(settings));
        let batches: Vec<Vec<Row>> = self.rows.in_order().collect();
        let starts = starts(&batches);
        let (first, groups) = rayon::join(|| sums.know_by(counted), || grouped(batches, settings));
        let sums: Pool<Option<SecondCounts>> = Pool::default();
        let counts: ByBatch<Box<[u8]>> = ByBatch::default();
        corpus.pass(&|batch| {
            let held = sums.with(|sums| {
                let sums = sums.get_or_insert_with(|| SecondCounts::new(settings));
                let mut held = Vec::new();
                for (place, (document, cut)) in batch.cuts().enumerate() {
                    let is_counted = groups.is_counted(number(batch.number, place), text(document));
                    held.extend(sums.observe(&first, document, &cut, is_counted).documents());
                }
                held.into_boxed_slice()
            });
            counts.put(batch.number, held);
        })?;
        let sums = sums.sum(|sum, more| merge(sum, more, SecondCounts::merge));
        let sums = sums.unwrap_or_else(|| SecondCounts::new(settings));
        Ok(Counted { knowledge: sums.know(first, groups)?, counts: counts.in_order().collect(), starts })
    }
}

/// Adds some counts to others of the same run.
fn merge<C>(sum: &mut Option<C>, more: Option<C>, add: impl Fn(&mut C, C) -> Result<()>) {
    match (sum.as_mut(), more) {
        (Some(sum), Some(more)) => add(sum, more).expect("all counts of a run have its parameters"),
        (None, more) => *sum = more,
        (Some(_), None) => {}
    }
}

/// Returns the index of the first document of each batch.
fn starts(batches: &[Vec<Row>]) -> Vec<u32> {
    let next = |start: &mut u32, batch: &Vec<Row>| Some(std::mem::replace(start, *start + batch.len() as u32));
    batches.iter().scan(0, next).collect()
}

/// Groups the rows of all documents, if that is of use.
fn grouped(batches: Vec<Vec<Row>>, settings: Settings) -> Groups {
    let rows: Vec<Row> = if settings.set_aside { batches.into_iter().flatten().collect() } else { Vec::new() };
    Groups::of(&rows)
}

/// Counts what was gathered, part by part on all threads.
fn counted(gathered: Gathered) -> HashCounts {
    HashCounts::of(gathered.into_parts().into_par_iter().map(PartCounts::of).collect())
}
