//! Cleaning a table: which rows stay, with which texts, and the ledger.

use std::collections::BTreeMap;

use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field};
use arrow_select::filter::filter_record_batch;
use flong::judge::{Action, Finding, Policy, Rule, verdicts};
use flong::write::{LedgerLine, Outcome, edited};
use flong::{Document, Error, Result};
use pyo3::prelude::*;

use crate::capsule::Frame;
use crate::errors::exception;
use crate::find::{FoundIn, Run, find};
use crate::frames::{TEXT, bytes, field, frame, rows, shares, texts};
use crate::options::Options;
use crate::restore::Parts;
use crate::rows::Table;
use crate::table::Columns;
use crate::texts::with_texts;
use crate::work;

/// A line of the ledger, with the rows that it is about.
pub struct Line {
    pub row: u64,
    pub kept_row: Option<u64>,
    pub line: LedgerLine<'static>,
}

/// What was done to a table.
#[derive(Default)]
pub struct Changes {
    /// The lines of the ledger, by row.
    pub lines: Vec<Line>,
    /// The rows whose texts changed, with the new texts.
    pub edits: BTreeMap<u64, String>,
    /// The rows that were dropped, and those that are no documents; ascending.
    pub gone: Vec<u64>,
    /// Rows that were dropped.
    pub dropped: u64,
}

/// Applies the findings about the documents of a run.
fn changes(run: &Run, findings: &[Finding], drop_emptied: bool) -> Changes {
    let documents = &run.documents;
    let name = |index: usize| &*documents[index].id;
    let mut changes = Changes::default();
    for findings in findings.chunk_by(|a, b| a.document == b.document) {
        let head = &documents[findings[0].document];
        let row = head.place.record;
        let document = Document { text: run.table.text_of(head).into(), ..head.clone() };
        let edited = edited(&document, findings, drop_emptied, |index| &documents[index].id);
        match edited.outcome {
            Outcome::Kept => {}
            Outcome::Edited(text) => drop(changes.edits.insert(row, text)),
            Outcome::Dropped => changes.gone.push(row),
        }
        for line in edited.lines {
            let kept = line.kept.as_ref().and_then(|kept| {
                let of = |finding: &&Finding| finding.kept.is_some_and(|(index, _)| name(index) == kept.document);
                findings.iter().find(of).and_then(|finding| finding.kept)
            });
            let kept_row = kept.map(|(index, _)| documents[index].place.record);
            changes.lines.push(Line { row, kept_row, line: owned(line) });
        }
    }
    changes.dropped = changes.gone.len() as u64;
    changes.gone.extend(run.problems.iter().map(|problem| problem.line - 1));
    changes.gone.sort_unstable();
    changes
}

fn owned(line: LedgerLine<'_>) -> LedgerLine<'static> {
    let LedgerLine { document, text, kind, kept, reason, before, after, .. } = line;
    LedgerLine {
        document: document.into_owned().into(),
        start: line.start,
        end: line.end,
        text: text.into_owned().into(),
        rule: line.rule,
        kind: kind.into_owned().into(),
        grain: line.grain,
        whole: line.whole,
        action: line.action,
        score: line.score,
        kept: kept.map(|kept| flong::write::Kept {
            document: kept.document.into_owned().into(),
            start: kept.start,
            end: kept.end,
        }),
        reason: reason.into_owned().into(),
        before: before.into_owned().into(),
        after: after.into_owned().into(),
        raw: None,
        record: None,
    }
}

/// Parts a table: the rows that stay, with their texts, and the others.
fn part(table: &Table, changes: &Changes) -> std::result::Result<(Frame, Frame), ArrowError> {
    let schema = table.frame.schema.clone();
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    let (mut first, mut rest) = (0, &changes.gone[..]);
    for batch in &table.frame.batches {
        let end = first + batch.num_rows() as u64;
        let (own, others) = rest.split_at(rest.partition_point(|row| *row < end));
        rest = others;
        let edits: Vec<(usize, &str)> =
            changes.edits.range(first..end).map(|(row, text)| ((row - first) as usize, &**text)).collect();
        let edited = with_texts(batch, &table.text, &edits)?;
        if own.is_empty() {
            kept.push(edited);
        } else {
            let mut stays = vec![true; batch.num_rows()];
            own.iter().for_each(|row| stays[(row - first) as usize] = false);
            let goes = BooleanArray::from(stays.iter().map(|stays| !stays).collect::<Vec<_>>());
            kept.push(filter_record_batch(&edited, &BooleanArray::from(stays))?);
            gone.push(filter_record_batch(batch, &goes)?);
        }
        first = end;
    }
    let filled = |batches: Vec<RecordBatch>| batches.into_iter().filter(|batch| batch.num_rows() > 0).collect();
    let frame = |batches| Frame { schema: schema.clone(), batches: filled(batches) };
    Ok((frame(kept), frame(gone)))
}

/// Returns the ledger as a table.
fn ledger(lines: &[Line]) -> PyResult<Frame> {
    let text = |name| field(name, TEXT);
    let fields = vec![
        field("row", DataType::UInt64),
        text("document"),
        field("start", DataType::UInt32),
        field("end", DataType::UInt32),
        text("text"),
        text("rule"),
        text("kind"),
        text("action"),
        field("score", DataType::Float32),
        Field::new("kept_row", DataType::UInt64, true),
        Field::new("kept", TEXT, true),
        Field::new("kept_start", DataType::UInt32, true),
        Field::new("kept_end", DataType::UInt32, true),
        text("reason"),
        text("before"),
        text("after"),
    ];
    frame(fields, lines, |lines| {
        let each = || lines.iter().map(|line| &line.line);
        let kept = || each().map(|line| line.kept.as_ref());
        vec![
            rows(lines.iter().map(|line| Some(line.row))),
            texts(each().map(|line| Some(&*line.document))),
            bytes(each().map(|line| Some(line.start))),
            bytes(each().map(|line| Some(line.end))),
            texts(each().map(|line| Some(&*line.text))),
            texts(each().map(|line| Some(line.rule.code()))),
            texts(each().map(|line| Some(&*line.kind))),
            texts(each().map(|line| Some(if line.action == Action::Removed { "removed" } else { "marked" }))),
            shares(each().map(|line| Some(line.score))),
            rows(lines.iter().map(|line| line.kept_row)),
            texts(kept().map(|kept| Some(&*kept?.document))),
            bytes(kept().map(|kept| Some(kept?.start))),
            bytes(kept().map(|kept| Some(kept?.end))),
            texts(each().map(|line| Some(&*line.reason))),
            texts(each().map(|line| Some(&*line.before))),
            texts(each().map(|line| Some(&*line.after))),
        ]
    })
}

/// Results of `flong.clean` on a table.
#[pyclass(frozen, module = "flong._flong")]
pub struct CleanedIn {
    parts: Parts,
    changes: Changes,
    found: Py<FoundIn>,
}

#[pymethods]
impl CleanedIn {
    fn table(&self) -> Columns {
        Columns { frame: self.parts.kept.clone() }
    }

    fn dropped(&self) -> Columns {
        Columns { frame: self.parts.gone.clone() }
    }

    fn ledger(&self) -> PyResult<Columns> {
        Ok(Columns { frame: ledger(&self.changes.lines)? })
    }

    fn restore(&self, py: Python<'_>) -> PyResult<Columns> {
        let frame = py.detach(|| self.parts.restore(&self.changes)).map_err(exception)?;
        Ok(Columns { frame })
    }

    fn found(&self, py: Python<'_>) -> Py<FoundIn> {
        self.found.clone_ref(py)
    }
}

/// Removes duplicates and boilerplate from a table.
#[pyfunction]
#[pyo3(signature = (data, options, progress=None))]
pub fn clean_table(
    py: Python<'_>,
    data: &Columns,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<CleanedIn> {
    let options = Options::parse(options)?;
    let params = options.settings().params().map_err(exception)?;
    let threads = options.threads();
    let frame = data.frame.clone();
    let (run, changes, parts) = work::run(py, threads, progress, move |watch| -> Result<_> {
        let table = Table::new(frame, &options)?;
        let run = find(table, &options, params, watch)?;
        watch.begin("judge");
        let policy = Policy { mark_only: options.mark, ..options.settings().policy(Policy::cleaning(&run.params)) };
        let findings = verdicts(&run.found.evidence(&run.documents), &policy);
        watch.begin("write");
        let changes = changes(&run, &findings, policy.rules.contains(&Rule::Emptied));
        let (kept, gone) = part(&run.table, &changes).map_err(|error| Error::Usage(error.to_string()))?;
        let parts = Parts { kept, gone, text: run.table.text.clone() };
        Ok((run, changes, parts))
    })?;
    let found = Py::new(py, FoundIn { run })?;
    Ok(CleanedIn { parts, changes, found })
}
