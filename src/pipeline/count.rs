//! The passes over the corpus that count.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::corpus::{Batch, ByBatch, Corpus, Pool};
use super::counting::Spill;
use super::disk::{Cuts, Engine, SpillFile, SpilledCuts, Written};
use super::stopwatch::Stop;
use super::store::damaged;
use crate::count::{FirstCounts, Groups, Knowledge, Row, SecondCounts, Settings, text};
use crate::hash::HashedMap;
use crate::segment::Cut;
use crate::survey::{Gathered, HashCounts, PartCounts};
use crate::{Document, DocumentId, Params, Result};

/// All that is known of the corpus once it has been counted.
pub(super) struct Counted {
    pub knowledge: Knowledge,
    /// By batch, document after document: in how many documents their shingles occur. Looked up once, since a look-up in
    /// a large table is the slow part, and kept for the next pass.
    counts: Vec<BatchCounts>,
    /// The file of the counts that are not in memory.
    file: Option<SpillFile>,
    /// The cuts of the documents, where these are in a file.
    cuts: Option<Cuts>,
    /// The first document of each batch.
    pub starts: Vec<DocumentId>,
    /// The shingles of paragraphs that are shorter than a shingle, with the number of documents that each occurs in, of those
    /// that several have.
    short: HashedMap<u64, u8>,
}

/// The counts of a batch.
enum BatchCounts {
    Held(Box<[u8]>),
    /// The place in the file, and the number of bytes.
    Spilled(u64, usize),
}

impl BatchCounts {
    fn new(counts: Vec<u8>, file: Option<&SpillFile>) -> Self {
        match file {
            Some(file) => BatchCounts::Spilled(file.append(&counts), counts.len()),
            None => BatchCounts::Held(counts.into()),
        }
    }
}

impl Counted {
    /// Forgets the counts of shingles, the largest table, as far as the passes after this one do without it.
    pub fn forget_shingles(&mut self) {
        self.knowledge.keep_shingles(std::mem::take(&mut self.short));
    }

    /// Returns the documents of a batch with their cuts. A cut that was written down is taken from there, if the text is the
    /// one that it was made of.
    pub fn cuts<'b>(&self, batch: Batch<'b>) -> Result<impl Iterator<Item = (&'b Document, Cut)>> {
        let written = self.cuts.as_ref().map(|cuts| cuts.read(batch.number)).transpose()?;
        let mut written = written.unwrap_or_default();
        Ok(batch.documents.iter().enumerate().map(move |(i, document)| {
            let written = written.next().filter(|((_, key), _)| *key == text(document));
            (document, written.map_or_else(|| (batch.cut)(i), |(_, cut)| cut))
        }))
    }

    /// Gives back the room of a batch on the disk, once the last pass over it is done.
    pub fn forget(&self, batch: usize) {
        self.cuts.iter().for_each(|cuts| cuts.forget(batch));
        if let (BatchCounts::Spilled(at, length), Some(file)) = (&self.counts[batch], &self.file) {
            file.forget(*at, *length);
        }
    }

    /// Returns in how many documents the shingles of a batch occur, document after document.
    pub fn counts(&self, batch: usize) -> Result<Cow<'_, [u8]>> {
        match &self.counts[batch] {
            BatchCounts::Held(counts) => Ok(Cow::Borrowed(counts)),
            &BatchCounts::Spilled(at, length) => {
                let mut counts = vec![0; length];
                self.file.as_ref().ok_or_else(damaged)?.read(at, &mut counts)?;
                Ok(Cow::Owned(counts))
            }
        }
    }
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
    /// The cuts of the documents, which the second pass takes as well; none if they are not to be in memory.
    cuts: ByBatch<Vec<Cut>>,
    /// The sums and the cuts that are not to be in memory.
    spill: Option<(Spill, SpilledCuts)>,
}

impl Observing {
    pub fn new(params: &Params, engine: &Engine) -> Result<Self> {
        let (sums, rows, cuts, spill) = (Pool::default(), ByBatch::default(), ByBatch::default(), Spill::new(engine)?);
        let spill = spill.zip(engine.file()?.map(SpilledCuts::new));
        Ok(Observing { settings: params.counting(), sums, rows, cuts, spill })
    }

    /// Goes through a corpus for the first time.
    pub fn all(corpus: &dyn Corpus, params: &Params, engine: &Engine) -> Result<Self> {
        let observing = Observing::new(params, engine)?;
        corpus.pass(&|batch| observing.observe(batch))?;
        Ok(observing)
    }

    /// Takes in a batch.
    pub fn observe(&self, batch: Batch) {
        let (mut cuts, mut written) = (Vec::new(), Written::default());
        let rows = self.sums.with(|sums| {
            let sums = sums.get_or_insert_with(|| FirstCounts::new(self.settings));
            let each = batch.cuts().enumerate().map(|(place, (document, cut))| {
                let row = Row::of(number(batch.number, place), document, &cut);
                sums.observe_keyed((row.source, row.text), &cut);
                match self.spill {
                    None => cuts.push(cut),
                    Some(_) => written.push((row.source, row.text), &cut),
                }
                row
            });
            let rows = each.collect();
            self.spill.iter().for_each(|(spill, _)| spill.first(sums));
            rows
        });
        self.rows.put(batch.number, rows);
        match &self.spill {
            None => self.cuts.put(batch.number, cuts),
            Some((_, cuts)) => cuts.put(batch.number, &written),
        }
    }

    /// The second pass: counts what many documents repeat that are otherwise different.
    pub fn count(self, engine: &Engine, stop: &Stop) -> Result<Counted> {
        let Observing { settings, mut sums, rows, cuts, spill } = self;
        let (spill, written) = spill.unzip();
        let written = written.map(SpilledCuts::written).transpose()?;
        if let Some(spill) = &spill {
            sums.each(|sums| sums.iter_mut().for_each(|sums| spill.words(sums)));
        }
        let sums = sums.sum(|sum, more| merge(sum, more, FirstCounts::merge));
        let sums = sums.unwrap_or_else(|| FirstCounts::new(settings));
        let batches: Vec<Vec<Row>> = rows.in_order().collect();
        let starts = starts(&batches);
        let keys = |batch: &Vec<Row>| batch.iter().map(|row| (row.source, row.text)).collect();
        let keys: Vec<Vec<(u64, u64)>> = if spill.is_none() { batches.iter().map(keys).collect() } else { Vec::new() };
        let (first, groups) = match &spill {
            None => rayon::join(|| sums.know_by(counted), || grouped(batches, settings)),
            Some(spill) => {
                // One after the other, so that the rows are gone when the counts come.
                let groups = grouped(batches, settings);
                (sums.try_know_by(|hashes, gathered| spill.count(hashes, gathered))?, groups)
            }
        };
        let mut sums: Pool<Option<SecondCounts>> = Pool::default();
        let counts: ByBatch<BatchCounts> = ByBatch::default();
        let short: Mutex<HashedMap<u64, u8>> = Mutex::default();
        let file = engine.file()?;
        let observe = |batch: usize, documents: &mut dyn Iterator<Item = ((u64, u64), Cut)>| {
            let mut few = Vec::new();
            let held = sums.with(|sums| {
                let sums = sums.get_or_insert_with(|| SecondCounts::new(settings));
                let mut held = Vec::new();
                for (place, (keys, cut)) in documents.enumerate() {
                    let is_counted = groups.is_counted(number(batch, place), keys.1);
                    let shingles = sums.observe_keyed(&first, keys, &cut, is_counted);
                    held.extend(shingles.documents());
                    few.extend(shingles.of_short_paragraphs(&cut).filter(|count| count.documents > 1));
                }
                spill.iter().for_each(|spill| spill.second(sums));
                held
            });
            counts.put(batch, BatchCounts::new(held, file.as_ref()));
            let mut short = short.lock().unwrap_or_else(PoisonError::into_inner);
            short.extend(few.into_iter().map(|count| (count.shingle, count.documents)));
        };
        match &written {
            None => {
                let batches: Vec<(usize, Vec<Cut>)> = cuts.in_order().enumerate().collect();
                batches.into_par_iter().try_for_each(|(batch, cuts)| {
                    observe(batch, &mut keys[batch].iter().copied().zip(cuts));
                    stop.check()
                })?;
            }
            Some(written) => (0..written.batches()).into_par_iter().try_for_each(|batch| {
                let mut cuts = written.read(batch)?;
                observe(batch, &mut cuts);
                cuts.end()?;
                stop.check()
            })?,
        }
        if let Some(spill) = &spill {
            sums.each(|sums| sums.iter_mut().for_each(|sums| spill.phrases(sums)));
        }
        let sums = sums.sum(|sum, more| merge(sum, more, SecondCounts::merge));
        let mut sums = sums.unwrap_or_else(|| SecondCounts::new(settings));
        file.as_ref().map_or(Ok(()), SpillFile::check)?;
        let knowledge = match &spill {
            None => sums.know(first, groups)?,
            Some(spill) => {
                sums.put(spill.sums_of_phrases()?);
                let mut knowledge = sums.know(first, groups)?;
                spill.weigh(&mut knowledge)?;
                knowledge
            }
        };
        let short = short.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Counted { knowledge, counts: counts.in_order().collect(), file, cuts: written, starts, short })
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

/// Returns the first document of each batch.
fn starts(batches: &[Vec<Row>]) -> Vec<DocumentId> {
    let next = |start: &mut u32, batch: &Vec<Row>| Some(std::mem::replace(start, *start + batch.len() as u32));
    batches.iter().scan(0, next).map(DocumentId).collect()
}

/// Groups the rows of all documents, if that is of use.
fn grouped(batches: Vec<Vec<Row>>, settings: Settings) -> Groups {
    if !settings.set_aside {
        return Groups::default();
    }
    let mut rows = Vec::with_capacity(batches.iter().map(Vec::len).sum());
    batches.into_iter().for_each(|batch| rows.extend(batch));
    Groups::of(&rows)
}

/// Counts what was gathered, part by part on all threads.
fn counted(gathered: Gathered) -> HashCounts {
    HashCounts::of(gathered.into_parts().into_par_iter().map(PartCounts::of).collect())
}
