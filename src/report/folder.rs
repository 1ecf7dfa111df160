//! The folder of a run: what `find` and `clean` wrote, read line by line.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::judge::LikelySource;
use crate::read::Fields;
use crate::verify::Kind;
use crate::write::LedgerLine;
use crate::{Error, Grain, Params, Result, Span};

/// The file that holds the summary of a run.
const SUMMARY: &str = "summary.json";

/// The folder that `flong find --out` or `flong clean --out` wrote.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    summary: Value,
    known: Known,
}

/// The parts of the summary that a report is made from.
#[derive(Debug, Clone, Deserialize)]
struct Known {
    documents: u64,
    bytes: u64,
    parameters: Params,
    #[serde(default)]
    fields: Fields,
    #[serde(default)]
    cleaned: Option<Value>,
    run: Run,
}

#[derive(Debug, Clone, Deserialize)]
struct Run {
    inputs: Vec<String>,
}

impl Folder {
    /// Opens the folder of a run.
    ///
    /// # Errors
    /// If it is not one, or if another version of flong wrote it with parameters that are not known here.
    pub fn open(path: impl Into<PathBuf>) -> Result<Folder> {
        let path = path.into();
        let file = path.join(SUMMARY);
        let text = match fs::read_to_string(&file) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                let shown = path.display();
                return Err(Error::Usage(format!(
                    "{shown}: holds no {SUMMARY}; name the folder that `flong find --out` or `flong clean --out` wrote"
                )));
            }
            read => read.map_err(|error| Error::io(&file, error))?,
        };
        let damaged = |error: serde_json::Error| Error::Damaged {
            path: file.clone(),
            reason: format!("{error}; run `flong find` or `flong clean` again with this version of flong"),
        };
        let summary: Value = serde_json::from_str(&text).map_err(damaged)?;
        let known = Known::deserialize(&summary).map_err(damaged)?;
        Ok(Folder { path, summary, known })
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns `summary.json`.
    pub fn summary(&self) -> &Value {
        &self.summary
    }

    /// Returns the parameters of the run.
    pub fn params(&self) -> &Params {
        &self.known.parameters
    }

    /// Returns the fields that the records of the inputs were read by.
    pub fn fields(&self) -> &Fields {
        &self.known.fields
    }

    /// Returns the names of the inputs of the run.
    pub fn inputs(&self) -> &[String] {
        &self.known.run.inputs
    }

    /// Returns whether `clean` wrote it.
    pub fn is_cleaned(&self) -> bool {
        self.known.cleaned.is_some()
    }

    /// Returns how many documents the run read, and how many bytes of text.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.known.documents, self.known.bytes)
    }

    /// Reads `clusters.jsonl`.
    pub(super) fn clusters(&self) -> Result<Vec<ClusterLine>> {
        let mut clusters = Vec::new();
        self.each_line("clusters.jsonl", |line| serde_json::from_str(line).map(|cluster| clusters.push(cluster)))?;
        Ok(clusters)
    }

    /// Reads `matches.jsonl`, a line at a time.
    pub(super) fn each_match(&self, mut each: impl FnMut(MatchLine)) -> Result<()> {
        self.each_line("matches.jsonl", |line| serde_json::from_str(line).map(&mut each))
    }

    /// Reads `ledger.jsonl`, a line at a time.
    pub(super) fn each_removal(&self, mut each: impl FnMut(LedgerLine)) -> Result<()> {
        self.each_line("ledger.jsonl", |line| serde_json::from_str(line).map(&mut each))
    }

    fn each_line(&self, name: &str, mut each: impl FnMut(&str) -> serde_json::Result<()>) -> Result<()> {
        let path = self.path.join(name);
        let mut lines = BufReader::new(File::open(&path).map_err(|error| Error::io(&path, error))?);
        let (mut line, mut number) = (String::new(), 0);
        while lines.read_line(&mut line).map_err(|error| Error::io(&path, error))? > 0 {
            number += 1;
            each(&line).map_err(|error| {
                let reason = format!("line {number} is none that this flong writes ({error}); run flong again");
                Error::Damaged { path: path.clone(), reason }
            })?;
            line.clear();
        }
        Ok(())
    }
}

/// A piece of a document, as the lines name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct PieceLine<'l> {
    #[serde(borrow)]
    pub document: Cow<'l, str>,
    pub start: u32,
    pub end: u32,
}

/// A line of `matches.jsonl`.
#[derive(Debug, Deserialize)]
pub(super) struct MatchLine<'l> {
    #[serde(borrow)]
    pub a: PieceLine<'l>,
    #[serde(borrow)]
    pub b: PieceLine<'l>,
    pub grain: Grain,
    pub kind: Kind,
    pub jaccard: f32,
    pub containment: f32,
    pub weighted: f32,
    pub aligned: f32,
    pub score: f32,
    #[serde(borrow)]
    pub cluster: Option<Cow<'l, str>>,
    /// Missing in folders of earlier versions.
    #[serde(default)]
    pub source: Option<LikelySource>,
    #[serde(default)]
    pub passages: Vec<PassageLine>,
}

/// A passage that two texts share.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct PassageLine {
    pub a: Span,
    pub b: Span,
}

/// A line of `clusters.jsonl`.
#[derive(Debug, Deserialize)]
pub(super) struct ClusterLine {
    pub cluster: String,
    pub grain: Grain,
    pub kind: Kind,
    pub members: Vec<MemberLine>,
    pub least_similarity: f32,
}

/// A member of a cluster.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct MemberLine {
    pub document: String,
    pub start: u32,
    pub end: u32,
}
