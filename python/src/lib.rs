//! The Python package: functions and tables of flong for Python. `python/flong` gives them their Python form.

mod capsule;
mod clean;
mod errors;
mod find;
mod frames;
mod options;
mod restore;
mod rows;
mod spark;
mod table;
mod texts;
mod values;
mod work;

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the command line and returns its exit code. The first argument is the name of the program.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| flong_cli::run(&arguments))
}

#[pymodule]
mod _flong {
    #[pymodule_export]
    use super::clean::{CleanedIn, clean_table};
    #[pymodule_export]
    use super::find::{FoundIn, find_in_table};
    #[pymodule_export]
    use super::main;
    #[pymodule_export]
    use super::spark::{SparkKnowledge, SparkStep};
    #[pymodule_export]
    use super::table::Columns;
}
