//! JUnit XML: a test suite for each file, a test case for each finding, and one that passes for a file without any.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::check::{Issue, Report};
use crate::escape::xml;

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut by_path: BTreeMap<&str, Vec<&Issue>> = report.paths.iter().map(|path| (*path, Vec::new())).collect();
    for issue in &report.issues {
        by_path.entry(issue.path).or_default().push(issue);
    }
    let failures = |issues: &[&Issue]| issues.iter().filter(|issue| report.fails(issue)).count();
    let tests: usize = by_path.values().map(|issues| issues.len().max(1)).sum();
    let failed: usize = by_path.values().map(|issues| failures(issues)).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"flong\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\">")?;
    for (path, issues) in &by_path {
        let (tests, failed) = (issues.len().max(1), failures(issues));
        let name = xml(path);
        writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">"
        )?;
        if issues.is_empty() {
            writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\" />")?;
        }
        for issue in issues {
            case(issue, &name, report.fails(issue), out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(issue: &Issue, class: &str, fails: bool, out: &mut dyn Write) -> io::Result<()> {
    let region = issue.region;
    let title = format!("{} {}", issue.rule.code(), issue.rule.title());
    let name = format!("{title}, {}, line {} column {}", issue.document.id, region.line, region.column);
    let (line, name) = (region.line, xml(&name));
    writeln!(out, "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{class}\" line=\"{line}\">")?;
    let message = xml(&issue.message);
    let place = format!("{}:{}:{}", xml(issue.path), region.line, region.column);
    let severity = issue.severity.name();
    if fails {
        let kind = issue.rule.code();
        writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{place}: {severity} {message}</failure>")?;
    } else {
        writeln!(out, "      <system-out>{place}: {severity} {message}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}
