//! `flong clean`: the corpus without its duplicates, and the ledger.

use flong::Result;
use flong::run::{self, CleanOptions, OutFolder};

use super::{outcome, set_threads};
use crate::Outcome;
use crate::args::{CleanArgs, OutputArgs};
use crate::config::settings_of;
use crate::progress::Progress;
use crate::say;
use crate::summary::print_cleaned;

/// Runs the command.
pub fn clean(args: &CleanArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    set_threads(&settings)?;
    let progress = Progress::new(output);
    progress.settings(&settings);
    let run = run::clean(&args.input.inputs(), &settings, &args.options(), &progress);
    progress.done();
    let run = run?;
    say::problems(&run.summary.problems, output);
    if !output.quiet {
        print_cleaned(&run.summary, &args.out, output.verbose)?;
    }
    let outcome = outcome(&run.summary.problems);
    // The operating system frees memory faster than dropping it piece by piece.
    std::mem::forget(run);
    Ok(outcome)
}

impl CleanArgs {
    /// Returns the options of the run.
    fn options(&self) -> CleanOptions {
        CleanOptions {
            out: OutFolder { path: self.out.clone(), force: self.force },
            mark_only: self.mark,
            allow_empty: self.allow_empty,
            against: self.against.clone(),
            index: self.index.clone(),
            update: self.update,
        }
    }
}
