//! JSON Lines: a finding a line.

use std::io::{self, Write};

use serde::Serialize;

use crate::Span;
use crate::check::{Issue, Region, Report};
use crate::judge::Rule;

#[derive(Serialize)]
struct Line<'a> {
    rule: Rule,
    title: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
    /// The piece that the finding is about.
    text: &'a str,
    score: f32,
    other: Option<Place<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    document: &'a str,
    source: Option<&'a str>,
    /// Bytes of the document's text.
    start: u32,
    end: u32,
}

fn place<'a>(path: &'a str, region: Region, document: &'a crate::Document, span: Span) -> Place<'a> {
    let Region { line, column, end_line, end_column } = region;
    let (document, source) = (&*document.id, document.source.as_deref());
    Place { path, line, column, end_line, end_column, document, source, start: span.start, end: span.end }
}

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for issue in &report.issues {
        serde_json::to_writer(&mut *out, &line(issue))?;
        writeln!(out)?;
    }
    Ok(())
}

fn line<'a>(issue: &'a Issue) -> Line<'a> {
    let finding = issue.finding;
    let other = issue.other.as_ref().zip(finding.kept);
    Line {
        rule: issue.rule,
        title: issue.rule.title(),
        severity: issue.severity.name(),
        place: place(issue.path, issue.region, issue.document, finding.span),
        message: &issue.message,
        text: issue.passage,
        score: finding.score,
        other: other.map(|(other, (_, span))| place(other.path, other.region, other.document, span)),
        fingerprint: &issue.fingerprint,
    }
}
