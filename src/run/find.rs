//! A run that finds what repeats.

use std::ffi::OsString;
#[cfg(feature = "index")]
use std::path::PathBuf;

use serde::Serialize;

use super::begin::{Begun, begin, rank_inputs};
#[cfg(feature = "index")]
use super::clean::Asked;
use super::found::{write_found, write_summary};
#[cfg(feature = "index")]
use super::index::Asking;
use super::summary::Summary;
use super::{Inputs, OutFolder, Progress};
#[cfg(feature = "index")]
use crate::Document;
use crate::config::Settings;
#[cfg(feature = "index")]
use crate::judge::Finding;
use crate::judge::Rule;
use crate::pipeline::{Found, Scanned};
use crate::verify::{Kind, Match};
use crate::write::json_lines;
use crate::{Error, Result, UnitId};

/// Options of [`find`], besides the settings.
#[derive(Debug, Clone, Default)]
pub struct FindOptions {
    /// Folder that `matches.jsonl`, `clusters.jsonl` and `summary.json` are written to, if they are.
    pub out: Option<OutFolder>,
    /// Whether the lines of `matches.jsonl` carry the passages that the two texts share.
    pub passages: bool,
    /// Further inputs to compare with. Matches that are only among these are not reported.
    pub against: Vec<OsString>,
    /// Index that is asked which of the documents it has seen before.
    #[cfg(feature = "index")]
    pub index: Option<PathBuf>,
}

/// A document that an index has seen before: a line of `seen.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeenLine {
    /// The document's id.
    pub document: String,
    /// The id of the item of the index.
    pub seen: String,
    /// The rule.
    pub rule: Rule,
    /// The similarity of the two.
    pub similarity: f32,
    /// The reason, for people.
    pub reason: String,
}

/// Results of [`find`].
pub struct FindRun {
    /// The inputs. [`Scanned::read_documents`] reads some documents again, with their texts.
    pub scanned: Scanned,
    /// The matches and clusters.
    pub found: Found,
    /// The documents that the index has seen before, in their order; `None` if no index was asked.
    pub seen: Option<Vec<SeenLine>>,
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
    #[cfg(feature = "index")]
    let index = options.index.as_ref().map(|file| Asking::open(file, false, &params, progress)).transpose()?;
    let out = options.out.as_ref();
    let mut folder = out.map(OutFolder::create).transpose()?;
    let Begun { mut scanned, mut watch, own } =
        begin(inputs, &options.against, settings, out.map(|out| &*out.path), false, progress)?;
    rank_inputs(&mut params, &scanned.loaded);
    let mut found = scanned.find(&params, &mut watch)?;
    let documents = scanned.heads.len();
    let new = scanned.heads.before_input(own as u32);
    retain_new(&mut found, documents, new, settings);
    #[cfg(feature = "index")]
    let seen = match &index {
        Some(index) => {
            let Asked { documents: asked, findings, items } = index.ask(&scanned, new, &params, &mut watch)?;
            Some(seen_lines(findings, &asked, &items, documents, settings))
        }
        None => None,
    };
    #[cfg(not(feature = "index"))]
    let seen = None;
    if let Some(folder) = &mut folder {
        watch.check()?;
        watch.stage("write");
        write_found(folder, &scanned, &found, options.passages.then_some(params.shingle))?;
        if let Some(seen) = &seen {
            let mut file = folder.file("seen.jsonl")?;
            json_lines(&mut file, seen).map_err(|error| Error::io(file.path(), error))?;
            file.finish()?;
        }
    }
    let summary = Summary::new(&scanned.loaded, &found, &params, watch.finish()).reading(settings.fields());
    if let Some(mut folder) = folder {
        write_summary(&mut folder, &summary)?;
        folder.commit()?;
    }
    Ok(FindRun { scanned, found, seen, summary })
}

/// Keeps the matches by rules that the settings follow, and of those only what the first `new` of some documents are in; and of
/// the clusters what these matches still tie to the representative.
pub fn retain_new(found: &mut Found, documents: usize, new: usize, settings: &Settings) {
    let follows = |kind: Kind| settings.follows(kind.rule());
    if new < documents || !Kind::ALL.iter().copied().all(follows) {
        let is_new = |found: &Found, unit: UnitId| found.unit(unit).document.index() < new;
        retain(found, |found, tie| follows(tie.verified.kind) && (is_new(found, tie.a) || is_new(found, tie.b)));
    }
}

/// Keeps some of the matches, and of the clusters what these still tie to the representative.
fn retain(found: &mut Found, keep: impl Fn(&Found, &Match) -> bool) {
    let kept: Vec<bool> = found.matches.iter().map(|tie| keep(found, tie)).collect();
    let mut next = 0;
    let numbers: Vec<Option<u32>> = kept
        .iter()
        .map(|&kept| {
            next += u32::from(kept);
            kept.then(|| next - 1)
        })
        .collect();
    let mut waiting = kept.iter();
    found.matches.retain(|_| waiting.next().copied().unwrap_or_default());
    found.matches.iter_mut().for_each(|tie| tie.cluster = None);
    for cluster in &mut found.clusters {
        let members = cluster.members.iter();
        cluster.members = members.filter_map(|&(unit, tie)| Some((unit, numbers[tie as usize]?))).collect();
    }
    found.clusters.retain(|cluster| !cluster.members.is_empty());
    for (n, cluster) in (0..).zip(&mut found.clusters) {
        let ties = || cluster.members.iter().map(|&(_, tie)| &found.matches[tie as usize].verified);
        let kind = ties().map(|verified| verified.kind).max();
        cluster.least_similarity = ties().map(|verified| verified.score).fold(1.0, f32::min);
        cluster.kind = kind.unwrap_or(cluster.kind);
        cluster.members.iter().for_each(|&(_, tie)| found.matches[tie as usize].cluster = Some(n));
    }
}

/// Returns what an index says of documents, by the rules that the settings follow. `findings` name the documents by their indices,
/// and the items of the index by indices that begin with `first`.
#[cfg(feature = "index")]
pub fn seen_lines(
    findings: Vec<Finding>,
    documents: &[Document],
    items: &[Document],
    first: usize,
    settings: &Settings,
) -> Vec<SeenLine> {
    let line = |finding: Finding| {
        let item = finding.kept.and_then(|(item, _)| items.get(item.checked_sub(first)?))?;
        Some(SeenLine {
            document: documents[finding.document].id.to_string(),
            seen: item.id.to_string(),
            rule: finding.rule,
            similarity: finding.score,
            reason: finding.reason.into_owned(),
        })
    };
    findings.into_iter().filter(|finding| settings.follows(finding.rule)).filter_map(line).collect()
}
