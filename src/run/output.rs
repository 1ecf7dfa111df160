//! The output of a clean run: a folder, one stream, or nothing.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::Progress;
use super::found::{SUMMARY, write_found, write_summary};
use super::summary::Summary;
use crate::judge::{Finding, Verdicts};
use crate::pipeline::{Found, Loaded, Scanned};
use crate::read::{Fields, Others};
use crate::write::{Cleaned, Cleaner, OutDir, Stream};
use crate::{Document, Error, Heads, Result};

/// The output of a clean run.
pub(super) enum Output<'w> {
    Folder(OutDir),
    Lines(&'w mut dyn Write),
    Nothing,
}

/// The documents of a run that are written: the first `names.own` of all.
pub(super) struct Cleaning<'a> {
    pub scanned: &'a Scanned,
    /// Number of inputs that are the run's own.
    pub own: usize,
    pub fields: &'a Fields,
    pub verdicts: &'a Verdicts<'a>,
    pub names: Names<'a>,
    /// Whether documents are dropped of which nothing is left.
    pub drop_emptied: bool,
}

/// Ids of the documents that findings name. The documents of the run come first.
pub(super) struct Names<'a> {
    pub own: usize,
    pub heads: &'a Heads,
    pub outside: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn get(&self, index: usize) -> &'a str {
        if index < self.own { self.heads.head(index).id } else { self.outside[index - self.own] }
    }
}

impl Output<'_> {
    /// Reads the records again and writes what stays of them.
    pub fn write(&mut self, cleaning: &Cleaning) -> Result<Cleaned> {
        let Cleaning { own, fields, drop_emptied, .. } = *cleaning;
        let Loaded { inputs, layouts, .. } = &cleaning.scanned.loaded;
        let inputs = &inputs[..own];
        let out = match self {
            Output::Folder(out) => {
                let mut cleaner =
                    Cleaner::create(out, inputs, &layouts[..own.min(layouts.len())], fields, drop_emptied)?;
                cleaning.each(|first, documents, input, others, findings| {
                    let others = others.runs().map(|run| (input, run));
                    cleaner.records(first, documents, others, findings, |index| cleaning.names.get(index))
                })?;
                return cleaner.finish();
            }
            Output::Lines(out) => Some(&mut **out as &mut dyn Write),
            Output::Nothing => None,
        };
        let mut stream = Stream::new(out, inputs, fields, drop_emptied);
        cleaning.each(|first, documents, input, others, findings| {
            let others = others.runs().map(|run| (input, run));
            stream.records(first, documents, others, findings, |index| cleaning.names.get(index))
        })?;
        stream.finish()
    }

    /// Writes the matches, the clusters and the summary, and puts the folder in place.
    pub fn finish(
        self,
        scanned: &Scanned,
        found: &Found,
        passage_words: Option<usize>,
        summary: &Summary,
    ) -> Result<()> {
        let Output::Folder(mut out) = self else { return Ok(()) };
        write_found(&mut out, scanned, found, passage_words)?;
        write_summary(&mut out, summary)?;
        out.commit()
    }

    /// Refuses to replace a cleaned corpus that has documents by one that has none, unless that is allowed; then it is noted.
    pub fn check_empty(&self, cleaned: &Cleaned, allow: bool, progress: &dyn Progress) -> Result<()> {
        if cleaned.kept + cleaned.edited > 0 || cleaned.dropped == 0 {
            return Ok(());
        }
        let all = documents(cleaned.dropped);
        let repeat = match cleaned.emptied {
            0 => "repeat others",
            _ => "repeat others or have nothing left",
        };
        let held = match self {
            Output::Folder(out) if !allow => match documents_in(out.target()) {
                Some(0) => None,
                Some(held) => Some((out, documents(held))),
                None => Some((out, "files".into())),
            },
            _ => None,
        };
        if let Some((out, held)) = held {
            return Err(Error::Usage(format!(
                "{}: holds {held}, and this run would leave none of {all}: all {repeat}. Nothing was replaced. To see what \
                 they repeat, write to another folder; to replace the folder all the same, allow an empty output \
                 (--allow-empty)",
                out.target().display()
            )));
        }
        let listed = if matches!(self, Output::Folder(_)) { "; the ledger lists them" } else { "" };
        progress.note(&format!("no document is kept: all of {all} {repeat}{listed}"));
        Ok(())
    }
}

impl Cleaning<'_> {
    /// Hands over the documents of the run in their order, a block at a time: the index of the first, the documents, their
    /// input, its other records among them, and the findings about the documents.
    fn each(&self, mut each: impl FnMut(usize, &[Document], u32, &Others, &[Finding]) -> Result<()>) -> Result<()> {
        self.scanned.records(self.own, |first, input, parsed| {
            let findings = self.verdicts.of(first..first + parsed.documents.len());
            each(first, &parsed.documents, input, &parsed.others, &findings)
        })
    }
}

/// Returns a number of documents in words.
fn documents(count: u64) -> String {
    if count == 1 { "1 document".into() } else { format!("{count} documents") }
}

/// Returns how many documents a folder holds by its summary: 0 if it is empty or missing, `None` if it has no summary.
fn documents_in(folder: &Path) -> Option<u64> {
    if fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none()) {
        return Some(0);
    }
    let summary: serde_json::Value = serde_json::from_slice(&fs::read(folder.join(SUMMARY)).ok()?).ok()?;
    let count = |name: &str| summary.get("cleaned")?.get(name)?.as_u64();
    count("kept")?.checked_add(count("edited")?)
}
