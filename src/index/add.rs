//! Adds items: a commit writes all of an addition; without it nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use ahash::AHashSet;
use redb::{ReadableTable, WriteTransaction};

use super::entry::{id_key, print};
use super::failure::{Failure, Quiet, attempt};
use super::families::Families;
use super::item::{Item, Pack};
use super::postings::{Run, merge, posting};
use super::sample::{Places, SamplePlace, place};
use super::seal::{seal, seal_count, seal_stem, unsealed, unsealed_count, unsealed_stem};
use super::store::{ABOUT, ITEMS, POSTINGS, ROWS, SAMPLE, SOURCES, STEMS, Segment, State, about_value, state};
use super::{Entry, Index, Sampled, block, lookup};
use crate::count::Knowledge;
use crate::date::Day;
use crate::hash::{self, HashedMap};
use crate::segment::Cut;
use crate::survey::{Survey, Weight, weight};
use crate::token::Stem;
use crate::{Document, Result};

/// Items whose postings are held in memory before they are written as a segment.
const SEGMENT: usize = 1 << 17;

/// Items that are being added to an index. If this is dropped without a commit, none is added.
pub struct Addition<'i> {
    index: &'i Index,
    pub(super) transaction: Quiet<WriteTransaction>,
    pub(super) state: State,
    /// Items and segments that were there before.
    pub(super) before: State,
    /// Postings that are not yet in a segment, by family.
    postings: Vec<Vec<u64>>,
    pub(super) pack: Pack,
    /// The rows of the group that is not full.
    pub(super) rows: Vec<u8>,
    /// The words that were met, and whether their counts have changed.
    stems: HashedMap<Stem, (u32, u8, bool)>,
    sources: BTreeMap<String, u64>,
    pub(super) sample: Places,
    sampled: BTreeMap<SamplePlace, Vec<u8>>,
    pub(super) dropped: BTreeSet<SamplePlace>,
    prints: AHashSet<u64>,
}

impl<'i> Addition<'i> {
    pub(super) fn new(index: &'i Index) -> Result<Self> {
        let transaction = index.begin_write()?;
        let mut addition = Addition {
            index,
            transaction,
            state: State::default(),
            before: State::default(),
            postings: Families::of(index.settings()).all().map(|_| Vec::new()).collect(),
            pack: Pack::default(),
            rows: Vec::new(),
            stems: HashedMap::default(),
            sources: BTreeMap::new(),
            sample: Places::default(),
            sampled: BTreeMap::new(),
            dropped: BTreeSet::new(),
            prints: AHashSet::new(),
        };
        attempt(index.path(), || addition.begin())?;
        Ok(addition)
    }

    fn begin(&mut self) -> Result<(), Failure> {
        self.state = state(&self.transaction.open_table(ABOUT)?, self.index.settings(), self.index.path())?;
        self.before = self.state.clone();
        self.pack.first = self.state.items;
        if !(self.state.items as usize).is_multiple_of(self.rows_in_group()) {
            let rows = self.transaction.open_table(ROWS)?;
            let number = self.state.items / self.rows_in_group() as u32;
            let group = rows.get(number)?;
            self.rows = lookup::rows_of(number, group.as_ref().map(|group| group.value()))?.to_vec();
        }
        for entry in self.transaction.open_table(SAMPLE)?.iter()? {
            self.sample.insert(entry?.0.value());
        }
        Ok(())
    }

    fn rows_in_group(&self) -> usize {
        lookup::rows_in_group(self.index.settings())
    }

    /// Returns the index that is added to.
    pub fn index(&self) -> &'i Index {
        self.index
    }

    /// Returns whether each document is new. A document that is in the index already, unchanged, or came before in this
    /// addition, is not.
    pub fn are_new(&mut self, documents: &[Document]) -> Result<Vec<bool>> {
        let mut found = Vec::with_capacity(documents.len());
        for document in documents {
            let print = print(document);
            let known = attempt(self.index.path(), || self.is_known(id_key(document), print))?;
            found.push(!known && self.prints.insert(print));
        }
        Ok(found)
    }

    fn is_known(&self, id: u32, print: u64) -> Result<bool, Failure> {
        if self.before.items == 0 || self.prints.contains(&print) {
            return Ok(false);
        }
        let (postings, rows) = (self.transaction.open_table(POSTINGS)?, self.transaction.open_table(ROWS)?);
        let mut items = Vec::new();
        for segment in self.state.segments.iter().filter(|segment| segment.first < self.before.items) {
            Run::of(Families::of(self.index.settings()).ids(), segment).find(id, usize::MAX, &postings, &mut items)?;
        }
        for item in items {
            if item < self.before.items && lookup::row(item, self.index.settings(), &rows)?.print == print {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes the words of new documents into account; before they are [pushed](Addition::push).
    pub fn count(&mut self, survey: &Survey) -> Result<()> {
        attempt(self.index.path(), || {
            let table = self.transaction.open_table(STEMS)?;
            self.state.texts = self.state.texts.saturating_add(survey.texts());
            for (stem, texts, length) in survey.stems() {
                let known = match self.stems.get(&stem) {
                    Some(&(texts, length, _)) => Some((texts, length)),
                    None => table.get(stem.0)?.map(|count| unsealed_stem(stem.0, count.value())).transpose()?,
                };
                let (before, shortest) = known.unwrap_or((0, length));
                self.stems.insert(stem, (before.saturating_add(texts), shortest.min(length), true));
            }
            Ok(())
        })
    }

    /// Returns the weights of the words of a survey that was [counted](Addition::count).
    pub fn weights(&self, survey: &Survey) -> HashedMap<Stem, Weight> {
        let counted = survey.stems().filter_map(|(stem, ..)| Some((stem, self.stems.get(&stem)?)));
        counted.map(|(stem, &(texts, length, _))| (stem, weight(self.state.texts, texts, length))).collect()
    }

    /// Adds a document. `today` is the day that it is added.
    pub fn push(&mut self, document: &Document, cut: &Cut, entry: &Entry, today: Day) -> Result<()> {
        attempt(self.index.path(), || self.add(document, cut, entry, today))
    }

    fn add(&mut self, document: &Document, cut: &Cut, entry: &Entry, today: Day) -> Result<(), Failure> {
        let number = self.state.items;
        self.state.items = number.checked_add(1).ok_or(Failure::damaged("it is full"))?;
        let families = Families::of(self.index.settings());
        families.keys(entry, |family, key| self.postings[usize::from(family)].push(posting(key, number)));
        entry.row.write(&mut self.rows);
        if (number as usize + 1).is_multiple_of(self.rows_in_group()) {
            self.write_rows(number)?;
        }
        let item = Item::of(document, today, self.index.settings().text);
        let place = place(document);
        if self.sample.wants(place) {
            self.sample.insert(place);
            self.sampled.insert(place, sealed_sample(place, &Sampled::of(document, cut, item.day())));
            if self.sample.is_crowded() {
                self.trim_sample();
            }
        }
        *self.sources.entry(item.source.as_deref().unwrap_or("").to_owned()).or_default() += 1;
        self.pack.push(&item);
        if self.pack.is_full(self.index.settings().text) {
            self.write_pack()?;
        }
        let waiting = self.state.items - self.state.segments.last().map_or(0, |last| last.first + last.items);
        if waiting as usize >= SEGMENT { self.write_segment(1) } else { Ok(()) }
    }

    fn write_rows(&mut self, last: u32) -> Result<(), Failure> {
        let mut rows = std::mem::take(&mut self.rows);
        let group = last / self.rows_in_group() as u32;
        seal(lookup::group_key(group), &mut rows);
        self.transaction.open_table(ROWS)?.insert(group, &rows[..])?;
        Ok(())
    }

    fn write_pack(&mut self) -> Result<(), Failure> {
        if let Some((first, packed)) = self.pack.take(self.state.items) {
            block::store(first, &packed, &mut self.transaction.open_table(ITEMS)?)?;
        }
        Ok(())
    }

    fn trim_sample(&mut self) {
        for gone in self.sample.excess() {
            if self.sampled.remove(&gone).is_none() {
                self.dropped.insert(gone);
            }
        }
    }

    /// Writes the postings that wait as a segment, and merges it with those before it that are less than `ratio` times as
    /// large, so that there are few segments, and what is written again and again is small.
    fn write_segment(&mut self, ratio: u32) -> Result<(), Failure> {
        let first = self.state.segments.last().map_or(0, |last| last.first + last.items);
        let mut table = self.transaction.open_table(POSTINGS)?;
        let segments = &mut self.state.segments;
        if first < self.state.items {
            let segment = Segment { number: self.state.next, first, items: self.state.items - first };
            self.state.next += 1;
            for (family, postings) in (0..).zip(&mut self.postings) {
                postings.sort_unstable();
                Run::of(family, &segment).write(postings, &mut table)?;
                postings.clear();
            }
            segments.push(segment);
        }
        let mut from = segments.len().saturating_sub(1);
        let mut items = segments.last().map_or(0, |last| last.items);
        while from > 0 && segments[from - 1].items <= items.saturating_mul(ratio) {
            from -= 1;
            items += segments[from].items;
        }
        if from + 1 < segments.len() {
            let merged: Vec<Segment> = segments.drain(from..).collect();
            let segment = Segment { number: self.state.next, first: merged[0].first, items };
            self.state.next += 1;
            for family in 0..self.postings.len() as u8 {
                let runs: Vec<Run> = merged.iter().map(|segment| Run::of(family, segment)).collect();
                merge(&runs, Run::of(family, &segment), &mut table)?;
            }
            segments.push(segment);
        }
        Ok(())
    }

    /// Returns the sample as it will be, if it changes.
    pub fn sample(&mut self) -> Result<Option<Vec<Sampled>>> {
        self.trim_sample();
        if self.sampled.is_empty() && self.dropped.is_empty() {
            return Ok(None);
        }
        let read = || {
            let table = self.transaction.open_table(SAMPLE)?;
            let mut all = BTreeMap::new();
            for entry in table.iter()? {
                let (place, bytes) = entry?;
                if !self.dropped.contains(&place.value()) {
                    all.insert(place.value(), sampled(place.value(), bytes.value())?);
                }
            }
            for (place, bytes) in &self.sampled {
                all.insert(*place, sampled(*place, bytes)?);
            }
            Ok(all.into_values().collect())
        };
        attempt(self.index.path(), read).map(Some)
    }

    /// Makes the addition durable: readers that are opened from now on see it. `knowledge` replaces what was learned.
    /// Returns the number of items added.
    pub fn commit(mut self, knowledge: Option<&Knowledge>) -> Result<u32> {
        let path = self.index.path();
        let added = self.state.items - self.before.items;
        attempt(path, || self.finish(knowledge))?;
        attempt(path, || Ok(self.transaction.into_inner().commit()?))?;
        Ok(added)
    }

    fn finish(&mut self, knowledge: Option<&Knowledge>) -> Result<(), Failure> {
        if !self.rows.is_empty() {
            self.write_rows(self.state.items - 1)?;
        }
        self.write_pack()?;
        self.write_segment(4)?;
        let mut stems: Vec<_> = self.stems.iter().filter(|(_, count)| count.2).collect();
        stems.sort_unstable();
        let mut table = self.transaction.open_table(STEMS)?;
        for (stem, &(texts, length, _)) in stems {
            table.insert(stem.0, seal_stem(stem.0, texts, length))?;
        }
        let mut table = self.transaction.open_table(SOURCES)?;
        for (source, more) in &self.sources {
            let before = match table.get(source.as_str())? {
                Some(count) => unsealed_count(source, count.value())?,
                None => 0,
            };
            table.insert(source.as_str(), seal_count(source, before + more))?;
        }
        let mut table = self.transaction.open_table(SAMPLE)?;
        for place in &self.dropped {
            table.remove(place)?;
        }
        for (place, bytes) in &self.sampled {
            table.insert(place, &bytes[..])?;
        }
        let mut about = self.transaction.open_table(ABOUT)?;
        about.insert("state", &about_value("state", serde_json::to_vec(&self.state).unwrap_or_default())[..])?;
        if let Some(knowledge) = knowledge {
            about.insert("knowledge", &about_value("knowledge", knowledge.to_bytes())[..])?;
        }
        Ok(())
    }
}

/// Returns what a document of the sample is sealed with.
fn sample_key(place: SamplePlace) -> u64 {
    hash::pair(place.0, place.1)
}

fn sealed_sample(place: SamplePlace, document: &Sampled) -> Vec<u8> {
    let mut bytes = document.write();
    seal(sample_key(place), &mut bytes);
    bytes
}

/// Returns a document of the sample as it was stored.
pub(super) fn sampled(place: SamplePlace, sealed: &[u8]) -> Result<Sampled, Failure> {
    let document = unsealed(sample_key(place), sealed).and_then(Sampled::read);
    document.ok_or(Failure::damaged("a document of the sample is not what was written"))
}
