//! `flong tune`: thresholds that fit a sample of texts, from a few judgments.

use std::fs;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use clap::Args;
use flong::config::Config;
use flong::eval::{LabelledPair, Labels, Options, Scores, TableFormat};
use flong::tune::{Borderline, Tuned, borderline, judged_of, judgments_table, tune as choose};
use flong::write::write_file;
use flong::{Document, Error, Result};

use super::{load_inputs, outcome};
use crate::Outcome;
use crate::args::{ConfigArgs, InputArgs, MatchArgs, OutputArgs};
use crate::config::settings_of;
use crate::diff::diff;
use crate::evaluated::print_sweep;
use crate::progress::Progress;
use crate::say::{self, FAINT, STRONG, counted};
use crate::summary::print_wrapped;

#[derive(Debug, Args)]
pub struct TuneArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[arg(long, value_name = "FILE")]
    pub judgments: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub pairs: usize,
    #[arg(short, long, value_name = "FILE", default_value = "flong.toml")]
    pub out: PathBuf,
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
}

impl TuneArgs {
    /// Returns the settings that the options give.
    pub fn given(&self) -> Config {
        self.input.given().over(self.matching.given())
    }
}

/// Runs the command.
pub fn tune(args: &TuneArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    let mut params = settings.params()?;
    let given = args.judgments.as_deref().filter(|path| path.exists()).map(read_judgments).transpose()?;
    if args.out.exists() && !args.force && (given.is_some() || args.judgments.is_none()) {
        let path = args.out.display();
        return Err(Error::Usage(format!("{path} is there already; --force replaces it, --out FILE writes another")));
    }
    let progress = Progress::new(output);
    let loaded = load_inputs(&args.input, &settings, &progress).inspect_err(|_| progress.done())?;
    params.rank_inputs(loaded.inputs.iter().map(|input| input.name.as_str()));
    say::problems(&loaded.problems, output);
    let documents = &loaded.documents;
    let judged = match (given, &args.judgments) {
        (Some(judged), _) => judged,
        (None, path) => {
            let pairs = borderline(documents, &params, args.pairs);
            progress.done();
            if pairs.is_empty() {
                return Err(Error::Usage(
                    "no two of these texts are near a threshold: there is nothing to judge".into(),
                ));
            }
            match path {
                Some(path) => return write_judgments(path, &pairs, documents).map(|()| outcome(&loaded.problems)),
                None => ask(&pairs, documents)?,
            }
        }
    };
    let judged = known(judged, documents, args, output)?;
    let tuned = choose(documents, &params, &judged, &Options::default());
    progress.done();
    let source = args.judgments.as_deref().unwrap_or(Path::new("judgments"));
    let tuned = tuned.map_err(|reason| Error::Usage(format!("{}:{reason}", source.display())))?;
    write_file(&args.out, tuned.toml().as_bytes())?;
    print(&tuned, &args.out)?;
    Ok(outcome(&loaded.problems))
}

/// Reads judgments.
fn read_judgments(path: &Path) -> Result<Vec<LabelledPair>> {
    let text = fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    let format = TableFormat::of(path).unwrap_or(TableFormat::Tsv);
    let (judged, open) =
        judged_of(&text, format).map_err(|reason| Error::Usage(format!("{}:{reason}", path.display())))?;
    if judged.is_empty() {
        let open = counted(open as u64, "pair");
        let remedy = "write copy, other or reworded into the column label, and run this again";
        return Err(Error::Usage(format!("{}: {open} and no judgment; {remedy}", path.display())));
    }
    if open > 0 {
        say::tell(format_args!("{STRONG}note:{STRONG:#} {} not judged: left out", counted(open as u64, "pair")));
    }
    Ok(judged)
}

fn write_judgments(path: &Path, pairs: &[Borderline], documents: &[Document]) -> Result<()> {
    write_file(path, judgments_table(pairs, documents).as_bytes())?;
    let pairs = counted(pairs.len() as u64, "pair");
    say::tell(format_args!(
        "{pairs} to judge written to {}: write copy, other or reworded into the column label, and run this again",
        path.display()
    ));
    Ok(())
}

/// Leaves out judgments of documents that are not there.
fn known(
    judged: Vec<LabelledPair>,
    documents: &[Document],
    args: &TuneArgs,
    output: &OutputArgs,
) -> Result<Vec<LabelledPair>> {
    let mut labels = Labels::Pairs(judged);
    let unknown = labels.retain_known(documents).map_err(|reason| {
        let path = args.judgments.as_deref().unwrap_or(Path::new("judgments"));
        Error::Usage(format!("{}:{reason}", path.display()))
    })?;
    if unknown > 0 && !output.quiet {
        let unknown = counted(unknown as u64, "judgment");
        say::tell(format_args!("{STRONG}note:{STRONG:#} {unknown} of documents that are not in the input: left out"));
    }
    match labels {
        Labels::Pairs(pairs) => Ok(pairs),
        _ => Ok(Vec::new()),
    }
}

/// Asks about each pair on standard output, and reads an answer a line from standard input.
fn ask(pairs: &[Borderline], documents: &[Document]) -> Result<Vec<LabelledPair>> {
    let mut judged: Vec<LabelledPair> = Vec::new();
    let mut answers = std::io::stdin().lock().lines();
    let mut n = 0;
    while n < pairs.len() {
        show(&pairs[n], n, pairs.len(), documents)?;
        let Some(answer) = answers.next() else { break };
        let answer = answer.map_err(|error| Error::io("standard input", error))?;
        let pair = |label: &str| LabelledPair {
            a: documents[pairs[n].a].id.to_string(),
            b: documents[pairs[n].b].id.to_string(),
            label: label.to_owned(),
            line: n as u64 + 1,
        };
        match answer.trim().to_lowercase().as_str() {
            "c" | "copy" => judged.push(pair("copy")),
            "o" | "other" => judged.push(pair("other")),
            "r" | "reworded" => judged.push(pair("reworded")),
            "s" | "skip" | "" => {}
            "b" | "back" => {
                n = n.saturating_sub(1);
                judged.retain(|pair| pair.line <= n as u64);
                continue;
            }
            "q" | "quit" => break,
            other => {
                say::tell(format_args!("{other}: answer c, o, r, s, b or q"));
                continue;
            }
        }
        n += 1;
    }
    match judged.is_empty() {
        true => Err(Error::Usage("no pair was judged: nothing is changed".into())),
        false => Ok(judged),
    }
}

fn show(pair: &Borderline, n: usize, all: usize, documents: &[Document]) -> Result<()> {
    let (a, b) = (&documents[pair.a], &documents[pair.b]);
    say::print(|out| {
        writeln!(out)?;
        let now = if pair.matches { "together now" } else { "apart now" };
        writeln!(
            out,
            "{STRONG}{} of {all}{STRONG:#}  {}  {}  {FAINT}{now}, {:.2}{FAINT:#}",
            n + 1,
            a.id,
            b.id,
            pair.similarity
        )?;
        for document in [a, b] {
            let source = document.source.as_deref().unwrap_or_default();
            writeln!(
                out,
                "  {STRONG}{}{STRONG:#}  {FAINT}{source}{FAINT:#}",
                document.title.as_deref().unwrap_or_default()
            )?;
        }
        print_wrapped(out, &diff(&a.text, &b.text, say::is_coloured()))?;
        writeln!(out, "{FAINT}[c]opy, [o]ther, [r]eworded, [s]kip, [b]ack, [q]uit:{FAINT:#}")
    })
}

/// Prints what each threshold would do, and what was chosen.
fn print(tuned: &Tuned, path: &Path) -> Result<()> {
    say::print(|out| {
        writeln!(
            out,
            "{STRONG}{}{STRONG:#}; what each threshold would do, decided pair by pair",
            counted(tuned.judged as u64, "judged pair")
        )?;
        tuned.sweeps.iter().try_for_each(|sweep| print_sweep(out, sweep))?;
        writeln!(out)?;
        let mut figures = |name: &str, scores: &Scores| {
            let Scores { right, wrong, missed, precision, recall, f1 } = scores;
            let (precision, recall, f1) = (precision.value, recall.value, f1.value);
            writeln!(
                out,
                "{name:<8} precision {precision:.3}  recall {recall:.3}  F1 {f1:.3}  ({right} right, {wrong} wrong, {missed} missed)"
            )
        };
        figures("before", tuned.before.scores())?;
        if tuned.chosen.is_empty() {
            writeln!(out, "no other value is better in a run: {} sets nothing", path.display())
        } else {
            figures("after", tuned.after.scores())?;
            writeln!(out)?;
            for chosen in &tuned.chosen {
                writeln!(
                    out,
                    "  {STRONG}{} = {}{STRONG:#}  {FAINT}{} before{FAINT:#}",
                    chosen.name, chosen.value, chosen.before
                )?;
            }
            writeln!(out, "written to {}", path.display())
        }
    })
}
