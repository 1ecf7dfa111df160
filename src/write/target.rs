//! The target of an output folder, and whether it may be replaced.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::through_links;
use super::{own, place};
use crate::{Error, Result};

/// The folders that an output may replace, besides an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replaces {
    Nothing,
    /// An earlier output.
    Outputs,
    /// An earlier output, or restored files that are unchanged or would be restored with the same bytes.
    Restored,
}

/// Refuses an output folder that is, or holds, one of the inputs: replacing it would destroy them.
pub fn refuse_inputs(out: impl AsRef<Path>, inputs: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<()> {
    let out = resolve(out.as_ref())?;
    for input in inputs {
        let input = input.as_ref();
        if fs::canonicalize(input).is_ok_and(|real| real.starts_with(&out)) {
            return Err(Error::Usage(format!(
                "{}: is or holds the input {}; choose another output folder",
                out.display(),
                input.display()
            )));
        }
    }
    Ok(())
}

/// Returns the path without links and relative parts, also if it does not exist yet.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let named = through_links(path).map_err(|e| Error::io(path, e))?;
    let absolute = std::path::absolute(named).map_err(|e| Error::io(path, e))?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => Ok(resolve(parent)?.join(name)),
        _ => Err(Error::Usage(format!("{}: does not name a folder to write", path.display()))),
    }
}

/// Refuses a target that may not be replaced.
pub(super) fn check_target(target: &Path, replaces: Replaces) -> Result<()> {
    let refuse = |why: &str| Err(Error::Usage(format!("{}: {why}", target.display())));
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        return refuse("is a file; name a folder to write to");
    }
    if std::env::current_dir().is_ok_and(|here| here.starts_with(target)) {
        return refuse("is or holds the current folder; name a folder of its own to write to");
    }
    match replaces {
        Replaces::Nothing => match place::entries(target).map_err(|e| Error::io(target, e))?.is_empty() {
            true => Ok(()),
            false => refuse("is not empty; add --force to replace an earlier output of flong, or name another folder"),
        },
        Replaces::Outputs => own::foreign(target)?.map_or(Ok(()), |path| Err(refuse_foreign(target, &path))),
        // What is the same is known when all is written.
        Replaces::Restored => Ok(()),
    }
}

/// Returns the error that refuses a folder because of something in it.
pub(super) fn refuse_foreign(target: &Path, path: &Path) -> Error {
    Error::Usage(format!(
        "{}: holds what flong did not write there, such as {}; --force replaces outputs of flong only: name another \
         folder, or empty this one yourself",
        target.display(),
        path.strip_prefix(target).unwrap_or(path).display()
    ))
}

#[cfg(test)]
mod tests {
    use super::super::OutDir;
    use super::*;

    fn refusal(result: Result<impl Sized>) -> String {
        match result {
            Err(Error::Usage(message)) => message,
            Err(other) => panic!("another error: {other}"),
            Ok(_) => panic!("not refused"),
        }
    }

    #[test]
    fn dangerous_targets_are_refused() {
        let here = tempfile::tempdir().unwrap();
        let input = here.path().join("in/a.jsonl");
        fs::create_dir(here.path().join("in")).unwrap();
        fs::write(&input, "").unwrap();
        for out in [here.path().to_owned(), here.path().join("in"), here.path().join("in/../in"), input.clone()] {
            assert!(refusal(refuse_inputs(&out, [&input])).contains("a.jsonl"), "{}", out.display());
        }
        refuse_inputs(here.path().join("out"), [&input]).unwrap();
        refuse_inputs(here.path().join("in/out"), [&input]).unwrap();
        refuse_inputs(here.path(), ["-"]).unwrap();
        assert!(refusal(OutDir::create(&input, true)).contains("is a file"));
        assert!(refusal(OutDir::create(".", true)).contains("current folder"));
        assert!(refusal(OutDir::create("/", true)).contains("current folder"));
    }
}
