//! `flong report`: a page of what `find` or `clean` wrote.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use flong::read::ReadOptions;
use flong::report::{Folder, Report};
use flong::write::write_file;
use flong::{Error, Result};

use super::originals;
use crate::Outcome;
use crate::args::OutputArgs;
use crate::input_format::InputFormat;
use crate::progress::Progress;
use crate::say;

#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The folder that `flong find --out` or `flong clean --out` wrote
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[arg(short, long, visible_alias = "out", value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
    #[command(flatten)]
    pub originals: OriginalsArgs,
}

/// The inputs that hold the texts of a run.
#[derive(Debug, Args)]
pub struct OriginalsArgs {
    #[arg(long, value_name = "INPUT")]
    pub input: Vec<OsString>,
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// Returns whether two paths lead to one file.
fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Runs the command.
pub fn report(args: &ReportArgs, output: &OutputArgs) -> Result<Outcome> {
    let folder = Folder::open(&args.dir)?;
    let inputs = originals(&folder, &args.originals)?;
    let is_output = |path: &PathBuf| same_file(path, &args.output);
    if let Some(input) = inputs.inputs.iter().find(|input| input.path.as_ref().is_some_and(is_output)) {
        return Err(Error::Usage(format!("{}: is an input of the run; name another file for the page", input.name)));
    }
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
