//! `dropped.parquet`: the table of dropped documents.

use std::path::PathBuf;
use std::sync::Arc;

use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::Result as ParquetResult;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;

use super::dropped::DroppedLine;
use super::lines::round;
use super::sink::Sink;
use crate::Result;
use crate::read::parquet::{end, failed};

const SCHEMA: &str = "message dropped {
    required binary id (STRING);
    optional binary source (STRING);
    required binary input (STRING);
    required int64 line;
    required binary rule (STRING);
    required binary kind (STRING);
    optional binary kept (STRING);
    required double similarity;
    required binary reason (STRING);
}";

/// Rows that make a group.
const GROUP_ROWS: usize = 1 << 16;

/// Columns of rows that are not written yet.
#[derive(Default)]
struct Rows {
    id: Vec<ByteArray>,
    source: Vec<Option<ByteArray>>,
    input: Vec<ByteArray>,
    line: Vec<i64>,
    rule: Vec<ByteArray>,
    kind: Vec<ByteArray>,
    kept: Vec<Option<ByteArray>>,
    similarity: Vec<f64>,
    reason: Vec<ByteArray>,
}

impl Rows {
    fn push(&mut self, line: &DroppedLine) {
        self.id.push(line.id.into());
        self.source.push(line.source.map(Into::into));
        self.input.push(line.input.into());
        self.line.push(line.line as i64);
        self.rule.push(line.rule.code().into());
        self.kind.push(line.kind.into());
        self.kept.push(line.kept.map(Into::into));
        self.similarity.push(round(line.similarity.into()));
        self.reason.push(line.reason.into());
    }

    fn write(self, group: &mut SerializedRowGroupWriter<Sink>) -> ParquetResult<()> {
        required::<ByteArrayType>(group, &self.id)?;
        optional(group, self.source)?;
        required::<ByteArrayType>(group, &self.input)?;
        required::<Int64Type>(group, &self.line)?;
        required::<ByteArrayType>(group, &self.rule)?;
        required::<ByteArrayType>(group, &self.kind)?;
        optional(group, self.kept)?;
        required::<DoubleType>(group, &self.similarity)?;
        required::<ByteArrayType>(group, &self.reason)
    }
}

fn required<T: DataType>(group: &mut SerializedRowGroupWriter<Sink>, values: &[T::T]) -> ParquetResult<()> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

fn optional(group: &mut SerializedRowGroupWriter<Sink>, values: Vec<Option<ByteArray>>) -> ParquetResult<()> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<ByteArray> = values.into_iter().flatten().collect();
    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

/// Writes the table, a group of rows at a time.
pub(super) struct DroppedTable {
    path: PathBuf,
    writer: SerializedFileWriter<Sink>,
    rows: Rows,
}

impl DroppedTable {
    pub fn create(sink: Sink) -> Result<Self> {
        let path = sink.path().to_path_buf();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("flong {}", env!("CARGO_PKG_VERSION")))
            .build();
        let schema = parse_message_type(SCHEMA).map_err(|e| failed(&path, &e))?;
        let writer = SerializedFileWriter::new(sink, Arc::new(schema), Arc::new(properties));
        Ok(DroppedTable { writer: writer.map_err(|e| failed(&path, &e))?, path, rows: Rows::default() })
    }

    pub fn push(&mut self, line: &DroppedLine) -> Result<()> {
        self.rows.push(line);
        if self.rows.id.len() < GROUP_ROWS { Ok(()) } else { self.write_group() }
    }

    fn write_group(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let written = self.writer.next_row_group().and_then(|mut group| {
            rows.write(&mut group)?;
            group.close().map(drop)
        });
        written.map_err(|e| failed(&self.path, &e))
    }

    pub fn finish(mut self) -> Result<()> {
        if !self.rows.id.is_empty() {
            self.write_group()?;
        }
        end(self.writer, &self.path)?.finish()
    }
}
