//! `flong find`: what repeats.

use flong::lsh::Banding;
use flong::pipeline::{Found, Loaded};
use flong::write::{ClusterLine, MatchLine, OutDir, json_lines, json_pretty};
use flong::{Error, Params, Result};

use super::{Begun, begin, outcome, rank_inputs};
use crate::args::{FindArgs, OutputArgs};
use crate::config::settings_of;
use crate::summary::{Summary, print, shown};
use crate::{Outcome, say};

/// Runs the command.
pub fn find(args: &FindArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    let mut params = settings.params()?;
    if args.show_params {
        return show_params(&params);
    }
    let mut out = args.out.as_ref().map(|dir| OutDir::create(dir, args.force)).transpose()?;
    let options = args.input.options(false);
    let begun = begin(&args.input, &[], &settings, args.out.as_ref(), options, output)?;
    let Begun { mut scanned, mut watch, progress, .. } = begun;
    rank_inputs(&mut params, &scanned.loaded);
    let found = scanned.find(&params, &mut watch).inspect_err(|_| progress.done())?;
    let loaded = &scanned.loaded;
    if let Some(out) = &mut out {
        watch.stage("write");
        write_found(out, loaded, &found)?;
    }
    let stages = watch.finish();
    if let Some(mut out) = out {
        write_summary(&mut out, &Summary::new(loaded, &found, &params, settings.fields(), stages.clone()))?;
        out.commit()?;
    }
    progress.done();
    say::problems(&loaded.problems, output);
    let outcome = outcome(loaded);
    if !output.quiet {
        scanned.restore_texts(&shown(&found))?;
        print(&scanned.loaded, &found, output.verbose.then_some(&stages[..]))?;
    }
    // The operating system frees memory faster than dropping it piece by piece.
    std::mem::forget((std::mem::take(&mut scanned.loaded), found));
    Ok(outcome)
}

/// Writes the matches and clusters.
pub fn write_found(out: &mut OutDir, loaded: &Loaded, found: &Found) -> Result<()> {
    let Found { units, matches, clusters, agencies, .. } = found;
    let documents = &loaded.documents;
    let mut file = out.file("matches.jsonl")?;
    let lines = matches.iter().map(|found| MatchLine::new(found, documents, units, clusters));
    json_lines(&mut file, lines).map_err(|error| Error::io(file.path(), error))?;
    file.finish()?;
    let mut file = out.file("clusters.jsonl")?;
    let lines = clusters.iter().map(|cluster| ClusterLine::new(cluster, documents, units, agencies));
    json_lines(&mut file, lines).map_err(|error| Error::io(file.path(), error))?;
    file.finish()
}

/// The file that holds the summary of a run.
pub const SUMMARY: &str = "summary.json";

/// Writes the summary.
pub fn write_summary(out: &mut OutDir, summary: &Summary) -> Result<()> {
    let mut file = out.file(SUMMARY)?;
    json_pretty(&mut file, summary).map_err(|error| Error::io(file.path(), error))?;
    file.finish()
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
