//! `flong clean`: the corpus without its duplicates, and the ledger.

use std::io;
use std::path::Path;

use flong::run::{self, CleanOptions, OutFolder};
use flong::{Error, Result};

use super::{estimate, outcome, set_threads};
use crate::Outcome;
use crate::args::{CleanArgs, OutputArgs};
use crate::config::settings_of;
use crate::progress::{OF_CLEAN, Progress};
use crate::say;
use crate::summary::{print_cleaned, tell_cleaned};

/// Runs the command.
pub fn clean(args: &CleanArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    if args.estimate {
        return estimate::of_run(&args.input.inputs(&args.room), &settings, false);
    }
    set_threads(&settings)?;
    let progress = Progress::of(OF_CLEAN, output);
    progress.settings(&settings);
    let (inputs, options, prints) = (args.input.inputs(&args.room), args.options(), args.prints());
    let run = match prints {
        true => run::clean_to(&mut say::documents(), &inputs, &settings, &options, &progress),
        false => run::clean(&inputs, &settings, &options, &progress),
    };
    progress.done();
    let run = match run {
        // A reader that has seen enough, such as `head`, is no error.
        Err(Error::Io { source, .. }) if prints && source.kind() == io::ErrorKind::BrokenPipe => {
            return Ok(Outcome::Fine);
        }
        run => run?,
    };
    say::problems(&run.summary.problems, output);
    if !output.quiet {
        let print = if prints { tell_cleaned } else { print_cleaned };
        print(&run.summary, options.out.as_ref().map(|out| &*out.path))?;
    }
    say::stages(&run.summary.run.stages, output);
    let outcome = outcome(&run.summary.problems);
    // The operating system frees memory faster than dropping it piece by piece.
    std::mem::forget(run);
    Ok(outcome)
}

impl CleanArgs {
    /// Returns whether the cleaned documents are printed.
    fn prints(&self) -> bool {
        !self.dry_run && self.out.as_deref() == Some(Path::new("-"))
    }

    /// Returns the options of the run.
    fn options(&self) -> CleanOptions {
        let out = self.out.clone().filter(|_| !self.dry_run && !self.prints());
        CleanOptions {
            out: out.map(|path| OutFolder { path, force: self.force }),
            passages: self.passages,
            mark_only: self.mark,
            allow_empty: self.allow_empty,
            against: self.against.clone(),
            index: self.index.clone(),
            update: self.update,
        }
    }
}
