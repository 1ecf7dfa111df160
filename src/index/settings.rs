//! The parameters that an index is made with: what is written depends on them, so they cannot change.

use serde::{Deserialize, Serialize};

use super::entry::Row;
use super::seal::SEAL;
use super::store::BLOCK;
use crate::lsh::Banding;
use crate::{Bands, Params};

/// The parameters of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Words in a shingle.
    pub shingle: usize,
    /// How signatures of shingles are banded.
    pub copies: Bands,
    /// How signatures of single telling words are banded.
    pub rewordings: Bands,
    /// Whether boilerplate is set aside before sketching.
    pub set_aside: bool,
    /// Whether the texts are kept, to verify by; without, what a query says is estimated.
    pub text: bool,
}

/// How signatures of shingles are banded in an index.
const COPIES: Bands = Bands { bands: 24, rows: 2, full_bucket: 32 };

impl Settings {
    /// Those that go with the parameters of a run.
    pub fn of(params: &Params, text: bool) -> Self {
        Settings {
            shingle: params.shingle,
            copies: COPIES,
            rewordings: params.rewordings,
            set_aside: params.set_aside,
            text,
        }
    }

    /// Returns what boilerplate is learned with.
    pub(super) fn counting(&self) -> crate::count::Settings {
        crate::count::Settings { shingle: self.shingle, set_aside: self.set_aside }
    }

    /// Why no index can be made with these, if so: an item's row must fit a page, and a band's number a byte.
    pub(super) fn refuse(&self) -> Option<&'static str> {
        let bands = [self.copies, self.rewordings];
        let fits = bands.iter().map(|bands| bands.bands).sum::<usize>() <= 250 && Row::size(self) + SEAL <= BLOCK;
        let some = bands.iter().all(|bands| bands.bands > 0 && bands.rows > 0) && self.shingle > 0;
        (!fits || !some)
            .then_some("an index takes shingles and bands of one and more, at most 250 bands and 4,000 rows in all")
    }

    /// The parameters that stand against using an index of these settings in a run of others: its name, what it is here
    /// and what it is there. Whether texts are kept matters to those who add only.
    pub fn mismatches(&self, other: &Settings) -> Vec<(&'static str, String, String)> {
        let banding = |bands: Bands| {
            let Banding { bands, rows } = bands.banding();
            format!("{bands} x {rows}")
        };
        let all = [
            ("shingle", self.shingle.to_string(), other.shingle.to_string()),
            ("copies", banding(self.copies), banding(other.copies)),
            ("rewordings", banding(self.rewordings), banding(other.rewordings)),
            ("set_aside", self.set_aside.to_string(), other.set_aside.to_string()),
        ];
        all.into_iter().filter(|(_, mine, theirs)| mine != theirs).collect()
    }
}
