//! Markdown: what was found by rule, and the findings in a table.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{gravest_first, totals};
use crate::check::{Issue, Report, short};
use crate::escape::markdown_cell;

/// Findings in the table: a job summary may have 1 MiB, and nobody reads more.
const ROWS: usize = 200;
/// Characters of a message.
const MESSAGE: usize = 300;

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<usize> {
    let verdict = if report.issues.iter().any(|issue| report.fails(issue)) { "failed" } else { "passed" };
    writeln!(out, "### flong check {verdict}: {}\n", totals(report))?;
    let (documents, files) = (report.documents, report.paths.len());
    write!(out, "Documents checked: {documents}, in files: {files}.")?;
    if report.known > 0 {
        write!(out, " Known by the baseline, and not shown: {}.", report.known)?;
    }
    if report.skipped() > 0 {
        write!(out, " **Records that could not be read: {}.**", report.skipped())?;
    }
    writeln!(out)?;
    if report.issues.is_empty() {
        return Ok(0);
    }
    rules(report, out)?;
    writeln!(out, "\n| severity | rule | where | what |\n|---|---|---|---|")?;
    let issues = gravest_first(report);
    for issue in issues.iter().take(ROWS) {
        writeln!(out, "{}", row(issue))?;
    }
    let more = issues.len().saturating_sub(ROWS);
    if more > 0 {
        writeln!(out, "\n{more} more findings are not shown.")?;
    }
    Ok(more)
}

fn rules(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    report.issues.iter().for_each(|issue| *counts.entry(issue.rule).or_default() += 1);
    writeln!(out, "\n| rule | | findings |\n|---|---|---:|")?;
    counts.iter().try_for_each(|(rule, n)| writeln!(out, "| {} | {} | {n} |", rule.code(), rule.title()))
}

fn row(issue: &Issue) -> String {
    let place = format!("{}:{}", issue.path, issue.region.line);
    let message = short(&issue.message, MESSAGE);
    format!(
        "| {} | {} | {} | {} |",
        issue.severity.name(),
        issue.rule.code(),
        markdown_cell(&place),
        markdown_cell(&message)
    )
}
