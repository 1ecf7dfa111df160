//! Counts and knowledge of a corpus, for those who build pipelines.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flong::count::{Counts, Known};
use flong::segment::cut;
use flong::{Error, Result, strip_known};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;

use crate::errors::{exception, usage};
use crate::one::{StrippedText, told};
use crate::options::Options;
use crate::rows::Table;
use crate::table::Columns;
use crate::work;

/// Counts of one of the two rounds over some documents.
#[pyclass(module = "flong._flong")]
pub struct CountsIn {
    counts: Arc<Mutex<Counts>>,
}

impl CountsIn {
    fn of(counts: Counts) -> Self {
        CountsIn { counts: Arc::new(Mutex::new(counts)) }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        lock(&self.counts)
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[pymethods]
impl CountsIn {
    /// Begins the first round, or the second with what the first gave.
    #[new]
    fn new(first: Option<&KnowledgeIn>) -> PyResult<Self> {
        let counts = match first {
            Some(first) => Counts::after(&first.known).map_err(exception)?,
            None => Counts::new(Options::parse("{}", &[])?.settings().params().map_err(exception)?.counting()),
        };
        Ok(CountsIn::of(counts))
    }

    #[getter]
    fn round(&self) -> u8 {
        self.lock().round()
    }

    /// Counts the rows of a table, of which the first is row `start` of the corpus. Returns how many were skipped.
    fn observe(&self, py: Python<'_>, data: &Columns, start: u64, options: &str) -> PyResult<usize> {
        let options = Options::parse(options, &[])?;
        let (frame, counts) = (data.frame.clone(), self.counts.clone());
        work::run(py, options.threads(), None, move |_| {
            let table = Table::new(frame, 0, &options)?;
            let documents = table.documents();
            let cuts: Vec<_> = documents.par_iter().map(cut).collect();
            // Either all rows are counted or none.
            let mut counts = lock(&counts);
            for (document, cut) in documents.iter().zip(&cuts) {
                counts.observe(start + document.provenance.place.record, document, cut)?;
            }
            Ok(table.frame.rows() - documents.len())
        })
    }

    /// Adds the counts of other documents.
    fn merge(&self, py: Python<'_>, other: &CountsIn) -> PyResult<()> {
        if Arc::ptr_eq(&self.counts, &other.counts) {
            return Err(usage("counts cannot be added to themselves: no document is counted twice"));
        }
        py.detach(|| {
            let other = other.lock().clone();
            self.lock().merge(other)
        })
        .map_err(exception)
    }

    fn know(&self, py: Python<'_>) -> PyResult<KnowledgeIn> {
        let known = py.detach(|| self.lock().clone().know()).map_err(exception)?;
        Ok(KnowledgeIn { known: Arc::new(known) })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes = py.detach(|| self.lock().to_bytes());
        PyBytes::new(py, &bytes)
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        py.detach(|| Counts::from_bytes(bytes)).map(CountsIn::of).map_err(exception)
    }
}

/// What is known of a corpus after one of the two rounds.
#[pyclass(frozen, module = "flong._flong")]
pub struct KnowledgeIn {
    known: Arc<Known>,
}

#[pymethods]
impl KnowledgeIn {
    #[getter]
    fn round(&self) -> u8 {
        if self.known.all().is_some() { 2 } else { 1 }
    }

    /// Removes boilerplate from the rows of a table; `None` of a row without a text.
    fn strip(&self, py: Python<'_>, data: &Columns, options: &str) -> PyResult<Vec<Option<StrippedText>>> {
        let options = Options::parse(options, &[])?;
        let (frame, known) = (data.frame.clone(), self.known.clone());
        work::run(py, options.threads(), None, move |_| {
            let known = known.all().ok_or_else(|| {
                Error::Usage(
                    "this is what the first round gave: count the documents a second time with flong.Counts(it)".into(),
                )
            })?;
            let params = options.settings().params()?;
            let table = Table::new(frame, 0, &options)?;
            let strip = |document: &flong::Document| {
                (document.provenance.place.record, told(&document.text, strip_known(document, known, &params)))
            };
            let stripped: Vec<(u64, StrippedText)> = table.documents().par_iter().map(strip).collect();
            let mut rows = vec![None; table.frame.rows()];
            stripped.into_iter().for_each(|(row, text)| rows[row as usize] = Some(text));
            Result::Ok(rows)
        })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes = py.detach(|| self.known.to_bytes());
        PyBytes::new(py, &bytes)
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let known = py.detach(|| Known::from_bytes(bytes)).map_err(exception)?;
        Ok(KnowledgeIn { known: Arc::new(known) })
    }
}
