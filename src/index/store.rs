//! The file: its tables, and how it is opened.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use redb::{
    Builder, ConcurrencyMode, Database, ReadOnlyDatabase, ReadTransaction, ReadableDatabase, ReadableTable,
    TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};

use super::{Addition, Reader, Settings};
use crate::{Error, Result};

/// A page of the database has room for a key and so many bytes.
pub(super) const BLOCK: usize = 4060;

/// Settings, state and what was learned, by name.
pub(super) const ABOUT: TableDefinition<&str, &[u8]> = TableDefinition::new("about");
/// By family, segment and first posting: postings.
pub(super) const POSTINGS: TableDefinition<(u8, u32, u64), &[u8]> = TableDefinition::new("postings");
/// By the number of the group: rows, as many as a page has room for.
pub(super) const ROWS: TableDefinition<u32, &[u8]> = TableDefinition::new("rows");
/// By first item and piece: items, packed and compressed.
pub(super) const ITEMS: TableDefinition<(u32, u32), &[u8]> = TableDefinition::new("items");
/// By stem: in how many texts it stands, and the length class of the shortest word with it.
pub(super) const STEMS: TableDefinition<u32, (u32, u8)> = TableDefinition::new("stems");
/// By name: documents of a source.
pub(super) const SOURCES: TableDefinition<&str, u64> = TableDefinition::new("sources");
/// By source and rank: documents of the sample.
pub(super) const SAMPLE: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("sample");

/// What a file of another version is refused by.
pub(super) const VERSION: u32 = 1;
/// Memory for pages of the database, in bytes.
const CACHE: usize = 256 << 20;

/// What changes with every addition.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// Items.
    pub items: u32,
    /// Texts (paragraphs) whose words were counted.
    pub texts: u32,
    /// The segments that postings are in, in the order of their items.
    pub segments: Vec<Segment>,
    /// The number of the next segment.
    pub next: u32,
}

/// A run of items whose postings are together.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Segment {
    pub number: u32,
    pub first: u32,
    pub items: u32,
}

/// Why the database failed: kept short of a path until it is known.
#[derive(Debug)]
pub(super) enum Failure {
    Database(Box<redb::Error>),
    Damaged(&'static str),
}

impl Failure {
    pub fn damaged(what: &'static str) -> Self {
        Failure::Damaged(what)
    }

    /// As an error about a file.
    pub fn at(self, path: &Path) -> Error {
        let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
        match self {
            Failure::Damaged(what) => {
                damaged(format!("the index is damaged: {what}; make it anew with `flong index add`"))
            }
            Failure::Database(error) => match *error {
                redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => Error::Usage(format!(
                    "{}: another run is writing to the index; try again when it has ended",
                    path.display()
                )),
                redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    damaged("is no index of flong".into())
                }
                redb::Error::Io(error) => Error::io(path, error),
                redb::Error::TableDoesNotExist(_) => damaged("is no index of flong".into()),
                error => damaged(format!("the index cannot be read: {error}")),
            },
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Database(Box::new(error.into()))
    }
}

/// What an index is, for people.
#[derive(Debug, Clone, Serialize)]
pub struct Info {
    /// Items in it.
    pub items: u32,
    /// Bytes on disk.
    pub bytes: u64,
    /// The version of the format.
    pub version: u32,
    /// Its parameters.
    pub parameters: Settings,
    /// Documents by source.
    pub sources: BTreeMap<String, u64>,
    /// Different words that are known, counted by their stems.
    pub words: u64,
    /// Documents that boilerplate is learned from.
    pub sampled: u64,
    /// Lines and phrases that were learned.
    pub learned: u64,
}

enum Opened {
    Reading(ReadOnlyDatabase),
    Writing(Database),
}

/// An index that is open.
pub struct Index {
    path: PathBuf,
    opened: Opened,
    settings: Settings,
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_concurrency_mode(ConcurrencyMode::SingleWriter).set_cache_size(CACHE);
    builder
}

impl Index {
    /// Opens an index to read. What others write meanwhile is not seen by readers that exist.
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        refuse_folder(path)?;
        let opened = match builder().open_read_only(path) {
            // A run was killed while it wrote: whoever may write puts the last state in place.
            Err(redb::DatabaseError::RepairAborted) => {
                drop(builder().open(path).map_err(|e| Failure::from(e).at(path))?);
                builder().open_read_only(path)
            }
            opened => opened,
        };
        let opened = opened.map_err(|e| Failure::from(e).at(path))?;
        Index::check(path, Opened::Reading(opened))
    }

    /// Opens an index to write, or makes it. There can be one at a time.
    pub fn write(path: impl AsRef<Path>, settings: &Settings) -> Result<Index> {
        let path = path.as_ref();
        refuse_folder(path)?;
        if let Some(why) = settings.refuse() {
            return Err(Error::Usage(format!("{}: {why}", path.display())));
        }
        if !path.exists() {
            create(path, settings)?;
        }
        let opened = builder().open(path).map_err(|e| Failure::from(e).at(path))?;
        let index = Index::check(path, Opened::Writing(opened))?;
        index.refuse_other(settings)?;
        match (index.settings.text, settings.text) {
            (true, false) => Err(refusal(path, "text", "kept", "--no-text")),
            (false, true) => Err(refusal(path, "text", "not kept", "kept; add --no-text")),
            _ => Ok(index),
        }
    }

    /// Opens an index that exists to write, with its own settings.
    pub fn rewrite(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        let settings = Index::open(path)?.settings;
        Index::write(path, &settings)
    }

    fn check(path: &Path, opened: Opened) -> Result<Index> {
        let about = |name: &str| -> Result<Vec<u8>, Failure> {
            let read = match &opened {
                Opened::Reading(database) => database.begin_read()?,
                Opened::Writing(database) => database.begin_read()?,
            };
            let value = read.open_table(ABOUT)?.get(name)?.map(|value| value.value().to_vec());
            value.ok_or(Failure::damaged("it says nothing of itself"))
        };
        let version = about("version").map_err(|e| e.at(path))?;
        if version != VERSION.to_le_bytes() {
            let reason = format!("is an index of another version than {VERSION}, which this flong reads; make it anew");
            return Err(Error::Damaged { path: path.to_owned(), reason });
        }
        let settings = about("parameters").map_err(|e| e.at(path))?;
        let settings = serde_json::from_slice(&settings)
            .map_err(|_| Failure::damaged("its parameters cannot be read").at(path))?;
        Ok(Index { path: path.to_owned(), opened, settings })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Refuses a run whose parameters are not those that it was made with, by name.
    pub fn refuse_other(&self, settings: &Settings) -> Result<()> {
        match self.settings.mismatches(settings).first() {
            Some((name, mine, theirs)) => Err(refusal(&self.path, name, mine, theirs)),
            None => Ok(()),
        }
    }

    pub(super) fn begin_read(&self) -> Result<ReadTransaction> {
        let begun = match &self.opened {
            Opened::Reading(database) => database.begin_read(),
            Opened::Writing(database) => database.begin_read(),
        };
        begun.map_err(|e| Failure::from(e).at(&self.path))
    }

    pub(super) fn begin_write(&self) -> Result<WriteTransaction> {
        let Opened::Writing(database) = &self.opened else {
            return Err(Error::Usage(format!("{}: the index was opened to read", self.path.display())));
        };
        let mut begun = database.begin_write().map_err(|e| Failure::from(e).at(&self.path))?;
        // Whatever is killed, the next run finds the last state at once.
        begun.set_quick_repair(true);
        Ok(begun)
    }

    /// What was last committed.
    pub fn reader(&self) -> Result<Reader> {
        Reader::new(self)
    }

    /// Begins to add items.
    pub fn addition(&self) -> Result<Addition<'_>> {
        Addition::new(self)
    }

    /// Gives room back that is no longer needed. Where others read meanwhile it is left for another time.
    pub fn compact(&mut self) -> Result<()> {
        let Opened::Writing(database) = &mut self.opened else { return Ok(()) };
        match database.compact() {
            Ok(_) | Err(redb::CompactionError::TransactionInProgress) => Ok(()),
            Err(error) => Err(Failure::from(error).at(&self.path)),
        }
    }
}

fn refusal(path: &Path, name: &str, mine: &str, theirs: &str) -> Error {
    Error::Usage(format!(
        "{}: the index was made with {name}: {mine}, and this run asks for {theirs}; make another index for it",
        path.display()
    ))
}

fn refuse_folder(path: &Path) -> Result<()> {
    match path.is_dir() {
        true => Err(Error::Usage(format!("{}: is a folder; an index is a file", path.display()))),
        false => Ok(()),
    }
}

/// Makes an empty index. It appears when it is complete.
fn create(path: &Path, settings: &Settings) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    let mut named = tempfile::Builder::new();
    named.prefix(".flong-index-");
    // As readable for others as any new file.
    #[cfg(unix)]
    named.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let temporary = named.tempfile_in(folder).map_err(|e| Error::io(path, e))?;
    let write = || -> Result<(), Failure> {
        let database = builder().create(temporary.path())?;
        let write = database.begin_write()?;
        {
            let mut about = write.open_table(ABOUT)?;
            about.insert("version", &VERSION.to_le_bytes()[..])?;
            about.insert("parameters", &serde_json::to_vec(settings).unwrap_or_default()[..])?;
            about.insert("state", &serde_json::to_vec(&State::default()).unwrap_or_default()[..])?;
            write.open_table(POSTINGS)?;
            write.open_table(ROWS)?;
            write.open_table(ITEMS)?;
            write.open_table(STEMS)?;
            write.open_table(SOURCES)?;
            write.open_table(SAMPLE)?;
        }
        write.commit()?;
        Ok(())
    };
    write().map_err(|e| e.at(path))?;
    match temporary.persist_noclobber(path) {
        // Another run was faster.
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        persisted => persisted.map(drop).map_err(|e| Error::io(path, e.error)),
    }
}

/// The state as it stands in the file.
pub(super) fn state(about: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<State, Failure> {
    let state = about.get("state")?.ok_or(Failure::damaged("it has no state"))?;
    serde_json::from_slice(state.value()).map_err(|_| Failure::damaged("its state cannot be read"))
}
