//! The commands, one file each, and shared steps.

mod check;
mod clean;
mod config;
mod explain;
mod find;
mod help;
pub mod index;
mod report;
mod restore;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

pub use check::check;
pub use clean::clean;
pub use config::config;
pub use explain::explain;
pub use find::find;
use flong::config::Settings;
use flong::pipeline::{Loaded, Scanned, Stopwatch, load, scan};
use flong::read::{Discovered, Input, ReadOptions, discover_as};
use flong::{Error, Params, Problem, Result};
pub use help::{completions, manual};
pub use report::report;
pub use restore::restore;

use crate::args::{InputArgs, OutputArgs};
use crate::progress::Progress;
use crate::say;

/// The inputs that were read, and the stopwatch that ran meanwhile.
struct Start {
    loaded: Loaded,
    watch: Stopwatch,
    progress: Progress,
}

/// What was read for the first time, to be read again, with the clock that ran meanwhile.
struct Begun {
    scanned: Scanned,
    watch: Stopwatch,
    progress: Progress,
    /// How many of the inputs that were opened are the run's own: those that they are held against follow.
    own: usize,
}

/// Finds the inputs and what they are held against, checks where the output goes, and reads all of it for the first time.
fn begin(
    input: &InputArgs,
    against: &[OsString],
    settings: &Settings,
    out: Option<&PathBuf>,
    options: ReadOptions,
    output: &OutputArgs,
) -> Result<Begun> {
    let mut found = inputs(&input.inputs, input, settings)?;
    let named = found.inputs.len();
    if !against.is_empty() {
        let more = inputs(against, input, settings)?;
        found.inputs.extend(more.inputs);
        found.problems.extend(more.problems);
    }
    if let Some(out) = out {
        flong::write::refuse_inputs(out, found.inputs.iter().filter_map(|input| input.path.as_ref()))?;
    }
    set_threads(settings)?;
    let progress = Progress::new(output);
    let mut watch = progress.stopwatch();
    watch.stage("read");
    let of_the_run: Vec<Input> = found.inputs[..named].to_vec();
    let read = |documents| progress.read(documents);
    let scanned = scan(found.inputs, &settings.fields(), &options, &settings.params()?, &read);
    let mut scanned = scanned.inspect_err(|_| progress.done())?;
    let loaded = &mut scanned.loaded;
    loaded.problems.splice(0..0, found.problems);
    let mut waiting = of_the_run.iter();
    let is_own = |opened: &&Input| waiting.any(|named| (&named.name, &named.path) == (&opened.name, &opened.path));
    let own = loaded.inputs.iter().take_while(is_own).count();
    tell_read(loaded, own, &options, settings, &progress)?;
    Ok(Begun { scanned, watch, progress, own })
}

/// Tells what was read, or refuses to go on if nothing was, or if not all of it could be and the options ask for that.
fn tell_read(
    loaded: &Loaded,
    own: usize,
    options: &ReadOptions,
    settings: &Settings,
    progress: &Progress,
) -> Result<()> {
    refuse_skips(&loaded.problems, options).inspect_err(|_| progress.done())?;
    if let Some(file) = settings.file() {
        progress.line(&format!("settings of {}", file.path.display()));
    }
    let documents = say::counted(loaded.documents.len() as u64, "document");
    progress.line(&format!("read {documents}, {} of text", say::bytes(loaded.bytes)));
    if own == 0 {
        progress.done();
        let problem = loaded.problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    Ok(())
}

/// Returns the inputs for some arguments, without those that the settings exclude and that no argument names.
fn inputs(named: &[OsString], input: &InputArgs, settings: &Settings) -> Result<Discovered> {
    let mut discovered = discover_as(named, &input.discovery())?;
    let inputs = &mut discovered.inputs;
    let found = inputs.len();
    // An excluded file or folder is read if an argument names it.
    let meant = named.iter().map(Path::new).filter(|path| settings.excludes(path));
    let meant: Vec<&Path> = meant.map(without_dot).collect();
    let is_meant = |path: &Path| meant.iter().any(|meant| without_dot(path).starts_with(meant));
    inputs.retain(|input| input.path.as_ref().is_none_or(|path| !settings.excludes(path) || is_meant(path)));
    if inputs.is_empty() && found > 0 {
        let file = settings.file().map_or(String::new(), |file| file.path.display().to_string());
        let named: Vec<_> = named.iter().map(|arg| arg.to_string_lossy()).collect();
        return Err(Error::Usage(format!("{file}: `exclude` leaves nothing to read of {}", named.join(" "))));
    }
    Ok(discovered)
}

/// Returns the path without a `./` at its start.
fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// Most threads for each processor, and most threads on a machine with few processors, whatever is asked for. The results
/// are the same, and threads that wait for a processor slow each other down: on 2 processors, 64 take 20 times as long as 2.
const MAX_THREADS_PER_PROCESSOR: usize = 4;
const MAX_THREADS_ANYWHERE: usize = 16;

/// Starts the threads. Must come before anything uses them.
fn set_threads(settings: &Settings) -> Result<()> {
    start_threads(settings.config().threads)
}

/// Starts so many threads, or one for each processor. Must come before anything uses them.
fn start_threads(threads: Option<NonZeroUsize>) -> Result<()> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let most = (processors * MAX_THREADS_PER_PROCESSOR).max(MAX_THREADS_ANYWHERE);
    // 0 starts one for each processor.
    let threads = threads.map_or(0, |threads| usize::from(threads).min(most));
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

/// Reads inputs.
fn read(found: Discovered, options: ReadOptions, settings: &Settings, output: &OutputArgs) -> Result<Start> {
    set_threads(settings)?;
    let progress = Progress::new(output);
    let mut watch = progress.stopwatch();
    watch.stage("read");
    let loaded = load_found(found, settings, &options, &|documents| progress.read(documents));
    tell_read(&loaded, loaded.inputs.len(), &options, settings, &progress)?;
    Ok(Start { loaded, watch, progress })
}

/// Ranks the inputs by their paths, so that which copy is kept does not depend on the order they are named in.
fn rank_inputs(params: &mut Params, loaded: &Loaded) {
    params.rank_inputs(loaded.inputs.iter().map(|input| input.name.as_str()));
}

/// Loads the inputs, and puts the problems of finding them before those of reading them.
fn load_found(found: Discovered, settings: &Settings, options: &ReadOptions, each: &(dyn Fn(usize) + Sync)) -> Loaded {
    let mut loaded = load(found.inputs, &settings.fields(), options, each);
    loaded.problems.splice(0..0, found.problems);
    loaded
}

/// Returns an error if a record was skipped and the options forbid that.
fn refuse_skips(problems: &[Problem], options: &ReadOptions) -> Result<()> {
    match problems.iter().find(|problem| problem.skipped) {
        Some(problem) if options.strict => Err(Error::Unreadable(problem.clone())),
        _ => Ok(()),
    }
}

/// Returns how the run ended as far as its input is concerned.
fn outcome(loaded: &Loaded) -> crate::Outcome {
    match loaded.problems.iter().any(|problem| problem.skipped) {
        true => crate::Outcome::Incomplete,
        false => crate::Outcome::Fine,
    }
}
