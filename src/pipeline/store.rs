//! Bodies, profiles and keys of blocks of documents, in memory or in a temporary file.

use std::sync::Arc;

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

    /// Moves bodies, profiles, keys and units of documents to a file.
    pub fn spill(profiled: &mut Profiled, file: &SpillFile) -> Block {
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
        Block::Spilled(Spilled { at, ends, keys_at, bands_at, first_profiles, profiles: texts.units(), columns, units })
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

    /// Reads the fingerprints of all profiles, one after another.
    pub fn keys(&self, count: usize, file: &SpillFile, bytes: &mut Vec<u8>, keys: &mut Vec<u32>) -> Result<()> {
        file.read_into(self.keys_at, count, bytes, keys)
    }

    /// Reads the keys of a band, one for each profile.
    pub fn band(&self, band: usize, file: &SpillFile, bytes: &mut Vec<u8>, keys: &mut Vec<u32>) -> Result<()> {
        let at = self.bands_at + (band * self.profiles * size_of::<u32>()) as u64;
        file.read_into(at, self.profiles, bytes, keys)
    }
}

/// A document that is at hand.
pub(super) struct Fetched<'a> {
    texts: Texted<'a>,
    /// The index of the document among the texts.
    document: usize,
    /// The number to subtract from a profile's number in its block to get its place among the texts.
    first_profile: u32,
}

enum Texted<'a> {
    Held(&'a Texts),
    Read(Arc<Texts>),
}

impl Fetched<'_> {
    fn texts(&self) -> &Texts {
        match &self.texts {
            Texted::Held(texts) => texts,
            Texted::Read(texts) => texts,
        }
    }

    /// Returns the document without its profiles.
    pub fn whole(&self) -> Whole<'_> {
        self.texts().whole(self.document)
    }

    /// Returns a profile of the document by its number in the block.
    pub fn profile(&self, profile: u32) -> Profile<'_> {
        self.texts().profile((profile - self.first_profile) as usize)
    }
}

/// Documents that were read from a file lately: each takes the place of another that has the same last digits.
#[derive(Default)]
pub(super) struct Cache {
    slots: Vec<Option<(DocumentId, Arc<Texts>)>>,
    bytes: Vec<u8>,
}

/// Documents that a cache holds at most.
const CACHED_DOCUMENTS: usize = 1 << 10;

impl Block {
    /// Fetches a document: `index` is its index in the block.
    pub fn fetch<'a>(
        &'a self,
        document: DocumentId,
        index: usize,
        file: Result<&SpillFile>,
        cache: &mut Cache,
    ) -> Result<Fetched<'a>> {
        let spilled = match self {
            Block::Held(texts) => {
                return Ok(Fetched { texts: Texted::Held(texts), document: index, first_profile: 0 });
            }
            Block::Spilled(spilled) => spilled,
        };
        // Made when first needed: where everything is in memory nothing is cached.
        cache.slots.resize(CACHED_DOCUMENTS, None);
        let place = document.index() % CACHED_DOCUMENTS;
        let texts = match &cache.slots[place] {
            Some((held, texts)) if *held == document => texts.clone(),
            _ => {
                let texts = Arc::new(spilled.read(index, file?, &mut cache.bytes)?);
                cache.slots[place] = Some((document, texts.clone()));
                texts
            }
        };
        Ok(Fetched { texts: Texted::Read(texts), document: 0, first_profile: spilled.first_profiles[index] })
    }
}

impl Spilled {
    fn read(&self, document: usize, file: &SpillFile, bytes: &mut Vec<u8>) -> Result<Texts> {
        let start = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        bytes.resize((self.ends[document] - start) as usize, 0);
        file.read(self.at + start, bytes)?;
        Texts::from_bytes(bytes).ok_or_else(damaged)
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
        let mut documents = 0;
        for block in &prepared.blocks {
            let Block::Held(texts) = block else { panic!("it is in memory") };
            for document in 0..texts.documents() {
                let mut bytes = Vec::new();
                texts.put_document(document, &mut bytes);
                let read = Texts::from_bytes(&bytes).expect("it is whole");
                assert_eq!(read.whole(0), texts.whole(document));
                let first = texts.first_unit(document);
                for unit in 0..read.units() {
                    assert_eq!(read.profile(unit), texts.profile(first + unit));
                }
                assert!(read.units() > 0 && !read.whole(0).names.is_empty());
                (0..bytes.len()).for_each(|end| assert_eq!(Texts::from_bytes(&bytes[..end]), None));
                documents += 1;
            }
        }
        assert_eq!(documents, 5);
    }
}
