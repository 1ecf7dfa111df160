//! Names that options give and nothing has: errors, rather than runs that quietly do something else.

use std::collections::BTreeSet;

use super::Progress;
use crate::config::{Config, FieldNames, Settings};
use crate::judge::{Drop, Keep};
use crate::nearest::did_you_mean;
use crate::pipeline::Loaded;
use crate::read::{Input, field_names};
use crate::{Documents, Error, Heads, Problem, Result};

/// Refuses names of fields that no record has, and of sources that no document is of. Names that only some records lack are
/// noted with their number. The first `own` of the inputs are the run's own: that none of them has a text is an error too.
///
/// # Errors
/// The first name that nothing has, with the one that was likely meant.
pub fn check_names(settings: &Settings, loaded: &Loaded, own: usize, progress: &dyn Progress) -> Result<()> {
    let Loaded { documents, problems, inputs, .. } = loaded;
    check_names_of(settings, documents.into(), problems, inputs, own, progress)
}

/// Does the same as [`check_names`] with documents whose texts need not be held. `inputs` are those that can be read again,
/// which is only done for an error.
pub(super) fn check_names_of(
    settings: &Settings,
    documents: Documents,
    problems: &[Problem],
    inputs: &[Input],
    own: usize,
    progress: &dyn Progress,
) -> Result<()> {
    let mut given = GivenNames::new(settings);
    if documents.is_empty() || documents.head(0).place.input as usize >= own {
        given.observe(Documents::Whole(&[]), problems);
        given.check_text(&inputs[..own.min(inputs.len())])?;
    }
    given.observe(documents, &[]);
    given.check(inputs, progress)
}

/// Options that name a field besides the text's.
const OPTIONS: [&str; 6] =
    ["--id-field ", "--source-field ", "--date-field ", "--title-field ", "--url-field ", "--keep field:"];

/// Counts which of the names that settings give are in the records that are read: for runs that hold them only in parts.
#[derive(Debug)]
pub struct GivenNames<'s> {
    settings: &'s Settings,
    documents: usize,
    /// Number of documents that are records with fields.
    records: usize,
    /// Number of records that lack what an option names.
    lacking: [usize; OPTIONS.len()],
    sources: BTreeSet<String>,
    /// Number of records that were skipped.
    skipped: u64,
    /// The message about the first of them.
    first_skipped: Option<String>,
}

impl<'s> GivenNames<'s> {
    /// Counts for the names that these settings give.
    pub fn new(settings: &'s Settings) -> Self {
        let (documents, records, lacking, sources, skipped) = (0, 0, [0; OPTIONS.len()], BTreeSet::new(), 0);
        GivenNames { settings, documents, records, lacking, sources, skipped, first_skipped: None }
    }

    /// Counts more documents and problems.
    pub fn observe<'d>(&mut self, documents: impl Into<Documents<'d>>, problems: &[Problem]) {
        let documents = documents.into();
        self.documents += documents.len();
        let mut skipped = problems.iter().filter(|problem| problem.skipped);
        self.skipped += skipped.clone().map(|problem| problem.records).sum::<u64>();
        if self.first_skipped.is_none() {
            self.first_skipped = skipped.next().map(Problem::to_string);
        }
        for given in documents.iter().filter_map(|head| head.given) {
            self.records += 1;
            let has = [given.id, given.source, given.date, given.title, given.url, given.rank];
            self.lacking.iter_mut().zip(has).for_each(|(lacking, has)| *lacking += usize::from(!has));
        }
        let sources = documents.iter().filter_map(|head| head.source);
        for source in sources.filter(|_| matches!(self.settings.config().keep, Some(Keep::Source(_)))) {
            if !self.sources.contains(source) {
                self.sources.insert(source.to_owned());
            }
        }
    }

    /// Refuses names that nothing has, and notes those that only some records lack. `inputs` are those that were read.
    ///
    /// # Errors
    /// The first name that nothing has, with the one that was likely meant.
    pub fn check(&self, inputs: &[Input], progress: &dyn Progress) -> Result<()> {
        self.check_text(inputs)?;
        let config = self.settings.config();
        let rank = match &config.keep {
            Some(Keep::Field(name)) => Some(FieldNames::One(name.clone())),
            _ => None,
        };
        let Config { id_field, source_field, date_field, title_field, url_field, .. } = config;
        let names = [id_field, source_field, date_field, title_field, url_field, &rank];
        for ((option, names), &lacking) in OPTIONS.iter().zip(names).zip(&self.lacking) {
            let Some(names) = names.as_ref().filter(|_| lacking > 0) else { continue };
            let name = shown(names);
            if lacking == self.records {
                return Err(no_field(option, &name, lacking, &names_in(inputs)));
            }
            progress.note(&format!("{option}{name}: {lacking} of {} have no such field", counted(self.records)));
        }
        match &config.keep {
            Some(Keep::Source(wanted)) => self.check_sources(wanted, progress),
            _ => Ok(()),
        }
    }

    /// Refuses inputs of records of which none has a text, if that is for the names of their fields.
    fn check_text(&self, inputs: &[Input]) -> Result<()> {
        if self.documents > 0 || self.skipped == 0 || !inputs.iter().all(|input| input.format.has_fields()) {
            return Ok(());
        }
        let (skipped, there) = (self.skipped as usize, names_in(inputs));
        if let Some(names) = &self.settings.config().text_field {
            return Err(no_field("--text-field ", &shown(names), skipped, &there));
        }
        let fields = self.settings.fields();
        // Records that cannot be read have no names, and each is reported.
        if there.is_empty() || fields.text.iter().any(|name| there.iter().any(|field| field == name)) {
            return Ok(());
        }
        // Of a single record it is said more, such as that an array in it holds the records.
        if let (1, Some(said)) = (skipped, &self.first_skipped) {
            return Err(Error::Usage(format!("{said}. Or name the field that holds the text with --text-field")));
        }
        let known = fields.text.iter().collect::<Vec<_>>().join(", ");
        Err(Error::Usage(format!(
            "no text: none of {} has a field of these names: {known}. Name the one that holds the text with --text-field. {}",
            counted(skipped),
            listed(&there)
        )))
    }

    /// Refuses a list of sources of which no document is; notes those that are missing from it otherwise.
    fn check_sources(&self, wanted: &[String], progress: &dyn Progress) -> Result<()> {
        let missing: Vec<&String> = wanted.iter().filter(|name| !self.sources.contains(name.as_str())).collect();
        let told = |name: &str| {
            let meant = did_you_mean(name, self.sources.iter().map(String::as_str));
            format!("--keep source:{name}: no document is of this source{meant}")
        };
        if missing.len() == wanted.len() && self.documents > 0 {
            return Err(Error::Usage(wanted.first().map_or(String::new(), |name| told(name))));
        }
        missing.into_iter().for_each(|name| progress.note(&told(name)));
        Ok(())
    }
}

/// Returns the names of the fields that inputs have.
fn names_in(inputs: &[Input]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in inputs.iter().flat_map(field_names) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns names of fields in words; nothing if there are none.
fn listed(names: &[String]) -> String {
    const MOST_SHOWN: usize = 30;
    match names.len() {
        0 => String::new(),
        1..=MOST_SHOWN => format!("The fields are {}", names.join(", ")),
        _ => format!("The fields are {}, …", names[..MOST_SHOWN].join(", ")),
    }
}

fn no_field(option: &str, name: &str, records: usize, there: &[String]) -> Error {
    let meant = did_you_mean(name, there.iter().map(String::as_str));
    let end = if meant.is_empty() && !there.is_empty() { "." } else { "" };
    let there = match listed(there) {
        there if there.is_empty() => there,
        there => format!("{end} {there}"),
    };
    Error::Usage(format!("{option}{name}: none of {} has a value in such a field{meant}{there}", counted(records)))
}

/// Refuses an origin that no document is from. `drop` must be [resolved](Drop::resolve).
/// `new` is the number of documents that count: the first ones.
pub(super) fn check_origin(drop: &Drop, heads: &Heads, new: usize, inputs: &[&str]) -> Result<()> {
    let Drop::From(_) = drop else { return Ok(()) };
    let documents = || Documents::from(heads).iter().take(new);
    if new == 0 || documents().any(|head| drop.names(head)) {
        return Ok(());
    }
    let sources: BTreeSet<&str> = documents().filter_map(|head| head.source).collect();
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
