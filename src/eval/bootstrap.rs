//! Bootstrap intervals of figures that are computed from sums.

use serde::Serialize;

use crate::hash;

/// The number of times that the labelled items are drawn anew, with replacement.
pub const RESAMPLES: usize = 1000;

/// The share of resamples below the lower end of an interval, and above its upper end.
const TAIL: f64 = 0.025;

/// A figure with its 95% interval: what resamples of the labelled items give, without the lowest and highest 2.5%.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure for all labelled items.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

/// Estimates figures that `figures` computes from the sum of the counts of all items.
///
/// The draws depend on the number of items alone, so the same items in the same order always give the same intervals.
pub(super) fn estimate<const N: usize, const M: usize>(
    items: &[[f64; N]],
    figures: impl Fn(&[f64; N]) -> [f64; M],
) -> [Estimate; M] {
    let sum = |total: &mut [f64; N], item: &[f64; N]| (0..N).for_each(|n| total[n] += item[n]);
    let mut all = [0.0; N];
    items.iter().for_each(|item| sum(&mut all, item));
    let mut drawn: [Vec<f64>; M] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    for resample in 0..RESAMPLES as u64 {
        let context = hash::constant(resample);
        let mut total = [0.0; N];
        for n in 0..items.len() as u64 {
            sum(&mut total, &items[below(hash::pair(context, hash::constant(n)), items.len())]);
        }
        let values = figures(&total);
        (0..M).for_each(|figure| drawn[figure].push(values[figure]));
    }
    let values = figures(&all);
    std::array::from_fn(|figure| {
        let drawn = &mut drawn[figure];
        drawn.sort_by(f64::total_cmp);
        let cut = (TAIL * RESAMPLES as f64) as usize;
        Estimate { value: values[figure], low: drawn[cut], high: drawn[RESAMPLES - 1 - cut] }
    })
}

/// Returns a number below `end`, each as likely as any other.
fn below(random: u64, end: usize) -> usize {
    ((u128::from(random) * end as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_that_of_the_binomial_distribution() {
        // 80 of 100: the exact standard error is 0.04, so the interval is about 0.72 to 0.88.
        let items: Vec<[f64; 2]> = (0..100).map(|n| [f64::from(u8::from(n < 80)), 1.0]).collect();
        let [share] = estimate(&items, |[part, whole]| [part / whole]);
        assert_eq!(share.value, 0.8);
        assert!((0.70..0.74).contains(&share.low) && (0.86..0.90).contains(&share.high), "{share:?}");
        let [again] = estimate(&items, |[part, whole]| [part / whole]);
        assert_eq!(share, again);
    }

    #[test]
    fn what_never_varies_has_no_width() {
        let [one] = estimate(&[[1.0]; 7], |[sum]| [sum / 7.0]);
        assert_eq!(one, Estimate { value: 1.0, low: 1.0, high: 1.0 });
    }
}
