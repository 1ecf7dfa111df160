//! Sound files are spoiled in thousands of ways and run through the library and the command line. Whatever comes of it:
//! no panic, no hang, no exit code but 0 to 3, the same whatever the blocks, and what `clean` accepts, `restore` gives back.
//!
//! One number, the seed, settles all that a run does. `docs/testing.md` says how a run is repeated, and how more are made.

mod back;
mod bytes;
mod inside;
mod json;
mod kept;
mod kind;
mod lines;
mod markup;
mod outside;
mod random;
mod start;
mod watch;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kind::Kind;
use random::Random;
use start::{Start, starts};
use watch::{MOST_SECONDS, Post};

/// Whether damaged indexes are run too. They crash the database today; to be true once they do not.
const DAMAGED_INDEXES: bool = true;

/// Of so many runs, one is a run of the command line.
const INSIDE: usize = 40;

/// How many runs are made if nothing else is said, at most: in this many seconds.
const SECONDS: u64 = 60;

/// Failures of one sort that are told.
const TOLD: usize = 3;

/// A file that was spoiled.
struct Spoiled {
    name: String,
    bytes: Vec<u8>,
}

impl Spoiled {
    /// A file of a kind, called `stem` with the ending that it should have, mostly.
    fn of(random: &mut Random, kind: Kind, stem: &str, starts: &[Start]) -> Spoiled {
        let of_kind: Vec<&Start> = starts.iter().filter(|start| start.kind == kind).collect();
        let start = *random.pick(&of_kind);
        let other = if random.one_in(8) { random.pick(starts) } else { *random.pick(&of_kind) };
        let mut bytes = start.bytes.clone();
        kind.mutate(random, &mut bytes, &other.bytes);
        let mut name = format!("{stem}.{}", start.ending);
        if kind.is_input() && random.one_in(10) {
            name = stem.into();
        }
        if kind.is_input() && kind != Kind::Parquet && random.one_in(6) {
            bytes = pack(random, &mut name, &bytes);
        }
        Spoiled { name, bytes }
    }
}

/// What a run is made of.
struct Run {
    kind: Kind,
    /// Its file, and now and then more that are read with it.
    files: Vec<Spoiled>,
    /// Whether the command line does it.
    outside: bool,
    random: Random,
}

impl Run {
    /// The run of a seed; `None` if it is one of a kind that is left out.
    fn of(seed: u64, starts: &[Start]) -> Option<Run> {
        let mut random = Random::new(seed);
        let kind = *random.pick(&Kind::ALL);
        if kind == Kind::Index && !DAMAGED_INDEXES {
            return None;
        }
        let mut files = vec![Spoiled::of(&mut random, kind, "in", starts)];
        let outside = kind == Kind::Settings || random.one_in(INSIDE);
        while kind.is_input() && !outside && random.one_in(5) {
            let more = *random.pick(&Kind::ALL);
            if more.is_input() {
                let stem = format!("more-{}", files.len());
                files.push(Spoiled::of(&mut random, more, &stem, starts));
            }
        }
        Some(Run { kind, files, outside, random })
    }

    /// Makes the run in an empty folder.
    fn make(&mut self, folder: &Path) -> Result<(), String> {
        let write = |file: &Spoiled| {
            let path = folder.join(&file.name);
            fs::write(&path, &file.bytes).expect("the scratch folder has room");
            path
        };
        let paths: Vec<PathBuf> = self.files.iter().map(write).collect();
        if self.outside {
            return outside::run(&mut self.random, self.kind, &self.files[0].name, folder);
        }
        let start = Instant::now();
        inside::run(&mut self.random, self.kind, &paths, folder)?;
        let seconds = start.elapsed().as_secs();
        let slow = || format!("it takes {seconds} s, more than {MOST_SECONDS}");
        (seconds <= MOST_SECONDS).then_some(()).ok_or_else(slow)
    }
}

/// Compresses, and now and then spoils what is compressed.
fn pack(random: &mut Random, name: &mut String, bytes: &[u8]) -> Vec<u8> {
    let (ending, mut packed) = match random.below(3) {
        0 => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).expect("memory is there");
            (".gz", encoder.finish().expect("memory is there"))
        }
        1 => (".zst", zstd::encode_all(bytes, 1).expect("memory is there")),
        _ => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(bytes).expect("memory is there");
            (".bz2", encoder.finish().expect("memory is there"))
        }
    };
    if random.one_in(3) {
        let (mutator, other) = (*random.pick(bytes::MUTATORS), packed.clone());
        mutator(random, &mut packed, &other);
    }
    *name += ending;
    packed
}

/// A number that the environment gives.
fn given(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is `{value}`, and should be a number")))
}

/// How to make a run again.
fn again(seed: u64) -> String {
    format!("FLONG_MUTATIONS_SEED={seed} FLONG_MUTATIONS=1 cargo test --test main mutations -- --nocapture")
}

/// Where the inputs of runs that fail are kept.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations")
}

/// What all threads share.
struct Runs<'s> {
    starts: &'s [Start],
    scratch: &'s Path,
    /// The next seed, and the one to end before.
    next: AtomicU64,
    end: u64,
    until: Option<Instant>,
    start: Instant,
    posts: Vec<Post>,
    made: AtomicU64,
    /// Failures by sort, each with their number and the seeds of the first.
    failures: Mutex<BTreeMap<String, (u64, Vec<String>)>>,
}

impl Runs<'_> {
    /// Makes runs, one after the other, until there are no more or the time is over.
    fn work(&self, thread: usize) {
        // Every stage stays on this thread, so that its panics can be caught and its time be told.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("threads can be had");
        pool.install(|| {
            // What kills the whole test, such as a stack that overflows, leaves the seed here.
            let mut at = File::create(kept().join(format!("at-{thread}"))).expect("the target folder can be written");
            while self.until.is_none_or(|until| Instant::now() < until) {
                let seed = self.next.fetch_add(1, Ordering::Relaxed);
                if seed >= self.end {
                    break;
                }
                let Some(run) = Run::of(seed, self.starts) else { continue };
                let _ = std::os::unix::fs::FileExt::write_all_at(&at, format!("{seed:<20}\n").as_bytes(), 0);
                let _ = at.flush();
                self.run(seed, run, thread);
            }
        });
    }

    fn run(&self, seed: u64, mut run: Run, thread: usize) {
        let folder = self.scratch.join(format!("run-{thread}"));
        fs::create_dir_all(&folder).expect("the scratch folder has room");
        self.posts[thread].begin(seed, self.start);
        let done = watch::quietly(|| run.make(&folder)).unwrap_or_else(Err);
        self.posts[thread].end();
        let _ = fs::remove_dir_all(&folder);
        self.made.fetch_add(1, Ordering::Relaxed);
        let Err(what) = done else { return };
        let kind = run.kind;
        // Numbers aside, the same words are the same failure.
        let sort: String = format!("{kind:?} {what}").chars().filter(|c| !c.is_ascii_digit()).take(160).collect();
        let mut failures = self.failures.lock().expect("nobody panics with it");
        let (count, first) = failures.entry(sort).or_default();
        *count += 1;
        if first.len() == TOLD {
            return;
        }
        let outside = if run.outside { ", by the command line" } else { "" };
        let mut told = format!("  {kind:?}{outside}: {what}\n    {}", again(seed));
        for Spoiled { name, bytes } in &run.files {
            let file = kept().join(format!("{seed}-{name}"));
            fs::write(&file, bytes).expect("the target folder can be written");
            told += &format!("\n    {}", file.display());
        }
        println!("{told}");
        first.push(told);
    }
}

#[test]
fn mutations() {
    let scratch = ["/dev/shm", "/tmp"].iter().find_map(|folder| tempfile::tempdir_in(folder).ok());
    let scratch = scratch.unwrap_or_else(|| tempfile::tempdir().expect("there is room for a folder"));
    fs::create_dir_all(kept()).expect("the target folder can be written");
    let starts = starts(scratch.path());
    let first = given("FLONG_MUTATIONS_SEED").unwrap_or(0);
    let (runs, seconds) = (given("FLONG_MUTATIONS"), given("FLONG_MUTATIONS_SECONDS"));
    let seconds = seconds.or(Some(SECONDS).filter(|_| runs.is_none()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(runs.unwrap_or(u64::MAX) as usize);
    let start = Instant::now();
    let runs = Runs {
        starts: &starts,
        scratch: scratch.path(),
        next: AtomicU64::new(first),
        end: runs.map_or(u64::MAX, |runs| first.saturating_add(runs)),
        until: seconds.map(|seconds| start + Duration::from_secs(seconds)),
        start,
        posts: (0..threads).map(|_| Post::new()).collect(),
        made: AtomicU64::new(0),
        failures: Mutex::default(),
    };
    std::thread::scope(|scope| {
        let runs = &runs;
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || runs.work(thread))).collect();
        watch::watch(&runs.posts, start, || workers.iter().all(|worker| worker.is_finished()), again);
    });
    let made = runs.made.into_inner();
    let last = runs.next.into_inner().min(runs.end);
    println!("{made} runs of the seeds {first} to {last} in {:.0} s", start.elapsed().as_secs_f64());
    let failures = runs.failures.into_inner().expect("nobody panics with it");
    let told = failures.values().map(|(count, first)| format!("{count} times:\n{}", first.join("\n")));
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "{} sorts of failures\n{}", told.len(), told.join("\n"));
    assert!(made > 0, "no run was made: all seeds are of kinds that are left out");
}
