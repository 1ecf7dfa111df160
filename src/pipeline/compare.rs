//! Candidates and their verification.

use rayon::prelude::*;

use super::{Counts, Prepared, Stopwatch};
use crate::lsh::{Bucketed, candidates};
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
    let found: Vec<Bucketed> = bands
        .into_par_iter()
        .map(|(keys, full)| candidates(keys.iter().map(|&key| (key != 0).then_some(key)), &order, full))
        .collect();
    let large_buckets: usize = found.iter().map(|band| band.large_buckets).sum();
    let mut pairs = Vec::with_capacity(found.iter().map(|band| band.pairs.len()).sum());
    found.into_iter().for_each(|mut band| pairs.append(&mut band.pairs));
    pairs.par_sort_unstable();
    pairs.dedup();
    watch.stage("verify");
    // Pairs are sorted, so those with one first text stand together, and what is worked out for it serves all of them.
    let mut found: Vec<Match> = pairs
        .par_chunk_by(|one, next| one >> 32 == next >> 32)
        .map_init(StemTable::default, |table, run| verified(prepared, run, table, params))
        .flatten_iter()
        .collect();
    keep_best_statements(&mut found, prepared.units.len(), params.thresholds.statement_best);
    let counts = Counts {
        documents: prepared.bodies.len() as u64,
        bytes: 0,
        units: prepared.units.len() as u64,
        candidates: pairs.len() as u64,
        large_buckets: large_buckets as u64,
    };
    (found, counts)
}

/// The matches among pairs that have their first unit in common.
fn verified(prepared: &Prepared, pairs: &[u64], table: &mut StemTable, params: &Params) -> Vec<Match> {
    let Params { level, thresholds: limits, .. } = params;
    let a = (pairs[0] >> 32) as u32;
    let (text, first) = (prepared.text(a), &prepared.profiles[a as usize]);
    table.fill(first);
    let verify = |&pair: &u64| {
        let b = pair as u32;
        let second = &prepared.profiles[b as usize];
        let mass = table.shared_mass(second);
        if !plausible(first.mass, second.mass, mass, *level, limits) {
            return None;
        }
        let verified = verify(text, prepared.text(b), mass, *level, limits)?;
        Some(Match { a, b, verified, cluster: None })
    };
    pairs.iter().filter_map(verify).collect()
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
