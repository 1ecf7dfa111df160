//! `flong clean`: the corpus without its duplicates, and the ledger.

use ahash::AHashSet;
use flong::judge::{Action, Drop, Evidence, Finding, boilerplate, duplicates, stuffing};
use flong::pipeline::find_timed;
use flong::write::{Corpus, OutDir};
use flong::{Document, Params, Result};

use super::find::{write_found, write_summary};
use super::{Start, outcome, start};
use crate::Outcome;
use crate::args::{CleanArgs, OutputArgs};
use crate::config::Settings;
use crate::say::{self, STRONG};
use crate::summary::{Summary, print_cleaned};

/// Runs the command.
pub fn clean(args: &CleanArgs, output: &OutputArgs) -> Result<Outcome> {
    let settings = Settings::of(&args.config, &args.input.inputs, args.given())?;
    let mut params = settings.params();
    let mut out = OutDir::create(&args.out, args.force)?;
    let Start { loaded, mut watch, progress } = start(&args.input, &settings, Some(&args.out), true, output)?;
    params.drop.resolve(loaded.inputs.iter().map(|input| input.name.as_str()));
    tell_if_unnamed(&params.drop, &loaded.documents, output);
    let found = find_timed(&loaded.documents, &params, &mut watch);
    watch.stage("judge");
    let findings = judge(&loaded.documents, &found, &params, &settings, args.mark);
    watch.stage("write");
    let cleaned = flong::write::clean(
        &mut out,
        &Corpus {
            fields: &settings.fields(),
            inputs: &loaded.inputs,
            layouts: &loaded.layouts,
            documents: &loaded.documents,
            others: &loaded.others,
            findings: &findings,
        },
    )?;
    write_found(&mut out, &loaded, &found)?;
    let summary = Summary::new(&loaded, &found, &params, watch.finish()).cleaned(cleaned);
    write_summary(&mut out, &summary)?;
    progress.done();
    say::problems(&loaded.problems, output);
    out.commit()?;
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
    findings.retain(|finding| settings.wanted(finding.rule));
    if mark {
        findings.iter_mut().for_each(|finding| finding.action = Action::Marked);
    }
    findings.sort_by_key(|finding| (finding.document, finding.span, finding.rule));
    // Of a document that goes as a whole, its pieces need not be told.
    let gone = |finding: &Finding| finding.whole && finding.action == Action::Removed;
    let dropped: AHashSet<usize> =
        findings.iter().filter(|finding| gone(finding)).map(|finding| finding.document).collect();
    findings.retain(|finding| finding.whole || !dropped.contains(&finding.document));
    findings
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
