//! A cleaned table as it was.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use arrow_select::interleave::interleave_record_batch;
use flong::write::restored_text;
use flong::{Error, Result};

use crate::capsule::Frame;
use crate::changes::Changes;
use crate::texts::with_texts;
use crate::values::{Column, Path};

/// Rows that are put together at a time.
const ROWS: usize = 1 << 13;

/// A table in two parts: the rows that stay, and the others.
pub struct Parts {
    pub kept: Frame,
    pub gone: Frame,
    /// Where the text column is.
    pub text: Path,
}

/// The places of the rows of a table, in order: its batch, and the row of that.
fn places(frame: &Frame) -> impl Iterator<Item = (usize, usize)> + '_ {
    frame.batches.iter().enumerate().flat_map(|(batch, rows)| (0..rows.num_rows()).map(move |row| (batch, row)))
}

impl Parts {
    /// Returns the whole table as it was before, from the rows of both parts and the ledger.
    pub fn restore(&self, changes: &Changes) -> Result<Frame> {
        let unreadable = |error: ArrowError| Error::Usage(format!("the table cannot be restored: {error}"));
        let batches: Vec<&RecordBatch> = self.kept.batches.iter().chain(&self.gone.batches).collect();
        let (mut kept, mut gone) = (places(&self.kept), places(&self.gone));
        let rows = self.kept.rows() + self.gone.rows();
        let mut rest = changes.gone.iter().peekable();
        let mut next = |row: u64| match rest.next_if_eq(&&row) {
            Some(_) => gone.next().map(|(batch, row)| (self.kept.batches.len() + batch, row)),
            None => kept.next(),
        };
        let mut restored = Vec::new();
        for start in (0..rows).step_by(ROWS) {
            let range = start as u64..(start + ROWS).min(rows) as u64;
            let places: Vec<(usize, usize)> = range.clone().filter_map(&mut next).collect();
            let batch = interleave_record_batch(&batches, &places).map_err(unreadable)?;
            let texts = Column::of(&batch, &self.text);
            let mut edits = Vec::new();
            for row in changes.edits.range(range).map(|(row, _)| *row) {
                let at = row as usize - start;
                edits.push((at, original(row, &texts, at, changes)?));
            }
            let edits: Vec<(usize, &str)> = edits.iter().map(|(at, text)| (*at, &**text)).collect();
            restored.push(with_texts(&batch, &self.text, &edits).map_err(unreadable)?);
        }
        Ok(Frame { schema: self.kept.schema.clone(), batches: restored })
    }
}

/// Returns the text of a row before it was edited.
fn original(row: u64, texts: &Column, at: usize, changes: &Changes) -> Result<String> {
    let lines = &changes.lines;
    let first = lines.partition_point(|line| line.row < row);
    let lines: Vec<_> =
        lines[first..].iter().take_while(|line| line.row == row).map(|line| line.line.clone()).collect();
    let text = texts.value(at);
    let restored = text.and_then(|text| restored_text(Some(&text), &lines));
    restored.ok_or_else(|| Error::Usage(format!("row {row}: its text and the ledger do not fit together")))
}
