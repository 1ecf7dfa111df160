//! `flong eval`: how good what flong finds is, against labels.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use flong::config::Config;
use flong::eval::{Classes, Evaluation, Labels, Offsets, Options, Run, SweepRange, evaluate, evaluate_documents, plot};
use flong::judge::Rule;
use flong::report::Folder;
use flong::run::Progress as _;
use flong::write::write_file;
use flong::{Document, Error, Result, escape};

use super::{load_inputs, outcome, set_threads};
use crate::args::{ConfigArgs, InputArgs, MatchArgs, OutputArgs, RuleArgs};
use crate::config::settings_of;
use crate::progress::Progress;
use crate::say::{self, STRONG};
use crate::{Outcome, evaluated};

#[derive(Debug, Args)]
pub struct EvalArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "FILE")]
    pub labels: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub label_field: Option<String>,
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub positive: Vec<String>,
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub apart: Vec<String>,
    #[arg(long)]
    pub complete: bool,
    #[arg(long, value_name = "UNIT", default_value = "bytes")]
    pub offsets: OffsetsName,
    #[arg(long, value_name = "NAME=FROM..TO")]
    pub sweep: Option<SweepRange>,
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub mistakes: usize,
    #[arg(long, visible_alias = "format", value_name = "FORMAT", default_value = "text")]
    pub output_format: ReportFormat,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    Text,
    /// JSON, with all mistakes
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OffsetsName {
    /// Bytes of UTF-8
    Bytes,
    /// Unicode characters
    Characters,
}

impl EvalArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        self.input.given().over(self.matching.given()).over(self.rules.given())
    }

    /// Returns the error for a mistake in the labels; the reason begins with the line.
    fn mistake(&self, reason: String) -> Error {
        Error::Usage(format!("{}:{reason}", self.labels.display()))
    }

    fn options(&self, rules: Vec<Rule>) -> Options {
        let offsets = match self.offsets {
            OffsetsName::Bytes => Offsets::Bytes,
            OffsetsName::Characters => Offsets::Characters,
        };
        Options { classes: self.classes(), complete: self.complete, offsets, rules }
    }

    fn classes(&self) -> Classes {
        match self.positive.is_empty() && self.apart.is_empty() {
            true => Classes::known(),
            false => Classes::named(self.positive.clone(), self.apart.clone()),
        }
    }
}

/// Runs the command.
pub fn eval(args: &EvalArgs, output: &OutputArgs) -> Result<Outcome> {
    let labels = Labels::read(&args.labels, args.label_field.as_deref())?;
    if let (Some(path), Labels::Spans(_)) = (&args.plot, &labels) {
        return Err(Error::Usage(format!("--plot {}: spans have no threshold to sweep over", path.display())));
    }
    let (evaluation, documents, outcome) = match folder_of_run(&args.input) {
        Some(folder) => {
            let evaluation = of_folder(args, folder, &labels)?;
            let shows = args.output_format == ReportFormat::Text && args.mistakes > 0;
            let documents = if shows { mistaken(args, folder, &evaluation, output)? } else { Vec::new() };
            (evaluation, documents, Outcome::Fine)
        }
        None => of_documents(args, labels, output)?,
    };
    if let (Some(path), Some(sweep)) = (&args.plot, evaluation.sweep()) {
        write_file(path, plot(sweep).as_bytes())?;
    }
    match args.output_format {
        // With all decimals: figures are rounded once, by whoever shows them.
        ReportFormat::Json => say::print_json(|out| {
            serde_json::to_writer_pretty(&mut *out, &evaluation)?;
            writeln!(out)
        })?,
        ReportFormat::Text => say::print(|out| evaluated::print(out, &evaluation, &documents, args.mistakes))?,
    }
    Ok(outcome)
}

/// Returns the input if it is the one folder that a run of flong wrote.
fn folder_of_run(input: &InputArgs) -> Option<&Path> {
    let [folder] = &input.inputs[..] else { return None };
    let folder = Path::new(folder);
    ["clusters.jsonl", "matches.jsonl", "summary.json"].iter().all(|name| folder.join(name).is_file()).then_some(folder)
}

/// Evaluates the run that a folder holds.
fn of_folder(args: &EvalArgs, folder: &Path, labels: &Labels) -> Result<Evaluation> {
    let refuse = |what: &str| Err(Error::Usage(format!("{}: {what}; give the documents", folder.display())));
    match (labels, &args.sweep) {
        (_, Some(sweep)) => {
            refuse(&format!("the folder holds one run, and no texts to run again with other {}", sweep.name))
        }
        (Labels::Spans(_), _) => refuse("labels of spans need the texts, which the folder does not hold"),
        _ => {
            evaluate(&Run::read(folder)?, &[], labels, &args.options(Vec::new())).map_err(|reason| args.mistake(reason))
        }
    }
}

/// Reads the texts of the mistakes that are shown: from the inputs of the run, where they can be read.
fn mistaken(args: &EvalArgs, folder: &Path, evaluation: &Evaluation, output: &OutputArgs) -> Result<Vec<Document>> {
    let of_side = |together: bool| {
        evaluation.mistakes().iter().filter(move |mistake| mistake.together == together).take(args.mistakes)
    };
    let mistakes = of_side(true).chain(of_side(false));
    let ids: BTreeSet<&str> = mistakes.flat_map(|mistake| [&*mistake.a, &*mistake.b]).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    set_threads(&settings_of(&args.config, &args.input.inputs, args.given())?)?;
    let run = Folder::open(folder)?;
    let inputs = run.originals(&args.input.discovery());
    let read = inputs.and_then(|inputs| run.documents(&ids, inputs.inputs.clone(), &args.input.options(false)));
    let why = match read {
        // Labels may name documents that were never among them.
        Ok(documents) if !documents.is_empty() => return Ok(documents),
        Ok(_) => format!("the inputs of {} are not what they were", folder.display()),
        Err(error) => error.to_string(),
    };
    if !output.quiet {
        let (why, remedy) =
            (escape::message(why), "give the documents in place of the folder to see the mistakes' texts");
        say::tell(format_args!("{STRONG}note:{STRONG:#} {why}; {remedy}"));
    }
    Ok(Vec::new())
}

/// Finds what repeats in documents, and evaluates it.
fn of_documents(
    args: &EvalArgs,
    mut labels: Labels,
    output: &OutputArgs,
) -> Result<(Evaluation, Vec<Document>, Outcome)> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    let mut params = settings.params()?;
    if let Some(sweep) = &args.sweep {
        sweep.validate(&params).map_err(|reason| Error::Usage(format!("--sweep: {reason}")))?;
    }
    let progress = Progress::new(output);
    let loaded = load_inputs(&args.input, &settings, &progress).inspect_err(|_| progress.done())?;
    params.rank_inputs(loaded.inputs.iter().map(|input| input.name.as_str()));
    let unknown = labels.retain_known(&loaded.documents).map_err(|reason| args.mistake(reason))?;
    progress.stage("evaluate");
    let options = args.options(Rule::ALL.iter().copied().filter(|rule| settings.follows(*rule)).collect());
    let evaluation = evaluate_documents(&loaded.documents, &params, &labels, &options, args.sweep.as_ref());
    progress.done();
    say::problems(&loaded.problems, output);
    if unknown > 0 && !output.quiet {
        let labels = say::counted(unknown as u64, "label");
        say::tell(format_args!("{STRONG}note:{STRONG:#} {labels} of documents that are not in the input: left out"));
    }
    let outcome = outcome(&loaded.problems);
    Ok((evaluation.map_err(|reason| args.mistake(reason))?, loaded.documents, outcome))
}
