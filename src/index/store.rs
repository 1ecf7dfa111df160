//! The file: its tables, and how it is opened.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use redb::{
    Builder, ConcurrencyMode, Database, ReadOnlyDatabase, ReadTransaction, ReadableDatabase, ReadableTable,
    TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};

use super::backend::Backend;
use super::entry::Row;
use super::failure::{Failure, Quiet, attempt, damaged};
use super::seal::{SealedCount, SealedStem, seal, unsealed};
use super::{Addition, Reader, Settings, file};
use crate::{Error, Result, hash};

/// Bytes of a value that fit into a page of the database together with its key.
pub(super) const BLOCK: usize = 4060;

/// Settings, state and what was learned, by name.
pub(super) const ABOUT: TableDefinition<&str, &[u8]> = TableDefinition::new("about");
/// By family, segment and first posting: postings.
pub(super) const POSTINGS: TableDefinition<(u8, u32, u64), &[u8]> = TableDefinition::new("postings");
/// By the number of the group: rows, as many as a page has room for.
pub(super) const ROWS: TableDefinition<u32, &[u8]> = TableDefinition::new("rows");
/// By first item and piece: items, packed and compressed.
pub(super) const ITEMS: TableDefinition<(u32, u32), &[u8]> = TableDefinition::new("items");
/// By stem: in how many texts it occurs, and the length class of the shortest word with it.
pub(super) const STEMS: TableDefinition<u32, SealedStem> = TableDefinition::new("stems");
/// By name: documents of a source.
pub(super) const SOURCES: TableDefinition<&str, SealedCount> = TableDefinition::new("sources");
/// By source and rank: documents of the sample.
pub(super) const SAMPLE: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("sample");

/// The version of the format. Files of other versions are refused.
pub(super) const VERSION: u32 = 5;
/// Memory for pages of the database, in bytes.
const CACHE: usize = 256 << 20;

/// The state of an index, which changes with every addition.
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

/// A summary of an index, for people.
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
    Reading(Quiet<ReadOnlyDatabase>),
    Writing(Quiet<Database>),
}

impl Opened {
    fn begin_read(&self, path: &Path) -> Result<Quiet<ReadTransaction>> {
        let begin = || {
            Ok(match self {
                Opened::Reading(database) => database.begin_read()?,
                Opened::Writing(database) => database.begin_read()?,
            })
        };
        attempt(path, begin).map(Quiet::new)
    }
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

/// Opens a file to write, if all that the database has written there is still as it was: its checksums agree.
fn open_sound(path: &Path) -> Result<Database> {
    let file = file::open(path, true)?;
    attempt(path, || Ok(builder().set_check_integrity_on_open(true).create_with_backend(Backend::new(file)?)?))
}

impl Index {
    /// Opens an index to read, which leaves the file as it is. What others write meanwhile is not seen by readers that
    /// exist.
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            let remedy = format!("there is no such index; `flong index add {} INPUT` makes one", path.display());
            return Err(Error::io(path, std::io::Error::new(ErrorKind::NotFound, remedy)));
        }
        let open = || -> Result<Option<ReadOnlyDatabase>> {
            let file = file::open(path, false)?;
            attempt(path, || match builder().open_read_only_with_backend(Backend::new(file)?) {
                Err(redb::DatabaseError::RepairAborted) => Ok(None),
                opened => Ok(Some(opened?)),
            })
        };
        let opened = match open()? {
            Some(opened) => opened,
            // A run was killed while it wrote: a process that may write restores the last state.
            None => {
                drop(Quiet::new(open_sound(path)?));
                open()?.ok_or_else(|| damaged(path, "the index is damaged: it cannot be put in order"))?
            }
        };
        Index::with(path, Opened::Reading(Quiet::new(opened)))
    }

    /// Opens an index to write, or makes it. There can be one at a time. A file that is damaged anywhere is refused: it is
    /// read as a whole.
    pub fn write(path: impl AsRef<Path>, settings: &Settings) -> Result<Index> {
        let path = path.as_ref();
        file::refuse_others(path)?;
        if let Some(why) = settings.refuse() {
            return Err(Error::Usage(format!("{}: {why}", path.display())));
        }
        if !path.exists() {
            file::create(path, |temporary| attempt(path, || fill(temporary, settings)))?;
        }
        let index = Index::with(path, Opened::Writing(Quiet::new(open_sound(path)?)))?;
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

    /// Checks everything that the database has written in a file, in memory: the file stays as it is.
    pub(super) fn check_pages(path: &Path) -> Result<()> {
        let (file, locks) = match file::open(path, true) {
            Err(Error::Io { source, .. }) if source.kind() == ErrorKind::PermissionDenied => {
                (file::open(path, false)?, false)
            }
            file => (file?, true),
        };
        attempt(path, || {
            let backend = Backend::unchanged(file, locks)?;
            drop(Quiet::new(builder().set_check_integrity_on_open(true).create_with_backend(backend)?));
            Ok(())
        })
    }

    fn with(path: &Path, opened: Opened) -> Result<Index> {
        let about = |name: &'static str| {
            let read = opened.begin_read(path)?;
            attempt(path, || {
                let table = read.open_table(ABOUT)?;
                let value = table.get(name)?.ok_or(Failure::damaged("it says nothing of itself"))?;
                Ok(value.value().to_vec())
            })
        };
        let version = about("version")?;
        if version != VERSION.to_le_bytes() {
            let other = <[u8; 4]>::try_from(&version[..]).map_or(0, u32::from_le_bytes);
            let reason = format!(
                "the index is of version {other}, and this flong reads version {VERSION}; move it away and add its \
                 documents again with `flong index add`"
            );
            return Err(Error::Damaged { path: path.to_owned(), reason });
        }
        let settings = about("parameters")?;
        let settings = unsealed(about_key("parameters"), &settings).and_then(|json| serde_json::from_slice(json).ok());
        let settings: Option<Settings> = settings.filter(|settings: &Settings| settings.refuse().is_none());
        let settings = settings.ok_or_else(|| damaged(path, "the index is damaged: its parameters cannot be read"))?;
        Ok(Index { path: path.to_owned(), opened, settings })
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns its settings.
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

    pub(super) fn begin_read(&self) -> Result<Quiet<ReadTransaction>> {
        self.opened.begin_read(&self.path)
    }

    pub(super) fn begin_write(&self) -> Result<Quiet<WriteTransaction>> {
        let Opened::Writing(database) = &self.opened else {
            return Err(Error::Usage(format!("{}: the index was opened to read", self.path.display())));
        };
        let mut begun = attempt(&self.path, || Ok(database.begin_write()?)).map(Quiet::new)?;
        // Whatever is killed, the next run finds the last state at once.
        begun.set_quick_repair(true);
        Ok(begun)
    }

    /// Returns a reader of what was last committed.
    pub fn reader(&self) -> Result<Reader> {
        Reader::new(self)
    }

    /// Begins to add items.
    pub fn addition(&self) -> Result<Addition<'_>> {
        Addition::new(self)
    }

    /// Frees space in the file that is no longer needed, unless others read meanwhile.
    pub fn compact(&mut self) -> Result<()> {
        let Opened::Writing(database) = &mut self.opened else { return Ok(()) };
        attempt(&self.path, || match database.compact() {
            Ok(_) | Err(redb::CompactionError::TransactionInProgress) => Ok(()),
            Err(error) => Err(Failure::from(error)),
        })
    }
}

fn refusal(path: &Path, name: &str, mine: &str, theirs: &str) -> Error {
    Error::Usage(format!(
        "{}: the index was made with {name}: {mine}, and this run asks for {theirs}; make another index for it",
        path.display()
    ))
}

/// Fills the file of an empty index.
fn fill(path: &Path, settings: &Settings) -> Result<(), Failure> {
    let database = builder().create(path)?;
    let write = database.begin_write()?;
    {
        let mut about = write.open_table(ABOUT)?;
        about.insert("version", &VERSION.to_le_bytes()[..])?;
        about.insert("parameters", &about_value("parameters", serde_json::to_vec(settings).unwrap_or_default())[..])?;
        about.insert("state", &about_value("state", serde_json::to_vec(&State::default()).unwrap_or_default())[..])?;
        write.open_table(POSTINGS)?;
        write.open_table(ROWS)?;
        write.open_table(ITEMS)?;
        write.open_table(STEMS)?;
        write.open_table(SOURCES)?;
        write.open_table(SAMPLE)?;
    }
    write.commit()?;
    Ok(())
}

/// Returns what the values of [`ABOUT`] are sealed with.
pub(super) fn about_key(name: &str) -> u64 {
    hash::bytes(name.as_bytes())
}

/// Returns a value of [`ABOUT`], sealed.
pub(super) fn about_value(name: &str, mut value: Vec<u8>) -> Vec<u8> {
    seal(about_key(name), &mut value);
    value
}

/// Reads the state of a file of `bytes` bytes.
pub(super) fn state(
    about: &impl ReadableTable<&'static str, &'static [u8]>,
    settings: &Settings,
    path: &Path,
) -> Result<State, Failure> {
    let damaged = || Failure::damaged("its state cannot be read");
    let state = about.get("state")?.ok_or_else(damaged)?;
    let state = unsealed(about_key("state"), state.value()).and_then(|json| serde_json::from_slice::<State>(json).ok());
    let state = state.ok_or_else(damaged)?;
    // Each item has a row of its own in the file: memory for that many items is never larger than the file.
    let length = fs::metadata(path)?.len();
    let has_room = u64::from(state.items) * Row::size(settings) as u64 <= length;
    let mut next = 0;
    let follow_one_another = state.segments.iter().all(|segment| {
        let follows = segment.first == next && segment.number < state.next;
        next = segment.first.saturating_add(segment.items);
        follows
    });
    (has_room && follow_one_another && next == state.items).then_some(state).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params;

    #[test]
    fn an_index_of_another_version_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index");
        let settings = Settings::of(&Params::default(), true);
        drop(Index::write(&path, &settings).unwrap());
        let database = builder().open(&path).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(ABOUT).unwrap().insert("version", &3u32.to_le_bytes()[..]).unwrap();
        write.commit().unwrap();
        drop(database);
        for refused in [Index::open(&path).err(), Index::write(&path, &settings).err()] {
            let message = refused.expect("it is refused").to_string();
            assert!(message.contains("of version 3, and this flong reads version 5"), "{message}");
            assert!(message.contains("flong index add"), "{message}");
        }
    }
}
