//! What a run found, as tables.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float32Builder, LargeStringBuilder, UInt32Builder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Field, Schema};
use flong::cluster::{Cluster, ClusterId};
use flong::judge::LikelySource;
use flong::pipeline::Found;
use flong::verify::{Match, Verified};
use flong::{Head, Heads, Unit, UnitId};
use pyo3::prelude::*;

use crate::capsule::Frame;
use crate::errors::usage;

/// Rows in a batch of a result.
const ROWS: usize = 1 << 16;

/// A column with its name.
pub type Named = (&'static str, ArrayRef);

/// Makes a table, a batch of items at a time. `columns` makes the columns of some items; of none, the schema is seen.
pub fn frame<T>(items: &[T], columns: impl Fn(&[T]) -> Vec<Named>) -> PyResult<Frame> {
    let fields = columns(&[]).into_iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let batch = |items: &[T]| {
        RecordBatch::try_new(schema.clone(), columns(items).into_iter().map(|(_, column)| column).collect())
    };
    let batches: Result<Vec<RecordBatch>, ArrowError> = items.chunks(ROWS).map(batch).collect();
    let batches = batches.map_err(|error| usage(format!("a result cannot be made a table: {error}")))?;
    Ok(Frame { schema, batches })
}

macro_rules! columns {
    ($($name:ident: $builder:ty, $value:ty, $what:literal;)*) => {$(
        #[doc = $what]
        pub fn $name(values: impl Iterator<Item = impl Into<Option<$value>>>) -> ArrayRef {
            let mut builder = <$builder>::new();
            values.for_each(|value| builder.append_option(value.into()));
            Arc::new(builder.finish())
        }
    )*};
}

columns! {
    offsets: UInt32Builder, u32, "Returns a column of offsets in texts, in bytes.";
    rows: UInt64Builder, u64, "Returns a column of row numbers.";
    shares: Float32Builder, f32, "Returns a column of shares and scores.";
    flags: BooleanBuilder, bool, "Returns a column of truth values.";
}

/// Returns a column of texts, with offsets that no column outgrows.
pub fn texts<'v>(values: impl Iterator<Item = impl Into<Option<&'v str>>>) -> ArrayRef {
    let mut builder = LargeStringBuilder::new();
    values.for_each(|value| builder.append_option(value.into()));
    Arc::new(builder.finish())
}

/// Returns the ids of clusters as a column.
fn cluster_ids(ids: impl Iterator<Item = Option<ClusterId>>) -> ArrayRef {
    let ids: Vec<Option<String>> = ids.map(|id| id.map(|id| id.to_string())).collect();
    texts(ids.iter().map(|id| id.as_deref()))
}

/// What was found, and the documents without their texts.
pub struct Results<'r> {
    pub found: &'r Found,
    pub heads: &'r Heads,
    /// Whether the documents are rows of a table, which the results then name.
    pub are_rows: bool,
}

impl<'r> Results<'r> {
    fn unit(&self, unit: UnitId) -> (&'r Unit, Head<'r>) {
        let unit = self.found.unit(unit);
        (unit, self.heads.head(unit.document.index()))
    }

    /// Returns the columns that say where units are.
    fn places(&self, names: [&'static str; 4], units: &[(&'r Unit, Head<'r>)]) -> impl Iterator<Item = Named> {
        let row = self.are_rows.then(|| rows(units.iter().map(|(_, head)| head.place.record)));
        let columns = [
            Some(texts(units.iter().map(|(_, head)| head.id))),
            row,
            Some(offsets(units.iter().map(|(unit, _)| unit.span.start))),
            Some(offsets(units.iter().map(|(unit, _)| unit.span.end))),
        ];
        names.into_iter().zip(columns).filter_map(|(name, column)| Some((name, column?)))
    }

    /// Returns the matches.
    pub fn matches(&self) -> PyResult<Frame> {
        let sources = self.found.likely_sources(self.heads);
        let ties: Vec<(&Match, Option<LikelySource>)> = self.found.matches.iter().zip(sources).collect();
        frame(&ties, |ties: &[(&Match, Option<LikelySource>)]| {
            let found = || ties.iter().map(|(found, _)| *found);
            let units = |side: fn(&Match) -> UnitId| found().map(|found| self.unit(side(found))).collect::<Vec<_>>();
            let (a, b) = (units(|found| found.a), units(|found| found.b));
            let cluster = |found: &Match| found.cluster.map(|cluster| self.found.clusters[cluster as usize].id);
            let share = |share: fn(&Verified) -> f32| shares(found().map(move |found| share(&found.verified)));
            let mut columns: Vec<Named> = self.places(["a", "a_row", "a_start", "a_end"], &a).collect();
            columns.extend(self.places(["b", "b_row", "b_start", "b_end"], &b));
            columns.extend([
                ("grain", texts(a.iter().map(|(unit, _)| unit.grain.name()))),
                ("kind", texts(found().map(|found| found.verified.kind.name()))),
                ("jaccard", share(|verified| verified.measures.jaccard)),
                ("containment", share(|verified| verified.measures.containment)),
                ("weighted", share(|verified| verified.measures.weighted_containment)),
                ("aligned", share(|verified| verified.aligned)),
                ("score", share(|verified| verified.score)),
                ("cluster", cluster_ids(found().map(cluster))),
                ("source", texts(ties.iter().map(|(_, source)| source.map(|source| source.text.name())))),
                ("source_by", texts(ties.iter().map(|(_, source)| source.map(|source| source.by.name())))),
            ]);
            columns
        })
    }

    /// Returns the clusters, a row for each member, the representative first.
    pub fn clusters(&self) -> PyResult<Frame> {
        let mut members = Vec::new();
        for cluster in &self.found.clusters {
            members.push((cluster, cluster.representative));
            let start = members.len();
            members.extend(cluster.members.iter().map(|&(unit, _)| (cluster, unit)));
            members[start..].sort_by_key(|&(_, unit)| {
                let (unit, head) = self.unit(unit);
                (head.id, unit.span)
            });
        }
        frame(&members, |members: &[(&Cluster, UnitId)]| {
            let units: Vec<_> = members.iter().map(|&(_, unit)| self.unit(unit)).collect();
            let clusters = || members.iter().map(|(cluster, _)| *cluster);
            let mut columns = vec![
                ("cluster", cluster_ids(clusters().map(|cluster| Some(cluster.id)))),
                ("grain", texts(clusters().map(|cluster| cluster.grain.name()))),
                ("kind", texts(clusters().map(|cluster| cluster.kind.name()))),
                ("least_similarity", shares(clusters().map(|cluster| cluster.least_similarity))),
                ("representative", flags(members.iter().map(|(cluster, unit)| cluster.representative == *unit))),
            ];
            columns.extend(self.places(["document", "row", "start", "end"], &units));
            let agencies = units.iter().map(|(unit, _)| self.found.agencies.first(unit.document.index()));
            columns.push(("agency", texts(agencies)));
            columns
        })
    }
}
