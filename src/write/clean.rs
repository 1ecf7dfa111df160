//! The cleaned corpus, with its ledger and its layout.

use std::collections::BTreeMap;
use std::io;
use std::mem;

use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use super::edit::{Fate, Record, edit};
use super::layout::{Bytes, DOCUMENTS, Fates, Footer, Header, InputLine, LAYOUT, LEDGER, TEXTS, VERSION, digits};
use super::lines::json_line;
use super::names::Names;
use super::sink::Sink;
use super::{LedgerLine, OutDir};
use crate::judge::{Action, Finding};
use crate::read::{Compression, Fields, Format, Input, InputLayout, encode, split, with_length};
use crate::{Document, Error, Place, Result};

/// What a clean run did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// Documents that went on as they were.
    pub kept: u64,
    /// Documents that went on with pieces removed.
    pub edited: u64,
    /// Documents that did not go on.
    pub dropped: u64,
    /// Ledger lines about what was removed.
    pub removed: u64,
    /// Ledger lines about what was only marked.
    pub marked: u64,
    /// Those lines by rule and action.
    #[serde(skip)]
    pub rules: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
}

/// Everything at hand: for runs that hold their corpus in memory.
#[derive(Debug)]
pub struct Corpus<'a> {
    /// The fields that the documents were read by.
    pub fields: &'a Fields,
    /// The inputs of the run.
    pub inputs: &'a [Input],
    /// Their layouts, one each.
    pub layouts: &'a [InputLayout],
    /// Their documents, by place, read with their records.
    pub documents: &'a [Document],
    /// Their other records, by place.
    pub others: &'a [(Place, Box<[u8]>)],
    /// What was found, by document.
    pub findings: &'a [Finding],
}

/// Writes the cleaned corpus, the ledger and the layout.
pub fn clean(out: &mut OutDir, corpus: &Corpus) -> Result<Cleaned> {
    let name = |index: usize| &*corpus.documents[index].id;
    let mut cleaner = Cleaner::create(out, corpus.inputs, corpus.fields)?;
    let mut others = corpus.others.iter().peekable();
    let mut findings = corpus.findings;
    for (i, document) in corpus.documents.iter().enumerate() {
        while let Some((place, bytes)) = others.next_if(|(place, _)| *place < document.place) {
            cleaner.other(*place, bytes)?;
        }
        let (own, rest) = findings.split_at(findings.partition_point(|finding| finding.document <= i));
        findings = rest;
        cleaner.document(document, own, name)?;
    }
    others.try_for_each(|(place, bytes)| cleaner.other(*place, bytes))?;
    cleaner.finish(corpus.layouts)
}

/// Writes a cleaned corpus record by record, in the order of the inputs.
pub struct Cleaner<'o> {
    out: &'o mut OutDir,
    fields: Fields,
    inputs: Vec<State>,
    documents: Option<Sink>,
    /// The crawl that is being written, by its input.
    crawl: Option<(u32, Sink)>,
    ledger: Sink,
    layout: Sink,
    checksums: Checksums,
    cleaned: Cleaned,
    line: Vec<u8>,
}

/// Of what was written.
#[derive(Default)]
struct Checksums {
    documents: Xxh3,
    ledger: Xxh3,
}

/// What has been seen of an input.
struct State {
    name: String,
    ending: &'static str,
    format: Format,
    file: Option<String>,
    records: Fates,
    others: Vec<Bytes>,
    /// The sizes of the records of a crawl that went on.
    sizes: Vec<u64>,
    /// What goes on of a feed, which is written when its encoding is known.
    feed: String,
}

impl<'o> Cleaner<'o> {
    /// Starts the files in `out`. `fields` must be those that the documents are read by.
    pub fn create(out: &'o mut OutDir, inputs: &[Input], fields: &Fields) -> Result<Self> {
        let lines = |input: &&Input| input.format.is_lines();
        let packed = inputs.iter().find(lines).map(|first| first.compression);
        let shared = packed.filter(|packed| inputs.iter().filter(lines).all(|input| input.compression == *packed));
        let documents = format!("{DOCUMENTS}{}", shared.map_or("", ending));
        let mut layout = Sink::create(out, LAYOUT)?;
        let header = Header {
            layout: VERSION,
            flong: env!("CARGO_PKG_VERSION").to_owned(),
            documents: documents.clone(),
            text: fields.text.iter().map(str::to_owned).collect(),
        };
        json_line(&mut layout, &header).map_err(|e| Error::io(LAYOUT, e))?;
        let mut names = Names::default();
        Ok(Cleaner {
            fields: fields.clone(),
            inputs: inputs.iter().map(|input| State::new(input, &mut names)).collect(),
            documents: packed.map(|_| Sink::create(out, &documents)).transpose()?,
            crawl: None,
            ledger: Sink::create(out, LEDGER)?,
            layout,
            checksums: Checksums::default(),
            cleaned: Cleaned::default(),
            line: Vec::new(),
            out,
        })
    }

    /// The next document, with all findings about it. `name` gives any document's id by its index in the run.
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
            Format::Text => document.text.as_bytes(),
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
        let record = match format {
            Format::Text => Record::text(text),
            Format::JsonLines | Format::Html => Record::json(text, &self.fields).ok_or_else(unwritable)?,
            Format::Feed | Format::Warc => Record::markup(text, document.within),
        };
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
        match (outcome.fate, &outcome.record) {
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

    /// The next record that is no document, without its line end.
    pub fn other(&mut self, place: Place, bytes: &[u8]) -> Result<()> {
        let input = self.reach(place);
        input.records.push(Fate::Other, 0);
        match input.format {
            Format::Warc => return self.add_to_crawl(place.input, bytes),
            Format::Feed => input.add_to_feed(bytes),
            _ => input.others.push(bytes.into()),
        }
        Ok(())
    }

    /// Writes the rest. `layouts` are the inputs', one each.
    pub fn finish(mut self, layouts: &[InputLayout]) -> Result<Cleaned> {
        self.crawl.take().map_or(Ok(()), |(_, sink)| sink.finish())?;
        for (mut input, layout) in mem::take(&mut self.inputs).into_iter().zip(layouts) {
            if input.format == Format::Feed {
                let feed = encode(&input.feed, &layout.encoding, layout.bom);
                input.file = Some(write_file(self.out, &input, &feed)?);
            }
            let line = input.into_line(layout);
            json_line(&mut self.layout, &line).map_err(|e| Error::io(LAYOUT, e))?;
        }
        let Checksums { documents, ledger } = &self.checksums;
        let footer = Footer { documents: digits(documents), ledger: digits(ledger) };
        json_line(&mut self.layout, &footer).map_err(|e| Error::io(LAYOUT, e))?;
        self.documents.map_or(Ok(()), Sink::finish)?;
        self.ledger.finish()?;
        self.layout.finish()?;
        Ok(self.cleaned)
    }

    /// The input of a record, up to that record.
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
            (_, Format::Warc) => return self.add_to_crawl(place.input, record),
            (_, Format::Feed) => self.inputs[place.input as usize].add_to_feed(record),
            _ => {
                let input = &mut self.inputs[place.input as usize];
                input.file = Some(write_file(self.out, input, record)?);
            }
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
                let file = format!("{TEXTS}{}{}", state.name, state.ending);
                state.file = Some(file.clone());
                Sink::create(self.out, &file)?
            }
        };
        sink.put(record)?;
        self.crawl = Some((input, sink));
        Ok(())
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

/// Writes the file of an input, and says how it is called.
fn write_file(out: &mut OutDir, input: &State, bytes: &[u8]) -> Result<String> {
    let file = format!("{TEXTS}{}{}", input.name, input.ending);
    let mut sink = Sink::create(out, &file)?;
    sink.put(bytes)?;
    sink.finish()?;
    Ok(file)
}

impl State {
    fn new(input: &Input, names: &mut Names) -> Self {
        let (source, extension) = match input.format {
            Format::Text => (&input.name, "txt"),
            Format::JsonLines => (&input.name, "jsonl"),
            Format::Feed => (&input.name, "xml"),
            Format::Html => (&input.name, "html"),
            Format::Warc => (&input.name, "warc"),
        };
        let source = if input.path.is_some() { source } else { "-" };
        State {
            name: names.take(source, extension),
            ending: ending(input.compression),
            format: input.format,
            file: None,
            records: Fates::default(),
            others: Vec::new(),
            sizes: Vec::new(),
            feed: String::new(),
        }
    }

    /// Keeps what a restore of a crawl needs beside the ledger: records that do not go on, and heads that change.
    fn keep_apart(&mut self, fate: Fate, record: &[u8]) {
        match fate {
            Fate::Dropped => self.others.push(Bytes::packed(record)),
            Fate::Edited => self.others.push(split(record).0.into()),
            _ => {}
        }
    }

    /// Adds a piece to what goes on of a feed. Items of a JSON Feed come with the comma before them, which the first one
    /// that goes on must not have.
    fn add_to_feed(&mut self, piece: &[u8]) {
        let piece = String::from_utf8_lossy(piece);
        let first = self.feed.trim_end().ends_with('[');
        let comma = piece.trim_start().strip_prefix(',').filter(|_| first);
        self.feed.push_str(comma.unwrap_or(&piece));
    }

    /// Records that were too long to be kept are not heard of.
    fn lose_until(&mut self, record: u64) {
        for _ in self.records.len()..record {
            self.records.push(Fate::Lost, 0);
        }
    }

    fn into_line(mut self, layout: &InputLayout) -> InputLine {
        self.lose_until(layout.records);
        let State { name, file, records, others, sizes, .. } = self;
        InputLine { name, file, input: layout.clone(), records, others, sizes }
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
