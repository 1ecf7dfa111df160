//! Precision, recall, F1 and the adjusted Rand index.

use serde::Serialize;

use super::bootstrap::{Estimate, estimate};

/// Precision, recall and F1, with bootstrap intervals. Where there is nothing to divide by, a figure is 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scores {
    /// The number that was found and is labelled so.
    pub right: u64,
    /// The number that was found and is not labelled so.
    pub wrong: u64,
    /// The number that is labelled so and was not found.
    pub missed: u64,
    /// The share of what was found that is right.
    pub precision: Estimate,
    /// The share of what is labelled that was found.
    pub recall: Estimate,
    /// The harmonic mean of both.
    pub f1: Estimate,
}

impl Scores {
    /// Computes the scores of decisions: whether a pair was found to be copies, and whether it is.
    pub fn of_decisions(decisions: impl Iterator<Item = (bool, bool)>) -> Scores {
        let count = |counts: bool| f64::from(u8::from(counts));
        let item = |(found, is): (bool, bool)| [count(found && is), count(found && !is), count(!found && is)];
        Scores::of(&decisions.map(item).collect::<Vec<_>>())
    }

    /// Computes the scores from what each item contributes: right, wrong and missed.
    pub(super) fn of(items: &[[f64; 3]]) -> Scores {
        let [precision, recall, f1] = estimate(items, |&[right, wrong, missed]| {
            [
                share(right, right + wrong),
                share(right, right + missed),
                share(2.0 * right, 2.0 * right + wrong + missed),
            ]
        });
        let sum = |n: usize| items.iter().map(|item| item[n]).sum::<f64>() as u64;
        Scores { right: sum(0), wrong: sum(1), missed: sum(2), precision, recall, f1 }
    }
}

/// Returns `part / whole`, or 0 if there is nothing.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The scores at one value of a threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepPoint {
    /// The value.
    pub value: f64,
    /// The scores of a run with this value.
    #[serde(flatten)]
    pub scores: Scores,
}

/// The scores at several values of one threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sweep {
    /// The threshold: `similarity`, or a parameter such as `verify.copy_weight`.
    pub threshold: String,
    /// The value that the run itself had.
    pub current: f64,
    /// The points, by ascending value.
    pub points: Vec<SweepPoint>,
}

impl Sweep {
    /// Returns the value with the highest F1; of several, the one nearest to the run's own.
    pub fn best(&self) -> Option<&SweepPoint> {
        let far = |point: &SweepPoint| (point.value - self.current).abs();
        self.points.iter().max_by(|a, b| {
            let f1 = a.scores.f1.value.total_cmp(&b.scores.f1.value);
            f1.then_with(|| far(b).total_cmp(&far(a)))
        })
    }
}

/// Returns the thresholds of a sweep: 0, 0.05 and so on up to 1.
pub(super) fn similarities() -> impl Iterator<Item = f64> {
    (0..=20).map(|step| f64::from(step) / 20.0)
}
