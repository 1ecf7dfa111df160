//! Holds flong against `wc` and against the MinHash crates, and keeps the tables in `benches/record/versus.md`.
//!
//! ```text
//! cargo bench --bench versus            all inputs, medians of five alternating runs
//! RUNS=1 cargo bench --bench versus     one run each
//! ```
//!
//! The crates are built by this bench alone: they are dependencies of the package `benches/versus`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use flong::read::{ReadOptions, discover, open};
use serde_json::Value;

#[path = "support/command.rs"]
mod command;
#[path = "support/generate.rs"]
mod generate;
#[path = "support/inputs.rs"]
mod inputs;

/// The tools of the package `benches/versus`.
const TOOLS: [&str; 3] = ["flong", "gaoya", "txtfp"];

/// The labelled pairs of nairagazer.
const LABELS: &str = "nairagazer-2020-11/pairs.tsv";

fn main() {
    // `cargo bench -- --test` asks whether everything runs: the smallest input tells.
    let is_test = std::env::args().any(|argument| argument == "--test");
    let runs = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(if is_test { 1 } else { 5 });
    let wanted: &[&str] = if is_test { &["generated-small"] } else { &["generated", "nairagazer"] };
    let scratch = tempfile::tempdir().expect("there is room for the made inputs");
    let peers = build_peers();
    let mut page = heading(runs);
    for input in inputs::INPUTS.iter().filter(|input| wanted.contains(&input.name)) {
        let Some(path) = input.path(scratch.path()) else { continue };
        let path = unpacked(&path, scratch.path());
        let megabytes = std::fs::metadata(&path).map_or(0.0, |meta| meta.len() as f64 / 1e6);
        let _ = writeln!(page, "## {} ({megabytes:.0} MB)\n", input.name);
        page += &whole_runs(&path, &scratch.path().join("out"), runs);
        let labels = (input.name == "nairagazer").then(|| inputs::shared(LABELS)).flatten();
        page += &candidate_stages(&peers, &path, labels.as_deref(), runs);
    }
    println!("{page}");
    if !is_test {
        let record = inputs::root().join("benches/record/versus.md");
        std::fs::create_dir_all(record.parent().expect("it is in a folder"))
            .and_then(|()| std::fs::write(&record, page.trim_end().to_owned() + "\n"))
            .expect("the record can be written");
    }
}

/// Builds the package with the other crates; returns its program.
fn build_peers() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["build", "--release", "--quiet", "--package", "flong-versus", "--message-format", "json"];
    let built = Command::new(cargo).args(arguments).current_dir(inputs::root()).output().expect("cargo can be run");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    let programs = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = programs.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next();
    program.expect("cargo names the program that it built")
}

/// Returns the first lines of the record.
fn heading(runs: usize) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("?", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let how = if runs == 1 { "one run each".to_owned() } else { format!("medians of {runs} alternating runs") };
    format!(
        "# flong against `wc` and MinHash crates\n\nMeasured on {today} with {cores} cores of {model}; {how}. \
         `cargo bench --bench versus` writes this page.\n\n"
    )
}

/// Returns the path of a decompressed copy of an input, or of the input itself if it is not compressed.
fn unpacked(path: &Path, scratch: &Path) -> PathBuf {
    if path.extension().is_none_or(|ending| ending != "zst") {
        return path.to_path_buf();
    }
    let copy = scratch.join("unpacked.jsonl");
    let mut file = std::fs::File::create(&copy).expect("the scratch folder can be written");
    for input in discover(&[path]).expect("the input is there") {
        for block in open(&input, 0, &Default::default(), &ReadOptions::default()).expect("the input can be opened") {
            std::io::Write::write_all(&mut file, block.text.as_bytes()).expect("the scratch folder has room");
        }
    }
    copy
}

/// Returns a table of whole runs against `wc`.
fn whole_runs(path: &Path, out: &Path, runs: usize) -> String {
    let mut took = [const { Vec::new() }; 3];
    let mut memory = [0; 3];
    for _ in 0..runs {
        let started = Instant::now();
        let counted = Command::new("wc").env("LC_ALL", "C.UTF-8").arg(path).output().expect("wc can be run");
        assert!(counted.status.success());
        took[0].push(started.elapsed().as_secs_f64());
        for (n, (command, options)) in [("find", &["--grain", "document"][..]), ("clean", &[])].iter().enumerate() {
            let run = command::run(command, path, out, options);
            took[n + 1].push(run.seconds);
            memory[n + 1] = memory[n + 1].max(run.memory_bytes);
        }
    }
    let took = took.map(median);
    let mut table = String::from("| command | seconds | times `wc` | MB resident |\n|---|---|---|---|\n");
    let names = ["`LC_ALL=C.UTF-8 wc FILE`", "`flong find FILE --grain document`", "`flong clean FILE --out DIR`"];
    for ((name, seconds), bytes) in names.iter().zip(took).zip(memory) {
        let megabytes = if bytes == 0 { String::new() } else { format!("{:.0}", bytes as f64 / 1e6) };
        let _ = writeln!(table, "| {name} | {seconds:.2} | {:.1} | {megabytes} |", seconds / took[0]);
    }
    table + "\n"
}

/// Returns a table of the tools that propose pairs, from texts in memory to candidate pairs on one thread.
fn candidate_stages(program: &Path, path: &Path, labels: Option<&Path>, runs: usize) -> String {
    let mut took = [const { Vec::new() }; TOOLS.len()];
    let mut said = [const { Value::Null }; TOOLS.len()];
    for _ in 0..runs {
        for (n, tool) in TOOLS.iter().enumerate() {
            let output = Command::new(program).arg(tool).arg(path).args(labels).output().expect("the tool can be run");
            assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
            said[n] = serde_json::from_slice(&output.stdout).expect("the tool prints JSON");
            took[n].push(said[n]["seconds"].as_f64().unwrap_or_default());
        }
    }
    let mut table = String::from(
        "Candidate pairs of documents, from texts in memory, by word 3-grams, on one thread; MinHash with 128 hash functions, \
         in bands for a Jaccard similarity of 0.5:\n\n| candidates by | seconds | pairs | labelled copies among them |\n|---|---|---|---|\n",
    );
    let names = ["fingerprints (flong)", "MinHash (gaoya)", "MinHash (txtfp)"];
    for ((name, took), said) in names.iter().zip(took).zip(&said) {
        let copies =
            if said["copies"] == 0 { "-".into() } else { format!("{} of {}", said["proposed"], said["copies"]) };
        let _ = writeln!(table, "| {name} | {:.2} | {} | {copies} |", median(took), said["pairs"]);
    }
    table + "\n"
}

/// Returns the median of some seconds.
fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
