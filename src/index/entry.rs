//! The entry of a document: what it is found by, and its signature.

use std::collections::BTreeSet;

use crate::Document;
use crate::boilerplate::{Body, TitleIndex, lexical, stretches};
use crate::hash;
use crate::segment::Cut;
use crate::shingle::shingles;
use crate::sketch::{EMPTY, Sketcher};
use crate::survey::Weight;
use crate::token::{Stem, Word};

use super::Settings;

/// What is written of a document beside its item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The keys of its bands, those over shingles first, 24 bits of hash each; none for bands without one.
    pub keys: Vec<Option<u32>>,
    /// What its id is looked up by.
    pub id: u32,
    /// What its title is looked up by where another document promotes it.
    pub titles: Vec<u32>,
    /// What is compared when there is no text, and first when there is.
    pub row: Row,
}

/// The part of an entry that is read as a whole: of a fixed size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// A hash of all that makes the item: id, source, title, date and text.
    pub print: u64,
    /// A hash of all words of the text.
    pub whole: u64,
    /// How many different shingles its body has.
    pub shingles: u32,
    /// How many different telling words.
    pub telling: u16,
    /// How many body words.
    pub words: u32,
    /// The low byte of every place of the signatures, those over shingles first.
    pub signature: Box<[u8]>,
}

impl Row {
    /// Bytes of a row before its signature.
    const HEAD: usize = 8 + 8 + 4 + 2 + 4;

    /// Bytes of the rows of an index.
    pub(super) fn size(settings: &Settings) -> usize {
        Row::HEAD + settings.copies.banding().size() + settings.rewordings.banding().size()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.print.to_le_bytes());
        out.extend_from_slice(&self.whole.to_le_bytes());
        out.extend_from_slice(&self.shingles.to_le_bytes());
        out.extend_from_slice(&self.telling.to_le_bytes());
        out.extend_from_slice(&self.words.to_le_bytes());
        out.extend_from_slice(&self.signature);
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Row> {
        let (print, rest) = bytes.split_first_chunk()?;
        let (whole, rest) = rest.split_first_chunk()?;
        let (shingles, rest) = rest.split_first_chunk()?;
        let (telling, rest) = rest.split_first_chunk()?;
        let (words, signature) = rest.split_first_chunk()?;
        Some(Row {
            print: u64::from_le_bytes(*print),
            whole: u64::from_le_bytes(*whole),
            shingles: u32::from_le_bytes(*shingles),
            telling: u16::from_le_bytes(*telling),
            words: u32::from_le_bytes(*words),
            signature: signature.into(),
        })
    }
}

/// Makes entries.
#[derive(Debug, Clone)]
pub struct Maker {
    settings: Settings,
    copies: Sketcher,
    rewordings: Sketcher,
}

/// A hash of all that makes an item.
pub(super) fn print(document: &Document) -> u64 {
    let field = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| hash::bytes(text.as_bytes()) | 1);
    let fields = [&document.source, &document.title, &document.date].map(field);
    let [id, text] = [&document.id, &document.text].map(|text| hash::bytes(text.as_bytes()));
    hash::sequence(&[id, fields[0], fields[1], fields[2], text])
}

/// A hash of all words of a text.
pub(super) fn whole(cut: &Cut) -> u64 {
    cut.tokens.iter().fold(0, |state, token| hash::pair(state, token.word.0))
}

/// What an id is looked up by.
pub(super) fn id_key(document: &Document) -> u32 {
    (hash::bytes(document.id.as_bytes()) >> 32) as u32
}

impl Maker {
    /// For the settings of an index.
    pub fn new(settings: &Settings) -> Self {
        Maker {
            settings: *settings,
            copies: Sketcher::new(settings.copies.banding().size(), 0),
            rewordings: Sketcher::new(settings.rewordings.banding().size(), 1),
        }
    }

    /// The entry of a document. `weigh` gives what a word weighs.
    ///
    /// The titles and the sources of other documents play no part, so that it is the same whatever the index holds, but
    /// for the words that are telling.
    pub fn entry(&self, document: &Document, cut: &Cut, weigh: impl Fn(Word) -> Weight) -> Entry {
        let asides = match self.settings.set_aside {
            true => lexical(document, cut, &TitleIndex::default()),
            false => Vec::new(),
        };
        let body = Body::new(cut, &stretches(&asides), self.settings.shingle);
        let mut found = Vec::with_capacity(body.words.len());
        let mut at = 0;
        for (start, end) in &body.runs {
            let words = &body.words[at..at + (end - start) as usize];
            shingles(words, self.settings.shingle, |shingle| found.push(shingle));
            at += words.len();
        }
        found.sort_unstable();
        found.dedup();
        let mut words = body.words.clone();
        words.sort_unstable();
        words.dedup_by_key(|word| word.stem());
        words.retain(|word| weigh(*word) >= Weight::PROPOSES);
        let telling: Vec<u64> = words.iter().map(|word| u64::from(word.stem().0) << 32).collect();
        let (mut keys, mut signature) = (Vec::new(), Vec::new());
        let families =
            [(&self.copies, self.settings.copies, &found), (&self.rewordings, self.settings.rewordings, &telling)];
        for ((sketcher, bands, hashes), family) in families.into_iter().zip(0u64..) {
            let mut places = vec![EMPTY; sketcher.size()];
            sketcher.sketch(hashes, &mut places);
            let key = |band| bands.banding().key(&places, band).map(|key| (hash::pair(family, key) >> 40) as u32);
            keys.extend((0..bands.bands).map(key));
            signature.extend(places.iter().map(|place| *place as u8));
        }
        let row = Row {
            print: print(document),
            whole: whole(cut),
            shingles: found.len() as u32,
            telling: u16::try_from(telling.len()).unwrap_or(u16::MAX),
            words: body.words.len() as u32,
            signature: signature.into(),
        };
        // A title may begin twice with the same words, and an item is listed once under a key.
        let titles: BTreeSet<u32> = TitleIndex::keys(&cut.title).map(|key| (key >> 32) as u32).collect();
        let titles = titles.into_iter().collect();
        Entry { keys, id: id_key(document), titles, row }
    }
}

/// The different stems of some words, each with the word that stands for it.
pub(super) fn stems(words: impl Iterator<Item = Word>) -> Vec<(Stem, Word)> {
    let mut found: Vec<(Stem, Word)> = words.map(|word| (word.stem(), word)).collect();
    found.sort_unstable();
    found.dedup_by_key(|(stem, _)| *stem);
    found
}
