//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use flong::judge::{Drop, Keep, Rule};
use flong::read::{Fields, Format, Names};
use flong::verify::Level;
use flong::{Grain, Params};

/// Finds near-duplicates and boilerplate in syndicated text, and takes them out so that they can be put back.
#[derive(Debug, Parser)]
#[command(name = "flong", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The command line as it is parsed and documented. The parameters are shown without an input.
pub fn command() -> clap::Command {
    let inputs = |arg: clap::Arg| arg.required(false).required_unless_present("show_params");
    Cli::command().mut_subcommand("find", |find| find.mut_arg("inputs", inputs))
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what repeats; change nothing
    Find(FindArgs),
    /// Write the corpus without duplicates, and a ledger of what was taken out
    Clean(CleanArgs),
    /// Show what a document is made of, or why two match or do not
    Explain(ExplainArgs),
    /// Put a cleaned corpus back as it was, byte for byte
    Restore(RestoreArgs),
    /// Print the manual page of flong, or of one of its commands
    #[command(hide = true)]
    Man {
        /// The command
        command: Option<String>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How flong talks.
#[derive(Debug, Clone, Args)]
pub struct OutputArgs {
    /// Say nothing but errors and what was skipped
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: every problem of the input, the time of every stage
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colour; NO_COLOR is respected
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// What to read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders, globs, or - for standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Take the inputs for text or for JSON Lines, whatever their names and first bytes say
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<InputFormat>,
    /// The field that holds the text [default: text, content, body, …]
    #[arg(long, value_name = "NAME", help_heading = "Fields of JSON records")]
    pub text_field: Option<String>,
    /// The field that holds the id [default: id, guid, …; without one, file and line]
    #[arg(long, value_name = "NAME", help_heading = "Fields of JSON records")]
    pub id_field: Option<String>,
    /// The field that names the site or feed [default: source, domain, …; without one, the host of the address]
    #[arg(long, value_name = "NAME", help_heading = "Fields of JSON records")]
    pub source_field: Option<String>,
    /// The field that holds the date [default: date, published, …]
    #[arg(long, value_name = "NAME", help_heading = "Fields of JSON records")]
    pub date_field: Option<String>,
    /// The field that holds the headline [default: title, headline]
    #[arg(long, value_name = "NAME", help_heading = "Fields of JSON records")]
    pub title_field: Option<String>,
    /// The field that holds the address [default: url, link, uri]
    #[arg(long, value_name = "NAME", help_heading = "Fields of JSON records")]
    pub url_field: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum InputFormat {
    Text,
    Jsonl,
}

/// What to compare, and how.
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// What to compare: document, paragraph, sentence; several with commas [default: document,paragraph]
    #[arg(long, value_name = "GRAIN", value_delimiter = ',')]
    pub grain: Vec<GrainName>,
    /// How far a match may be from a copy; each level includes those before
    #[arg(long, value_name = "LEVEL", default_value = "reworded")]
    pub level: LevelName,
    /// Which copy stays: earliest, longest, first, source:NAME,NAME,… or field:NAME (the greatest value)
    #[arg(long, value_name = "POLICY", default_value = "earliest")]
    pub keep: Keep,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GrainName {
    Document,
    Paragraph,
    Sentence,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LevelName {
    Exact,
    Near,
    Reworded,
}

#[derive(Debug, Args)]
pub struct FindArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    /// Write matches.jsonl, clusters.jsonl and summary.json into this new folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the folder if it exists
    #[arg(long)]
    pub force: bool,
    /// Print the parameters and how likely pairs of each similarity are to be compared, and stop
    #[arg(long)]
    pub show_params: bool,
}

#[derive(Debug, Args)]
pub struct CleanArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    /// Write the cleaned corpus, the ledger and the rest into this new folder
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the folder if it exists
    #[arg(long)]
    pub force: bool,
    /// How close a duplicate must be to be removed; what is further is marked
    #[arg(long, value_name = "LEVEL", default_value = "near")]
    pub remove: LevelName,
    /// What may be dropped: duplicates, all (the kept copy too), or from:NAME, a source or an input
    #[arg(long, value_name = "WHAT", default_value = "duplicates")]
    pub drop: Drop,
    /// Record what would be removed and remove nothing
    #[arg(long)]
    pub mark: bool,
    /// Follow these rules only, such as FL201; several with commas, FL2 for all that begin so
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    pub only: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    pub ignore: Vec<String>,
}

/// A rule's code, or the beginning of some.
fn rule(text: &str) -> Result<String, String> {
    let code = text.to_uppercase();
    let known = code.len() > 2 && Rule::ALL.iter().any(|rule| rule.code().starts_with(&code));
    let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    if known { Ok(code) } else { Err(format!("there is no rule {text}; there are {}", codes.join(", "))) }
}

impl CleanArgs {
    /// Whether a rule is to be followed.
    pub fn wanted(&self, rule: Rule) -> bool {
        let named = |rules: &[String]| rules.iter().any(|code| rule.code().starts_with(code.as_str()));
        (self.only.is_empty() || named(&self.only)) && !named(&self.ignore)
    }
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A file, folder or glob, or - for standard input
    #[arg(value_name = "INPUT")]
    pub input: String,
    /// The id of a document
    #[arg(value_name = "ID")]
    pub document: String,
    /// The id of another, to hold the two against each other
    #[arg(value_name = "ID")]
    pub other: Option<String>,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The folder that `flong clean` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Write the originals into this new folder
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the folder if it exists
    #[arg(long)]
    pub force: bool,
}

impl InputArgs {
    /// The format that was asked for.
    pub fn format(&self) -> Option<Format> {
        self.format.map(|format| match format {
            InputFormat::Text => Format::Text,
            InputFormat::Jsonl => Format::JsonLines,
        })
    }

    /// The fields to read records by.
    pub fn fields(&self, keep: &Keep) -> Fields {
        let mut fields = Fields::default();
        let chosen = [
            (&mut fields.text, &self.text_field),
            (&mut fields.id, &self.id_field),
            (&mut fields.source, &self.source_field),
            (&mut fields.date, &self.date_field),
            (&mut fields.title, &self.title_field),
            (&mut fields.url, &self.url_field),
        ];
        for (names, choice) in chosen {
            if let Some(name) = choice {
                *names = Names::only(name);
            }
        }
        if let Keep::Field(name) = keep {
            fields.rank = Names::only(name);
        }
        fields
    }
}

impl MatchArgs {
    /// The grains that were asked for, if any.
    pub fn grains(&self) -> Option<Vec<Grain>> {
        let name = |grain: &GrainName| match grain {
            GrainName::Document => Grain::Document,
            GrainName::Paragraph => Grain::Paragraph,
            GrainName::Sentence => Grain::Sentence,
        };
        let mut grains: Vec<Grain> = self.grain.iter().map(name).collect();
        grains.sort_unstable();
        grains.dedup();
        (!grains.is_empty()).then_some(grains)
    }

    /// The parameters of the run, as far as these options go.
    pub fn params(&self) -> Params {
        let default = Params::default();
        Params {
            grains: self.grains().unwrap_or_else(|| default.grains.clone()),
            level: self.level.level(),
            keep: self.keep.clone(),
            ..default
        }
    }
}

impl LevelName {
    /// As the library has it.
    pub fn level(self) -> Level {
        match self {
            LevelName::Exact => Level::Exact,
            LevelName::Near => Level::Near,
            LevelName::Reworded => Level::Reworded,
        }
    }
}
