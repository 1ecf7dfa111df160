//! What is known of a corpus, in a process that goes through parts of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flong::boilerplate::TitleIndex;
use flong::count::{FirstCounts, FirstKnowledge, Groups, Knowledge, SecondCounts};
use flong::{Error, Result};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use super::parts;
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
    First(Arc<Mutex<FirstKnowledge>>),
    All(Arc<(Mutex<Knowledge>, TitleIndex)>),
}

#[pymethods]
impl SparkKnowledge {
    /// Reads what the first round gave: the sum of the counts, and the counted parts of the hashes; none of these where documents
    /// come with slices of them.
    #[staticmethod]
    fn first(py: Python<'_>, counts: &[u8], parts: Vec<(usize, PyBackedBytes)>) -> PyResult<Self> {
        let known = py.detach(|| {
            let parts: Vec<(usize, &[u8])> = parts.iter().map(|(number, bytes)| (*number, &**bytes)).collect();
            parts::known(FirstCounts::from_bytes(counts)?, &parts)
        });
        Ok(SparkKnowledge { known: Known::First(Arc::new(Mutex::new(known.map_err(exception)?))) })
    }

    /// Adds what the second round gave: the sum of the counts. `titles` are those that texts may promote.
    fn with_second(&self, py: Python<'_>, counts: &[u8], titles: Vec<Vec<u8>>) -> PyResult<Self> {
        let known = py.detach(|| {
            let first = self.of_first()?.clone();
            SecondCounts::from_bytes(counts)?.know(first, Groups::default())
        });
        let titles: Vec<_> = titles.iter().map(|title| title_words(title)).collect();
        let titles = TitleIndex::new(titles.iter().map(Vec::as_slice));
        Ok(SparkKnowledge { known: Known::All(Arc::new((Mutex::new(known.map_err(exception)?), titles))) })
    }
}

impl SparkKnowledge {
    /// Returns what the first round gave.
    pub fn of_first(&self) -> Result<MutexGuard<'_, FirstKnowledge>> {
        match &self.known {
            Known::First(known) => Ok(known.lock().unwrap_or_else(PoisonError::into_inner)),
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
