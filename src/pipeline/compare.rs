//! Candidates and their verification.

use rayon::prelude::*;

use super::{Counts, Prepared, Stopwatch};
use crate::lsh::{self, Banding};
use crate::verify::{Kind, Level, Match, plausible, shared_mass, verify};
use crate::{Params, hash};

/// All matches, in no particular order.
pub(super) fn matches(prepared: &Prepared, params: &Params, watch: &mut Stopwatch) -> (Vec<Match>, Counts) {
    watch.stage("band");
    let order: Vec<u32> = (0..prepared.units.len() as u32).collect();
    let mut pairs = Vec::new();
    let mut large_buckets = 0;
    let mut families = vec![(&prepared.copies, params.copies.banding())];
    if params.level == Level::Reworded {
        families.push((&prepared.rewordings, params.rewordings.banding()));
    }
    for (signatures, banding) in families {
        let found: Vec<lsh::Bucketed> = (0..banding.bands)
            .into_par_iter()
            .map(|band| lsh::candidates(keys(prepared, signatures, banding, band), &order))
            .collect();
        large_buckets += found.iter().map(|band| band.large_buckets).sum::<usize>();
        pairs.extend(found.into_iter().flat_map(|band| band.pairs));
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    watch.stage("verify");
    let mut found: Vec<Match> = pairs
        .par_iter()
        .with_min_len(1024)
        .filter_map(|&pair| {
            let (a, b) = ((pair >> 32) as u32, pair as u32);
            let (left, right) = (&prepared.profiles[a as usize], &prepared.profiles[b as usize]);
            let mass = shared_mass(left, right);
            if !plausible(left, right, mass, params.level, &params.thresholds) {
                return None;
            }
            let verified = verify(prepared.text(a), prepared.text(b), mass, params.level, &params.thresholds)?;
            Some(Match { a, b, verified, cluster: None })
        })
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

/// The keys of one band; units of different grains never meet.
fn keys<'a>(
    prepared: &'a Prepared,
    signatures: &'a [u32],
    banding: Banding,
    band: usize,
) -> impl Iterator<Item = Option<u64>> + 'a {
    prepared
        .units
        .iter()
        .zip(signatures.chunks_exact(banding.size()))
        .map(move |(unit, signature)| banding.key(signature, band).map(|key| hash::pair(unit.grain as u64, key)))
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
