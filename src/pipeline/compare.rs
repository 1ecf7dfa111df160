//! Candidates and their verification.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{Counts, Prepared, Stopwatch};
use crate::lsh::{Bucketed, candidates};
use crate::token::Stem;
use crate::verify::{Kind, Level, Match, StemTable, plausible, verify};
use crate::{Params, Unit};

/// All matches, in no particular order. `ranks` are those of the documents: what would lead a cluster is what all members
/// of a large bucket are compared with.
pub(super) fn matches(
    prepared: &Prepared,
    ranks: &[u32],
    params: &Params,
    watch: &mut Stopwatch,
) -> (Vec<Match>, Counts) {
    watch.stage("band");
    let rank = |unit: &Unit| u64::from(ranks[unit.document as usize]) << 32 | u64::from(unit.span.start);
    let order: Vec<u64> = prepared.units.iter().map(rank).collect();
    let families = match params.level {
        Level::Reworded => vec![(params.copies, &prepared.copies), (params.rewordings, &prepared.rewordings)],
        _ => vec![(params.copies, &prepared.copies)],
    };
    let bands: Vec<(&[u32], usize)> =
        families.iter().flat_map(|(bands, keys)| keys.iter().map(|keys| (&keys[..], bands.full_bucket))).collect();
    // What each pair needs of its second text, at hand for all of them.
    let stems: Vec<(&[Stem], f32)> = prepared.profiles.iter().map(|text| (&*text.stems, text.mass)).collect();
    let lengths: Vec<u32> = stems.iter().map(|(stems, _)| stems.len() as u32).collect();
    // Of all bands together, since the same large buckets come in most of them.
    let of_large = Mutex::new(Vec::new());
    let mut found: Vec<(usize, Parted)> = bands
        .into_par_iter()
        .map(|(keys, full)| candidates(keys.iter().map(|&key| (key != 0).then_some(key)), &order, full))
        .map(|Bucketed { pairs, of_large: more, large_buckets }| {
            if !more.is_empty() {
                let mut held = of_large.lock().unwrap_or_else(PoisonError::into_inner);
                add_new(&mut held, &more);
            }
            (large_buckets, Parted::new(pairs, &lengths))
        })
        .collect();
    found.push((0, Parted::new(of_large.into_inner().unwrap_or_else(PoisonError::into_inner), &lengths)));
    watch.stage("verify");
    // Parts are small enough to be sorted at hand, and verified as soon as they are.
    let parts: Vec<(usize, Vec<Match>)> = (0..PARTS)
        .into_par_iter()
        .map_init(Default::default, |(pairs, table): &mut (Vec<u64>, StemTable), part| {
            pairs.clear();
            found.iter().for_each(|(_, band)| pairs.extend_from_slice(band.part(part)));
            pairs.sort_unstable();
            pairs.dedup();
            let mut matches = Vec::new();
            let runs = pairs.chunk_by(|one, next| one >> 32 == next >> 32);
            runs.for_each(|run| verify_run(prepared, &stems, run, table, params, &mut matches));
            (pairs.len(), matches)
        })
        .collect();
    let large_buckets = found.iter().map(|&(large_buckets, _)| large_buckets as u64).sum();
    let candidates = parts.iter().map(|&(candidates, _)| candidates as u64).sum();
    drop(found);
    let mut found: Vec<Match> = Vec::with_capacity(parts.iter().map(|(_, matches)| matches.len()).sum());
    parts.into_iter().for_each(|(_, matches)| found.extend(matches));
    keep_best_statements(&mut found, prepared.units.len(), params.thresholds.statement_best);
    let counts = Counts {
        documents: prepared.bodies.len() as u64,
        bytes: 0,
        units: prepared.units.len() as u64,
        candidates,
        large_buckets,
    };
    (found, counts)
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

/// Pairs of units are verified in so many parts.
const PARTS: usize = 256;

/// The candidate pairs of one band, the longer text of each first, in parts by that.
struct Parted {
    pairs: Vec<u64>,
    ends: Vec<u32>,
}

impl Parted {
    /// `lengths` are those of all units.
    fn new(mut pairs: Vec<u64>, lengths: &[u32]) -> Self {
        let shift = lengths.len().div_ceil(PARTS).next_power_of_two().trailing_zeros();
        let part = |pair: u64| (pair >> 32 >> shift) as usize;
        let mut ends = vec![0u32; PARTS + 1];
        for pair in &mut pairs {
            let (a, b) = (*pair >> 32, *pair & 0xffff_ffff);
            if lengths[a as usize] < lengths[b as usize] {
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

/// Verifies pairs that have their first text in common, so that what is worked out for it serves all of them.
fn verify_run(
    prepared: &Prepared,
    stems: &[(&[Stem], f32)],
    pairs: &[u64],
    table: &mut StemTable,
    params: &Params,
    matches: &mut Vec<Match>,
) {
    let Params { level, thresholds: limits, .. } = params;
    let a = (pairs[0] >> 32) as u32;
    let (text, first) = (prepared.text(a), &prepared.profiles[a as usize]);
    table.fill(first);
    matches.extend(pairs.iter().filter_map(|&pair| {
        let b = pair as u32;
        let (second, second_mass) = stems[b as usize];
        let mass = table.shared_mass(second);
        if !plausible(first.mass, second_mass, mass, *level, limits) {
            return None;
        }
        let verified = verify(text, prepared.text(b), mass, *level, limits)?;
        Some(Match { a, b, verified, cluster: None })
    }));
}

/// Drops rewordings that rest on their words alone where better matches are at hand: of many texts on a subject, the one
/// that says the same is the one that stands out. Such a match must come close to the best that one of its texts has.
fn keep_best_statements(matches: &mut Vec<Match>, units: usize, share: f32) {
    let mut best = vec![0f32; units];
    for found in matches.iter().filter(|found| found.verified.kind != Kind::Template) {
        for unit in [found.a as usize, found.b as usize] {
            best[unit] = best[unit].max(found.verified.measures.weighted_jaccard);
        }
    }
    matches.retain(|found| {
        let enough = share * best[found.a as usize].min(best[found.b as usize]);
        !found.verified.statement || found.verified.measures.weighted_jaccard >= enough
    });
}
