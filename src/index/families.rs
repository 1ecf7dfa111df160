//! Families: what items are looked up by. Each has postings of its own.

use super::postings::Run;
use super::store::Segment;
use super::{Entry, Settings};

/// Fingerprints are shared out among this many families by their first bits, so that merging one takes little memory.
const FINGERPRINTS: u8 = 64;
/// The number of bits that this takes.
const FINGERPRINT_BITS: u32 = FINGERPRINTS.trailing_zeros();
/// Most bands of signatures.
pub(super) const MAX_BANDS: usize = 180;

/// The families of an index: fingerprints, bands of signatures over telling words, ids, first words of titles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Families {
    bands: u8,
}

impl Families {
    pub fn of(settings: &Settings) -> Self {
        Families { bands: settings.rewordings.bands.min(MAX_BANDS) as u8 }
    }

    /// Returns the family of a fingerprint, and its key there.
    pub fn fingerprint(self, fingerprint: u32) -> (u8, u32) {
        ((fingerprint >> (32 - FINGERPRINT_BITS)) as u8, fingerprint & (u32::MAX >> FINGERPRINT_BITS))
    }

    /// Returns the family of a band.
    pub fn band(self, band: usize) -> u8 {
        FINGERPRINTS + band as u8
    }

    /// Returns the family of ids.
    pub fn ids(self) -> u8 {
        FINGERPRINTS + self.bands
    }

    /// Returns the family of titles, by their first words.
    pub fn titles(self) -> u8 {
        self.ids() + 1
    }

    /// Returns all families.
    pub fn all(self) -> std::ops::RangeInclusive<u8> {
        0..=self.titles()
    }

    /// Calls `each` with all families and keys that an item is found by.
    pub fn keys(self, entry: &Entry, mut each: impl FnMut(u8, u32)) {
        entry.fingerprints.iter().map(|&key| self.fingerprint(key)).for_each(|(family, key)| each(family, key));
        let bands = entry.bands.iter().enumerate();
        bands.filter_map(|(band, key)| Some((band, (*key)?))).for_each(|(band, key)| each(self.band(band), key));
        each(self.ids(), entry.id);
        entry.titles.iter().for_each(|&key| each(self.titles(), key));
    }
}

impl Run {
    /// Returns a family's run in a segment.
    pub fn of(family: u8, segment: &Segment) -> Run {
        Run { family, segment: segment.number, first: segment.first, items: segment.items }
    }
}
