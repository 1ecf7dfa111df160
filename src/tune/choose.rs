//! Choosing thresholds by judged pairs.

use std::collections::BTreeMap;

use crate::eval::{Class, Evaluation, LabelledPair, Labels, Options, Scores, Sweep, SweepPoint, evaluate_documents};
use crate::pipeline::{Prepared, Stopwatch, prepare};
use crate::verify::{Kind, decide, plausible, shared_mass};
use crate::{Document, Grain, Params, UnitId};

/// The thresholds that are tuned, each with the values that are tried.
const TUNED: [(&str, f64, f64, f64); 7] = [
    ("verify.copy_evidence", 1.0, 1.8, 0.05),
    ("verify.copy_unexplained", 10.0, 50.0, 4.0),
    ("verify.copy_weight", 0.3, 0.8, 0.05),
    ("verify.reworded_evidence", 0.9, 1.6, 0.05),
    ("verify.reworded_clauses", 0.3, 0.8, 0.04),
    ("verify.statement_weight", 0.2, 0.6, 0.04),
    ("verify.same_source_unexplained", 4.0, 24.0, 4.0),
];

/// A threshold with another value than before.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// The value before.
    pub before: f64,
}

/// The thresholds that fit judgments best.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuned {
    /// Number of judged pairs.
    pub judged: usize,
    /// The decisions that each value of each threshold would make, the others being as they are.
    pub sweeps: Vec<Sweep>,
    /// The thresholds that are better with other values; none if the present ones are the best.
    pub chosen: Vec<Chosen>,
    /// The scores of the present thresholds.
    pub before: Evaluation,
    /// The scores of the chosen thresholds.
    pub after: Evaluation,
}

impl Tuned {
    /// Returns a `flong.toml` with the chosen thresholds.
    pub fn toml(&self) -> String {
        let figures = |evaluation: &Evaluation| {
            let Scores { precision, recall, f1, .. } = evaluation.scores();
            format!("precision {:.3}, recall {:.3}, F1 {:.3}", precision.value, recall.value, f1.value)
        };
        let mut toml = format!("# Chosen by `flong tune` from {} judged pairs.\n", self.judged);
        toml += &format!("# Before: {}.\n", figures(&self.before));
        if self.chosen.is_empty() {
            return toml + "# No other value is better, so nothing is set.\n";
        }
        toml += &format!("# With these values: {}.\n\n[verify]\n", figures(&self.after));
        for Chosen { name, value, before } in &self.chosen {
            let name = name.strip_prefix("verify.").unwrap_or(name);
            toml += &format!("{name} = {value}  # {before} before\n");
        }
        toml
    }
}

/// Chooses thresholds by judged pairs. `params` are those of the run now.
///
/// Each threshold in turn takes the value with the fewest mistakes, and of several the one nearest to its present value; this
/// is done twice, since one threshold depends on another. Pairs are decided one by one for this. In the end a run with these
/// values must make fewer mistakes than one with the present ones, or the present ones stay.
pub fn tune(
    documents: &[Document],
    params: &Params,
    judged: &[LabelledPair],
    options: &Options,
) -> Result<Tuned, String> {
    let labels = Labels::Pairs(judged.to_vec());
    let before = evaluate_documents(documents, params, &labels, options, None)?;
    let asked = Asked::new(documents, params, judged, options);
    let sweeps = TUNED.iter().filter_map(|tuned| asked.sweep(*tuned, params)).collect();
    let mut best = params.clone();
    for _ in 0..2 {
        for (name, ..) in TUNED {
            asked.improve(name, params, &mut best);
        }
    }
    let mut after = evaluate_documents(documents, &best, &labels, options, None)?;
    if mistakes(after.scores()) >= mistakes(before.scores()) || f1(&after) < f1(&before) {
        (best, after) = (params.clone(), before.clone());
    }
    let value = |params: &Params, name: &str| params.get(name).and_then(|value| value.parse::<f64>().ok());
    let chosen = TUNED.iter().filter_map(|(name, ..)| {
        let (value, before) = (value(&best, name)?, value(params, name)?);
        (value != before).then(|| Chosen { name: (*name).to_owned(), value, before })
    });
    Ok(Tuned { judged: judged.len(), sweeps, chosen: chosen.collect(), before, after })
}

fn f1(evaluation: &Evaluation) -> f64 {
    evaluation.scores().f1.value
}

fn mistakes(scores: &Scores) -> u64 {
    scores.wrong + scores.missed
}

/// The judged pairs that say copy or no copy, ready to be decided.
struct Asked {
    prepared: Prepared,
    /// The documents of each pair, and whether they are copies.
    pairs: Vec<(UnitId, UnitId, bool)>,
}

impl Asked {
    fn new(documents: &[Document], params: &Params, judged: &[LabelledPair], options: &Options) -> Self {
        let params = Params { grains: vec![Grain::Document], ..params.clone() };
        let prepared = prepare(documents, &params, &mut Stopwatch::default());
        let numbers: BTreeMap<&str, UnitId> =
            (0..).map(UnitId).zip(documents).map(|(n, document)| (&*document.id, n)).collect();
        let pair = |pair: &LabelledPair| {
            let class = options.classes.class(&pair.label).filter(|class| *class != Class::Apart)?;
            Some((*numbers.get(&*pair.a)?, *numbers.get(&*pair.b)?, class == Class::Copy))
        };
        Asked { prepared, pairs: judged.iter().filter_map(pair).collect() }
    }

    /// Returns whether two documents match, decided by themselves.
    fn matches(&self, a: UnitId, b: UnitId, params: &Params) -> bool {
        let (a, b) = (self.prepared.text(a), self.prepared.text(b));
        let (level, limits) = (params.level, &params.thresholds);
        let mass = shared_mass(a.profile, b.profile);
        plausible(a.profile.mass, b.profile.mass, mass, level, limits)
            && decide(a, b, mass, level, limits).is_ok_and(|decision| decision.verified.kind != Kind::Template)
    }

    /// Returns what each pair adds to the right, wrong and missed ones.
    fn scores(&self, params: &Params) -> Scores {
        Scores::of_decisions(self.pairs.iter().map(|&(a, b, copy)| (self.matches(a, b, params), copy)))
    }

    /// Returns what each value of a threshold would do; `None` if the present one is not a number.
    fn sweep(&self, (name, from, to, step): (&str, f64, f64, f64), params: &Params) -> Option<Sweep> {
        let current: f64 = params.get(name)?.parse().ok()?;
        let points = values(from, to, step, current).into_iter().filter_map(|value| {
            let with = with(params, name, value)?;
            Some(SweepPoint { value, scores: self.scores(&with) })
        });
        Some(Sweep { threshold: name.to_owned(), current, points: points.collect() })
    }

    /// Gives a threshold the value with the fewest mistakes, the others being as they are in `best`.
    fn improve(&self, name: &str, params: &Params, best: &mut Params) {
        let Some(range) = TUNED.iter().find(|(tuned, ..)| *tuned == name) else { return };
        let Some(default) = params.get(name).and_then(|value| value.parse::<f64>().ok()) else { return };
        let Some(sweep) = self.sweep(*range, best) else { return };
        let far = |value: f64| (value - default).abs();
        let chosen = sweep
            .points
            .iter()
            .min_by(|x, y| mistakes(&x.scores).cmp(&mistakes(&y.scores)).then(far(x.value).total_cmp(&far(y.value))));
        if let Some(with) = chosen.and_then(|point| with(best, name, point.value)) {
            *best = with;
        }
    }
}

/// Returns the values to try, with the present one among them.
fn values(from: f64, to: f64, step: f64, current: f64) -> Vec<f64> {
    let steps = ((to - from) / step).round() as u32;
    let mut values: Vec<f64> = (0..=steps).map(|n| ((from + step * f64::from(n)) * 1e6).round() / 1e6).collect();
    if !values.contains(&current) {
        values.push(current);
        values.sort_by(f64::total_cmp);
    }
    values
}

/// Returns the parameters with another value of a threshold, if a run can use it.
fn with(params: &Params, name: &str, value: f64) -> Option<Params> {
    let mut params = params.clone();
    params.set(name, &value.to_string()).ok()?;
    params.validate().ok()?;
    Some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tuned_threshold_is_a_parameter_that_all_its_values_fit() {
        for (name, from, to, step) in TUNED {
            let current = Params::default().get(name).unwrap().parse().unwrap();
            let values = values(from, to, step, current);
            assert!(values.is_sorted() && values.contains(&current) && values.len() > 5, "{name}: {values:?}");
            let fit = values.iter().filter(|value| with(&Params::default(), name, **value).is_some()).count();
            assert!(fit * 2 > values.len(), "{name}");
        }
    }
}
