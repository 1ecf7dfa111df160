//! `dropped.jsonl` or `dropped.parquet`: the documents that are not in the cleaned corpus, each with the one that is kept
//! in its place.

use serde::Serialize;

use super::layout::{DROPPED_LINES, DROPPED_TABLE};
use super::lines::json_line;
use super::sink::Sink;
use super::{LedgerLine, OutDir};
use crate::judge::{Action, Rule};
use crate::read::{Input, Output};
use crate::{Document, Error, Result};

/// A document that was dropped.
#[derive(Debug, Clone, Serialize)]
pub struct DroppedLine<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its source.
    pub source: Option<&'a str>,
    /// The name of its input.
    pub input: &'a str,
    /// Its line in the input, or its row.
    pub line: u64,
    /// The rule by which it was dropped.
    pub rule: Rule,
    /// The rule as a word.
    pub kind: &'a str,
    /// The id of the document that is kept in its place; `None` if nothing was left of it, or if no copy is kept.
    pub kept: Option<&'a str>,
    /// The similarity of the two, 0 to 1.
    pub similarity: f32,
    /// The reason, in a sentence for people.
    pub reason: &'a str,
}

impl<'a> DroppedLine<'a> {
    /// Returns the line of a document, given the lines of the ledger about it; `None` if none of these drops it.
    pub(super) fn of(document: &'a Document, input: &'a str, lines: &'a [LedgerLine]) -> Option<Self> {
        let line = lines.iter().find(|line| line.whole && line.action == Action::Removed)?;
        Some(DroppedLine {
            id: &document.id,
            source: document.source.as_deref(),
            input,
            line: document.provenance.line,
            rule: line.rule,
            kind: &line.kind,
            kept: line.kept.as_ref().map(|kept| &*kept.document),
            similarity: line.score,
            reason: &line.reason,
        })
    }
}

/// Writes the file.
pub(super) enum Dropped {
    Lines(Sink),
    #[cfg(feature = "parquet")]
    Table(Box<super::dropped_table::DroppedTable>),
}

impl Dropped {
    /// Starts a table of Parquet if all inputs are such tables, and else JSON Lines.
    pub fn create(out: &mut OutDir, inputs: &[Input]) -> Result<Self> {
        let is_table = !inputs.is_empty() && inputs.iter().all(|input| input.format.output() == Output::Table);
        #[cfg(feature = "parquet")]
        if is_table {
            return Ok(Dropped::Table(Box::new(super::dropped_table::DroppedTable::create(Sink::plain(
                out,
                DROPPED_TABLE,
            )?)?)));
        }
        let _ = (is_table, DROPPED_TABLE);
        Ok(Dropped::Lines(Sink::create(out, DROPPED_LINES)?))
    }

    pub fn push(&mut self, line: &DroppedLine) -> Result<()> {
        match self {
            Dropped::Lines(sink) => {
                let mut bytes = Vec::new();
                json_line(&mut bytes, line).map_err(|e| Error::io(DROPPED_LINES, e))?;
                sink.put(&bytes)
            }
            #[cfg(feature = "parquet")]
            Dropped::Table(table) => table.push(line),
        }
    }

    pub fn finish(self) -> Result<()> {
        match self {
            Dropped::Lines(sink) => sink.finish(),
            #[cfg(feature = "parquet")]
            Dropped::Table(table) => table.finish(),
        }
    }
}
