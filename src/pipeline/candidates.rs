//! The joins that propose: units by shared fingerprints, and by shared bands of their signatures.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Prepared;
use super::disk::{Engine, Lists, Sorter, SpillFile};
use super::parted::{PARTS, Parted, shift};
use crate::fingerprint::Keys;
use crate::lsh::candidates;
use crate::propose::{ListsOf, Order, Postings, Shared, Tally};
use crate::verify::Level;
use crate::{CandidatePair, KeyedUnit, Params, Result, Unit, UnitId, hash};

/// All candidate pairs of a run, in parts: pairs with the same larger unit are in one part.
pub(super) struct Candidates<'a> {
    params: &'a Params,
    prepared: &'a Prepared,
    /// The rank of each document: what would lead a cluster is what all units of a long list are compared with.
    ranks: &'a [u32],
    /// The number of different stems in each unit.
    sizes: Vec<u32>,
    /// The number of fingerprints of each unit.
    key_counts: Vec<u32>,
    joined: Joined,
    banded: Vec<Parted>,
    /// The file of the pairs of bands, if they are not in memory.
    file: Option<SpillFile>,
    /// Lists and buckets that were too long to compare each with each.
    pub large_buckets: u64,
}

/// Units by the fingerprints that they share.
enum Joined {
    Memory { postings: Postings, lists: ListsOf },
    Disk { lists: Lists, working_bytes: usize, pairs: Vec<CandidatePair> },
}

impl<'a> Candidates<'a> {
    /// Joins the units by their keys, which are those of [`Prepared::take_keys`]. `ranks` are those of the documents.
    pub fn of(
        prepared: &'a Prepared,
        (fingerprints, rewordings): (Keys, Vec<Vec<u32>>),
        ranks: &'a [u32],
        params: &'a Params,
        engine: &Engine,
    ) -> Result<Self> {
        let rank = |unit| rank(&prepared.profiled.units, ranks, unit);
        let sizes = prepared.unit_sizes();
        let file = engine.file()?;
        let by_fingerprints = || join(prepared, fingerprints, Order { sizes: &sizes, rank: &rank }, params, engine);
        let by_bands = || match params.level {
            Level::Reworded => banded((prepared, rewordings), &rank, &sizes, params, file.as_ref()),
            _ => Ok((Vec::new(), 0)),
        };
        let (joined, banded) = match engine {
            Engine::Memory => rayon::join(by_fingerprints, by_bands),
            Engine::Disk { .. } => (by_fingerprints(), by_bands()),
        };
        let ((joined, long_lists), (banded, large_buckets)) = (joined?, banded?);
        let large_buckets = large_buckets + long_lists;
        let key_counts = prepared
            .profiled
            .profile_of
            .iter()
            .map(|&profile| prepared.profiled.key_counts[profile as usize])
            .collect();
        Ok(Candidates { params, prepared, ranks, sizes, key_counts, joined, banded, file, large_buckets })
    }

    /// Returns the parts, in groups: after a call of [`Candidates::load`] with a group its parts can be asked for.
    pub fn groups(&self) -> Vec<Range<usize>> {
        match &self.joined {
            Joined::Memory { .. } => std::iter::once(0..PARTS).collect(),
            Joined::Disk { lists, working_bytes, .. } => lists.groups(*working_bytes),
        }
    }

    /// Makes a group of parts ready.
    pub fn load(&mut self, group: Range<usize>) -> Result<()> {
        let (units, ranks) = (&self.prepared.profiled.units, self.ranks);
        let order = Order { sizes: &self.sizes, rank: &|unit| rank(units, ranks, unit) };
        match &mut self.joined {
            Joined::Memory { .. } => Ok(()),
            Joined::Disk { lists, pairs, .. } => lists.pairs(group, order, &self.key_counts, pairs),
        }
    }

    /// Puts the pairs of a part into `pairs`, the larger unit of each first; each once, ascending.
    pub fn part(&self, part: usize, tally: &mut Tally, pairs: &mut Vec<CandidatePair>) -> Result<()> {
        pairs.clear();
        self.banded.iter().try_for_each(|band| band.part(part, self.file.as_ref(), pairs))?;
        let units = self.sizes.len();
        let shift = shift(units);
        match &self.joined {
            Joined::Memory { postings, lists } => {
                let rank = |unit| rank(&self.prepared.profiled.units, self.ranks, unit);
                let from = Shared {
                    key_counts: &self.key_counts,
                    postings,
                    lists,
                    order: Order { sizes: &self.sizes, rank: &rank },
                    settings: self.params.fingerprints,
                };
                for unit in (part << shift).min(units)..((part + 1) << shift).min(units) {
                    let unit = UnitId::of(unit);
                    tally.candidates(unit, from, |other| pairs.push(CandidatePair::new(unit, other)));
                }
            }
            Joined::Disk { pairs: loaded, .. } => {
                let start = |part: usize| loaded.partition_point(|pair| pair.first().index() < part << shift);
                pairs.extend_from_slice(&loaded[start(part)..start(part + 1)]);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Ok(())
    }
}

/// Returns the rank of a unit by that of its document, and by its place in there.
fn rank(units: &[Unit], ranks: &[u32], unit: UnitId) -> u64 {
    let unit = &units[unit.index()];
    u64::from(ranks[unit.document.index()]) << 32 | u64::from(unit.span.start)
}

/// Joins the units by their fingerprints; with the number of lists that are too long to compare each with each.
fn join(
    prepared: &Prepared,
    fingerprints: Keys,
    order: Order<'_>,
    params: &Params,
    engine: &Engine,
) -> Result<(Joined, u64)> {
    let full_list = params.fingerprints.full_list;
    match engine {
        Engine::Memory => {
            let postings = postings(prepared, fingerprints, order, full_list);
            let long = postings.long_lists(full_list) as u64;
            let lists = postings.by_unit(prepared.profiled.units.len());
            Ok((Joined::Memory { postings, lists }, long))
        }
        Engine::Disk { working_bytes, folder } => {
            let file = SpillFile::new(folder)?;
            let mut entries = Sorter::new(&file, *working_bytes);
            spilled_entries(prepared, |entry| entries.push(entry.bits()))?;
            let parts = (PARTS, shift(prepared.profiled.units.len()));
            let lists = Lists::of(entries, SpillFile::new(folder)?, order, params.fingerprints, parts)?;
            let long = lists.long;
            Ok((Joined::Disk { lists, working_bytes: *working_bytes, pairs: Vec::new() }, long))
        }
    }
}

/// Calls `each` with every unit and each of its fingerprints, from where they are in a file.
fn spilled_entries(prepared: &Prepared, mut each: impl FnMut(KeyedUnit)) -> Result<()> {
    let mut units = (0..).map(UnitId).zip(prepared.profiled.profile_of.iter().zip(&prepared.profiled.units)).peekable();
    let (mut bytes, mut keys, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for (block, first, profiles) in prepared.spilled() {
        let counts = &prepared.profiled.key_counts[first as usize..first as usize + profiles];
        ends.clear();
        ends.extend(counts.iter().scan(0, |end, &count| {
            *end += count as usize;
            Some(*end)
        }));
        let total = ends.last().copied().unwrap_or_default();
        block.take_keys(total, prepared.spilled_file()?, &mut bytes, &mut keys)?;
        while let Some((unit, (&profile, piece))) =
            units.next_if(|(_, (profile, _))| **profile < first + profiles as u32)
        {
            let place = (profile - first) as usize;
            let start = place.checked_sub(1).map_or(0, |before| ends[before]);
            let apart = apart(piece);
            keys[start..ends[place]].iter().for_each(|&key| each(KeyedUnit::new(key ^ apart, unit)));
        }
    }
    Ok(())
}

/// Returns a value to mix into the keys of a unit, so that units of different grains never share a key.
fn apart(unit: &Unit) -> u32 {
    hash::constant(unit.grain as u64) as u32
}

/// The units by fingerprint.
fn postings(prepared: &Prepared, keys: Keys, order: Order<'_>, full_list: usize) -> Postings {
    let mut entries: Vec<KeyedUnit> = Vec::with_capacity(keys.total());
    for (unit, (&profile, piece)) in
        (0..).map(UnitId).zip(prepared.profiled.profile_of.iter().zip(&prepared.profiled.units))
    {
        let apart = apart(piece);
        entries.extend(keys.of(profile).iter().map(|&key| KeyedUnit::new(key ^ apart, unit)));
    }
    drop(keys);
    entries.par_sort_unstable();
    let mut chunks: Vec<&mut [KeyedUnit]> = Vec::new();
    let least = entries.len().div_ceil(64).max(1);
    let mut rest = &mut entries[..];
    while !rest.is_empty() {
        // Lists are not cut in two.
        let cut = least.min(rest.len());
        let key = rest[cut - 1].key();
        let cut = cut + rest[cut..].iter().take_while(|entry| entry.key() == key).count();
        let (chunk, others) = rest.split_at_mut(cut);
        chunks.push(chunk);
        rest = others;
    }
    let parts: Vec<Postings> = chunks.into_par_iter().map(|chunk| Postings::of(chunk, order, full_list)).collect();
    let mut all = Postings::default();
    drop(entries);
    parts.into_iter().for_each(|part| all.append(part));
    all
}

/// The pairs of all bands, and how many buckets were too large to compare each with each.
/// They are moved to `file` if there is one.
fn banded(
    (prepared, rewordings): (&Prepared, Vec<Vec<u32>>),
    rank: &(dyn Fn(UnitId) -> u64 + Sync),
    sizes: &[u32],
    params: &Params,
    file: Option<&SpillFile>,
) -> Result<(Vec<Parted>, u64)> {
    let full = params.rewordings.full_bucket;
    // Of all bands together, since the same large buckets occur in most of them.
    let of_large = Mutex::new(Vec::new());
    let pairs = |keys: &[u32]| {
        let units = prepared.profiled.profile_of.iter().zip(&prepared.profiled.units);
        let keys = units.map(|(&profile, unit)| (keys[profile as usize], unit));
        let found = candidates(keys.map(|(key, unit)| (key != 0).then_some(key ^ apart(unit))), rank, full);
        if !found.of_large.is_empty() {
            let mut held = of_large.lock().unwrap_or_else(PoisonError::into_inner);
            add_new(&mut held, &found.of_large);
        }
        (found.large_buckets as u64, Parted::new(found.pairs, sizes))
    };
    let found: Vec<(u64, Parted)> = match prepared.is_held() {
        true => rewordings.into_par_iter().map(|keys| pairs(&keys)).collect(),
        false => {
            let band = |band| {
                let (large_buckets, mut parted) = pairs(&prepared.take_band(band)?);
                file.iter().for_each(|file| parted.spill(file));
                Ok((large_buckets, parted))
            };
            (0..params.rewordings.bands).map(band).collect::<Result<_>>()?
        }
    };
    let large_buckets = found.iter().map(|(large_buckets, _)| large_buckets).sum();
    let mut parted: Vec<Parted> = found.into_iter().map(|(_, parted)| parted).collect();
    let mut of_large = Parted::new(of_large.into_inner().unwrap_or_else(PoisonError::into_inner), sizes);
    file.iter().for_each(|file| of_large.spill(file));
    parted.push(of_large);
    file.map_or(Ok(()), SpillFile::check)?;
    Ok((parted, large_buckets))
}

/// Adds to `held` what is not in it; both ascend and hold each value once.
fn add_new(held: &mut Vec<CandidatePair>, more: &[CandidatePair]) {
    let mut at = 0;
    let is_new = |value: &&CandidatePair| {
        while held.get(at).is_some_and(|held| held < *value) {
            at += 1;
        }
        held.get(at) != Some(*value)
    };
    let new: Vec<CandidatePair> = more.iter().filter(is_new).copied().collect();
    if !new.is_empty() {
        held.extend(new);
        // Two runs that ascend: this sort merges them.
        held.sort();
    }
}
