//! Looking up what an index holds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use redb::{ReadOnlyTable, ReadableTable, ReadableTableMetadata};

use super::entry::{Row, id_key, print, stems, whole};
use super::failure::{Failure, Quiet, attempt};
use super::families::Families;
use super::item::Unpacker;
use super::postings::Run;
use super::seal::{SEAL, SealedCount, SealedStem, unsealed, unsealed_count, unsealed_stem};
use super::store::{ABOUT, BLOCK, ITEMS, Info, POSTINGS, ROWS, SAMPLE, SOURCES, STEMS, State, about_key, state};
use super::{Candidate, Index, Item, Maker, Settings, block};
use crate::count::Knowledge;
use crate::hash::{self, HashedMap, HashedSet};
use crate::segment::cut;
use crate::survey::{Weight, length, weight};
use crate::token::{Stem, Word, words};
use crate::{Document, Result};

/// A snapshot of an index, whatever is written meanwhile. Many threads may ask it.
pub struct Reader {
    pub(super) path: PathBuf,
    settings: Settings,
    pub(super) state: State,
    maker: Maker,
    knowledge: Knowledge,
    /// The fingerprints that are stock phrases.
    stock: HashedSet<u32>,
    pub(super) tables: Quiet<Tables>,
}

/// The tables of an index.
pub(super) struct Tables {
    pub postings: ReadOnlyTable<(u8, u32, u64), &'static [u8]>,
    pub rows: ReadOnlyTable<u32, &'static [u8]>,
    pub items: ReadOnlyTable<(u32, u32), &'static [u8]>,
    pub stems: ReadOnlyTable<u32, SealedStem>,
    pub sources: ReadOnlyTable<&'static str, SealedCount>,
    pub sample: ReadOnlyTable<(u64, u64), &'static [u8]>,
}

/// Rows that are stored together.
pub(super) fn rows_in_group(settings: &Settings) -> usize {
    (BLOCK - SEAL) / Row::size(settings)
}

/// Returns what a group of rows is sealed with.
pub(super) fn group_key(group: u32) -> u64 {
    hash::constant(group.into())
}

/// Returns a group of rows as it was stored.
pub(super) fn rows_of(group: u32, sealed: Option<&[u8]>) -> Result<&[u8], Failure> {
    let rows = sealed.and_then(|sealed| unsealed(group_key(group), sealed));
    rows.ok_or(Failure::damaged("rows are missing, or are not what was written"))
}

/// Returns the row of an item.
pub(super) fn row(
    item: u32,
    settings: &Settings,
    rows: &impl ReadableTable<u32, &'static [u8]>,
) -> Result<Row, Failure> {
    let (size, many) = (Row::size(settings), rows_in_group(settings));
    let at = item as usize % many * size;
    let number = item / many as u32;
    let group = rows.get(number)?;
    let row = rows_of(number, group.as_ref().map(|group| group.value()))?.get(at..at + size).and_then(Row::read);
    row.ok_or(Failure::damaged("a row is missing"))
}

/// A pack that is being read: item `next` begins at `at`.
#[derive(Default)]
struct Open {
    bytes: Vec<u8>,
    at: usize,
    next: u32,
}

impl Open {
    /// Goes to an item. Returns whether it exists; `None` if the pack is damaged.
    fn go_to(&mut self, number: u32) -> Option<bool> {
        while self.next < number && self.at < self.bytes.len() {
            Item::skip(&self.bytes, &mut self.at)?;
            self.next += 1;
        }
        Some(self.next == number && self.at < self.bytes.len())
    }
}

/// Most titles with the same first words that are looked at.
const TITLES: usize = 16;

impl Reader {
    pub(super) fn new(index: &Index) -> Result<Reader> {
        let read = index.begin_read()?;
        attempt(index.path(), || {
            let about = read.open_table(ABOUT)?;
            let knowledge = match about.get("knowledge")? {
                Some(sealed) => unsealed(about_key("knowledge"), sealed.value())
                    .and_then(|bytes| Knowledge::from_bytes(bytes).ok())
                    .ok_or(Failure::damaged("what it learned cannot be read"))?,
                None => Knowledge::empty(index.settings().counting()),
            };
            Ok(Reader {
                path: index.path().to_owned(),
                settings: *index.settings(),
                state: state(&about, index.settings(), index.path())?,
                maker: Maker::new(index.settings()),
                stock: knowledge.stock_phrases().map(|shingle| (shingle >> 32) as u32).collect(),
                knowledge,
                tables: Quiet::new(Tables {
                    postings: read.open_table(POSTINGS)?,
                    rows: read.open_table(ROWS)?,
                    items: read.open_table(ITEMS)?,
                    stems: read.open_table(STEMS)?,
                    sources: read.open_table(SOURCES)?,
                    sample: read.open_table(SAMPLE)?,
                }),
            })
        })
    }

    /// Returns the settings of the index.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns how many items there are.
    pub fn items(&self) -> u32 {
        self.state.items
    }

    /// Makes entries as those of the index were made.
    pub fn maker(&self) -> &Maker {
        &self.maker
    }

    /// Returns what was learned of boilerplate, for documents that are asked about.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Returns whether a fingerprint is a stock phrase.
    pub(super) fn is_stock(&self, fingerprint: u32) -> bool {
        self.stock.contains(&fingerprint)
    }

    pub(super) fn attempt<T>(&self, work: impl FnOnce(&Tables) -> Result<T, Failure>) -> Result<T> {
        attempt(&self.path, || work(&self.tables))
    }

    /// Appends the items that have a key; where they are many, at least `full` of the first and of the last.
    pub(super) fn with_key(
        &self,
        family: u8,
        key: u32,
        full: usize,
        tables: &Tables,
        items: &mut Vec<u32>,
    ) -> Result<(), Failure> {
        let mut runs = self.state.segments.iter().map(|segment| Run::of(family, segment));
        runs.try_for_each(|run| run.find(key, full, &tables.postings, items))
    }

    /// Returns an item as a candidate that shares nothing.
    pub fn candidate(&self, item: u32) -> Result<Candidate> {
        self.attempt(|tables| row(item, &self.settings, &tables.rows)).map(|row| Candidate { item, row, shared: 0 })
    }

    /// Items by number, in order of it.
    pub fn get(&self, numbers: &[u32]) -> Result<Vec<Item>> {
        self.attempt(|tables| {
            let damaged = || Failure::damaged("items cannot be read");
            let mut unpacker = Unpacker::new();
            let mut open = Open::default();
            let mut found = Vec::with_capacity(numbers.len());
            for &number in numbers {
                // The pack that was read last may hold this one too.
                if !open.go_to(number).ok_or_else(damaged)? {
                    let (first, packed) = block::load(number, &tables.items)?.ok_or_else(damaged)?;
                    open = Open { bytes: unpacker.unpack(&packed).ok_or_else(damaged)?, at: 0, next: first };
                    open.go_to(number).filter(|there| *there).ok_or_else(damaged)?;
                }
                found.push(Item::read(&open.bytes, &mut open.at).ok_or_else(damaged)?);
                open.next += 1;
            }
            Ok(found)
        })
    }

    /// Returns the items that may have the id of a document, by number: those with the same hash of it.
    fn with_id_key(&self, document: &Document) -> Result<Vec<u32>> {
        let mut numbers = Vec::new();
        let ids = Families::of(&self.settings).ids();
        self.attempt(|tables| self.with_key(ids, id_key(document), usize::MAX, tables, &mut numbers))?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Returns the items with the id of a document, with their numbers, the first added first.
    pub fn with_id(&self, document: &Document) -> Result<Vec<(u32, Item)>> {
        let numbers = self.with_id_key(document)?;
        let items = self.get(&numbers)?;
        Ok(numbers.into_iter().zip(items).filter(|(_, item)| item.id == document.id).collect())
    }

    /// Returns the numbers of the items that are the document itself, added before, in order: they have its id and its
    /// words, and no other source is known of them. The title and the date may have changed since.
    pub fn itself(&self, document: &Document) -> Result<Vec<u32>> {
        let mut numbers = self.with_id_key(document)?;
        if numbers.is_empty() {
            return Ok(numbers);
        }
        let words = whole(&cut(document));
        let rows = numbers.iter().map(|&number| self.candidate(number)).collect::<Result<Vec<_>>>()?;
        let same_words = rows.iter().filter(|candidate| candidate.row.whole == words);
        numbers = same_words.map(|candidate| candidate.item).collect();
        let items = self.get(&numbers)?;
        Ok(numbers
            .into_iter()
            .zip(items)
            .filter(|(_, item)| item.has_id_of(document))
            .map(|(number, _)| number)
            .collect())
    }

    /// Returns whether the document is in the index, unchanged.
    pub fn holds(&self, document: &Document) -> Result<bool> {
        let print = print(document);
        for number in self.with_id_key(document)? {
            if self.candidate(number)?.row.print == print {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the words of the titles that have one of these [keys](crate::boilerplate::TitleIndex::keys): of each the
    /// last that were added, since what is promoted is mostly new.
    pub fn titles(&self, keys: impl Iterator<Item = u64>) -> Result<Vec<Vec<Word>>> {
        let mut keys: Vec<u32> = keys.map(|key| (key >> 32) as u32).collect();
        keys.sort_unstable();
        keys.dedup();
        let (mut numbers, titles) = (Vec::new(), Families::of(&self.settings).titles());
        for key in keys {
            let mut with = Vec::new();
            self.attempt(|tables| self.with_key(titles, key, TITLES, tables, &mut with))?;
            with.sort_unstable();
            numbers.extend(with.into_iter().rev().take(TITLES));
        }
        numbers.sort_unstable();
        numbers.dedup();
        let items = self.get(&numbers)?;
        Ok(items.iter().filter_map(|item| item.title.as_deref()).map(words).collect())
    }

    /// Returns the weights of words. One that is in no item is taken for one that is in one: it is in the document that has
    /// it.
    pub fn weights(&self, words: impl Iterator<Item = Word>) -> Result<HashedMap<Stem, Weight>> {
        self.attempt(|tables| {
            let mut found = HashedMap::default();
            for (stem, word) in stems(words) {
                let (texts, length) = match tables.stems.get(stem.0)? {
                    Some(count) => unsealed_stem(stem.0, count.value())?,
                    None => (1, length(word)),
                };
                found.insert(stem, weight(self.state.texts, texts, length));
            }
            Ok(found)
        })
    }

    /// Returns the facts about the index.
    pub fn info(&self) -> Result<Info> {
        self.attempt(|tables| {
            let mut sources = BTreeMap::new();
            for (n, entry) in (0..).zip(tables.sources.iter()?) {
                let (source, documents) = entry?;
                if n >= self.state.items {
                    return Err(Failure::damaged("there are more sources than items"));
                }
                sources.insert(source.value().to_owned(), unsealed_count(source.value(), documents.value())?);
            }
            if sources.values().try_fold(0u64, |all, &more| all.checked_add(more)) != Some(self.state.items.into()) {
                return Err(Failure::damaged("the counts of the sources do not add up"));
            }
            Ok(Info {
                items: self.state.items,
                bytes: std::fs::metadata(&self.path).map(|file| file.len()).unwrap_or(0),
                version: super::store::VERSION,
                parameters: self.settings,
                sources,
                words: tables.stems.len()?,
                sampled: tables.sample.len()?,
                learned: self.knowledge.repeated() as u64,
            })
        })
    }
}
