//! check: findings -> a report for people and for what runs checks.
//!
//! Where [`write`](mod@crate::write) changes a corpus, this says what is wrong with one, and where:
//!
//! ```text
//! findings -> issues(where they stand, how grave) -> baseline(those that are known) -> Report -> a format
//! ```

mod baseline;
mod format;
mod issue;
mod locate;
mod outside;
mod severity;

pub use baseline::{Baseline, Compared, Entry};
pub use format::{Format, write_report};
pub use issue::{Issue, Other, Reading, issues, short};
pub use locate::{Region, locate};
pub use outside::of_documents;
pub use severity::Severity;

use crate::Problem;

/// What a check found, ready to be told.
#[derive(Debug)]
pub struct Report<'a> {
    /// The findings to tell, in order of place.
    pub issues: Vec<Issue<'a>>,
    /// The inputs that were checked, by their paths.
    pub paths: Vec<&'a str>,
    /// How many documents were checked.
    pub documents: usize,
    /// From which severity on a finding fails the check.
    pub fail_on: Severity,
    /// Findings that a baseline knows, which are not told.
    pub known: usize,
    /// What of the input was passed over or read with a conversion.
    pub problems: &'a [Problem],
}

impl Report<'_> {
    /// Whether a finding is grave enough to fail the check.
    pub fn fails(&self, issue: &Issue) -> bool {
        issue.severity >= self.fail_on
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).count()
    }

    /// How many records of the input could not be read.
    pub fn skipped(&self) -> usize {
        self.problems.iter().filter(|problem| problem.skipped).count()
    }
}
