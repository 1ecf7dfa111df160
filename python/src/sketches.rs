//! The stages by themselves, for those who build pipelines of their own.

use flong::fingerprint::Fingerprints;
use flong::lsh::Banding;
use flong::pipeline::{Stopwatch, prepare};
use flong::shingle;
use flong::sketch::{EMPTY, Sketcher};
use flong::token::{self, tokenize};
use flong::verify::{Verified, plausible, shared_mass, verify};
use flong::{Error, Grain, Params, UnitId};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;
use rayon::prelude::*;

use crate::errors::usage;
use crate::frames::{Named, frame, rows, shares, texts};
use crate::options::Options;
use crate::rows::Table;
use crate::table::Columns;
use crate::work;

/// Returns the words of a text: where each begins and ends, in characters, and its hash.
#[pyfunction]
pub fn tokens(text: &str) -> Vec<(usize, usize, u64)> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    let (mut byte, mut characters) = (0, 0);
    let mut offset = |to: u32| {
        characters += text[byte..to as usize].chars().count();
        byte = to as usize;
        characters
    };
    tokens.iter().map(|token| (offset(token.start), offset(token.end()), token.word.0)).collect()
}

fn shingles_of(text: &str, width: usize) -> Vec<u64> {
    let mut found = Vec::new();
    shingle::shingles(&token::words(text), width, |shingle| found.push(shingle));
    found
}

fn bytes<'py, const N: usize>(
    py: Python<'py>,
    values: impl ExactSizeIterator<Item = [u8; N]>,
) -> PyResult<Bound<'py, PyByteArray>> {
    PyByteArray::new_with(py, values.len() * N, |bytes| {
        bytes.chunks_exact_mut(N).zip(values).for_each(|(place, value)| place.copy_from_slice(&value));
        Ok(())
    })
}

/// Returns the shingles of a text, as the bytes of 64-bit numbers.
#[pyfunction]
pub fn shingles<'py>(py: Python<'py>, text: &str, width: usize) -> PyResult<Bound<'py, PyByteArray>> {
    bytes(py, shingles_of(text, width).into_iter().map(u64::to_ne_bytes))
}

/// Returns the fingerprints of a text, as the bytes of 64-bit numbers.
#[pyfunction]
pub fn fingerprints<'py>(
    py: Python<'py>,
    text: &str,
    width: usize,
    window: usize,
    all_shingles: usize,
) -> PyResult<Bound<'py, PyByteArray>> {
    let settings = Fingerprints { window, all_shingles, ..Fingerprints::default() };
    let shingles: Vec<Option<u64>> = shingles_of(text, width).into_iter().map(Some).collect();
    let mut kept = Vec::new();
    settings.select(&shingles, &mut kept);
    bytes(py, kept.into_iter().map(u64::to_ne_bytes))
}

/// Returns the MinHash signatures of the rows of a table over their shingles, as the bytes of 32-bit numbers.
#[pyfunction]
pub fn signatures<'py>(
    py: Python<'py>,
    data: &Columns,
    options: &str,
    size: usize,
    width: usize,
) -> PyResult<Bound<'py, PyByteArray>> {
    let options = Options::parse(options, &[])?;
    let frame = data.frame.clone();
    let signatures = work::run(py, options.threads(), None, move |_| {
        let sketcher = Sketcher::new(size, 0);
        let documents = Table::new(frame, 0, &options)?.whole()?;
        let signature = |text: &str| {
            let mut signature = vec![EMPTY; size];
            sketcher.sketch(&shingles_of(text, width), &mut signature);
            signature
        };
        Ok(documents.par_iter().map(|document| signature(&document.text)).collect::<Vec<_>>())
    })?;
    bytes(py, signatures.concat().into_iter().map(u32::to_ne_bytes))
}

/// Returns the keys of the bands of signatures, given and returned as bytes; 0 for the signature of nothing.
#[pyfunction]
pub fn band_keys<'py>(
    py: Python<'py>,
    signatures: &[u8],
    size: usize,
    bands: usize,
    rows: usize,
) -> PyResult<Bound<'py, PyByteArray>> {
    let banding = Banding { bands, rows };
    let places = bands.saturating_mul(rows);
    if places == 0 || places > size {
        return Err(usage(format!("{bands} bands of {rows} rows need {places} places; there are {size}")));
    }
    let numbers: Vec<u32> =
        signatures.chunks_exact(4).map(|bytes| u32::from_ne_bytes(bytes.try_into().unwrap_or_default())).collect();
    let keys: Vec<u64> = numbers
        .chunks_exact(size)
        .flat_map(|signature| (0..bands).map(|band| banding.key(signature, band).map_or(0, |key| key.max(1))))
        .collect();
    bytes(py, keys.into_iter().map(u64::to_ne_bytes))
}

/// Verifies pairs of rows of a table, and returns those that match.
#[pyfunction]
pub fn verify_pairs(py: Python<'_>, data: &Columns, pairs: Vec<(u32, u32)>, options: &str) -> PyResult<Columns> {
    let options = Options::parse(options, &[])?;
    let frame = data.frame.clone();
    let verified: Vec<(u32, u32, Verified)> = work::run(py, options.threads(), None, move |_| {
        let params = Params { grains: vec![Grain::Document], ..options.settings().params()? };
        let documents = Table::new(frame, 0, &options)?.whole()?;
        let outside = pairs.iter().map(|&(a, b)| a.max(b)).find(|&row| row as usize >= documents.len());
        if let Some(row) = outside {
            return Err(Error::Usage(format!("there is no row {row}: there are {} rows", documents.len())));
        }
        let prepared = prepare(&documents, &params, &mut Stopwatch::default());
        let verify = |&(a, b): &(u32, u32)| {
            let (x, y) = (prepared.text(UnitId(a)), prepared.text(UnitId(b)));
            let mass = shared_mass(x.profile, y.profile);
            let looked = plausible(x.profile.mass, y.profile.mass, mass, params.level, &params.thresholds);
            let verified = looked.then(|| verify(x, y, mass, params.level, &params.thresholds)).flatten();
            verified.map(|verified| (a, b, verified))
        };
        Ok(pairs.par_iter().filter_map(verify).collect())
    })?;
    let frame = frame_of(&verified)?;
    Ok(Columns { frame })
}

fn frame_of(verified: &[(u32, u32, Verified)]) -> PyResult<crate::capsule::Frame> {
    frame(verified, |pairs| -> Vec<Named> {
        let share = |share: fn(&Verified) -> f32| shares(pairs.iter().map(move |(.., verified)| share(verified)));
        vec![
            ("a_row", rows(pairs.iter().map(|(a, ..)| u64::from(*a)))),
            ("b_row", rows(pairs.iter().map(|(_, b, _)| u64::from(*b)))),
            ("kind", texts(pairs.iter().map(|(.., verified)| verified.kind.name()))),
            ("jaccard", share(|verified| verified.measures.jaccard)),
            ("containment", share(|verified| verified.measures.containment)),
            ("weighted", share(|verified| verified.measures.weighted_containment)),
            ("aligned", share(|verified| verified.aligned)),
            ("score", share(|verified| verified.score)),
        ]
    })
}
