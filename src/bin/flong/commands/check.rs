//! `flong check`: what is wrong with a corpus or a feed, and where.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use flong::check::{Baseline, Entry, Format, Report, write_report};
use flong::config::Settings;
use flong::read::{Input, Place, path_of};
use flong::run::{self, CheckOptions};
use flong::write::write_file;
use flong::{Error, Result};

use super::set_threads;
use crate::args::{CheckArgs, OutputArgs, OutputFormat, RoomArgs};
use crate::config::settings_of;
use crate::progress::Progress;
use crate::root::{from_root, root};
use crate::say::{self, FAINT, Lines, STRONG, counted};
use crate::{Outcome, report};

/// Runs the command.
pub fn check(args: &CheckArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    // A mistake in the baseline is better reported before the work than after.
    let baseline = args.baseline.as_deref().map(|path| read_baseline(path, !args.accept.is_empty())).transpose()?;
    let progress = Progress::new(output);
    set_threads(&settings)?;
    progress.settings(&settings);
    let written = [&args.baseline, &args.write_baseline, &args.output_file];
    let options = CheckOptions {
        against: args.against.clone(),
        written: written.into_iter().flatten().cloned().collect(),
        index: args.index.clone(),
        update: args.update,
    };
    let run = run::check(&args.input.inputs(&RoomArgs::default()), &settings, &options, &progress);
    progress.done();
    let run = run?;
    let loaded = &run.loaded;
    let root = root();
    let paths: Vec<String> = loaded.inputs.iter().map(|input| from_root(input, &root)).collect();
    let issues = run.issues(&paths, &settings);
    say::problems(&loaded.problems, output);
    say::stages(&run.stages, output);

    let ours = |input: u32| run.is_checked(input);
    let mut report = Report {
        issues,
        paths: (0..).zip(&paths).filter(|(input, _)| ours(*input)).map(|(_, path)| path.as_str()).collect(),
        documents: loaded.documents.iter().filter(|document| ours(document.provenance.place.input)).count(),
        fail_on: settings.fail_on(),
        known: 0,
        problems: &loaded.problems,
    };
    if let Some(path) = &args.write_baseline {
        write_file(path, Baseline::of(&report.issues).write().as_bytes())?;
        let written = counted(report.issues.len() as u64, "finding");
        say::tell(format_args!("{written} written to {}; --baseline leaves them out", path.display()));
        report.issues.clear();
    } else {
        if let (Some(path), Some(mut baseline)) = (&args.baseline, baseline) {
            if !args.accept.is_empty() {
                accept(&mut baseline, &report, path, args)?;
            }
            hold_against(&mut report, baseline, path, args, &settings, &root)?;
        }
        tell(&report, &loaded.inputs, args, output)?;
    }
    let failing = report.issues.iter().filter(|issue| report.fails(issue));
    let failing: BTreeSet<Place> = failing.map(|issue| issue.document.provenance.place).collect();
    run.update(|document| failing.contains(&document.provenance.place))?;
    Ok(outcome(&report, args))
}

/// Adds the accepted findings to the baseline and writes it.
fn accept(baseline: &mut Baseline, report: &Report, path: &Path, args: &CheckArgs) -> Result<()> {
    baseline.accept(&report.issues, &args.accept, args.reason.as_deref()).map_err(|reason| {
        Error::Usage(format!("--accept: {reason}; with --baseline or -v the report shows all fingerprints"))
    })?;
    write_file(path, baseline.write().as_bytes())?;
    say::tell(format_args!("{} accepted in {}", counted(args.accept.len() as u64, "finding"), path.display()));
    Ok(())
}

/// Reads a baseline; one that findings are to be accepted in may be missing.
fn read_baseline(path: &Path, may_be_missing: bool) -> Result<Baseline> {
    if may_be_missing && !path.exists() {
        return Ok(Baseline::default());
    }
    let text = fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    Baseline::read(&text).map_err(|reason| Error::Damaged { path: path.to_path_buf(), reason })
}

/// Most entries that no longer occur which are shown.
const FEW: usize = 20;

/// Removes the findings that the baseline lists from the report, and prints which of its entries no longer occur.
fn hold_against(
    report: &mut Report,
    mut baseline: Baseline,
    path: &Path,
    args: &CheckArgs,
    settings: &Settings,
    root: &Path,
) -> Result<()> {
    let compared = baseline.compare(&report.issues);
    report.known = compared.known.iter().filter(|known| **known).count();
    let mut known = compared.known.into_iter();
    report.issues.retain(|_| !known.next().unwrap_or_default());
    // Entries about what was not checked may still occur.
    let checked = |entry: &Entry| {
        let there = report.paths.contains(&entry.path.as_str()) || !root.join(path_of(&entry.path)).exists();
        there && settings.follows(entry.rule)
    };
    let gone: Vec<bool> =
        compared.occurs.iter().zip(&baseline.entries).map(|(occurs, entry)| !occurs && checked(entry)).collect();
    let count = gone.iter().filter(|gone| **gone).count();
    if count == 0 {
        return Ok(());
    }
    let entries = baseline.entries.iter().zip(&gone).filter(|(_, gone)| **gone).map(|(entry, _)| entry);
    for Entry { rule, path, id, text, .. } in entries.take(FEW) {
        say::tell(format_args!("{FAINT}gone:{FAINT:#} {} {path}: {id}: {text}", rule.code()));
    }
    let named = format!("{} of the baseline no longer occur", counted(count as u64, "finding"));
    if !args.prune_baseline {
        say::tell(format_args!("{STRONG}note:{STRONG:#} {named}; --prune-baseline removes them"));
    } else if report.skipped() > 0 {
        say::tell(format_args!(
            "{STRONG}note:{STRONG:#} {named}, or are in input that could not be read: nothing is removed"
        ));
    } else {
        let mut gone = gone.into_iter();
        baseline.entries.retain(|_| !gone.next().unwrap_or_default());
        write_file(path, baseline.write().as_bytes())?;
        say::tell(format_args!("{named} and are removed from {}", path.display()));
    }
    Ok(())
}

/// Writes the report to standard output or to a file.
fn tell(report: &Report, inputs: &[Input], args: &CheckArgs, output: &OutputArgs) -> Result<()> {
    let format = match args.output_format {
        OutputFormat::Text => None,
        OutputFormat::Json => Some(Format::Json),
        OutputFormat::Sarif => Some(Format::Sarif),
        OutputFormat::Github => Some(Format::Github),
        OutputFormat::Junit => Some(Format::Junit),
        OutputFormat::Markdown => Some(Format::Markdown),
    };
    let mut left_out = 0;
    let mut write = |out: &mut dyn Write| match format {
        Some(format) => write_report(report, format, out).map(|left| left_out = left),
        None if output.quiet && report.issues.is_empty() => Ok(()),
        None => {
            let named = args.baseline.is_some() || output.verbose;
            let coloured = args.output_file.is_none() && say::is_coloured();
            report::write(report, inputs, named, coloured, &mut Lines::new(out))
        }
    };
    match &args.output_file {
        Some(path) => {
            let mut bytes = anstream::StripStream::new(Vec::new());
            write(&mut bytes).map_err(|error| Error::io(path, error))?;
            write_file(path, &bytes.into_inner())?;
        }
        None => say::output(write)?,
    }
    if left_out > 0 {
        let left_out = counted(left_out as u64, "finding");
        say::tell(format_args!(
            "{STRONG}note:{STRONG:#} {left_out} more than the format allows; the most severe come first; \
             --output-format json has all"
        ));
    }
    if !output.quiet && (format.is_some() || args.output_file.is_some()) {
        say::tell(format_args!("{}", report::totals(report)));
    }
    Ok(())
}

/// Returns how the run ended. Unread input outweighs findings: a check that did not see everything has no answer.
fn outcome(report: &Report, args: &CheckArgs) -> Outcome {
    if report.skipped() > 0 {
        Outcome::Incomplete
    } else if !args.exit_zero && report.issues.iter().any(|issue| report.fails(issue)) {
        Outcome::Findings
    } else {
        Outcome::Fine
    }
}
