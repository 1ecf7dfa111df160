//! Report formats for programs that run checks.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;

use std::io::{self, Write};

use super::{Issue, Report, Severity};
use crate::escape::Guard;

/// A report format for programs. The format for people belongs to the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Lines: a finding a line.
    Json,
    /// SARIF 2.1.0, within the limits of GitHub's code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which show findings beside the lines of a change.
    Github,
    /// JUnit XML: a test suite for each file.
    Junit,
    /// Markdown: a summary with tables.
    Markdown,
}

/// Writes a report. Returns how many findings were left out, or shown with less detail, because of a limit of the format; the
/// most severe ones come first then. Data in a report is escaped and cannot act as markup: see [`escape`](crate::escape).
///
/// # Errors
/// If the writer fails.
pub fn write_report(report: &Report, format: Format, out: &mut dyn Write) -> io::Result<usize> {
    let mut guarded = match format {
        Format::Json | Format::Sarif => Guard::json(out),
        Format::Github | Format::Junit | Format::Markdown => Guard::new(out),
    };
    let out: &mut dyn Write = &mut guarded;
    match format {
        Format::Json => json::write(report, out).map(|()| 0),
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
        Format::Junit => junit::write(report, out).map(|()| 0),
        Format::Markdown => markdown::write(report, out),
    }
}

/// Returns the findings, the most severe first, else in their order.
fn gravest_first<'r, 'a>(report: &'r Report<'a>) -> Vec<&'r Issue<'a>> {
    let mut issues: Vec<&Issue> = report.issues.iter().collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
    issues
}

/// Returns a summary: `3 findings: 1 error, 2 warnings`.
fn totals(report: &Report) -> String {
    let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let by_severity = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (report.count(severity), severity.name()))
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| counted(n, name));
    let parts: Vec<String> = by_severity.collect();
    match report.issues.len() {
        0 => "no findings".into(),
        n => format!("{}: {}", counted(n, "finding"), parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Reading, issues};
    use crate::judge::{Action, Finding, Rule};
    use crate::read::{Compression, Fields, Input, Place, Provenance};
    use crate::{Document, Span};

    /// Writes some findings in one file; returns the text and how many were left out. Ids are as odd as they may be.
    fn written(format: Format, id: &str, count: usize, severity: Severity) -> (String, usize) {
        let record: Box<str> = r#"{"text": "READ ALSO: Ferry Aground"}"#.into();
        let document = |n: usize| Document {
            provenance: Provenance {
                record: Some(record.as_bytes().into()),
                ..Place { input: 0, record: n as u64 }.into()
            },
            ..Document::new(id, "READ ALSO: Ferry Aground")
        };
        let documents: Vec<Document> = (0..count).map(document).collect();
        let format_of = crate::read::Format::JsonLines;
        let inputs = [Input { name: "x".into(), path: None, format: format_of, compression: Compression::None }];
        let paths = ["feeds/a b,c:%.jsonl".to_string(), "feeds/clean.jsonl".to_string()];
        let fields = Fields::default();
        let reading = Reading { documents: &documents, items: &[], inputs: &inputs, paths: &paths, fields: &fields };
        let finding = |document| Finding {
            document,
            span: Span::new(0, 24),
            whole: false,
            grain: None,
            rule: Rule::InsertedLink,
            action: Action::Removed,
            score: 1.0,
            kept: (document > 0).then_some((0, Span::new(0, 24))),
            reason: format!("like that of {id}").into(),
        };
        let findings: Vec<Finding> = (0..count).map(finding).collect();
        let report = Report {
            issues: issues(&findings, &reading, |_| Some(severity)),
            paths: paths.iter().map(String::as_str).collect(),
            documents: count,
            fail_on: Severity::Warning,
            known: 0,
            problems: &[],
        };
        let mut out = Vec::new();
        let left = write_report(&report, format, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), left)
    }

    #[test]
    fn github_escapes_what_would_end_a_property_or_the_line() {
        let (text, left) = written(Format::Github, "50%,a:b\r\n::error::x", 1, Severity::Note);
        let expected = "::notice file=feeds/a b%2Cc%3A%25.jsonl,line=1,endLine=1,col=11,endColumn=35,title=FL201 inserted \
            link::inserted link “READ ALSO: Ferry Aground”: like that of 50%25,a:b ::error::x\n";
        assert_eq!((text.as_str(), left), (expected, 0));
    }

    #[test]
    fn github_folds_what_repeats_and_has_the_rest_as_text() {
        let (text, left) = written(Format::Github, "a", 12, Severity::Error);
        let annotations: Vec<&str> = text.lines().filter(|line| line.starts_with("::error ")).collect();
        assert_eq!(annotations.len(), 1);
        assert!(annotations[0].ends_with("like that of a (and 11 more like it)"), "{text}");
        let log: Vec<&str> = text.lines().filter(|line| line.contains(": FL201 inserted link “")).collect();
        assert_eq!((left, log.len()), (11, 1), "{text}");
        assert_eq!(log[0].matches("feeds/a b,c:%.jsonl:").count(), 12, "every place is in the log: {text}");
        assert!(text.contains("::group::11 more findings"), "{text}");
    }

    #[test]
    fn sarif_keeps_within_the_limit() {
        let (text, left) = written(Format::Sarif, "a", 25_003, Severity::Warning);
        let log: serde_json::Value = serde_json::from_str(&text).unwrap();
        let run = &log["runs"][0];
        assert_eq!((run["results"].as_array().unwrap().len(), left), (25_000, 3));
        let told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
        assert!(told.contains("3 findings are left out"), "{told}");
    }

    #[test]
    fn junit_escapes_and_names_clean_files() {
        let (text, _) = written(Format::Junit, "<a> & \"b\" \u{1}", 1, Severity::Warning);
        assert!(text.contains("&lt;a&gt; &amp; &quot;b&quot; \\u{1}"), "{text}");
        assert!(text.contains("<testsuite name=\"feeds/clean.jsonl\" tests=\"1\" failures=\"0\""), "{text}");
    }

    #[test]
    fn markdown_keeps_to_its_table() {
        let (text, left) = written(Format::Markdown, "a|b\n# c <img> `d`", 250, Severity::Warning);
        assert_eq!((text.lines().filter(|line| line.starts_with("| warning ")).count(), left), (200, 50));
        assert!(text.contains("a\\|b # c &lt;img&gt; \\`d\\`"), "{text}");
        assert!(text.contains("50 more findings"), "{text}");
    }

    #[test]
    fn json_has_a_line_for_each() {
        let (text, _) = written(Format::Json, "a\nb", 2, Severity::Warning);
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (&lines[1]["line"], &lines[1]["column"], &lines[1]["rule"]),
            (&2.into(), &11.into(), &"FL201".into())
        );
        assert_eq!(lines[1]["other"]["line"], 1);
    }
}
