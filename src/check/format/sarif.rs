//! SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS, within the limits of GitHub's code scanning.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::gravest_first;
use crate::check::{Issue, Region, Report, Severity};
use crate::escape::{line, sarif_text};
use crate::judge::Rule;

/// Most results of a run that GitHub accepts. A result has one location and one related location here, far from the limit of
/// 1,000.
const RESULTS: usize = 25_000;
/// Most notifications about records that could not be read.
const NOTIFICATIONS: usize = 100;
/// Address of the schema.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<usize> {
    let issues = gravest_first(report);
    let cut = issues.len().saturating_sub(RESULTS);
    let results: Vec<Value> = issues.iter().take(RESULTS).map(|issue| result(issue)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "flong",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Rule::ALL.iter().map(|rule| descriptor(*rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.skipped() == 0,
                "toolExecutionNotifications": notifications(report, cut),
            }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)?;
    Ok(cut)
}

fn descriptor(rule: Rule) -> Value {
    let name: String = rule.title().split(' ').map(capital).collect();
    json!({
        "id": rule.code(),
        "name": name,
        "shortDescription": {"text": rule.title()},
        "fullDescription": {"text": rule.summary()},
        "helpUri": rule.address(),
        "help": {"text": rule.explanation(), "markdown": rule.explanation()},
        "defaultConfiguration": {"level": Severity::of(rule).name()},
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn result(issue: &Issue) -> Value {
    let index = Rule::ALL.iter().position(|rule| *rule == issue.rule);
    let related = issue.other.as_ref().map(|other| {
        let mut location = match other.place {
            Some((path, region)) => location(path, region),
            None => json!({"logicalLocations": [{"name": line(&other.document.id), "kind": "element"}]}),
        };
        location["id"] = 1.into();
        location["message"] = json!({"text": sarif_text(&format!("the other: {}", other.document.id))});
        location
    });
    let mut place = location(issue.path, issue.region);
    place["logicalLocations"] = json!([{"name": line(&issue.document.id), "kind": "element"}]);
    json!({
        "ruleId": issue.rule.code(),
        "ruleIndex": index,
        "level": issue.severity.name(),
        "message": {"text": sarif_text(&issue.message)},
        "locations": [place],
        "relatedLocations": related.into_iter().collect::<Vec<_>>(),
        "partialFingerprints": {"flong/v1": issue.fingerprint},
    })
}

fn location(path: &str, region: Region) -> Value {
    let Region { line, column, end_line, end_column } = region;
    json!({"physicalLocation": {
        "artifactLocation": artifact(path),
        "region": {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
    }})
}

/// Returns a path as a URI: relative to the root of the sources, or absolute.
fn artifact(path: &str) -> Value {
    let uri: String = path.bytes().map(encoded).collect();
    let drive = path.as_bytes().get(1) == Some(&b':');
    match path.starts_with('/') || drive {
        true => json!({"uri": format!("file://{}{uri}", if drive { "/" } else { "" })}),
        false => json!({"uri": uri, "uriBaseId": "%SRCROOT%"}),
    }
}

fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

/// Returns notifications for the reader of the results: what is left out, and what could not be read.
fn notifications(report: &Report, cut: usize) -> Vec<Value> {
    let note = |level: &str, text: String| json!({"level": level, "message": {"text": sarif_text(&text)}});
    let left_out = (cut > 0).then(|| {
        let text = format!("{cut} findings are left out: the limit is {RESULTS}; the gravest are here");
        note("warning", text)
    });
    let skipped: Vec<_> = report.problems.iter().filter(|problem| problem.skipped).collect();
    let more = skipped.len().saturating_sub(NOTIFICATIONS);
    let shown = skipped.iter().take(NOTIFICATIONS).map(|problem| note("error", format!("skipped: {problem}")));
    let rest = (more > 0).then(|| note("error", format!("{more} more records could not be read")));
    left_out.into_iter().chain(shown).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(artifact("a b/ü%.txt"), json!({"uri": "a%20b/%C3%BC%25.txt", "uriBaseId": "%SRCROOT%"}));
        assert_eq!(artifact("/a/b.txt"), json!({"uri": "file:///a/b.txt"}));
        assert_eq!(artifact("C:/a.txt"), json!({"uri": "file:///C%3A/a.txt"}));
    }
}
