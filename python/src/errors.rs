//! Errors of the library as Python exceptions, with the same sentences.

use flong::Error;
use pyo3::prelude::*;

pyo3::import_exception!(flong._errors, UsageError);
pyo3::import_exception!(flong._errors, FileError);
pyo3::import_exception!(flong._errors, DamagedError);
pyo3::import_exception!(flong._errors, UnreadableError);
pyo3::import_exception!(flong._errors, FlongError);

/// Returns an error as an exception.
pub fn exception(error: Error) -> PyErr {
    let told = error.to_string();
    match error {
        Error::Io { path, source } => FileError::new_err((source.raw_os_error(), told, path)),
        Error::Stopped => FlongError::new_err(told),
        Error::Usage(_) | Error::Parameter { .. } => UsageError::new_err(told),
        Error::Damaged { .. } => DamagedError::new_err(told),
        Error::Unreadable(problem) => UnreadableError::new_err(format!("{problem}; without strict=True it is skipped")),
    }
}

/// Returns an error about an argument as an exception.
pub fn usage(told: impl Into<String>) -> PyErr {
    exception(Error::Usage(told.into()))
}
