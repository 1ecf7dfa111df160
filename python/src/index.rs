//! The index of what has been seen.

use std::path::PathBuf;

use flong::index::{Index, Settings};
use flong::pipeline::{Seen, add, commit, query, today};
use flong::write::json_pretty;
use flong::{Document, Error, Params, Result};
use pyo3::prelude::*;

use crate::errors::exception;
use crate::frames::{Named, flags, frame, rows, shares, texts};
use crate::options::Options;
use crate::rows::Table;
use crate::table::Columns;
use crate::work;

/// Adds the rows of a table to an index, which is created if it does not exist. Returns how many were added, and how many were
/// there before.
#[pyfunction]
pub fn index_add(
    py: Python<'_>,
    path: PathBuf,
    data: &Columns,
    keep_text: bool,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(u64, u64)> {
    let options = Options::parse(options, &[])?;
    let frame = data.frame.clone();
    work::run(py, options.threads(), progress, move |watch| {
        let params = options.settings().params()?;
        watch.begin("read");
        let documents = Table::new(frame, 0, &options)?.whole()?;
        watch.begin("add");
        let mut index = Index::write(&path, &Settings::of(&params, keep_text))?;
        let mut addition = index.addition()?;
        let added = add(&mut addition, &documents, today())?;
        commit(addition, &params)?;
        let items = index.reader()?.items();
        // What grew by much has much to give back.
        if added.added * 4 > u64::from(items) {
            index.compact()?;
        }
        Ok((added.added, added.known))
    })
}

/// Asks an index which of its items the rows of a table match.
#[pyfunction]
pub fn index_query(
    py: Python<'_>,
    path: PathBuf,
    data: &Columns,
    options: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Columns> {
    let options = Options::parse(options, &[])?;
    let frame = data.frame.clone();
    let (documents, seen) = work::run(py, options.threads(), progress, move |watch| {
        let params = options.settings().params()?;
        watch.begin("read");
        let documents = Table::new(frame, 0, &options)?.whole()?;
        watch.begin("query");
        let index = Index::open(&path)?;
        index.refuse_other(&Settings::of(&params, index.settings().text))?;
        let seen = query(&documents, &index.reader()?, &params)?;
        Ok((documents, seen))
    })?;
    Ok(Columns { frame: answer(&documents, &seen)? })
}

fn answer(documents: &[Document], seen: &[Seen]) -> PyResult<crate::capsule::Frame> {
    frame(seen, |seen| -> Vec<Named> {
        let each = || seen.iter();
        vec![
            ("row", rows(each().map(|seen| documents[seen.document].provenance.place.record))),
            ("document", texts(each().map(|seen| &*documents[seen.document].id))),
            ("item", texts(each().map(|seen| &*seen.item.id))),
            ("source", texts(each().map(|seen| seen.item.source.as_deref()))),
            ("date", texts(each().map(|seen| seen.item.date.as_deref()))),
            ("kind", texts(each().map(|seen| seen.verified.kind.name()))),
            ("jaccard", shares(each().map(|seen| seen.verified.measures.jaccard))),
            ("containment", shares(each().map(|seen| seen.verified.measures.containment))),
            ("weighted", shares(each().map(|seen| seen.verified.measures.weighted_containment))),
            ("aligned", shares(each().map(|seen| seen.verified.aligned))),
            ("score", shares(each().map(|seen| seen.verified.score))),
            ("same", flags(each().map(|seen| seen.same))),
            ("estimated", flags(each().map(|seen| seen.estimated))),
        ]
    })
}

/// Returns what an index holds, as JSON. With `check` the whole of it is read, and damage is an error.
#[pyfunction]
pub fn index_info(py: Python<'_>, path: PathBuf, check: bool) -> PyResult<String> {
    let info = work::run(py, 1, None, move |_| match check {
        true => Index::check(&path),
        false => Index::open(&path)?.reader()?.info(),
    })?;
    let mut bytes = Vec::new();
    json_pretty(&mut bytes, &info).map_err(|error| exception(Error::io("index", error)))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Removes items that are older than some days. Returns how many.
#[pyfunction]
pub fn index_expire(py: Python<'_>, path: PathBuf, days: i32) -> PyResult<u32> {
    work::run(py, 1, None, move |_| -> Result<u32> {
        let mut index = Index::rewrite(&path)?;
        let mut addition = index.addition()?;
        let gone = addition.expire(today() - days)?;
        if gone > 0 {
            commit(addition, &Params::default())?;
            index.compact()?;
        }
        Ok(gone)
    })
}
