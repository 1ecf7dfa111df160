//! band: Signatures -> CandidatePairs. Locality-sensitive hashing (Indyk and Motwani 1998; *Mining of Massive Datasets*,
//! 3.4): signatures that agree in all rows of some band fall into one bucket, and what shares a bucket is compared.
//!
//! ```
//! use flong::lsh::{Banding, candidates};
//! use flong::{CandidatePair, UnitId};
//!
//! let banding = Banding { bands: 32, rows: 3 };
//! assert!(banding.probability(0.8) > 0.99 && banding.probability(0.1) < 0.05);
//! // The keys of four units in one band: the first and the third share a bucket, the last takes no part.
//! let keys = [Some(7), Some(9), Some(7), None];
//! let pairs = candidates(keys.into_iter(), |unit| unit.0.into(), 64).pairs;
//! assert_eq!(pairs, [CandidatePair::new(UnitId(0), UnitId(2))]);
//! ```

mod bucket;

pub use bucket::{Bucketed, candidates};

use crate::hash;
use crate::sketch::EMPTY;

/// The division of a signature into bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Banding {
    /// The number of bands; each is a chance to meet.
    pub bands: usize,
    /// The number of places in a band; all must agree.
    pub rows: usize,
}

impl Banding {
    /// Returns the number of places that a signature needs.
    pub fn size(self) -> usize {
        self.bands * self.rows
    }

    /// Returns the probability that two sets of a Jaccard similarity become a candidate pair: 1 - (1 - s^rows)^bands.
    pub fn probability(self, similarity: f64) -> f64 {
        1.0 - (1.0 - similarity.powi(self.rows as i32)).powi(self.bands as i32)
    }

    /// Returns the similarity at which the S-curve is steepest, about (1/bands)^(1/rows).
    pub fn threshold(self) -> f64 {
        (1.0 / self.bands as f64).powf(1.0 / self.rows as f64)
    }

    /// Returns the key of one band of a signature, or `None` for the signature of an empty set, which meets nobody.
    #[inline]
    pub fn key(self, signature: &[u32], band: usize) -> Option<u64> {
        let rows = &signature[band * self.rows..(band + 1) * self.rows];
        if rows[0] == EMPTY {
            return None;
        }
        Some(rows.iter().fold(band as u64, |state, &value| hash::pair(state, u64::from(value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_s_curve() {
        let banding = Banding { bands: 20, rows: 5 };
        // Table in Mining of Massive Datasets, figure 3.8.
        for (s, p) in
            [(0.2, 0.006), (0.3, 0.047), (0.4, 0.186), (0.5, 0.470), (0.6, 0.802), (0.7, 0.975), (0.8, 0.9996)]
        {
            assert!((banding.probability(s) - p).abs() < 0.001, "{s}");
        }
        assert!((banding.threshold() - 0.549).abs() < 0.001);
    }
}
