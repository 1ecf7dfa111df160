//! The report of a check for people.

use std::io;

use flong::check::{Folded, Issue, Report, Severity, fold, short};
use flong::judge::Rule;
use flong::read::Input;

use crate::diff::diff;
use crate::say::{self, ERROR, FAINT, Lines, NOTE, STRONG, WARNING, count, counted};
use crate::wrap;

/// Characters of a text that are shown.
const WIDTH: usize = 200;

/// Writes a report: rule by rule, copies first, and `file:line:column: severity CODE message` for each finding, with the words
/// that matter below it. Findings that repeat are one line with a count. Files are named as they were on the command line.
/// With `named` each finding ends in its fingerprint; without `coloured`, words that differ are in brackets.
pub fn write(report: &Report, inputs: &[Input], named: bool, coloured: bool, out: &mut Lines) -> io::Result<()> {
    let width = say::width();
    let mut rule = None;
    for Folded { first, more } in fold(&report.issues) {
        if rule.is_some_and(|rule| rule != first.rule) {
            writeln!(out)?;
        }
        rule = Some(first.rule);
        let style = match first.severity {
            Severity::Note => NOTE,
            Severity::Warning => WARNING,
            Severity::Error => ERROR,
        };
        let (severity, code, message) = (first.severity.name(), first.rule.code(), &first.message);
        let fingerprint = if named { format!("  {FAINT}{}{FAINT:#}", first.fingerprint) } else { String::new() };
        let place = place(first, inputs);
        writeln!(
            out,
            "{STRONG}{place}:{STRONG:#} {style}{severity}{style:#} {STRONG}{code}{STRONG:#} {message}{fingerprint}"
        )?;
        if let Some(words) = words_that_matter(first, inputs, coloured) {
            for line in wrap::lines(&words, width - INDENT.len()) {
                writeln!(out, "{INDENT}{line}")?;
            }
        }
        if !more.is_empty() {
            let places: Vec<String> = more.iter().take(FEW).map(|issue| self::place(issue, inputs)).collect();
            let rest = if more.len() > FEW { ", …" } else { "" };
            let text = format!("and {} more like it: {}{rest}", count(more.len() as u64), places.join(", "));
            for line in wrap::lines(&text, width - INDENT.len()) {
                writeln!(out, "{INDENT}{FAINT}{line}{FAINT:#}")?;
            }
        }
    }
    if !report.issues.is_empty() {
        writeln!(out)?;
        write_rules(report, out)?;
    }
    writeln!(out, "{}", totals(report))
}

/// Spaces before what belongs to a finding.
const INDENT: &str = "    ";
/// Most places of findings that are folded which are named.
const FEW: usize = 3;

/// Returns the place of a finding: `file:line:column`.
fn place(issue: &Issue, inputs: &[Input]) -> String {
    let name = &inputs[issue.document.provenance.place.input as usize].name;
    format!("{name}:{}:{}", issue.region.line, issue.region.column)
}

/// Writes how many findings of each rule there are, if there are several rules.
fn write_rules(report: &Report, out: &mut Lines) -> io::Result<()> {
    let of = |rule: Rule| report.issues.iter().filter(|issue| issue.rule == rule).count() as u64;
    let counts: Vec<(Rule, u64)> = Rule::ALL.iter().map(|&rule| (rule, of(rule))).filter(|(_, n)| *n > 0).collect();
    if counts.len() < 2 {
        return Ok(());
    }
    for (rule, n) in counts {
        writeln!(out, "{:>8}  {STRONG}{}{STRONG:#} {}", count(n), rule.code(), rule.title())?;
    }
    Ok(())
}

/// Prints what a message does not show: the beginning of a copy, or the differences, and where the other text is.
fn words_that_matter(issue: &Issue, inputs: &[Input], coloured: bool) -> Option<String> {
    let other = issue.other?;
    let place = match other.place {
        Some((_, region)) => {
            let name = &inputs[other.document.provenance.place.input as usize].name;
            format!("{FAINT}{name}:{}:{}{FAINT:#}", region.line, region.column)
        }
        None => format!("{FAINT}seen before:{FAINT:#}"),
    };
    let words = match issue.rule {
        Rule::ExactDuplicate | Rule::RepeatedItem => short(issue.passage, WIDTH),
        // An index may keep no texts.
        _ if other.passage == issue.passage || other.passage.is_empty() => short(issue.passage, WIDTH),
        _ => diff(other.passage, issue.passage, coloured),
    };
    Some(format!("{place} {words}"))
}

/// Returns a summary: `3 findings (1 error, 2 warnings) in 12 documents of 2 files`.
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
