//! `flong clean`: the corpus without its duplicates, and the ledger.

use ahash::AHashSet;
use flong::index::{self, Index};
use flong::judge::{Action, Drop, Evidence, Finding, Origin, boilerplate, duplicates, stuffing};
use flong::pipeline::{Loaded, add, commit, find_timed};
use flong::write::{Corpus, OutDir};
use flong::{Document, Params, Result};

use super::before::{Before, seen_before};
use super::find::{write_found, write_summary};
use super::{Start, inputs, load_found, outcome, rank_inputs, refuse_skips, start};
use crate::Outcome;
use crate::args::{CleanArgs, OutputArgs};
use crate::config::Settings;
use crate::say::{self, STRONG};
use crate::summary::{Summary, print_cleaned};

/// Runs the command.
pub fn clean(args: &CleanArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = Settings::of(&args.config, &args.input.inputs, args.given())?;
    let mut params = settings.params();
    let index = open_index(args, &params, output)?;
    let mut out = OutDir::create(&args.out, args.force)?;
    let Start { mut loaded, mut watch, progress } = start(&args.input, &settings, Some(&args.out), true, output)?;
    params.drop.resolve(loaded.inputs.iter().map(|input| input.name.as_str()));
    tell_if_unnamed(&params.drop, &loaded.documents, output);
    let new = loaded.documents.len();
    flong::write::refuse_inputs(&args.out, args.index.iter())?;
    if !args.against.is_empty() {
        params.drop = Drop::From(Origin::inputs("the new inputs", 0..loaded.inputs.len() as u32));
        read_against(args, &settings, &mut loaded)?;
    }
    rank_inputs(&mut params, &loaded);
    let found = find_timed(&loaded.documents, &params, &mut watch);
    watch.stage("judge");
    let mut findings = judge(&loaded.documents, &found, &params, &settings, args.mark);
    findings.retain(|finding| finding.document < new);
    let seen = match &index {
        Some(index) => {
            watch.stage("index");
            seen_before(&index.reader()?, &loaded.documents[..new], loaded.documents.len(), &params)?
        }
        None => Before::default(),
    };
    let findings = with_seen(findings, seen.findings, &settings, args.mark);
    let ids = loaded.documents[new..].iter().map(|document| &*document.id);
    let outside: Vec<&str> = ids.chain(seen.items.iter().map(|item| &*item.id)).collect();
    watch.stage("write");
    let cleaned = flong::write::clean(
        &mut out,
        &Corpus {
            fields: &settings.fields(),
            inputs: &loaded.inputs,
            layouts: &loaded.layouts,
            documents: &loaded.documents[..new],
            others: &loaded.others,
            findings: &findings,
            outside: &outside,
        },
    )?;
    write_found(&mut out, &loaded, &found)?;
    let summary = Summary::new(&loaded, &found, &params, watch.finish()).cleaned(cleaned);
    write_summary(&mut out, &summary)?;
    progress.done();
    say::problems(&loaded.problems, output);
    out.commit()?;
    if args.update
        && let Some(index) = index
    {
        update(index, &loaded.documents[..new], &findings, &params)?;
    }
    if !output.quiet {
        print_cleaned(&summary, &args.out, output.verbose)?;
    }
    let outcome = outcome(&loaded);
    // What is left is memory, which the system takes back faster than piece by piece.
    std::mem::forget((loaded, found, findings));
    Ok(outcome)
}

fn judge(
    documents: &[Document],
    found: &flong::Found,
    params: &Params,
    settings: &Settings,
    mark: bool,
) -> Vec<Finding> {
    let evidence = Evidence { documents, units: &found.units, matches: &found.matches, clusters: &found.clusters };
    let mut findings = duplicates(&evidence, params);
    findings.extend(boilerplate(&found.asides));
    findings.extend(stuffing(documents, &found.stuffed));
    follow(&mut findings, settings, mark);
    // Of a document that goes as a whole, its pieces need not be told.
    let dropped = dropped(&findings);
    findings.retain(|finding| finding.whole || !dropped.contains(&finding.document));
    findings
}

/// Leaves the findings of rules that are followed, only marked if nothing is to be removed; in order.
fn follow(findings: &mut Vec<Finding>, settings: &Settings, mark: bool) {
    findings.retain(|finding| settings.wanted(finding.rule));
    if mark {
        findings.iter_mut().for_each(|finding| finding.action = Action::Marked);
    }
    sort(findings);
}

/// By document, place and rule.
fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.document, finding.span, finding.rule));
}

/// The documents that go as a whole.
fn dropped(findings: &[Finding]) -> AHashSet<usize> {
    let whole = findings.iter().filter(|finding| finding.whole && finding.action == Action::Removed);
    whole.map(|finding| finding.document).collect()
}

/// Opens the index, if there is one to ask.
fn open_index(args: &CleanArgs, params: &Params, output: &OutputArgs) -> Result<Option<Index>> {
    let Some(file) = &args.index else { return Ok(None) };
    if !args.update {
        return super::index::open(file, params, output).map(Some);
    }
    // An index that is there says itself whether it keeps texts.
    let text = !file.exists() || Index::open(file)?.settings().text;
    Index::write(file, &index::Settings::of(params, text)).map(Some)
}

/// Reads what the documents are held against. Its inputs follow those of the run.
fn read_against(args: &CleanArgs, settings: &Settings, loaded: &mut Loaded) -> Result<()> {
    let found = inputs(&args.against, &args.input, settings)?;
    let options = args.input.options(false);
    let old = load_found(found, settings, &options, &|_| ());
    refuse_skips(&old.problems, &options)?;
    flong::write::refuse_inputs(&args.out, old.inputs.iter().filter_map(|input| input.path.as_ref()))?;
    let first = loaded.inputs.len() as u32;
    loaded.problems.extend(old.problems);
    loaded.documents.extend(old.documents.into_iter().map(|mut document| {
        document.place.input += first;
        document
    }));
    Ok(())
}

/// The findings with those of the index among them. Of a document that goes as a whole, one verdict is enough.
fn with_seen(mut findings: Vec<Finding>, mut seen: Vec<Finding>, settings: &Settings, mark: bool) -> Vec<Finding> {
    follow(&mut seen, settings, mark);
    let (by_index, by_run) = (dropped(&seen), dropped(&findings));
    findings.retain(|finding| !by_index.contains(&finding.document));
    seen.retain(|finding| finding.action == Action::Removed || !by_run.contains(&finding.document));
    findings.append(&mut seen);
    sort(&mut findings);
    findings
}

/// Adds what was kept to the index.
fn update(index: Index, documents: &[Document], findings: &[Finding], params: &Params) -> Result<()> {
    let gone = dropped(findings);
    let kept = documents.iter().enumerate().filter(|(i, _)| !gone.contains(i));
    let kept: Vec<Document> = kept.map(|(_, document)| Document { record: None, ..document.clone() }).collect();
    let mut addition = index.addition()?;
    add(&mut addition, &kept, super::index::today())?;
    commit(addition, params).map(drop)
}

/// A name that nothing has is more likely mistyped than meant.
fn tell_if_unnamed(drop: &Drop, documents: &[Document], output: &OutputArgs) {
    let unnamed = matches!(drop, Drop::From(_)) && !documents.iter().any(|document| drop.names(document));
    if unnamed && !output.quiet {
        say::tell(format_args!(
            "{STRONG}note:{STRONG:#} --drop {drop}: no document is of a source or an input of that name; none is dropped"
        ));
    }
}
