//! `flong check`: what is wrong with a corpus or a feed, and where.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flong::before::{Before, items_before, seen_before};
use flong::check::{Baseline, Entry, Format, Issue, Reading, Report, issues, of_documents, write_report};
use flong::config::Settings;
use flong::judge::{Drop, Origin, Policy, verdicts};
use flong::pipeline::{Loaded, Stopwatch, find_timed};
use flong::read::{Discovered, Input, ReadOptions, path_of};
use flong::run::{Progress as _, check_names, discover, open_index, refuse_skips, update_index};
use flong::write::write_file;
use flong::{Document, Error, Params, Place, Result};

use super::{load_found, set_threads};
use crate::args::{CheckArgs, OutputArgs, OutputFormat};
use crate::config::settings_of;
use crate::progress::Progress;
use crate::root::{from_root, root};
use crate::say::{self, FAINT, Lines, STRONG, counted};
use crate::{Outcome, report};

/// Runs the command.
pub fn check(args: &CheckArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    let params = settings.params()?;
    // A mistake in the baseline is better reported before the work than after.
    let baseline = args.baseline.as_deref().map(|path| read_baseline(path, !args.accept.is_empty())).transpose()?;
    let progress = Progress::new(output);
    let index = args.index.as_deref().map(|file| open_index(file, args.update, &params, &progress)).transpose()?;
    let (own, mut all) = sides(args, &settings)?;
    all.inputs.splice(0..0, own.inputs.iter().cloned());
    all.problems.splice(0..0, own.problems);
    let own = own.inputs;
    set_threads(&settings)?;
    progress.settings(&settings);
    let mut watch = Stopwatch::observed(|stage| progress.stage(stage));
    watch.stage("read");
    let loaded = read(all, &args.input.options(true), &settings, &progress).inspect_err(|_| progress.done())?;
    let ours: Vec<bool> = loaded.inputs.iter().map(|input| own.contains(input)).collect();
    let first = ours.iter().take_while(|ours| **ours).count();
    check_names(&settings, &loaded, &loaded.inputs, first, &progress).inspect_err(|_| progress.done())?;
    let mut params = Params { drop: may_be_told(&ours), ..params };
    params.rank_inputs(loaded.inputs.iter().map(|input| input.name.as_str()));
    let found = find_timed(&loaded.documents, &params, &mut watch);
    watch.stage("judge");
    let policy = settings.policy(Policy::checking(&params));
    let findings = verdicts(&found.evidence(&loaded.documents), &policy);
    let is_ours = |document: usize| ours[loaded.documents[document].place.input as usize];
    let mut findings = of_documents(findings, is_ours);
    let before = match &index {
        Some(index) => {
            watch.stage("index");
            // The checked inputs come first, and so do their documents.
            let own = loaded.documents.partition_point(|document| ours[document.place.input as usize]);
            let own = &loaded.documents[..own];
            let ask = if policy.reports_items() { items_before } else { seen_before };
            ask(&index.reader()?, own, loaded.documents.len(), &params)?
        }
        None => Before::default(),
    };
    let mut seen = before.findings;
    policy.apply(&mut seen);
    findings.extend(seen);
    let root = root();
    let paths: Vec<String> = loaded.inputs.iter().map(|input| from_root(input, &root)).collect();
    let fields = settings.fields();
    let reading = Reading {
        documents: &loaded.documents,
        items: &before.items,
        inputs: &loaded.inputs,
        paths: &paths,
        fields: &fields,
    };
    let mut issues = issues(&findings, &reading, |rule| settings.severity(rule));
    issues.retain(|issue| !is_ignored(issue, &loaded.inputs, &settings));
    progress.done();
    say::problems(&loaded.problems, output);
    for stage in watch.finish().iter().filter(|_| output.verbose) {
        say::tell(format_args!("{FAINT}{:>10} {:.3} s{FAINT:#}", stage.name, stage.seconds));
    }

    let ours = |input: u32| ours[input as usize];
    let mut report = Report {
        issues,
        paths: (0..).zip(&paths).filter(|(input, _)| ours(*input)).map(|(_, path)| path.as_str()).collect(),
        documents: loaded.documents.iter().filter(|document| ours(document.place.input)).count(),
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
    if let (true, Some(index)) = (args.update, &index) {
        update_index(index, &passed(&loaded.documents, &report, ours), &params)?;
    }
    Ok(outcome(&report, args))
}

/// Reads the inputs, or refuses to go on if nothing can be read, or not all of it and the options ask for that.
fn read(found: Discovered, options: &ReadOptions, settings: &Settings, progress: &Progress) -> Result<Loaded> {
    let loaded = load_found(found, settings, options, &|documents| progress.read(documents));
    refuse_skips(&loaded.problems, options)?;
    progress.loaded(loaded.documents.len() as u64, loaded.bytes);
    if loaded.inputs.is_empty() {
        let problem = loaded.problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    Ok(loaded)
}

/// Returns the documents of the checked inputs that have no finding which fails the check, without their records.
fn passed(documents: &[Document], report: &Report, ours: impl Fn(u32) -> bool) -> Vec<Document> {
    let failing = report.issues.iter().filter(|issue| report.fails(issue));
    let failing: BTreeSet<Place> = failing.map(|issue| issue.document.place).collect();
    let passed = documents.iter().filter(|document| ours(document.place.input) && !failing.contains(&document.place));
    passed.map(|document| Document { record: None, ..document.clone() }).collect()
}

/// Returns the inputs to check, and the inputs to compare with. Files that this run writes are no inputs.
fn sides(args: &CheckArgs, settings: &Settings) -> Result<(Discovered, Discovered)> {
    let written = [&args.baseline, &args.write_baseline, &args.output_file, &args.index];
    let written: Vec<PathBuf> = written.into_iter().flatten().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let real = |input: &Input| input.path.as_ref().and_then(|path| fs::canonicalize(path).ok());
    let mut own = discover(&args.input.inputs, &args.input.discovery(), settings)?;
    own.inputs.retain(|input| real(input).is_none_or(|real| !written.contains(&real)));
    let mut others = match args.against.is_empty() {
        true => Discovered::default(),
        false => discover(&args.against, &args.input.discovery(), settings)?,
    };
    let taken: Vec<Option<PathBuf>> = own.inputs.iter().map(real).collect();
    others.inputs.retain(|input| !taken.contains(&real(input)));
    Ok((own, others))
}

/// Returns what may be dropped: of copies, those in the checked inputs, so that these are compared with the others.
fn may_be_told(ours: &[bool]) -> Drop {
    if ours.iter().all(|ours| *ours) {
        return Drop::Duplicates;
    }
    Drop::From(Origin::inputs("the checked inputs", (0..).zip(ours).filter(|(_, ours)| **ours).map(|(input, _)| input)))
}

fn is_ignored(issue: &Issue, inputs: &[Input], settings: &Settings) -> bool {
    let input = &inputs[issue.document.place.input as usize];
    settings.ignores_item(&issue.document.id) || settings.ignores_in(input, issue.rule)
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
