//! run: a whole run in one call, from the paths of the inputs to the folder of outputs, as the command line makes it.
//!
//! [`find`] reports what repeats, [`clean`] writes the corpus without it, [`check`] reports what is wrong. All take the
//! [`Inputs`], the [`Settings`] (those of a `flong.toml` and of options) and a [`Progress`] that is called while the run goes
//! on; `&()` ignores that. The number of threads is the caller's: rayon's global pool, or the pool that the call is made in.
//!
//! ```
//! use flong::config::{Config, Settings};
//! use flong::run::{CleanOptions, Inputs, OutFolder, clean};
//!
//! let folder = tempfile::tempdir()?;
//! let (wire, out) = (folder.path().join("wire.jsonl"), folder.path().join("cleaned"));
//! let text = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
//! let line = |id| serde_json::json!({"id": id, "text": text}).to_string() + "\n";
//! std::fs::write(&wire, line("a") + &line("b"))?;
//!
//! let options = CleanOptions { out: Some(OutFolder::new(&out)), ..CleanOptions::default() };
//! let run = clean(&Inputs::of([&wire]), &Settings::new(Config::default(), None)?, &options, &())?;
//! let cleaned = run.summary.cleaned.as_ref().unwrap();
//! assert_eq!((cleaned.kept, cleaned.dropped), (1, 1));
//! assert_eq!(std::fs::read_to_string(out.join("documents.jsonl"))?, line("a"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Settings`]: crate::config::Settings

mod begin;
mod check;
mod clean;
mod estimate;
mod find;
mod found;
#[cfg(feature = "index")]
mod index;
mod inputs;
mod names;
mod output;
mod summary;
mod tally;

pub use check::{CheckOptions, CheckRun, check};
pub use clean::{CleanOptions, CleanRun, clean, clean_to};
pub use estimate::estimate;
#[cfg(feature = "index")]
pub use find::seen_lines;
pub use find::{FindOptions, FindRun, SeenLine, find, retain_new};
#[cfg(feature = "index")]
pub use index::{open_index, update_index};
pub use inputs::{Inputs, discover, refuse_skips};
pub use names::{GivenNames, check_names};
pub use summary::{RunFacts, Summary, Table};
pub use tally::{Repeats, Wholes, repeats};

use std::path::{Path, PathBuf};

use crate::write::OutDir;
use crate::{Error, Result};

/// Receives news of a run. All methods do nothing unless they are implemented.
pub trait Progress: Sync {
    /// Notes that more documents were read for the first time. Several threads call it.
    fn read(&self, documents: usize) {
        let _ = documents;
    }

    /// Notes that all inputs were read for the first time: the number of documents, and the bytes of their texts.
    fn loaded(&self, documents: u64, bytes: u64) {
        let _ = (documents, bytes);
    }

    /// Notes that a stage begins.
    fn stage(&self, name: &'static str) {
        let _ = name;
    }

    /// Returns whether the run is to end early, with [`Error::Stopped`]; what is there is then as it was.
    /// It is asked often, and by several threads.
    fn is_stopped(&self) -> bool {
        false
    }

    /// Notes that not everything fits in memory, so that the run keeps temporary files in this folder.
    fn uses_files(&self, folder: &Path) {
        let _ = folder;
    }

    /// Reports something that does not stop the run. It may quote data: escape it before it is shown.
    fn note(&self, note: &str) {
        let _ = note;
    }
}

impl Progress for () {}

/// Endings of names that are those of files.
const FILE_ENDINGS: [&str; 9] = [".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".gz", ".zst", ".bz2"];

/// Returns a name without its endings, if it has any of those of files.
fn without_ending(name: &str) -> Option<&str> {
    let ending = FILE_ENDINGS.iter().find(|ending| name.to_ascii_lowercase().ends_with(**ending))?;
    let shorter = &name[..name.len() - ending.len()];
    Some(without_ending(shorter).unwrap_or(shorter))
}

/// Folder that a run writes.
#[derive(Debug, Clone, Default)]
pub struct OutFolder {
    /// Its path. It must not exist, or be empty.
    pub path: PathBuf,
    /// Whether it is replaced if it is an earlier output of flong.
    pub force: bool,
}

impl OutFolder {
    /// Returns a new folder at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        OutFolder { path: path.into(), force: false }
    }

    /// Starts the folder. A name that looks like that of a file is refused, unless a folder has it or a slash ends it.
    fn create(&self) -> Result<OutDir> {
        let name = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ends_with_slash = self.path.as_os_str().as_encoded_bytes().ends_with(b"/");
        if let Some(stem) = without_ending(name)
            && !ends_with_slash
            && !self.path.is_dir()
        {
            return Err(Error::Usage(format!(
                "{}: names a file, but a folder is written, with the documents and the ledger in it: name a folder. `flong \
                 clean … --out - > {stem}.jsonl` writes the documents alone, as JSON Lines",
                self.path.display()
            )));
        }
        OutDir::create(&self.path, self.force)
    }
}
