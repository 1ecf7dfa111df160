//! verify: CandidatePair -> Match. Exact measures on the texts, and the kind of the match.

mod align;
mod criteria;
mod decide;
mod explain;
mod facts;
mod kind;
mod measure;
mod names;
mod passages;
mod shared_text;
mod substitutions;
mod thresholds;
mod titles;

pub use align::{Alignment, Gap, align, common};
pub use criteria::{Circumstances, Criterion, Way};
pub use decide::{decide, plausible, verify, verify_texts};
pub use explain::{Explanation, explain};
pub use facts::{Facts, state_facts};
pub use kind::{Evidence, Kind, Level, Match, Refusal, Rule, Text, Verified};
pub use measure::{Measures, Profile, StemTable, measure, shared, shared_mass, telling};
pub use names::{Name, Spelling, names};
pub use passages::{SharedPassage, shared_passages};
pub use substitutions::Substitutions;
pub use thresholds::Thresholds;
