//! judge: Clusters + Survey -> findings: which copy is kept, what is boilerplate, and why.

mod boilerplate;
mod dates;
mod duplicates;
mod finding;
mod items;
mod keep;
mod seen;
mod within;

pub use boilerplate::{boilerplate, stuffing};
pub use dates::times;
pub use duplicates::{Evidence, duplicates};
pub use finding::{Action, Finding, Rule};
pub use items::{items, same_item};
pub use keep::{Drop, Keep, Origin, ranks};
pub use seen::{Earlier, seen, seen_again};
