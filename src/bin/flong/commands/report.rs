//! `flong report`: a page of what `find` or `clean` wrote.

use flong::read::ReadOptions;
use flong::report::{Folder, Report};
use flong::write::write_file;
use flong::{Error, Result};

use super::originals;
use crate::Outcome;
use crate::args::{OutputArgs, ReportArgs};
use crate::progress::Progress;
use crate::say;

/// Runs the command.
pub fn report(args: &ReportArgs, output: &OutputArgs) -> Result<Outcome> {
    let folder = Folder::open(&args.dir)?;
    let inputs = originals(&folder, &args.originals)?;
    let progress = Progress::new(output);
    let gathered = Report::gather(&folder, inputs.inputs.clone(), &ReadOptions::default(), &progress);
    progress.done();
    let report = gathered?;
    let mut page = Vec::new();
    report.write(&mut page).map_err(|error| Error::io(&args.output, error))?;
    write_file(&args.output, &page)?;
    if !output.quiet {
        let (shown, size) = (args.output.display(), say::bytes(page.len() as u64));
        say::print(|out| writeln!(out, "written to {shown}, {size}; open it in a browser"))?;
    }
    Ok(Outcome::Fine)
}
