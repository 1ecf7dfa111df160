//! Errors of the library as Python exceptions, with the same sentences.

use flong::Error;
use pyo3::prelude::*;

pyo3::import_exception!(flong._errors, FlongError);
pyo3::import_exception!(flong._errors, UsageError);
pyo3::import_exception!(flong._errors, FileError);
pyo3::import_exception!(flong._errors, DamagedError);
pyo3::import_exception!(flong._errors, UnreadableError);

/// Returns an error as an exception.
pub fn exception(error: Error) -> PyErr {
    let told = error.to_string();
    match error {
        Error::Io { path, source } => FileError::new_err((source.raw_os_error(), told, path)),
        Error::Usage(_) | Error::Parameter { .. } => UsageError::new_err(told),
        Error::Damaged { .. } => DamagedError::new_err(told),
        Error::Unreadable(_) => UnreadableError::new_err(told),
    }
}

/// Returns an error about an argument as an exception.
pub fn usage(told: impl Into<String>) -> PyErr {
    exception(Error::Usage(told.into()))
}
