//! Files of what a run found: matches, clusters and the summary.

use super::summary::Summary;
use crate::pipeline::{Found, Scanned, passages};
use crate::write::{ClusterLine, MatchLine, OutDir, json_lines, json_pretty};
use crate::{Documents, Error, Result};

/// Writes the matches and clusters. Matches carry the passages of at least `passage_words` words that their texts share, if that
/// is given.
pub(super) fn write_found(
    out: &mut OutDir,
    scanned: &Scanned,
    found: &Found,
    passage_words: Option<usize>,
) -> Result<()> {
    let Found { units, matches, clusters, agencies, .. } = found;
    let documents = Documents::from(&scanned.heads);
    let shared = passage_words.map(|words| passages(scanned, found, words)).transpose()?;
    let sources = found.likely_sources(documents);
    let mut file = out.file("matches.jsonl")?;
    let lines = matches.iter().enumerate().map(|(n, tie)| {
        let passages = shared.as_ref().map(|shared| &*shared[n]);
        MatchLine::new(tie, documents, units, clusters, sources[n], passages)
    });
    json_lines(&mut file, lines).map_err(|error| Error::io(file.path(), error))?;
    file.finish()?;
    let mut file = out.file("clusters.jsonl")?;
    let lines = clusters.iter().map(|cluster| ClusterLine::new(cluster, documents, units, agencies));
    json_lines(&mut file, lines).map_err(|error| Error::io(file.path(), error))?;
    file.finish()
}

/// The file that holds the summary of a run.
pub(super) const SUMMARY: &str = "summary.json";

/// Writes the summary.
pub(super) fn write_summary(out: &mut OutDir, summary: &Summary) -> Result<()> {
    let mut file = out.file(SUMMARY)?;
    json_pretty(&mut file, summary).map_err(|error| Error::io(file.path(), error))?;
    file.finish()
}
