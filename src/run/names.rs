//! Names that options give and nothing has: errors, rather than runs that quietly do something else.

use std::collections::BTreeSet;

use super::Progress;
use crate::config::{FieldNames, Settings};
use crate::judge::{Drop, Keep};
use crate::nearest::did_you_mean;
use crate::pipeline::Loaded;
use crate::read::{Input, field_names};
use crate::{Document, Error, Given, Result};

/// Refuses names of fields that no record has, and of sources that no document is of. Names that only some records lack are
/// noted with their number. `inputs` are those that can be read again; that is only done for an error.
///
/// # Errors
/// The first name that nothing has, with the one that was likely meant.
pub fn check_names(settings: &Settings, loaded: &Loaded, inputs: &[Input], progress: &dyn Progress) -> Result<()> {
    check_text(settings, loaded, inputs)?;
    let config = settings.config();
    let keep = config.keep.as_ref();
    let rank =
        keep.and_then(|keep| if let Keep::Field(name) = keep { Some(FieldNames::One(name.clone())) } else { None });
    type Has = fn(&Given) -> bool;
    let fields: [(&str, &Option<FieldNames>, Has); 6] = [
        ("--id-field ", &config.id_field, |given| given.id),
        ("--source-field ", &config.source_field, |given| given.source),
        ("--date-field ", &config.date_field, |given| given.date),
        ("--title-field ", &config.title_field, |given| given.title),
        ("--url-field ", &config.url_field, |given| given.url),
        ("--keep field:", &rank, |given| given.rank),
    ];
    let records: Vec<&Given> = loaded.documents.iter().filter_map(|document| document.given.as_ref()).collect();
    for (option, names, has) in fields {
        let Some(names) = names.as_ref().filter(|_| !records.is_empty()) else { continue };
        let name = shown(names);
        match records.iter().filter(|given| !has(given)).count() {
            0 => {}
            lacking if lacking == records.len() => return Err(no_field(option, &name, lacking, inputs)),
            lacking => {
                progress.note(&format!("{option}{name}: {lacking} of {} have no such field", counted(records.len())))
            }
        }
    }
    match keep {
        Some(Keep::Source(wanted)) => check_sources(wanted, &loaded.documents, progress),
        _ => Ok(()),
    }
}

/// Refuses the name of a field for the text if no record has such a field with a text.
fn check_text(settings: &Settings, loaded: &Loaded, inputs: &[Input]) -> Result<()> {
    let Some(names) = &settings.config().text_field else { return Ok(()) };
    let skipped = loaded.problems.iter().filter(|problem| problem.skipped).map(|problem| problem.records).sum::<u64>();
    if loaded.documents.is_empty() && skipped > 0 && loaded.inputs.iter().all(|input| input.format.has_fields()) {
        return Err(no_field("--text-field ", &shown(names), skipped as usize, inputs));
    }
    Ok(())
}

fn no_field(option: &str, name: &str, records: usize, inputs: &[Input]) -> Error {
    const MOST_SHOWN: usize = 30;
    let mut names: Vec<String> = Vec::new();
    for name in inputs.iter().flat_map(field_names) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let meant = did_you_mean(name, names.iter().map(String::as_str));
    let end = if meant.is_empty() { "." } else { "" };
    let there = match names.len() {
        0 => String::new(),
        1..=MOST_SHOWN => format!("{end} The fields are {}", names.join(", ")),
        _ => format!("{end} The fields are {}, …", names[..MOST_SHOWN].join(", ")),
    };
    Error::Usage(format!("{option}{name}: none of {} has a value in such a field{meant}{there}", counted(records)))
}

/// Refuses a list of sources of which no document is; notes those that are missing from it otherwise.
fn check_sources(wanted: &[String], documents: &[Document], progress: &dyn Progress) -> Result<()> {
    let sources: BTreeSet<&str> = documents.iter().filter_map(|document| document.source.as_deref()).collect();
    let missing: Vec<&String> = wanted.iter().filter(|name| !sources.contains(name.as_str())).collect();
    let told = |name: &str| {
        format!("--keep source:{name}: no document is of this source{}", did_you_mean(name, sources.iter().copied()))
    };
    if missing.len() == wanted.len() && !documents.is_empty() {
        return Err(Error::Usage(wanted.first().map_or(String::new(), |name| told(name))));
    }
    missing.into_iter().for_each(|name| progress.note(&told(name)));
    Ok(())
}

/// Refuses an origin that no document is from. `drop` must be [resolved](Drop::resolve).
pub(super) fn check_origin(drop: &Drop, documents: &[Document], inputs: &[&str]) -> Result<()> {
    let Drop::From(_) = drop else { return Ok(()) };
    if documents.is_empty() || documents.iter().any(|document| drop.names(document)) {
        return Ok(());
    }
    let sources: BTreeSet<&str> = documents.iter().filter_map(|document| document.source.as_deref()).collect();
    let shown = drop.to_string();
    let name = shown.strip_prefix("from:").unwrap_or(&shown);
    let meant = did_you_mean(name, sources.into_iter().chain(inputs.iter().copied()));
    Err(Error::Usage(format!("--drop {drop}: no document is of a source or an input of that name{meant}")))
}

fn shown(names: &FieldNames) -> String {
    names.names().iter().collect::<Vec<_>>().join(", ")
}

fn counted(records: usize) -> String {
    if records == 1 { "1 record".into() } else { format!("{records} records") }
}
