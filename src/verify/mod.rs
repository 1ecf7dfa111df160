//! verify: CandidatePair -> Match. Exact measures on the texts, and the kind of the match.
//!
//! ```
//! use flong::pipeline::{Stopwatch, prepare};
//! use flong::verify::{Kind, verify_texts};
//! use flong::{Document, Grain, Params, UnitId};
//!
//! let ferry = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
//! let maize = "Maize prices rose for the third week in a row, the growers' union said on Monday.";
//! let documents = [ferry, ferry, maize].map(|text| Document::new("", text));
//! let params = Params { grains: vec![Grain::Document], ..Params::default() };
//! let prepared = prepare(&documents, &params, &mut Stopwatch::default());
//!
//! let kind = |a: u32, b: u32| {
//!     let [a, b] = [a, b].map(|unit| prepared.text(UnitId(unit)));
//!     verify_texts(a, b, params.level, &params.thresholds).map(|verified| verified.kind)
//! };
//! assert_eq!(kind(0, 1), Some(Kind::Exact));
//! assert_eq!(kind(0, 2), None);
//! ```

mod accents;
mod align;
mod criteria;
mod decide;
mod exchange;
mod explain;
mod facts;
mod kind;
mod measure;
mod names;
mod passages;
mod places;
mod shared_text;
mod substitutions;
mod thresholds;
mod titles;
mod vocabulary;

pub use align::{Alignment, Gap, align, common};
pub use criteria::{Circumstances, Criterion, Way};
pub use decide::{decide, may_match, plausible, verify, verify_texts};
pub use explain::{Explanation, explain};
pub use facts::{Facts, state_facts};
pub use kind::{Decision, Evidence, Kind, Level, Match, Refusal, Rule, Text, Verified};
pub use measure::{Measures, Profile, StemTable, measure, shared, shared_mass, telling};
pub use names::{Name, Spelling, names};
pub use passages::{SharedPassage, shared_passages};
pub use substitutions::Substitutions;
pub use thresholds::Thresholds;
