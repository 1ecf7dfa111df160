//! What signatures alone tell of two texts.

use super::Settings;
use super::entry::Row;
use crate::verify::{Evidence, Facts, Kind, Level, Measures, Rule, Substitutions, Thresholds, Verified};

/// An estimate of a Jaccard similarity, and how far off it may be: two standard deviations.
#[derive(Debug, Clone, Copy)]
struct Estimate {
    jaccard: f32,
    error: f32,
}

/// By the bytes of signatures: of places that differ, one in 256 agrees all the same.
fn jaccard(a: &[u8], b: &[u8]) -> Estimate {
    const CHANCE: f32 = 1.0 / 256.0;
    let agree = a.iter().zip(b).filter(|(a, b)| a == b).count() as f32;
    let places = a.len().max(1) as f32;
    let jaccard = ((agree / places - CHANCE) / (1.0 - CHANCE)).clamp(0.0, 1.0);
    // With one agreeing place more and one less, so that none and all are not taken for certain.
    let share = (agree + 1.0) / (places + 2.0);
    Estimate { jaccard, error: 2.0 * (share * (1.0 - share) / places).sqrt() }
}

/// How many members two sets of `m` and `n` share at a Jaccard similarity.
fn overlap(jaccard: f32, m: f32, n: f32) -> f32 {
    (jaccard / (1.0 + jaccard) * (m + n)).min(m.min(n))
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

/// The estimates over shingles and over telling words.
fn estimates(settings: &Settings, a: &Row, b: &Row) -> (Estimate, Estimate) {
    let at = settings.copies.banding().size();
    let (a, b) = (a.signature.split_at_checked(at), b.signature.split_at_checked(at));
    let nothing: (&[u8], &[u8]) = (&[], &[]);
    let ((a, c), (b, d)) = (a.unwrap_or(nothing), b.unwrap_or(nothing));
    (jaccard(a, b), jaccard(c, d))
}

/// A pair of which the one that says less shares less than this of its shingles …
const LEAST_SHINGLES: f32 = 0.18;
/// … or less than this of its telling words …
const LEAST_TELLING: f32 = 0.4;
/// … is no match, however it is weighed, unless it shares this much of all telling words of both.
const LEAST_JACCARD: f32 = 0.25;
/// Fewer telling words tell nothing.
const FEW: u16 = 8;

/// An estimated copy shares this much of the telling words and of the shingles of the one that says less …
const COPY: (f32, f32) = (0.72, 0.45);
/// … a rewording this much …
const REWORDED: (f32, f32) = (0.6, 0.3);
/// … and both so many telling words.
const LEAST_MASS: f32 = 12.0;

/// Whether two texts can be a match by their signatures, at their most favourable. Most candidates end here, so that
/// their texts need not be read.
pub(super) fn may_match(settings: &Settings, a: &Row, b: &Row) -> bool {
    if a.words == 0 || b.words == 0 {
        return false;
    }
    let (shingles, telling) = estimates(settings, a, b);
    let most = |estimate: Estimate| (estimate.jaccard + 1.25 * estimate.error).min(1.0);
    let contained = |estimate: Estimate, m: f32, n: f32| share(overlap(most(estimate), m, n), m.min(n));
    a.telling.min(b.telling) < FEW
        || most(telling) >= LEAST_JACCARD
        || contained(shingles, a.shingles as f32, b.shingles as f32) >= LEAST_SHINGLES
            && contained(telling, a.telling.into(), b.telling.into()) >= LEAST_TELLING
}

/// What two texts are to each other by their signatures alone: equal words are known for certain, copies are estimated
/// on the strict side, templates cannot be told from them. `None`: nothing that can be told.
pub fn estimate(settings: &Settings, a: &Row, b: &Row, level: Level, limits: &Thresholds) -> Option<Verified> {
    if a.words == 0 || b.words == 0 {
        return None;
    }
    let (shingles, telling) = estimates(settings, a, b);
    let (m, n) = (a.shingles as f32, b.shingles as f32);
    let (s, t) = (f32::from(a.telling), f32::from(b.telling));
    let (common, shared) = (overlap(shingles.jaccard, m, n), overlap(telling.jaccard, s, t));
    let same = a.whole == b.whole;
    let measures = Measures {
        jaccard: if same { 1.0 } else { shingles.jaccard },
        containment: if same { 1.0 } else { share(common, m.min(n)) },
        weighted_containment: if same { 1.0 } else { share(shared, s.min(t)) },
        weighted_jaccard: if same { 1.0 } else { telling.jaccard },
        shared_mass: shared,
        shared_shingles: common as u32,
    };
    let enough = shared >= LEAST_MASS && common >= limits.copy_least_shingles as f32;
    let at_least = |(weight, shingles): (f32, f32)| {
        enough && measures.weighted_containment >= weight && measures.containment >= shingles
    };
    let (shorter, longer) = (a.words.min(b.words) as f32, a.words.max(b.words) as f32);
    let kind = if same {
        Kind::Exact
    } else if level >= Level::Near && at_least(COPY) {
        if shorter < limits.excerpt_length * longer { Kind::Excerpt } else { Kind::Near }
    } else if level >= Level::Reworded && at_least(REWORDED) {
        Kind::Reworded
    } else {
        return None;
    };
    let score = if kind == Kind::Reworded { measures.weighted_jaccard } else { measures.weighted_containment };
    let rule = match kind {
        Kind::Exact => Rule::SameWords,
        Kind::Reworded => Rule::SharedClauses,
        _ => Rule::SharedText,
    };
    let (facts, names, evidence) = (Facts::default(), Substitutions::default(), Evidence::default());
    let aligned = measures.containment;
    Some(Verified { kind, measures, aligned, score, facts, names, evidence, rule, statement: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Maker;
    use crate::survey::Weight;
    use crate::{Document, Params, segment};

    fn row(text: &str) -> Row {
        let settings = Settings::of(&Params::default(), false);
        let document = Document::new(text.len().to_string(), text);
        Maker::new(&settings).entry(&document, &segment::cut(&document), |_| Weight::of(1.0)).row
    }

    fn text(words: std::ops::Range<u32>) -> String {
        words.map(|n| format!("word{}", n * 7919 % 100_000)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn copies_excerpts_and_others() {
        let settings = Settings::of(&Params::default(), false);
        let kind = |a: &str, b: &str| {
            let (a, b) = (row(a), row(b));
            let estimated = estimate(&settings, &a, &b, Level::Reworded, &Thresholds::default());
            assert!(estimated.is_none() || may_match(&settings, &a, &b));
            estimated.map(|verified| verified.kind)
        };
        let whole = text(0..200);
        assert_eq!(kind(&whole, &whole), Some(Kind::Exact));
        assert_eq!(kind(&whole, &format!("{} {}", text(10..200), text(900..905))), Some(Kind::Near));
        assert_eq!(kind(&whole, &text(0..100)), Some(Kind::Excerpt));
        assert_eq!(kind(&whole, &text(150..350)), None);
        assert_eq!(kind(&whole, &text(1000..1200)), None);
        assert_eq!(kind("", ""), None);
        assert!(!may_match(&settings, &row(&whole), &row(&text(1000..1200))));
    }
}
