//! The commands, one file each, and what they share.

mod clean;
mod explain;
mod find;
mod help;
mod restore;

use std::path::PathBuf;

pub use clean::clean;
pub use explain::explain;
pub use find::find;
use flong::pipeline::{Loaded, Stopwatch, load};
use flong::read::{ReadOptions, discover_as};
use flong::{Error, Result};
pub use help::{completions, manual};
pub use restore::restore;

use crate::args::{InputArgs, MatchArgs, OutputArgs};
use crate::progress::Progress;
use crate::say;

/// What was read, with the clock that ran meanwhile.
struct Start {
    loaded: Loaded,
    watch: Stopwatch,
    progress: Progress,
}

/// Sets the threads up, checks where the output goes, and reads the inputs.
fn start(
    input: &InputArgs,
    matching: &MatchArgs,
    out: Option<&PathBuf>,
    keep_records: bool,
    output: &OutputArgs,
) -> Result<Start> {
    if let Some(threads) = matching.threads {
        if threads == 0 {
            return Err(Error::Usage("--threads 0: at least one thread is needed".into()));
        }
        // It fails only if the pool is up already, which it is not.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let inputs = discover_as(&input.inputs, input.format())?;
    if let Some(out) = out {
        flong::write::refuse_inputs(out, inputs.iter().filter_map(|input| input.path.as_ref()))?;
    }
    let progress = Progress::new(output);
    let mut watch = progress.stopwatch();
    watch.stage("read");
    let options = ReadOptions { keep_records, ..ReadOptions::default() };
    let loaded = load(inputs, &input.fields(&matching.keep), &options, &|documents| progress.read(documents));
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

/// How the run ends as far as its input goes.
fn outcome(loaded: &Loaded) -> crate::Outcome {
    match loaded.problems.iter().any(|problem| problem.skipped) {
        true => crate::Outcome::Incomplete,
        false => crate::Outcome::Fine,
    }
}
