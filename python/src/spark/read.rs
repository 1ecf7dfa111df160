//! Rows of a table as documents, and their ranks.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use flong::judge::{DateOrders, rank_key, time};
use flong::read::Place;
use flong::{Document, Error, Result};

use super::batch::{Column, Rows, batch, bytes, get, longs, texts, wrong};
use super::step::{Setting, Step};
use crate::capsule::Frame;
use crate::rows::Table;

/// The column of the document's id.
pub const ID: &str = "flong_id";
/// The column of its number: documents are in the order of their numbers, which are all different.
pub const NUMBER: &str = "flong_number";
/// The column that says why a row is no document.
const SKIPPED: &str = "flong_skipped";

fn table(batch: &RecordBatch, setting: &Setting) -> Result<Table> {
    Table::new(Frame { schema: batch.schema(), batches: vec![batch.clone()] }, 0, &setting.options)
}

/// Returns the documents of a batch that has their ids and numbers.
pub fn documents(batch: &RecordBatch, setting: &Setting) -> Result<Vec<Document>> {
    let (ids, numbers) = (Rows(batch).texts(ID)?, Rows(batch).longs(NUMBER)?);
    let table = table(batch, setting)?;
    let each = table.each(|row| numbers.value(row) as u64).enumerate();
    each.map(|(row, document)| {
        let place = Place { input: 0, record: numbers.value(row) as u64 };
        let mut document = document.map_err(wrong)?;
        (document.id, document.provenance.place) = (ids.value(row).into(), place);
        Ok(document)
    })
    .collect()
}

/// Appends the ids of the documents to a table, and what is wrong with rows that are none. The extra is the name of the column
/// that numbers the documents, if there is one; its numbers are in the column [`NUMBER`].
pub struct Read(Arc<Setting>);

impl Read {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Read(setting)))
    }
}

/// The number of a row that no column numbers.
const UNNUMBERED: u64 = i64::MAX as u64;

impl Step for Read {
    fn take(&mut self, batch: &RecordBatch) -> Result<Option<RecordBatch>> {
        let order = self.0.extra.as_deref();
        let numbers = order.map(|_| Rows(batch).longs(NUMBER)).transpose()?;
        if let Some(row) =
            numbers.and_then(|numbers| (0..numbers.len()).find(|&row| numbers.is_null(row) || numbers.value(row) < 0))
        {
            let told = numbers
                .filter(|numbers| !numbers.is_null(row))
                .map_or("null".into(), |numbers| numbers.value(row).to_string());
            let name = order.unwrap_or_default();
            return Err(Error::Usage(format!(
                "the column {name} has {told} in a row; it must number the rows from 0 on"
            )));
        }
        let number = |row: usize| numbers.map_or(UNNUMBERED, |numbers| numbers.value(row) as u64);
        let unnamed = UNNUMBERED.to_string();
        let (mut ids, mut skipped) = (Vec::new(), Vec::new());
        for document in table(batch, &self.0)?.each(number) {
            if document.as_ref().is_ok_and(|document| *document.id == *unnamed) {
                let what = "a row has no id; name the column of ids with id=, or one that numbers the rows with order=";
                return Err(Error::Usage(what.into()));
            }
            skipped.push(document.as_ref().err().cloned());
            ids.push(document.ok().map(|document| document.id));
        }
        let mut fields: Vec<Arc<Field>> = batch.schema().fields().iter().cloned().collect();
        let mut columns = batch.columns().to_vec();
        for (name, column) in [(ID, texts(ids)), (SKIPPED, texts(skipped))] {
            fields.push(Arc::new(Field::new(name, DataType::Utf8, true)));
            columns.push(column);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map(Some).map_err(wrong)
    }
}

/// Returns a key for each document by which documents sort into their ranks. Takes what [`observe`](super::count::Observe)
/// returns, with the orders of day and month that the dates of the source, and of all documents, show.
pub struct Rank(Arc<Setting>);

/// Columns of the keys.
pub const RANKS: &[Column] = &[("number", "long"), ("rank_key", "binary")];

impl Rank {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Rank(setting)))
    }
}

impl Step for Rank {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (numbers, lengths) = (of.longs("number")?, of.longs("length")?);
        let (sources, dates, fields) = (of.texts("source_name")?, of.texts("date")?, of.texts("field")?);
        let titles = of.texts("correction")?;
        let (own, everywhere) = (of.ints("shown")?, of.ints("shown_anywhere")?);
        let orders = |bits: i32| DateOrders::from_bits(bits as u8);
        let key = |row: usize| {
            let text = |column: &arrow_array::StringArray| get!(column, row).map(Into::into);
            let document = Document {
                source: text(sources),
                rank: text(fields),
                title: text(titles),
                provenance: Place { input: 0, record: numbers.value(row) as u64 }.into(),
                ..Document::default()
            };
            let date = get!(dates, row);
            let source = get!(own, row).filter(|_| document.source.is_some()).unwrap_or_default();
            let when = date.and_then(|date| time(date, orders(source), orders(everywhere.value(row))));
            rank_key(&document, lengths.value(row) as usize, when, &self.0.params)
        };
        let keys = (0..rows.num_rows()).map(key);
        batch(RANKS, vec![longs(numbers.iter()), bytes(keys.map(Some))]).map(Some)
    }
}
