//! Runs of damaged files that flong keeps between runs: an index, a baseline.

use std::fs;
use std::path::Path;

use flong::check::Baseline;
use flong::index::{Index, Settings};
use flong::pipeline::{add, commit, query};
use flong::{Document, Params};

use super::inside::Failure;
use super::random::Random;
use super::start::KNOWN;

/// Asks a damaged index, writes to it, and asks it again.
pub fn index(random: &mut Random, path: &Path) -> Result<(), Failure> {
    let documents: Vec<Document> =
        KNOWN.iter().enumerate().map(|(n, text)| Document::new(n.to_string(), *text)).collect();
    let params = Params::default();
    let ask = || {
        let Ok(reader) = Index::open(path).and_then(|index| index.reader()) else { return };
        let _ = (query(&documents, &reader, &params), reader.info());
    };
    ask();
    if random.one_in(2) {
        let write = || -> flong::Result<()> {
            let text = Index::open(path)?.settings().text;
            let index = Index::write(path, &Settings::of(&params, text))?;
            let mut addition = index.addition()?;
            add(&mut addition, &documents, 20_001)?;
            commit(addition, &params).map(drop)
        };
        let _ = write();
    } else {
        let expire = || -> flong::Result<()> {
            let index = Index::rewrite(path)?;
            let mut addition = index.addition()?;
            addition.expire(20_000)?;
            commit(addition, &params).map(drop)
        };
        let _ = expire();
    }
    ask();
    Ok(())
}

/// Reads a damaged baseline, and holds findings against what can be read of it.
pub fn baseline(path: &Path) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(&fs::read(path).expect("it was written")).into_owned();
    let Ok(baseline) = Baseline::read(&text) else { return Ok(()) };
    let again = Baseline::read(&baseline.write()).map_err(|e| format!("a baseline cannot be written again: {e}"))?;
    let mut sorted = baseline.entries.clone();
    sorted.sort();
    if again.entries != sorted {
        return Err("a baseline is written as another".into());
    }
    baseline.compare(&[]);
    Ok(())
}
