//! What a run found, as tables.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float32Builder, LargeStringBuilder, UInt32Builder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use flong::pipeline::Found;
use flong::{Document, Unit};
use pyo3::prelude::*;

use crate::capsule::Frame;
use crate::errors::usage;

/// Rows in a batch of a result.
const ROWS: usize = 1 << 16;

/// Makes a table, a batch of items at a time. `columns` appends an item to the columns of a batch.
pub fn frame<T>(fields: Vec<Field>, items: &[T], make: impl Fn(&[T]) -> Vec<ArrayRef>) -> PyResult<Frame> {
    let schema = Arc::new(Schema::new(fields));
    let batch = |items: &[T]| RecordBatch::try_new(schema.clone(), make(items));
    let batches: Result<Vec<RecordBatch>, ArrowError> = items.chunks(ROWS).map(batch).collect();
    let batches = batches.map_err(|error| usage(format!("a result cannot be made a table: {error}")))?;
    Ok(Frame { schema: schema.clone(), batches })
}

/// Returns a column that has a value in each row.
pub fn field(name: &str, data_type: DataType) -> Field {
    Field::new(name, data_type, false)
}

/// The type of texts in results: with offsets that no column outgrows.
pub const TEXT: DataType = DataType::LargeUtf8;

/// A column of texts.
pub fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    let mut builder = LargeStringBuilder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

macro_rules! columns {
    ($($name:ident: $builder:ty, $value:ty;)*) => {$(
        /// A column of numbers.
        pub fn $name(values: impl Iterator<Item = Option<$value>>) -> ArrayRef {
            let mut builder = <$builder>::new();
            values.for_each(|value| builder.append_option(value));
            Arc::new(builder.finish())
        }
    )*};
}

columns! {
    bytes: UInt32Builder, u32;
    rows: UInt64Builder, u64;
    shares: Float32Builder, f32;
    flags: BooleanBuilder, bool;
}

/// What was found, and the documents without their texts.
pub struct Results<'r> {
    pub found: &'r Found,
    pub documents: &'r [Document],
}

impl Results<'_> {
    fn unit(&self, unit: u32) -> (&Unit, &Document) {
        let unit = &self.found.units[unit as usize];
        (unit, &self.documents[unit.document as usize])
    }

    /// Returns the matches.
    pub fn matches(&self) -> PyResult<Frame> {
        let side = |side: &str| {
            [
                field(side, TEXT),
                field(&format!("{side}_row"), DataType::UInt64),
                field(&format!("{side}_start"), DataType::UInt32),
                field(&format!("{side}_end"), DataType::UInt32),
            ]
        };
        let fields = side("a").into_iter().chain(side("b")).chain([
            field("grain", TEXT),
            field("kind", TEXT),
            field("jaccard", DataType::Float32),
            field("containment", DataType::Float32),
            field("weighted", DataType::Float32),
            field("aligned", DataType::Float32),
            field("score", DataType::Float32),
            Field::new("cluster", TEXT, true),
        ]);
        let clusters = &self.found.clusters;
        frame(fields.collect(), &self.found.matches, |found| {
            let piece = |side: fn(&flong::verify::Match) -> u32| {
                let each = || found.iter().map(|found| self.unit(side(found)));
                [
                    texts(each().map(|(_, document)| Some(&*document.id))),
                    rows(each().map(|(_, document)| Some(document.place.record))),
                    bytes(each().map(|(unit, _)| Some(unit.span.start))),
                    bytes(each().map(|(unit, _)| Some(unit.span.end))),
                ]
            };
            let each = || found.iter().map(|found| &found.verified);
            let cluster = |cluster: u32| &*clusters[cluster as usize].id;
            piece(|found| found.a)
                .into_iter()
                .chain(piece(|found| found.b))
                .chain([
                    texts(found.iter().map(|found| Some(self.unit(found.a).0.grain.name()))),
                    texts(each().map(|verified| Some(verified.kind.name()))),
                    shares(each().map(|verified| Some(verified.measures.jaccard))),
                    shares(each().map(|verified| Some(verified.measures.containment))),
                    shares(each().map(|verified| Some(verified.measures.weighted_containment))),
                    shares(each().map(|verified| Some(verified.aligned))),
                    shares(each().map(|verified| Some(verified.score))),
                    texts(found.iter().map(|found| found.cluster.map(cluster))),
                ])
                .collect()
        })
    }

    /// Returns the clusters, a row for each member, the representative first.
    pub fn clusters(&self) -> PyResult<Frame> {
        let fields = vec![
            field("cluster", TEXT),
            field("grain", TEXT),
            field("kind", TEXT),
            field("least_similarity", DataType::Float32),
            field("representative", DataType::Boolean),
            field("document", TEXT),
            field("row", DataType::UInt64),
            field("start", DataType::UInt32),
            field("end", DataType::UInt32),
            Field::new("agency", TEXT, true),
        ];
        let mut members = Vec::new();
        for cluster in &self.found.clusters {
            members.push((cluster, cluster.representative));
            let start = members.len();
            members.extend(cluster.members.iter().map(|&(unit, _)| (cluster, unit)));
            members[start..].sort_by_key(|&(_, unit)| {
                let (unit, document) = self.unit(unit);
                (&document.id, unit.span)
            });
        }
        frame(fields, &members, |members| {
            let clusters = || members.iter().map(|(cluster, _)| *cluster);
            let units = || members.iter().map(|(_, unit)| self.unit(*unit));
            vec![
                texts(clusters().map(|cluster| Some(&*cluster.id))),
                texts(clusters().map(|cluster| Some(cluster.grain.name()))),
                texts(clusters().map(|cluster| Some(cluster.kind.name()))),
                shares(clusters().map(|cluster| Some(cluster.least_similarity))),
                flags(members.iter().map(|(cluster, unit)| Some(cluster.representative == *unit))),
                texts(units().map(|(_, document)| Some(&*document.id))),
                rows(units().map(|(_, document)| Some(document.place.record))),
                bytes(units().map(|(unit, _)| Some(unit.span.start))),
                bytes(units().map(|(unit, _)| Some(unit.span.end))),
                texts(units().map(|(unit, _)| self.found.agencies[unit.document as usize])),
            ]
        })
    }
}
