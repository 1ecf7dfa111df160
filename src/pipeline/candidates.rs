//! The joins that propose: units by shared fingerprints, and by shared bands of their signatures.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Prepared;
use crate::lsh::{Bucketed, candidates};
use crate::propose::{ListsOf, Order, Postings, Shared, Tally};
use crate::verify::Level;
use crate::{Params, Unit, hash};

/// Candidate pairs are given out, and verified, in this many parts.
pub(super) const PARTS: usize = 256;

/// All candidate pairs of a run, in [`PARTS`] parts: pairs with the same longer unit are in one part.
pub(super) struct Candidates<'a> {
    params: &'a Params,
    /// The rank of each unit: what would lead a cluster is what all units of a long list are compared with.
    ranks: Vec<u64>,
    /// The number of different stems in each unit.
    lengths: Vec<u32>,
    /// The number of fingerprints of each unit.
    key_counts: Vec<u32>,
    postings: Postings,
    lists: ListsOf,
    banded: Vec<Parted>,
    /// Lists and buckets that were too long to compare each with each.
    pub large_buckets: u64,
}

impl<'a> Candidates<'a> {
    /// Joins the units by their keys. `ranks` are those of the documents.
    pub fn of(prepared: &'a Prepared, ranks: &[u32], params: &'a Params) -> Self {
        let rank = |unit: &Unit| u64::from(ranks[unit.document as usize]) << 32 | u64::from(unit.span.start);
        let ranks: Vec<u64> = prepared.units.iter().map(rank).collect();
        let units = 0..prepared.units.len() as u32;
        let lengths: Vec<u32> = units.map(|unit| prepared.profile(unit).stems.len() as u32).collect();
        let by_fingerprints = || {
            let order = Order { sizes: &lengths, ranks: &ranks };
            let postings = postings(prepared, order, params.fingerprints.full_list);
            let lists = postings.by_unit(prepared.units.len());
            (postings, lists)
        };
        let by_bands = || match params.level {
            Level::Reworded => banded(prepared, &ranks, &lengths, params),
            _ => (Vec::new(), 0),
        };
        let ((postings, lists), (banded, large_buckets)) = rayon::join(by_fingerprints, by_bands);
        let long_lists = postings.long_lists(params.fingerprints.full_list) as u64;
        let large_buckets = large_buckets + long_lists;
        let size = |&profile: &u32| prepared.fingerprints.of(profile).len() as u32;
        let key_counts = prepared.profile_of.iter().map(size).collect();
        Candidates { params, ranks, lengths, key_counts, postings, lists, banded, large_buckets }
    }

    /// Puts the pairs of a part into `pairs`, each once, as `longer unit << 32 | other`, ascending.
    pub fn part(&self, part: usize, tally: &mut Tally, pairs: &mut Vec<u64>) {
        pairs.clear();
        self.banded.iter().for_each(|band| pairs.extend_from_slice(band.part(part)));
        let from = Shared {
            key_counts: &self.key_counts,
            postings: &self.postings,
            lists: &self.lists,
            order: Order { sizes: &self.lengths, ranks: &self.ranks },
            settings: self.params.fingerprints,
        };
        let units = self.lengths.len();
        let shift = shift(units);
        for unit in (part << shift).min(units)..((part + 1) << shift).min(units) {
            tally.candidates(unit as u32, from, |other| pairs.push((unit as u64) << 32 | u64::from(other)));
        }
        pairs.sort_unstable();
        pairs.dedup();
    }
}

/// Returns a value to mix into the keys of a unit, so that units of different grains never share a key.
fn apart(unit: &Unit) -> u32 {
    hash::constant(unit.grain as u64) as u32
}

/// The units by fingerprint.
fn postings(prepared: &Prepared, order: Order<'_>, full_list: usize) -> Postings {
    let keys = &prepared.fingerprints;
    let mut entries: Vec<u64> = Vec::with_capacity(keys.total());
    for (unit, (&profile, piece)) in (0u64..).zip(prepared.profile_of.iter().zip(&prepared.units)) {
        let apart = apart(piece);
        entries.extend(keys.of(profile).iter().map(|&key| u64::from(key ^ apart) << 32 | unit));
    }
    entries.par_sort_unstable();
    let mut chunks: Vec<&mut [u64]> = Vec::new();
    let least = entries.len().div_ceil(64).max(1);
    let mut rest = &mut entries[..];
    while !rest.is_empty() {
        // Lists are not cut in two.
        let cut = least.min(rest.len());
        let key = rest[cut - 1] >> 32;
        let cut = cut + rest[cut..].iter().take_while(|&&entry| entry >> 32 == key).count();
        let (chunk, others) = rest.split_at_mut(cut);
        chunks.push(chunk);
        rest = others;
    }
    let parts: Vec<Postings> = chunks.into_par_iter().map(|chunk| Postings::of(chunk, order, full_list)).collect();
    let mut all = Postings::default();
    parts.into_iter().for_each(|part| all.append(part));
    all
}

/// The pairs of all bands, and how many buckets were too large to compare each with each.
fn banded(prepared: &Prepared, ranks: &[u64], lengths: &[u32], params: &Params) -> (Vec<Parted>, u64) {
    let full = params.rewordings.full_bucket;
    // Of all bands together, since the same large buckets occur in most of them.
    let of_large = Mutex::new(Vec::new());
    let found: Vec<(u64, Parted)> = prepared
        .rewordings
        .par_iter()
        .map(|keys| {
            let units = prepared.profile_of.iter().zip(&prepared.units);
            let keys = units.map(|(&profile, unit)| (keys[profile as usize], unit));
            candidates(keys.map(|(key, unit)| (key != 0).then_some(key ^ apart(unit))), ranks, full)
        })
        .map(|Bucketed { pairs, of_large: more, large_buckets }| {
            if !more.is_empty() {
                let mut held = of_large.lock().unwrap_or_else(PoisonError::into_inner);
                add_new(&mut held, &more);
            }
            (large_buckets as u64, Parted::new(pairs, lengths))
        })
        .collect();
    let large_buckets = found.iter().map(|(large_buckets, _)| large_buckets).sum();
    let mut parted: Vec<Parted> = found.into_iter().map(|(_, parted)| parted).collect();
    parted.push(Parted::new(of_large.into_inner().unwrap_or_else(PoisonError::into_inner), lengths));
    (parted, large_buckets)
}

/// Adds to `held` what is not in it; both ascend and hold each value once.
fn add_new(held: &mut Vec<u64>, more: &[u64]) {
    let mut at = 0;
    let is_new = |value: &&u64| {
        while held.get(at).is_some_and(|held| held < *value) {
            at += 1;
        }
        held.get(at) != Some(*value)
    };
    let new: Vec<u64> = more.iter().filter(is_new).copied().collect();
    if !new.is_empty() {
        held.extend(new);
        // Two runs that ascend: this sort merges them.
        held.sort();
    }
}

/// By how many bits a unit's number is shifted to give its part.
fn shift(units: usize) -> u32 {
    units.div_ceil(PARTS).next_power_of_two().trailing_zeros()
}

/// The candidate pairs of one band, the longer unit of each first, in parts by that.
struct Parted {
    pairs: Vec<u64>,
    ends: Vec<u32>,
}

impl Parted {
    /// `lengths` are those of all units.
    fn new(mut pairs: Vec<u64>, lengths: &[u32]) -> Self {
        let shift = shift(lengths.len());
        let part = |pair: u64| (pair >> 32 >> shift) as usize;
        let mut ends = vec![0u32; PARTS + 1];
        for pair in &mut pairs {
            let (a, b) = (*pair >> 32, *pair & 0xffff_ffff);
            if (lengths[a as usize], a) < (lengths[b as usize], b) {
                *pair = b << 32 | a;
            }
            ends[part(*pair) + 1] += 1;
        }
        (1..=PARTS).for_each(|n| ends[n] += ends[n - 1]);
        let mut parted = vec![0; pairs.len()];
        for &pair in &pairs {
            let place = &mut ends[part(pair)];
            parted[*place as usize] = pair;
            *place += 1;
        }
        Parted { pairs: parted, ends }
    }

    fn part(&self, part: usize) -> &[u64] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.pairs[start as usize..self.ends[part] as usize]
    }
}
