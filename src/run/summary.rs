//! The summary of a run.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tally::{Repeats, repeats};
use crate::pipeline::{Counts, Found, Loaded, Stage, threads};
use crate::read::Fields;
use crate::write::Cleaned;
use crate::{Params, Problem};

/// Counts by two names, such as the grain and the kind of matches.
pub type Table = BTreeMap<&'static str, BTreeMap<&'static str, u64>>;

/// Counts of a run, as `summary.json` holds them. All but the last field is the same for equal input and parameters.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Documents, bytes, units and candidate pairs.
    #[serde(flatten)]
    pub counts: Counts,
    /// Matches by grain and kind.
    pub matches: Table,
    /// Clusters by grain and kind.
    pub clusters: Table,
    /// Texts that repeat a kept one, by grain and closest kind.
    pub repeats: BTreeMap<&'static str, Repeats>,
    /// News agencies, by how many documents credit them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub agencies: BTreeMap<&'static str, u64>,
    /// Numbers of documents kept, edited and dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleaned: Option<Cleaned>,
    /// Lines of the ledger by rule and action.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: Table,
    /// Records that were skipped.
    pub skipped: u64,
    /// Problems of the input: what was skipped, or read with a conversion.
    pub problems: Vec<Problem>,
    /// The parameters.
    pub parameters: Params,
    /// The fields that records were read by.
    pub fields: Fields,
    /// Facts of this run alone.
    pub run: RunFacts,
}

/// Facts of one run, which differ between runs with equal results.
#[derive(Debug, Clone, Serialize)]
pub struct RunFacts {
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// Number of threads.
    pub threads: usize,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Time and memory by stage.
    pub stages: Vec<Stage>,
}

impl Summary {
    /// Returns the summary of what was found in documents that were loaded.
    pub fn new(loaded: &Loaded, found: &Found, params: &Params, stages: Vec<Stage>) -> Self {
        let (mut matches, mut clusters) = (Table::new(), Table::new());
        for found_match in &found.matches {
            let grain = found.unit(found_match.a).grain.name();
            *matches.entry(grain).or_default().entry(found_match.verified.kind.name()).or_default() += 1;
        }
        for cluster in &found.clusters {
            *clusters.entry(cluster.grain.name()).or_default().entry(cluster.kind.name()).or_default() += 1;
        }
        let mut agencies = BTreeMap::new();
        found.agencies.values().iter().for_each(|&agency| *agencies.entry(agency).or_default() += 1);
        let skipped = loaded.problems.iter().filter(|problem| problem.skipped);
        Summary {
            counts: found.counts,
            matches,
            clusters,
            repeats: params.grains.iter().map(|&grain| (grain.name(), repeats(found, grain, |_| true))).collect(),
            agencies,
            cleaned: None,
            rules: Table::new(),
            skipped: skipped.map(|problem| problem.records).sum(),
            problems: loaded.problems.clone(),
            parameters: params.clone(),
            fields: Fields::default(),
            run: RunFacts {
                inputs: loaded.inputs.iter().map(|input| input.name.clone()).collect(),
                threads: threads(),
                seconds: stages.iter().map(|stage| stage.seconds).sum(),
                stages,
            },
        }
    }

    /// Adds the fields that records were read by.
    pub fn reading(self, fields: Fields) -> Self {
        Summary { fields, ..self }
    }

    /// Adds what a clean run did.
    pub fn with(mut self, cleaned: Cleaned) -> Self {
        self.rules.clone_from(&cleaned.rules);
        self.cleaned = Some(cleaned);
        self
    }
}
