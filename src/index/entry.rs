//! The entry of a document: what it is found by, and what it is compared by before its text is read.

use std::collections::BTreeSet;

use crate::boilerplate::{Lexicon, TitleIndex};
use crate::count::Knowledge;
use crate::hash::{self, HashedMap};
use crate::profile::Profiler;
use crate::segment::Cut;
use crate::sketch::{EMPTY, Sketcher};
use crate::survey::Weight;
use crate::token::{Stem, Word};
use crate::verify::{Text, telling};
use crate::{Bands, Document, Grain, Params, UnitId};

use super::Settings;

/// The keys and the row of a document, which are written beside its item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its fingerprints, sorted, each once.
    pub fingerprints: Vec<u32>,
    /// The keys of its bands over telling words, 24 bits of hash each; none for bands without one.
    pub bands: Vec<Option<u32>>,
    /// Key of its id.
    pub id: u32,
    /// Keys of its title, for documents that promote it.
    pub titles: Vec<u32>,
    /// The row, which is compared before the text is read, or in place of it.
    pub row: Row,
}

/// The part of an entry that is read as a whole: of a fixed size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// A hash of all that makes the item: id, source, title, date and text.
    pub print: u64,
    /// A hash of all words of the text.
    pub whole: u64,
    /// The number of its fingerprints.
    pub fingerprints: u16,
    /// The number of its different telling words.
    pub telling: u16,
    /// The number of its body words.
    pub words: u32,
    /// Four bits of every place of its signature over telling words, two places a byte.
    pub signature: Box<[u8]>,
}

impl Row {
    /// Bytes of a row before its signature.
    const HEAD: usize = 8 + 8 + 2 + 2 + 4;

    /// Returns how many fingerprints both texts keep of a passage as long as the shorter one. A short text has all its shingles
    /// as fingerprints, of which a long one that contains it keeps few.
    pub(super) fn kept_by_both(&self, other: &Row) -> f32 {
        let density = |row: &Row| f32::from(row.fingerprints) / row.words.max(1) as f32;
        density(self).min(density(other)) * self.words.min(other.words) as f32
    }

    /// Returns the number of bytes of each row of an index.
    pub(super) fn size(settings: &Settings) -> usize {
        Row::HEAD + settings.rewordings.banding().size().div_ceil(2)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.print.to_le_bytes());
        out.extend_from_slice(&self.whole.to_le_bytes());
        out.extend_from_slice(&self.fingerprints.to_le_bytes());
        out.extend_from_slice(&self.telling.to_le_bytes());
        out.extend_from_slice(&self.words.to_le_bytes());
        out.extend_from_slice(&self.signature);
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Row> {
        let (print, rest) = bytes.split_first_chunk()?;
        let (whole, rest) = rest.split_first_chunk()?;
        let (fingerprints, rest) = rest.split_first_chunk()?;
        let (telling, rest) = rest.split_first_chunk()?;
        let (words, signature) = rest.split_first_chunk()?;
        Some(Row {
            print: u64::from_le_bytes(*print),
            whole: u64::from_le_bytes(*whole),
            fingerprints: u16::from_le_bytes(*fingerprints),
            telling: u16::from_le_bytes(*telling),
            words: u32::from_le_bytes(*words),
            signature: signature.into(),
        })
    }
}

/// Makes entries: from profiles and fingerprints as `find` makes them, but without knowledge of other documents.
#[derive(Debug, Clone)]
pub struct Maker {
    settings: Settings,
    params: Params,
    knowledge: Knowledge,
    titles: TitleIndex,
    sketcher: Sketcher,
}

/// Returns a hash of all that makes an item.
pub(super) fn print(document: &Document) -> u64 {
    let field = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| hash::bytes(text.as_bytes()) | 1);
    let fields = [&document.source, &document.title, &document.date].map(field);
    let [id, text] = [&document.id, &document.text].map(|text| hash::bytes(text.as_bytes()));
    hash::sequence(&[id, fields[0], fields[1], fields[2], text])
}

/// Returns a hash of all words of a text.
pub(super) fn whole(cut: &Cut) -> u64 {
    cut.tokens.iter().fold(0, |state, token| hash::pair(state, token.word.0))
}

/// Returns what an id is looked up by.
pub(super) fn id_key(document: &Document) -> u32 {
    (hash::bytes(document.id.as_bytes()) >> 32) as u32
}

/// Returns the smaller of a count and the greatest number of a row.
fn most<T: TryFrom<usize>>(count: usize, most: T) -> T {
    T::try_from(count).unwrap_or(most)
}

impl Maker {
    /// Makes entries for the settings of an index.
    pub fn new(settings: &Settings) -> Self {
        let Settings { shingle, fingerprints, rewordings, set_aside, .. } = *settings;
        let (grains, none) = (vec![Grain::Document], Bands { bands: 0, ..rewordings });
        let params = Params { grains, shingle, fingerprints, rewordings: none, set_aside, ..Params::default() };
        Maker {
            settings: *settings,
            knowledge: Knowledge::empty(params.counting()),
            params,
            titles: TitleIndex::default(),
            sketcher: Sketcher::new(rewordings.banding().size(), 1),
        }
    }

    /// Returns the entry of a document, which comes with its cut and with what its words weigh, by their stems.
    ///
    /// It is the same whatever the index holds, but for the words that are telling.
    pub fn entry(&self, document: &Document, cut: &Cut, weights: &HashedMap<Stem, Weight>) -> Entry {
        let profiler = Profiler::with(&self.params, &self.knowledge, weights, &self.titles, Lexicon::known());
        let profiled = profiler.document(document, cut.clone());
        let (Text { profile, words, .. }, fingerprints) = (profiled.text(UnitId(0)), profiled.fingerprints.of(0));
        let telling: Vec<u64> = telling(profile.stems, profile.weights).collect();
        let mut places = vec![EMPTY; self.sketcher.size()];
        self.sketcher.sketch(&telling, &mut places);
        let banding = self.settings.rewordings.banding();
        let bands = (0..banding.bands).map(|band| Some((banding.key(&places, band)? >> 40) as u32)).collect();
        let row = Row {
            print: print(document),
            whole: profile.whole,
            fingerprints: most(fingerprints.len(), u16::MAX),
            telling: most(telling.len(), u16::MAX),
            words: most(words.len(), u32::MAX),
            signature: pack(&places),
        };
        // A title may begin twice with the same words, and an item is listed once under a key.
        let titles: BTreeSet<u32> = TitleIndex::keys(&cut.title).map(|key| (key >> 32) as u32).collect();
        let titles = titles.into_iter().collect();
        let mut fingerprints = fingerprints.to_vec();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        Entry { fingerprints, bands, id: id_key(document), titles, row }
    }
}

/// Keeps four bits of every place of a signature.
fn pack(places: &[u32]) -> Box<[u8]> {
    let low = |place: Option<&u32>| place.map_or(0, |place| *place as u8 & 0xf);
    places.chunks(2).map(|pair| low(pair.first()) | low(pair.get(1)) << 4).collect()
}

/// Returns the different stems of some words, each with the word that represents it.
pub(super) fn stems(words: impl Iterator<Item = Word>) -> Vec<(Stem, Word)> {
    let mut found: Vec<(Stem, Word)> = words.map(|word| (word.stem(), word)).collect();
    found.sort_unstable();
    found.dedup_by_key(|(stem, _)| *stem);
    found
}
