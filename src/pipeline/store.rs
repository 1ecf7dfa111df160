//! Bodies, profiles and keys of blocks of documents, in memory or in a temporary file.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::disk::{Engine, Plain, SpillFile, put_all};
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
    /// The place of the marks, and where those of each profile end, counted from there.
    marks_at: u64,
    marks_ends: Box<[u32]>,
}

/// The temporary files of blocks.
#[derive(Debug)]
pub(super) struct Files {
    /// Bodies, profiles, keys and units.
    pub texts: SpillFile,
    /// For each profile its mass and the [marks](crate::verify::Profile::marks), by which most pairs are refused. It is
    /// about a twentieth as large as the other file, so that the system's cache holds it where it cannot hold that.
    marks: SpillFile,
}

impl Files {
    /// Makes the files, if the engine works with those.
    pub fn of(engine: &Engine) -> Result<Option<Self>> {
        let (Some(texts), Some(marks)) = (engine.file()?, engine.file()?) else { return Ok(None) };
        Ok(Some(Files { texts, marks }))
    }

    /// Returns the first error of appending, if there was one.
    pub fn check(&self) -> Result<()> {
        self.texts.check()?;
        self.marks.check()
    }
}

/// Writes the marks of all profiles, and returns the place of the first and where each ends.
fn spill_marks(texts: &Texts, file: &SpillFile, bytes: &mut Vec<u8>) -> (u64, Box<[u32]>) {
    bytes.clear();
    let end = |unit| {
        let profile = texts.profile(unit);
        profile.mass.to_bits().put(bytes);
        profile.marks().for_each(|mark| mark.put(bytes));
        bytes.len() as u32
    };
    let ends = (0..texts.units()).map(end).collect();
    (file.append(bytes), ends)
}

/// Buffers to read marks into.
#[derive(Default)]
pub(super) struct MarkBuffer {
    bytes: Vec<u8>,
    marks: Vec<u16>,
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

    /// Moves bodies, profiles, keys, units and marks of documents to files.
    pub fn spill(profiled: &mut Profiled, Files { texts: file, marks }: &Files) -> Block {
        let texts = std::mem::take(&mut profiled.texts);
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
        let (marks_at, marks_ends) = spill_marks(&texts, marks, &mut bytes);
        Block::Spilled(Spilled {
            at,
            ends,
            keys_at,
            bands_at,
            first_profiles,
            profiles,
            columns,
            units,
            marks_at,
            marks_ends,
        })
    }

    /// Reads the [marks](crate::verify::Profile::marks) of a profile that is in a file, and its mass. The profile is
    /// counted in the block.
    pub fn marks<'b>(
        &self,
        profile: u32,
        files: &Files,
        buffer: &'b mut MarkBuffer,
    ) -> Result<Option<(&'b [u16], f32)>> {
        let Block::Spilled(spilled) = self else { return Ok(None) };
        let MarkBuffer { bytes, marks } = buffer;
        let place = spilled.place_of_marks(profile as usize);
        bytes.resize((place.end - place.start) as usize, 0);
        files.marks.read(place.start, bytes)?;
        let (mass, rest) = bytes.split_first_chunk().ok_or_else(damaged)?;
        marks.clear();
        marks.extend(rest.as_chunks().0.iter().map(|&mark| u16::from_le_bytes(mark)));
        Ok(Some((marks, f32::from_le_bytes(*mass))))
    }

    /// Lets the system read a document of which `index` is its index in the block, while others are still worked on.
    pub fn read_ahead(&self, index: usize, files: &Files) {
        if let Block::Spilled(spilled) = self {
            files.texts.read_ahead(spilled.place(index));
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

    /// Returns where the mass and the marks of a profile are in their file.
    fn place_of_marks(&self, profile: usize) -> Range<u64> {
        let start = profile.checked_sub(1).map_or(0, |before| self.marks_ends[before]);
        self.marks_at + u64::from(start)..self.marks_at + u64::from(self.marks_ends[profile])
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
