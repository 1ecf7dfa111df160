//! A run that cleans a corpus.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use super::begin::{Begun, begin, rank_inputs};
#[cfg(feature = "index")]
use super::index::Asking;
use super::names::check_origin;
use super::output::{Cleaning, Names, Output};
use super::summary::Summary;
use super::{Inputs, OutFolder, Progress};
use crate::config::Settings;
use crate::judge::{Drop, Finding, Origin, Policy, Rule, Verdicts, add_seen, compared};
use crate::pipeline::{Found, Loaded};
use crate::{Document, Documents, Heads, Result};

/// Options of [`clean`], besides the settings.
#[derive(Debug, Clone, Default)]
pub struct CleanOptions {
    /// Folder that the cleaned corpus, the ledger and the other outputs are written to; `None` writes nothing.
    pub out: Option<OutFolder>,
    /// Whether the lines of `matches.jsonl` carry the passages that the two texts share.
    pub passages: bool,
    /// Whether to mark everything and remove nothing.
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
    /// Returns the index, where flong is built with it.
    fn index(&self) -> Option<&PathBuf> {
        #[cfg(feature = "index")]
        return self.index.as_ref();
        #[cfg(not(feature = "index"))]
        None
    }
}

/// Results of [`clean`].
pub struct CleanRun {
    /// The inputs, those that the run's are compared with after them, without documents.
    pub loaded: Loaded,
    /// The documents without their texts.
    pub heads: Heads,
    /// The matches and clusters.
    pub found: Found,
    /// The counts, as `summary.json` holds them.
    pub summary: Summary,
}

/// The matches of the documents of a run with an index; none without an index.
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

/// Writes the inputs without their duplicates and boilerplate, and the ledger of what was removed, to the folder that the
/// options name. Without a folder nothing is written: the counts are those that a real run would give.
///
/// # Errors
/// If settings or inputs cannot be used, or the folder cannot be written; it is then as it was before.
pub fn clean(
    inputs: &Inputs,
    settings: &Settings,
    options: &CleanOptions,
    progress: &dyn Progress,
) -> Result<CleanRun> {
    let out = options.out.as_ref().map(OutFolder::create).transpose()?;
    run(inputs, settings, options, out.map_or(Output::Nothing, Output::Folder), progress)
}

/// Writes the cleaned documents alone, as JSON Lines one after the other, whatever the inputs are (see [`Stream`]). They
/// cannot be restored. A folder that the options name is not written.
///
/// [`Stream`]: crate::write::Stream
///
/// # Errors
/// If settings or inputs cannot be used, or the writer fails.
pub fn clean_to(
    out: &mut dyn Write,
    inputs: &Inputs,
    settings: &Settings,
    options: &CleanOptions,
    progress: &dyn Progress,
) -> Result<CleanRun> {
    let options = CleanOptions { out: None, ..options.clone() };
    run(inputs, settings, &options, Output::Lines(out), progress)
}

fn run(
    inputs: &Inputs,
    settings: &Settings,
    options: &CleanOptions,
    mut output: Output,
    progress: &dyn Progress,
) -> Result<CleanRun> {
    let mut params = settings.params()?;
    let target = options.out.as_ref().map(|out| &*out.path);
    #[cfg(feature = "index")]
    let index = {
        let dry = matches!(output, Output::Nothing);
        let update = options.update && !dry;
        // A real run would create it.
        let is_new = |file: &&PathBuf| options.update && dry && !file.exists();
        options
            .index
            .as_ref()
            .filter(|file| !is_new(file))
            .map(|file| Asking::open(file, update, &params, progress))
            .transpose()?
    };
    if let Some(target) = target {
        crate::write::refuse_inputs(target, options.index())?;
    }
    let Begun { mut scanned, mut watch, own } = begin(inputs, &options.against, settings, target, true, progress)?;
    let loaded = &scanned.loaded;
    let named: Vec<&str> = loaded.inputs[..own].iter().map(|input| input.name.as_str()).collect();
    params.drop.resolve(named.iter().copied());
    let new = scanned.heads.before_input(own as u32);
    check_origin(&params.drop, &scanned.heads, new, &named)?;
    if !options.against.is_empty() {
        params.drop = Drop::From(Origin::inputs("the new inputs", 0..own as u32));
    }
    rank_inputs(&mut params, loaded);
    let found = scanned.find(&params, &mut watch)?;
    watch.stage("judge");
    let loaded = &scanned.loaded;
    let policy = Policy { mark_only: options.mark_only, ..settings.policy(Policy::cleaning(&params)) };
    // Rules about items compare texts.
    let whole = if policy.reads_items() { Some(scanned.documents()?) } else { None };
    let documents = whole.as_ref().map_or(Documents::from(&scanned.heads), Documents::from);
    let mut compared = compared(&found.evidence(documents), &policy);
    drop(whole);
    compared.retain(|finding| finding.document < new);
    let asked = Asked::default();
    #[cfg(feature = "index")]
    let asked = index.as_ref().map_or(Ok(asked), |index| index.ask(&scanned, new, &params, &mut watch))?;
    add_seen(&mut compared, asked.findings, &policy);
    let verdicts = Verdicts::new(compared, &found.asides, &found.stuffed, &policy);
    watch.check()?;
    watch.stage("write");
    let against = (new..scanned.heads.len()).map(|index| scanned.heads.head(index).id);
    let outside = against.chain(asked.items.iter().map(|item| &*item.id)).collect();
    let cleaned = output.write(&Cleaning {
        scanned: &scanned,
        own,
        fields: &settings.fields(),
        verdicts: &verdicts,
        names: Names { own: new, heads: &scanned.heads, outside },
        drop_emptied: policy.rules.contains(&Rule::Emptied),
    })?;
    watch.check()?;
    output.check_empty(&cleaned, options.allow_empty, progress)?;
    let summary = Summary::new(loaded, &found, &params, watch.finish()).reading(settings.fields()).with(cleaned);
    output.finish(&scanned, &found, options.passages.then_some(params.shingle), &summary)?;
    #[cfg(feature = "index")]
    if let Some(index) = &index {
        let emptied = summary.cleaned.iter().flat_map(|cleaned| &cleaned.emptied_documents);
        index.add_kept(&asked.documents, verdicts.compared(), emptied, &params)?;
    }
    let (loaded, heads) = (std::mem::take(&mut scanned.loaded), std::mem::take(&mut scanned.heads));
    Ok(CleanRun { loaded, heads, found, summary })
}
