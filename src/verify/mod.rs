//! verify: CandidatePair -> Match. Exact measures on the texts, and the kind of the match.
//!
//! ```
//! use flong::boilerplate::Lexicon;
//! use flong::count::Knowledge;
//! use flong::profile::{Profiled, Profiler};
//! use flong::verify::{Kind, verify_texts};
//! use flong::{Document, Params, UnitId, segment};
//!
//! let params = Params::default();
//! let known = Knowledge::empty(params.counting());
//! let profiler = Profiler::new(&params, &known, Lexicon::known());
//! let profile = |text: &str| {
//!     let document = Document::new("", text);
//!     profiler.document(&document, segment::cut(&document))
//! };
//! let kind = |a: &Profiled, b: &Profiled| {
//!     let texts = [a, b].map(|profiled| profiled.text(UnitId(0)));
//!     verify_texts(texts[0], texts[1], params.level, &params.thresholds).map(|verified| verified.kind)
//! };
//! let ferry = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
//! let maize = "Maize prices rose for the third week in a row, the growers' union said on Monday.";
//! assert_eq!(kind(&profile(ferry), &profile(ferry)), Some(Kind::Exact));
//! assert_eq!(kind(&profile(ferry), &profile(maize)), None);
//! ```

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
