//! judge: Clusters + Survey -> findings: which copy is kept, what is boilerplate, and why.

mod finding;
mod keep;

pub use finding::{Action, Finding, Rule};
pub use keep::{Drop, Keep, ranks};
