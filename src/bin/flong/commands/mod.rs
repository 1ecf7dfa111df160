//! The commands, one file each, and what they share.

mod before;
mod check;
mod clean;
mod config;
mod explain;
mod find;
mod help;
pub mod index;
mod restore;

use std::path::{Path, PathBuf};

pub use check::check;
pub use clean::clean;
pub use config::config;
pub use explain::explain;
pub use find::find;
use flong::pipeline::{Loaded, Stopwatch, load};
use flong::read::{Input, ReadOptions, discover_as};
use flong::{Error, Problem, Result};
pub use help::{completions, manual};
pub use restore::restore;

use crate::args::{InputArgs, OutputArgs};
use crate::config::Settings;
use crate::progress::Progress;
use crate::say;

/// What was read, with the clock that ran meanwhile.
struct Start {
    loaded: Loaded,
    watch: Stopwatch,
    progress: Progress,
}

/// Finds the inputs, checks where the output goes, and reads them.
fn start(
    input: &InputArgs,
    settings: &Settings,
    out: Option<&PathBuf>,
    keep_records: bool,
    output: &OutputArgs,
) -> Result<Start> {
    let inputs = inputs(&input.inputs, input, settings)?;
    if let Some(out) = out {
        flong::write::refuse_inputs(out, inputs.iter().filter_map(|input| input.path.as_ref()))?;
    }
    read(inputs, input.options(keep_records), settings, output)
}

/// The inputs that some arguments lead to, but for those that the settings exclude and that are not named themselves.
fn inputs(named: &[String], input: &InputArgs, settings: &Settings) -> Result<Vec<Input>> {
    let mut inputs = discover_as(named, input.format())?;
    let found = inputs.len();
    // A folder that is excluded but named is meant to be read, and so is a file.
    let meant: Vec<&str> = named.iter().map(|arg| arg.trim_start_matches("./")).collect();
    let meant: Vec<&Path> = meant.into_iter().map(Path::new).filter(|path| settings.excludes(path)).collect();
    let is_meant = |name: &str| meant.iter().any(|path| Path::new(name).starts_with(path));
    inputs.retain(|input| {
        let excluded = input.path.as_ref().is_some_and(|path| settings.excludes(path));
        !excluded || is_meant(&input.name)
    });
    if inputs.is_empty() && found > 0 {
        let file = settings.file.as_ref().map_or(String::new(), |(path, _)| path.display().to_string());
        return Err(Error::Usage(format!("{file}: `exclude` leaves nothing to read of {}", named.join(" "))));
    }
    Ok(inputs)
}

/// Starts the threads. Must come before anything uses them.
fn set_threads(settings: &Settings) -> Result<()> {
    // Without a number, as many as the machine has.
    let threads = settings.threads().unwrap_or(0);
    let started = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    match started.as_ref().err().and_then(std::error::Error::source) {
        // Without a source, they are there already.
        None => Ok(()),
        Some(error) => Err(Error::Usage(format!(
            "the threads could not be started: {error}; --threads asks for fewer, and each needs some memory and address \
             space (ulimit -u, ulimit -v)"
        ))),
    }
}

/// Reads inputs.
fn read(inputs: Vec<Input>, options: ReadOptions, settings: &Settings, output: &OutputArgs) -> Result<Start> {
    set_threads(settings)?;
    let progress = Progress::new(output);
    let mut watch = progress.stopwatch();
    watch.stage("read");
    let loaded = load(inputs, &settings.fields(), &options, &|documents| progress.read(documents));
    refuse_skips(&loaded.problems, &options).inspect_err(|_| progress.done())?;
    if let Some((path, _)) = &settings.file {
        progress.line(&format!("settings of {}", path.display()));
    }
    let size: u64 = loaded.documents.iter().map(|document| document.text.len() as u64).sum();
    progress.line(&format!(
        "read {}, {} of text",
        say::counted(loaded.documents.len() as u64, "document"),
        say::bytes(size)
    ));
    if loaded.inputs.is_empty() {
        progress.done();
        let problem = loaded.problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    Ok(Start { loaded, watch, progress })
}

/// Whether all could be read, where the options ask for that.
fn refuse_skips(problems: &[Problem], options: &ReadOptions) -> Result<()> {
    match problems.iter().find(|problem| problem.skipped) {
        Some(problem) if options.strict => Err(Error::Unreadable(problem.clone())),
        _ => Ok(()),
    }
}

/// How the run ends as far as its input goes.
fn outcome(loaded: &Loaded) -> crate::Outcome {
    match loaded.problems.iter().any(|problem| problem.skipped) {
        true => crate::Outcome::Incomplete,
        false => crate::Outcome::Fine,
    }
}
