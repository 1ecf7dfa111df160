//! Near misses: pairs that less strict thresholds would make matches.

use crate::pipeline::Found;
use crate::verify::{Circumstances, Criterion, Kind, Thresholds, Verified, Way};
use crate::{Grain, Heads, Unit};

/// The share by which thresholds are loosened to find near misses.
pub(super) const RELAXED: f32 = 0.1;

/// A pair of units that just misses a threshold.
pub(super) struct NearMiss {
    pub a: Unit,
    pub b: Unit,
    pub would_be: Kind,
    pub way: Way,
    /// The thresholds that it misses.
    pub missed: Vec<Criterion>,
}

/// Returns the pairs of documents that match by relaxed thresholds only, or then as a closer kind, the nearest first. `found`
/// is what the relaxed thresholds find; `is` returns the kind of two units by the thresholds of the run.
pub(super) fn near_misses(
    found: &Found,
    heads: &Heads,
    limits: &Thresholds,
    is: impl Fn(&Unit, &Unit) -> Option<Kind>,
) -> Vec<NearMiss> {
    let grain = found.units.iter().map(|unit| unit.grain).min().unwrap_or(Grain::Document);
    let mut misses: Vec<NearMiss> = Vec::new();
    for tie in &found.matches {
        let (a, b) = (*found.unit(tie.a), *found.unit(tie.b));
        let would_be = tie.verified.kind;
        if a.grain != grain || would_be == Kind::Template || is(&a, &b).is_some_and(|is| !is_closer(would_be, is)) {
            continue;
        }
        let source = |unit: &Unit| heads.head(unit.document.index()).source;
        let circumstances = Circumstances {
            shorter_words: a.word_count().min(b.word_count()),
            same_source: source(&a) == source(&b),
            same_document: a.document == b.document,
            // A run does not keep titles.
            titled: false,
        };
        let (way, missed) = missed(&tie.verified, limits, circumstances);
        if !missed.is_empty() {
            misses.push(NearMiss { a, b, would_be, way, missed });
        }
    }
    let furthest = |miss: &NearMiss| miss.missed.iter().map(Criterion::shortfall).fold(0.0, f32::max);
    let id = |unit: &Unit| heads.head(unit.document.index()).id;
    misses.sort_by(|x, y| {
        let nearest = furthest(x).total_cmp(&furthest(y));
        nearest.then_with(|| (id(&x.a), x.a.span, id(&x.b), x.b.span).cmp(&(id(&y.a), y.a.span, id(&y.b), y.b.span)))
    });
    misses
}

/// Returns whether one kind is a copy and the other a rewording.
fn is_closer(kind: Kind, than: Kind) -> bool {
    than == Kind::Reworded && kind < Kind::Reworded
}

/// Returns the way in which a pair comes closest to a match, and the thresholds that it misses there, by most first.
fn missed(verified: &Verified, limits: &Thresholds, circumstances: Circumstances) -> (Way, Vec<Criterion>) {
    let ways: &[Way] = match verified.kind {
        Kind::Reworded => &[Way::Clauses, Way::Statement],
        _ => &[Way::Copy],
    };
    let of = |&way: &Way| {
        let criteria = limits.criteria(way, &verified.measures, &verified.evidence, circumstances);
        let mut missed: Vec<Criterion> = criteria.into_iter().filter(|criterion| !criterion.is_met()).collect();
        missed.sort_by(|x, y| y.shortfall().total_cmp(&x.shortfall()));
        (way, missed)
    };
    let by = |(_, missed): &(Way, Vec<Criterion>)| missed.iter().map(Criterion::shortfall).fold(0.0, f32::max);
    ways.iter().map(of).min_by(|x, y| by(x).total_cmp(&by(y))).expect("there is a way")
}
