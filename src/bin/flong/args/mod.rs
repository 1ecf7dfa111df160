//! The commands and options of the command line. Their descriptions are in `src/data/options.tsv`.

mod common;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
pub use common::{
    Color, ConfigArgs, GrainName, InputArgs, LevelName, MatchArgs, OutputArgs, ReadingArgs, RoomArgs, RuleArgs,
};
use flong::check::Severity;
use flong::judge::Drop;

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
        #[arg(short, long, value_name = "DIR", conflicts_with = "command")]
        out: Option<PathBuf>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
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
    #[arg(short, long, value_name = "DIR")]
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
    #[arg(short, long, value_name = "DIR", required_unless_present_any = ["dry_run", "estimate"])]
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
    #[arg(short, long, value_name = "FILE")]
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
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long)]
    pub force: bool,
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
