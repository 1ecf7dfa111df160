//! Shards of Parquet with nested columns, for the cases of the command line.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::data_type::{ByteArray, ByteArrayType};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use serde_json::Value;

const SCHEMA: &str = "message shard {
    required group doc { optional binary key (STRING); required binary body (STRING); }
    optional group meta { optional binary site (STRING); optional binary published (STRING); optional binary title (STRING); }
}";

/// The columns, each with the field of the records that it is made of and its definition level where it has a value.
const COLUMNS: [(&str, i16); 5] = [("id", 1), ("text", 0), ("source", 2), ("date", 2), ("title", 2)];

/// Writes records of JSON Lines as a table.
pub fn write(path: &Path, lines: &[&[u8]]) -> Result<(), String> {
    let records = lines.iter().map(|line| serde_json::from_slice(line)).collect::<Result<Vec<Value>, _>>();
    let records = records.map_err(|error| error.to_string())?;
    written(path, &records).map_err(|error| error.to_string())
}

fn written(path: &Path, records: &[Value]) -> Result<(), Box<dyn std::error::Error>> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let mut writer = SerializedFileWriter::new(File::create(path)?, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (field, level) in COLUMNS {
        let value = |record: &Value| record[field].as_str().map(|text| ByteArray::from(text.as_bytes().to_vec()));
        let values: Vec<Option<ByteArray>> = records.iter().map(value).collect();
        // The group is there, whatever is in it.
        let levels: Vec<i16> =
            values.iter().map(|value| if value.is_some() { level } else { (level - 1).max(0) }).collect();
        let values: Vec<ByteArray> = values.into_iter().flatten().collect();
        let mut column = group.next_column()?.ok_or("there are fewer columns")?;
        column.typed::<ByteArrayType>().write_batch(&values, (level > 0).then_some(&*levels), None)?;
        column.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(())
}
