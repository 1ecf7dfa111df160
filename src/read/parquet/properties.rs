//! The storage properties of a table that is like another one.

use ::parquet::basic::Encoding;
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use ::parquet::schema::types::ColumnPath;

use super::shape::Shape;

/// Returns the properties of a table as its first group of rows shows them; `text` is the column whose values may change,
/// by which rows are then no longer sorted. A column of ids is compressed as that one is.
pub(super) fn properties(like: &ParquetMetaData, text: usize, shape: Shape) -> WriterProperties {
    let metadata = like.file_metadata().key_value_metadata().map(|metadata| shape.metadata(metadata));
    let mut builder = WriterProperties::builder().set_key_value_metadata(metadata);
    let Some(group) = like.row_groups().first() else { return builder.build() };
    let sorting = group.sorting_columns().filter(|by| by.iter().all(|by| by.column_idx != text as i32));
    builder = builder.set_sorting_columns(sorting.cloned());
    if let (Shape::WithIds(name), Some(text)) = (shape, group.columns().get(text)) {
        builder = builder.set_column_compression(ColumnPath::from(name), text.compression());
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    group.columns().iter().fold(builder, column).build()
}

fn column(builder: WriterPropertiesBuilder, like: &ColumnChunkMetaData) -> WriterPropertiesBuilder {
    let path = || like.column_path().clone();
    let is_dictionary = |encoding| matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY);
    let statistics = match like.statistics() {
        Some(_) if like.column_index_offset().is_some() => EnabledStatistics::Page,
        Some(_) => EnabledStatistics::Chunk,
        None => EnabledStatistics::None,
    };
    let builder = builder
        .set_column_compression(path(), like.compression())
        .set_column_dictionary_enabled(path(), like.encodings().any(is_dictionary))
        .set_column_statistics_enabled(path(), statistics)
        .set_column_bloom_filter_enabled(path(), like.bloom_filter_offset().is_some());
    let special = like.encodings().find(|encoding| {
        matches!(
            encoding,
            Encoding::DELTA_BINARY_PACKED
                | Encoding::DELTA_LENGTH_BYTE_ARRAY
                | Encoding::DELTA_BYTE_ARRAY
                | Encoding::BYTE_STREAM_SPLIT
        )
    });
    match special {
        Some(encoding) => builder.set_column_encoding(path(), encoding),
        None => builder,
    }
}
