//! Bodies and profiles of many documents, in a few arrays.

use crate::survey::Weight;
use crate::token::{Stem, Word};
use crate::verify::{Name, Profile};

/// What documents are compared by: their body words and names, and the profiles of their units, one after another.
///
/// A few long arrays rather than many small ones: of millions of units, the small ones would take more room by what the
/// allocator adds to each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    words: Vec<Word>,
    names: Vec<Name>,
    stems: Vec<Stem>,
    weights: Vec<Weight>,
    shingles: Vec<u64>,
    documents: Vec<Document>,
    units: Vec<Unit>,
}

/// Where the parts of a document end.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Document {
    words: u32,
    names: u32,
    units: u32,
}

/// Where the parts of a profile end, and the rest of it.
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
        });
    }

    /// Ends the document whose units were appended, with its body words and the names among them.
    pub fn end_document(&mut self, words: &[Word], names: &[Name]) {
        self.words.extend_from_slice(words);
        self.names.extend_from_slice(names);
        let (words, names, units) = (self.words.len() as u32, self.names.len() as u32, self.units.len() as u32);
        self.documents.push(Document { words, names, units });
    }

    /// Gives memory back that is not used.
    pub fn shrink(&mut self) {
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
        }
    }

    /// Returns the body words of a document, and the names among them.
    pub fn body(&self, document: usize) -> (&[Word], &[Name]) {
        let before = document.checked_sub(1).map_or(Document::default(), |before| self.documents[before]);
        let own = self.documents[document];
        (&self.words[before.words as usize..own.words as usize], &self.names[before.names as usize..own.names as usize])
    }
}
