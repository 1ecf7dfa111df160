//! The state of an input while it is written.

#[cfg(feature = "parquet")]
use std::mem;
#[cfg(feature = "parquet")]
use std::path::PathBuf;

use super::OutDir;
use super::edit::Fate;
use super::layout::{Bytes, Fates, InputLine, LAYOUT, MOST_LISTED, Many, TEXTS, TableLine};
use super::names::{Names, own_path, portable};
use super::sink::Sink;
use crate::read::{Compression, Fields, Format, Input, InputLayout, Others, path_of, shown, split};
use crate::{Error, Result};

/// The state of an input: which of its records were written so far.
pub(super) struct State {
    pub name: String,
    /// The file that it is written to, unless that is the common one of all pages.
    pub target: String,
    pub format: Format,
    /// The path of a Parquet table, and the file for its rows that are not kept.
    #[cfg(feature = "parquet")]
    pub parquet: (Option<PathBuf>, String),
    /// The edited texts of a Parquet table, which is written at the end of its input.
    pub edits: Vec<(u64, String)>,
    pub file: Option<String>,
    pub records: Fates,
    pub others: Vec<Bytes>,
    /// The other records of an input that is read by lines.
    pub lines: Others,
    /// The sizes of the kept records of a crawl.
    pub sizes: Vec<u64>,
    /// The rows of a TSV file that contain line ends: the number of the record, and how many line ends.
    pub tall: Vec<(u64, u64)>,
    /// What separates the fields of a table that gets a column of ids.
    pub id_separator: Option<u8>,
    /// Runs of records that an id was added to: the number of the first, and how many.
    pub ids: Vec<(u64, u64)>,
    /// The kept parts of a feed, which is written when its encoding is known.
    pub feed: String,
}

impl State {
    /// Returns the `only` input of a run, if it is a table or JSON Lines, goes to a file whose name is known beforehand.
    /// `own` are the names that inputs are restored under, `given` those that their files have in the output.
    pub fn new(input: &Input, only: bool, own: &mut Names, given: &mut Names) -> Self {
        let extension = input.format.extension();
        let ending = ending(input.compression);
        let path = input.path.is_some().then(|| path_of(&input.name));
        let name = own.take(own_path(path.as_deref(), ending, extension), "");
        let file = given.take(portable(&name, ending).into(), ending);
        let alone = only && (input.format.is_table() || input.format == Format::JsonLines);
        let named = |place: &str| match alone {
            true => format!("{place}.{extension}{ending}"),
            false => format!("{place}/{}{ending}", shown(&file)),
        };
        State {
            target: named(TEXTS),
            #[cfg(feature = "parquet")]
            parquet: (input.path.clone(), named(super::layout::REST)),
            name: shown(&name),
            edits: Vec::new(),
            format: input.format,
            file: None,
            records: Fates::default(),
            others: Vec::new(),
            lines: Others::default(),
            sizes: Vec::new(),
            tall: Vec::new(),
            id_separator: None,
            ids: Vec::new(),
            feed: String::new(),
        }
    }

    /// Writes the file that is all of the input.
    pub fn write(&mut self, out: &mut OutDir, bytes: &[u8]) -> Result<()> {
        let mut sink = Sink::create(out, &self.target)?;
        sink.put(bytes)?;
        sink.finish()?;
        self.file = Some(self.target.clone());
        Ok(())
    }

    /// Keeps what restoring a crawl needs besides the ledger: dropped records, and heads that change.
    pub fn keep_apart(&mut self, fate: Fate, record: &[u8]) {
        match fate {
            Fate::Dropped => self.others.push(Bytes::packed(record)),
            Fate::Edited => self.others.push(split(record).0.into()),
            _ => {}
        }
    }

    /// Adds a piece to the kept parts of a feed. Items of a JSON Feed come with the comma before them, which the first kept
    /// one must not have.
    pub fn add_to_feed(&mut self, piece: &[u8]) {
        let piece = String::from_utf8_lossy(piece);
        let first = self.feed.trim_end().ends_with('[');
        let comma = piece.trim_start().strip_prefix(',').filter(|_| first);
        self.feed.push_str(comma.unwrap_or(&piece));
    }

    /// Notes that a row of a TSV file contains line ends.
    pub fn note_line_ends(&mut self, record: u64, row: &[u8]) {
        let count = memchr::memchr_iter(b'\n', row).count() as u64;
        if self.format == Format::Tsv && count > 0 {
            self.tall.push((record, count));
        }
    }

    /// Notes that an id was added to a record.
    pub fn note_id(&mut self, record: u64) {
        match self.ids.last_mut() {
            Some((first, count)) if *first + *count == record => *count += 1,
            _ => self.ids.push((record, 1)),
        }
    }

    /// Counts the records before `record` that were never passed on as lost: they were too long to be kept.
    pub fn lose_until(&mut self, record: u64) {
        self.records.push_many(Fate::Lost, 0, record.saturating_sub(self.records.len()));
    }

    pub fn into_line(mut self, layout: &InputLayout, fields: &Fields, out: &mut OutDir) -> Result<InputLine> {
        self.lose_until(layout.records);
        let table = self.write_table(layout, fields, out)?;
        if self.format == Format::JsonLines && self.file.is_none() {
            // An input without any kept document has its file too.
            self.write(out, b"")?;
        }
        let State { name, file, records, mut others, lines, sizes, tall, ids, .. } = self;
        let many = if lines.len() > MOST_LISTED {
            Some(Many::of(&lines).map_err(|e| Error::io(LAYOUT, e))?)
        } else {
            let each = lines.runs().flat_map(|run| (0..run.count).map(move |_| Bytes::from(&*run.bytes)));
            others.extend(each);
            None
        };
        Ok(InputLine { name, file, input: layout.clone(), records, others, many, sizes, tall, ids, table })
    }

    /// Writes a Parquet table at the end of its input.
    #[cfg(feature = "parquet")]
    fn write_table(&mut self, layout: &InputLayout, fields: &Fields, out: &mut OutDir) -> Result<Option<TableLine>> {
        let (Format::Parquet, (Some(path), rest)) = (self.format, &self.parquet) else { return Ok(None) };
        let cleaning = super::parquet::Cleaning {
            path,
            layout,
            fields,
            fates: &self.records,
            edits: mem::take(&mut self.edits),
            documents: &self.target,
            rest,
        };
        self.file = Some(self.target.clone());
        cleaning.write(out).map(Some)
    }

    /// Does nothing: without the feature `parquet` no such table was read.
    #[cfg(not(feature = "parquet"))]
    fn write_table(&mut self, _: &InputLayout, _: &Fields, _: &mut OutDir) -> Result<Option<TableLine>> {
        Ok(None)
    }
}

/// Returns how the names of files compressed so end.
pub(super) fn ending(compression: Compression) -> &'static str {
    match compression {
        Compression::None => "",
        Compression::Gzip => ".gz",
        Compression::Zstd => ".zst",
        Compression::Bzip2 => ".bz2",
    }
}
