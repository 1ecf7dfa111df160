//! The parameters that an index is made with: what is written depends on them, so they cannot change.

use serde::{Deserialize, Serialize};

use super::entry::Row;
use super::families::MAX_BANDS;
use super::seal::SEAL;
use super::store::BLOCK;
use crate::fingerprint::Fingerprints;
use crate::lsh::Banding;
use crate::{Bands, Params, count};

/// The parameters of an index.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Words in a shingle.
    pub shingle: usize,
    /// The choice of shingles that are kept as fingerprints, and how many of them a copy must share.
    pub fingerprints: Fingerprints,
    /// The bands of signatures of telling words.
    pub rewordings: Bands,
    /// Whether boilerplate is set aside first.
    pub set_aside: bool,
    /// Whether the texts are kept to verify matches. Without them, matches are estimated.
    pub text: bool,
}

/// The fingerprints of an index: half of those that `find` keeps, for the file to be small, of which half as many must be
/// shared. So the shortest passage that surely proposes a pair is as long: 18 words.
const FINGERPRINTS: Fingerprints =
    Fingerprints { window: 8, all_shingles: 24, full_list: 64, least_shared: 2, least_share: 0.2 };

impl Settings {
    /// Returns the settings that go with the parameters of a run.
    pub fn of(params: &Params, text: bool) -> Self {
        Settings {
            shingle: params.shingle,
            fingerprints: FINGERPRINTS,
            rewordings: params.rewordings,
            set_aside: params.set_aside,
            text,
        }
    }

    /// Returns the parameters that boilerplate is learned with.
    pub(super) fn counting(&self) -> count::Settings {
        count::Settings { shingle: self.shingle, set_aside: self.set_aside }
    }

    /// Returns why no index can be made with these, if so: an item's row must fit a page, and a band's number a byte.
    pub(super) fn refuse(&self) -> Option<&'static str> {
        let Banding { bands, rows } = self.rewordings.banding();
        let fits = (1..=MAX_BANDS).contains(&bands) && rows > 0 && Row::size(self) + SEAL <= BLOCK;
        if !fits {
            return Some("an index takes 1 to 180 bands for rewordings, and at most 8,000 rows in all of them");
        }
        (self.shingle == 0).then_some("an index takes shingles of one word and more")
    }

    /// Returns the parameters in which an index of these settings and a run differ, so that it cannot be used: the name of
    /// each, its value here and its value there. Whether texts are kept matters to those who add only.
    pub fn mismatches(&self, other: &Settings) -> Vec<(&'static str, String, String)> {
        let banding = |settings: &Settings| {
            let Banding { bands, rows } = settings.rewordings.banding();
            format!("{bands} x {rows}")
        };
        let kept = |Settings { fingerprints, .. }: &Settings| {
            format!("one in {}, all of at most {}", fingerprints.window, fingerprints.all_shingles)
        };
        let all = [
            ("shingle", self.shingle.to_string(), other.shingle.to_string()),
            ("fingerprints", kept(self), kept(other)),
            ("rewordings", banding(self), banding(other)),
            ("set_aside", self.set_aside.to_string(), other.set_aside.to_string()),
        ];
        all.into_iter().filter(|(_, mine, theirs)| mine != theirs).collect()
    }
}
