//! `flong restore`: the originals again.

use flong::Result;

use crate::Outcome;
use crate::args::{OutputArgs, RestoreArgs};
use crate::say;

/// Runs the command.
pub fn restore(args: &RestoreArgs, output: &OutputArgs) -> Result<Outcome> {
    let report = flong::write::restore(&args.dir, &args.out, args.force)?;
    if !output.quiet {
        for name in &report.restored {
            anstream::println!("{}", args.out.join(name).display());
        }
        anstream::eprintln!("restored {}, byte for byte", say::counted(report.restored.len() as u64, "input"));
    }
    for (name, lost) in &report.incomplete {
        anstream::eprintln!(
            "{}incomplete:{:#} {name}: {} too long to be kept; an empty line stands for each",
            say::ERROR,
            say::ERROR,
            say::counted(*lost, "record")
        );
    }
    Ok(if report.incomplete.is_empty() { Outcome::Fine } else { Outcome::Incomplete })
}
