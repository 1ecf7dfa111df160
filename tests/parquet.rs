//! Parquet: read, cleaned in its schema, restored as an equal table; damage is closed in on.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::column::writer::ColumnWriter;
use ::parquet::data_type::{ByteArray, FixedLenByteArray};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use flong::read::ReadOptions;
use proptest::prelude::*;

use crate::tables::{Fate, KEEP, clean_and_restore, complaints, fates, findings, read, restored, texts};

const SCHEMA: &str = "message table {
    required int64 id;
    optional boolean flag;
    optional group meta { optional binary text (UTF8); required double weight; }
    optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
    optional int32 date (DATE);
    optional fixed_len_byte_array(3) code;
    optional int96 seen;
    optional binary text (UTF8);
}";

/// The text of a row; every eleventh is null.
fn text(row: usize) -> Option<String> {
    let words = ["tide", "harbour", "ferry", "Selkirk", "état", "🐟", "\"quoted\""];
    let told: Vec<&str> = (0..row % 9 + 1).map(|n| words[(row * 7 + n * n) % words.len()]).collect();
    (row % 11 != 10).then(|| format!("{} {row}", told.join(" ")))
}

/// Writes a table whose groups have so many rows.
pub fn write(path: &Path, groups: &[usize], compression: Compression) {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_key_value_metadata(Some(vec![KeyValue::new("who".into(), Some("a reader".into()))]))
        .set_data_page_row_count_limit(500)
        .set_write_batch_size(500)
        .set_dictionary_enabled(false)
        .set_column_dictionary_enabled("tags.list.element".into(), true);
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer =
        SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties.build())).unwrap();
    let mut first = 0;
    for &count in groups {
        let mut group = writer.next_row_group().unwrap();
        let mut index = 0;
        while let Some(mut column) = group.next_column().unwrap() {
            write_column(column.untyped(), index, first..first + count);
            column.close().unwrap();
            index += 1;
        }
        group.close().unwrap();
        first += count;
    }
    writer.close().unwrap();
}

fn write_column(writer: &mut ColumnWriter, index: usize, rows: std::ops::Range<usize>) {
    // Each value is there at the deepest level, unless the row's number says otherwise.
    let levels = |deepest: i16, every: usize| -> Vec<i16> {
        rows.clone().map(|row| if row % every == 0 { 0 } else { deepest }).collect()
    };
    let there = |every: usize| rows.clone().filter(move |row| row % every != 0);
    let bytes = |text: String| ByteArray::from(text.into_bytes());
    let written = match (index, writer) {
        (0, ColumnWriter::Int64ColumnWriter(w)) => {
            w.write_batch(&rows.clone().map(|row| row as i64).collect::<Vec<_>>(), None, None)
        }
        (1, ColumnWriter::BoolColumnWriter(w)) => {
            w.write_batch(&there(3).map(|row| row % 2 == 0).collect::<Vec<_>>(), Some(&levels(1, 3)), None)
        }
        (2, ColumnWriter::ByteArrayColumnWriter(w)) => {
            let values: Vec<_> = there(5).map(|row| bytes(format!("inner {row}"))).collect();
            w.write_batch(&values, Some(&levels(2, 5)), None)
        }
        (3, ColumnWriter::DoubleColumnWriter(w)) => {
            w.write_batch(&there(5).map(|row| row as f64 / 2.0).collect::<Vec<_>>(), Some(&levels(1, 5)), None)
        }
        (4, ColumnWriter::ByteArrayColumnWriter(w)) => {
            let (mut values, mut defined, mut repeated) = (vec![], vec![], vec![]);
            for row in rows.clone() {
                let tags = row % 4;
                defined.extend(if tags == 0 { vec![(row % 2) as i16] } else { vec![3; tags] });
                repeated.extend((0..tags.max(1)).map(|n| i16::from(n > 0)));
                values.extend((0..tags).map(|n| bytes(format!("tag {n}"))));
            }
            w.write_batch(&values, Some(&defined), Some(&repeated))
        }
        (5, ColumnWriter::Int32ColumnWriter(w)) => {
            w.write_batch(&there(6).map(|row| row as i32).collect::<Vec<_>>(), Some(&levels(1, 6)), None)
        }
        (6, ColumnWriter::FixedLenByteArrayColumnWriter(w)) => {
            let code = |row| FixedLenByteArray::from(bytes(format!("{:03}", row % 1000)));
            w.write_batch(&there(7).map(code).collect::<Vec<_>>(), Some(&levels(1, 7)), None)
        }
        (7, ColumnWriter::Int96ColumnWriter(w)) => {
            let seen = |row| ::parquet::data_type::Int96::from(vec![row as u32, 0, 2_459_000]);
            w.write_batch(&there(8).map(seen).collect::<Vec<_>>(), Some(&levels(1, 8)), None)
        }
        (8, ColumnWriter::ByteArrayColumnWriter(w)) => {
            let levels: Vec<i16> = rows.clone().map(|row| i16::from(text(row).is_some())).collect();
            w.write_batch(&rows.clone().filter_map(text).map(bytes).collect::<Vec<_>>(), Some(&levels), None)
        }
        _ => panic!("the schema has no such column"),
    };
    written.unwrap();
}

/// All that a table is: schema, metadata, compression, and rows by group.
#[derive(Debug, PartialEq)]
pub struct Table {
    schema: ::parquet::schema::types::Type,
    metadata: Vec<(String, Option<String>)>,
    compression: Vec<Compression>,
    groups: Vec<Vec<String>>,
}

pub fn table(path: &Path) -> Table {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let file = reader.metadata().file_metadata();
    let pairs = file.key_value_metadata().into_iter().flatten();
    let columns = reader.metadata().row_groups().iter().flat_map(|group| group.columns());
    let rows = |group: usize| {
        let group = reader.get_row_group(group).unwrap();
        let rows = group.get_row_iter(None).unwrap();
        rows.map(|row| row.unwrap().to_string()).collect()
    };
    Table {
        schema: file.schema().clone(),
        metadata: pairs.map(|pair| (pair.key.clone(), pair.value.clone())).collect(),
        compression: columns.map(|column| column.compression()).collect(),
        groups: (0..reader.num_row_groups()).map(rows).collect(),
    }
}

/// The rows of a table, by group, if all of them can be read.
pub fn rows(path: &Path) -> Option<Vec<Vec<String>>> {
    let reader = SerializedFileReader::new(File::open(path).ok()?).ok()?;
    let mut groups = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).ok()?;
        let rows = group.get_row_iter(None).ok()?;
        let rows = rows.map(|row| row.ok().map(|row| row.to_string())).collect::<Option<Vec<String>>>()?;
        // A group of no rows is not written again.
        groups.extend(Some(rows).filter(|rows| !rows.is_empty()));
    }
    Some(groups)
}

pub fn codecs() -> [Compression; 6] {
    [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4_RAW,
        Compression::BROTLI(Default::default()),
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
    ]
}

#[test]
fn rows_are_documents() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("in.parquet");
    write(&path, &[30, 0, 25], Compression::SNAPPY);
    let loaded = read(&path, &ReadOptions { keep_records: false, ..KEEP });
    let expected: Vec<String> = (0..55).filter_map(text).collect();
    assert_eq!(texts(&loaded), expected);
    let document = &loaded.documents[1];
    assert_eq!(
        (&*document.id, document.date.as_deref(), document.provenance.place.record),
        ("1", Some("1970-01-02"), 1)
    );
    assert_eq!(loaded.documents[0].date, None);
    let nulls: Vec<u64> = loaded.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(nulls, [11, 22, 33, 44, 55]);
    assert!(complaints(&loaded).iter().all(|told| told.ends_with("the text is null")));
}

#[test]
fn the_text_may_stand_in_a_group() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("in.parquet");
    write(&path, &[30], Compression::SNAPPY);
    let words = format!(
        "find {} --text-field meta.text --id-field meta.weight --out {}/found",
        path.display(),
        here.path().display()
    );
    let output = crate::cli::flong(here.path(), &words, None);
    assert_eq!(output.status.code(), Some(3), "rows without a group have no text");
    assert!(String::from_utf8_lossy(&output.stderr).contains("read 24 documents"));

    let output = crate::cli::flong(here.path(), &format!("find {} --text-field nothing", path.display()), None);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("there are id, flag, meta.text, meta.weight, date, code, seen, text"), "{said}");
    let output = crate::cli::flong(here.path(), &format!("find {} --text-field id", path.display()), None);
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds INT64"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_table_comes_back_equal(groups in prop::collection::vec(0usize..70, 0..4), codec in 0usize..6, fates in fates()) {
        let compression = codecs()[codec];
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("in.parquet");
        write(&path, &groups, compression);
        let loaded = read(&path, &KEEP);
        let (found, left) = findings(&loaded.documents, &fates);
        let (out, back) = (here.path().join("out"), here.path().join("back"));
        clean_and_restore(&loaded, &found, &out, &back);
        let original = table(&path);
        // A group of no rows is not written again.
        let told = Table { groups: original.groups.into_iter().filter(|rows| !rows.is_empty()).collect(), ..original };
        let again = table(&restored(&back));
        prop_assert_eq!((&again.schema, &again.metadata, &again.groups), (&told.schema, &told.metadata, &told.groups));

        let cleaned = table(&out.join("documents.parquet"));
        prop_assert_eq!((&cleaned.schema, &cleaned.metadata), (&told.schema, &told.metadata));
        prop_assert!(cleaned.compression.iter().all(|of| told.compression.contains(of)));
        let rows: Vec<&String> = cleaned.groups.iter().flatten().collect();
        let left: Vec<(usize, &String)> = left.iter().enumerate().filter_map(|(i, left)| Some((i, left.as_ref()?))).collect();
        prop_assert_eq!(rows.len(), left.len());
        for (row, (i, left)) in rows.iter().zip(left) {
            let id = format!("{{id: {}, ", loaded.documents[i].id);
            prop_assert!(row.starts_with(&id), "{} {}", row, id);
            let text = format!("text: \"{left}\"}}");
            prop_assert!(row.ends_with(&text), "{} {}", row, text);
        }
    }
}

/// Writes a table without ids, of two groups of three rows: the second is a copy of the first, the fifth has no text.
fn write_without_ids(path: &Path) {
    let schema = "message table { optional binary text (UTF8); required int64 rank; }";
    let arrow = KeyValue::new("ARROW:schema".into(), Some("of two columns".into()));
    let properties = WriterProperties::builder().set_key_value_metadata(Some(vec![arrow])).build();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    let ferry = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
    let maize = "Maize prices rose for the third week in a row, the growers' union said on Monday in Oxlode.";
    let barge = "A barge with two hundred tons of gravel has sunk at its moorings in the outer basin.";
    let rows = [Some(ferry), Some(ferry), Some(maize), None, Some(barge), Some(ferry)];
    for (rows, first) in rows.chunks(3).zip([0, 3]) {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let texts: Vec<ByteArray> = rows.iter().flatten().map(|text| ByteArray::from(*text)).collect();
        let levels: Vec<i16> = rows.iter().map(|text| i16::from(text.is_some())).collect();
        column.typed::<::parquet::data_type::ByteArrayType>().write_batch(&texts, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let ranks: Vec<i64> = (first..).take(rows.len()).collect();
        column.typed::<::parquet::data_type::Int64Type>().write_batch(&ranks, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn rows_without_an_id_get_a_column_of_them() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("in.parquet");
    write_without_ids(&path);
    let run = |words: &str, code| {
        let output = crate::cli::flong(here.path(), words, None);
        assert_eq!(output.status.code(), Some(code), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run("clean in.parquet --out cleaned", 3);
    let ids = |name: &str| -> Vec<String> {
        let rows = rows(&here.path().join(name)).unwrap().concat();
        rows.iter().map(|row| row.rsplit_once("id: ").unwrap().1.trim_matches(['"', '}']).to_owned()).collect()
    };
    assert_eq!(ids("cleaned/documents.parquet"), ["in.parquet:1", "in.parquet:3", "in.parquet:5"]);
    assert_eq!(ids("cleaned/rest.parquet"), ["in.parquet:2", "in.parquet:4", "in.parquet:6"]);
    let dropped = rows(&here.path().join("cleaned/dropped.parquet")).unwrap().concat();
    assert!(
        dropped[0].contains("id: \"in.parquet:2\"") && dropped[0].contains("kept: \"in.parquet:1\""),
        "{dropped:?}"
    );
    // Arrow cannot read a table by the description of another number of columns.
    let cleaned = table(&here.path().join("cleaned/documents.parquet"));
    assert_eq!(cleaned.metadata[0].0, "flong:ARROW:schema");
    run("restore cleaned --out back", 0);
    let (before, after) = (table(&path), table(&here.path().join("back/in.parquet")));
    assert_eq!((before.schema, before.metadata, before.groups), (after.schema, after.metadata, after.groups));
    // A second run finds the ids.
    run("clean cleaned/documents.parquet --out again", 0);
    assert_eq!(ids("again/documents.parquet"), ["in.parquet:1", "in.parquet:3", "in.parquet:5"]);
}

/// Spoils some bytes in the middle of a column's chunk.
fn damage(path: &Path, group: usize, column: usize) {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let (start, length) = reader.metadata().row_group(group).column(column).byte_range();
    let mut bytes = fs::read(path).unwrap();
    bytes[(start + length / 2) as usize..][..24].fill(0xff);
    fs::write(path, bytes).unwrap();
}

#[test]
fn damaged_rows_are_told_and_the_others_read() {
    let here = tempfile::tempdir().unwrap();
    let zstd = Compression::ZSTD(Default::default());
    // The text, and a column that only a clean run looks at.
    for (column, keep_records) in [(8, false), (8, true), (3, true)] {
        let path = here.path().join(format!("in-{column}-{keep_records}.parquet"));
        write(&path, &[3000, 3000, 3000], zstd);
        damage(&path, 1, column);
        let loaded = read(&path, &ReadOptions { keep_records, ..KEEP });
        let damage: Vec<_> =
            loaded.problems.iter().filter(|problem| problem.reason.contains("cannot be read")).collect();
        let [problem] = damage[..] else { panic!("{damage:?}") };
        assert!(problem.reason.contains("(in row group 2)"), "{problem}");
        assert!((3001..=6000).contains(&problem.line), "{problem}");
        assert!((1..3000).contains(&problem.records), "{problem}: {}", problem.records);
        let lost = problem.line - 1..problem.line - 1 + problem.records;
        let expected: Vec<String> = (0..9000).filter(|row| !lost.contains(&(*row as u64))).filter_map(text).collect();
        assert_eq!(texts(&loaded), expected);
        if keep_records {
            let (found, _) = findings(&loaded.documents, &[Fate::Keep, Fate::Drop, Fate::Cut(1, 4)]);
            let back = here.path().join("back");
            clean_and_restore(&loaded, &found, &here.path().join("out"), &back);
            let rows = table(&restored(&back)).groups.iter().map(Vec::len).sum::<usize>();
            assert_eq!(rows as u64, 9000 - problem.records);
        }
    }
}

#[test]
fn no_damage_is_fatal() {
    let here = tempfile::tempdir().unwrap();
    for (codec, compression) in codecs().iter().enumerate() {
        let path = here.path().join(format!("in-{codec}.parquet"));
        write(&path, &[40, 600], *compression);
        let sound = fs::read(&path).unwrap();
        let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ codec as u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for round in 0..80 {
            let mut bytes = sound.clone();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                bytes[at] = random(256) as u8;
            }
            if round % 8 == 7 {
                bytes.truncate(random(bytes.len()));
            }
            fs::write(&path, bytes).unwrap();
            let loaded = read(&path, &KEEP);
            assert!(loaded.documents.len() + loaded.problems.len() > 0);
        }
    }
}
