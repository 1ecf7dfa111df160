//! What is known of a corpus, in a process that goes through parts of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flong::boilerplate::TitleIndex;
use flong::count::{FirstKnowledge, Knowledge};
use flong::{Error, Result};
use pyo3::prelude::*;

use super::portrait::title_words;
use crate::errors::exception;

/// Knowledge of a corpus: read once by each process, and used by all maps in it.
#[pyclass(frozen, from_py_object, module = "flong._flong")]
#[derive(Clone)]
pub struct SparkKnowledge {
    known: Known,
}

#[derive(Clone)]
enum Known {
    First(Arc<FirstKnowledge>),
    All(Arc<(Mutex<Knowledge>, TitleIndex)>),
}

#[pymethods]
impl SparkKnowledge {
    /// Reads what the first round gave.
    #[staticmethod]
    fn first(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let known = py.detach(|| FirstKnowledge::from_bytes(bytes)).map_err(exception)?;
        Ok(SparkKnowledge { known: Known::First(Arc::new(known)) })
    }

    /// Reads what both rounds gave. `titles` are those that texts may promote.
    #[staticmethod]
    fn all(py: Python<'_>, bytes: &[u8], titles: Vec<Vec<u8>>) -> PyResult<Self> {
        let known = py.detach(|| Knowledge::from_bytes(bytes)).map_err(exception)?;
        let titles: Vec<_> = titles.iter().map(|title| title_words(title)).collect();
        let titles = TitleIndex::new(titles.iter().map(Vec::as_slice));
        Ok(SparkKnowledge { known: Known::All(Arc::new((Mutex::new(known), titles))) })
    }
}

impl SparkKnowledge {
    /// Returns what the first round gave.
    pub fn of_first(&self) -> Result<&FirstKnowledge> {
        match &self.known {
            Known::First(known) => Ok(known),
            Known::All(_) => Err(Error::Usage("this is what is known after the second round".into())),
        }
    }

    /// Returns what both rounds gave, and the titles.
    pub fn of_all(&self) -> Result<(MutexGuard<'_, Knowledge>, &TitleIndex)> {
        match &self.known {
            Known::All(known) => Ok((known.0.lock().unwrap_or_else(PoisonError::into_inner), &known.1)),
            Known::First(_) => Err(Error::Usage("this is what is known before the second round".into())),
        }
    }
}
