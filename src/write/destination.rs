//! The places that the records of an input are written to, with what each of them has to hold back.

use std::mem;
use std::path::PathBuf;

use crate::read::{Input, KeptParts, Output};

/// The place that the records of an input are written to.
pub(super) enum Destination {
    /// To a file of the input, which is its only record.
    File,
    /// To the lines of the input's file.
    Lines,
    /// To the lines of the file that such inputs share.
    SharedLines,
    /// To the rows of the input's file.
    Rows(Rows),
    /// To a copy of the input's table.
    Table(Table),
    /// To the input's file, once its encoding is known.
    Feed(KeptParts),
    /// To the input's file, each compressed by itself. Holds the sizes of the kept records.
    Crawl(Vec<u64>),
}

impl Destination {
    /// Returns the destination of an input. `rest` is the file for the rows of a table that are not kept.
    pub fn of(input: &Input, rest: String) -> Self {
        match input.format.output() {
            Output::File => Destination::File,
            Output::Lines => Destination::Lines,
            Output::SharedLines => Destination::SharedLines,
            Output::Rows { counts_lines } => Destination::Rows(Rows { counts_lines, ..Rows::default() }),
            Output::Table => Destination::Table(Table { path: input.path.clone(), rest, edits: Vec::new() }),
            Output::Feed => Destination::Feed(KeptParts::default()),
            Output::Crawl => Destination::Crawl(Vec::new()),
        }
    }

    /// Takes out the sizes of the kept records of a crawl.
    pub fn take_sizes(&mut self) -> Vec<u64> {
        if let Destination::Crawl(sizes) = self { mem::take(sizes) } else { Vec::new() }
    }

    /// Takes out the rows that hold line ends.
    pub fn take_tall(&mut self) -> Vec<(u64, u64)> {
        if let Destination::Rows(rows) = self { mem::take(&mut rows.tall) } else { Vec::new() }
    }
}

/// The state of a table while its rows are written.
#[derive(Default)]
pub(super) struct Rows {
    /// The separator of the fields, if the table gets a column of ids.
    pub id_separator: Option<u8>,
    /// Whether the rows that hold line ends are listed.
    counts_lines: bool,
    /// These rows: the number of the record, and how many line ends.
    tall: Vec<(u64, u64)>,
}

impl Rows {
    /// Notes the line ends that a row holds.
    pub fn note_line_ends(&mut self, record: u64, row: &[u8]) {
        let count = memchr::memchr_iter(b'\n', row).count() as u64;
        if self.counts_lines && count > 0 {
            self.tall.push((record, count));
        }
    }
}

/// A table that is copied once all of it was read.
#[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "without Parquet no table is read"))]
pub(super) struct Table {
    /// The table. `None` cannot occur: a table is not read from a pipe.
    pub path: Option<PathBuf>,
    /// The file for its rows that are not kept.
    pub rest: String,
    /// The edited texts, by row.
    pub edits: Vec<(u64, String)>,
}
