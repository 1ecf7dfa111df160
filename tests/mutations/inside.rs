//! Runs through the library: read, find, judge, tell, clean, restore.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flong::check::{Baseline, Format, Reading, Report, Severity, issues, write_report};
use flong::index::{Index, Settings};
use flong::judge::{Evidence, Finding, boilerplate, duplicates, items, ranks, stuffing};
use flong::pipeline::{Loaded, add, commit, load, query};
use flong::read::{Compression, Fields, Input, ReadOptions, discover};
use flong::write::{Corpus, OutDir, RestoreReport, clean, restore};
use flong::{Document, Found, Grain, Params, find};

use super::kind::{Kind, mutate_output};
use super::random::Random;
use super::start::KNOWN;
use crate::tables::{Fate, complaints, findings, restored};

/// What a run shows that should not be: in words.
pub type Failure = String;

/// A file of this kind in this folder, as a run through the library takes it.
pub fn run(random: &mut Random, kind: Kind, path: &Path, folder: &Path) -> Result<(), Failure> {
    match kind {
        Kind::Index => index(random, path),
        Kind::Baseline => baseline(path),
        // Only the command line reads settings.
        Kind::Settings => Ok(()),
        _ => input(random, path, folder),
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

fn input(random: &mut Random, path: &Path, folder: &Path) -> Result<(), Failure> {
    let name = path.to_str().expect("our own names are UTF-8").to_owned();
    // What cannot be opened is an error in words.
    let Ok(inputs) = discover(&[name]) else { return Ok(()) };
    let options = options(random);
    cycle(random, inputs, options, path, folder).map_err(|e| format!("{e}, with {options:?}"))
}

/// Reads, finds, cleans and restores.
fn cycle(
    random: &mut Random,
    inputs: Vec<Input>,
    options: ReadOptions,
    path: &Path,
    folder: &Path,
) -> Result<(), Failure> {
    let (input, fields) = (inputs[0].clone(), Fields::default());
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
    let original = unpacked(&input, &loaded, path);
    compare(&told, &back, &original)?;
    if !told.incomplete.is_empty() && !loaded.problems.iter().any(|problem| problem.skipped) {
        return Err(format!("restore is incomplete, and clean told of nothing: {:?}", told.incomplete));
    }
    if random.one_in(2) {
        damaged_output(random, &out, &folder.join("again"), &original)?;
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
    let evidence = Evidence { documents, units: &found.units, matches: &found.matches, clusters: &found.clusters };
    let mut findings = duplicates(&evidence, params);
    findings.extend(boilerplate(&found.asides));
    findings.extend(stuffing(documents, &found.stuffed));
    let whole: Vec<usize> = findings.iter().filter(|finding| finding.whole).map(|finding| finding.document).collect();
    findings.retain(|finding| finding.whole || !whole.contains(&finding.document));
    findings.sort_by_key(|finding| (finding.document, finding.span, finding.rule));
    findings
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
    let corpus = Corpus { fields: &fields, inputs, layouts, documents, others, findings, outside: &[] };
    let mut folder = OutDir::create(out, true).map_err(|e| format!("no output folder: {e}"))?;
    clean(&mut folder, &corpus).map_err(|e| format!("what was read cannot be cleaned: {e}"))?;
    folder.commit().map_err(|e| format!("the output cannot be put in place: {e}"))
}

fn same_whatever_the_blocks(one: &Loaded, two: &Loaded) -> Result<(), Failure> {
    let same = [
        ("documents", one.documents == two.documents),
        ("problems", one.problems == two.problems),
        ("other records", one.others == two.others),
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
    let ranks = ranks(&loaded.documents, &Params::default().keep, &Params::default().drop);
    findings.extend(items(&loaded.documents, &ranks));
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

/// What a restore should give back.
pub struct Original {
    path: PathBuf,
    /// The decompressed bytes, as far as they can be had.
    pub bytes: Vec<u8>,
    /// Whether that is all of them, and all of them may be read.
    whole: bool,
}

/// What the input is when it is unpacked.
fn unpacked(input: &Input, loaded: &Loaded, path: &Path) -> Original {
    let packed = fs::read(path).expect("it was written");
    let mut bytes = Vec::new();
    let read = match input.compression {
        Compression::None => packed.as_slice().read_to_end(&mut bytes),
        Compression::Gzip => flate2::bufread::MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes),
        Compression::Bzip2 => bzip2::bufread::MultiBzDecoder::new(&packed[..]).read_to_end(&mut bytes),
        Compression::Zstd => match zstd::Decoder::with_buffer(&packed[..]) {
            Ok(mut decoder) => decoder.window_log_max(31).and_then(|()| decoder.read_to_end(&mut bytes)),
            Err(e) => Err(e),
        },
    };
    let whole = input.compression == Compression::None || read.is_ok() && loaded.problems.is_empty();
    Original { path: path.to_owned(), bytes, whole }
}

/// Compares what was restored with what it was made of.
pub fn compare(told: &RestoreReport, back: &Path, original: &Original) -> Result<(), Failure> {
    if told.restored.len() + told.equal.len() + told.incomplete.len() != 1 {
        return Err(format!("restore tells of another number of inputs than 1: {told:?}"));
    }
    if !told.incomplete.is_empty() {
        return Ok(());
    }
    let path = restored(back);
    if !told.equal.is_empty() {
        return match (rows(&original.path), rows(&path)) {
            (Some(one), Some(two)) if one != two => Err("a table comes back with other values".into()),
            (Some(_), None) => Err("a table comes back that cannot be read".into()),
            _ => Ok(()),
        };
    }
    let again = fs::read(&path).map_err(|e| format!("what was restored cannot be read: {e}"))?;
    let same = if original.whole { again == original.bytes } else { original.bytes.starts_with(&again) };
    same.then_some(()).ok_or_else(|| "restore gives back other bytes, and calls them restored".into())
}

/// The rows of a Parquet table, if all of them can be read.
fn rows(path: &Path) -> Option<Vec<Vec<String>>> {
    super::watch::quietly(|| crate::parquet::rows(path)).ok().flatten()
}

/// Damages what a clean run wrote. A restore refuses it, or says what it cannot give back, or gives back what was there.
fn damaged_output(random: &mut Random, out: &Path, back: &Path, original: &Original) -> Result<(), Failure> {
    let file = spoil(random, out);
    match restore(out, back, true) {
        Err(_) => Ok(()),
        Ok(told) if told == RestoreReport::default() => Err(format!("restore of nothing is fine, {file} damaged")),
        Ok(told) => compare(&told, back, original).map_err(|e| format!("{file} damaged: {e}")),
    }
}

/// Damages a file below a folder. Gives its name.
pub fn spoil(random: &mut Random, folder: &Path) -> String {
    let mut path = folder.to_owned();
    while path.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(&path).expect("it is a folder").flatten().map(|entry| entry.path()).collect();
        // What a restore does not read says nothing.
        entries.retain(|path| !path.ends_with("summary.json"));
        entries.sort();
        path = random.pick(&entries).clone();
    }
    let mut bytes = fs::read(&path).expect("it is a file");
    mutate_output(random, &mut bytes);
    fs::write(&path, bytes).expect("it can be written");
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Asks a damaged index, writes to it, and asks it again.
fn index(random: &mut Random, path: &Path) -> Result<(), Failure> {
    let documents: Vec<Document> =
        KNOWN.iter().enumerate().map(|(n, text)| Document::new(n.to_string(), *text)).collect();
    let params = Params::default();
    let ask = || {
        let Ok(reader) = Index::open(path).and_then(|index| index.reader()) else { return };
        let _ = (query(&documents, &reader, &params), reader.info());
    };
    ask();
    if random.one_in(2) {
        let write = || -> flong::Result<()> {
            let text = Index::open(path)?.settings().text;
            let index = Index::write(path, &Settings::of(&params, text))?;
            let mut addition = index.addition()?;
            add(&mut addition, &documents, 20_001)?;
            commit(addition, &params).map(drop)
        };
        let _ = write();
    } else {
        let expire = || -> flong::Result<()> {
            let index = Index::rewrite(path)?;
            let mut addition = index.addition()?;
            addition.expire(20_000)?;
            commit(addition, &params).map(drop)
        };
        let _ = expire();
    }
    ask();
    Ok(())
}

/// Reads a damaged baseline, and holds findings against what can be read of it.
fn baseline(path: &Path) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(&fs::read(path).expect("it was written")).into_owned();
    let Ok(baseline) = Baseline::read(&text) else { return Ok(()) };
    let again = Baseline::read(&baseline.write()).map_err(|e| format!("a baseline cannot be written again: {e}"))?;
    let mut sorted = baseline.entries.clone();
    sorted.sort();
    if again.entries != sorted {
        return Err("a baseline is written as another".into());
    }
    baseline.compare(&[]);
    Ok(())
}
