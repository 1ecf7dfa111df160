//! The cleaned corpus, with its ledger and its layout.

use std::io;
use std::mem;

use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use super::applied::with_findings;
use super::destination::Destination;
use super::dropped::{Dropped, DroppedLine};
use super::edit::Fate;
use super::editor::{Cleaned, Edited, Editor};
use super::layout::{DOCUMENTS, Footer, Header, LAYOUT, LEDGER, VERSION, digits};
use super::lines::json_line;
use super::names::Names;
use super::sink::Sink;
use super::state::{State, ending};
use super::{LedgerLine, OutDir};
use crate::judge::Finding;
use crate::read::{
    Fields, Input, InputLayout, OtherRun, Output, Place, id_separator, item_with_id, with_id, with_length,
};
use crate::{Document, Error, Result};

/// Writes a cleaned corpus record by record, in the order of the inputs.
pub struct Cleaner<'o> {
    out: &'o mut OutDir,
    editor: Editor,
    layouts: &'o [InputLayout],
    names: Vec<String>,
    inputs: Vec<State>,
    /// The file of JSON Lines that inputs share.
    shared: Option<Sink>,
    /// The file of JSON Lines, rows or records of a crawl that is being written, by its input.
    open: Option<(u32, Sink)>,
    ledger: Sink,
    dropped: Dropped,
    layout: Sink,
    checksums: Checksums,
    line: Vec<u8>,
}

/// Checksums of the files that are written.
#[derive(Default)]
struct Checksums {
    documents: Xxh3,
    ledger: Xxh3,
    layout: Xxh3,
}

impl<'o> Cleaner<'o> {
    /// Creates the files in `out`. `layouts` has one entry for each input; `fields` must be the ones that the documents are
    /// read by. With `drop_emptied`, documents are dropped of which nothing is left.
    pub fn create(
        out: &'o mut OutDir,
        inputs: &[Input],
        layouts: &'o [InputLayout],
        fields: &Fields,
        drop_emptied: bool,
    ) -> Result<Self> {
        let shares = |input: &&Input| input.format.output() == Output::SharedLines;
        let packed = inputs.iter().find(shares).map(|first| first.compression);
        let alike = packed.filter(|packed| inputs.iter().filter(shares).all(|input| input.compression == *packed));
        let documents = format!("{DOCUMENTS}{}", alike.map_or("", ending));
        let header = Header {
            layout: VERSION,
            flong: env!("CARGO_PKG_VERSION").to_owned(),
            documents: documents.clone(),
            text: fields.text.iter().map(str::to_owned).collect(),
            id: fields.made_up_id().to_owned(),
        };
        let (mut own, mut given) = (Names::exact(), Names::folded());
        let mut state = |input| State::new(input, inputs.len() == 1, &mut own, &mut given);
        let mut cleaner = Cleaner {
            editor: Editor::new(inputs, fields, drop_emptied),
            layouts,
            names: inputs.iter().map(|input| input.name.clone()).collect(),
            inputs: inputs.iter().map(&mut state).collect(),
            shared: packed.map(|_| Sink::create(out, &documents)).transpose()?,
            open: None,
            ledger: Sink::create(out, LEDGER)?,
            dropped: Dropped::create(out, inputs)?,
            layout: Sink::create(out, LAYOUT)?,
            checksums: Checksums::default(),
            line: Vec::new(),
            out,
        };
        cleaner.lay_out(&header)?;
        Ok(cleaner)
    }

    /// Writes the next documents, of which the first has the index `first` in the run, and the other records among them, each
    /// with the index of its input; both sorted by place. `findings` are those about these documents, sorted by document. `name`
    /// returns any document's id by its index in the run.
    pub fn records<'a>(
        &mut self,
        first: usize,
        documents: &'a [Document],
        others: impl Iterator<Item = (u32, OtherRun)>,
        findings: &'a [Finding],
        name: impl Fn(usize) -> &'a str,
    ) -> Result<()> {
        let mut others = others.map(|(input, run)| (Place { input, record: run.first }, run)).peekable();
        for (document, own) in with_findings(first, documents, findings) {
            while let Some((place, run)) = others.next_if(|(place, _)| *place < document.provenance.place) {
                self.others(place, run.count, &run.bytes)?;
            }
            self.document(document, own, &name)?;
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
        let place = document.provenance.place;
        let format = self.layouts[place.input as usize].format;
        let Edited { fate, whole, record, lines } = self.editor.document(document, format, findings, &name)?;
        let input = self.reach(place);
        input.records.push(fate, lines.len());
        if let Destination::Crawl(_) = input.destination {
            input.keep_apart(fate, whole);
        }
        if fate == Fate::Dropped {
            let line = DroppedLine::of(document, &self.names[place.input as usize], &lines);
            line.map_or(Ok(()), |line| self.dropped.push(&line))?;
        } else {
            self.put(document, fate, whole, &record)?;
        }
        lines.iter().try_for_each(|line| self.enter(line))
    }

    /// Writes the record of a document that is kept. `whole` is the record as it was read.
    fn put(&mut self, document: &Document, fate: Fate, whole: &[u8], record: &[u8]) -> Result<()> {
        let Place { input: index, record: number } = document.provenance.place;
        let input = &mut self.inputs[index as usize];
        match &mut input.destination {
            Destination::File => input.write(self.out, record),
            Destination::Lines => self.put_line(document, record),
            Destination::SharedLines => self.put_shared_line(record),
            Destination::Rows(_) => self.put_row(document.provenance.place, record, &document.id),
            Destination::Table(table) => {
                let edited = (fate == Fate::Edited).then(|| String::from_utf8_lossy(record).into_owned());
                table.edits.extend(edited.map(|text| (number, text)));
                Ok(())
            }
            Destination::Feed(feed) => {
                let (input, field) = (&self.names[index as usize], self.editor.fields.made_up_id());
                feed.push(item_with_id(record, document, input, field).as_deref().unwrap_or(record));
                Ok(())
            }
            Destination::Crawl(_) if fate == Fate::Edited => {
                self.add_to_crawl(index, &with_length(record, whole.len() - record.len()))
            }
            Destination::Crawl(_) => self.add_to_crawl(index, record),
        }
    }

    /// Writes the next record that is not a document, given without its line end.
    pub fn other(&mut self, place: Place, bytes: &[u8]) -> Result<()> {
        self.others(place, 1, bytes)
    }

    /// Writes the next `count` records that are not documents and are all the same.
    pub fn others(&mut self, place: Place, count: u64, bytes: &[u8]) -> Result<()> {
        let format = self.layouts[place.input as usize].format;
        let is_header = self.editor.take_header(place, format, bytes);
        let input = self.reach(place);
        if is_header {
            input.records.push(Fate::Kept, 0);
            self.start_table(place, bytes)?;
            let next = Place { record: place.record + 1, ..place };
            return if count > 1 { self.others(next, count - 1, bytes) } else { Ok(()) };
        }
        input.records.push_many(Fate::Other, 0, count);
        match &mut input.destination {
            Destination::Crawl(_) => return (0..count).try_for_each(|_| self.add_to_crawl(place.input, bytes)),
            Destination::Feed(feed) => (0..count).for_each(|_| feed.push(bytes)),
            Destination::Table(_) => {}
            Destination::File | Destination::Lines | Destination::SharedLines | Destination::Rows(_) => {
                input.lines.push_run(place.record, count, bytes);
            }
        }
        Ok(())
    }

    /// Creates the file of a table and writes its header.
    fn start_table(&mut self, place: Place, row: &[u8]) -> Result<()> {
        let index = place.input as usize;
        let header = self.editor.headers[index].as_ref();
        let separator = header.and_then(|header| id_separator(header, &self.editor.fields, &self.names[index]));
        if let Destination::Rows(rows) = &mut self.inputs[index].destination {
            rows.id_separator = separator;
        }
        let bom = self.layouts[index].bom;
        let sink = self.sink(place.input)?;
        if bom {
            sink.put("\u{feff}".as_bytes())?;
        }
        let id = self.editor.fields.made_up_id().to_owned();
        self.put_row(place, row, &id)
    }

    /// Writes a line of JSON, with its id if it has none.
    fn put_line(&mut self, document: &Document, record: &[u8]) -> Result<()> {
        let place = document.provenance.place;
        let lacks_id = document.provenance.given.is_some_and(|given| !given.id);
        let with = lacks_id.then(|| with_id(record, self.editor.fields.made_up_id(), &document.id)).flatten();
        with.iter().for_each(|_| self.inputs[place.input as usize].note_id(place.record));
        let sink = self.sink(place.input)?;
        sink.put(with.as_deref().unwrap_or(record))?;
        sink.put(b"\n")
    }

    /// Writes a line of the file that inputs share.
    fn put_shared_line(&mut self, record: &[u8]) -> Result<()> {
        let Some(shared) = &mut self.shared else { return Ok(()) };
        for part in [record, b"\n"] {
            self.checksums.documents.update(part);
            shared.put(part)?;
        }
        Ok(())
    }

    /// Writes a row of a table, with its id if the table gets a column of ids.
    fn put_row(&mut self, place: Place, row: &[u8], id: &str) -> Result<()> {
        let (input, layout) = (&mut self.inputs[place.input as usize], &self.layouts[place.input as usize]);
        let Destination::Rows(rows) = &mut input.destination else { return Ok(()) };
        rows.note_line_ends(place.record, row);
        let separator = rows.id_separator;
        separator.iter().for_each(|_| input.note_id(place.record));
        let (end, sink) = (layout.line_end(place.record), self.sink(place.input)?);
        sink.put(row)?;
        if let Some(separator) = separator {
            sink.put(&[separator])?;
            sink.put(id.as_bytes())?;
        }
        sink.put(end.text().as_bytes())
    }

    /// Returns the open file of an input, which is created if it is another one than the last.
    fn sink(&mut self, input: u32) -> Result<&mut Sink> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != input) {
            self.open.take().map_or(Ok(()), |(_, sink)| sink.finish())?;
        }
        let state = &mut self.inputs[input as usize];
        let sink = match self.open.take() {
            Some((_, sink)) => sink,
            None => {
                state.file = Some(state.target.clone());
                Sink::create(self.out, &state.target)?
            }
        };
        Ok(&mut self.open.insert((input, sink)).1)
    }

    /// Writes everything that is still held back: feeds, Parquet tables, the layout and the checksums.
    pub fn finish(mut self) -> Result<Cleaned> {
        self.open.take().map_or(Ok(()), |(_, sink)| sink.finish())?;
        for (input, layout) in mem::take(&mut self.inputs).into_iter().zip(self.layouts) {
            let line = input.into_line(layout, &self.editor.fields, self.out)?;
            self.lay_out(&line)?;
        }
        let Checksums { documents, ledger, layout } = &self.checksums;
        let footer = Footer { documents: digits(documents), ledger: digits(ledger), layout: Some(digits(layout)) };
        self.lay_out(&footer)?;
        self.shared.map_or(Ok(()), Sink::finish)?;
        self.ledger.finish()?;
        self.dropped.finish()?;
        self.layout.finish()?;
        Ok(self.editor.cleaned)
    }

    /// Returns the state of the input of a record, with all records before it accounted for.
    fn reach(&mut self, place: Place) -> &mut State {
        let input = &mut self.inputs[place.input as usize];
        input.lose_until(place.record);
        input
    }

    /// Writes a record of a crawl, compressed by itself as crawls are.
    fn add_to_crawl(&mut self, input: u32, record: &[u8]) -> Result<()> {
        if let Destination::Crawl(sizes) = &mut self.inputs[input as usize].destination {
            sizes.push(record.len() as u64);
        }
        self.open = match self.open.take() {
            Some((open, sink)) if open == input => Some((open, sink.next_member()?)),
            open => open,
        };
        self.sink(input)?.put(record)
    }

    /// Adds a line to the layout.
    fn lay_out(&mut self, line: &impl Serialize) -> Result<()> {
        self.line.clear();
        json_line(&mut self.line, line).map_err(|e: io::Error| Error::io(LAYOUT, e))?;
        self.checksums.layout.update(&self.line);
        self.layout.put(&self.line)
    }

    /// Adds a line to the ledger.
    fn enter(&mut self, line: &LedgerLine) -> Result<()> {
        self.line.clear();
        json_line(&mut self.line, line).map_err(|e: io::Error| Error::io(LEDGER, e))?;
        self.checksums.ledger.update(&self.line);
        self.ledger.put(&self.line)
    }
}
