//! Bodies and profiles of many documents, in a few arrays.

use crate::survey::Weight;
use crate::token::{Stem, Word};
use crate::verify::{Name, Profile, Spelling};

/// The texts of documents as they are compared: their titles, body words and names, and the profiles of their units, one
/// after another.
///
/// A few long arrays rather than many small ones: of millions of units, the small ones would take more room by what the
/// allocator adds to each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    titles: Vec<Word>,
    words: Vec<Word>,
    names: Vec<Name>,
    stems: Vec<Stem>,
    weights: Vec<Weight>,
    shingles: Vec<u32>,
    documents: Vec<Document>,
    units: Vec<Unit>,
}

/// The ends of the parts of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Document {
    title: u32,
    words: u32,
    names: u32,
    units: u32,
    /// The key of its source.
    source: Option<u64>,
}

/// A document as its units are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whole<'a> {
    /// Its body words.
    pub words: &'a [Word],
    /// The names among them.
    pub names: &'a [Name],
    /// The words of its title.
    pub title: &'a [Word],
    /// The [key](crate::count::source) of its source; `None` if that is not known.
    pub source: Option<u64>,
}

/// The ends of the parts of a profile, and its other values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Unit {
    stems: u32,
    shingles: u32,
    shingle_count: u32,
    mass: f32,
    whole: u64,
    states_facts: bool,
    cut_off: bool,
    in_lines: bool,
    headline: u32,
}

impl Texts {
    /// Appends the profile of the next unit of the document that is being appended.
    pub fn push(&mut self, profile: Profile) {
        self.stems.extend_from_slice(profile.stems);
        self.weights.extend_from_slice(profile.weights);
        self.shingles.extend_from_slice(profile.shingles);
        self.units.push(Unit {
            stems: self.stems.len() as u32,
            shingles: self.shingles.len() as u32,
            shingle_count: profile.shingle_count,
            mass: profile.mass,
            whole: profile.whole,
            states_facts: profile.states_facts,
            cut_off: profile.cut_off,
            in_lines: profile.in_lines,
            headline: profile.headline,
        });
    }

    /// Ends the document whose units were appended.
    pub fn end_document(&mut self, whole: Whole) {
        self.titles.extend_from_slice(whole.title);
        self.words.extend_from_slice(whole.words);
        self.names.extend_from_slice(whole.names);
        let (title, words) = (self.titles.len() as u32, self.words.len() as u32);
        let (names, units) = (self.names.len() as u32, self.units.len() as u32);
        self.documents.push(Document { title, words, names, units, source: whole.source });
    }

    /// Gives memory back that is not used.
    pub fn shrink(&mut self) {
        self.titles.shrink_to_fit();
        self.words.shrink_to_fit();
        self.names.shrink_to_fit();
        self.stems.shrink_to_fit();
        self.weights.shrink_to_fit();
        self.shingles.shrink_to_fit();
        self.documents.shrink_to_fit();
        self.units.shrink_to_fit();
    }

    /// Returns the number of documents.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Returns the number of profiles of all documents.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// Returns the profile of a unit, counted over all documents.
    pub fn profile(&self, unit: usize) -> Profile<'_> {
        let before = unit.checked_sub(1).map_or(Unit::default(), |before| self.units[before]);
        let own = self.units[unit];
        let stems = before.stems as usize..own.stems as usize;
        Profile {
            stems: &self.stems[stems.clone()],
            weights: &self.weights[stems],
            shingles: &self.shingles[before.shingles as usize..own.shingles as usize],
            shingle_count: own.shingle_count,
            mass: own.mass,
            states_facts: own.states_facts,
            whole: own.whole,
            cut_off: own.cut_off,
            in_lines: own.in_lines,
            headline: own.headline,
        }
    }

    /// Returns the number of the first profile of a document, counted over all documents.
    pub fn first_unit(&self, document: usize) -> usize {
        document.checked_sub(1).map_or(0, |before| self.documents[before].units as usize)
    }

    /// Returns a document without its profiles.
    pub fn whole(&self, document: usize) -> Whole<'_> {
        let before = document.checked_sub(1).map_or(Document::default(), |before| self.documents[before]);
        let own = self.documents[document];
        Whole {
            words: &self.words[before.words as usize..own.words as usize],
            names: &self.names[before.names as usize..own.names as usize],
            title: &self.titles[before.title as usize..own.title as usize],
            source: own.source,
        }
    }

    /// Appends a document as bytes, which [`Texts::read`] reads.
    pub fn put_document(&self, document: usize, bytes: &mut Vec<u8>) {
        let units = self.first_unit(document)..self.documents[document].units as usize;
        let Whole { words, names, title, source } = self.whole(document);
        for length in [title.len(), words.len(), names.len(), units.len(), usize::from(source.is_some())] {
            bytes.extend((length as u32).to_le_bytes());
        }
        source.iter().for_each(|source| bytes.extend(source.to_le_bytes()));
        title.iter().chain(words).for_each(|word| bytes.extend(word.0.to_le_bytes()));
        for name in names {
            bytes.extend(name.at.to_le_bytes());
            bytes.extend(name.spelling.bits().to_le_bytes());
        }
        for unit in units {
            let profile = self.profile(unit);
            let flags = [profile.states_facts, profile.cut_off, profile.in_lines];
            let flags = flags.iter().rev().fold(profile.headline, |all, &flag| all << 1 | u32::from(flag));
            let (stems, shingles) = (profile.stems.len() as u32, profile.shingles.len() as u32);
            for number in [stems, shingles, profile.shingle_count, profile.mass.to_bits(), flags] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend(profile.whole.to_le_bytes());
            profile.stems.iter().for_each(|stem| bytes.extend(stem.0.to_le_bytes()));
            profile.weights.iter().for_each(|weight| bytes.extend(weight.0.to_le_bytes()));
            profile.shingles.iter().for_each(|shingle| bytes.extend(shingle.to_le_bytes()));
        }
    }

    /// Returns the one document that [`Texts::put_document`] wrote; `None` if the bytes are not whole.
    pub fn from_bytes(bytes: &[u8]) -> Option<Texts> {
        let mut texts = Texts::default();
        texts.read(bytes)?;
        Some(texts)
    }

    /// Reads the one document that [`Texts::put_document`] wrote, in place of all that is here; `None` if the bytes are not
    /// whole.
    pub fn read(&mut self, bytes: &[u8]) -> Option<()> {
        self.clear();
        let mut bytes = Bytes(bytes);
        let (title, words, names) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
        let (units, has_source) = (bytes.u32()?, bytes.u32()? > 0);
        let source = if has_source { Some(bytes.u64()?) } else { None };
        let word = |bytes: &[u8; 8]| Word(u64::from_le_bytes(*bytes));
        bytes.many(title, &mut self.titles, word)?;
        bytes.many(words, &mut self.words, word)?;
        for _ in 0..names {
            self.names.push(Name { at: bytes.u32()?, spelling: Spelling::from_bits(bytes.u64()?) });
        }
        for _ in 0..units {
            let (stems, shingles, shingle_count) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
            let (mass, flags, whole) = (f32::from_bits(bytes.u32()?), bytes.u32()?, bytes.u64()?);
            bytes.many(stems, &mut self.stems, |bytes| Stem(u32::from_le_bytes(*bytes)))?;
            bytes.many(stems, &mut self.weights, |bytes| Weight(u32::from_le_bytes(*bytes)))?;
            bytes.many(shingles, &mut self.shingles, |bytes| u32::from_le_bytes(*bytes))?;
            self.units.push(Unit {
                stems: self.stems.len() as u32,
                shingles: self.shingles.len() as u32,
                shingle_count,
                mass,
                whole,
                states_facts: flags & 1 == 1,
                cut_off: flags & 2 == 2,
                in_lines: flags & 4 == 4,
                headline: flags >> 3,
            });
        }
        self.documents.push(Document { title, words, names, units, source });
        Some(())
    }

    /// Takes everything out, and keeps the memory for what comes next.
    fn clear(&mut self) {
        self.titles.clear();
        self.words.clear();
        self.names.clear();
        self.stems.clear();
        self.weights.clear();
        self.shingles.clear();
        self.documents.clear();
        self.units.clear();
    }
}

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    /// Appends `count` values of `N` bytes each to `values`.
    fn many<T, const N: usize>(&mut self, count: u32, values: &mut Vec<T>, one: impl Fn(&[u8; N]) -> T) -> Option<()> {
        let (taken, rest) = self.0.split_at_checked((count as usize).checked_mul(N)?)?;
        values.extend(taken.as_chunks().0.iter().map(one));
        self.0 = rest;
        Some(())
    }
}
