//! Rows of a table as documents.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use flong::judge::correction_title;
use flong::pipeline::{Batch, Corpus};
use flong::read::{Fields, Names, Rows};
use flong::segment::cut;
use flong::{Document, Error, Head, Problem, Result};
use rayon::prelude::*;

use crate::capsule::Frame;
use crate::options::Options;
use crate::values::{self, Column, Path};

/// Rows that become documents together.
const BATCH_ROWS: usize = 256;

/// A table whose rows are documents: the texts stay where they are, and documents are made of some rows at a time.
pub struct Table {
    pub frame: Frame,
    /// The number of the table among those of the run.
    input: u32,
    fields: Fields,
    /// Where the text column is.
    pub text: Path,
    /// Of each batch of the table: its text column, and the other columns by the names that are looked for.
    columns: Vec<(Column, Vec<Option<Column>>)>,
    chunks: Vec<Chunk>,
    /// The longest text that is read, in bytes.
    max_record: usize,
}

/// Some rows of a batch.
#[derive(Debug, Clone)]
struct Chunk {
    batch: usize,
    rows: Range<usize>,
    /// The first row in the table.
    first: u64,
}

/// What is known of documents without their texts.
#[derive(Default)]
pub struct Heads {
    /// The documents, without titles but those of corrections. Their places have their rows.
    pub documents: flong::Heads,
    /// The lengths of their texts, in bytes.
    pub lengths: Vec<u32>,
    /// What is wrong with rows that are no documents, and these rows, each with the number of its table.
    pub problems: Vec<Problem>,
    pub unread: Vec<(u32, u64)>,
}

impl Heads {
    /// Adds what is known of the documents that follow.
    pub fn and(mut self, mut more: Heads) -> Self {
        self.documents.append(&more.documents);
        self.lengths.append(&mut more.lengths);
        self.problems.append(&mut more.problems);
        self.unread.append(&mut more.unread);
        self
    }
}

impl Table {
    /// Finds the columns of a table.
    ///
    /// # Errors
    /// If there is no text column, or it holds no texts, or a column that was named is missing.
    pub fn new(frame: Frame, input: u32, options: &Options) -> Result<Self> {
        let (fields, named) = (&options.settings().fields(), options.named());
        let max_record = options.reading().max_record;
        let schema = frame.schema.clone();
        let column = |name: &str| values::find(schema.fields(), name);
        for names in [&named.text, &named.id, &named.source, &named.date, &named.title, &named.url, &named.rank] {
            if names.iter().next().is_some() && !names.iter().any(|name| column(name).is_some()) {
                return Err(missing(names, &frame));
            }
        }
        let text = fields.text.iter().find_map(|name| Some((name, column(name)?)));
        let (name, (text, data_type)) = text.ok_or_else(|| missing(&fields.text, &frame))?;
        if !values::holds_texts(&data_type) {
            let why = format!("the column `{name}` holds no texts but {data_type}; name the one that does with text=");
            return Err(Error::Usage(why));
        }
        let paths: Vec<Option<Path>> =
            Rows::new(fields).names().map(|name| column(name).map(|(path, _)| path)).collect();
        let columns = |batch| {
            let others = paths.iter().map(|path| path.as_ref().map(|path| Column::of(batch, path)));
            (Column::of(batch, &text), others.collect())
        };
        let columns = frame.batches.iter().map(columns).collect();
        let chunks = chunks(&frame);
        Ok(Table { frame, input, fields: fields.clone(), text, columns, chunks, max_record })
    }

    /// Returns the documents of a chunk, and hands over each row that is none with the reason.
    fn some(&self, chunk: &Chunk, mut refused: impl FnMut(u64, String)) -> Vec<Document> {
        let (texts, others) = &self.columns[chunk.batch];
        let rows = Rows::new(&self.fields);
        let mut documents = Vec::with_capacity(chunk.rows.len());
        for (row, number) in chunk.rows.clone().zip(chunk.first..) {
            match self.text(texts, row) {
                Ok(text) => {
                    let value = |slot: usize| others[slot].as_ref()?.value(row);
                    let mut document = rows.document(number, text, value);
                    document.provenance.place.input = self.input;
                    documents.push(document);
                }
                Err(why) => refused(number, why),
            }
        }
        documents
    }

    fn text<'t>(&self, texts: &'t Column, row: usize) -> std::result::Result<&'t str, String> {
        let bytes = texts.bytes(row).ok_or("the text is null")?;
        if bytes.len() > self.max_record {
            return Err(format!("the text is longer than {} bytes, the longest that is read", self.max_record));
        }
        std::str::from_utf8(bytes).map_err(|e| format!("the text is not UTF-8 at byte {}", e.valid_up_to() + 1))
    }

    /// Returns the text of a row, which was valid before.
    pub fn text_of(&self, row: u64) -> &str {
        let chunk = &self.chunks[self.chunks.partition_point(|chunk| chunk.first <= row) - 1];
        let at = chunk.rows.start + (row - chunk.first) as usize;
        self.text(&self.columns[chunk.batch].0, at).unwrap_or_default()
    }

    /// Goes through the table once, for what is known of each document.
    pub fn heads(&self) -> Heads {
        let parts: Vec<Heads> = self
            .chunks
            .par_iter()
            .map(|chunk| {
                let (mut problems, mut unread) = (Vec::new(), Vec::new());
                let refuse = |row, reason| {
                    unread.push((self.input, row));
                    let input = format!("row {row}");
                    problems.push(Problem { input, line: 0, reason, skipped: true, records: 1 });
                };
                let documents = self.some(chunk, refuse);
                let lengths = documents.iter().map(|document| document.text.len() as u32).collect();
                let mut heads = flong::Heads::default();
                for head in documents.iter().map(Document::head) {
                    // Of a correction and what it corrects, the correction is kept, and its headline tells it.
                    heads.push(Head { title: correction_title(head), ..head });
                }
                heads.shrink_to_fit();
                Heads { documents: heads, lengths, problems, unread }
            })
            .collect();
        parts.into_iter().fold(Heads::default(), Heads::and)
    }

    /// Makes all documents, one for each row.
    ///
    /// # Errors
    /// If a row is no document.
    pub fn whole(&self) -> Result<Vec<Document>> {
        let problem = self.heads().problems.into_iter().next();
        let refused = |problem| Err(Error::Usage(format!("{problem}; here, every row must have a text")));
        problem.map_or_else(|| Ok(self.documents()), refused)
    }

    /// Makes the documents one after another, in the order of the rows; of a row that is none, the reason. `number` returns the
    /// number of a row, by which a document is called whose id no column holds.
    pub fn each(&self, number: impl Fn(usize) -> u64) -> impl Iterator<Item = std::result::Result<Document, String>> {
        let rows = self.chunks.iter().flat_map(|chunk| chunk.rows.clone().map(|row| (chunk.batch, row)));
        let fields = Rows::new(&self.fields);
        rows.map(move |(batch, row)| {
            let (texts, others) = &self.columns[batch];
            let value = |slot: usize| others[slot].as_ref()?.value(row);
            Ok(fields.document(number(row), self.text(texts, row)?, value))
        })
    }

    /// Makes all documents, with their texts.
    pub fn documents(&self) -> Vec<Document> {
        self.chunks.par_iter().flat_map_iter(|chunk| self.some(chunk, |_, _| ())).collect()
    }
}

fn chunks(frame: &Frame) -> Vec<Chunk> {
    let (mut chunks, mut first) = (Vec::new(), 0);
    for (batch, rows) in frame.batches.iter().map(|batch| batch.num_rows()).enumerate() {
        for start in (0..rows).step_by(BATCH_ROWS) {
            let end = (start + BATCH_ROWS).min(rows);
            chunks.push(Chunk { batch, rows: start..end, first });
            first += (end - start) as u64;
        }
    }
    chunks
}

/// Returns the error about a column that is not there, with the nearest name.
fn missing(names: &Names, frame: &Frame) -> Error {
    let columns = values::names(frame.schema.fields());
    let wanted: Vec<&str> = names.iter().collect();
    let suggested = wanted.iter().map(|name| flong::did_you_mean(name, columns.iter().map(String::as_str)));
    let meant = suggested.into_iter().find(|suggested| !suggested.is_empty()).unwrap_or_default();
    let there = if columns.is_empty() { "none".into() } else { columns.join(", ") };
    Error::Usage(format!("there is no column {}; there are {there}{meant}", wanted.join(", ")))
}

/// Tables that are gone through while somebody watches: the passes count documents.
pub struct Watched<'t> {
    pub tables: &'t [Table],
    pub documents: &'t AtomicU64,
}

impl Corpus for Watched<'_> {
    fn pass(&self, each: &(dyn Fn(Batch<'_>) + Sync)) -> Result<()> {
        self.documents.store(0, Ordering::Relaxed);
        let chunks: Vec<(&Table, &Chunk)> =
            self.tables.iter().flat_map(|table| table.chunks.iter().map(move |chunk| (table, chunk))).collect();
        chunks.into_par_iter().enumerate().for_each(|(number, (table, chunk))| {
            let documents = table.some(chunk, |_, _| ());
            each(Batch { number, documents: &documents, cut: &|i| cut(&documents[i]) });
            self.documents.fetch_add(documents.len() as u64, Ordering::Relaxed);
        });
        Ok(())
    }
}
