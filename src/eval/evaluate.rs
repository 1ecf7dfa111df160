//! A whole evaluation: find, compare with labels, sweep a threshold, and give reasons.

use std::str::FromStr;

use serde::Serialize;

use super::classes::Classes;
use super::clusters::{ClusterReport, clusters};
use super::labels::Labels;
use super::pairs::{Mistake, PairReport, pairs};
use super::run::Run;
use super::scores::{Sweep, SweepPoint};
use super::spans::{Offsets, SpanReport, spans};
use super::{explain, scores::Scores};
use crate::judge::{Rule, boilerplate};
use crate::pipeline::{Stopwatch, find_timed, prepare};
use crate::{Document, Grain, Params};

/// Options of evaluating by labels.
#[derive(Debug, Clone)]
pub struct Options {
    /// The meaning of the labels of pairs.
    pub classes: Classes,
    /// Whether the labels list every copy, so that a pair that is found and not listed is wrong.
    pub complete: bool,
    /// The unit of the offsets of labelled spans.
    pub offsets: Offsets,
    /// The rules of boilerplate that labelled spans are compared with.
    pub rules: Vec<Rule>,
}

impl Default for Options {
    fn default() -> Self {
        let rules = Rule::ALL.to_vec();
        Options { classes: Classes::known(), complete: false, offsets: Offsets::Bytes, rules }
    }
}

/// The scores of a run, by the shape of the labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "shape", rename_all = "lowercase")]
pub enum Evaluation {
    /// Labelled pairs.
    Pairs(PairReport),
    /// Labelled clusters.
    Clusters(ClusterReport),
    /// Labelled spans.
    Spans(SpanReport),
}

impl Evaluation {
    /// Returns the pairs that are judged wrongly, worst first; none for spans, which have mistakes of their own.
    pub fn mistakes(&self) -> &[Mistake] {
        match self {
            Evaluation::Pairs(report) => &report.mistakes,
            Evaluation::Clusters(report) => &report.mistakes,
            Evaluation::Spans(_) => &[],
        }
    }

    /// Returns the scores; those of spans with both ends right.
    pub fn scores(&self) -> &Scores {
        match self {
            Evaluation::Pairs(report) => &report.scores,
            Evaluation::Clusters(report) => &report.scores,
            Evaluation::Spans(report) => &report.scores,
        }
    }

    /// Returns the sweep; none for spans.
    pub fn sweep(&self) -> Option<&Sweep> {
        match self {
            Evaluation::Pairs(report) => Some(&report.sweep),
            Evaluation::Clusters(report) => Some(&report.sweep),
            Evaluation::Spans(_) => None,
        }
    }

    /// Replaces the sweep over the similarity by another.
    fn set_sweep(&mut self, sweep: Sweep) {
        match self {
            Evaluation::Pairs(report) => report.sweep = sweep,
            Evaluation::Clusters(report) => report.sweep = sweep,
            Evaluation::Spans(_) => {}
        }
    }

    fn mistakes_mut(&mut self) -> &mut [Mistake] {
        match self {
            Evaluation::Pairs(report) => &mut report.mistakes,
            Evaluation::Clusters(report) => &mut report.mistakes,
            Evaluation::Spans(_) => &mut [],
        }
    }
}

/// Compares a run with labels. The texts of `documents` are needed for spans only.
pub fn evaluate(run: &Run, documents: &[Document], labels: &Labels, options: &Options) -> Result<Evaluation, String> {
    match labels {
        Labels::Pairs(labels) => pairs(run, labels, &options.classes, options.complete).map(Evaluation::Pairs),
        Labels::Clusters(labels) => clusters(run, labels).map(Evaluation::Clusters),
        Labels::Spans(labels) => spans(run, documents, labels, options.offsets).map(Evaluation::Spans),
    }
}

/// Finds what repeats among documents, compares it with labels, and gives the reason for each mistake. With a `range` it
/// also runs with each of these values of a parameter. An error begins with the line of the labels.
///
/// ```
/// use flong::eval::{Labels, Options, TableFormat, evaluate_documents};
/// use flong::{Document, Params};
///
/// let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
/// let documents = [Document::new("a", text), Document::new("b", text)];
/// let labels = Labels::parse("a,b,label\na,b,copy\n", TableFormat::Csv, None)?;
/// let evaluation = evaluate_documents(&documents, &Params::default(), &labels, &Options::default(), None)?;
/// assert_eq!(evaluation.scores().f1.value, 1.0);
/// # Ok::<(), String>(())
/// ```
pub fn evaluate_documents(
    documents: &[Document],
    params: &Params,
    labels: &Labels,
    options: &Options,
    range: Option<&SweepRange>,
) -> Result<Evaluation, String> {
    let params = Params { grains: vec![Grain::Document], ..params.clone() };
    let run = |params: &Params| {
        let found = find_timed(documents, params, &mut Stopwatch::default());
        let mut findings = boilerplate(&found.asides);
        findings.retain(|finding| options.rules.contains(&finding.rule));
        let run = Run::of(&found, documents).with_findings(&findings, documents);
        evaluate(&run, documents, labels, options)
    };
    let mut evaluation = run(&params)?;
    if let Some(range) = range {
        let mut points = Vec::new();
        for &value in &range.values {
            let scores = *run(&range.at(value, &params)?)?.scores();
            points.push(SweepPoint { value, scores });
        }
        let current = params.get(&range.name).and_then(|value| value.parse().ok()).unwrap_or_default();
        evaluation.set_sweep(Sweep { threshold: range.name.clone(), current, points });
    }
    if !evaluation.mistakes_mut().is_empty() {
        let prepared = prepare(documents, &params, &mut Stopwatch::default());
        explain(evaluation.mistakes_mut(), documents, &prepared, &params);
    }
    Ok(evaluation)
}

/// The values of one parameter to run with, by its name such as `verify.copy_weight`.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepRange {
    /// The parameter.
    pub name: String,
    /// The values, ascending.
    pub values: Vec<f64>,
}

/// The number of steps in a range that names no step, and the most that a range may have.
const STEPS: f64 = 10.0;
const MAX_STEPS: f64 = 100.0;

impl SweepRange {
    /// Returns the parameters with one value set, and checked.
    fn at(&self, value: f64, params: &Params) -> Result<Params, String> {
        let mut params = params.clone();
        params.set(&self.name, &value.to_string())?;
        params.validate().map_err(|error| error.to_string())?;
        Ok(params)
    }

    /// Checks that a run can use each of the values.
    pub fn validate(&self, params: &Params) -> Result<(), String> {
        self.values.iter().try_for_each(|&value| self.at(value, params).map(|_| ()))
    }
}

impl FromStr for SweepRange {
    type Err = String;

    /// Reads a range such as `verify.copy_weight=0.3..0.8`, or `verify.copy_weight=0.3..0.8:0.1` with a step.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is no range of values; give one such as verify.copy_weight=0.3..0.8:0.05");
        let (name, range) = text.split_once('=').ok_or_else(wrong)?;
        let (from, to) = range.split_once("..").ok_or_else(wrong)?;
        let (to, step) = to.split_once(':').map_or((to, None), |(to, step)| (to, Some(step)));
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(wrong);
        let (from, to) = (number(from)?, number(to)?);
        let step = step.map_or(Ok((to - from) / STEPS), number)?;
        // What floating-point division leaves short of a whole step counts as one.
        let steps = ((to - from) / step + 1e-9).floor();
        if !(from < to && step > 0.0 && steps <= MAX_STEPS) {
            return Err(format!("{text}: the values must ascend, in at most {MAX_STEPS} steps"));
        }
        let value = |n: usize| ((from + step * n as f64) * 1e6).round() / 1e6;
        Ok(SweepRange { name: name.trim().to_owned(), values: (0..=steps as usize).map(value).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let values = |text: &str| text.parse::<SweepRange>().map(|range| range.values);
        assert_eq!(values("x=0.1..0.4:0.1"), Ok(vec![0.1, 0.2, 0.3, 0.4]));
        assert_eq!(values("x=0..1").map(|values| values.len()), Ok(11));
        for wrong in ["x", "x=1", "x=2..1", "x=0..1:0", "x=0..1:-1", "x=0..1:0.0001", "x=a..b", "x=0..inf"] {
            assert!(values(wrong).unwrap_err().starts_with(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_sweep_must_be_of_a_parameter_and_values_that_can_be_run() {
        let check = |text: &str| text.parse::<SweepRange>().unwrap().validate(&Params::default());
        assert_eq!(check("verify.copy_weight=0.5..1"), Ok(()));
        assert!(check("verify.copy_weight=0.5..2").unwrap_err().contains("a share from 0 to 1"));
        assert!(check("verify.copy=0..1").unwrap_err().starts_with("there is no parameter `verify.copy`"));
    }
}
