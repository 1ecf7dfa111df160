//! Inputs that are to be read more than once.

use std::io;

use super::Input;
use super::source::raw;
use crate::temporary::Temporary;
use crate::{Error, Result};

/// The copy of an input, which is removed when this is dropped.
pub(crate) struct Copied {
    _file: Temporary,
}

/// Returns an input that can be read more than once: the input itself if it is a file, or else a copy of it in the system's
/// folder for temporary files, such as of standard input and of pipes.
///
/// # Errors
/// If the copy cannot be written.
pub(crate) fn readable_again(input: &Input) -> Result<(Input, Option<Copied>)> {
    // What cannot be opened is reported where it is read.
    let is_file = input.path.as_ref().is_some_and(|path| path.metadata().map_or(true, |meta| meta.is_file()));
    if is_file {
        return Ok((input.clone(), None));
    }
    let folder = std::env::temp_dir();
    let refused = |error: io::Error| {
        let folder = folder.display();
        let name = &input.name;
        Error::Usage(format!(
            "{name}: cannot be copied to {folder}, to be read twice: {error}; set TMPDIR to another folder"
        ))
    };
    let (copy, mut file) = Temporary::file(&folder, ".flong-").map_err(refused)?;
    io::copy(&mut raw(input)?, &mut file).map_err(refused)?;
    let source = Input { path: Some(copy.path().to_path_buf()), ..input.clone() };
    Ok((source, Some(Copied { _file: copy })))
}
