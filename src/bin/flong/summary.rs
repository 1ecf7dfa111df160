//! The summary of a run, for people.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use flong::check::short;
use flong::cluster::Cluster;
use flong::judge::Rule;
use flong::pipeline::Found;
use flong::run::{FindRun, SeenLine, Summary, Wholes, repeats};
use flong::verify::{Kind, Match};
use flong::{Document, Error, Grain, Result, Unit};

use crate::diff::{body, diff};
use crate::say::{self, FAINT, Lines, STRONG, bytes, count, counted, place};
use crate::wrap;

/// Most matches that are all shown.
const FEW: usize = 24;
/// Examples of each kind that are shown if there are more matches.
const EXAMPLES: usize = 2;
/// Number of the largest clusters that are shown.
const LARGEST: usize = 5;
/// Most characters of a text or a difference that are shown.
const WIDTH: usize = 400;

/// Returns the indices of the documents whose texts [`print`] shows.
pub fn shown(found: &Found) -> Vec<usize> {
    let wholes = Wholes::of(found);
    let mut documents = Vec::new();
    for grain in [Grain::Document, Grain::Paragraph, Grain::Sentence] {
        let tells = |tie: &Match| !wholes.imply(tie, found);
        let representatives =
            largest(grain, found, tells).into_iter().take(LARGEST).map(|(_, cluster)| cluster.representative);
        let matches = told(grain, found, tells).0;
        let pairs = shown_of(matches).into_iter().flat_map(|tie| [tie.a, tie.b]);
        documents.extend(representatives.chain(pairs).map(|unit| found.unit(unit).document.index()));
    }
    documents.sort_unstable();
    documents.dedup();
    documents
}

/// The documents of a run that are shown, by their indices.
type Texts = BTreeMap<usize, Document>;

/// Prints what was found, for people. `documents` are those that are [`shown`].
pub fn print(run: &FindRun, documents: &Texts) -> Result<()> {
    let FindRun { found, seen, summary, .. } = run;
    say::print(|out| {
        let skipped = summary.skipped;
        let without = if skipped > 0 { format!(", {} skipped", counted(skipped, "record")) } else { String::new() };
        let number = counted(found.counts.documents, "document");
        writeln!(out, "{number}, {} of text{without}", bytes(found.counts.bytes))?;
        print_agencies(out, &summary.agencies)?;
        if let Some(seen) = seen {
            print_seen(out, seen)?;
        }
        let wholes = Wholes::of(found);
        for grain in [Grain::Document, Grain::Paragraph, Grain::Sentence] {
            let units = found.units.iter().filter(|unit| unit.grain == grain).count() as u64;
            if units > 0 {
                print_grain(out, grain, units, documents, found, &wholes)?;
            }
        }
        Ok(())
    })
}

/// Most news agencies that are named.
const NAMED: usize = 8;

/// Returns the agencies that most documents credit.
fn print_agencies(out: &mut Lines, agencies: &BTreeMap<&str, u64>) -> io::Result<()> {
    if agencies.is_empty() {
        return Ok(());
    }
    let mut most: Vec<(&str, u64)> = agencies.iter().map(|(&name, &n)| (name, n)).collect();
    most.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    let named: Vec<String> = most.iter().take(NAMED).map(|(name, n)| format!("{name} {}", count(*n))).collect();
    let more = if most.len() > NAMED { format!(" and {} more", most.len() - NAMED) } else { String::new() };
    writeln!(out, "agencies credited: {}{more}", named.join(", "))
}

/// Prints which documents the index has seen before.
fn print_seen(out: &mut Lines, seen: &[SeenLine]) -> io::Result<()> {
    writeln!(out)?;
    writeln!(out, "{STRONG}{} seen before{STRONG:#}", counted(seen.len() as u64, "document"))?;
    for SeenLine { document, rule, reason, .. } in seen.iter().take(FEW) {
        writeln!(out, "  {document}  {} {}: {reason}", rule.code(), rule.title())?;
    }
    match seen.len().checked_sub(FEW) {
        None | Some(0) => Ok(()),
        Some(more) => {
            writeln!(out, "  {FAINT}… and {} more (--out writes all to seen.jsonl){FAINT:#}", count(more as u64))
        }
    }
}

/// Prints what repeats at one grain. Matches of pieces that follow from a match of their documents are left out.
fn print_grain(
    out: &mut Lines,
    grain: Grain,
    units: u64,
    documents: &Texts,
    found: &Found,
    wholes: &Wholes,
) -> io::Result<()> {
    let tells = |tie: &Match| !wholes.imply(tie, found);
    let (matches, implied) = told(grain, found, tells);
    let repeats = repeats(found, grain, tells);
    let copies = repeats.iter().filter(|(kind, _)| **kind != Kind::Template).map(|(_, n)| n).sum();
    writeln!(out)?;
    writeln!(out, "{STRONG}{}, {} of them repeating others{STRONG:#}", counted(units, grain.name()), count(copies))?;
    for kind in [Kind::Exact, Kind::Near, Kind::Excerpt, Kind::Reworded, Kind::Template] {
        let pairs = matches.iter().filter(|tie| tie.verified.kind == kind).count() as u64;
        if pairs > 0 {
            let repeating = counted(repeats.get(&kind).copied().unwrap_or_default(), grain.name());
            let note = if kind == Kind::Template { "  (same frame, other facts: no duplicates)" } else { "" };
            writeln!(out, "  {:<9}{repeating:>20}{:>16}{note}", kind.name(), counted(pairs, "pair"))?;
        }
    }
    if !implied.is_empty() {
        let pairs = counted(implied.len() as u64, "pair");
        writeln!(out, "  {FAINT}not counting {pairs} in documents that match as a whole{FAINT:#}")?;
    }
    print_clusters(out, grain, documents, found, tells)?;
    shown_of(matches).into_iter().try_for_each(|tie| print_match(out, tie, documents, found))
}

/// Returns the matches of a grain that are printed, and those that follow from others.
fn told(grain: Grain, found: &Found, tells: impl Fn(&Match) -> bool) -> (Vec<&Match>, Vec<&Match>) {
    let of_grain = found.matches.iter().filter(|tie| found.unit(tie.a).grain == grain);
    of_grain.partition(|tie| tells(tie))
}

/// Returns the matches that are shown in full.
fn shown_of(matches: Vec<&Match>) -> Vec<&Match> {
    if matches.len() <= FEW { matches } else { examples(&matches) }
}

fn print_clusters(
    out: &mut Lines,
    grain: Grain,
    documents: &Texts,
    found: &Found,
    tells: impl Fn(&Match) -> bool,
) -> io::Result<()> {
    let clusters = largest(grain, found, tells);
    if clusters.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {}; the largest:", counted(clusters.len() as u64, "cluster"))?;
    for (size, cluster) in clusters.iter().take(LARGEST) {
        let unit = found.unit(cluster.representative);
        let document = &documents[&unit.document.index()];
        let title = document.title.as_deref().filter(|_| grain == Grain::Document);
        let text = short(title.unwrap_or(unit.span.of(&document.text)), 70);
        writeln!(out, "  {:>6} x  {}  {text}", count(*size as u64), place(unit, document))?;
    }
    Ok(())
}

/// Returns the clusters of a grain with their sizes, the largest first; none if all are pairs.
fn largest(grain: Grain, found: &Found, tells: impl Fn(&Match) -> bool) -> Vec<(usize, &Cluster)> {
    let size = |cluster: &Cluster| 1 + cluster.members.iter().filter(|m| tells(&found.matches[m.1 as usize])).count();
    let of_grain = found.clusters.iter().filter(|cluster| cluster.grain == grain && cluster.kind != Kind::Template);
    let sized = of_grain.map(|cluster| (size(cluster), cluster));
    let mut clusters: Vec<(usize, &Cluster)> = sized.filter(|(size, _)| *size > 1).collect();
    if clusters.iter().all(|(size, _)| *size == 2) {
        return Vec::new();
    }
    clusters.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    clusters
}

/// Returns a few matches of each kind, spread over all.
fn examples<'m>(matches: &[&'m Match]) -> Vec<&'m Match> {
    let mut shown = Vec::new();
    for kind in [Kind::Near, Kind::Excerpt, Kind::Reworded, Kind::Template] {
        let of_kind: Vec<&&Match> = matches.iter().filter(|found| found.verified.kind == kind).collect();
        let step = (of_kind.len() / (EXAMPLES + 1)).max(1);
        shown.extend(of_kind.iter().skip(step / 2).step_by(step).take(EXAMPLES).map(|found| **found));
    }
    shown
}

fn print_match(out: &mut Lines, tie: &Match, documents: &Texts, found: &Found) -> io::Result<()> {
    let units = [found.unit(tie.a), found.unit(tie.b)];
    let document = |unit: &Unit| &documents[&unit.document.index()];
    let [from, to] = units.map(|unit| place(unit, document(unit)));
    let verified = &tie.verified;
    writeln!(out)?;
    writeln!(out, "  {STRONG}{}{STRONG:#} {:.2}  {from}  {to}", verified.kind.name(), verified.score)?;
    if verified.kind != Kind::Exact && units[0].grain == Grain::Document {
        for title in units.iter().filter_map(|unit| document(unit).title.as_deref()) {
            writeln!(out, "    {FAINT}{}{FAINT:#}", short(title, say::width() - INDENT.len()))?;
        }
    }
    let [a, b] = units.map(|unit| body(&document(unit).text, unit.span, &found.asides[unit.document.index()]));
    let shown = match verified.kind {
        Kind::Exact => short(&a, WIDTH / 2),
        _ => diff(&a, &b, say::is_coloured()),
    };
    print_wrapped(out, &shown)
}

/// Spaces before a text below its heading.
const INDENT: &str = "    ";

/// Prints a text below its heading, in lines that end at words.
pub fn print_wrapped(out: &mut Lines, text: &str) -> io::Result<()> {
    wrap::lines(text, say::width() - INDENT.len()).iter().try_for_each(|line| writeln!(out, "{INDENT}{line}"))
}

/// Prints what a clean run did, on standard output. `dir` is the folder that was written, if one was.
pub fn print_cleaned(summary: &Summary, dir: Option<&Path>) -> Result<()> {
    say::print(|out| {
        write_cleaned(out, summary, dir)?;
        if dir.is_none() { writeln!(out, "nothing is written: this was a dry run") } else { Ok(()) }
    })
}

/// Prints the same on standard error, where the documents are on standard output.
pub fn tell_cleaned(summary: &Summary, _: Option<&Path>) -> Result<()> {
    let mut text = Vec::new();
    let written = write_cleaned(&mut Lines::new(&mut text), summary, None);
    written.map_err(|error| Error::io("standard error", error))?;
    say::error(&text);
    Ok(())
}

fn write_cleaned(out: &mut Lines, summary: &Summary, dir: Option<&Path>) -> io::Result<()> {
    let Some(cleaned) = &summary.cleaned else { return Ok(()) };
    let total = cleaned.kept + cleaned.edited + cleaned.dropped;
    let kept = format!("{} in, {} out", counted(total, "document"), count(total - cleaned.dropped));
    let emptied =
        if cleaned.emptied > 0 { format!(", {} with nothing left", count(cleaned.emptied)) } else { String::new() };
    writeln!(
        out,
        "{kept}: {} dropped, {} with pieces removed{emptied}",
        count(cleaned.dropped),
        count(cleaned.edited)
    )?;
    for (code, actions) in &summary.rules {
        let title = Rule::ALL.iter().find(|rule| rule.code() == *code).map_or("", |rule| rule.title());
        let told: Vec<String> = actions.iter().map(|(action, n)| format!("{} {action}", count(*n))).collect();
        writeln!(out, "  {code}  {title:<34}{}", told.join(", "))?;
    }
    if let Some(dir) = dir.map(Path::display) {
        writeln!(out, "written to {dir}; `flong restore {dir} --out NEW` gives the originals back")?;
    }
    Ok(())
}
