//! Files of what a run found: matches, clusters and the summary.

use std::ops::Range;

use super::summary::Summary;
use crate::pipeline::{Found, Scanned, passages};
use crate::verify::SharedPassage;
use crate::write::{ClusterLine, MatchLine, OutDir, json_lines, json_pretty};
use crate::{DocumentId, Documents, Error, Result};

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
    let sources = found.likely_sources(documents);
    let mut file = out.file("matches.jsonl")?;
    let mut write = |range: Range<usize>, shared: Option<&[Vec<SharedPassage>]>| {
        let lines = range.enumerate().map(|(place, n)| {
            let passages = shared.map(|shared| &*shared[place]);
            MatchLine::new(&matches[n], documents, units, clusters, sources[n], passages)
        });
        json_lines(&mut file, lines).map_err(|error| Error::io(file.path(), error))
    };
    match passage_words {
        Some(words) => passages(scanned, found, words, |range, shared| write(range, Some(shared)))?,
        None => write(0..matches.len(), None)?,
    }
    file.finish()?;
    let mut file = out.file("clusters.jsonl")?;
    let agency = |document: DocumentId| agencies.first(document.index());
    let lines = clusters.iter().map(|cluster| ClusterLine::new(cluster, documents, units, agency));
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
