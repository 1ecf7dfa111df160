//! Estimates matches from fingerprints and signatures alone.

use super::entry::Row;
use super::{Candidate, Settings};
use crate::verify::{Evidence, Kind, Level, Measures, Rule, Thresholds, Verified};

/// The estimated similarity of two texts.
struct Estimates {
    /// The share of the shorter text that is in the longer one, by fingerprints.
    containment: f32,
    /// The words in the passages that are in both, by fingerprints.
    common: f32,
    /// The share of the telling words of both, with two standard deviations.
    telling: f32,
    telling_error: f32,
}

/// Values that a place of a signature may have.
const VALUES: f32 = 16.0;

/// Returns how many of the first `places` places of two packed signatures agree.
fn agreeing(a: &[u8], b: &[u8], places: usize) -> usize {
    let agree = |x: u8| usize::from(x & 0xf == 0) + usize::from(x >> 4 == 0);
    let all: usize = a.iter().zip(b).map(|(a, b)| agree(a ^ b)).sum();
    // Where their number is odd, the last byte has a place that both leave empty.
    all - places % 2
}

impl Estimates {
    fn of(settings: &Settings, a: &Row, b: &Row, shared: u32) -> Self {
        let places = settings.rewordings.banding().size();
        // Of different places, one in `VALUES` agrees by chance.
        let chance = 1.0 / VALUES;
        let agree = agreeing(&a.signature, &b.signature, places) as f32;
        let places = places.max(1) as f32;
        let telling = ((agree / places - chance) / (1.0 - chance)).clamp(0.0, 1.0);
        // With one agreeing place more and one less, so that none and all are not taken for certain.
        let seen = (agree + 1.0) / (places + 2.0);
        let containment = share(shared as f32, a.kept_by_both(b));
        Estimates {
            containment,
            common: containment * a.words.min(b.words) as f32,
            telling,
            telling_error: 2.0 * (seen * (1.0 - seen) / places).sqrt() / (1.0 - chance),
        }
    }
}

/// Returns how many members two sets of `m` and `n` share at a Jaccard similarity.
fn overlap(jaccard: f32, m: f32, n: f32) -> f32 {
    (jaccard / (1.0 + jaccard) * (m + n)).min(m.min(n))
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

/// A pair of which the shorter one is in the other to less than this share, by fingerprints …
const LEAST_CONTAINED: f32 = 0.1;
/// … or shares less than this of its telling words …
const LEAST_TELLING: f32 = 0.4;
/// … is no match, however it is weighed, unless it shares this much of all telling words of both.
const LEAST_JACCARD: f32 = 0.25;
/// Fewest telling words that allow an estimate.
const FEW: u16 = 8;

/// An estimated copy shares this much of the telling words of the one that says less, and of the text of the shorter …
const COPY: (f32, f32) = (0.72, 0.45);
/// … a rewording this much …
const REWORDED: (f32, f32) = (0.6, 0.3);
/// … and both have at least this many telling words.
const LEAST_MASS: f32 = 12.0;

/// Returns whether two texts that share this many fingerprints can be a match, at their most favourable. Most candidates
/// end here, so that their texts need not be read.
pub(super) fn may_match(settings: &Settings, a: &Row, b: &Row, shared: u32) -> bool {
    if a.words == 0 || b.words == 0 {
        return false;
    }
    let Estimates { containment, telling, telling_error, .. } = Estimates::of(settings, a, b, shared);
    let most = (telling + 1.25 * telling_error).min(1.0);
    let (s, t) = (f32::from(a.telling), f32::from(b.telling));
    let of_shorter = share(overlap(most, s, t), s.min(t));
    a.telling.min(b.telling) < FEW
        || most >= LEAST_JACCARD
        || containment >= LEAST_CONTAINED && of_shorter >= LEAST_TELLING
}

/// Returns the match of a text and a candidate by fingerprints and signatures alone: equal words are known for certain,
/// copies are estimated on the strict side, templates cannot be distinguished from them. `None` if there is no estimate.
pub fn estimate(
    settings: &Settings,
    own: &Row,
    candidate: &Candidate,
    level: Level,
    limits: &Thresholds,
) -> Option<Verified> {
    let (a, b) = (own, &candidate.row);
    if a.words == 0 || b.words == 0 {
        return None;
    }
    let Estimates { containment, common, telling, .. } = Estimates::of(settings, a, b, candidate.shared);
    let (s, t) = (f32::from(a.telling), f32::from(b.telling));
    let shared = overlap(telling, s, t);
    let (shorter, longer) = (a.words.min(b.words) as f32, a.words.max(b.words) as f32);
    let same = a.whole == b.whole;
    let whole = |estimate: f32| if same { 1.0 } else { estimate };
    let measures = Measures {
        jaccard: whole(share(common, shorter + longer - common)),
        containment: whole(containment),
        weighted_containment: whole(share(shared, s.min(t))),
        weighted_jaccard: whole(telling),
        shared_mass: shared,
        // Nearly each word begins a shingle.
        shared_shingles: common as u32,
    };
    let enough = shared >= LEAST_MASS && common >= limits.copy_least_shingles as f32;
    let at_least = |(weight, fingerprints): (f32, f32)| {
        enough && measures.weighted_containment >= weight && measures.containment >= fingerprints
    };
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
    let (aligned, evidence) = (measures.containment, Evidence::default());
    Some(Verified { kind, measures, aligned, score, evidence, rule, statement: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::HashedMap;
    use crate::index::{Entry, Maker};
    use crate::survey::Weight;
    use crate::token::Stem;
    use crate::{Document, Params, segment};

    fn entry(text: &str) -> Entry {
        let document = Document::new(text.len().to_string(), text);
        let cut = segment::cut(&document);
        let weights: HashedMap<Stem, Weight> =
            cut.tokens.iter().map(|token| (token.word.stem(), Weight::of(1.0))).collect();
        Maker::new(&Settings::of(&Params::default(), false)).entry(&document, &cut, &weights)
    }

    fn text(words: std::ops::Range<u32>) -> String {
        words.map(|n| format!("word{}", n * 7919 % 100_000)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn copies_excerpts_and_others() {
        let settings = Settings::of(&Params::default(), false);
        let candidate = |a: &str, b: &str| {
            let (a, b) = (entry(a), entry(b));
            let shared = a.fingerprints.iter().filter(|key| b.fingerprints.contains(key)).count() as u32;
            (a.row, Candidate { item: 0, row: b.row, shared })
        };
        let kind = |a: &str, b: &str| {
            let (a, b) = candidate(a, b);
            let estimated = estimate(&settings, &a, &b, Level::Reworded, &Thresholds::default());
            assert!(estimated.is_none() || may_match(&settings, &a, &b.row, b.shared));
            estimated.map(|verified| verified.kind)
        };
        let whole = text(0..200);
        assert_eq!(kind(&whole, &whole), Some(Kind::Exact));
        assert_eq!(kind(&whole, &format!("{} {}", text(10..200), text(900..905))), Some(Kind::Near));
        assert_eq!(kind(&whole, &text(0..100)), Some(Kind::Excerpt));
        assert_eq!(kind(&whole, &text(150..350)), None);
        assert_eq!(kind(&whole, &text(1000..1200)), None);
        assert_eq!(kind("", ""), None);
        let (a, b) = candidate(&whole, &text(1000..1200));
        assert!(!may_match(&settings, &a, &b.row, b.shared));
    }

    #[test]
    fn places_of_packed_signatures_are_compared_one_by_one() {
        assert_eq!(agreeing(&[0x21, 0x43], &[0x21, 0x53], 4), 3);
        assert_eq!(agreeing(&[0x21, 0x03], &[0x31, 0x03], 3), 2);
    }
}
