//! Checking a table: what is wrong with it, and where.

use std::collections::BTreeSet;
use std::ffi::OsString;

use flong::check::{Issue, Reading, Severity, issues, of_documents};
use flong::judge::{Drop, Finding, Origin as Named, Policy};
use flong::read::{Compression, Format, Input, Place};
use flong::run::{self, CheckOptions, CheckRun, Summary};
use flong::{Document, Heads, Result};
use pyo3::prelude::*;

use crate::capsule::Frame;
use crate::find::{FoundIn, Origin, Run, find, text_of};
use crate::frames::{flags, frame, offsets, rows, shares, texts};
use crate::options::Options;
use crate::rows::Table;
use crate::table::Columns;
use crate::work::{self, Watch};

/// A finding to be reported.
struct Line {
    /// The row of the table, or the path of the file.
    row: Option<u64>,
    path: Option<String>,
    document: String,
    rule: &'static str,
    title: &'static str,
    severity: &'static str,
    fails: bool,
    line: u64,
    column: u64,
    start: u32,
    end: u32,
    text: String,
    score: f32,
    message: String,
    /// The other text: its document, and its row if it is of the same table.
    other: Option<(String, Option<u64>)>,
    fingerprint: String,
}

impl Line {
    fn of(issue: &Issue, fail_on: Severity, are_rows: bool) -> Line {
        let row = |document: &Document| {
            (are_rows && document.provenance.place.input == 0).then_some(document.provenance.place.record)
        };
        Line {
            row: row(issue.document),
            path: (!are_rows).then(|| issue.path.to_owned()),
            document: issue.document.id.to_string(),
            rule: issue.rule.code(),
            title: issue.rule.title(),
            severity: issue.severity.name(),
            fails: issue.severity >= fail_on,
            line: issue.region.line,
            column: issue.region.column,
            start: issue.finding.span.start,
            end: issue.finding.span.end,
            text: issue.passage.to_owned(),
            score: issue.finding.score,
            message: issue.message.clone(),
            other: issue.other.map(|other| (other.document.id.to_string(), row(other.document))),
            fingerprint: issue.fingerprint.clone(),
        }
    }
}

/// Reports what is wrong with a table, compared with itself and with `against`. Returns the findings, and what was found.
#[pyfunction]
#[pyo3(signature = (data, against, options, progress=None))]
pub fn check_table(
    py: Python<'_>,
    data: &Columns,
    against: Option<&Columns>,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Columns, FoundIn)> {
    let options = Options::parse(options, &[])?;
    let frames: Vec<Frame> = std::iter::once(data).chain(against).map(|columns| columns.frame.clone()).collect();
    let (run, lines) = work::run(py, options.threads(), progress, move |watch| {
        let tables = frames.into_iter().zip(0..).map(|(frame, input)| Table::new(frame, input, &options));
        check(tables.collect::<Result<_>>()?, &options, watch)
    })?;
    Ok((Columns { frame: frame_of(&lines)? }, FoundIn { run }))
}

/// Reports what is wrong with files, as the command line does.
#[pyfunction]
#[pyo3(signature = (paths, against, options, progress=None))]
pub fn check_files(
    py: Python<'_>,
    paths: Vec<OsString>,
    against: Vec<OsString>,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Columns, FoundIn)> {
    let options = Options::parse(options, &paths)?;
    let (run, lines) = work::run(py, options.threads(), progress, move |watch| {
        let (settings, others) = (options.settings(), &options.others);
        let index = others.index.clone();
        let asked = CheckOptions { against, index, update: others.update, ..CheckOptions::default() };
        let run = run::check(&options.inputs(paths), settings, &asked, &**watch)?;
        let paths: Vec<String> = run.loaded.inputs.iter().map(|input| input.name.clone()).collect();
        let issues = run.issues(&paths, settings);
        let lines: Vec<Line> = issues.iter().map(|issue| Line::of(issue, settings.fail_on(), false)).collect();
        let failing = issues.iter().filter(|issue| issue.severity >= settings.fail_on());
        let failing: BTreeSet<Place> = failing.map(|issue| issue.document.provenance.place).collect();
        run.update(|document| failing.contains(&document.provenance.place))?;
        drop(issues);
        let CheckRun { loaded, found, params, stages, .. } = run;
        let summary = Summary::new(&loaded, &found, &params, stages);
        let mut heads = Heads::default();
        loaded.documents.iter().for_each(|document| heads.push(document.head()));
        Ok((Run { heads, found, summary, unread: Vec::new(), origin: Origin::Gone, seen: None }, lines))
    })?;
    Ok((Columns { frame: frame_of(&lines)? }, FoundIn { run }))
}

fn check(tables: Vec<Table>, options: &Options, watch: &std::sync::Arc<Watch>) -> Result<(Run, Vec<Line>)> {
    let settings = options.settings();
    let mut params = settings.params()?;
    if tables.len() > 1 {
        params.drop = Drop::From(Named::inputs("the checked rows", [0]));
    }
    let run = find(tables, options, &params, watch)?;
    watch.begin("judge");
    let findings = run.verdicts(&settings.policy(Policy::checking(&params)));
    let findings = of_documents(findings, |index| run.heads.head(index).place.input == 0);
    let documents = with_texts(&run, &findings);
    let input =
        |name: &str| Input { name: name.into(), path: None, format: Format::Text, compression: Compression::None };
    let inputs = [input("data"), input("against")];
    let paths = [inputs[0].name.clone(), inputs[1].name.clone()];
    let fields = settings.fields();
    let reading = Reading { documents: &documents, items: &[], inputs: &inputs, paths: &paths, fields: &fields };
    let issues = issues(&findings, &reading, |rule| settings.severity(rule));
    let reported = issues.iter().filter(|issue| !settings.ignores_item(&issue.document.id));
    let mut lines: Vec<Line> = reported.map(|issue| Line::of(issue, settings.fail_on(), true)).collect();
    lines.sort_by_key(|line| (line.row, line.start, line.rule));
    Ok((run, lines))
}

/// Returns the documents of a run, with the texts of those that findings name.
fn with_texts(run: &Run, findings: &[Finding]) -> Vec<Document> {
    let Origin::Tables(tables) = &run.origin else { unreachable!("tables were searched") };
    let mut documents = run.heads.to_documents();
    let mut add = |index: usize| {
        if documents[index].text.is_empty() {
            documents[index].text = text_of(tables, documents[index].provenance.place).into();
        }
    };
    for finding in findings {
        add(finding.document);
        finding.kept.iter().for_each(|(kept, _)| add(*kept));
    }
    documents
}

fn frame_of(lines: &[Line]) -> PyResult<Frame> {
    frame(lines, |lines| {
        let each = || lines.iter();
        vec![
            ("row", rows(each().map(|line| line.row))),
            ("path", texts(each().map(|line| line.path.as_deref()))),
            ("document", texts(each().map(|line| &*line.document))),
            ("rule", texts(each().map(|line| line.rule))),
            ("title", texts(each().map(|line| line.title))),
            ("severity", texts(each().map(|line| line.severity))),
            ("fails", flags(each().map(|line| line.fails))),
            ("line", rows(each().map(|line| line.line))),
            ("column", rows(each().map(|line| line.column))),
            ("start", offsets(each().map(|line| line.start))),
            ("end", offsets(each().map(|line| line.end))),
            ("text", texts(each().map(|line| &*line.text))),
            ("score", shares(each().map(|line| line.score))),
            ("message", texts(each().map(|line| &*line.message))),
            ("other", texts(each().map(|line| line.other.as_ref().map(|(document, _)| &**document)))),
            ("other_row", rows(each().map(|line| line.other.as_ref().and_then(|(_, row)| *row)))),
            ("fingerprint", texts(each().map(|line| &*line.fingerprint))),
        ]
    })
}
