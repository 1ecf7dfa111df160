//! A run that cleans a corpus.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::begin::{Begun, begin, rank_inputs};
use super::find::{SUMMARY, write_found, write_summary};
#[cfg(feature = "index")]
use super::index::Asking;
use super::summary::Summary;
use super::{Inputs, OutFolder, Progress};
use crate::config::Settings;
use crate::judge::{Drop, Finding, Origin, Policy, add_seen, dropped, verdicts};
use crate::pipeline::{Found, Loaded, Scanned};
use crate::write::{Cleaned, Cleaner, OutDir};
use crate::{Document, Error, Result};

/// Options of [`clean`], besides the settings.
#[derive(Debug, Clone, Default)]
pub struct CleanOptions {
    /// Folder that the cleaned corpus, the ledger and the other outputs are written to.
    pub out: OutFolder,
    /// Whether to record what would be removed, and remove nothing.
    pub mark_only: bool,
    /// Whether to replace a folder that holds documents even if none is left.
    pub allow_empty: bool,
    /// Files, folders and globs of documents that are not written; what repeats them is dropped.
    pub against: Vec<OsString>,
    /// Index of what was seen before, which is dropped.
    #[cfg(feature = "index")]
    pub index: Option<PathBuf>,
    /// Whether the documents that are kept are added to the index, after the output is written.
    #[cfg(feature = "index")]
    pub update: bool,
}

impl CleanOptions {
    /// The index, where flong is built with it.
    fn index(&self) -> Option<&PathBuf> {
        #[cfg(feature = "index")]
        return self.index.as_ref();
        #[cfg(not(feature = "index"))]
        None
    }
}

/// Results of [`clean`].
pub struct CleanRun {
    /// The inputs, those that the run's are compared with after them. Their documents have no texts.
    pub loaded: Loaded,
    /// What repeats.
    pub found: Found,
    /// What was removed and marked, in the order of the documents.
    pub findings: Vec<Finding>,
    /// The counts, as `summary.json` holds them.
    pub summary: Summary,
}

/// What an index says of the documents of a run; nothing without an index.
#[derive(Default)]
pub(super) struct Asked {
    /// The documents, with their texts: an index is asked about texts.
    #[cfg(feature = "index")]
    pub documents: Vec<Document>,
    /// Findings about documents that the index has seen.
    pub findings: Vec<Finding>,
    /// The items that the findings name.
    pub items: Vec<Document>,
}

/// Ids of the documents that findings name. The documents of the run come first.
struct Names<'a> {
    own: &'a [Document],
    outside: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn get(&self, index: usize) -> &'a str {
        match self.own.get(index) {
            Some(document) => &document.id,
            None => self.outside[index - self.own.len()],
        }
    }
}

/// Writes the inputs without their duplicates and boilerplate, and the ledger of what was removed.
///
/// # Errors
/// If settings or inputs cannot be used, or the folder cannot be written; it is then as it was before.
pub fn clean(
    inputs: &Inputs,
    settings: &Settings,
    options: &CleanOptions,
    progress: &dyn Progress,
) -> Result<CleanRun> {
    let mut params = settings.params()?;
    #[cfg(feature = "index")]
    let index = options.index.as_ref().map(|file| Asking::open(file, options.update, &params, progress)).transpose()?;
    let mut out = OutDir::create(&options.out.path, options.out.force)?;
    crate::write::refuse_inputs(&options.out.path, options.index())?;
    let Begun { mut scanned, mut watch, own } =
        begin(inputs, &options.against, settings, Some(&options.out.path), true, progress)?;
    let loaded = &scanned.loaded;
    params.drop.resolve(loaded.inputs[..own].iter().map(|input| input.name.as_str()));
    let new = loaded.documents.partition_point(|document| (document.place.input as usize) < own);
    tell_if_unnamed(&params.drop, &loaded.documents[..new], progress);
    if !options.against.is_empty() {
        params.drop = Drop::From(Origin::inputs("the new inputs", 0..own as u32));
    }
    rank_inputs(&mut params, loaded);
    let found = scanned.find(&params, &mut watch)?;
    watch.stage("judge");
    let loaded = &scanned.loaded;
    let policy = Policy { mark_only: options.mark_only, ..settings.policy(Policy::cleaning(&params)) };
    let mut findings = verdicts(&found.evidence(&loaded.documents), &policy);
    findings.retain(|finding| finding.document < new);
    let asked = Asked::default();
    #[cfg(feature = "index")]
    let asked = index.as_ref().map_or(Ok(asked), |index| index.ask(&scanned, new, &params, &mut watch))?;
    add_seen(&mut findings, asked.findings, &policy);
    if new > 0 && dropped(&findings).len() == new {
        if !options.allow_empty {
            refuse_to_empty(&out, new)?;
        }
        progress.note(&format!("no document is kept: all of {} repeat others; the ledger lists them", documents(new)));
    }
    watch.stage("write");
    let outside = loaded.documents[new..].iter().chain(&asked.items).map(|document| &*document.id).collect();
    let names = Names { own: &loaded.documents[..new], outside };
    let cleaned = write_cleaned(&mut out, &scanned, own, settings, &findings, &names)?;
    write_found(&mut out, loaded, &found)?;
    let summary = Summary::new(loaded, &found, &params, settings.fields(), watch.finish()).with(cleaned);
    write_summary(&mut out, &summary)?;
    out.commit()?;
    #[cfg(feature = "index")]
    if let Some(index) = &index {
        index.add_kept(&asked.documents, &findings, &params)?;
    }
    Ok(CleanRun { loaded: std::mem::take(&mut scanned.loaded), found, findings, summary })
}

/// Reads the records again and writes what stays of them.
fn write_cleaned(
    out: &mut OutDir,
    scanned: &Scanned,
    own: usize,
    settings: &Settings,
    findings: &[Finding],
    names: &Names,
) -> Result<Cleaned> {
    let Loaded { inputs, layouts, .. } = &scanned.loaded;
    let (inputs, layouts, fields) = (&inputs[..own], &layouts[..own.min(layouts.len())], settings.fields());
    let mut cleaner = Cleaner::create(out, inputs, layouts, &fields)?;
    let mut findings = findings;
    scanned.records(own, |first, input, parsed| {
        let others = parsed.others.runs().map(|run| (input, run));
        cleaner.records(first, &parsed.documents, others, &mut findings, |index| names.get(index))
    })?;
    cleaner.finish()
}

/// Refuses to replace a cleaned corpus that has documents by one that has none.
fn refuse_to_empty(out: &OutDir, new: usize) -> Result<()> {
    let held = match documents_in(out.target()) {
        Some(0) => return Ok(()),
        Some(held) => documents(held as usize),
        None => "files".into(),
    };
    Err(Error::Usage(format!(
        "{}: holds {held}, and this run would leave none of {}: all repeat others. Nothing was replaced. To see what they \
         repeat, write to another folder; to replace the folder all the same, allow an empty output (--allow-empty)",
        out.target().display(),
        documents(new)
    )))
}

/// Returns a number of documents in words.
fn documents(count: usize) -> String {
    if count == 1 { "1 document".into() } else { format!("{count} documents") }
}

/// Returns how many documents a folder holds by its summary: 0 if it is empty or missing, `None` if it has no summary.
fn documents_in(folder: &Path) -> Option<u64> {
    if fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none()) {
        return Some(0);
    }
    let summary: serde_json::Value = serde_json::from_slice(&fs::read(folder.join(SUMMARY)).ok()?).ok()?;
    let count = |name: &str| summary.get("cleaned")?.get(name)?.as_u64();
    count("kept")?.checked_add(count("edited")?)
}

/// Says so if no document comes from the origin that `--drop` names: the name is likely mistyped.
fn tell_if_unnamed(drop: &Drop, documents: &[Document], progress: &dyn Progress) {
    if matches!(drop, Drop::From(_)) && !documents.iter().any(|document| drop.names(document)) {
        progress.note(&format!("--drop {drop}: no document is of a source or an input of that name; none is dropped"));
    }
}
