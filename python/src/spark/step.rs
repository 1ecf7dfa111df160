//! A map as Python sees it.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use flong::{Params, Result};
use pyo3::prelude::*;

use super::batch::{Column, ddl};
use super::knowledge::SparkKnowledge;
use super::{compare, count, likely, origins, pairs, parts, profile, read, slices, stars, write};
use crate::capsule::Frame;
use crate::errors::{exception, usage};
use crate::options::Options;
use crate::table::Columns;

/// A map of batches to batches. It may hold on to rows until the last batch was taken.
pub trait Step: Send {
    /// Takes in a batch, and returns rows.
    fn take(&mut self, batch: &RecordBatch) -> Result<Option<RecordBatch>>;

    /// Returns the rest, after the last batch.
    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        Ok(Vec::new())
    }
}

/// What a map is made of.
pub struct Setting {
    pub options: Options,
    pub params: Params,
    /// The number of the part of the table that the map goes through.
    pub part: i64,
    /// Whether the map is the last of its kind, or the name of a column: what the map makes of it.
    pub extra: Option<String>,
    pub knowledge: Option<SparkKnowledge>,
}

impl Setting {
    fn new(options: &str, part: i64, extra: Option<String>, knowledge: Option<SparkKnowledge>) -> PyResult<Self> {
        let options = Options::parse(options, &[])?;
        let params = options.settings().params().map_err(exception)?;
        Ok(Setting { options, params, part, extra, knowledge })
    }
}

type Make = fn(Arc<Setting>) -> Result<Box<dyn Step>>;

/// The maps, by name, with the columns that they return; none where these depend on what they take.
const STEPS: &[(&str, &[Column], Make)] = &[
    ("read", &[], read::Read::step),
    ("observe", count::OBSERVED, count::Observe::step),
    ("sum_first", count::CHUNKS, count::SumFirst::step),
    ("count_parts", parts::PARTS, parts::CountParts::step),
    ("ask", slices::SLICES, slices::Ask::step),
    ("answer", slices::SLICES, slices::Answer::step),
    ("stubs", count::STUBS, count::Stubs::step),
    ("observe_again", count::CHUNKS, count::ObserveAgain::step),
    ("sum_second", count::CHUNKS, count::SumSecond::step),
    ("rank", read::RANKS, read::Rank::step),
    ("profile", profile::PROFILES, profile::Profile::step),
    ("entries", pairs::ENTRIES, pairs::Entries::step),
    ("pairs", pairs::PAIRS, pairs::Pairs::step),
    ("likely", likely::LIKELY, likely::Likely::step),
    ("verify", compare::MATCHES, compare::Verify::step),
    ("stand", compare::MATCHES, compare::Stand::step),
    ("orient", stars::EDGES, stars::Orient::step),
    ("stars", stars::TAKEN, stars::Stars::step),
    ("named", stars::NAMED, stars::Named::step),
    ("sourced", &[], origins::Sourced::step),
    ("ties", write::TIES, write::Ties::step),
    ("wholes", write::WHOLES, write::Wholes::step),
    ("judge", &[], write::Judge::step),
    ("ledger", write::LEDGER, write::Ledger::step),
];

/// A map of a run on Spark.
#[pyclass(module = "flong._flong")]
pub struct SparkStep {
    step: Mutex<Box<dyn Step>>,
}

#[pymethods]
impl SparkStep {
    #[new]
    #[pyo3(signature = (name, options, part=0, extra=None, knowledge=None))]
    fn new(
        name: &str,
        options: &str,
        part: i64,
        extra: Option<String>,
        knowledge: Option<SparkKnowledge>,
    ) -> PyResult<Self> {
        let (.., make) = named(name)?;
        let step = make(Arc::new(Setting::new(options, part, extra, knowledge)?)).map_err(exception)?;
        Ok(SparkStep { step: Mutex::new(step) })
    }

    /// Returns the columns that a map returns, as Spark names them.
    #[staticmethod]
    fn schema(name: &str) -> PyResult<String> {
        named(name).map(|(_, columns, _)| ddl(columns))
    }

    /// Returns options that say the same on machines that do not have the file of the settings.
    #[staticmethod]
    fn options(options: &str) -> PyResult<String> {
        Options::without_file(options)
    }

    /// Returns the names of the columns that documents are read from, where they exist. A name may have dots in it.
    #[staticmethod]
    fn columns(options: &str) -> PyResult<Vec<String>> {
        let options = Options::parse(options, &[])?;
        let fields = options.settings().fields();
        Ok(fields.text.iter().chain(flong::read::Rows::new(&fields).names()).map(str::to_owned).collect())
    }

    fn take(&mut self, py: Python<'_>, batch: &Columns) -> PyResult<Option<Columns>> {
        let step = self.step.get_mut().unwrap_or_else(PoisonError::into_inner);
        let batches = &batch.frame.batches;
        let made = py.detach(|| -> Result<Vec<RecordBatch>> {
            batches.iter().filter_map(|batch| step.take(batch).transpose()).collect()
        });
        Ok(columns(made.map_err(exception)?))
    }

    fn finish(&mut self, py: Python<'_>) -> PyResult<Option<Columns>> {
        let step = self.step.get_mut().unwrap_or_else(PoisonError::into_inner);
        Ok(columns(py.detach(|| step.finish()).map_err(exception)?))
    }
}

fn named(name: &str) -> PyResult<(&'static str, &'static [Column], Make)> {
    let step = STEPS.iter().find(|step| step.0 == name);
    step.copied().ok_or_else(|| usage(format!("there is no map {name}")))
}

fn columns(batches: Vec<RecordBatch>) -> Option<Columns> {
    let batches: Vec<RecordBatch> = batches.into_iter().filter(|batch| batch.num_rows() > 0).collect();
    let schema: SchemaRef = batches.first()?.schema();
    Some(Columns { frame: Frame { schema, batches } })
}
