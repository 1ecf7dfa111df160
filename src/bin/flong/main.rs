//! The command line of flong.

mod args;
mod commands;
mod config;
mod diff;
mod progress;
mod report;
mod root;
mod say;
mod summary;
mod tally;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::args::{Cli, Color, Command};

/// Large inputs mean many small pieces of memory on many threads, which this one hands out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All went well.
    Fine,
    /// It ran, and found what fails a check.
    Findings,
    /// It ran, but some of the input could not be read, or some of the output could not be made.
    Incomplete,
}

/// Keeps panics quiet that are caught and told as damage of a file.
fn silence_damage() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !flong::panic_is_damage() {
            hook(info);
        }
    }));
}

fn main() -> ExitCode {
    silence_damage();
    let cli = Cli::from_arg_matches(&args::command().get_matches()).unwrap_or_else(|error| error.exit());
    let choice = match cli.output.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
    let result = match cli.command {
        Command::Find(args) => commands::find(&args, &cli.output),
        Command::Clean(args) => commands::clean(&args, &cli.output),
        Command::Check(args) => commands::check(&args, &cli.output),
        Command::Index(args) => commands::index::index(&args, &cli.output),
        Command::Explain(args) => commands::explain(&args, &cli.output),
        Command::Restore(args) => commands::restore(&args, &cli.output),
        Command::Config { command } => commands::config(&command),
        Command::Man { command } => commands::manual(command.as_deref()),
        Command::Completions { shell } => commands::completions(shell),
    };
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(3),
        Err(error) => {
            say::tell(format_args!("{}error:{:#} {error}", say::ERROR, say::ERROR));
            ExitCode::from(2)
        }
    }
}
