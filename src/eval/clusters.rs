//! Labelled clusters: are the documents grouped as people grouped them?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::bootstrap::{Estimate, estimate};
use super::labels::LabelledDocument;
use super::pairs::{JudgedCount, Mistake};
use super::run::Run;
use super::scores::{Scores, Sweep, SweepPoint, share, similarities};
use crate::verify::Kind;

/// The scores of a run by labelled clusters. Only labelled documents count.
///
/// A document that is in several clusters of the run counts in the one whose representative is most similar to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterReport {
    /// Number of labelled documents.
    pub documents: u64,
    /// Number of labelled clusters, of one document or more.
    pub clusters: u64,
    /// Scores of telling pairs of documents of one labelled cluster from all others.
    pub scores: Scores,
    /// The adjusted Rand index: 1 if both clusterings are the same, 0 if they agree as by chance.
    pub adjusted_rand: Estimate,
    /// Direct matches of labelled documents by kind: in one labelled cluster, or not.
    pub judged: Vec<JudgedCount>,
    /// The scores if clusters hold only what is at least so similar to their representative.
    pub sweep: Sweep,
    /// Pairs that are judged wrongly, the surest mistakes first: matches across labelled clusters, and for each labelled
    /// cluster, its first document with the first of each part that is apart from it.
    pub mistakes: Vec<Mistake>,
}

/// The contribution of a labelled cluster: pairs in it that are found, pairs in it, half of the pairs that its documents are
/// found in, and documents.
type Sums = [f64; 4];

/// Compares a run with labelled clusters. An error names the line of a document that is in two clusters.
pub fn clusters(run: &Run, labels: &[LabelledDocument]) -> Result<ClusterReport, String> {
    let cluster_of = by_document(labels)?;
    let mut truth: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    cluster_of.iter().for_each(|(id, cluster)| truth.entry(cluster).or_default().push(id));
    let figures = |least: f64| {
        let sums = sums(run, &truth, least);
        let counts = |&[found, labelled, claimed, _]: &Sums| [found, claimed - found, labelled - found];
        let [adjusted_rand] = estimate(&sums, |sums| [adjusted_rand(sums)]);
        (Scores::of(&sums.iter().map(counts).collect::<Vec<_>>()), adjusted_rand)
    };
    let (scores, adjusted_rand) = figures(f64::NEG_INFINITY);
    let points = similarities().map(|value| SweepPoint { value, scores: figures(value).0 }).collect();
    Ok(ClusterReport {
        documents: cluster_of.len() as u64,
        clusters: truth.len() as u64,
        scores,
        adjusted_rand,
        judged: judged(run, &cluster_of),
        sweep: Sweep { threshold: "similarity".into(), current: 0.0, points },
        mistakes: mistakes(run, &cluster_of, &truth),
    })
}

fn by_document(labels: &[LabelledDocument]) -> Result<BTreeMap<&str, &str>, String> {
    let mut cluster_of = BTreeMap::new();
    for LabelledDocument { id, cluster, line } in labels {
        let held = *cluster_of.entry(id.as_str()).or_insert(cluster.as_str());
        if held != cluster {
            return Err(format!("{line}: `{id}` is in cluster `{cluster}` here and in `{held}` before"));
        }
    }
    Ok(cluster_of)
}

/// Returns what each labelled cluster contributes, if the run's clusters hold only what is at least so similar.
fn sums(run: &Run, truth: &BTreeMap<&str, Vec<&str>>, least: f64) -> Vec<Sums> {
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    let found: Vec<Vec<Option<u32>>> =
        truth.values().map(|ids| ids.iter().map(|id| run.cluster_of(id, least)).collect()).collect();
    found.iter().flatten().flatten().for_each(|cluster| *sizes.entry(*cluster).or_default() += 1);
    let sums = |clusters: &Vec<Option<u32>>| {
        let mut parts: BTreeMap<u32, u64> = BTreeMap::new();
        clusters.iter().flatten().for_each(|cluster| *parts.entry(*cluster).or_default() += 1);
        let found = parts.values().map(|&n| pairs_of(n)).sum();
        let claimed = parts.iter().map(|(cluster, &n)| n as f64 * (sizes[cluster] - 1) as f64 / 2.0).sum();
        [found, pairs_of(clusters.len() as u64), claimed, clusters.len() as f64]
    };
    found.iter().map(sums).collect()
}

/// Returns the number of pairs of some documents.
fn pairs_of(documents: u64) -> f64 {
    documents as f64 * documents.saturating_sub(1) as f64 / 2.0
}

/// Returns the adjusted Rand index (Hubert and Arabie 1985) from the numbers of pairs.
fn adjusted_rand(&[both, labelled, claimed, documents]: &Sums) -> f64 {
    let all = documents * (documents - 1.0) / 2.0;
    let expected = share(labelled * claimed, all);
    let most = (labelled + claimed) / 2.0;
    // Two clusterings of single documents only are the same.
    if most == expected { f64::from(u8::from(labelled == claimed)) } else { (both - expected) / (most - expected) }
}

fn judged(run: &Run, cluster_of: &BTreeMap<&str, &str>) -> Vec<JudgedCount> {
    let mut counts: BTreeMap<Kind, (u64, u64)> = BTreeMap::new();
    for ((a, b), (kind, _)) in run.copies() {
        if let (Some(a), Some(b)) = (cluster_of.get(a), cluster_of.get(b)) {
            let count = counts.entry(kind).or_default();
            *if a == b { &mut count.0 } else { &mut count.1 } += 1;
        }
    }
    let count = |(kind, (copies, others)): (Kind, _)| JudgedCount { judged: kind.name(), copies, others, apart: 0 };
    counts.into_iter().map(count).collect()
}

fn mistakes(run: &Run, cluster_of: &BTreeMap<&str, &str>, truth: &BTreeMap<&str, Vec<&str>>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for ((a, b), (kind, similarity)) in run.copies() {
        let (Some(of_a), Some(of_b)) = (cluster_of.get(a), cluster_of.get(b)) else { continue };
        if of_a != of_b {
            let label = format!("{of_a} / {of_b}");
            mistakes.push(Mistake {
                a: a.into(),
                b: b.into(),
                label,
                together: true,
                kind: Some(kind),
                similarity,
                reason: String::new(),
            });
        }
    }
    for (cluster, ids) in truth {
        let first = run.cluster_of(ids[0], f64::NEG_INFINITY);
        let mut parts = BTreeSet::from([first]);
        for id in &ids[1..] {
            let part = run.cluster_of(id, f64::NEG_INFINITY);
            if first.is_none() && part.is_none() || parts.insert(part) {
                let (a, b, label) = (ids[0].to_owned(), (*id).to_owned(), (*cluster).to_owned());
                mistakes.push(Mistake {
                    a,
                    b,
                    label,
                    together: false,
                    kind: None,
                    similarity: 0.0,
                    reason: String::new(),
                });
            }
        }
    }
    mistakes.sort_by(Mistake::worst_first);
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Labels, TableFormat};
    use crate::{Document, Params, find};

    fn labels(rows: &str) -> Vec<LabelledDocument> {
        match Labels::parse(&format!("id,cluster\n{rows}"), TableFormat::Csv, None) {
            Ok(Labels::Clusters(documents)) => documents,
            other => panic!("{other:?}"),
        }
    }

    /// Returns a run over six documents that finds the copies `a b c` and `d e`, and leaves `f` alone.
    fn run() -> Run {
        let copies = |n: u32| {
            format!(
                "Ferry number {n} ran aground off Aldermoor on Tuesday evening; nobody was hurt, the harbour master of port {n} said."
            )
        };
        let text = |id: &str| match id {
            "a" | "b" | "c" => copies(17),
            "d" | "e" => {
                "Maize prices rose for the third week in a row, the growers' union said on Monday in the capital."
                    .into()
            }
            _ => "The council of Finchley votes on new cycle lanes along the river on Thursday morning.".to_string(),
        };
        let documents = ["a", "b", "c", "d", "e", "f"].map(|id| Document::new(id, text(id)));
        Run::of(&find(&documents, &Params::default()), &documents)
    }

    #[test]
    fn the_index_is_that_of_the_contingency_table() {
        let report = clusters(&run(), &labels("a,x\nb,x\nc,y\nd,y\ne,z\nf,z\n")).unwrap();
        // Found abc, de, f; labelled ab, cd, ef: 1 pair in both, 4 found, 3 labelled, of 15.
        let Scores { right, wrong, missed, .. } = report.scores;
        assert_eq!((right, wrong, missed), (1, 3, 2));
        let expected = 3.0 * 4.0 / 15.0;
        assert!((report.adjusted_rand.value - (1.0 - expected) / (3.5 - expected)).abs() < 1e-12);
        let told: Vec<_> = report.mistakes.iter().map(|m| (&*m.a, &*m.b, m.together)).collect();
        assert_eq!(told, [("a", "c", true), ("b", "c", true), ("d", "e", true), ("c", "d", false), ("e", "f", false)]);
    }

    #[test]
    fn the_same_clusters_are_perfect() {
        let report = clusters(&run(), &labels("f,6\na,1\nb,1\nc,1\nd,2\ne,2\n")).unwrap();
        let Scores { precision, recall, f1, .. } = report.scores;
        assert_eq!([precision.value, recall.value, f1.value, report.adjusted_rand.value], [1.0; 4]);
        assert_eq!((report.documents, report.clusters, report.mistakes.len()), (6, 3, 0));
        let twice = clusters(&run(), &labels("a,1\na,2\n")).unwrap_err();
        assert_eq!(twice, "3: `a` is in cluster `2` here and in `1` before");
    }
}
