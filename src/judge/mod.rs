//! judge: matches, clusters and what is set aside -> findings: which copy is kept, what is boilerplate, and why.
//!
//! [`verdicts`] gives all findings of a run, [`Verdicts`] those about some documents at a time. Each of the other functions gives
//! the findings of one kind.

mod boilerplate;
mod correction;
mod dates;
mod duplicates;
mod finding;
mod items;
mod keep;
mod policy;
mod rank_key;
mod seen;
mod source;
mod verdicts;
mod within;

pub use boilerplate::{boilerplate, stuffing};
pub use correction::{correction_title, is_correction};
pub use dates::{DateOrders, time, times};
pub use duplicates::{Evidence, duplicates, duplicates_among};
pub use finding::{Action, Finding, Rule};
pub use items::{items, items_once, same_item};
pub use keep::{Drop, Keep, Origin, ranks, ranks_by};
pub use policy::{Policy, dropped};
pub use rank_key::rank_key;
pub use seen::{Earlier, seen, seen_again};
pub use source::{Clue, LikelySource, Origins, Side, likely_source};
pub use verdicts::{Verdicts, add_seen, compared, verdicts};
