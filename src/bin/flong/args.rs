//! The commands and options of the command line. Their descriptions are in `src/data/options.tsv`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use flong::check::Severity;
use flong::config::{Config, RuleCode, byte_size};
use flong::judge::{Drop, Keep};
use flong::pipeline::Room;
use flong::read::{Discovery, Format, ReadOptions};
use flong::run::Inputs;
use flong::verify::Level;

use crate::input_format::InputFormat;

/// Finds near-duplicates and boilerplate in syndicated text, and takes them out so that they can be put back.
#[derive(Debug, Parser)]
#[command(name = "flong", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The meaning of the exit codes of a check.
const CHECK_EXIT: &str = "Exit codes: 0 nothing as grave as --fail-on, 1 findings, 2 the check could not run, 3 some of the \
    input could not be read, whatever was found in the rest";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report what repeats; change nothing
    Find(FindArgs),
    /// Write the corpus without duplicates and boilerplate, and a ledger of what was removed
    Clean(CleanArgs),
    /// Estimate how long find and clean will take, and how much memory and disk, from a sample
    Estimate(EstimateArgs),
    /// Report what is wrong with a corpus or a feed, and where; change nothing
    #[command(after_help = CHECK_EXIT)]
    Check(CheckArgs),
    /// Keep an index of the documents that were seen, and look documents up in it
    Index(crate::commands::index::IndexArgs),
    /// Say how good what is found is, against labels: precision, recall, F1, and every mistake
    Eval(crate::commands::eval::EvalArgs),
    /// Choose thresholds that fit some texts, from a few judgments, and write them as a flong.toml
    Tune(crate::commands::tune::TuneArgs),
    /// Show the boilerplate of a document, or why two documents match or do not match
    Explain(crate::commands::explain::ExplainArgs),
    /// Restore the originals of a cleaned corpus, byte for byte
    Restore(RestoreArgs),
    /// Make a page of what find or clean wrote: clusters side by side, who copies whom, boilerplate
    Report(crate::commands::report::ReportArgs),
    /// Print the texts of a cluster that find or clean wrote, with their differences
    Show(crate::commands::show::ShowArgs),
    /// Explain a rule, with an example; without a code, list all rules
    Rule {
        /// The code of a rule, such as FL203
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Show the settings that apply
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the manual page of flong, or of one of its commands
    #[command(hide = true)]
    Man {
        /// The command
        command: Option<String>,
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        out: Option<PathBuf>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Options about what is printed.
#[derive(Debug, Clone, Args)]
pub struct OutputArgs {
    #[arg(short, long, global = true)]
    pub quiet: bool,
    #[arg(short, long, global = true)]
    pub verbose: bool,
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// The inputs.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders, globs, or - for standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// Options of finding and reading inputs.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    #[arg(short = 'L', long)]
    pub follow: bool,
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_depth: usize,
    #[arg(long, value_name = "NAME")]
    pub text_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub id_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub source_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub date_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub title_field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub url_field: Option<String>,
    #[arg(long)]
    pub strict: bool,
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    pub max_record: Option<u64>,
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    pub max_unpacked: Option<u64>,
}

/// Limits of memory, and the place of temporary files.
#[derive(Debug, Default, Args)]
pub struct RoomArgs {
    #[arg(long, value_name = "SIZE", value_parser = byte_size)]
    pub memory: Option<u64>,
    #[arg(long, value_name = "DIR")]
    pub temp_dir: Option<PathBuf>,
}

/// Options about settings.
#[derive(Debug, Default, Args)]
pub struct ConfigArgs {
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    #[arg(long)]
    pub isolated: bool,
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub set: Vec<(String, String)>,
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// Reads a parameter and its value. Whether there is such a parameter is checked where it is set.
fn parameter(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or("a parameter is set as NAME=VALUE, such as verify.copy_weight=0.8")?;
    let (name, value) = (pair.0.trim(), pair.1.trim());
    Config::default().set(name, value).map(|()| (name.to_owned(), value.to_owned()))
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings that apply to some inputs, and where each comes from, as TOML
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Options of comparing.
#[derive(Debug, Args)]
pub struct MatchArgs {
    #[arg(long, value_name = "GRAIN", value_delimiter = ',')]
    pub grain: Vec<GrainName>,
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelName>,
    #[arg(long, value_name = "POLICY")]
    pub keep: Option<Keep>,
    #[arg(long, value_name = "BOOL")]
    pub set_aside: Option<bool>,
}

/// The rules to follow.
#[derive(Debug, Args)]
pub struct RuleArgs {
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<RuleCode>,
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<RuleCode>,
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
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "OTHER")]
    pub against: Vec<OsString>,
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long, requires = "out")]
    pub passages: bool,
    #[arg(long)]
    pub force: bool,
    #[arg(long)]
    pub show_params: bool,
    #[arg(long, conflicts_with = "show_params")]
    pub estimate: bool,
    #[command(flatten)]
    pub room: RoomArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Args)]
pub struct EstimateArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub room: RoomArgs,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct CleanArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "DIR", required_unless_present_any = ["dry_run", "estimate"])]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long, conflicts_with = "dry_run")]
    pub estimate: bool,
    #[arg(long)]
    pub passages: bool,
    #[arg(long)]
    pub force: bool,
    #[arg(long, value_name = "LEVEL")]
    pub remove: Option<LevelName>,
    #[arg(long, value_name = "WHAT")]
    pub drop: Option<Drop>,
    #[arg(long, value_name = "OLD", conflicts_with = "drop")]
    pub against: Vec<OsString>,
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    #[arg(long, requires = "index")]
    pub update: bool,
    #[arg(long)]
    pub mark: bool,
    #[arg(long)]
    pub allow_empty: bool,
    #[command(flatten)]
    pub room: RoomArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[arg(long, value_name = "OTHER")]
    pub against: Vec<OsString>,
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    #[arg(long, requires = "index")]
    pub update: bool,
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityName>,
    #[arg(long)]
    pub exit_zero: bool,
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: OutputFormat,
    #[arg(long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    #[arg(long, requires = "baseline")]
    pub prune_baseline: bool,
    #[arg(long, value_name = "FINGERPRINT", requires = "baseline", conflicts_with = "write_baseline")]
    pub accept: Vec<String>,
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SeverityName {
    Note,
    Warning,
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    Text,
    /// JSON Lines
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML
    Junit,
    /// Tables for a summary
    Markdown,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The folder that `flong clean` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long)]
    pub force: bool,
}

impl RoomArgs {
    /// Returns the limits of a run.
    pub fn room(&self) -> Room {
        Room { memory_bytes: self.memory, temp_dir: self.temp_dir.clone() }
    }
}

impl InputArgs {
    /// Returns the inputs of a run.
    pub fn inputs(&self, room: &RoomArgs) -> Inputs {
        let room = room.room();
        Inputs { paths: self.inputs.clone(), discovery: self.discovery(), reading: self.options(false), room }
    }

    /// Returns the options of finding inputs.
    pub fn discovery(&self) -> Discovery {
        self.reading.discovery()
    }

    /// Returns the options of reading inputs.
    pub fn options(&self, keep_records: bool) -> ReadOptions {
        self.reading.options(keep_records)
    }
}

impl ReadingArgs {
    /// Returns the options of finding inputs.
    pub fn discovery(&self) -> Discovery {
        Discovery { format: self.format(), follow: self.follow }
    }

    /// Returns the format that was asked for.
    fn format(&self) -> Option<Format> {
        self.input_format.map(InputFormat::format)
    }

    /// Returns the options of reading inputs.
    pub fn options(&self, keep_records: bool) -> ReadOptions {
        let default = ReadOptions::default();
        let max_record = self.max_record.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        ReadOptions {
            max_record: max_record.unwrap_or(default.max_record),
            max_unpacked: self.max_unpacked,
            strict: self.strict,
            max_depth: self.max_depth,
            keep_records,
            ..default
        }
    }
}

impl SeverityName {
    /// Returns the library's value.
    pub fn severity(self) -> Severity {
        match self {
            SeverityName::Note => Severity::Note,
            SeverityName::Warning => Severity::Warning,
            SeverityName::Error => Severity::Error,
        }
    }
}

impl LevelName {
    /// Returns the library's value.
    pub fn level(self) -> Level {
        match self {
            LevelName::Exact => Level::Exact,
            LevelName::Near => Level::Near,
            LevelName::Reworded => Level::Reworded,
        }
    }
}
