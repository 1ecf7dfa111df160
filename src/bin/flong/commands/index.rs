//! `flong index`: what has been seen, on disk.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use flong::config::Config;
use flong::index::{self, Day, Index};
use flong::pipeline::{Seen, add, commit, load_by_parts, query, today};
use flong::run::{GivenNames, Progress as _, check_names, discover, open_index, refuse_skips};
use flong::write::{Measured, json_lines, json_pretty};
use flong::{Document, Error, Params, Result};
use serde::Serialize;

use super::{load_found, outcome, set_threads};
use crate::Outcome;
use crate::args::{ConfigArgs, InputArgs, LevelName, OutputArgs};
use crate::config::settings_of;
use crate::progress::Progress;
use crate::say::{self, bytes, count, counted};

#[derive(Debug, Args)]
pub struct IndexArgs {
    #[command(subcommand)]
    command: IndexCommand,
}

#[derive(Debug, Subcommand)]
enum IndexCommand {
    /// Add documents: all of them, or none if the run fails
    Add(AddArgs),
    /// Report which items of the index documents match, as JSON Lines; change nothing
    Query(QueryArgs),
    /// Show what is in the index
    Info(InfoArgs),
    /// Remove old items
    Expire(ExpireArgs),
    /// Read the whole index and report any damage; change nothing
    Check(InfoArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The index; it is created if it does not exist
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    input: InputArgs,
    #[arg(long)]
    no_text: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Args)]
struct QueryArgs {
    /// The index
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    input: InputArgs,
    #[arg(long, value_name = "LEVEL")]
    level: Option<LevelName>,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Args)]
struct InfoArgs {
    /// The index
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, Args)]
struct ExpireArgs {
    /// The index
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[arg(long, value_name = "AGE", value_parser = days)]
    older_than: Day,
}

/// Returns a number of days, from `90d`, `12w` or `2y`.
fn days(text: &str) -> Result<Day, String> {
    let (number, unit) = text.split_at(text.len() - text.chars().next_back().map_or(0, char::len_utf8));
    let unit = match unit {
        "d" => 1,
        "w" => 7,
        "y" => 365,
        _ => 0,
    };
    let days = number.parse::<Day>().ok().and_then(|number| number.checked_mul(unit));
    days.filter(|days| unit > 0 && *days >= 0).ok_or_else(|| format!("`{text}` is no age such as 90d, 12w or 2y"))
}

/// Runs the command.
pub fn index(args: &IndexArgs, output: &OutputArgs) -> Result<Outcome> {
    match &args.command {
        IndexCommand::Add(args) => run_add(args, output),
        IndexCommand::Query(args) => run_query(args, output),
        IndexCommand::Info(args) => run_info(args),
        IndexCommand::Expire(args) => run_expire(args, output),
        IndexCommand::Check(args) => run_check(args, output),
    }
}

fn run_add(args: &AddArgs, output: &OutputArgs) -> Result<Outcome> {
    let given = Config::default();
    let settings = settings_of(&args.config, &args.input.inputs, given.over(args.input.given()))?;
    set_threads(&settings)?;
    let params = settings.params()?;
    let found = discover(&args.input.inputs, &args.input.discovery(), &settings)?;
    let mut index = Index::write(&args.file, &index::Settings::of(&params, !args.no_text))?;
    let progress = Progress::new(output);
    let mut addition = index.addition()?;
    let (mut added, mut known, mut problems) = (0, 0, found.problems);
    let today = today();
    let fields = settings.fields();
    let options = args.input.options(false);
    refuse_skips(&problems, &options)?;
    let mut given = GivenNames::new(&settings);
    let opened = load_by_parts(found.inputs, &fields, &options, |documents, more| {
        progress.read(documents.len());
        refuse_skips(&more, &options).inspect_err(|_| progress.done())?;
        given.observe(&documents, &more);
        problems.extend(more);
        let done = add(&mut addition, &documents, today)?;
        (added, known) = (added + done.added, known + done.known);
        Ok(())
    })?;
    say::problems(&problems, output);
    if opened.is_empty() {
        progress.done();
        let problem = problems.first().map(|problem| problem.to_string());
        return Err(Error::Usage(problem.unwrap_or_else(|| "there is nothing to read".into())));
    }
    given.check(&opened, &progress).inspect_err(|_| progress.done())?;
    commit(addition, &params)?;
    let items = index.reader()?.items();
    // What grew by much has much to give back.
    if added * 4 > u64::from(items) {
        index.compact()?;
    }
    progress.done();
    if !output.quiet {
        let already = if known > 0 { format!(", {} there already", count(known)) } else { String::new() };
        say::tell(format_args!(
            "added {}{already}; {} holds {}",
            counted(added, "item"),
            args.file.display(),
            count(u64::from(items))
        ));
    }
    Ok(outcome(&problems))
}

/// A line of a query's answer.
#[derive(Serialize)]
struct SeenLine<'a> {
    document: &'a str,
    item: &'a str,
    source: Option<&'a str>,
    date: Option<&'a str>,
    #[serde(flatten)]
    measured: Measured,
    /// Whether the item is the document itself, added before.
    same: bool,
    estimated: bool,
}

impl<'a> SeenLine<'a> {
    fn new(seen: &'a Seen, documents: &'a [Document]) -> Self {
        SeenLine {
            document: &documents[seen.document].id,
            item: &seen.item.id,
            source: seen.item.source.as_deref(),
            date: seen.item.date.as_deref(),
            measured: (&seen.verified).into(),
            same: seen.same,
            estimated: seen.estimated,
        }
    }
}

fn run_query(args: &QueryArgs, output: &OutputArgs) -> Result<Outcome> {
    let level = args.level.map(LevelName::level);
    let given = Config { level, ..Config::default() };
    let settings = settings_of(&args.config, &args.input.inputs, given.over(args.input.given()))?;
    set_threads(&settings)?;
    let params = settings.params()?;
    let found = discover(&args.input.inputs, &args.input.discovery(), &settings)?;
    let progress = Progress::new(output);
    let index = open_index(&args.file, false, &params, &progress)?;
    let options = args.input.options(false);
    let loaded = load_found(found, &settings, &options, &|_| ());
    refuse_skips(&loaded.problems, &options)?;
    say::problems(&loaded.problems, output);
    check_names(&settings, &loaded, loaded.inputs.len(), &progress).inspect_err(|_| progress.done())?;
    let found = query(&loaded.documents, &index.reader()?, &params)?;
    say::print_json(|out| json_lines(out, found.iter().map(|seen| SeenLine::new(seen, &loaded.documents))))?;
    Ok(outcome(&loaded.problems))
}

fn run_info(args: &InfoArgs) -> Result<Outcome> {
    let info = Index::open(&args.file)?.reader()?.info()?;
    say::print_json(|out| json_pretty(out, &info))?;
    Ok(Outcome::Fine)
}

fn run_expire(args: &ExpireArgs, output: &OutputArgs) -> Result<Outcome> {
    let mut index = Index::rewrite(&args.file)?;
    let mut addition = index.addition()?;
    let gone = addition.expire(today() - args.older_than)?;
    if gone > 0 {
        commit(addition, &Params::default())?;
        index.compact()?;
    }
    if !output.quiet {
        let items = index.reader()?.items();
        say::tell(format_args!(
            "{} expired; {} holds {}, {}",
            counted(u64::from(gone), "item"),
            args.file.display(),
            count(u64::from(items)),
            bytes(std::fs::metadata(&args.file).map(|file| file.len()).unwrap_or(0))
        ));
    }
    Ok(Outcome::Fine)
}

fn run_check(args: &InfoArgs, output: &OutputArgs) -> Result<Outcome> {
    let info = Index::check(&args.file)?;
    if !output.quiet {
        let items = counted(u64::from(info.items), "item");
        say::print(|out| writeln!(out, "{}: sound; {items}, {}", args.file.display(), bytes(info.bytes)))?;
    }
    Ok(Outcome::Fine)
}
