//! `flong find`: what repeats.

use flong::lsh::Banding;
use flong::run::{self, FindOptions, OutFolder};
use flong::write::json_pretty;
use flong::{Params, Result};

use super::{estimate, outcome, set_threads};
use crate::args::{FindArgs, OutputArgs};
use crate::config::settings_of;
use crate::progress::{OF_FIND, Progress};
use crate::summary::{print, shown};
use crate::{Outcome, say};

/// Runs the command.
pub fn find(args: &FindArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    if args.show_params {
        return show_params(&settings.params()?);
    }
    if args.estimate {
        return estimate::of_run(&args.input.inputs(&args.room), &settings, false);
    }
    set_threads(&settings)?;
    let progress = Progress::of(OF_FIND, output);
    progress.settings(&settings);
    let out = args.out.as_ref().map(|path| OutFolder { path: path.clone(), force: args.force });
    let (against, index) = (args.against.clone(), args.index.clone());
    let options = FindOptions { out, passages: args.passages, against, index };
    let run = run::find(&args.input.inputs(&args.room), &settings, &options, &progress);
    progress.done();
    let run = run?;
    say::problems(&run.summary.problems, output);
    let outcome = outcome(&run.summary.problems);
    if !output.quiet {
        let documents = run.scanned.read_documents(&shown(&run.found))?;
        print(&run, &documents)?;
    }
    say::stages(&run.summary.run.stages, output);
    // The operating system frees memory faster than dropping it piece by piece.
    std::mem::forget(run);
    Ok(outcome)
}

/// Prints the parameters, and how likely pairs of each similarity are to be compared.
fn show_params(params: &Params) -> Result<Outcome> {
    say::print_json(|stdout| json_pretty(stdout, params))?;
    say::print(|stdout| {
        let sure = params.fingerprints.sure_words(params.shingle);
        writeln!(stdout)?;
        writeln!(
            stdout,
            "Copies: a passage of {sure} words that two texts share, and that is no stock phrase, proposes them."
        )?;
        writeln!(stdout)?;
        let Banding { bands, rows } = params.rewordings.banding();
        writeln!(
            stdout,
            "Rewordings: how likely a pair is proposed, by the Jaccard similarity of their telling words"
        )?;
        writeln!(stdout, "({bands} bands of {rows} rows):")?;
        writeln!(stdout)?;
        for step in 1..=20 {
            let similarity = f64::from(step) / 20.0;
            writeln!(stdout, "{similarity:>12.2}{:>12.4}", params.rewordings.banding().probability(similarity))?;
        }
        Ok(())
    })?;
    Ok(Outcome::Fine)
}
