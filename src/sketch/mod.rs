//! sketch: shingles -> Signature. MinHash (Broder 1997; Leskovec, Rajaraman, Ullman, *Mining of Massive Datasets*, 3.3).
//!
//! A signature holds, for each of `size` permutations of the 32-bit values, the least value that a set is mapped to. Two
//! sets agree in a place with a probability that is their Jaccard similarity. Signatures of parts merge by minimum into
//! the signature of the whole, so that one pass gives those of documents and of their paragraphs.
//!
//! ```
//! use flong::hash::constant;
//! use flong::sketch::{EMPTY, Sketcher};
//!
//! let sketcher = Sketcher::new(256, 0);
//! let signature = |set: std::ops::Range<u64>| {
//!     let mut signature = vec![EMPTY; sketcher.size()];
//!     sketcher.sketch(&set.map(constant).collect::<Vec<u64>>(), &mut signature);
//!     signature
//! };
//! let (a, b) = (signature(0..100), signature(50..150));
//! let agree = a.iter().zip(&b).filter(|(a, b)| a == b).count() as f64 / 256.0;
//! assert!((agree - 1.0 / 3.0).abs() < 0.1, "50 of 150 elements are in both sets");
//! ```

mod minimum;

use crate::hash;

/// The permutations that make signatures of one size.
#[derive(Debug, Clone)]
pub struct Sketcher {
    /// `x -> (x ^ flips[i]) * factors[i]` with odd factors: each a permutation of the 32-bit values.
    flips: Vec<u32>,
    factors: Vec<u32>,
}

/// The value in every place of the signature of an empty set.
pub const EMPTY: u32 = u32::MAX;

impl Sketcher {
    /// Permutations for signatures of `size` places. The same for every run: `family` distinguishes the sketchers of
    /// different kinds of features.
    pub fn new(size: usize, family: u64) -> Self {
        let constant = |i: usize| hash::constant(family << 32 | i as u64);
        Sketcher {
            flips: (0..size).map(|i| (constant(i) >> 32) as u32).collect(),
            factors: (0..size).map(|i| constant(i) as u32 | 1).collect(),
        }
    }

    /// Returns the number of places in a signature.
    pub fn size(&self) -> usize {
        self.flips.len()
    }

    /// Writes the signature of a set of hashes into `signature` (length [`Sketcher::size`]), merging with what it holds:
    /// begin with all [`EMPTY`].
    pub fn sketch(&self, hashes: &[u64], signature: &mut [u32]) {
        minimum::lower(&self.flips, &self.factors, hashes, signature);
    }

    /// Merges `other` into `signature`: the signature of the union.
    pub fn merge(signature: &mut [u32], other: &[u32]) {
        signature.iter_mut().zip(other).for_each(|(mine, theirs)| *mine = (*mine).min(*theirs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(range: std::ops::Range<u64>) -> Vec<u64> {
        range.map(|i| hash::constant(i ^ 0xabcdef)).collect()
    }

    fn signature(sketcher: &Sketcher, hashes: &[u64]) -> Vec<u32> {
        let mut signature = vec![EMPTY; sketcher.size()];
        sketcher.sketch(hashes, &mut signature);
        signature
    }

    #[test]
    fn agreement_estimates_jaccard() {
        let sketcher = Sketcher::new(1024, 0);
        for (shared, jaccard) in [(10, 0.0526), (50, 0.333), (80, 0.667), (100, 1.0)] {
            let (a, b) = (set(0..100), set(100 - shared..200 - shared));
            let (a, b) = (signature(&sketcher, &a), signature(&sketcher, &b));
            let agree = a.iter().zip(&b).filter(|(a, b)| a == b).count() as f64 / 1024.0;
            // Four standard deviations of the mean of 1024 coins.
            assert!(
                (agree - jaccard).abs() <= 4.0 * (jaccard * (1.0 - jaccard) / 1024.0f64).sqrt() + 0.005,
                "{agree} {jaccard}"
            );
        }
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let sketcher = Sketcher::new(50, 1);
        let mut merged = signature(&sketcher, &set(0..30));
        Sketcher::merge(&mut merged, &signature(&sketcher, &set(20..70)));
        assert_eq!(merged, signature(&sketcher, &set(0..70)));
    }

    #[test]
    fn the_empty_set_is_empty_everywhere() {
        let sketcher = Sketcher::new(9, 0);
        assert_eq!(signature(&sketcher, &[]), vec![EMPTY; 9]);
    }
}
