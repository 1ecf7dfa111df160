//! Runs through the library: read, find, judge, tell, clean, restore.

use std::path::{Path, PathBuf};

use flong::check::{Baseline, Format, Reading, Report, Severity, issues, write_report};
use flong::judge::{Finding, Policy, items, ranks, verdicts};
use flong::pipeline::{Loaded, load};
use flong::read::{Fields, Input, OtherRun, ReadOptions, discover};
use flong::write::{Corpus, OutDir, clean, restore};
use flong::{Document, Found, Grain, Params, find};

use super::back::{Original, compare, damaged_output};
use super::kept::{baseline, index};
use super::kind::Kind;
use super::random::Random;
use crate::tables::{Fate, complaints, findings};

/// What a run shows that should not be: in words.
pub type Failure = String;

/// Runs files in this folder, of which the first is of this kind, through the library.
pub fn run(random: &mut Random, kind: Kind, paths: &[PathBuf], folder: &Path) -> Result<(), Failure> {
    match kind {
        Kind::Index => index(random, &paths[0]),
        Kind::Baseline => baseline(&paths[0]),
        // Only the command line reads settings.
        Kind::Settings => Ok(()),
        _ => inputs(random, paths, folder),
    }
}

/// Reads with options that bring out what depends on where blocks end.
fn options(random: &mut Random) -> ReadOptions {
    ReadOptions {
        block_bytes: if random.one_in(2) { 4 << 20 } else { random.size(5000) },
        max_record: if random.one_in(8) { 1 + random.size(5000) } else { 1 << 20 },
        max_unpacked: Some(if random.one_in(8) { random.size(20_000) as u64 } else { 64 << 20 }),
        max_depth: 256,
        keep_records: true,
        ..ReadOptions::default()
    }
}

fn inputs(random: &mut Random, paths: &[PathBuf], folder: &Path) -> Result<(), Failure> {
    let names: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    // What cannot be opened is an error in words.
    let Ok(inputs) = discover(&names) else { return Ok(()) };
    let options = options(random);
    cycle(random, inputs, options, folder).map_err(|e| format!("{e}, with {options:?}"))
}

/// Reads, finds, cleans and restores.
fn cycle(random: &mut Random, inputs: Vec<Input>, options: ReadOptions, folder: &Path) -> Result<(), Failure> {
    let fields = Fields::default();
    let loaded = load(inputs.clone(), &fields, &options, &|_| ());
    if random.one_in(3) {
        let again = load(inputs, &fields, &ReadOptions { block_bytes: 1 + random.size(200), ..options }, &|_| ());
        same_whatever_the_blocks(&loaded, &again)?;
    }
    if loaded.inputs.is_empty() {
        return Ok(());
    }
    let params = params(random);
    let found = find(&loaded.documents, &params);
    let judged = judge(&loaded.documents, &found, &params);
    if random.one_in(3) {
        tell(&loaded, &judged)?;
    }
    let findings = if random.one_in(2) { judged } else { at_random(random, &loaded.documents) };
    let (out, back) = (folder.join("out"), folder.join("back"));
    write(&loaded, &findings, &out)?;
    let told = restore(&out, &back, true).map_err(|e| format!("clean accepts what restore refuses: {e}"))?;
    let originals: Vec<Original> = loaded.inputs.iter().map(|input| Original::of(input, &loaded.problems)).collect();
    compare(&told, &back, &originals)?;
    if !told.incomplete.is_empty() && !loaded.problems.iter().any(|problem| problem.skipped) {
        return Err(format!("restore is incomplete, and clean told of nothing: {:?}", told.incomplete));
    }
    if random.one_in(2) {
        damaged_output(random, &out, &folder.join("again"), &originals)?;
    }
    Ok(())
}

fn params(random: &mut Random) -> Params {
    let grains = match random.below(3) {
        0 => vec![Grain::Document, Grain::Paragraph, Grain::Sentence],
        _ => vec![Grain::Document, Grain::Paragraph],
    };
    Params { grains, ..Params::default() }
}

/// All that a clean run and a check find.
fn judge(documents: &[Document], found: &Found, params: &Params) -> Vec<Finding> {
    verdicts(&found.evidence(documents), &Policy::cleaning(params))
}

/// Findings anywhere, as a rule to come might make them.
fn at_random(random: &mut Random, documents: &[Document]) -> Vec<Finding> {
    let mut found = Vec::new();
    for _ in 0..random.size(3) {
        let fate = |random: &mut Random| match random.below(4) {
            0 => Fate::Keep,
            1 => Fate::Drop,
            _ => Fate::Cut(random.below(4000), random.below(4000)),
        };
        let fates: Vec<Fate> = (0..=random.below(4)).map(|_| fate(random)).collect();
        found.extend(findings(documents, &fates).0);
    }
    found.sort_by_key(|finding| (finding.document, finding.span));
    found
}

fn write(loaded: &Loaded, findings: &[Finding], out: &Path) -> Result<(), Failure> {
    let fields = Fields::default();
    let Loaded { inputs, documents, others, layouts, .. } = loaded;
    let corpus =
        Corpus { fields: &fields, inputs, layouts, documents, others, findings, outside: &[], drop_emptied: false };
    let mut folder = OutDir::create(out, true).map_err(|e| format!("no output folder: {e}"))?;
    clean(&mut folder, &corpus).map_err(|e| format!("what was read cannot be cleaned: {e}"))?;
    folder.commit().map_err(|e| format!("the output cannot be put in place: {e}"))
}

/// Runs of equal records that are no documents, by input and first number, each as long as it can be.
fn others(loaded: &Loaded) -> Vec<(u32, OtherRun)> {
    let mut found: Vec<(u32, OtherRun)> = Vec::new();
    for (input, run) in loaded.others.iter().flat_map(|(input, others)| others.runs().map(move |run| (*input, run))) {
        match found.last_mut() {
            Some((last_input, last))
                if *last_input == input && last.first + last.count == run.first && last.bytes == run.bytes =>
            {
                last.count += run.count;
            }
            _ => found.push((input, run)),
        }
    }
    found
}

fn same_whatever_the_blocks(one: &Loaded, two: &Loaded) -> Result<(), Failure> {
    let same = [
        ("documents", one.documents == two.documents),
        ("problems", one.problems == two.problems),
        ("other records", others(one) == others(two)),
        ("layouts", one.layouts == two.layouts),
    ];
    match same.iter().find(|(_, same)| !same) {
        Some((what, _)) => {
            let told = |loaded: &Loaded| complaints(loaded).join("; ");
            Err(format!("{what} depend on the size of the blocks ({} / {})", told(one), told(two)))
        }
        None => Ok(()),
    }
}

/// Writes every report.
fn tell(loaded: &Loaded, findings: &[Finding]) -> Result<(), Failure> {
    let fields = Fields::default();
    let mut findings = findings.to_vec();
    let ranks = ranks(&loaded.documents, &Params::default());
    findings.extend(items(&loaded.documents, &ranks, &flong::Ragged::default()));
    let paths: Vec<String> = loaded.inputs.iter().map(|input| input.name.clone()).collect();
    let (documents, inputs) = (&loaded.documents, &loaded.inputs);
    let reading = Reading { documents, items: &[], inputs, paths: &paths, fields: &fields };
    let report = Report {
        issues: issues(&findings, &reading, |rule| Some(Severity::of(rule))),
        paths: paths.iter().map(String::as_str).collect(),
        documents: documents.len(),
        fail_on: Severity::Warning,
        known: 0,
        problems: &loaded.problems,
    };
    for format in [Format::Json, Format::Sarif, Format::Github, Format::Junit, Format::Markdown] {
        let mut out = Vec::new();
        write_report(&report, format, &mut out).map_err(|e| format!("{format:?}: {e}"))?;
        let lines = matches!(format, Format::Json).then(|| out.split(|&byte| byte == b'\n').filter(|l| !l.is_empty()));
        let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).map(drop);
        let read = match (format, lines) {
            (_, Some(mut lines)) => lines.try_for_each(json),
            (Format::Sarif, _) => json(&out),
            _ => Ok(()),
        };
        read.map_err(|e| format!("a report in {format:?} is no JSON: {e}"))?;
    }
    let baseline = Baseline::of(&report.issues);
    match Baseline::read(&baseline.write()) {
        Ok(again) if again == baseline && again.compare(&report.issues).known.iter().all(|known| *known) => Ok(()),
        Ok(_) => Err("a baseline does not know the findings that it was made of".into()),
        Err(e) => Err(format!("a baseline cannot be read again: {e}")),
    }
}
