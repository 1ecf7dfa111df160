//! What can be said on the command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use flong::check::Severity;
use flong::config::RuleCode;
use flong::judge::{Drop, Keep};
use flong::read::{Discovery, Format, ReadOptions};
use flong::run::Inputs;
use flong::verify::Level;

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
    let mut command = Cli::command().mut_subcommand("find", |find| find.mut_arg("inputs", inputs));
    // The commands of the first edition called it so.
    for name in ["find", "clean", "check"] {
        command = command.mut_subcommand(name, with_format);
    }
    let show = |config: clap::Command| config.mut_subcommand("show", with_format);
    let of_index = |index: clap::Command| index.mut_subcommand("add", with_format).mut_subcommand("query", with_format);
    command.mut_subcommand("config", show).mut_subcommand("index", of_index)
}

/// Adds the short name of the option for the format of the inputs, where no other format is meant.
fn with_format(command: clap::Command) -> clap::Command {
    command.mut_arg("input_format", |arg| arg.visible_alias("format"))
}

/// What the exit code of a check says.
const CHECK_EXIT: &str = "Exit codes: 0 nothing as grave as --fail-on, 1 findings, 2 the check could not run, 3 some of the \
    input could not be read, whatever was found in the rest";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report what repeats; change nothing
    Find(FindArgs),
    /// Write the corpus without duplicates and boilerplate, and a ledger of what was removed
    Clean(CleanArgs),
    /// Report what is wrong with a corpus or a feed, and where; change nothing
    #[command(after_help = CHECK_EXIT)]
    Check(CheckArgs),
    /// Keep an index of the documents that were seen, and look documents up in it
    Index(crate::commands::index::IndexArgs),
    /// Show the boilerplate of a document, or why two documents match or do not match
    Explain(ExplainArgs),
    /// Restore the originals of a cleaned corpus, byte for byte
    Restore(RestoreArgs),
    /// Make a page of what find or clean wrote: clusters side by side, who copies whom, boilerplate
    Report(ReportArgs),
    /// Print the texts of a cluster that find or clean wrote, with their differences
    Show(ShowClusterArgs),
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
    /// Print only errors and what was skipped
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more: every problem of the input, the time of every stage
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
    pub inputs: Vec<OsString>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How to read it.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// Follow symbolic links in folders
    #[arg(short = 'L', long)]
    pub follow: bool,
    /// Read the inputs as this format, whatever their names and first bytes suggest
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// Deepest nesting of HTML elements; records with deeper nesting are skipped
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_depth: usize,
    /// The field that holds the text [default: text, content, body, …]
    #[arg(long, value_name = "NAME", help_heading = "Fields, and columns of tables")]
    pub text_field: Option<String>,
    /// The field that holds the id [default: id, guid, …; without one, file and line]
    #[arg(long, value_name = "NAME", help_heading = "Fields, and columns of tables")]
    pub id_field: Option<String>,
    /// The field that names the site or feed [default: source, domain, …; without one, the host of the address]
    #[arg(long, value_name = "NAME", help_heading = "Fields, and columns of tables")]
    pub source_field: Option<String>,
    /// The field that holds the date [default: date, published, …]
    #[arg(long, value_name = "NAME", help_heading = "Fields, and columns of tables")]
    pub date_field: Option<String>,
    /// The field that holds the headline [default: title, headline]
    #[arg(long, value_name = "NAME", help_heading = "Fields, and columns of tables")]
    pub title_field: Option<String>,
    /// The field that holds the address [default: url, link, uri]
    #[arg(long, value_name = "NAME", help_heading = "Fields, and columns of tables")]
    pub url_field: Option<String>,
    /// Stop at the first record that cannot be read instead of skipping it
    #[arg(long, help_heading = "What cannot be read")]
    pub strict: bool,
    /// Longest record, such as 512M: a line, a row, a text; longer ones are skipped [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "What cannot be read")]
    pub max_record: Option<u64>,
    /// Largest size of a decompressed input, such as 50G [default: 4G, or 200 times the compressed size if that is more]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "What cannot be read")]
    pub max_unpacked: Option<u64>,
}

/// A number of bytes, with K, M, G or T for 1024 of the unit before.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is no size; give a number of bytes, or one with K, M, G or T such as 512M");
    let plain = text.trim().to_ascii_uppercase();
    let plain = plain.trim_end_matches("IB").trim_end_matches('B');
    let (number, power) = match plain.char_indices().next_back() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => (&plain[..at], 1 + "KMGT".find(unit).ok_or_else(wrong)?),
        _ => (plain, 0),
    };
    let number: u64 = number.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(1 << (10 * power)).filter(|size| *size > 0).ok_or_else(wrong)
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum InputFormat {
    Text,
    Jsonl,
    Csv,
    Tsv,
    Parquet,
    /// RSS, Atom, JSON Feed, or JSON: an array of records, or records one after the other
    #[value(alias = "json")]
    Feed,
    Html,
    Warc,
}

/// Where settings come from.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Read settings from this file [default: flong.toml in the first input's folder, or in the nearest folder above it]
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Ignore any flong.toml
    #[arg(long)]
    pub isolated: bool,
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

/// What to compare, and how.
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// What to compare: document, paragraph, sentence; several with commas [default: document,paragraph]
    #[arg(long, value_name = "GRAIN", value_delimiter = ',')]
    pub grain: Vec<GrainName>,
    /// How far a match may be from a copy; each level includes the ones before it [default: reworded]
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelName>,
    /// Which copy is kept: earliest, latest, longest, first, source:NAME,NAME,… or field:NAME (the greatest value); of equal ones the
    /// first in the order of paths [default: earliest]
    #[arg(long, value_name = "POLICY")]
    pub keep: Option<Keep>,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// Which rules to follow.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// Follow only these rules, such as FL201; several with commas, FL2 for all that begin with FL2
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<RuleCode>,
    /// Leave these rules out
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
    pub config: ConfigArgs,
    /// Write matches.jsonl, clusters.jsonl and summary.json into this new folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the folder if it is an earlier output of flong; other folders are never replaced
    #[arg(long)]
    pub force: bool,
    /// Print the parameters, and how likely pairs of each similarity are to be compared; do nothing else
    #[arg(long)]
    pub show_params: bool,
}

#[derive(Debug, Args)]
pub struct CleanArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Write the cleaned corpus, the ledger and the other outputs into this new folder
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the folder if it is an earlier output of flong; other folders are never replaced
    #[arg(long)]
    pub force: bool,
    /// How close a duplicate must be to be removed; looser matches are marked [default: near]
    #[arg(long, value_name = "LEVEL")]
    pub remove: Option<LevelName>,
    /// What may be dropped: duplicates, all (the kept copy too), or from:NAME, a source or an input [default: duplicates]
    #[arg(long, value_name = "WHAT")]
    pub drop: Option<Drop>,
    /// Also drop what repeats these documents: a file, folder or glob; may be given several times. They are not written
    #[arg(long, value_name = "OLD", conflicts_with = "drop")]
    pub against: Vec<OsString>,
    /// Drop what this index has seen before (see `flong index`)
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    /// Add the documents that are kept to the index, after the cleaned corpus is written
    #[arg(long, requires = "index")]
    pub update: bool,
    /// Record what would be removed and remove nothing
    #[arg(long)]
    pub mark: bool,
    /// Replace the folder even if the new output has no documents and the old one has
    #[arg(long)]
    pub allow_empty: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub matching: MatchArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Compare with these documents too, without reporting on them: a file, folder or glob; may be given several times
    #[arg(long, value_name = "OTHER")]
    pub against: Vec<OsString>,
    /// Report what this index has seen before (see `flong index`)
    #[arg(long, value_name = "FILE")]
    pub index: Option<PathBuf>,
    /// Add the documents that pass to the index, after the report is written
    #[arg(long, requires = "index")]
    pub update: bool,
    /// Lowest severity that fails the check [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityName>,
    /// Exit with 0 whatever is found; input that cannot be read still gives a 3
    #[arg(long)]
    pub exit_zero: bool,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Report")]
    pub output_format: OutputFormat,
    /// Write the report to this file instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub output_file: Option<PathBuf>,
    /// Leave out findings that this file lists, and report which of its entries no longer occur
    #[arg(long, value_name = "FILE", help_heading = "Known findings")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to this file, to be used with --baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Known findings")]
    pub write_baseline: Option<PathBuf>,
    /// Remove entries that no longer occur from the baseline
    #[arg(long, requires = "baseline", help_heading = "Known findings")]
    pub prune_baseline: bool,
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
    /// How to print it; html is a page of its own, to be written to a file
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Report")]
    pub format: ExplainFormat,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
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

#[derive(Debug, Args)]
pub struct ShowClusterArgs {
    /// The folder that `flong find --out` or `flong clean --out` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The id of a cluster, or the beginning of one
    #[arg(value_name = "CLUSTER")]
    pub cluster: String,
    #[command(flatten)]
    pub originals: OriginalsArgs,
}

/// Where the texts of a run are.
#[derive(Debug, Args)]
pub struct OriginalsArgs {
    /// Read the texts from these files instead of where the run read them: a file, folder or glob; may be given several times
    #[arg(long, value_name = "INPUT")]
    pub input: Vec<OsString>,
    /// Read the inputs as this format, whatever their names and first bytes suggest
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The folder that `flong clean` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Write the originals into this new folder
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the folder if it holds only what flong restored, unchanged; other folders are never replaced
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The folder that `flong find --out` or `flong clean --out` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Write the page to this file; an earlier one is replaced
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
    #[command(flatten)]
    pub originals: OriginalsArgs,
}

impl InputArgs {
    /// What a run reads.
    pub fn inputs(&self) -> Inputs {
        Inputs { paths: self.inputs.clone(), discovery: self.discovery(), reading: self.options(false) }
    }

    /// How to find the inputs.
    pub fn discovery(&self) -> Discovery {
        self.reading.discovery()
    }

    /// How to read the inputs.
    pub fn options(&self, keep_records: bool) -> ReadOptions {
        self.reading.options(keep_records)
    }
}

impl ReadingArgs {
    /// How to find the inputs.
    pub fn discovery(&self) -> Discovery {
        Discovery { format: self.format(), follow: self.follow }
    }

    /// The format that was asked for.
    fn format(&self) -> Option<Format> {
        self.input_format.map(InputFormat::format)
    }

    /// How to read the inputs.
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

impl InputFormat {
    /// Returns the library's value.
    pub fn format(self) -> Format {
        match self {
            InputFormat::Text => Format::Text,
            InputFormat::Jsonl => Format::JsonLines,
            InputFormat::Csv => Format::Csv,
            InputFormat::Tsv => Format::Tsv,
            InputFormat::Parquet => Format::Parquet,
            InputFormat::Feed => Format::Feed,
            InputFormat::Html => Format::Html,
            InputFormat::Warc => Format::Warc,
        }
    }
}
