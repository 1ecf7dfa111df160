//! The inputs of a run.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::config::Settings;
use crate::pipeline::Room;
use crate::read::{Compression, Discovered, Discovery, Input, ReadOptions, discover_as};
use crate::{Error, Problem, Result};

/// The inputs of a run, and the options of reading them.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files, folders, globs, or `-` for standard input.
    pub paths: Vec<OsString>,
    /// Options of finding the inputs.
    pub discovery: Discovery,
    /// Options of reading them. Whether records are kept is up to the run.
    pub reading: ReadOptions,
    /// Memory and temporary files that the run may take.
    pub room: Room,
}

impl Inputs {
    /// Inputs that are found and read as they are by default.
    pub fn of<P: AsRef<OsStr>>(paths: impl IntoIterator<Item = P>) -> Self {
        let paths = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
        Inputs { paths, ..Inputs::default() }
    }
}

/// Returns about how many bytes of text inputs hold, by the sizes of their files; `None` if one of them is no file.
pub(super) fn text_bytes(inputs: &[Input]) -> Option<u64> {
    let of = |input: &Input| {
        let bytes = input.stored_bytes()?;
        let is_packed = input.compression != Compression::None || input.format.is_packed();
        Some(if is_packed { bytes.saturating_mul(PACKED) } else { bytes })
    };
    inputs.iter().try_fold(0, |sum: u64, input| Some(sum.saturating_add(of(input)?)))
}

/// Bytes of text for each compressed byte.
const PACKED: u64 = 4;

/// Returns the inputs that some paths lead to, without those that the settings exclude and that no path names.
///
/// # Errors
/// If a path leads to nothing, or if nothing is left to read.
pub fn discover(paths: &[OsString], discovery: &Discovery, settings: &Settings) -> Result<Discovered> {
    let mut discovered = discover_as(paths, discovery)?;
    let inputs = &mut discovered.inputs;
    let found = inputs.len();
    // An excluded file or folder is read if an argument names it.
    let meant = paths.iter().map(Path::new).filter(|path| settings.excludes(path));
    let meant: Vec<&Path> = meant.map(without_dot).collect();
    let is_meant = |path: &Path| meant.iter().any(|meant| without_dot(path).starts_with(meant));
    inputs.retain(|input| input.path.as_ref().is_none_or(|path| !settings.excludes(path) || is_meant(path)));
    if inputs.is_empty() && found > 0 {
        let file = settings.file().map_or(String::new(), |file| file.path.display().to_string());
        let named: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
        return Err(Error::Usage(format!("{file}: `exclude` leaves nothing to read of {}", named.join(" "))));
    }
    Ok(discovered)
}

/// Returns the path without a `./` at its start.
fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// Returns an error if a record was skipped and the options forbid that.
///
/// # Errors
/// The first record that was skipped, if the options are [strict](ReadOptions::strict).
pub fn refuse_skips(problems: &[Problem], options: &ReadOptions) -> Result<()> {
    match problems.iter().find(|problem| problem.skipped) {
        Some(problem) if options.strict => Err(Error::Unreadable(problem.clone())),
        _ => Ok(()),
    }
}
