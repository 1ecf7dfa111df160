//! A document as it is compared with others, in bytes.

use flong::Unit;
use flong::profile::{Profiled, Texts};
use flong::token::Word;
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
