//! The beginning of a run: its inputs are found and read for the first time.

use std::ffi::OsString;
use std::path::Path;

use super::Progress;
use super::inputs::{Inputs, discover, refuse_skips, text_bytes};
use super::names::check_names_of;
use crate::config::Settings;
use crate::pipeline::{Engine, Loaded, Scanned, Stopwatch, scan};
use crate::read::{Input, ReadOptions};
use crate::{Error, Params, Result};

/// Inputs that were read for the first time, to be read again, with the clock that ran meanwhile.
pub(super) struct Begun<'a> {
    pub scanned: Scanned,
    pub watch: Stopwatch<'a>,
    /// Number of inputs that are the run's own; those that they are compared with follow.
    pub own: usize,
}

/// Finds the inputs and what they are compared with, checks where the output goes, and reads all of it for the first time.
pub(super) fn begin<'a>(
    inputs: &Inputs,
    against: &[OsString],
    settings: &Settings,
    out: Option<&Path>,
    keep_records: bool,
    progress: &'a dyn Progress,
) -> Result<Begun<'a>> {
    let mut found = discover(&inputs.paths, &inputs.discovery, settings)?;
    let named = found.inputs.len();
    if !against.is_empty() {
        let more = discover(against, &inputs.discovery, settings)?;
        found.inputs.extend(more.inputs);
        found.problems.extend(more.problems);
    }
    if let Some(out) = out {
        crate::write::refuse_inputs(out, found.inputs.iter().filter_map(|input| input.path.as_ref()))?;
    }
    let watch = Stopwatch::observed(|stage| progress.stage(stage));
    let mut watch = watch.stopped_by(|| progress.is_stopped());
    watch.stage("read");
    let own: Vec<Input> = found.inputs[..named].to_vec();
    let options = ReadOptions { keep_records, ..inputs.reading };
    let read = |documents| progress.read(documents);
    let engine = inputs.room.engine(text_bytes(&found.inputs));
    if let Engine::Disk { folder, .. } = &engine {
        progress.uses_files(folder);
        progress.note(&format!("temporary files in {}: not everything fits in memory", folder.display()));
    }
    let mut scanned = scan(found.inputs, &settings.fields(), &options, &settings.params()?, engine, &read)?;
    watch.check()?;
    let loaded = &mut scanned.loaded;
    loaded.problems.splice(0..0, found.problems);
    refuse_skips(&loaded.problems, &options)?;
    progress.loaded(scanned.heads.len() as u64, loaded.bytes);
    let own = opened(&own, loaded);
    if own == 0 {
        let problem = loaded.problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    let (heads, problems) = ((&scanned.heads).into(), &scanned.loaded.problems);
    check_names_of(settings, heads, problems, scanned.readable_inputs(), own, progress)?;
    Ok(Begun { scanned, watch, own })
}

/// Returns how many of the named inputs could be opened. They come first.
fn opened(named: &[Input], loaded: &Loaded) -> usize {
    let mut waiting = named.iter();
    let is_own = |opened: &&Input| waiting.any(|named| (&named.name, &named.path) == (&opened.name, &opened.path));
    loaded.inputs.iter().take_while(is_own).count()
}

/// Ranks the inputs by their paths, so that which copy is kept does not depend on the order they are named in.
pub(super) fn rank_inputs(params: &mut Params, loaded: &Loaded) {
    params.rank_inputs(loaded.inputs.iter().map(|input| input.name.as_str()));
}
