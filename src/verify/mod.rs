//! verify: CandidatePair -> Match. Exact measures on the texts, and the kind of the match.

mod align;
mod decide;
mod facts;
mod kind;
mod measure;
mod thresholds;
mod titles;

pub use align::{Alignment, Gap, align, common};
pub use decide::{plausible, verify};
pub use facts::{Facts, state_facts};
pub use kind::{Kind, Level, Match, Text, Verified};
pub use measure::{Measures, Profile, StemTable, measure, shared, shared_mass};
pub use thresholds::Thresholds;
