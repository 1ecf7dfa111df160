//! Workflow commands of GitHub Actions: `::warning file=…,line=…::message`.

use std::io::{self, Write};

use crate::check::{Folded, Issue, Report, Severity, fold};
use crate::escape::{annotation, annotation_property, line};

/// Most annotations of each kind that GitHub shows for a step; the rest is in the log only.
const SHOWN: usize = 10;

/// Writes one annotation for findings that repeat, with their number; the most severe first.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<usize> {
    let mut folded = fold(&report.issues);
    folded.sort_by_key(|folded| std::cmp::Reverse(folded.first.severity));
    let mut shown = [0; 3];
    let mut rest: Vec<&Issue> = Vec::new();
    for Folded { first, more } in folded {
        let shown = &mut shown[first.severity as usize];
        if *shown < SHOWN {
            *shown += 1;
            command(first, more.len(), out)?;
        } else {
            rest.push(first);
        }
        rest.extend(more);
    }
    if !rest.is_empty() {
        writeln!(out, "::group::{} more findings: GitHub shows {SHOWN} of a kind beside the lines", rest.len())?;
        for issue in &rest {
            let text = format!("{}:{}: {} {}", issue.path, issue.region.line, issue.rule.code(), issue.message);
            writeln!(out, "  {}", line(&text))?;
        }
        writeln!(out, "::endgroup::")?;
    }
    Ok(rest.len())
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
