//! `flong clean`: the corpus without its duplicates, and the ledger.

use std::fs;
use std::path::Path;

use flong::before::{Before, seen_before};
use flong::config::Settings;
use flong::judge::{Drop, Finding, Origin, Policy, add_seen, dropped, verdicts};
use flong::pipeline::{Loaded, Scanned};
use flong::write::{Cleaned, Cleaner, OutDir};
use flong::{Document, Error, Result};

use super::find::{SUMMARY, write_found, write_summary};
use super::index::{open_to_ask, update};
use super::{Begun, begin, outcome, rank_inputs};
use crate::Outcome;
use crate::args::{CleanArgs, OutputArgs};
use crate::config::settings_of;
use crate::say::{self, STRONG, counted};
use crate::summary::{Summary, print_cleaned};

/// Runs the command.
pub fn clean(args: &CleanArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = settings_of(&args.config, &args.input.inputs, args.given())?;
    let mut params = settings.params()?;
    let index = args.index.as_ref().map(|file| open_to_ask(file, args.update, &params, output)).transpose()?;
    let mut out = OutDir::create(&args.out, args.force)?;
    flong::write::refuse_inputs(&args.out, args.index.iter())?;
    let begun = begin(&args.input, &args.against, &settings, Some(&args.out), args.input.options(true), output)?;
    let Begun { mut scanned, mut watch, progress, own } = begun;
    let loaded = &scanned.loaded;
    params.drop.resolve(loaded.inputs[..own].iter().map(|input| input.name.as_str()));
    let new = loaded.documents.partition_point(|document| (document.place.input as usize) < own);
    tell_if_unnamed(&params.drop, &loaded.documents[..new], output);
    if !args.against.is_empty() {
        params.drop = Drop::From(Origin::inputs("the new inputs", 0..own as u32));
    }
    rank_inputs(&mut params, loaded);
    let found = scanned.find(&params, &mut watch).inspect_err(|_| progress.done())?;
    watch.stage("judge");
    let loaded = &scanned.loaded;
    let policy = Policy { mark_only: args.mark, ..settings.policy(Policy::cleaning(&params)) };
    let mut findings = verdicts(&found.evidence(&loaded.documents), &policy);
    findings.retain(|finding| finding.document < new);
    // An index is asked about texts.
    let mut texts = Vec::new();
    let seen = match &index {
        Some(index) => {
            watch.stage("index");
            texts = scanned.documents()?;
            texts.truncate(new);
            seen_before(&index.reader()?, &texts, loaded.documents.len(), &params)?
        }
        None => Before::default(),
    };
    add_seen(&mut findings, seen.findings, &policy);
    let drops_all = new > 0 && dropped(&findings).len() == new;
    if drops_all && !args.allow_empty {
        refuse_to_empty(&out, new).inspect_err(|_| progress.done())?;
    }
    let ids = loaded.documents[new..].iter().map(|document| &*document.id);
    let outside: Vec<&str> = ids.chain(seen.items.iter().map(|item| &*item.id)).collect();
    watch.stage("write");
    let cleaned = write_cleaned(&mut out, &scanned, own, &settings, &findings, &outside, new)?;
    write_found(&mut out, loaded, &found)?;
    let summary = Summary::new(loaded, &found, &params, settings.fields(), watch.finish()).cleaned(cleaned);
    write_summary(&mut out, &summary)?;
    progress.done();
    say::problems(&loaded.problems, output);
    out.commit()?;
    if args.update
        && let Some(index) = index
    {
        update(&index, &kept(&texts, &findings), &params)?;
    }
    if drops_all && !output.quiet {
        let all = counted(new as u64, "document");
        say::tell(format_args!(
            "{STRONG}note:{STRONG:#} no document is kept: all of {all} repeat others; the ledger lists them"
        ));
    }
    if !output.quiet {
        print_cleaned(&summary, &args.out, output.verbose)?;
    }
    let outcome = outcome(loaded);
    // The operating system frees memory faster than dropping it piece by piece.
    std::mem::forget((std::mem::take(&mut scanned.loaded), found, findings));
    Ok(outcome)
}

/// Reads the records again and writes what stays of them. The documents of the run are the first `new`; `outside` are the ids
/// of those that findings name by indices after them.
fn write_cleaned(
    out: &mut OutDir,
    scanned: &Scanned,
    own: usize,
    settings: &Settings,
    findings: &[Finding],
    outside: &[&str],
    new: usize,
) -> Result<Cleaned> {
    let Loaded { inputs, layouts, documents, .. } = &scanned.loaded;
    let name = |index: usize| match documents[..new].get(index) {
        Some(document) => &*document.id,
        None => outside[index - new],
    };
    let (own_inputs, fields) = (&inputs[..own], settings.fields());
    let mut cleaner = Cleaner::create(out, own_inputs, &layouts[..own.min(layouts.len())], &fields)?;
    let mut findings = findings;
    scanned.records(own, |first, input, parsed| {
        let others = parsed.others.runs().map(|run| (input, run));
        cleaner.records(first, &parsed.documents, others, &mut findings, name)
    })?;
    cleaner.finish()
}

/// Refuses to replace a cleaned corpus that has documents by one that has none.
fn refuse_to_empty(out: &OutDir, documents: usize) -> Result<()> {
    let held = match documents_in(out.target()) {
        Some(0) => return Ok(()),
        Some(held) => counted(held, "document"),
        None => "files".into(),
    };
    Err(Error::Usage(format!(
        "{}: holds {held}, and this run would leave none of {}: all repeat others. Nothing was replaced. To see what they \
         repeat, write to another --out; to replace the folder all the same, add --allow-empty",
        out.target().display(),
        counted(documents as u64, "document")
    )))
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

/// Returns the documents that are kept, without their records.
fn kept(documents: &[Document], findings: &[Finding]) -> Vec<Document> {
    let gone = dropped(findings);
    let kept = documents.iter().enumerate().filter(|(i, _)| !gone.contains(i));
    kept.map(|(_, document)| Document { record: None, ..document.clone() }).collect()
}

/// Prints a note if no document comes from the origin that `--drop` names: the name is likely mistyped.
fn tell_if_unnamed(drop: &Drop, documents: &[Document], output: &OutputArgs) {
    let unnamed = matches!(drop, Drop::From(_)) && !documents.iter().any(|document| drop.names(document));
    if unnamed && !output.quiet {
        say::tell(format_args!(
            "{STRONG}note:{STRONG:#} --drop {drop}: no document is of a source or an input of that name; none is dropped"
        ));
    }
}
