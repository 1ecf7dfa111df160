//! JSON Lines: a finding a line.

use std::io::{self, Write};

use serde::Serialize;

use crate::check::{Issue, Region, Report};
use crate::judge::Rule;
use crate::{Document, Span};

#[derive(Serialize)]
struct Line<'a> {
    rule: Rule,
    title: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    item: Item<'a>,
    message: &'a str,
    /// The piece that the finding is about.
    text: &'a str,
    score: f32,
    other: Option<Item<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(flatten)]
    place: Option<Place<'a>>,
    document: &'a str,
    source: Option<&'a str>,
    /// Bytes of the document's text.
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
}

fn item<'a>(place: Option<(&'a str, Region)>, document: &'a Document, span: Span) -> Item<'a> {
    let place = place.map(|(path, Region { line, column, end_line, end_column })| Place {
        path,
        line,
        column,
        end_line,
        end_column,
    });
    Item { place, document: &document.id, source: document.source.as_deref(), start: span.start, end: span.end }
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
        item: item(Some((issue.path, issue.region)), issue.document, finding.span),
        message: &issue.message,
        text: issue.passage,
        score: finding.score,
        other: other.map(|(other, (_, span))| item(other.place, other.document, span)),
        fingerprint: &issue.fingerprint,
    }
}
