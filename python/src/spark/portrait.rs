//! A document as it is compared with others, in bytes.

use flong::profile::{Profiled, Texts};
use flong::token::Word;
use flong::{Unit, UnitId};
use serde::{Deserialize, Serialize};

use super::batch::wrong;

/// What a document is compared by.
#[derive(Serialize, Deserialize)]
struct Portrait<'p> {
    units: Vec<Unit>,
    profile_of: Vec<u32>,
    texts: &'p [u8],
}

/// Returns what the one document of `profiled` is compared by, as bytes.
pub fn portrait(profiled: &Profiled) -> Vec<u8> {
    let mut texts = Vec::new();
    profiled.texts.put_document(0, &mut texts);
    let portrait = Portrait { units: profiled.units.clone(), profile_of: profiled.profile_of.clone(), texts: &texts };
    encode(&portrait)
}

/// Reads what [`portrait`] wrote.
pub fn read_portrait(bytes: &[u8]) -> flong::Result<Profiled> {
    let Portrait { units, profile_of, texts } = decode(bytes)?;
    let texts = Texts::from_bytes(texts).ok_or_else(|| wrong("the profile of a document is damaged"))?;
    Ok(Profiled { units, profile_of, texts, ..Profiled::default() })
}

/// By what most pairs of units are refused: a tenth of a portrait.
#[derive(Serialize, Deserialize)]
struct Outline<'o> {
    profile_of: Vec<u32>,
    /// Of each profile its mass and its marks.
    #[serde(borrow)]
    profiles: Vec<(f32, &'o [u8])>,
}

/// Returns the masses and marks of the one document of `profiled`, as bytes.
pub fn outline(profiled: &Profiled) -> Vec<u8> {
    let (mut ends, mut marks) = (Vec::new(), Vec::new());
    for profile in 0..profiled.sizes.len() {
        let profile = profiled.texts.profile(profile);
        marks.extend(profile.marks().flat_map(u16::to_le_bytes));
        ends.push((profile.mass, marks.len()));
    }
    let mut start = 0;
    let profiles = ends.into_iter().map(|(mass, end)| (mass, &marks[std::mem::replace(&mut start, end)..end]));
    encode(&Outline { profile_of: profiled.profile_of.clone(), profiles: profiles.collect() })
}

/// The mass and the marks of each profile of a document.
pub struct Outlines {
    profile_of: Vec<u32>,
    profiles: Vec<(f32, Vec<u16>)>,
}

impl Outlines {
    /// Reads what [`outline`] wrote.
    pub fn read(bytes: &[u8]) -> flong::Result<Self> {
        let Outline { profile_of, profiles } = decode(bytes)?;
        let marks = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|&mark| u16::from_le_bytes(mark)).collect();
        let profiles = profiles.into_iter().map(|(mass, bytes)| (mass, marks(bytes))).collect();
        Ok(Outlines { profile_of, profiles })
    }

    /// Returns the mass and the marks of a unit.
    pub fn of(&self, unit: UnitId) -> (f32, &[u16]) {
        let (mass, marks) = &self.profiles[self.profile_of[unit.index()] as usize];
        (*mass, marks)
    }
}

/// Returns a value as bytes, which [`decode`] reads.
pub fn encode(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("memory takes all bytes, and sequences have lengths")
}

/// Reads what [`encode`] wrote.
pub fn decode<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> flong::Result<T> {
    postcard::from_bytes(bytes).map_err(wrong)
}

/// Returns the words of a title as bytes that order as titles do.
pub fn title_bytes(title: &[Word]) -> Vec<u8> {
    title.iter().flat_map(|word| word.0.to_be_bytes()).collect()
}

/// Returns the words that [`title_bytes`] wrote.
pub fn title_words(bytes: &[u8]) -> Vec<Word> {
    let words = bytes.chunks_exact(8).map(|word| u64::from_be_bytes(word.try_into().expect("eight bytes")));
    words.map(Word).collect()
}
