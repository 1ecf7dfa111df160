//! check: findings -> a report for people and for programs that run checks.
//!
//! While [`write`](mod@crate::write) changes a corpus, this module reports what is wrong with one, and where:
//!
//! ```text
//! findings -> issues (with place and severity) -> baseline (leaves known ones out) -> Report -> a format
//! ```

mod baseline;
mod fold;
mod format;
mod issue;
mod locate;
mod outside;
mod rules;
mod severity;

pub use baseline::{Baseline, Compared, Entry};
pub use fold::{Folded, fold};
pub use format::{Format, write_report};
pub use issue::{Issue, Other, Reading, issues, short};
pub use locate::{Region, locate};
pub use outside::of_documents;
pub use severity::Severity;

use crate::Problem;

/// The result of a check, ready to be written in a format.
#[derive(Debug)]
pub struct Report<'a> {
    /// The findings to report, in order of place.
    pub issues: Vec<Issue<'a>>,
    /// The inputs that were checked, by their paths.
    pub paths: Vec<&'a str>,
    /// The number of documents that were checked.
    pub documents: usize,
    /// The lowest severity that fails the check.
    pub fail_on: Severity,
    /// Number of findings that are not reported because a baseline contains them.
    pub known: usize,
    /// Parts of the input that were skipped or read with a conversion.
    pub problems: &'a [Problem],
}

impl Report<'_> {
    /// Returns whether a finding is severe enough to fail the check.
    pub fn fails(&self, issue: &Issue) -> bool {
        issue.severity >= self.fail_on
    }

    /// Returns the number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).count()
    }

    /// Returns the number of records of the input that could not be read.
    pub fn skipped(&self) -> usize {
        self.problems.iter().filter(|problem| problem.skipped).count()
    }
}
