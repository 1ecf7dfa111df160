//! judge: clusters and boilerplate -> findings.

mod finding;

pub use finding::{Action, Finding, Rule};
