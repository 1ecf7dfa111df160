//! Bodies, profiles and keys of blocks of documents, in memory or in a temporary file.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::disk::{SpillFile, put_all};
use crate::profile::{Profiled, Texts, Whole};
use crate::verify::Profile;
use crate::{DocumentId, Error, Result, Unit};

/// The bodies and profiles of the documents of a block.
#[derive(Debug)]
pub(super) enum Block {
    /// In memory.
    Held(Texts),
    /// In a temporary file.
    Spilled(Spilled),
}

/// The places of the parts of a block in its file.
#[derive(Debug)]
pub(super) struct Spilled {
    /// The place of the first document, and where each ends, counted from there.
    at: u64,
    ends: Box<[u64]>,
    /// The place of the fingerprints, all of them one after another.
    keys_at: u64,
    /// The place of the keys of the first band; those of the next follow.
    bands_at: u64,
    /// The number of the first profile of each document, counted in the block.
    first_profiles: Box<[u32]>,
    /// The number of profiles.
    pub profiles: usize,
    /// The place of the columns, and their bytes.
    columns: (u64, usize),
    /// The number of units.
    pub units: usize,
    /// By what most pairs are refused without reading a document; `None` if there is no room for it.
    marks: Option<Marks>,
}

/// The marks of the stems of all profiles of a block, which stay in memory.
#[derive(Debug)]
struct Marks {
    marks: Box<[u16]>,
    /// The end of the marks of each profile, and its mass.
    profiles: Box<[(u32, f32)]>,
}

/// The room for marks, in bytes, from which blocks take.
pub(super) struct MarkRoom {
    left: AtomicUsize,
    most: usize,
}

impl MarkRoom {
    /// Has room for `bytes` of a number of blocks.
    pub fn new(bytes: usize, blocks: usize) -> Self {
        MarkRoom { left: AtomicUsize::new(bytes), most: MOST_OF_SHARE * bytes / blocks.max(1) }
    }

    /// Takes room; `None` if there is none left, or if so much for each block would leave most of them without: so few marks
    /// spare little.
    fn take(&self, bytes: usize) -> Option<()> {
        let take = |left: usize| left.checked_sub(bytes).filter(|_| bytes <= self.most);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok().map(drop)
    }
}

/// Most room that a block takes, in even shares.
const MOST_OF_SHARE: usize = 4;

impl Marks {
    /// Marks stems, if there is room.
    fn of(texts: &Texts, room: &MarkRoom) -> Option<Self> {
        let profiles = || (0..texts.units()).map(|unit| texts.profile(unit));
        let stems: usize = profiles().map(|profile| profile.stems.len()).sum();
        let bytes = stems * size_of::<u16>() + texts.units() * size_of::<(u32, f32)>();
        room.take(bytes)?;
        let mut marks = Vec::with_capacity(stems);
        let each = profiles().map(|profile| {
            marks.extend(profile.stems.iter().map(|stem| stem.mark()));
            (marks.len() as u32, profile.mass)
        });
        let profiles = each.collect();
        Some(Marks { marks: marks.into(), profiles })
    }

    fn of_profile(&self, profile: usize) -> (&[u16], f32) {
        let start = profile.checked_sub(1).map_or(0, |before| self.profiles[before].0);
        let (end, mass) = self.profiles[profile];
        (&self.marks[start as usize..end as usize], mass)
    }
}

/// The units of a block, with numbers of their profiles: see [`Profiled`].
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Columns {
    pub units: Vec<Unit>,
    /// Counted in the block.
    pub profile_of: Vec<u32>,
    pub sizes: Vec<u32>,
    pub key_counts: Vec<u32>,
}

impl Block {
    /// Returns the number of profiles.
    pub fn profiles(&self) -> usize {
        match self {
            Block::Held(texts) => texts.units(),
            Block::Spilled(spilled) => spilled.profiles,
        }
    }

    /// Moves bodies, profiles, keys and units of documents to a file. The marks of their stems stay in memory if `room` has as
    /// many bytes left.
    pub fn spill(profiled: &mut Profiled, file: &SpillFile, room: &MarkRoom) -> Block {
        let texts = std::mem::take(&mut profiled.texts);
        let marks = Marks::of(&texts, room);
        let (keys, bands) = (std::mem::take(&mut profiled.fingerprints), std::mem::take(&mut profiled.rewordings));
        let mut bytes = Vec::new();
        let documents = 0..texts.documents();
        let end = |document| {
            texts.put_document(document, &mut bytes);
            bytes.len() as u64
        };
        let ends = documents.clone().map(end).collect();
        let at = file.append(&bytes);
        bytes.clear();
        put_all(keys.values(), &mut bytes);
        let keys_at = file.append(&bytes);
        bytes.clear();
        bands.iter().for_each(|band| put_all(band, &mut bytes));
        let bands_at = file.append(&bytes);
        let first_profiles = documents.map(|document| texts.first_unit(document) as u32).collect();
        let units = profiled.units.len();
        let columns = Columns::take(profiled);
        let columns = postcard::to_stdvec(&columns).expect("memory takes all bytes, and lists have lengths");
        let columns = (file.append(&columns), columns.len());
        let profiles = texts.units();
        Block::Spilled(Spilled { at, ends, keys_at, bands_at, first_profiles, profiles, columns, units, marks })
    }

    /// Returns the [marks](crate::token::Stem::mark) of the stems of a profile that is in a file, and its mass, if these are at
    /// hand. The profile is counted in the block.
    pub fn marks(&self, profile: u32) -> Option<(&[u16], f32)> {
        match self {
            Block::Held(_) => None,
            Block::Spilled(spilled) => Some(spilled.marks.as_ref()?.of_profile(profile as usize)),
        }
    }
}

impl Columns {
    /// Returns empty columns with room for so many units and profiles.
    pub fn with_capacity(units: usize, profiles: usize) -> Self {
        Columns {
            units: Vec::with_capacity(units),
            profile_of: Vec::with_capacity(units),
            sizes: Vec::with_capacity(profiles),
            key_counts: Vec::with_capacity(profiles),
        }
    }

    fn take(profiled: &mut Profiled) -> Self {
        let Profiled { units, profile_of, sizes, key_counts, .. } = profiled;
        let (units, profile_of) = (std::mem::take(units), std::mem::take(profile_of));
        Columns { units, profile_of, sizes: std::mem::take(sizes), key_counts: std::mem::take(key_counts) }
    }
}

impl Spilled {
    /// Reads the units.
    pub fn columns(&self, file: &SpillFile, bytes: &mut Vec<u8>) -> Result<Columns> {
        bytes.resize(self.columns.1, 0);
        file.read(self.columns.0, bytes)?;
        postcard::from_bytes(bytes).map_err(|_| damaged())
    }

    /// Takes the fingerprints of all profiles out of the file, one after another.
    pub fn take_keys(&self, count: usize, file: &SpillFile, bytes: &mut Vec<u8>, keys: &mut Vec<u32>) -> Result<()> {
        file.take_into(self.keys_at, count, bytes, keys)
    }

    /// Takes the keys of a band out of the file, one for each profile.
    pub fn take_band(&self, band: usize, file: &SpillFile, bytes: &mut Vec<u8>, keys: &mut Vec<u32>) -> Result<()> {
        let at = self.bands_at + (band * self.profiles * size_of::<u32>()) as u64;
        file.take_into(at, self.profiles, bytes, keys)
    }
}

/// A document that is at hand.
pub(super) struct Fetched<'a> {
    texts: &'a Texts,
    /// The index of the document among the texts.
    document: usize,
    /// The number to subtract from a profile's number in its block to get its place among the texts.
    first_profile: u32,
}

impl<'a> Fetched<'a> {
    /// Returns the document without its profiles.
    pub fn whole(&self) -> Whole<'a> {
        self.texts.whole(self.document)
    }

    /// Returns a profile of the document by its number in the block.
    pub fn profile(&self, profile: u32) -> Profile<'a> {
        self.texts.profile((profile - self.first_profile) as usize)
    }
}

/// Documents that were read from a file lately: each takes the place of another that has the same last digits.
pub(super) struct Cache {
    /// How many are held at most.
    size: usize,
    slots: Vec<Slot>,
    /// The last of the long documents.
    long: Slot,
    bytes: Vec<u8>,
}

/// A document, if any, and the memory of those before it.
#[derive(Clone, Default)]
struct Slot {
    document: Option<DocumentId>,
    texts: Texts,
}

/// Bytes of a long document, of which one is held at a time.
const LONG_BYTES: u64 = 1 << 16;

impl Cache {
    /// Returns an empty cache for so many documents.
    pub fn of(size: usize) -> Self {
        Cache { size, slots: Vec::new(), long: Slot::default(), bytes: Vec::new() }
    }
}

impl Block {
    /// Fetches a document: `index` is its index in the block.
    pub fn fetch<'a>(
        &'a self,
        document: DocumentId,
        index: usize,
        file: Result<&SpillFile>,
        cache: &'a mut Cache,
    ) -> Result<Fetched<'a>> {
        let spilled = match self {
            Block::Held(texts) => {
                return Ok(Fetched { texts, document: index, first_profile: 0 });
            }
            Block::Spilled(spilled) => spilled,
        };
        // Made when first needed: where everything is in memory nothing is cached.
        let Cache { size, slots, long, bytes } = cache;
        slots.resize(*size, Slot::default());
        let place = spilled.place(index);
        let is_long = place.end - place.start > LONG_BYTES;
        let slot = if is_long { long } else { &mut slots[document.index() % *size] };
        if slot.document != Some(document) {
            slot.document = None;
            bytes.resize((place.end - place.start) as usize, 0);
            file?.read(place.start, bytes)?;
            slot.texts.read(bytes).ok_or_else(damaged)?;
            slot.document = Some(document);
        }
        Ok(Fetched { texts: &slot.texts, document: 0, first_profile: spilled.first_profiles[index] })
    }
}

impl Spilled {
    /// Returns where the document at an index of the block is in the file.
    fn place(&self, document: usize) -> Range<u64> {
        let start = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.at + start..self.at + self.ends[document]
    }
}

/// An error of a temporary file that does not hold what was written to it.
pub(super) fn damaged() -> Error {
    Error::Usage(
        "a temporary file is not as it was written; run again, with another --temp-dir if it happens again".into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Stopwatch, prepare};
    use crate::{Document, Params};

    #[test]
    fn marks_take_room_unless_most_would_be_left_without() {
        let room = MarkRoom::new(100, 10);
        assert_eq!(room.take(41), None, "for ten blocks there is a quarter of that");
        assert_eq!([room.take(40), room.take(40), room.take(30), room.take(20)], [Some(()), Some(()), None, Some(())]);
        assert_eq!(MarkRoom::new(0, 0).take(1), None);
    }

    #[test]
    fn a_document_is_what_its_bytes_say() {
        let text =
            |n: u32| format!("The ferry ran aground on {n} May.\n\nSo said Amina Bello of Aldermoor, no. {n}\n\n…");
        let documents: Vec<Document> = (0..5).map(|n| Document::new(n.to_string(), text(n / 2))).collect();
        let prepared = prepare(&documents, &Params::default(), &mut Stopwatch::default());
        let (mut documents, mut read) = (0, Texts::default());
        for block in &prepared.blocks {
            let Block::Held(texts) = block else { panic!("it is in memory") };
            for document in 0..texts.documents() {
                let mut bytes = Vec::new();
                texts.put_document(document, &mut bytes);
                read.read(&bytes).expect("it is whole");
                assert_eq!(read.whole(0), texts.whole(document));
                let first = texts.first_unit(document);
                for unit in 0..read.units() {
                    assert_eq!(read.profile(unit), texts.profile(first + unit));
                }
                assert!(read.units() > 0 && !read.whole(0).names.is_empty());
                (0..bytes.len()).for_each(|end| assert_eq!(Texts::default().read(&bytes[..end]), None));
                documents += 1;
            }
        }
        assert_eq!(documents, 5);
    }
}
