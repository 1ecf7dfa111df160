//! Cleaned documents in one stream of JSON Lines, or only their counts.

use std::io::Write;

use serde_json::Value;

use super::applied::with_findings;
use super::cleaned_text;
use super::edit::Fate;
use super::editor::{Cleaned, Editor};
use crate::judge::Finding;
use crate::read::{Fields, Format, Input, OtherRun, Output, Place, with_id};
use crate::{Document, Error, Result};

/// Writes the cleaned documents of all inputs as JSON Lines, one after the other, without a ledger: they cannot be restored.
/// Records of JSON Lines keep their fields; documents of other formats become records with id, source, date, title, address
/// and text, under the first name of each field, so that they can be read by the same settings. Without a writer, it counts what would be written to a folder.
pub struct Stream<'w> {
    out: Option<&'w mut dyn Write>,
    editor: Editor,
    formats: Vec<Format>,
}

impl<'w> Stream<'w> {
    /// Starts a stream. `fields` must be the ones that the documents are read by. With `drop_emptied`, documents are dropped
    /// of which nothing is left.
    pub fn new(out: Option<&'w mut dyn Write>, inputs: &[Input], fields: &Fields, drop_emptied: bool) -> Self {
        let formats = inputs.iter().map(|input| input.format).collect();
        Stream { out, editor: Editor::new(inputs, fields, drop_emptied), formats }
    }

    /// Takes the next documents, as [`Cleaner::records`](super::Cleaner::records) does.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn records<'a>(
        &mut self,
        first: usize,
        documents: &'a [Document],
        others: impl Iterator<Item = (u32, OtherRun)>,
        findings: &'a [Finding],
        name: impl Fn(usize) -> &'a str,
    ) -> Result<()> {
        // Of other records only the headers of tables matter, which come before all documents of their input.
        for (input, run) in others {
            let place = Place { input, record: run.first };
            self.editor.take_header(place, self.formats[input as usize], &run.bytes);
        }
        for (document, own) in with_findings(first, documents, findings) {
            self.document(document, own, &name)?;
        }
        Ok(())
    }

    fn document<'a>(
        &mut self,
        document: &'a Document,
        findings: &'a [Finding],
        name: &impl Fn(usize) -> &'a str,
    ) -> Result<()> {
        let format = self.formats[document.provenance.place.input as usize];
        let edited = self.editor.document(document, format, findings, name)?;
        let Some(out) = self.out.as_mut().filter(|_| edited.fate != Fate::Dropped) else { return Ok(()) };
        let fields = &self.editor.fields;
        let line = match format.output() {
            Output::Lines if document.provenance.given.is_some_and(|given| !given.id) => {
                with_id(&edited.record, fields.made_up_id(), &document.id).unwrap_or(edited.record.into_owned())
            }
            Output::Lines | Output::SharedLines => edited.record.into_owned(),
            Output::File | Output::Rows { .. } | Output::Table | Output::Feed | Output::Crawl => {
                let edited_text = cleaned_text(&document.text, findings).filter(|_| edited.fate == Fate::Edited);
                record(document, edited_text.as_deref().unwrap_or(&document.text), fields).into_bytes()
            }
        };
        out.write_all(&line).and_then(|()| out.write_all(b"\n")).map_err(|e| Error::io("the cleaned documents", e))
    }

    /// Returns the counts.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn finish(self) -> Result<Cleaned> {
        self.out.map_or(Ok(()), |out| out.flush()).map_err(|e| Error::io("the cleaned documents", e))?;
        Ok(self.editor.cleaned)
    }
}

/// Returns a document as a record of JSON.
fn record(document: &Document, text: &str, fields: &Fields) -> String {
    let values = [
        (&fields.id, Some(&*document.id)),
        (&fields.source, document.source.as_deref()),
        (&fields.date, document.date.as_deref()),
        (&fields.title, document.title.as_deref()),
        (&fields.url, document.url.as_deref()),
        (&fields.text, Some(text)),
    ];
    let values = values.into_iter().filter_map(|(names, value)| Some((names.iter().next()?, value?)));
    let fields = values.map(|(key, value)| format!("{}:{}", Value::from(key), Value::from(value)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}
