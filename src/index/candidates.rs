//! Candidates: the items of an index that may match a document.

use super::entry::Row;
use super::estimate::may_match;
use super::failure::Failure;
use super::families::Families;
use super::lookup::{Tables, row};
use super::{Entry, Reader, Settings};
use crate::Result;

/// An item that may match a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its number.
    pub item: u32,
    /// Its row: its properties without its text.
    pub row: Row,
    /// The number of fingerprints that it shares with the document, stock phrases aside.
    pub shared: u32,
}

/// The items that share a key with a document, sorted.
#[derive(Default)]
struct Met {
    /// Items that share fingerprints: each as often as it shares one.
    sharing: Vec<u32>,
    /// Items that share a band, each once.
    banded: Vec<u32>,
}

impl Reader {
    /// Returns the items that share enough fingerprints, or a band, with a document, and are not plainly others, by number.
    ///
    /// Fingerprints that are stock phrases count for nothing. Of the items with one fingerprint, or with one band, that are
    /// more than `full_list`, or `full_bucket`, the first and the last to be added are taken.
    pub fn candidates(&self, entry: &Entry) -> Result<Vec<Candidate>> {
        self.attempt(|tables| {
            let Met { sharing, banded } = self.met(entry, tables)?;
            let mut found = Vec::new();
            let mut add = |item: u32, shared: u32, in_band: bool| {
                let row = row(item, self.settings(), &tables.rows)?;
                let kept = entry.row.kept_by_both(&row) as u32;
                let enough = in_band || shared >= self.settings().fingerprints.needed(kept, kept);
                if enough && may_match(self.settings(), &entry.row, &row, shared) {
                    found.push(Candidate { item, row, shared });
                }
                Ok::<(), Failure>(())
            };
            for equal in sharing.chunk_by(u32::eq) {
                add(equal[0], equal.len() as u32, banded.binary_search(&equal[0]).is_ok())?;
            }
            for &item in banded.iter().filter(|item| sharing.binary_search(item).is_err()) {
                add(item, 0, true)?;
            }
            found.sort_unstable_by_key(|candidate| candidate.item);
            Ok(found)
        })
    }

    fn met(&self, entry: &Entry, tables: &Tables) -> Result<Met, Failure> {
        let Settings { fingerprints, rewordings, .. } = *self.settings();
        let families = Families::of(self.settings());
        let (mut met, mut list) = (Met::default(), Vec::new());
        let mut ends = |family, key, full: usize, all: &mut Vec<u32>| {
            list.clear();
            self.with_key(family, key, full, tables, &mut list)?;
            if list.len() > full {
                list.sort_unstable();
                list.drain(full / 2..list.len() - full / 2);
            }
            all.append(&mut list);
            Ok::<(), Failure>(())
        };
        for &fingerprint in entry.fingerprints.iter().filter(|fingerprint| !self.is_stock(**fingerprint)) {
            let (family, key) = families.fingerprint(fingerprint);
            ends(family, key, fingerprints.full_list, &mut met.sharing)?;
        }
        for (band, &key) in entry.bands.iter().enumerate() {
            key.map_or(Ok(()), |key| ends(families.band(band), key, rewordings.full_bucket, &mut met.banded))?;
        }
        met.sharing.sort_unstable();
        met.banded.sort_unstable();
        met.banded.dedup();
        Ok(met)
    }
}
