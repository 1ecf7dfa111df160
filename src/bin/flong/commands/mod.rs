//! The commands, one file each, and shared steps.

mod check;
mod clean;
mod config;
mod estimate;
pub mod eval;
pub mod explain;
mod find;
mod help;
pub mod index;
pub mod report;
mod restore;
mod rule;
pub mod show;
pub mod tune;

use std::num::NonZeroUsize;

pub use check::check;
pub use clean::clean;
pub use config::config;
pub use estimate::estimate;
pub use find::find;
use flong::config::Settings;
use flong::pipeline::{Loaded, load, useful_threads};
use flong::read::{Discovered, Discovery, ReadOptions, discover_as};
use flong::report::{self as report_of, Folder};
use flong::run::{Progress as _, check_names, discover, refuse_skips};
use flong::{Error, Problem, Result};
pub use help::{completions, manual};
pub use restore::restore;
pub use rule::rule;

use crate::args::{InputArgs, RoomArgs};
use crate::input_format::InputFormat;
use crate::progress::Progress;

/// Starts the threads. Must come before anything uses them.
fn set_threads(settings: &Settings) -> Result<()> {
    start_threads(settings.config().threads)
}

/// Starts as many threads as the settings say, or one for each processor. Must come before anything uses them.
fn start_threads(threads: Option<NonZeroUsize>) -> Result<()> {
    let threads = useful_threads(threads);
    let started = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    match started.as_ref().err().and_then(std::error::Error::source) {
        // An error without a source means that the threads were started before.
        None => Ok(()),
        Some(error) => Err(Error::Usage(format!(
            "the threads could not be started: {error}; --threads asks for fewer, and each needs some memory and address \
             space (ulimit -u, ulimit -v)"
        ))),
    }
}

/// Finds the inputs of the run that wrote a folder, and starts the threads.
fn originals(folder: &Folder, args: &report::OriginalsArgs) -> Result<report_of::Inputs> {
    start_threads(args.threads)?;
    let how = Discovery { format: args.input_format.map(InputFormat::format), ..Discovery::default() };
    match args.input.is_empty() {
        true => folder.originals(&how),
        false => folder.moved(discover_as(&args.input, &how)?.inputs),
    }
}

/// Loads the inputs, and puts the problems of finding them before those of reading them.
fn load_found(found: Discovered, settings: &Settings, options: &ReadOptions, each: &(dyn Fn(usize) + Sync)) -> Loaded {
    let mut loaded = load(found.inputs, &settings.fields(), options, each);
    loaded.problems.splice(0..0, found.problems);
    loaded
}

/// Finds and reads the inputs of a run that holds all its documents in memory, and starts the threads.
fn load_inputs(input: &InputArgs, settings: &Settings, progress: &Progress) -> Result<Loaded> {
    set_threads(settings)?;
    progress.settings(settings);
    progress.stage("read");
    let inputs = input.inputs(&RoomArgs::default());
    let found = discover(&inputs.paths, &inputs.discovery, settings)?;
    let loaded = load_found(found, settings, &inputs.reading, &|documents| progress.read(documents));
    refuse_skips(&loaded.problems, &inputs.reading)?;
    progress.loaded(loaded.documents.len() as u64, loaded.bytes);
    check_names(settings, &loaded, loaded.inputs.len(), progress)?;
    if loaded.documents.is_empty() {
        let problem = loaded.problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    Ok(loaded)
}

/// Returns how a run ended as far as its input is concerned.
fn outcome(problems: &[Problem]) -> crate::Outcome {
    match problems.iter().any(|problem| problem.skipped) {
        true => crate::Outcome::Incomplete,
        false => crate::Outcome::Fine,
    }
}
