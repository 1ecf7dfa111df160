//! One group a stage, and the whole run: bytes and documents a second on the named inputs.
//!
//! Bytes are those of the texts, whatever a stage makes of them, so that the groups compare. Stages run on one thread.

use std::hint::black_box;
use std::ops::Range;
use std::path::{Path, PathBuf};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use flong::boilerplate::{Aside, Lexicon, lexical};
use flong::cluster::stars;
use flong::count::{FirstCounts, Groups, Knowledge, Row, SecondCounts};
use flong::fingerprint::Keys;
use flong::judge::{Finding, Policy, verdicts};
use flong::lsh::candidates;
use flong::pipeline::{Prepared, Stopwatch, prepare};
use flong::profile::{Profiled, Profiler};
use flong::propose::{Order, Postings, Shared, Tally};
use flong::segment::{Cut, cut};
use flong::shingle::shingles;
use flong::sketch::{EMPTY, Sketcher};
use flong::survey::Survey;
use flong::token::Word;
use flong::verify::{plausible, shared_mass, verify};
use flong::write::cleaned_documents;
use flong::{Document, Found, Grain, KeyedUnit, Params, UnitId, find};

#[path = "support/generate.rs"]
mod generate;
#[path = "support/inputs.rs"]
mod inputs;

/// An input on its way through the stages: what each of them takes.
struct Corpus {
    name: &'static str,
    path: PathBuf,
    documents: Vec<Document>,
    params: Params,
    cuts: Vec<Cut>,
    /// The words of each paragraph.
    paragraphs: Vec<Vec<Word>>,
    /// The shingles of each document.
    shingles: Vec<Vec<u64>>,
    knowledge: Knowledge,
    prepared: Prepared,
    /// Candidate pairs, by fingerprints and by bands.
    pairs: Vec<(UnitId, UnitId)>,
    /// The pairs that match.
    edges: Vec<(u32, u32)>,
    found: Found,
    findings: Vec<Finding>,
}

impl Corpus {
    fn new(name: &'static str, path: &Path) -> Self {
        let documents = inputs::read(path);
        let params = Params { grains: vec![Grain::Document], ..Params::default() };
        let cuts: Vec<Cut> = documents.iter().map(cut).collect();
        let words =
            |cut: &Cut, range: Range<usize>| cut.tokens[range].iter().map(|token| token.word).collect::<Vec<Word>>();
        let paragraphs = cuts.iter().flat_map(|cut| cut.paragraphs.iter().map(|p| words(cut, p.range()))).collect();
        let shingles = cuts.iter().map(|cut| all_shingles(cut, params.shingle)).collect();
        let prepared = prepare(&documents, &params, &mut Stopwatch::default());
        let knowledge = count(&documents, &cuts, &params);
        let found = find(&documents, &params);
        let findings = verdicts(&found.evidence(&documents), &Policy::cleaning(&params));
        let mut corpus = Corpus {
            name,
            path: path.to_path_buf(),
            documents,
            params,
            cuts,
            paragraphs,
            shingles,
            knowledge,
            prepared,
            pairs: Vec::new(),
            edges: Vec::new(),
            found,
            findings,
        };
        corpus.pairs = corpus.propose();
        corpus.pairs.extend(corpus.band());
        corpus.pairs.sort_unstable();
        corpus.pairs.dedup();
        let matches = corpus.pairs.iter().filter(|&&pair| corpus.matches(pair));
        corpus.edges = matches.map(|(a, b)| (a.0, b.0)).collect();
        corpus
    }

    /// Returns what is not body in each document, by what it says.
    fn set_aside(&self) -> Vec<Vec<Aside>> {
        let titles = self.knowledge.titles();
        self.documents.iter().zip(&self.cuts).map(|(document, cut)| lexical(document, cut, titles)).collect()
    }

    /// Sets boilerplate aside, and profiles and fingerprints the rest of each document.
    fn profile(&self) -> Vec<Profiled> {
        let profiler = Profiler::new(&self.params, &self.knowledge, Lexicon::known());
        self.documents.iter().zip(&self.cuts).map(|(document, cut)| profiler.document(document, cut.clone())).collect()
    }

    /// Returns the fingerprints of each document, of all its shingles.
    fn fingerprint(&self) -> Keys {
        let (mut keys, mut kept) = (Keys::default(), Vec::new());
        for shingles in &self.shingles {
            let shingles: Vec<Option<u64>> = shingles.iter().copied().map(Some).collect();
            kept.clear();
            self.params.fingerprints.select(&shingles, &mut kept);
            keys.push(kept.iter().map(|key| (key >> 32) as u32));
        }
        keys
    }

    /// Returns the pairs that share enough fingerprints.
    fn propose(&self) -> Vec<(UnitId, UnitId)> {
        let keys = &self.prepared.profiled.fingerprints;
        let units = keys.units() as u32;
        let key_counts: Vec<u32> = (0..units).map(|unit| keys.of(unit).len() as u32).collect();
        let order = Order { sizes: &key_counts, rank: &|unit| unit.0.into() };
        let settings = self.params.fingerprints;
        let mut entries: Vec<KeyedUnit> = (0..units)
            .flat_map(|unit| keys.of(unit).iter().map(move |&key| KeyedUnit::new(key, UnitId(unit))))
            .collect();
        let postings = Postings::of(&mut entries, order, settings.full_list);
        let lists = postings.by_unit(units as usize);
        let shared = Shared { key_counts: &key_counts, postings: &postings, lists: &lists, order, settings };
        let (mut tally, mut pairs) = (Tally::default(), Vec::new());
        for unit in (0..units).map(UnitId) {
            tally.candidates(unit, shared, |other| pairs.push((unit.min(other), unit.max(other))));
        }
        pairs
    }

    /// Returns the pairs that any band proposes, each once.
    fn band(&self) -> Vec<(UnitId, UnitId)> {
        let mut pairs = Vec::new();
        for keys in &self.prepared.profiled.rewordings {
            let keys = keys.iter().map(|&key| (key != 0).then_some(key));
            pairs.extend(candidates(keys, |unit| unit.0.into(), self.params.rewordings.full_bucket).pairs);
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs.into_iter().map(|pair| (pair.first(), pair.second())).collect()
    }

    fn matches(&self, (a, b): (UnitId, UnitId)) -> bool {
        let (a, b) = (self.prepared.text(a), self.prepared.text(b));
        let (level, limits) = (self.params.level, &self.params.thresholds);
        let mass = shared_mass(a.profile, b.profile);
        plausible(a.profile.mass, b.profile.mass, mass, level, limits) && verify(a, b, mass, level, limits).is_some()
    }

    /// One measurement of a stage.
    fn bench<T>(&self, group: &mut BenchmarkGroup<WallTime>, run: impl FnMut() -> T) {
        self.bench_as(self.name.to_string(), group, run);
    }

    fn bench_as<T>(&self, id: String, group: &mut BenchmarkGroup<WallTime>, mut run: impl FnMut() -> T) {
        let bytes = self.documents.iter().map(|document| document.text.len() as u64).sum();
        group.throughput(Throughput::ElementsAndBytes { elements: self.documents.len() as u64, bytes });
        group.bench_function(BenchmarkId::from_parameter(id), |bencher| bencher.iter(|| black_box(run())));
    }
}

/// Counts a corpus in both rounds.
fn count(documents: &[Document], cuts: &[Cut], params: &Params) -> Knowledge {
    let settings = params.counting();
    let rows: Vec<Row> =
        (0..).zip(documents.iter().zip(cuts)).map(|(n, (document, cut))| Row::of(n, document, cut)).collect();
    let groups = Groups::of(&rows);
    let mut first = FirstCounts::new(settings);
    documents.iter().zip(cuts).for_each(|(document, cut)| first.observe(document, cut));
    let first = first.know();
    let mut second = SecondCounts::new(settings);
    for ((document, cut), row) in documents.iter().zip(cuts).zip(&rows) {
        second.observe(&first, document, cut, groups.is_counted(row.number, row.text));
    }
    second.know(first, groups).expect("all counts have the same settings")
}

fn all_shingles(cut: &Cut, width: usize) -> Vec<u64> {
    let words: Vec<Word> = cut.tokens.iter().map(|token| token.word).collect();
    let mut found = Vec::with_capacity(words.len());
    cut.paragraphs.iter().for_each(|p| shingles(&words[p.range()], width, |shingle| found.push(shingle)));
    found
}

fn survey(corpus: &Corpus) -> Survey {
    let mut survey = Survey::default();
    corpus.paragraphs.iter().for_each(|words| survey.observe_words(words.iter().copied()));
    survey
}

fn sketch(corpus: &Corpus) -> Vec<u32> {
    let sketcher = Sketcher::new(corpus.params.rewordings.banding().size(), 0);
    let mut signatures = vec![EMPTY; sketcher.size() * corpus.shingles.len()];
    for (shingles, signature) in corpus.shingles.iter().zip(signatures.chunks_exact_mut(sketcher.size())) {
        sketcher.sketch(shingles, signature);
    }
    signatures
}

fn stages(criterion: &mut Criterion) {
    let scratch = tempfile::tempdir().expect("there is room for the made inputs");
    let quick = std::env::args().any(|argument| argument == "--test");
    // `cargo bench -- --test` asks whether everything runs: the smallest input tells.
    for input in &inputs::INPUTS[..if quick { 1 } else { inputs::INPUTS.len() }] {
        let Some(path) = input.path(scratch.path()) else { continue };
        let corpus = Corpus::new(input.name, &path);
        let mut group = |name: &str, run: &dyn Fn(&mut BenchmarkGroup<WallTime>)| {
            let mut group = criterion.benchmark_group(name);
            group.sample_size(10).sampling_mode(SamplingMode::Flat);
            run(&mut group);
            group.finish();
        };
        let width = corpus.params.shingle;
        group("read", &|g| corpus.bench(g, || inputs::read(&corpus.path)));
        group("segment", &|g| corpus.bench(g, || corpus.documents.iter().map(cut).collect::<Vec<_>>()));
        group("survey", &|g| corpus.bench(g, || survey(&corpus)));
        group("shingle", &|g| {
            corpus.bench(g, || corpus.cuts.iter().map(|cut| all_shingles(cut, width).len()).sum::<usize>());
        });
        group("count", &|g| corpus.bench(g, || count(&corpus.documents, &corpus.cuts, &corpus.params)));
        group("set aside", &|g| corpus.bench(g, || corpus.set_aside()));
        group("profile", &|g| corpus.bench(g, || corpus.profile()));
        group("fingerprint", &|g| corpus.bench(g, || corpus.fingerprint()));
        group("propose", &|g| corpus.bench(g, || corpus.propose()));
        group("sketch", &|g| corpus.bench(g, || sketch(&corpus)));
        group("band", &|g| corpus.bench(g, || corpus.band()));
        group("verify", &|g| {
            corpus.bench(g, || corpus.pairs.iter().filter(|&&pair| corpus.matches(pair)).count());
        });
        let order: Vec<u32> = (0..corpus.prepared.profiled.units.len() as u32).collect();
        group("cluster", &|g| corpus.bench(g, || stars(&corpus.edges, &order, |_| true)));
        let policy = Policy::cleaning(&corpus.params);
        let evidence = || corpus.found.evidence(&corpus.documents);
        group("judge", &|g| corpus.bench(g, || verdicts(&evidence(), &policy)));
        group("clean", &|g| {
            let cleaned = || cleaned_documents(&corpus.documents, &corpus.findings).map(|(_, text)| text.len());
            corpus.bench(g, || cleaned().sum::<usize>());
        });
        group("whole run", &|g| {
            for threads in [1, 2] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
                let id = format!("{}, {threads} threads", corpus.name);
                corpus.bench_as(id, g, || pool.install(|| find(&corpus.documents, &corpus.params)));
            }
        });
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
