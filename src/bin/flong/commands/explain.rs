//! `flong explain`: the boilerplate of a document, and why two documents match or do not match.

use std::io;

use flong::config::Config;
use flong::judge::boilerplate;
use flong::pipeline::{Loaded, Prepared, Stopwatch, prepare};
use flong::read::{Discovery, ReadOptions, discover_as};
use flong::verify::{Refusal, decide, measure, plausible, shared_mass};
use flong::{Document, Error, Grain, Params, Result, escape};

use super::{load_found, set_threads};
use crate::Outcome;
use crate::args::{ExplainArgs, OutputArgs};
use crate::config::settings_of;
use crate::diff::diff;
use crate::say::{FAINT, Lines, STRONG};

/// Runs the command.
pub fn explain(args: &ExplainArgs, output: &OutputArgs) -> Result<Outcome> {
    let inputs = std::slice::from_ref(&args.input);
    let settings = settings_of(&args.config, inputs, Config::default())?;
    set_threads(&settings)?;
    let found = discover_as(inputs, &Discovery::default())?;
    let loaded = load_found(found, &settings, &ReadOptions::default(), &|_| ());
    crate::say::problems(&loaded.problems, output);
    let params = Params { grains: vec![Grain::Document], ..settings.params()? };
    let prepared = prepare(&loaded.documents, &params, &mut Stopwatch::default());
    let first = position(&loaded, &args.document)?;
    let second = args.other.as_ref().map(|other| position(&loaded, other)).transpose()?;
    crate::say::print(|out| match second {
        Some(second) => tell_pair(out, &loaded.documents, &prepared, &params, first, second),
        None => tell_document(out, &loaded.documents[first], &prepared, first),
    })?;
    Ok(Outcome::Fine)
}

/// Returns the index of the document with an id, which may be given as flong prints it.
fn position(loaded: &Loaded, id: &str) -> Result<usize> {
    let named = |is_named: fn(&str, &str) -> bool| loaded.documents.iter().position(|d| is_named(&d.id, id));
    named(|own, id| own == id).or_else(|| named(|own, id| escape::line(own) == id)).ok_or_else(|| {
        let first = loaded.documents.first().map_or("none", |document| &document.id);
        Error::Usage(format!("there is no document `{id}` in the input; the first of its ids is {first}"))
    })
}

/// Prints the text piece by piece: body, and boilerplate with its rule, certainty and evidence.
fn tell_document(out: &mut Lines, document: &Document, prepared: &Prepared, index: usize) -> io::Result<()> {
    let text = &*document.text;
    writeln!(out, "{STRONG}{}{STRONG:#}  {}", document.id, document.title.as_deref().unwrap_or(""))?;
    if let Some(agency) = prepared.profiled.agencies[index] {
        writeln!(out, "  credits {agency}")?;
    }
    let mut asides: Vec<Vec<_>> = vec![Vec::new(); index];
    asides.push(prepared.profiled.asides[index].clone());
    let findings = boilerplate(&asides);
    let mut at = 0;
    let body = |out: &mut Lines, from: usize, to: usize| -> io::Result<()> {
        let piece = text[from..to].trim();
        if piece.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        writeln!(out, "  body")?;
        out.text("    ", piece)
    };
    for finding in &findings {
        let span = finding.span;
        body(out, at, span.start as usize)?;
        let (code, title) = (finding.rule.code(), finding.rule.title());
        let action = if finding.action == flong::judge::Action::Removed { "certain" } else { "marked" };
        let evidence = &finding.reason;
        writeln!(out)?;
        writeln!(
            out,
            "  {STRONG}{code} {title}{STRONG:#}  {action}, {:.2}  {FAINT}{evidence}{FAINT:#}",
            finding.score
        )?;
        out.text("    ", span.of(text))?;
        at = span.end as usize;
    }
    body(out, at, text.len())?;
    for stuffed in &prepared.profiled.stuffed[index] {
        let phrase = stuffed.span.of(text);
        writeln!(out)?;
        writeln!(
            out,
            "  {STRONG}FL303 keyword stuffing{STRONG:#}  “{phrase}” {} times in {} words",
            stuffed.count, stuffed.words
        )?;
    }
    Ok(())
}

/// Prints the measures of a pair, the decision, and the differences of the two texts.
fn tell_pair(
    out: &mut Lines,
    documents: &[Document],
    prepared: &Prepared,
    params: &Params,
    first: usize,
    second: usize,
) -> io::Result<()> {
    let (a, b) = (prepared.text(first as u32), prepared.text(second as u32));
    let mass = shared_mass(a.profile, b.profile);
    let measures = measure(a.profile, b.profile, mass);
    let limits = &params.thresholds;
    let looked = plausible(a.profile.mass, b.profile.mass, mass, params.level, limits);
    let decided = if looked { decide(a, b, mass, params.level, limits) } else { Err(Refusal::TooLittle) };
    match &decided {
        Ok(verified) => {
            let (kind, score, rule) = (verified.kind.name(), verified.score, verified.rule.text());
            writeln!(out, "{STRONG}{kind}{STRONG:#} {score:.2}: {rule}")?;
        }
        Err(refusal) => writeln!(out, "{STRONG}no match{STRONG:#}: {}", refusal.text())?,
    }
    let body = |text: &flong::verify::Text| {
        format!("{} body words, {:.1} rare words' weight", text.words.len(), text.profile.mass)
    };
    writeln!(out, "  {:<22}{}", documents[first].id, body(&a))?;
    writeln!(out, "  {:<22}{}", documents[second].id, body(&b))?;
    writeln!(out)?;
    writeln!(out, "  {:<22}{:>10}{:>12}{:>12}", "", "measured", "for a copy", "reworded")?;
    let least_shingles = limits.copy_least_shingles as f32;
    let mut rows = vec![
        ("weighted containment", measures.weighted_containment, limits.copy_weight, limits.reworded_weight),
        ("containment", measures.containment, limits.copy_shingles, f32::NAN),
        ("weighted jaccard", measures.weighted_jaccard, f32::NAN, limits.statement_weight),
        ("jaccard", measures.jaccard, f32::NAN, f32::NAN),
        ("shared weight", measures.shared_mass, limits.copy_mass, limits.copy_mass),
        ("shared shingles", measures.shared_shingles as f32, least_shingles, least_shingles),
    ];
    if let Ok(verified) = &decided {
        let evidence = &verified.evidence;
        rows.extend([
            ("unexplained, at most", evidence.unexplained as f32, limits.copy_unexplained as f32, f32::NAN),
            ("in clauses", evidence.clauses, f32::NAN, limits.reworded_clauses),
            ("titles agree", evidence.titles, f32::NAN, f32::NAN),
            ("evidence in all", evidence.total, limits.copy_evidence, limits.reworded_evidence),
        ]);
    }
    for (name, measured, copy, reworded) in rows {
        let threshold = |limit: f32| if limit.is_nan() { "-".to_string() } else { format!("{limit:.2}") };
        writeln!(out, "  {name:<22}{measured:>10.2}{:>12}{:>12}", threshold(copy), threshold(reworded))?;
    }
    if let Ok(verified) = &decided {
        let (facts, names) = (verified.facts, verified.names);
        writeln!(out, "  {:<22}{} kept, {} changed", "numbers and dates", facts.kept, facts.changed)?;
        let changed = names.changed + names.replaced;
        writeln!(out, "  {:<22}{} kept, {changed} changed", "names", names.kept)?;
        if names.titled || names.titled_far {
            writeln!(out, "  {:<22}in the titles and in the texts alike", "changed")?;
        }
    }
    writeln!(out)?;
    writeln!(out, "  {}", diff(&documents[first].text, &documents[second].text, crate::say::is_coloured()))
}
