//! The cleaned corpus, with its ledger and its layout.

use std::collections::BTreeMap;
use std::io;
use std::mem;
#[cfg(feature = "parquet")]
use std::path::PathBuf;

use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use super::edit::{Fate, Record, edit};
use super::layout::{
    Bytes, DOCUMENTS, Fates, Footer, Header, InputLine, LAYOUT, LEDGER, MOST_LISTED, Many, TEXTS, TableLine, VERSION,
    digits,
};
use super::lines::json_line;
use super::names::{Names, own_path, portable};
use super::sink::Sink;
use super::{LedgerLine, OutDir};
use crate::judge::{Action, Finding};
use crate::read::{
    Compression, Fields, Format, Input, InputLayout, OtherRun, Others, TableHeader, encode, path_of, shown, split,
    with_length,
};
use crate::{Document, Error, Place, Result};

/// Counts of what a clean run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// Documents that were kept unchanged.
    pub kept: u64,
    /// Documents that were kept with pieces removed.
    pub edited: u64,
    /// Documents that were dropped.
    pub dropped: u64,
    /// Ledger lines about removed pieces and documents.
    pub removed: u64,
    /// Ledger lines about marked pieces and documents.
    pub marked: u64,
    /// Ledger lines by rule and action.
    #[serde(skip)]
    pub rules: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
}

/// Writes a cleaned corpus record by record, in the order of the inputs.
pub struct Cleaner<'o> {
    out: &'o mut OutDir,
    fields: Fields,
    layouts: &'o [InputLayout],
    inputs: Vec<State>,
    documents: Option<Sink>,
    /// The file of the table that is being written.
    table: Option<Sink>,
    /// The crawl that is being written, by its input.
    crawl: Option<(u32, Sink)>,
    ledger: Sink,
    layout: Sink,
    checksums: Checksums,
    cleaned: Cleaned,
    line: Vec<u8>,
}

/// Checksums of the files that are written.
#[derive(Default)]
struct Checksums {
    documents: Xxh3,
    ledger: Xxh3,
    layout: Xxh3,
}

/// The state of an input: which of its records were written so far.
struct State {
    name: String,
    /// The file that it is written to, unless that is the common one of all JSON Lines.
    target: String,
    format: Format,
    /// The path of a Parquet table, and the file for its rows that are not kept.
    #[cfg(feature = "parquet")]
    parquet: (Option<PathBuf>, String),
    /// The edited texts of a Parquet table, which is written at the end of its input.
    edits: Vec<(u64, String)>,
    /// The header of a table, once it was read.
    header: Option<TableHeader>,
    file: Option<String>,
    records: Fates,
    others: Vec<Bytes>,
    /// The other records of an input that is read by lines.
    lines: Others,
    /// The sizes of the kept records of a crawl.
    sizes: Vec<u64>,
    /// The rows of a TSV file that contain line ends: the number of the record, and how many line ends.
    tall: Vec<(u64, u64)>,
    /// The kept parts of a feed, which is written when its encoding is known.
    feed: String,
}

impl<'o> Cleaner<'o> {
    /// Creates the files in `out`. `layouts` has one entry for each input; `fields` must be the ones that the documents are
    /// read by.
    pub fn create(out: &'o mut OutDir, inputs: &[Input], layouts: &'o [InputLayout], fields: &Fields) -> Result<Self> {
        let lines = |input: &&Input| input.format.is_lines();
        let packed = inputs.iter().find(lines).map(|first| first.compression);
        let shared = packed.filter(|packed| inputs.iter().filter(lines).all(|input| input.compression == *packed));
        let documents = format!("{DOCUMENTS}{}", shared.map_or("", ending));
        let header = Header {
            layout: VERSION,
            flong: env!("CARGO_PKG_VERSION").to_owned(),
            documents: documents.clone(),
            text: fields.text.iter().map(str::to_owned).collect(),
        };
        let (mut own, mut given) = (Names::exact(), Names::folded());
        let mut state = |input| State::new(input, inputs.len() == 1, &mut own, &mut given);
        let mut cleaner = Cleaner {
            fields: fields.clone(),
            layouts,
            inputs: inputs.iter().map(&mut state).collect(),
            table: None,
            documents: packed.map(|_| Sink::create(out, &documents)).transpose()?,
            crawl: None,
            ledger: Sink::create(out, LEDGER)?,
            layout: Sink::create(out, LAYOUT)?,
            checksums: Checksums::default(),
            cleaned: Cleaned::default(),
            line: Vec::new(),
            out,
        };
        cleaner.lay_out(&header)?;
        Ok(cleaner)
    }

    /// Writes the next documents, of which the first has the index `first` in the run, and the other records among them, each
    /// with the index of its input; both sorted by place. Takes the findings about them off the front of `findings`. `name`
    /// returns any document's id by its index in the run.
    pub fn records<'a, 'f: 'a>(
        &mut self,
        first: usize,
        documents: &'a [Document],
        others: impl Iterator<Item = (u32, OtherRun)>,
        findings: &mut &'f [Finding],
        name: impl Fn(usize) -> &'f str,
    ) -> Result<()> {
        let mut others = others.map(|(input, run)| (Place { input, record: run.first }, run)).peekable();
        for (i, document) in (first..).zip(documents) {
            while let Some((place, run)) = others.next_if(|(place, _)| *place < document.place) {
                self.others(place, run.count, &run.bytes)?;
            }
            let (own, rest) = findings.split_at(findings.partition_point(|finding| finding.document <= i));
            *findings = rest;
            self.document(document, own, |index| name(index))?;
        }
        others.try_for_each(|(place, run)| self.others(place, run.count, &run.bytes))
    }

    /// Writes the next document, given all findings about it. `name` returns any document's id by its index in the run.
    pub fn document<'a>(
        &mut self,
        document: &'a Document,
        findings: &'a [Finding],
        name: impl Fn(usize) -> &'a str,
    ) -> Result<()> {
        let format = self.reach(document.place).format;
        let unwritable =
            || Error::Usage(format!("document {}: cannot be written, for it was read without its record", document.id));
        let whole = match format {
            Format::Text | Format::Parquet => document.text.as_bytes(),
            _ => document.record.as_deref().ok_or_else(unwritable)?,
        };
        if findings.is_empty() {
            self.cleaned.kept += 1;
            self.reach(document.place).records.push(Fate::Kept, 0);
            return self.pass_on(document.place, format, whole);
        }
        // A page of a crawl is in any encoding, and nothing is cut out of it.
        let text = match (format, document.within) {
            (Format::Warc, None) => "",
            _ => std::str::from_utf8(whole).map_err(|_| unwritable())?,
        };
        let record = match (format, &self.inputs[document.place.input as usize].header) {
            (Format::Text | Format::Parquet, _) => Some(Record::text(text)),
            (Format::JsonLines | Format::Html, _) => Record::json(text, &self.fields),
            (Format::Csv | Format::Tsv, header) => header.as_ref().and_then(|h| Record::row(text, h, &self.fields)),
            (Format::Feed | Format::Warc, _) => Some(Record::markup(text, document.within)),
        };
        let record = record.ok_or_else(unwritable)?;
        let outcome = edit(document, &record, findings, &name);
        self.reach(document.place).records.push(outcome.fate, outcome.lines.len());
        match outcome.fate {
            Fate::Edited => self.cleaned.edited += 1,
            Fate::Dropped => self.cleaned.dropped += 1,
            _ => self.cleaned.kept += 1,
        }
        if format == Format::Warc {
            self.reach(document.place).keep_apart(outcome.fate, whole);
        }
        match (outcome.fate, outcome.record) {
            (Fate::Edited, Some(record)) if format == Format::Parquet => {
                self.reach(document.place).edits.push((document.place.record, record));
            }
            (Fate::Edited, Some(record)) if format == Format::Warc => {
                let record = with_length(record.as_bytes(), whole.len() - record.len());
                self.pass_on(document.place, format, &record)?;
            }
            (Fate::Edited, Some(record)) => self.pass_on(document.place, format, record.as_bytes())?,
            (Fate::Kept, _) => self.pass_on(document.place, format, whole)?,
            _ => {}
        }
        outcome.lines.iter().try_for_each(|line| self.enter(line))
    }

    /// Writes the next record that is not a document, given without its line end.
    pub fn other(&mut self, place: Place, bytes: &[u8]) -> Result<()> {
        self.others(place, 1, bytes)
    }

    /// Writes the next `count` records that are not documents and are all the same.
    pub fn others(&mut self, place: Place, count: u64, bytes: &[u8]) -> Result<()> {
        let input = self.reach(place);
        match (input.format, std::str::from_utf8(bytes)) {
            (Format::Csv | Format::Tsv, Ok(row)) if input.header.is_none() && !bytes.is_empty() => {
                input.header = Some(TableHeader::of(row, input.format));
                input.records.push(Fate::Kept, 0);
                self.start_table(place, row)?;
                let next = Place { record: place.record + 1, ..place };
                return if count > 1 { self.others(next, count - 1, bytes) } else { Ok(()) };
            }
            _ => input.records.push_many(Fate::Other, 0, count),
        }
        match input.format {
            Format::Warc => return (0..count).try_for_each(|_| self.add_to_crawl(place.input, bytes)),
            Format::Feed => (0..count).for_each(|_| input.add_to_feed(bytes)),
            Format::Parquet => {}
            _ => input.lines.push_run(place.record, count, bytes),
        }
        Ok(())
    }

    /// Creates the file of a table and writes its header.
    fn start_table(&mut self, place: Place, header: &str) -> Result<()> {
        let input = &mut self.inputs[place.input as usize];
        let sink = Sink::create(self.out, &input.target)?;
        input.file = Some(input.target.clone());
        self.table.replace(sink).map_or(Ok(()), Sink::finish)?;
        if self.layouts[place.input as usize].bom {
            self.put_row("\u{feff}".as_bytes(), "")?;
        }
        self.pass_on(place, Format::Csv, header.as_bytes())
    }

    fn put_row(&mut self, row: &[u8], end: &str) -> Result<()> {
        let Some(table) = &mut self.table else { return Ok(()) };
        table.put(row)?;
        table.put(end.as_bytes())
    }

    /// Writes everything that is still held back: feeds, Parquet tables, the layout and the checksums.
    pub fn finish(mut self) -> Result<Cleaned> {
        self.crawl.take().map_or(Ok(()), |(_, sink)| sink.finish())?;
        for (mut input, layout) in mem::take(&mut self.inputs).into_iter().zip(self.layouts) {
            if input.format == Format::Feed {
                let feed = encode(&input.feed, &layout.encoding, layout.bom);
                input.write(self.out, &feed)?;
            }
            let line = input.into_line(layout, &self.fields, self.out)?;
            self.lay_out(&line)?;
        }
        let Checksums { documents, ledger, layout } = &self.checksums;
        let footer = Footer { documents: digits(documents), ledger: digits(ledger), layout: Some(digits(layout)) };
        self.lay_out(&footer)?;
        self.documents.map_or(Ok(()), Sink::finish)?;
        self.table.map_or(Ok(()), Sink::finish)?;
        self.ledger.finish()?;
        self.layout.finish()?;
        Ok(self.cleaned)
    }

    /// Returns the state of the input of a record, with all records before it accounted for.
    fn reach(&mut self, place: Place) -> &mut State {
        let input = &mut self.inputs[place.input as usize];
        input.lose_until(place.record);
        input
    }

    fn pass_on(&mut self, place: Place, format: Format, record: &[u8]) -> Result<()> {
        match (&mut self.documents, format) {
            (Some(documents), _) if format.is_lines() => {
                for part in [record, b"\n"] {
                    self.checksums.documents.update(part);
                    documents.put(part)?;
                }
            }
            (_, Format::Csv | Format::Tsv) => {
                self.inputs[place.input as usize].note_line_ends(place.record, record);
                let end = self.layouts[place.input as usize].line_end(place.record);
                self.put_row(record, end.text())?;
            }
            (_, Format::Parquet) => {}
            (_, Format::Warc) => return self.add_to_crawl(place.input, record),
            (_, Format::Feed) => self.inputs[place.input as usize].add_to_feed(record),
            _ => self.inputs[place.input as usize].write(self.out, record)?,
        }
        Ok(())
    }

    /// Writes a record of a crawl, compressed by itself as crawls are.
    fn add_to_crawl(&mut self, input: u32, record: &[u8]) -> Result<()> {
        let state = &mut self.inputs[input as usize];
        state.sizes.push(record.len() as u64);
        let mut sink = match self.crawl.take() {
            Some((open, sink)) if open == input => sink.next_member()?,
            open => {
                open.map_or(Ok(()), |(_, sink)| sink.finish())?;
                state.file = Some(state.target.clone());
                Sink::create(self.out, &state.target)?
            }
        };
        sink.put(record)?;
        self.crawl = Some((input, sink));
        Ok(())
    }

    /// Adds a line to the layout.
    fn lay_out(&mut self, line: &impl Serialize) -> Result<()> {
        self.line.clear();
        json_line(&mut self.line, line).map_err(|e: io::Error| Error::io(LAYOUT, e))?;
        self.checksums.layout.update(&self.line);
        self.layout.put(&self.line)
    }

    fn enter(&mut self, line: &LedgerLine) -> Result<()> {
        let action = match line.action {
            Action::Removed => {
                self.cleaned.removed += 1;
                "removed"
            }
            Action::Marked => {
                self.cleaned.marked += 1;
                "marked"
            }
        };
        *self.cleaned.rules.entry(line.rule.code()).or_default().entry(action).or_default() += 1;
        self.line.clear();
        json_line(&mut self.line, line).map_err(|e: io::Error| Error::io(LEDGER, e))?;
        self.checksums.ledger.update(&self.line);
        self.ledger.put(&self.line)
    }
}

impl State {
    /// The `only` input of a run, if it is a table, goes to a file whose name is known beforehand. `own` are the names
    /// that inputs are restored under, `given` those that their files have in the output.
    fn new(input: &Input, only: bool, own: &mut Names, given: &mut Names) -> Self {
        let extension = match input.format {
            Format::Text => "txt",
            Format::JsonLines => "jsonl",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Parquet => "parquet",
            Format::Feed => "xml",
            Format::Html => "html",
            Format::Warc => "warc",
        };
        let ending = ending(input.compression);
        let path = input.path.is_some().then(|| path_of(&input.name));
        let name = own.take(own_path(path.as_deref(), ending, extension), "");
        let file = given.take(portable(&name, ending).into(), ending);
        let alone = only && input.format.is_table();
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
            header: None,
            file: None,
            records: Fates::default(),
            others: Vec::new(),
            lines: Others::default(),
            sizes: Vec::new(),
            tall: Vec::new(),
            feed: String::new(),
        }
    }

    /// Writes the file that is all of the input.
    fn write(&mut self, out: &mut OutDir, bytes: &[u8]) -> Result<()> {
        let mut sink = Sink::create(out, &self.target)?;
        sink.put(bytes)?;
        sink.finish()?;
        self.file = Some(self.target.clone());
        Ok(())
    }

    /// Keeps what restoring a crawl needs besides the ledger: dropped records, and heads that change.
    fn keep_apart(&mut self, fate: Fate, record: &[u8]) {
        match fate {
            Fate::Dropped => self.others.push(Bytes::packed(record)),
            Fate::Edited => self.others.push(split(record).0.into()),
            _ => {}
        }
    }

    /// Adds a piece to the kept parts of a feed. Items of a JSON Feed come with the comma before them, which the first kept
    /// one must not have.
    fn add_to_feed(&mut self, piece: &[u8]) {
        let piece = String::from_utf8_lossy(piece);
        let first = self.feed.trim_end().ends_with('[');
        let comma = piece.trim_start().strip_prefix(',').filter(|_| first);
        self.feed.push_str(comma.unwrap_or(&piece));
    }

    /// Notes that a row of a TSV file contains line ends.
    fn note_line_ends(&mut self, record: u64, row: &[u8]) {
        let count = memchr::memchr_iter(b'\n', row).count() as u64;
        if self.format == Format::Tsv && count > 0 {
            self.tall.push((record, count));
        }
    }

    /// Counts the records before `record` that were never passed on as lost: they were too long to be kept.
    fn lose_until(&mut self, record: u64) {
        self.records.push_many(Fate::Lost, 0, record.saturating_sub(self.records.len()));
    }

    fn into_line(mut self, layout: &InputLayout, fields: &Fields, out: &mut OutDir) -> Result<InputLine> {
        self.lose_until(layout.records);
        let table = self.write_table(layout, fields, out)?;
        let State { name, file, records, mut others, lines, sizes, tall, .. } = self;
        let many = if lines.len() > MOST_LISTED {
            Some(Many::of(&lines).map_err(|e| Error::io(LAYOUT, e))?)
        } else {
            let each = lines.runs().flat_map(|run| (0..run.count).map(move |_| Bytes::from(&*run.bytes)));
            others.extend(each);
            None
        };
        Ok(InputLine { name, file, input: layout.clone(), records, others, many, sizes, tall, table })
    }

    /// Writes a Parquet table at the end of its input.
    #[cfg(feature = "parquet")]
    fn write_table(&mut self, layout: &InputLayout, fields: &Fields, out: &mut OutDir) -> Result<Option<TableLine>> {
        let (Format::Parquet, (Some(path), rest)) = (self.format, &self.parquet) else { return Ok(None) };
        let cleaning = super::parquet::Cleaning {
            path,
            layout,
            names: &fields.text,
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

/// How the names of files compressed so end.
fn ending(compression: Compression) -> &'static str {
    match compression {
        Compression::None => "",
        Compression::Gzip => ".gz",
        Compression::Zstd => ".zst",
        Compression::Bzip2 => ".bz2",
    }
}
