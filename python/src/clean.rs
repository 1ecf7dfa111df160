//! Cleaning, of a table and of files.

use std::ffi::OsString;
use std::path::PathBuf;

use flong::before::{Before, seen_before};
use flong::judge::{Drop, Origin as Named, Policy, Rule, add_seen, dropped};
use flong::run::{self, CleanOptions, CleanRun, open_index, update_index};
use flong::{Document, Result};
use pyo3::prelude::*;

use crate::changes::{Changes, ledger, part};
use crate::errors::{exception, usage};
use crate::find::{FoundIn, Origin, Run, find};
use crate::options::Options;
use crate::restore::Parts;
use crate::rows::Table;
use crate::table::Columns;
use crate::work::{self, Watch};

/// A table that was cleaned.
#[pyclass(frozen, module = "flong._flong")]
pub struct CleanedIn {
    parts: Parts,
    changes: Changes,
    found: Py<FoundIn>,
}

#[pymethods]
impl CleanedIn {
    fn table(&self) -> Columns {
        Columns { frame: self.parts.kept.clone() }
    }

    fn dropped(&self) -> Columns {
        Columns { frame: self.parts.gone.clone() }
    }

    fn ledger(&self) -> PyResult<Columns> {
        Ok(Columns { frame: ledger(&self.changes.lines)? })
    }

    fn restore(&self, py: Python<'_>) -> PyResult<Columns> {
        let frame = py.detach(|| self.parts.restore(&self.changes)).map_err(exception)?;
        Ok(Columns { frame })
    }

    fn found(&self, py: Python<'_>) -> Py<FoundIn> {
        self.found.clone_ref(py)
    }
}

/// Removes duplicates and boilerplate from a table, and what repeats `against`.
#[pyfunction]
#[pyo3(signature = (data, against, options, progress=None))]
pub fn clean_table(
    py: Python<'_>,
    data: &Columns,
    against: Option<&Columns>,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<CleanedIn> {
    let options = Options::parse(options, &[])?;
    let frames: Vec<_> = std::iter::once(data).chain(against).map(|columns| columns.frame.clone()).collect();
    let (run, changes, parts) = work::run(py, options.threads(), progress, move |watch| {
        let tables = frames.into_iter().zip(0..).map(|(frame, input)| Table::new(frame, input, &options));
        clean(tables.collect::<Result<_>>()?, &options, watch)
    })?;
    let found = Py::new(py, FoundIn { run })?;
    Ok(CleanedIn { parts, changes, found })
}

/// Cleans the first of some tables.
fn clean(tables: Vec<Table>, options: &Options, watch: &std::sync::Arc<Watch>) -> Result<(Run, Changes, Parts)> {
    let mut params = options.settings().params()?;
    let others = &options.others;
    let index = others.index.as_ref().map(|file| open_index(file, others.update, &params, &**watch)).transpose()?;
    if tables.len() > 1 {
        params.drop = Drop::From(Named::inputs("the new rows", [0]));
    }
    let mut run = find(tables, options, &params, watch)?;
    watch.begin("judge");
    let policy = options.settings().policy(Policy::cleaning(&params));
    let policy = Policy { mark_only: others.mark, ..policy };
    let mut findings = run.verdicts(&policy);
    let new = run.heads.before_input(1);
    findings.retain(|finding| finding.document < new);
    let Origin::Tables(tables) = &run.origin else { unreachable!("tables were searched") };
    let (mut texts, mut before) = (Vec::new(), Before::default());
    if let Some(index) = &index {
        watch.begin("index");
        texts = tables[0].documents();
        before = seen_before(&index.reader()?, &texts, run.heads.len(), &params)?;
        add_seen(&mut findings, std::mem::take(&mut before.findings), &policy);
    }
    watch.begin("write");
    let name = |index: usize| {
        let own = || run.heads.head(index).id.to_owned();
        let item = |place: usize| before.items.get(place).map_or_else(String::new, |item| item.id.to_string());
        index.checked_sub(run.heads.len()).map_or_else(own, item)
    };
    let drop_emptied = policy.rules.contains(&Rule::Emptied);
    let unread = run.unread.iter().filter(|(input, _)| *input == 0).map(|(_, row)| *row);
    let mut changes = Changes::of(&tables[0], &run.heads, unread, &findings, drop_emptied, name);
    let (kept, gone) = part(&tables[0], &mut changes)?;
    let parts = Parts { kept, gone, text: tables[0].text.clone() };
    if let Some(index) = index.filter(|_| others.update) {
        let mut gone = dropped(&findings);
        gone.extend(&changes.cleaned.emptied_documents);
        let stays = texts.into_iter().enumerate().filter(|(index, _)| !gone.contains(index));
        update_index(&index, &stays.map(|(_, document)| document).collect::<Vec<Document>>(), &params)?;
    }
    run.summary = run.summary.with(changes.cleaned.clone());
    Ok((run, changes, parts))
}

/// Cleans files into a folder, as the command line does. Returns what was found and what people should know.
#[pyfunction]
#[pyo3(signature = (paths, against, options, progress=None))]
pub fn clean_files(
    py: Python<'_>,
    paths: Vec<OsString>,
    against: Vec<OsString>,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<FoundIn> {
    let options = Options::parse(options, &paths)?;
    let out = options.out_folder().ok_or_else(|| usage("out= is missing: the folder for the cleaned corpus"))?;
    let CleanRun { heads, found, summary, .. } = work::run(py, options.threads(), progress, move |watch| {
        let others = &options.others;
        let clean_options = CleanOptions {
            out: Some(out),
            passages: false,
            mark_only: others.mark,
            allow_empty: others.allow_empty,
            against,
            index: others.index.clone(),
            update: others.update,
        };
        run::clean(&options.inputs(paths), options.settings(), &clean_options, &**watch)
    })?;
    Ok(FoundIn { run: Run { heads, found, summary, unread: Vec::new(), origin: Origin::Gone, seen: None } })
}

/// Files that are incomplete, each with the number of records that are lost.
type Incomplete = Vec<(String, u64)>;

/// Restores the originals of a cleaned folder. Returns the names of the files, and those that are incomplete.
#[pyfunction]
pub fn restore_files(py: Python<'_>, dir: PathBuf, out: PathBuf, force: bool) -> PyResult<(Vec<String>, Incomplete)> {
    let report = work::run(py, 1, None, move |_| flong::write::restore(&dir, &out, force))?;
    Ok((report.restored.into_iter().chain(report.equal).collect(), report.incomplete))
}
