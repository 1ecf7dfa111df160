//! A run that finds what repeats.

use super::begin::{Begun, begin, rank_inputs};
use super::summary::Summary;
use super::{Inputs, OutFolder, Progress};
use crate::config::Settings;
use crate::pipeline::{Found, Loaded, Scanned};
use crate::write::{ClusterLine, MatchLine, OutDir, json_lines, json_pretty};
use crate::{Error, Result};

/// Options of [`find`], besides the settings.
#[derive(Debug, Clone, Default)]
pub struct FindOptions {
    /// Folder that `matches.jsonl`, `clusters.jsonl` and `summary.json` are written to, if they are.
    pub out: Option<OutFolder>,
}

/// Results of [`find`].
pub struct FindRun {
    /// The inputs. Their documents have no texts; [`Scanned::restore_texts`] reads some of them again.
    pub scanned: Scanned,
    /// What repeats.
    pub found: Found,
    /// The counts, as `summary.json` holds them.
    pub summary: Summary,
}

/// Finds what repeats in the inputs, and writes it if the options name a folder.
///
/// ```
/// use flong::config::{Config, Settings};
/// use flong::run::{FindOptions, Inputs, find};
///
/// let folder = tempfile::tempdir()?;
/// let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
/// std::fs::write(folder.path().join("a.txt"), text)?;
/// std::fs::write(folder.path().join("b.txt"), text)?;
///
/// let settings = Settings::new(Config::default(), None)?;
/// let run = find(&Inputs::of([folder.path()]), &settings, &FindOptions::default(), &())?;
/// assert_eq!(run.summary.matches["document"]["exact"], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If settings or inputs cannot be used, or the folder cannot be written.
pub fn find(inputs: &Inputs, settings: &Settings, options: &FindOptions, progress: &dyn Progress) -> Result<FindRun> {
    let mut params = settings.params()?;
    let out = options.out.as_ref();
    let mut folder = out.map(|out| OutDir::create(&out.path, out.force)).transpose()?;
    let Begun { mut scanned, mut watch, .. } =
        begin(inputs, &[], settings, out.map(|out| &*out.path), false, progress)?;
    rank_inputs(&mut params, &scanned.loaded);
    let found = scanned.find(&params, &mut watch)?;
    if let Some(folder) = &mut folder {
        watch.stage("write");
        write_found(folder, &scanned.loaded, &found)?;
    }
    let summary = Summary::new(&scanned.loaded, &found, &params, settings.fields(), watch.finish());
    if let Some(mut folder) = folder {
        write_summary(&mut folder, &summary)?;
        folder.commit()?;
    }
    Ok(FindRun { scanned, found, summary })
}

/// Writes the matches and clusters.
pub(super) fn write_found(out: &mut OutDir, loaded: &Loaded, found: &Found) -> Result<()> {
    let Found { units, matches, clusters, agencies, .. } = found;
    let documents = &loaded.documents;
    let mut file = out.file("matches.jsonl")?;
    let lines = matches.iter().map(|found| MatchLine::new(found, documents, units, clusters));
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
