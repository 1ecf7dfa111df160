//! The passes over the corpus that count.

use rayon::prelude::*;

use super::corpus::{Batch, ByBatch, Corpus, Pool};
use super::counted::Counted;
use super::counting::Spill;
use super::disk::{Engine, Keys, SpilledCuts, Written};
use super::occurrences::{Occurrences, Segment};
use super::second::SecondPass;
use super::stopwatch::Stop;
use super::store::damaged;
use crate::count::{FirstCounts, Groups, Hashes, Row, Settings};
use crate::segment::Cut;
use crate::survey::{Gathered, HashCounts, PartCounts};
use crate::{DocumentId, Params, Result};

/// The first pass: what each document adds to the sums that all others are judged by.
pub(super) struct Observing {
    settings: Settings,
    sums: Pool<(Option<FirstCounts>, Segment<Cuts>)>,
    /// The shingles of batches that are done; with their cuts, which the second pass takes as well, if these are in memory.
    occurrences: Occurrences<Cuts>,
    rows: ByBatch<Vec<Row>>,
    /// The sums and the cuts that are not to be in memory.
    spill: Option<(Spill, SpilledCuts)>,
}

/// The cuts of the documents of a batch, with the keys of their sources and texts.
type Cuts = Vec<(Keys, Cut)>;

impl Observing {
    pub fn new(params: &Params, engine: &Engine) -> Result<Self> {
        let (settings, occurrences, spill) = (params.counting(), Occurrences::new(engine)?, Spill::new(engine)?);
        let spill = spill.zip(engine.file()?.map(SpilledCuts::new));
        Ok(Observing { settings, sums: Pool::default(), occurrences, rows: ByBatch::default(), spill })
    }

    /// Goes through a corpus for the first time.
    pub fn all(corpus: &dyn Corpus, params: &Params, engine: &Engine) -> Result<Self> {
        let observing = Observing::new(params, engine)?;
        corpus.pass(&|batch| observing.observe(batch))?;
        Ok(observing)
    }

    /// Takes in a batch.
    pub fn observe(&self, batch: Batch) {
        let (mut cuts, mut written) = (Cuts::new(), Written::default());
        let rows = self.sums.with(|(sums, segment)| {
            let sums = sums.get_or_insert_with(|| FirstCounts::new(self.settings));
            let each = batch.cuts().enumerate().map(|(place, (document, cut))| {
                let row = Row::of(number(batch.number, place), document, &cut);
                let keys = (row.source, row.text);
                sums.observe_but_shingles(keys, &cut, |shingle| segment.add(shingle));
                match self.spill {
                    None => cuts.push((keys, cut)),
                    Some(_) => written.push(keys, &cut),
                }
                row
            });
            let rows = each.collect();
            segment.end_batch(batch.number, cuts);
            self.occurrences.take_full(segment);
            self.spill.iter().for_each(|(spill, _)| spill.first(sums));
            rows
        });
        self.rows.put(batch.number, rows);
        self.spill.iter().for_each(|(_, cuts)| cuts.put(batch.number, &written));
    }

    /// Counts the shingles, then runs the second pass: counts what many documents repeat that are otherwise different.
    pub fn count(self, engine: &Engine, stop: &Stop) -> Result<Counted> {
        let Observing { settings, mut sums, occurrences, rows, spill } = self;
        let (spill, written) = spill.unzip();
        let written = written.map(SpilledCuts::written).transpose()?;
        sums.each(|(sums, segment)| {
            occurrences.take(segment);
            spill.iter().zip(sums).for_each(|(spill, sums)| spill.words(sums));
        });
        let (sums, _) = sums.sum(|(sum, _), (more, _)| merge(sum, more, FirstCounts::merge));
        let sums = sums.unwrap_or_else(|| FirstCounts::new(settings));
        let (segments, occurrences) = occurrences.count(stop)?;
        let (numbers, batches): (Vec<usize>, Vec<Vec<Row>>) = rows.numbered().into_iter().unzip();
        let starts = starts(&batches);
        let (first, groups) = match &spill {
            None => rayon::join(|| sums.know_by(counted), || grouped(batches, settings)),
            Some(spill) => {
                // One after the other, so that the rows are gone when the counts come.
                let groups = grouped(batches, settings);
                let count = |hashes, gathered| match hashes {
                    Hashes::Shingles => Ok(HashCounts::default()),
                    Hashes::Lines => spill.count_lines(gathered),
                };
                (sums.try_know_by(count)?, groups)
            }
        };
        let pass = SecondPass::new(settings, &first, &groups, spill.as_ref(), engine)?;
        segments.into_par_iter().enumerate().try_for_each(|(segment, batches)| {
            let mut buffer = Vec::new();
            let mut counts = occurrences.of(segment, &mut buffer)?;
            for (batch, cuts) in batches {
                match &written {
                    None => pass.observe(batch, cuts.into_iter(), &mut counts),
                    Some(written) => {
                        let mut cuts = written.read(numbers.binary_search(&batch).map_err(|_| damaged())?)?;
                        pass.observe(batch, &mut cuts, &mut counts);
                        cuts.end()?;
                    }
                }
                stop.check()?;
            }
            counts.end()
        })?;
        let (sums, counts) = pass.end()?;
        let mut knowledge = sums.know(first, groups)?;
        spill.iter().try_for_each(|spill| spill.weigh(&mut knowledge))?;
        Ok(Counted { knowledge, counts, cuts: written, starts })
    }
}

/// Returns the number of a document by its batch and its place there.
pub(super) fn number(batch: usize, place: usize) -> u64 {
    (batch as u64) << 32 | place as u64
}

/// Adds some counts to others of the same run.
pub(super) fn merge<C>(sum: &mut Option<C>, more: Option<C>, add: impl Fn(&mut C, C) -> Result<()>) {
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
pub(super) fn grouped(batches: Vec<Vec<Row>>, settings: Settings) -> Groups {
    if !settings.set_aside {
        return Groups::default();
    }
    let mut rows = Vec::with_capacity(batches.iter().map(Vec::len).sum());
    batches.into_iter().for_each(|batch| rows.extend(batch));
    Groups::of(&rows)
}

/// Counts what was gathered, part by part on all threads.
pub(super) fn counted(gathered: Gathered) -> HashCounts {
    HashCounts::of(gathered.into_parts().into_par_iter().map(PartCounts::of).collect())
}
