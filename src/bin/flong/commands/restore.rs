//! `flong restore`: the originals again.

use flong::Result;

use crate::Outcome;
use crate::args::{OutputArgs, RestoreArgs};
use crate::say;

/// Runs the command.
pub fn restore(args: &RestoreArgs, output: &OutputArgs) -> Result<Outcome> {
    let report = flong::write::restore(&args.dir, &args.out, args.force)?;
    if !output.quiet {
        say::print(|out| {
            report.restored.iter().try_for_each(|name| writeln!(out, "{}", args.out.join(name).display()))
        })?;
        say::tell(format_args!("restored {}, byte for byte", say::counted(report.restored.len() as u64, "input")));
    }
    for (name, lost) in &report.incomplete {
        say::tell(format_args!(
            "{}incomplete:{:#} {name}: {} too long to be kept; an empty line stands for each",
            say::ERROR,
            say::ERROR,
            say::counted(*lost, "record")
        ));
    }
    Ok(if report.incomplete.is_empty() { Outcome::Fine } else { Outcome::Incomplete })
}
