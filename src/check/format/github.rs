//! Workflow commands of GitHub Actions: `::warning file=…,line=…::message`.

use std::io::{self, Write};

use crate::check::{Folded, Issue, Report, Severity, fold};
use crate::escape::{annotation, annotation_property, line};

/// Most annotations of each kind that GitHub shows for a step; the rest is in the log only.
const SHOWN: usize = 10;

/// Writes one annotation for findings that repeat, with their number; the most severe first. The log names every place.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<usize> {
    let mut folded = fold(&report.issues);
    folded.sort_by_key(|folded| std::cmp::Reverse(folded.first.severity));
    let mut shown = [0; 3];
    let (mut left, mut log) = (0, Vec::new());
    for folded in folded {
        let Folded { first, more } = &folded;
        let shown = &mut shown[first.severity as usize];
        let is_shown = *shown < SHOWN;
        if is_shown {
            *shown += 1;
            command(first, more.len(), out)?;
        }
        left += more.len() + usize::from(!is_shown);
        if !is_shown || !more.is_empty() {
            log.push(entry(&folded));
        }
    }
    if left > 0 {
        writeln!(out, "::group::{left} more findings: GitHub shows {SHOWN} of a kind beside the lines")?;
        log.iter().try_for_each(|text| writeln!(out, "  {}", line(text)))?;
        writeln!(out, "::endgroup::")?;
    }
    Ok(left)
}

/// Returns the line of the log for findings that repeat.
fn entry(Folded { first, more }: &Folded) -> String {
    let place = |issue: &Issue| format!("{}:{}", issue.path, issue.region.line);
    let others: Vec<String> = more.iter().map(|issue| place(issue)).collect();
    let others = match others.len() {
        0 => String::new(),
        n => format!(" (and {n} more like it: {})", others.join(", ")),
    };
    format!("{}: {} {}{others}", place(first), first.rule.code(), first.message)
}

fn command(issue: &Issue, more: usize, out: &mut dyn Write) -> io::Result<()> {
    let kind = match issue.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let region = issue.region;
    write!(out, "::{kind} file={},line={},endLine={}", annotation_property(issue.path), region.line, region.end_line)?;
    // Columns are for stretches of one line.
    if region.line == region.end_line {
        write!(out, ",col={},endColumn={}", region.column, region.end_column)?;
    }
    let title = format!("{} {}", issue.rule.code(), issue.rule.title());
    let more = if more > 0 { format!(" (and {more} more like it)") } else { String::new() };
    writeln!(out, ",title={}::{}{more}", annotation_property(&title), annotation(&issue.message))
}
