//! run: a whole run in one call, from the paths of the inputs to the folder of outputs, as the command line makes it.
//!
//! [`find`] reports what repeats, [`clean`] writes the corpus without it. Both take the [`Inputs`], the [`Settings`] (those of
//! a `flong.toml` and of options) and a [`Progress`] that is told how the run goes on; `&()` is told nothing. The number of
//! threads is the caller's: rayon's global pool, or the pool that the call is made in.
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
//! let options = CleanOptions { out: OutFolder::new(&out), ..CleanOptions::default() };
//! let run = clean(&Inputs::of([&wire]), &Settings::new(Config::default(), None)?, &options, &())?;
//! let cleaned = run.summary.cleaned.as_ref().unwrap();
//! assert_eq!((cleaned.kept, cleaned.dropped), (1, 1));
//! assert_eq!(std::fs::read_to_string(out.join("documents.jsonl"))?, line("a"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Settings`]: crate::config::Settings

mod begin;
mod clean;
mod find;
#[cfg(feature = "index")]
mod index;
mod inputs;
mod summary;
mod tally;

pub use clean::{CleanOptions, CleanRun, clean};
pub use find::{FindOptions, FindRun, find};
#[cfg(feature = "index")]
pub use index::{open_index, update_index};
pub use inputs::{Inputs, discover, refuse_skips};
pub use summary::{RunFacts, Summary, Table};
pub use tally::{Repeats, Wholes, repeats};

use std::path::PathBuf;

/// Receives news of a run. All methods do nothing unless they are implemented.
pub trait Progress: Sync {
    /// More documents were read for the first time. Several threads call it.
    fn read(&self, documents: usize) {
        let _ = documents;
    }

    /// All inputs were read for the first time: the number of documents, and the bytes of their texts.
    fn loaded(&self, documents: u64, bytes: u64) {
        let _ = (documents, bytes);
    }

    /// A stage begins.
    fn stage(&self, name: &'static str) {
        let _ = name;
    }

    /// Something that people should know and that does not stop the run. It may quote data: escape it before it is shown.
    fn note(&self, note: &str) {
        let _ = note;
    }
}

impl Progress for () {}

/// Folder that a run writes.
#[derive(Debug, Clone, Default)]
pub struct OutFolder {
    /// Its path. It must not exist, or be empty.
    pub path: PathBuf,
    /// Whether it is replaced if it is an earlier output of flong.
    pub force: bool,
}

impl OutFolder {
    /// A new folder at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        OutFolder { path: path.into(), force: false }
    }
}
