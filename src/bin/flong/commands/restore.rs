//! `flong restore`: the originals again.

use flong::Result;

use crate::Outcome;
use crate::args::{OutputArgs, RestoreArgs};
use crate::say::{self, STRONG};

/// Runs the command.
pub fn restore(args: &RestoreArgs, output: &OutputArgs) -> Result<Outcome> {
    let report = flong::write::restore(&args.dir, &args.out, args.force)?;
    if !output.quiet {
        say::print(|out| {
            let names = report.restored.iter().chain(&report.equal);
            names.into_iter().try_for_each(|name| writeln!(out, "{}", args.out.join(name).display()))
        })?;
        let counted = |names: &[String], what| say::counted(names.len() as u64, what);
        match (counted(&report.restored, "input"), counted(&report.equal, "table")) {
            (bytes, _) if report.equal.is_empty() => say::tell(format_args!("restored {bytes}, byte for byte")),
            (_, values) if report.restored.is_empty() => say::tell(format_args!("restored {values}, value for value")),
            (bytes, values) => {
                say::tell(format_args!("restored {bytes}, byte for byte, and {values}, value for value"));
            }
        }
    }
    for (name, given) in &report.renamed {
        let note = format_args!("{STRONG}note:{STRONG:#} {name} cannot be called so here, and is {given}");
        say::tell(note);
    }
    for (name, lost) in &report.incomplete {
        say::tell(format_args!(
            "{}incomplete:{:#} {name}: {} could not be read or kept and cannot be given back",
            say::ERROR,
            say::ERROR,
            say::counted(*lost, "record")
        ));
    }
    Ok(if report.incomplete.is_empty() { Outcome::Fine } else { Outcome::Incomplete })
}
