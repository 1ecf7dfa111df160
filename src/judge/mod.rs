//! judge: Clusters + Survey -> findings: which copy is kept, what is boilerplate, and why.

mod duplicates;
mod finding;
mod keep;

pub use duplicates::{Evidence, duplicates};
pub use finding::{Action, Finding, Rule};
pub use keep::{Drop, Keep, ranks};
