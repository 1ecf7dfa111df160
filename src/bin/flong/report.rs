//! The report of a check for people.

use std::io;

use flong::check::{Issue, Report, Severity, short};
use flong::judge::Rule;
use flong::read::Input;

use crate::diff::diff;
use crate::say::{ERROR, FAINT, Lines, NOTE, STRONG, WARNING, count, counted};

/// Characters of a text that are shown.
const WIDTH: usize = 200;

/// Writes a report: `file:line:column: severity CODE message`, and below it the words that matter. Files are named as
/// they were on the command line.
pub fn write(report: &Report, inputs: &[Input], out: &mut Lines) -> io::Result<()> {
    for issue in &report.issues {
        let name = &inputs[issue.document.place.input as usize].name;
        let style = match issue.severity {
            Severity::Note => NOTE,
            Severity::Warning => WARNING,
            Severity::Error => ERROR,
        };
        let (region, severity, code) = (issue.region, issue.severity.name(), issue.rule.code());
        let place = format!("{STRONG}{name}:{}:{}:{STRONG:#}", region.line, region.column);
        writeln!(out, "{place} {style}{severity}{style:#} {STRONG}{code}{STRONG:#} {}", issue.message)?;
        if let Some(words) = words_that_matter(issue, inputs) {
            writeln!(out, "    {words}")?;
        }
    }
    if !report.issues.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", totals(report))
}

/// Prints what a message does not show: the beginning of a copy, or the differences, and where the other text is.
fn words_that_matter(issue: &Issue, inputs: &[Input]) -> Option<String> {
    let other = issue.other?;
    let place = match other.place {
        Some((_, region)) => {
            let name = &inputs[other.document.place.input as usize].name;
            format!("{FAINT}{name}:{}:{}{FAINT:#}", region.line, region.column)
        }
        None => format!("{FAINT}seen before:{FAINT:#}"),
    };
    let words = match issue.rule {
        Rule::ExactDuplicate | Rule::RepeatedItem => short(issue.passage, WIDTH),
        // An index may keep no texts.
        _ if other.passage == issue.passage || other.passage.is_empty() => short(issue.passage, WIDTH),
        _ => diff(other.passage, issue.passage),
    };
    Some(format!("{place} {words}"))
}

/// `3 findings (1 error, 2 warnings) in 12 documents of 2 files`.
pub fn totals(report: &Report) -> String {
    let found = match report.issues.len() {
        0 => "no findings".to_string(),
        n => {
            let severities = [Severity::Error, Severity::Warning, Severity::Note];
            let parts = severities.map(|severity| (report.count(severity), severity.name()));
            let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, name)| counted(*n as u64, name));
            format!("{} ({})", counted(n as u64, "finding"), parts.collect::<Vec<_>>().join(", "))
        }
    };
    let documents = counted(report.documents as u64, "document");
    let files = counted(report.paths.len() as u64, "file");
    let known = match report.known {
        0 => String::new(),
        n => format!("; {} more that the baseline knows", count(n as u64)),
    };
    format!("{found} in {documents} of {files}{known}")
}
