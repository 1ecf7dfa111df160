//! `flong config`: the settings that are in force.

use flong::Result;

use crate::args::ConfigCommand;
use crate::config::{settings_of, show};
use crate::{Outcome, say};

/// Runs the command.
pub fn config(command: &ConfigCommand) -> Result<Outcome> {
    let ConfigCommand::Show(args) = command;
    let given = args.given();
    let settings = settings_of(&args.config, &args.input.inputs, given.clone())?;
    say::print(|out| show(&settings, &given, out))?;
    Ok(Outcome::Fine)
}
