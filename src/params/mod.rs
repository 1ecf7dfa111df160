//! params: the parameters of a run. Two runs with equal parameters on equal input write equal outputs.

mod named;
mod validate;

use serde::{Deserialize, Serialize};

use crate::Grain;
use crate::boilerplate::OwnPhrases;
use crate::fingerprint::Fingerprints;
use crate::judge::{Drop, Keep};
use crate::lsh::Banding;
use crate::verify::{Level, Thresholds};

/// The parameters of a run. [`Params::default`] has the defaults of the command line. [`Params::validate`] checks them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The grains to compare at, each on its own.
    pub grains: Vec<Grain>,
    /// How far a match may be from a copy.
    pub level: Level,
    /// Words in a shingle.
    pub shingle: usize,
    /// How copies and excerpts are proposed: by shared fingerprints.
    pub fingerprints: Fingerprints,
    /// How signatures of single telling words are banded: for rewordings, which keep few shingles.
    pub rewordings: Bands,
    /// The thresholds of verification. Their names in settings and outputs begin with `verify.`.
    #[serde(rename = "verify", alias = "thresholds")]
    pub thresholds: Thresholds,
    /// Which copy is kept.
    pub keep: Keep,
    /// What may be dropped.
    pub drop: Drop,
    /// How close a duplicate must be to be removed rather than marked.
    pub remove: Level,
    /// The grains at which a piece of one document is removed for a copy of it in another. Within a document pieces
    /// are removed at every grain that is compared.
    pub across: Vec<Grain>,
    /// Whether boilerplate is set aside before matching.
    pub set_aside: bool,
    /// Phrases of boilerplate, in addition to those that flong knows.
    #[serde(skip_serializing_if = "OwnPhrases::is_empty")]
    pub own: OwnPhrases,
    /// The rank of each input of the run by its path: of copies that are otherwise equal the one of the first is kept.
    /// Empty where inputs rank as they are numbered.
    #[serde(skip)]
    pub input_ranks: Vec<u32>,
}

impl Params {
    /// Returns the part of the parameters that [counts](crate::count) depend on.
    pub fn counting(&self) -> crate::count::Settings {
        crate::count::Settings { shingle: self.shingle, set_aside: self.set_aside }
    }

    /// Ranks the inputs of the run, whose paths these are, by the bytes of the paths.
    pub fn rank_inputs<'a>(&mut self, paths: impl IntoIterator<Item = &'a str>) {
        let mut sorted: Vec<(&str, usize)> = paths.into_iter().zip(0..).collect();
        sorted.sort_unstable();
        self.input_ranks = vec![0; sorted.len()];
        (0..).zip(sorted).for_each(|(rank, (_, input))| self.input_ranks[input] = rank);
    }

    /// Returns the rank of an input.
    pub(crate) fn input_rank(&self, input: u32) -> u32 {
        self.input_ranks.get(input as usize).copied().unwrap_or(input)
    }
}

impl Default for Params {
    fn default() -> Self {
        Params {
            grains: vec![Grain::Document, Grain::Paragraph],
            level: Level::Reworded,
            shingle: 3,
            fingerprints: Fingerprints::default(),
            rewordings: Bands { bands: 32, rows: 3, full_bucket: 16 },
            thresholds: Thresholds::default(),
            keep: Keep::Earliest,
            drop: Drop::Duplicates,
            remove: Level::Near,
            across: vec![Grain::Document],
            set_aside: true,
            own: OwnPhrases::default(),
            input_ranks: Vec::new(),
        }
    }
}

/// [`Banding`] as a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// How many bands.
    pub bands: usize,
    /// Places in a band.
    pub rows: usize,
    /// Most members of a bucket that are compared each with each (see [`crate::lsh::candidates`]).
    pub full_bucket: usize,
}

impl Bands {
    /// Returns them in the form that the stage takes.
    pub fn banding(self) -> Banding {
        Banding { bands: self.bands, rows: self.rows }
    }
}
