//! Candidates and their verification.

use std::hint::black_box;

use rayon::prelude::*;

use super::candidates::Candidates;
use super::disk::{Engine, Matches};
use super::store::{Cache, Fetched, MarkBuffer};
use super::{Counts, Found, Prepared, Stopwatch};
use crate::propose::Tally;
use crate::token::Stem;
use crate::verify::{Match, StemTable, Text, may_match, plausible, verify};
use crate::{CandidatePair, Params, Result, UnitId};

/// Finds all matches, in no particular order. `ranks` are those of the documents.
pub(super) fn matches(
    mut prepared: Prepared,
    ranks: &[u32],
    params: &Params,
    engine: &Engine,
    watch: &mut Stopwatch,
) -> Result<Found> {
    watch.stage("propose");
    // The keys are gone once they are joined.
    let keys = prepared.take_keys();
    let mut candidates = Candidates::of(&prepared, keys, ranks, params, engine)?;
    watch.stage("verify");
    let verifier = Verifier { prepared: &prepared, params, stems: stems(&prepared) };
    let mut found = Matches::new(engine.file()?);
    let mut proposed = 0;
    let stop = watch.stop();
    for group in candidates.groups() {
        candidates.load(group.clone())?;
        // Parts are small enough to be sorted at hand, and verified as soon as they are.
        let parts: Vec<(usize, Vec<Match>)> = group
            .into_par_iter()
            .map_init(Scratch::default, |scratch, part| {
                stop.check()?;
                candidates.part(part, &mut scratch.tally, &mut scratch.pairs)?;
                verifier.part(scratch).map(|matches| (scratch.pairs.len(), found.spill(matches)))
            })
            .collect::<Result<_>>()?;
        proposed += parts.iter().map(|&(candidates, _)| candidates as u64).sum::<u64>();
        parts.into_iter().for_each(|(_, matches)| found.hold(matches));
    }
    let large_buckets = candidates.large_buckets;
    drop(candidates);
    let counts = Counts {
        documents: prepared.documents() as u64,
        bytes: 0,
        units: prepared.profiled.units.len() as u64,
        candidates: proposed,
        large_buckets,
    };
    // What is no longer needed is gone before the matches are in memory.
    let prepared = prepared.discard();
    let matches = best_statements(found, prepared.units.len(), params.thresholds.statement_best)?;
    Ok(Found { matches, counts, ..prepared })
}

/// Buffers of a thread.
struct Scratch {
    pairs: Vec<CandidatePair>,
    tally: Tally,
    table: StemTable,
    marks: MarkBuffer,
    /// Units that may match the present one.
    likely: Vec<UnitId>,
    first: Cache,
    others: Cache,
}

/// Documents that a thread holds whose units come first in a pair, which come in order, and of others.
const CACHED: [usize; 2] = [1, 1 << 10];

impl Default for Scratch {
    fn default() -> Self {
        let [first, others] = CACHED.map(Cache::of);
        Scratch {
            pairs: Vec::new(),
            tally: Tally::default(),
            table: StemTable::default(),
            marks: MarkBuffer::default(),
            likely: Vec::new(),
            first,
            others,
        }
    }
}

/// Returns the stems and the mass of each unit, by which most pairs are refused; nothing where they are in a file.
fn stems(prepared: &Prepared) -> Vec<(&[Stem], f32)> {
    if !prepared.is_held() {
        return Vec::new();
    }
    let units = 0..prepared.profiled.units.len() as u32;
    units.map(|unit| prepared.profile(UnitId(unit))).map(|text| (text.stems, text.mass)).collect()
}

struct Verifier<'a> {
    prepared: &'a Prepared,
    params: &'a Params,
    stems: Vec<(&'a [Stem], f32)>,
}

impl Verifier<'_> {
    /// Verifies pairs, which ascend: those with the same first unit at once, so that what is worked out for it serves all.
    fn part(&self, scratch: &mut Scratch) -> Result<Vec<Match>> {
        let Scratch { pairs, table, marks, likely, first, others, .. } = scratch;
        let mut matches = Vec::new();
        for run in pairs.chunk_by(|one, next| one.first() == next.first()) {
            let a = run[0].first();
            let fetched = self.fetch(a, first)?;
            let text = self.prepared.text_in(a, &fetched);
            table.fill(text.profile);
            likely.clear();
            self.touch(run);
            for b in run.iter().map(|pair| pair.second()) {
                likely.extend(self.may_match(text.profile.mass, b, table, marks)?.then_some(b));
            }
            self.prepared.read_ahead(likely.iter().copied());
            for &b in likely.iter() {
                matches.extend(self.pair((a, text), b, table, others)?);
            }
        }
        Ok(matches)
    }

    fn fetch<'a>(&'a self, unit: UnitId, cache: &'a mut Cache) -> Result<Fetched<'a>> {
        self.prepared.fetch(self.prepared.profiled.units[unit.index()].document, cache)
    }

    /// Lets the processor load the stems of the second units of all pairs at once, rather than each when it is needed: a corpus
    /// is larger than any cache.
    fn touch(&self, run: &[CandidatePair]) {
        for pair in run {
            black_box(self.stems.get(pair.second().index()).and_then(|(stems, _)| stems.first().copied()));
        }
    }

    /// Returns `false` if the mass that a unit shares with the one in the table is not enough, without reading its document.
    fn may_match(&self, mass: f32, b: UnitId, table: &StemTable, buffer: &mut MarkBuffer) -> Result<bool> {
        let Params { level, thresholds: limits, .. } = self.params;
        if let Some(&(stems, other)) = self.stems.get(b.index()) {
            return Ok(self.is_plausible([mass, other], table.shared_mass(stems)));
        }
        let read = self.prepared.marks(b, buffer)?;
        Ok(read.is_none_or(|(marks, other)| may_match(table, mass, marks, other, *level, limits)))
    }

    fn is_plausible(&self, [mass, other]: [f32; 2], shared: f32) -> bool {
        plausible(mass, other, shared, self.params.level, &self.params.thresholds)
    }

    fn pair(
        &self,
        (a, text): (UnitId, Text),
        b: UnitId,
        table: &StemTable,
        cache: &mut Cache,
    ) -> Result<Option<Match>> {
        let Params { level, thresholds: limits, .. } = self.params;
        let fetched = self.fetch(b, cache)?;
        let other = self.prepared.text_in(b, &fetched);
        let mass = table.shared_mass(other.profile.stems);
        if !self.is_plausible([text.profile.mass, other.profile.mass], mass) {
            return Ok(None);
        }
        Ok(verify(text, other, mass, *level, limits).map(|verified| Match { a, b, verified, cluster: None }))
    }
}

/// Returns the matches without rewordings that rest on their words alone where better matches are at hand.
fn best_statements(matches: Matches, units: usize, share: f32) -> Result<Vec<Match>> {
    let mut best = vec![0f32; units];
    matches.each(|found| {
        let said = found.verified.says_alike();
        for unit in [found.a.index(), found.b.index()] {
            best[unit] = best[unit].max(said);
        }
    })?;
    matches.keep(|found| found.verified.stands([best[found.a.index()], best[found.b.index()]], share))
}
