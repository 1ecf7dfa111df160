//! The Python package: functions and tables of flong for Python. `python/flong` gives them their Python form.

mod capsule;
mod changes;
mod check;
mod clean;
mod counts;
mod errors;
mod find;
mod frames;
mod index;
mod lists;
mod one;
mod options;
mod restore;
mod rows;
mod sketches;
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
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    #[pymodule_export]
    use super::check::{check_files, check_table};
    #[pymodule_export]
    use super::clean::{CleanedIn, clean_files, clean_table, restore_files};
    #[pymodule_export]
    use super::counts::{CountsIn, KnowledgeIn};
    #[pymodule_export]
    use super::find::{FoundIn, find_in_files, find_in_table};
    #[pymodule_export]
    use super::index::{index_add, index_expire, index_info, index_query};
    #[pymodule_export]
    use super::main;
    #[pymodule_export]
    use super::one::{compare, differences, explain, strip};
    #[pymodule_export]
    use super::sketches::{band_keys, fingerprints, shingles, signatures, tokens, verify_pairs};
    #[pymodule_export]
    use super::spark::{SparkKnowledge, SparkStep};
    #[pymodule_export]
    use super::table::Columns;
    #[pymodule_export]
    use super::work::end;
}
