//! Counting: documents -> counts of parts -> their sum -> knowledge; and what is decided by comparing equal texts.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch, new_null_array};
use flong::boilerplate::{Lexicon, StubText, TitleIndex, promotions, stub};
use flong::count::{FirstCounts, Row, SecondCounts};
use flong::judge::{DateOrders, correction_title};
use flong::segment::{Cut, cut};
use flong::token::Word;
use flong::{Document, Error, Result};

use super::batch::{Column, Rows, batch, bytes, flags, floats, get, ints, longs, texts};
use super::parts;
use super::portrait::{decode, encode, title_bytes, title_words};
use super::read::documents;
use super::slices::Slices;
use super::step::{Setting, Step};

/// Columns of what is known of each document after the first round; `correction` is the title of one that corrects another. The
/// last four are of rows that have nothing else: those of [`CHUNKS`], with counts, and those of [`PARTS`], with hashes that are
/// still to be counted.
pub const OBSERVED: &[Column] = &[
    ("number", "long"),
    ("id", "string"),
    ("source_name", "string"),
    ("source", "long"),
    ("text", "long"),
    ("length", "long"),
    ("date", "string"),
    ("shown", "int"),
    ("field", "string"),
    ("correction", "string"),
    ("title", "binary"),
    ("title_keys", "array<long>"),
    ("asked", "array<long>"),
    ("stub", "long"),
    ("stub_text", "binary"),
    ("from", "long"),
    ("seq", "int"),
    ("part", "int"),
    ("bytes", "binary"),
];

/// Columns of bytes that are too many for one row: where they come from, and the number of the chunk.
pub const CHUNKS: &[Column] = &[("from", "long"), ("seq", "int"), ("bytes", "binary")];

/// Bytes in a chunk.
const CHUNK: usize = 16 << 20;

/// Returns bytes in chunks.
fn chunks(from: i64, all: &[u8]) -> Result<Vec<RecordBatch>> {
    let one = |(seq, chunk): (i32, &[u8])| batch(CHUNKS, vec![longs([from]), ints([seq]), bytes([Some(chunk)])]);
    (0..).zip(all.chunks(CHUNK)).map(one).collect()
}

/// Puts chunks together that come in order.
#[derive(Default)]
struct Assembly {
    from: Option<i64>,
    held: Vec<u8>,
}

impl Assembly {
    /// Takes in chunks, and calls `each` with all bytes that come from one place.
    fn take(&mut self, rows: &RecordBatch, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let (from, bytes) = (Rows(rows).longs("from")?, Rows(rows).bytes("bytes")?);
        for row in 0..rows.num_rows() {
            if self.from != Some(from.value(row)) {
                self.finish(&mut each)?;
                self.from = Some(from.value(row));
            }
            self.held.extend_from_slice(bytes.value(row));
        }
        Ok(())
    }

    fn finish(&mut self, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let held = std::mem::take(&mut self.held);
        if self.from.take().is_some() { each(&held) } else { Ok(()) }
    }
}

/// The first round: counts the documents of a part, and returns a row for each.
pub struct Observe {
    setting: Arc<Setting>,
    lexicon: Cow<'static, Lexicon>,
    counts: FirstCounts,
}

impl Observe {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        let counts = FirstCounts::new(setting.params.counting());
        Ok(Box::new(Observe { lexicon: Lexicon::of(&setting.params.own), counts, setting }))
    }

    /// The keys that titles are looked up by which the document may promote.
    fn asked(&self, document: &Document, cut: &Cut) -> Vec<i64> {
        let words = |at: usize| -> Vec<Word> {
            cut.tokens.iter().skip(at).take(TitleIndex::KEY).map(|token| token.word).collect()
        };
        let places = promotions(document, cut, &self.lexicon);
        places.into_iter().filter_map(|at| TitleIndex::place(&words(at))).map(|key| key as i64).collect()
    }
}

/// Makes a column of lists.
fn lists(values: impl Iterator<Item = Vec<i64>>) -> ArrayRef {
    let lists = values.map(|list| Some(list.into_iter().map(Some)));
    Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists))
}

impl Step for Observe {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let documents = documents(rows, &self.setting)?;
        let mut made = Vec::with_capacity(documents.len());
        let mut asked = Vec::with_capacity(documents.len());
        for document in &documents {
            let cut = cut(document);
            self.counts.observe(document, &cut);
            made.push(Row::of(document.provenance.place.record, document, &cut));
            asked.push(self.asked(document, &cut));
        }
        let shown = |document: &Document| document.date.as_deref().map_or(0, |date| DateOrders::of(date).bits());
        let mut columns = vec![
            longs(made.iter().map(|row| row.number as i64)),
            texts(documents.iter().map(|document| Some(&document.id))),
            texts(documents.iter().map(|document| document.source.as_deref())),
            longs(made.iter().map(|row| row.source as i64)),
            longs(made.iter().map(|row| row.text as i64)),
            longs(documents.iter().map(|document| document.text.len() as i64)),
            texts(documents.iter().map(|document| document.date.as_deref())),
            ints(documents.iter().map(|document| i32::from(shown(document)))),
            texts(documents.iter().map(|document| document.rank.as_deref())),
            texts(documents.iter().map(|document| correction_title(document.head()))),
            bytes(made.iter().map(|row| Some(title_bytes(&row.title)))),
            lists(made.iter().map(|row| TitleIndex::keys(&row.title).map(|key| key as i64).collect())),
            lists(asked.into_iter()),
            longs(made.iter().map(|row| row.stub.map(|stub| stub.key as i64))),
            bytes(made.iter().map(|row| row.stub.as_ref().map(encode))),
        ];
        columns.extend(nulls(&OBSERVED[columns.len()..], documents.len()));
        batch(OBSERVED, columns).map(Some)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let mut counts = std::mem::replace(&mut self.counts, FirstCounts::new(self.setting.params.counting()));
        let mut made: Vec<RecordBatch> = parts::packed(counts.take())?;
        made.extend(chunks(self.setting.part, &counts.to_bytes())?);
        made.iter().map(whole).collect()
    }
}

/// Returns columns of nulls.
fn nulls(columns: &[Column], rows: usize) -> Vec<ArrayRef> {
    let column = |&(_, kind): &Column| match kind {
        "long" => longs([None; 0]),
        "int" => ints([None; 0]),
        "string" => texts([None::<&str>; 0]),
        "binary" => bytes([None::<&[u8]>; 0]),
        _ => lists(std::iter::empty()),
    };
    columns.iter().map(|named| new_null_array(column(named).data_type(), rows)).collect()
}

/// Returns rows with all the columns of [`OBSERVED`], of which they have some.
fn whole(rows: &RecordBatch) -> Result<RecordBatch> {
    let column = |(named, none): (&Column, ArrayRef)| rows.column_by_name(named.0).cloned().unwrap_or(none);
    batch(OBSERVED, OBSERVED.iter().zip(nulls(OBSERVED, rows.num_rows())).map(column).collect())
}

/// Sums up counts of the first round, without hashes. With an extra the sum is that of all documents, be there any or none.
pub struct SumFirst {
    setting: Arc<Setting>,
    assembly: Assembly,
    sum: Option<FirstCounts>,
}

impl SumFirst {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(SumFirst { setting, assembly: Assembly::default(), sum: None }))
    }
}

fn add<C>(sum: &mut Option<C>, more: C, merge: impl FnOnce(&mut C, C) -> Result<()>) -> Result<()> {
    match sum {
        Some(sum) => merge(sum, more),
        None => {
            *sum = Some(more);
            Ok(())
        }
    }
}

impl Step for SumFirst {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let sum = &mut self.sum;
        self.assembly.take(rows, |bytes| add(sum, FirstCounts::from_bytes(bytes)?, FirstCounts::merge))?;
        Ok(None)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let sum = &mut self.sum;
        self.assembly.finish(|bytes| add(sum, FirstCounts::from_bytes(bytes)?, FirstCounts::merge))?;
        let is_last = self.setting.extra.is_some();
        let sum = self.sum.take();
        if sum.is_none() && !is_last {
            return Ok(Vec::new());
        }
        let sum = sum.unwrap_or_else(|| FirstCounts::new(self.setting.params.counting()));
        chunks(self.setting.part, &sum.to_bytes())
    }
}

/// Tells stubs. Takes the documents with one stub key after those with another, each with the number of documents that its
/// source has.
#[derive(Default)]
pub struct Stubs {
    key: Option<i64>,
    all: u32,
    titled: Vec<(Vec<Word>, StubText)>,
    found: Vec<(i64, flong::boilerplate::Stub)>,
}

/// Columns of the stubs.
pub const STUBS: &[Column] = &[("stub", "long"), ("stub_certain", "boolean"), ("stub_share", "float")];

impl Stubs {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Stubs::default()))
    }

    fn end(&mut self) {
        let titled: Vec<(&[Word], StubText)> = self.titled.iter().map(|(title, text)| (&title[..], *text)).collect();
        if let Some(key) = self.key.filter(|_| titled.len() > 1) {
            self.found.extend(stub(&titled, self.all).map(|stub| (key, stub)));
        }
        self.titled.clear();
    }

    fn made(&mut self) -> Result<RecordBatch> {
        let found = std::mem::take(&mut self.found);
        let columns = vec![
            longs(found.iter().map(|(key, _)| *key)),
            flags(found.iter().map(|(_, stub)| stub.certain)),
            floats(found.iter().map(|(_, stub)| stub.share)),
        ];
        batch(STUBS, columns)
    }
}

impl Step for Stubs {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (keys, all) = (of.longs("stub")?, of.longs("source_documents")?);
        let (titles, stub_texts) = (of.bytes("title")?, of.bytes("stub_text")?);
        for row in 0..rows.num_rows() {
            if self.key != Some(keys.value(row)) {
                self.end();
                self.key = Some(keys.value(row));
                self.all = u32::try_from(all.value(row)).unwrap_or(u32::MAX);
            }
            self.titled.push((title_words(titles.value(row)), decode(stub_texts.value(row))?));
        }
        self.made().map(Some)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        self.end();
        Ok(vec![self.made()?])
    }
}

/// The second round: counts the documents of a part. With an extra they come with [`Slices`] of what is known.
pub struct ObserveAgain {
    setting: Arc<Setting>,
    slices: Slices,
    counts: SecondCounts,
}

impl ObserveAgain {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        let (slices, counts) = (Slices::new(&setting), SecondCounts::new(setting.params.counting()));
        Ok(Box::new(ObserveAgain { setting, slices, counts }))
    }
}

/// Returns the knowledge that a map was given.
pub fn known(setting: &Setting) -> Result<&super::SparkKnowledge> {
    setting.knowledge.as_ref().ok_or_else(|| Error::Usage("this map needs what is known of the corpus".into()))
}

impl Step for ObserveAgain {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let ObserveAgain { setting, slices, counts } = self;
        let mut first = known(setting)?.of_first()?;
        slices.take(rows, |rows, slice| {
            let whole = slice.as_mut().map(|slice| first.recount(std::mem::take(&mut slice.counts)));
            let counted = Rows(rows).flags("flong_is_counted")?;
            for (row, document) in documents(rows, setting)?.iter().enumerate() {
                counts.observe(&first, document, &cut(document), counted.value(row));
            }
            if let Some((slice, whole)) = slice.as_mut().zip(whole) {
                slice.counts = first.recount(whole);
            }
            Ok(())
        })?;
        Ok(None)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let counts = std::mem::replace(&mut self.counts, SecondCounts::new(self.setting.params.counting()));
        chunks(self.setting.part, &counts.to_bytes())
    }
}

/// Sums up counts of the second round. With an extra the sum is that of all documents, of which it keeps what is needed.
pub struct SumSecond {
    setting: Arc<Setting>,
    assembly: Assembly,
    sum: Option<SecondCounts>,
}

impl SumSecond {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(SumSecond { setting, assembly: Assembly::default(), sum: None }))
    }
}

impl Step for SumSecond {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let sum = &mut self.sum;
        self.assembly.take(rows, |bytes| add(sum, SecondCounts::from_bytes(bytes)?, SecondCounts::merge))?;
        Ok(None)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let sum = &mut self.sum;
        self.assembly.finish(|bytes| add(sum, SecondCounts::from_bytes(bytes)?, SecondCounts::merge))?;
        // Of no documents nothing is known.
        let Some(mut sum) = self.sum.take() else { return Ok(Vec::new()) };
        if self.setting.extra.is_some() {
            sum.shrink();
        }
        chunks(self.setting.part, &sum.to_bytes())
    }
}

/// Returns a value of a column, or `None`.
pub fn stub_of(rows: Rows<'_>, row: usize) -> Result<Option<flong::boilerplate::Stub>> {
    let (certain, share) = (rows.flags("flong_stub_certain")?, rows.floats("flong_stub_share")?);
    Ok(get!(certain, row).map(|certain| flong::boilerplate::Stub { certain, share: get!(share, row) }))
}
