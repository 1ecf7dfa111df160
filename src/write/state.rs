//! The state of an input while it is written.

#[cfg(feature = "parquet")]
use std::mem;

use super::OutDir;
use super::destination::Destination;
#[cfg(feature = "parquet")]
use super::destination::Table;
use super::edit::Fate;
use super::layout::{Bytes, Fates, InputLine, LAYOUT, MOST_LISTED, Many, REST, TEXTS, TableLine};
use super::names::{Names, own_path, portable};
use super::sink::Sink;
use crate::read::{Compression, Fields, Input, InputLayout, Others, Output, encode, path_of, shown, split};
use crate::{Error, Result};

/// The state of an input: which of its records were written so far.
pub(super) struct State {
    pub name: String,
    /// The file that it is written to, unless that is the one that inputs share.
    pub target: String,
    /// The file that it was written to.
    pub file: Option<String>,
    pub records: Fates,
    /// The records that are not in the file, if they are kept one by one.
    pub others: Vec<Bytes>,
    /// The other records of an input that is read by lines.
    pub lines: Others,
    /// Runs of records that an id was added to: the number of the first, and how many.
    pub ids: Vec<(u64, u64)>,
    pub destination: Destination,
}

impl State {
    /// Returns the state of an input of which nothing was written. The `only` input of a run, if it is a table or JSON Lines,
    /// goes to a file whose name is known beforehand. `own` are the names that inputs are restored under, `given` those that
    /// their files have in the output.
    pub fn new(input: &Input, only: bool, own: &mut Names, given: &mut Names) -> Self {
        let extension = input.format.extension();
        let ending = ending(input.compression);
        let path = input.path.is_some().then(|| path_of(&input.name));
        let name = own.take(own_path(path.as_deref(), ending, extension), "");
        let file = given.take(portable(&name, ending).into(), ending);
        let alone = only && (input.format.is_table() || input.format.output() == Output::Lines);
        let named = |place: &str| match alone {
            true => format!("{place}.{extension}{ending}"),
            false => format!("{place}/{}{ending}", shown(&file)),
        };
        State {
            target: named(TEXTS),
            name: shown(&name),
            file: None,
            records: Fates::default(),
            others: Vec::new(),
            lines: Others::default(),
            ids: Vec::new(),
            destination: Destination::of(input, named(REST)),
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

    /// Writes what was held back until the end of the input, and returns its line of the layout.
    pub fn into_line(mut self, layout: &InputLayout, fields: &Fields, out: &mut OutDir) -> Result<InputLine> {
        self.lose_until(layout.records);
        let table = match &mut self.destination {
            Destination::Feed(feed) => {
                let bytes = encode(&feed.text, &layout.encoding, layout.bom);
                self.write(out, &bytes)?;
                None
            }
            // An input without any kept document has its file too.
            Destination::Lines if self.file.is_none() => {
                self.write(out, b"")?;
                None
            }
            Destination::Table(_) => self.write_table(layout, fields, out)?,
            Destination::File
            | Destination::Lines
            | Destination::SharedLines
            | Destination::Rows(_)
            | Destination::Crawl(_) => None,
        };
        let (sizes, tall) = (self.destination.take_sizes(), self.destination.take_tall());
        let State { name, file, records, mut others, lines, ids, .. } = self;
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
        let Destination::Table(Table { path: Some(path), rest, edits }) = &mut self.destination else {
            return Ok(None);
        };
        let cleaning = super::table::Cleaning {
            path,
            layout,
            fields,
            fates: &self.records,
            edits: mem::take(edits),
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
