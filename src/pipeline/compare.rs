//! Candidates and their verification.

use rayon::prelude::*;

use super::candidates::{Candidates, PARTS};
use super::{Counts, Prepared, Stopwatch};
use crate::Params;
use crate::propose::Tally;
use crate::token::Stem;
use crate::verify::{Kind, Match, StemTable, plausible, verify};

/// All matches, in no particular order. `ranks` are those of the documents.
pub(super) fn matches(
    prepared: &Prepared,
    ranks: &[u32],
    params: &Params,
    watch: &mut Stopwatch,
) -> (Vec<Match>, Counts) {
    watch.stage("propose");
    let candidates = Candidates::of(prepared, ranks, params);
    watch.stage("verify");
    let units = 0..prepared.units.len() as u32;
    // What each pair needs of its second text, at hand for all of them.
    let stems: Vec<(&[Stem], f32)> =
        units.map(|unit| prepared.profile(unit)).map(|text| (text.stems, text.mass)).collect();
    // Parts are small enough to be sorted at hand, and verified as soon as they are.
    let parts: Vec<(usize, Vec<Match>)> = (0..PARTS)
        .into_par_iter()
        .map_init(Default::default, |(pairs, tally, table): &mut (Vec<u64>, Tally, StemTable), part| {
            candidates.part(part, tally, pairs);
            let mut matches = Vec::new();
            let runs = pairs.chunk_by(|one, next| one >> 32 == next >> 32);
            runs.for_each(|run| verify_run(prepared, &stems, run, table, params, &mut matches));
            (pairs.len(), matches)
        })
        .collect();
    let large_buckets = candidates.large_buckets;
    drop(candidates);
    let candidates = parts.iter().map(|&(candidates, _)| candidates as u64).sum();
    let mut found: Vec<Match> = Vec::with_capacity(parts.iter().map(|(_, matches)| matches.len()).sum());
    parts.into_iter().for_each(|(_, matches)| found.extend(matches));
    keep_best_statements(&mut found, prepared.units.len(), params.thresholds.statement_best);
    let counts = Counts {
        documents: prepared.documents() as u64,
        bytes: 0,
        units: prepared.units.len() as u64,
        candidates,
        large_buckets,
    };
    (found, counts)
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
    let (text, first) = (prepared.text(a), prepared.profile(a));
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
