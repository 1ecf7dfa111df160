//! The command line with what each option does, as help and manual pages show it.

use clap::CommandFactory;
use flong::config::option_of;

use crate::args::Cli;

/// Returns the command line as it is parsed and documented. The parameters are shown without an input.
pub fn command() -> clap::Command {
    let inputs = |arg: clap::Arg| arg.required(false).required_unless_present("show_params");
    let mut command = Cli::command().mut_subcommand("find", |find| find.mut_arg("inputs", inputs));
    // The commands of the first edition called it so.
    for name in ["find", "clean", "check"] {
        command = command.mut_subcommand(name, with_format);
    }
    let of_config = |config: clap::Command| config.mut_subcommand("show", with_format);
    let of_index = |index: clap::Command| index.mut_subcommand("add", with_format).mut_subcommand("query", with_format);
    described(command.mut_subcommand("config", of_config).mut_subcommand("index", of_index), "")
}

/// Gives every option of a command and of its subcommands its group and its text, which `options.tsv` has for all.
fn described(command: clap::Command, name: &str) -> clap::Command {
    let command = command.mut_args(|arg| match arg.get_long().and_then(|long| option_of(name, long)) {
        Some(option) => arg.help(option.text).help_heading(option.group),
        None => arg,
    });
    command.mut_subcommands(|sub| {
        let name = format!("{name} {}", sub.get_name());
        described(sub, name.trim_start())
    })
}

/// Adds the short name of the option for the format of the inputs, where no other format is meant.
fn with_format(command: clap::Command) -> clap::Command {
    command.mut_arg("input_format", |arg| arg.visible_alias("format"))
}
