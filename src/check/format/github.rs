//! Workflow commands of GitHub Actions: `::warning file=…,line=…::message`.

use std::io::{self, Write};

use super::gravest_first;
use crate::check::{Issue, Report, Severity};

/// A step shows so many annotations of each kind; what is more is in its log only.
const SHOWN: usize = 10;

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<usize> {
    let mut shown = [0; 3];
    let mut more: Vec<&Issue> = Vec::new();
    for issue in gravest_first(report) {
        let shown = &mut shown[issue.severity as usize];
        if *shown < SHOWN {
            *shown += 1;
            command(issue, out)?;
        } else {
            more.push(issue);
        }
    }
    if !more.is_empty() {
        writeln!(out, "::group::{} more findings: GitHub shows {SHOWN} of a kind beside the lines", more.len())?;
        for issue in &more {
            let line = format!("{}:{}: {} {}", issue.path, issue.region.line, issue.rule.code(), issue.message);
            // Nothing in a text may give the runner a command.
            writeln!(out, "  {}", line.replace("##[", "## ["))?;
        }
        writeln!(out, "::endgroup::")?;
    }
    Ok(more.len())
}

fn command(issue: &Issue, out: &mut dyn Write) -> io::Result<()> {
    let kind = match issue.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let region = issue.region;
    write!(out, "::{kind} file={},line={},endLine={}", property(issue.path), region.line, region.end_line)?;
    // Columns are for stretches of one line.
    if region.line == region.end_line {
        write!(out, ",col={},endColumn={}", region.column, region.end_column)?;
    }
    let title = format!("{} {}", issue.rule.code(), issue.rule.title());
    writeln!(out, ",title={}::{}", property(&title), data(&issue.message))
}

/// What stands behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(data("50% off:\r\na, b"), "50%25 off:%0D%0Aa, b");
        assert_eq!(property("50% off:\r\na, b"), "50%25 off%3A%0D%0Aa%2C b");
        assert_eq!(data("%0A"), "%250A", "what looks escaped stays what it is");
    }
}
