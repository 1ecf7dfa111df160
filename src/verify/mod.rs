//! verify: CandidatePair -> Match. Exact measures on the texts, and the kind of the match.

mod align;
mod kind;
mod measure;

pub use align::{Alignment, Gap, align, common};
pub use kind::{Facts, Kind, Level, Match, Text, Thresholds, Verified, plausible, state_facts, verify};
pub use measure::{Measures, Profile, StemTable, measure, shared, shared_mass};
