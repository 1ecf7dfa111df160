//! What cleaning does to a table: which rows stay, with which texts, and the ledger.

use std::collections::BTreeMap;

use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::ArrowError;
use arrow_select::filter::filter_record_batch;
use flong::judge::{Action, Finding};
use flong::write::{Cleaned, Kept, LedgerLine, Outcome, edited};
use flong::{Document, Error, Heads, Result};
use pyo3::prelude::*;

use crate::capsule::Frame;
use crate::frames::{flags, frame, offsets, rows, shares, texts};
use crate::rows::Table;
use crate::texts::with_texts;

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
    /// The rows whose texts changed; with the new texts, until the table is [parted](part).
    pub edits: BTreeMap<u64, String>,
    /// The rows that were dropped, and those that are no documents; ascending.
    pub gone: Vec<u64>,
    /// Counts of what was done.
    pub cleaned: Cleaned,
}

impl Changes {
    /// Applies the findings about the documents of a table, which come first among all of the run. `unread` are its rows that
    /// are no documents; `name` returns the id of whatever findings name.
    pub fn of(
        table: &Table,
        heads: &Heads,
        unread: impl Iterator<Item = u64>,
        findings: &[Finding],
        drop_emptied: bool,
        name: impl Fn(usize) -> String,
    ) -> Self {
        let mut changes = Changes::default();
        for findings in findings.chunk_by(|a, b| a.document == b.document) {
            let head = heads.head(findings[0].document);
            let document = head.with_text(table.text_of(head.place.record));
            changes.add(&document, findings, drop_emptied, heads, &name);
        }
        let new = heads.before_input(1) as u64;
        let Cleaned { kept, edited, dropped, .. } = changes.cleaned;
        changes.cleaned.kept += new - kept - edited - dropped;
        changes.gone.extend(unread);
        changes.gone.sort_unstable();
        changes
    }

    fn add(
        &mut self,
        document: &Document,
        findings: &[Finding],
        drop_emptied: bool,
        all: &Heads,
        name: &impl Fn(usize) -> String,
    ) {
        let row = document.provenance.place.record;
        let kept = || findings.iter().filter_map(|finding| finding.kept.map(|(index, _)| (index, name(index))));
        let names: BTreeMap<usize, String> = kept().collect();
        let edited = edited(document, findings, drop_emptied, |index| names.get(&index).map_or("", String::as_str));
        self.cleaned.add(findings[0].document, &edited);
        match edited.outcome {
            Outcome::Kept => {}
            Outcome::Edited(text) => drop(self.edits.insert(row, text)),
            Outcome::Dropped => self.gone.push(row),
        }
        // The row of a kept document that is of the same table.
        let row_of = |id: &str| {
            let (index, _) = names.iter().find(|(_, name)| *name == id)?;
            let place = (*index < all.len()).then(|| all.head(*index).place);
            place.filter(|place| place.input == 0).map(|place| place.record)
        };
        for line in edited.lines {
            let kept_row = line.kept.as_ref().and_then(|kept| row_of(&kept.document));
            self.lines.push(Line { row, kept_row, line: owned(line) });
        }
    }
}

fn owned(line: LedgerLine<'_>) -> LedgerLine<'static> {
    let LedgerLine { document, text, kind, kept, reason, before, after, .. } = line;
    LedgerLine {
        document: document.into_owned().into(),
        start: line.start,
        end: line.end,
        text: text.into_owned().into(),
        rule: line.rule,
        grain: line.grain,
        whole: line.whole,
        kind: kind.into_owned().into(),
        action: line.action,
        score: line.score,
        kept: kept.map(|kept| Kept { document: kept.document.into_owned().into(), start: kept.start, end: kept.end }),
        reason: reason.into_owned().into(),
        before: before.into_owned().into(),
        after: after.into_owned().into(),
        raw: None,
        record: None,
    }
}

/// Parts a table: the rows that stay, with their texts, and the others.
pub fn part(table: &Table, changes: &mut Changes) -> Result<(Frame, Frame)> {
    parts(table, changes).map_err(|error| Error::Usage(format!("the table cannot be parted: {error}")))
}

/// Rows that are parted at a time: what is copied twice on the way is never more.
const ROWS: usize = 1 << 13;

fn parts(table: &Table, changes: &mut Changes) -> std::result::Result<(Frame, Frame), ArrowError> {
    let schema = table.frame.schema.clone();
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    let (mut first, mut rest) = (0, &changes.gone[..]);
    let some = |batch: &RecordBatch| {
        let starts = (0..batch.num_rows()).step_by(ROWS);
        starts.map(|start| batch.slice(start, ROWS.min(batch.num_rows() - start))).collect::<Vec<_>>()
    };
    for batch in table.frame.batches.iter().flat_map(some) {
        let end = first + batch.num_rows() as u64;
        let (own, others) = rest.split_at(rest.partition_point(|row| *row < end));
        rest = others;
        let edits: Vec<(usize, &str)> =
            changes.edits.range(first..end).map(|(row, text)| ((row - first) as usize, &**text)).collect();
        let edited = with_texts(&batch, &table.text, &edits)?;
        changes.edits.range_mut(first..end).for_each(|(_, text)| *text = String::new());
        if own.is_empty() {
            kept.push(edited);
        } else {
            let mut stays = vec![true; batch.num_rows()];
            own.iter().for_each(|row| stays[(row - first) as usize] = false);
            let goes = BooleanArray::from(stays.iter().map(|stays| !stays).collect::<Vec<_>>());
            kept.push(filter_record_batch(&edited, &BooleanArray::from(stays))?);
            gone.push(filter_record_batch(&batch, &goes)?);
        }
        first = end;
    }
    let filled = |batches: Vec<RecordBatch>| batches.into_iter().filter(|batch| batch.num_rows() > 0).collect();
    let frame = |batches| Frame { schema: schema.clone(), batches: filled(batches) };
    Ok((frame(kept), frame(gone)))
}

/// Returns the ledger as a table.
pub fn ledger(lines: &[Line]) -> PyResult<Frame> {
    frame(lines, |lines| {
        let each = || lines.iter().map(|line| &line.line);
        let kept = || each().map(|line| line.kept.as_ref());
        let action = |action: Action| if action == Action::Removed { "removed" } else { "marked" };
        vec![
            ("row", rows(lines.iter().map(|line| line.row))),
            ("document", texts(each().map(|line| &*line.document))),
            ("start", offsets(each().map(|line| line.start))),
            ("end", offsets(each().map(|line| line.end))),
            ("text", texts(each().map(|line| &*line.text))),
            ("rule", texts(each().map(|line| line.rule.code()))),
            ("kind", texts(each().map(|line| &*line.kind))),
            ("grain", texts(each().map(|line| line.grain.map(|grain| grain.name())))),
            ("whole", flags(each().map(|line| line.whole))),
            ("action", texts(each().map(|line| action(line.action)))),
            ("score", shares(each().map(|line| line.score))),
            ("kept_row", rows(lines.iter().map(|line| line.kept_row))),
            ("kept", texts(kept().map(|kept| kept.map(|kept| &*kept.document)))),
            ("kept_start", offsets(kept().map(|kept| kept.map(|kept| kept.start)))),
            ("kept_end", offsets(kept().map(|kept| kept.map(|kept| kept.end)))),
            ("reason", texts(each().map(|line| &*line.reason))),
            ("before", texts(each().map(|line| &*line.before))),
            ("after", texts(each().map(|line| &*line.after))),
        ]
    })
}
