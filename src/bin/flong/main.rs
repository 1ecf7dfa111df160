//! The command line of flong.

mod args;
mod commands;
mod config;
mod describe;
mod diff;
mod evaluated;
mod input_format;
mod memory;
mod progress;
mod report;
mod root;
mod say;
mod side_by_side;
mod signals;
mod summary;
mod wrap;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;
use flong::escape;

use crate::args::{Cli, Color, Command};

#[global_allocator]
static ALLOCATOR: memory::Memory = memory::Memory;

// The Python package runs in a process that may run again.
pub use memory::give_back;

/// The result of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All went well.
    Fine,
    /// It ran, and a check failed.
    Findings,
    /// It ran, but some of the input could not be read, or some of the output could not be made.
    Incomplete,
}

/// Keeps panics quiet that are caught and reported as damage of a file, and reports the others.
fn silence_damage() {
    std::panic::set_hook(Box::new(move |info| {
        if !flong::panic_is_damage() {
            say::panicked(info);
        }
    }));
}

/// Parses the arguments, or ends with what is wrong with them. An error repeats them, so it is that of the arguments
/// with nothing in them that acts.
fn parse(arguments: &[OsString]) -> Cli {
    let matches = describe::command().try_get_matches_from(arguments);
    matches.and_then(|matches| Cli::from_arg_matches(&matches)).unwrap_or_else(|error| {
        let shown = arguments.iter().map(|argument| escape::message(argument.to_string_lossy()));
        match describe::command().try_get_matches_from(shown) {
            Err(shown) if shown.kind() == error.kind() => shown.exit(),
            _ => {
                say::fail(error);
                std::process::exit(2)
            }
        }
    })
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    run(&arguments).into()
}

/// Runs a command line and returns its exit code. The first argument is the name of the program.
///
/// The Python package calls this: its command `flong` is this same source as a library (`python/cli`).
pub fn run(arguments: &[OsString]) -> u8 {
    silence_damage();
    signals::watch();
    let cli = parse(arguments);
    let choice = match cli.output.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
    let result = match cli.command {
        Command::Find(args) => commands::find(&args, &cli.output),
        Command::Estimate(args) => commands::estimate(&args),
        Command::Clean(args) => commands::clean(&args, &cli.output),
        Command::Check(args) => commands::check(&args, &cli.output),
        Command::Index(args) => commands::index::index(&args, &cli.output),
        Command::Eval(args) => commands::eval::eval(&args, &cli.output),
        Command::Explain(args) => commands::explain::explain(&args, &cli.output),
        Command::Report(args) => commands::report::report(&args, &cli.output),
        Command::Show(args) => commands::show::show(&args, &cli.output),
        Command::Tune(args) => commands::tune::tune(&args, &cli.output),
        Command::Restore(args) => commands::restore(&args, &cli.output),
        Command::Rule { code } => commands::rule(code.as_deref()),
        Command::Config { command } => commands::config(&command),
        Command::Man { command, out } => commands::manual(command.as_deref(), out.as_deref()),
        Command::Completions { shell } => commands::completions(shell),
    };
    // Of a run that a signal ends, what its files that are gone lead to is no news.
    flong::write::wait();
    match result {
        Ok(Outcome::Fine) => 0,
        Ok(Outcome::Findings) => 1,
        Ok(Outcome::Incomplete) => 3,
        Err(error) => {
            say::fail(error);
            2
        }
    }
}
