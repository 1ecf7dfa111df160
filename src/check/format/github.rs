//! Workflow commands of GitHub Actions: `::warning file=…,line=…::message`.

use std::io::{self, Write};

use super::gravest_first;
use crate::check::{Issue, Report, Severity};
use crate::escape::{annotation, annotation_property, line};

/// Most annotations of each kind that GitHub shows for a step; the rest is in the log only.
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
            let text = format!("{}:{}: {} {}", issue.path, issue.region.line, issue.rule.code(), issue.message);
            writeln!(out, "  {}", line(&text))?;
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
    write!(out, "::{kind} file={},line={},endLine={}", annotation_property(issue.path), region.line, region.end_line)?;
    // Columns are for stretches of one line.
    if region.line == region.end_line {
        write!(out, ",col={},endColumn={}", region.column, region.end_column)?;
    }
    let title = format!("{} {}", issue.rule.code(), issue.rule.title());
    writeln!(out, ",title={}::{}", annotation_property(&title), annotation(&issue.message))
}
