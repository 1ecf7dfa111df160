//! Findings applied to documents in the order of a run, and counted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::LedgerLine;
use super::edit::{Fate, edit};
use crate::judge::{Action, Finding};
use crate::read::{Fields, Format, Input, Output, Place, TableHeader};
use crate::{Document, Error, Result};

/// Counts of what a clean run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// Documents that were kept unchanged.
    pub kept: u64,
    /// Documents that were kept with pieces removed.
    pub edited: u64,
    /// Documents that were dropped.
    pub dropped: u64,
    /// Documents of which removal left nothing: dropped, or kept with an empty text if [`Rule::Emptied`] is not followed.
    ///
    /// [`Rule::Emptied`]: crate::judge::Rule::Emptied
    pub emptied: u64,
    /// Ledger lines about removed pieces and documents.
    pub removed: u64,
    /// Ledger lines about marked pieces and documents.
    pub marked: u64,
    /// Ledger lines by rule and action.
    #[serde(skip)]
    pub rules: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// The documents that were dropped because nothing was left of them, by their indices in the run.
    #[serde(skip)]
    pub emptied_documents: Vec<usize>,
}

impl Cleaned {
    /// Counts a document that has findings, by its index in the run. `emptied` says whether removal left nothing of it.
    pub(super) fn count(&mut self, index: usize, fate: Fate, lines: &[LedgerLine], emptied: bool) {
        if emptied {
            self.emptied += 1;
            self.emptied_documents.extend((fate == Fate::Dropped).then_some(index));
        }
        match fate {
            Fate::Edited => self.edited += 1,
            Fate::Dropped => self.dropped += 1,
            _ => self.kept += 1,
        }
        for line in lines {
            let action = match line.action {
                Action::Removed => {
                    self.removed += 1;
                    "removed"
                }
                Action::Marked => {
                    self.marked += 1;
                    "marked"
                }
            };
            *self.rules.entry(line.rule.code()).or_default().entry(action).or_default() += 1;
        }
    }
}

/// A document as it is written.
pub(super) struct Edited<'a> {
    pub fate: Fate,
    /// The record as it was read.
    pub whole: &'a [u8],
    /// The record as it is now; empty if it is dropped.
    pub record: Cow<'a, [u8]>,
    /// The lines of the ledger about it.
    pub lines: Vec<LedgerLine<'a>>,
}

/// Applies findings to the documents of a run, one after the other.
pub(super) struct Editor {
    pub fields: Fields,
    /// Whether documents are dropped of which nothing is left.
    drops_emptied: bool,
    /// The header of each input that is a table, once it was read.
    pub headers: Vec<Option<TableHeader>>,
    pub cleaned: Cleaned,
}

impl Editor {
    pub fn new(inputs: &[Input], fields: &Fields, drops_emptied: bool) -> Self {
        let headers = inputs.iter().map(|_| None).collect();
        Editor { fields: fields.clone(), drops_emptied, headers, cleaned: Cleaned::default() }
    }

    /// Takes a record that is not a document for the header of its table, if that was not read yet.
    pub fn take_header(&mut self, place: Place, format: Format, record: &[u8]) -> bool {
        let header = &mut self.headers[place.input as usize];
        let row = std::str::from_utf8(record).ok().filter(|row| !row.is_empty());
        let is_header = matches!(format.output(), Output::Rows { .. }) && header.is_none();
        let Some(row) = row.filter(|_| is_header) else { return false };
        *header = Some(TableHeader::of(row, format));
        true
    }

    /// Applies all findings about a document and counts what was done. `name` returns any document's id by its index in the
    /// run.
    pub fn document<'a>(
        &mut self,
        document: &'a Document,
        format: Format,
        findings: &'a [Finding],
        name: &impl Fn(usize) -> &'a str,
    ) -> Result<Edited<'a>> {
        let unwritable =
            || Error::Usage(format!("document {}: cannot be written, for it was read without its record", document.id));
        let whole = match format.output() {
            Output::File | Output::Table => document.text.as_bytes(),
            Output::Lines | Output::SharedLines | Output::Rows { .. } | Output::Feed | Output::Crawl => {
                document.provenance.record.as_deref().ok_or_else(unwritable)?
            }
        };
        if findings.is_empty() {
            self.cleaned.kept += 1;
            return Ok(Edited { fate: Fate::Kept, whole, record: whole.into(), lines: Vec::new() });
        }
        // A page of a crawl is in any encoding, and nothing is cut out of it.
        let text = match (format.output(), document.provenance.within) {
            (Output::Crawl, None) => "",
            _ => std::str::from_utf8(whole).map_err(|_| unwritable())?,
        };
        let header = self.headers[document.provenance.place.input as usize].as_ref();
        let record =
            format.codec().record(text, document.provenance.within, header, &self.fields).ok_or_else(unwritable)?;
        let outcome = edit(document, &record, findings, name, self.drops_emptied);
        self.cleaned.count(findings[0].document, outcome.fate, &outcome.lines, outcome.emptied);
        let record = match outcome.fate {
            Fate::Kept => whole.into(),
            _ => outcome.record.map_or(Cow::Borrowed(&[][..]), |record| record.into_bytes().into()),
        };
        Ok(Edited { fate: outcome.fate, whole, record, lines: outcome.lines })
    }
}
