//! The inputs of a cleaned corpus, to be read once more.

use std::path::Path;

use super::OutDir;
use super::restore::Layout;
use super::target::Replaces;
use crate::read::{Compression, Input};
use crate::temporary::Temporary;
use crate::{Error, Result};

/// The inputs of the clean run that wrote a folder, restored into a temporary folder that goes when this is dropped.
#[derive(Debug)]
pub struct Originals {
    /// The inputs, under the names that the run gave them.
    pub inputs: Vec<Input>,
    _folder: Temporary,
}

/// Restores the inputs of the clean run that wrote `dir` into the system's folder for temporary files.
///
/// # Errors
/// If the folder was changed since, or there is no room.
pub fn originals(dir: impl AsRef<Path>) -> Result<Originals> {
    let dir = dir.as_ref();
    let layout = Layout::read(dir)?;
    let parent = std::env::temp_dir();
    let folder = Temporary::folder(&parent, ".flong-").map_err(|error| Error::io(&parent, error))?;
    let inside = folder.path().join("inputs");
    let mut out = OutDir::replacing(&inside, Replaces::Nothing)?;
    let report = layout.restore(dir, &mut out)?;
    out.commit()?;
    let inputs = layout.inputs.iter().map(|line| {
        let renamed = report.renamed.iter().find(|(name, _)| *name == line.name);
        let path = renamed.map_or_else(|| layout.path(line), |(_, given)| crate::read::path_of(given));
        Input {
            name: line.input.name.clone(),
            path: Some(inside.join(path)),
            format: line.input.format,
            compression: Compression::None,
        }
    });
    Ok(Originals { inputs: inputs.collect(), _folder: folder })
}
