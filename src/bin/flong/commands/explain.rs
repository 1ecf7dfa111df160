//! `flong explain`: the boilerplate of a document, and why two documents match or do not match.

use std::ffi::OsString;
use std::io;

use clap::{Args, ValueEnum};
use flong::explain::{self, ExplainedDocument, ExplainedPair, FactPair, WayOfMatching};
use flong::judge::Action;
use flong::pipeline::{Loaded, Stopwatch, prepare};
use flong::read::discover_as;
use flong::report::Report;
use flong::run::check_names;
use flong::verify::Way;
use flong::write::json_pretty;
use flong::{Document, Error, Grain, Params, Result, escape};

use super::{load_found, set_threads};
use crate::Outcome;
use crate::args::{ConfigArgs, OutputArgs, ReadingArgs};
use crate::config::settings_of;
use crate::diff::diff;
use crate::progress::Progress;
use crate::say::{FAINT, Lines, STRONG, count, is_coloured};
use crate::side_by_side::{self, Column};
use crate::summary::print_wrapped;

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A file, folder or glob, or - for standard input
    #[arg(value_name = "INPUT")]
    pub input: OsString,
    /// The id of a document
    #[arg(value_name = "ID")]
    pub document: String,
    /// The id of a second document, to compare the two
    #[arg(value_name = "ID")]
    pub other: Option<String>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ExplainFormat,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For people; side by side where there is room
    Text,
    /// One JSON value
    Json,
    /// A page that needs no network
    Html,
}

/// Runs the command.
pub fn explain(args: &ExplainArgs, output: &OutputArgs) -> Result<Outcome> {
    let inputs = std::slice::from_ref(&args.input);
    let settings = settings_of(&args.config, inputs, args.reading.given())?;
    set_threads(&settings)?;
    let found = discover_as(inputs, &args.reading.discovery())?;
    let loaded = load_found(found, &settings, &args.reading.options(false), &|_| ());
    crate::say::problems(&loaded.problems, output);
    let progress = Progress::new(output);
    let names = check_names(&settings, &loaded, loaded.inputs.len(), &progress);
    progress.done();
    names?;
    let params = Params { grains: vec![Grain::Document], ..settings.params()? };
    let prepared = prepare(&loaded.documents, &params, &mut Stopwatch::default());
    let first = position(&loaded, &args.document)?;
    let documents = &loaded.documents;
    match &args.other {
        None => {
            let explained = explain::document(documents, &prepared, first);
            match args.format {
                ExplainFormat::Text => crate::say::print(|out| tell_document(out, &explained))?,
                ExplainFormat::Json => crate::say::print_json(|out| json_pretty(out, &explained))?,
                ExplainFormat::Html => write_page(&Report::of_document(&documents[first], &explained))?,
            }
        }
        Some(other) => {
            let pair = [first, position(&loaded, other)?];
            let explained = explain::pair(documents, &prepared, pair[0], pair[1], &params);
            let texts = pair.map(|index| &documents[index]);
            match args.format {
                ExplainFormat::Text => crate::say::print(|out| tell_pair(out, texts, &explained))?,
                ExplainFormat::Json => crate::say::print_json(|out| json_pretty(out, &explained))?,
                ExplainFormat::Html => write_page(&Report::of_pair(texts, &explained))?,
            }
        }
    }
    Ok(Outcome::Fine)
}

fn write_page(report: &Report) -> Result<()> {
    crate::say::output(|out| report.write(out))
}

/// Returns the index of the document with an id, which may be given as flong prints it.
fn position(loaded: &Loaded, id: &str) -> Result<usize> {
    let named = |is_named: fn(&str, &str) -> bool| loaded.documents.iter().position(|d| is_named(&d.id, id));
    named(|own, id| own == id).or_else(|| named(|own, id| escape::line(own) == id)).ok_or_else(|| {
        let first = loaded.documents.first().map_or("none", |document| &document.id);
        Error::Usage(format!("there is no document `{id}` in the input; the first of its ids is {first}"))
    })
}

/// Prints the text piece by piece: body, and boilerplate with its rule, certainty and evidence.
fn tell_document(out: &mut Lines, explained: &ExplainedDocument) -> io::Result<()> {
    writeln!(out, "{STRONG}{}{STRONG:#}  {}", explained.id, explained.title.as_deref().unwrap_or(""))?;
    if let Some(agency) = explained.agency {
        writeln!(out, "  credits {agency}")?;
    }
    for piece in &explained.pieces {
        writeln!(out)?;
        match (piece.rule, piece.action, piece.score, &piece.reason) {
            (Some(rule), Some(action), Some(score), Some(reason)) => {
                let (code, title) = (rule.code(), rule.title());
                let action = if action == Action::Removed { "certain" } else { "marked" };
                writeln!(out, "  {STRONG}{code} {title}{STRONG:#}  {action}, {score:.2}  {FAINT}{reason}{FAINT:#}")?;
            }
            _ => writeln!(out, "  body")?,
        }
        out.text("    ", &piece.text)?;
    }
    for (phrase, times, words) in &explained.stuffed {
        writeln!(out)?;
        writeln!(out, "  {STRONG}FL303 keyword stuffing{STRONG:#}  “{phrase}” {times} times in {words} words")?;
    }
    Ok(())
}

/// Prints what decided, what was measured beside the thresholds, the facts and names, and the two texts with their differences.
fn tell_pair(out: &mut Lines, documents: [&Document; 2], explained: &ExplainedPair) -> io::Result<()> {
    let (score, reason) = (explained.score, explained.reason);
    match explained.kind {
        Some(kind) => writeln!(out, "{STRONG}{}{STRONG:#} {score:.2}: {reason}", kind.name())?,
        None => writeln!(out, "{STRONG}no match{STRONG:#}: {reason}")?,
    }
    for side in &explained.documents {
        let facts = [side.source.as_deref(), side.date.as_deref(), side.title.as_deref()];
        let facts: Vec<&str> = facts.into_iter().flatten().collect();
        writeln!(out)?;
        writeln!(out, "  {STRONG}{}{STRONG:#}  {FAINT}{}{FAINT:#}", side.id, facts.join("  "))?;
        let words = count(side.body_words as u64);
        writeln!(out, "    {words} body words that weigh as much as {:.1} rare ones", side.weight)?;
        for piece in &side.set_aside {
            let (rule, reason) = (piece.rule.map_or("", |rule| rule.code()), piece.reason.as_deref().unwrap_or(""));
            let text = flong::check::short(&piece.text, 60);
            writeln!(out, "    set aside: {rule} “{text}” {FAINT}{reason}{FAINT:#}")?;
        }
    }
    for way in &explained.ways {
        tell_way(out, way)?;
    }
    writeln!(out)?;
    let pairs = |pairs: &[FactPair]| pairs.iter().map(|pair| format!("{} → {}", pair.a, pair.b)).collect::<Vec<_>>();
    let kept: Vec<&str> = explained.facts_kept.iter().map(|pair| &*pair.a).collect();
    tell_list(out, "numbers and dates kept", &kept)?;
    tell_list(out, "numbers and dates changed", &pairs(&explained.facts_changed))?;
    if let Some(kept) = explained.names_kept {
        writeln!(out, "  {:<28}{kept}", "names kept")?;
    }
    tell_list(out, "names changed", &pairs(&explained.names_changed))?;
    tell_list(out, "changed as in the titles", &pairs(&explained.titles_changed))?;
    writeln!(out)?;
    match side_by_side::width() {
        Some(width) if width >= side_by_side::LEAST_WIDTH => {
            let column = |n: usize| Column {
                text: &documents[n].text,
                differing: explained.differences.iter().map(|spans| spans[n]).collect(),
                aside: explained.documents[n].set_aside.iter().map(|piece| piece.span).collect(),
            };
            side_by_side::print(out, &column(0), &column(1), width)
        }
        _ => print_wrapped(out, &diff(&documents[0].text, &documents[1].text, is_coloured())),
    }
}

fn tell_list(out: &mut Lines, name: &str, items: &[impl AsRef<str>]) -> io::Result<()> {
    /// Items that are printed; the rest is counted.
    const MOST: usize = 12;
    let shown: Vec<&str> = items.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = if items.len() > MOST { format!(" and {} more", items.len() - MOST) } else { String::new() };
    match shown.is_empty() {
        true => Ok(()),
        false => writeln!(out, "  {name:<28}{}: {}{more}", items.len(), shown.join(", ")),
    }
}

/// Prints the thresholds of one way of matching, each with what was measured.
fn tell_way(out: &mut Lines, way: &WayOfMatching) -> io::Result<()> {
    let name = match way.way {
        Way::Copy => "as a copy",
        Way::Clauses => "as a rewording, by clauses",
        Way::Statement => "as a rewording, by words",
    };
    let passed = if way.passed { "passes all" } else { "" };
    writeln!(out)?;
    writeln!(out, "  {STRONG}{name:<38}{STRONG:#}{:>9}{:>12}  {FAINT}{passed}{FAINT:#}", "measured", "threshold")?;
    for criterion in &way.criteria {
        let (told, sign) = (&criterion.criterion, if criterion.criterion.at_most { "≤" } else { "≥" });
        let missed = if criterion.passed { "" } else { "missed" };
        let (title, measured, limit, name) = (told.title, told.measured, told.limit, told.threshold);
        let limit = if limit.is_finite() { format!("{sign} {limit:.2}") } else { "never".into() };
        writeln!(out, "    {title:<36}{measured:>9.2}{limit:>12}  {missed:<8}{FAINT}{name}{FAINT:#}")?;
    }
    Ok(())
}
