//! Finding what repeats in a table.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use flong::pipeline::{Engine, Found, Stage, Stopwatch, find_in};
use flong::{Document, Error, Params, Problem, Result};
use pyo3::prelude::*;

use crate::frames::Results;
use crate::options::Options;
use crate::rows::{Heads, Table, Watched};
use crate::table::Columns;
use crate::work::{self, Watch};

/// What was found in a table.
pub struct Run {
    pub table: Table,
    pub documents: Vec<Document>,
    pub found: Found,
    pub problems: Vec<Problem>,
    pub params: Params,
    pub stages: Vec<Stage>,
}

/// Finds what repeats. `watch` is told of the stages.
pub fn find(table: Table, options: &Options, params: Params, watch: &Arc<Watch>) -> Result<Run> {
    let told = watch.clone();
    let mut stopwatch = Stopwatch::observed(move |stage| told.begin(stage));
    stopwatch.stage("read");
    let Heads { documents, lengths, problems } = table.heads();
    if let Some(problem) = problems.first().filter(|_| options.strict) {
        return Err(Error::Unreadable(problem.clone()));
    }
    watch.total.store(documents.len() as u64, Ordering::Relaxed);
    let corpus = Watched { table: &table, documents: &watch.documents, stopped: &watch.stopped };
    let found = find_in(&corpus, &documents, &lengths, &params, &Engine::Memory, &mut stopwatch)?;
    Ok(Run { table, documents, found, problems, params, stages: stopwatch.finish() })
}

/// Results of `flong.find` in a table.
#[pyclass(frozen, module = "flong._flong")]
pub struct FoundIn {
    pub run: Run,
}

#[pymethods]
impl FoundIn {
    fn matches(&self) -> PyResult<Columns> {
        Ok(Columns { frame: Results { found: &self.run.found, documents: &self.run.documents }.matches()? })
    }

    fn clusters(&self) -> PyResult<Columns> {
        Ok(Columns { frame: Results { found: &self.run.found, documents: &self.run.documents }.clusters()? })
    }

    fn problems(&self) -> Vec<String> {
        self.run.problems.iter().map(Problem::to_string).collect()
    }
}

/// Finds what repeats in a table.
#[pyfunction]
#[pyo3(signature = (data, options, progress=None))]
pub fn find_in_table(
    py: Python<'_>,
    data: &Columns,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<FoundIn> {
    let options = Options::parse(options)?;
    let params = options.settings().params().map_err(crate::errors::exception)?;
    let threads = options.threads();
    let frame = data.frame.clone();
    let run = work::run(py, threads, progress, move |watch| {
        let table = Table::new(frame, &options)?;
        find(table, &options, params, watch)
    })?;
    Ok(FoundIn { run })
}
