//! Runs through the command line: its exit codes, and what it says.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::back::spoil;
use super::inside::Failure;
use super::kind::Kind;
use super::random::Random;
use super::start::KNOWN;
use super::watch::MOST_SECONDS;

const FORMATS: [&str; 6] = ["text", "json", "sarif", "github", "junit", "markdown"];

/// Runs commands on a file of this kind, whose name is `name`, in this folder.
pub fn run(random: &mut Random, kind: Kind, name: &str, folder: &Path) -> Result<(), Failure> {
    fs::write(folder.join("known.jsonl"), KNOWN.concat()).expect("the folder can be written");
    let flong = |arguments: &str| flong(folder, arguments);
    match kind {
        Kind::Index => match random.below(6) {
            0 => flong(&format!("index query {name} known.jsonl")),
            1 => flong(&format!("index add {name} known.jsonl --threads 1")),
            2 => flong(&format!("index info {name}")),
            3 => flong(&format!("index expire {name} --older-than 1d")),
            4 => flong(&format!("check known.jsonl --index {name}")),
            _ => flong(&format!("clean known.jsonl --index {name} --update --out out")),
        },
        Kind::Baseline => match random.below(2) {
            0 => flong(&format!("check known.jsonl --baseline {name}")),
            _ => flong(&format!("check known.jsonl --baseline {name} --prune-baseline")),
        },
        Kind::Settings => match random.below(5) {
            0 => flong(&format!("check known.jsonl --config {name}")),
            1 => flong(&format!("find known.jsonl --config {name}")),
            2 => flong(&format!("clean known.jsonl --config {name} --out out")),
            3 => flong(&format!("explain known.jsonl a b --config {name}")),
            _ => flong(&format!("config show known.jsonl --config {name}")),
        },
        _ => match random.below(6) {
            0 => flong(&format!("find {name} --out found")),
            1 => flong(&format!("check {name} known.jsonl --output-format {}", random.pick(&FORMATS))),
            2 => flong(&format!("index add new.flong {name}")).and_then(|_| flong("index info new.flong")),
            3 => explain(name, folder),
            _ => return clean_and_restore(random, name, folder),
        },
    }
    .map(drop)
}

/// Asks about the documents that a run finds in the file, as a person would who has seen its outputs.
fn explain(name: &str, folder: &Path) -> Result<i32, Failure> {
    flong(folder, &format!("clean {name} --out out"))?;
    let lines = fs::read_to_string(folder.join("out/documents.jsonl")).unwrap_or_default();
    let id = lines.lines().next().and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let id = id.and_then(|line| Some(line.get("id")?.as_str()?.to_owned()));
    let id = id.filter(|id| !id.contains(['\0', '\'', '\n']) && !id.starts_with('-')).unwrap_or(format!("{name}:1"));
    spawn(folder, &["explain", name, &id])
}

fn clean_and_restore(random: &mut Random, name: &str, folder: &Path) -> Result<(), Failure> {
    let more = if random.one_in(2) { " known.jsonl --mark" } else { "" };
    if !matches!(flong(folder, &format!("clean {name}{more} --out out"))?, 0 | 3) {
        return Ok(());
    }
    let code = flong(folder, "restore out --out back")?;
    if code == 2 {
        return Err("clean accepts what restore refuses".into());
    }
    let (original, back) = (folder.join(name), folder.join("back").join(name));
    let bytes = |path: &Path| fs::read(path).unwrap_or_default();
    // Packed inputs come back unpacked, and tables of Parquet with the same values: the library's runs look at these.
    let plain = back.exists() && !bytes(&original).starts_with(b"PAR1");
    if code == 0 && plain && !is_packed(&bytes(&original)) && bytes(&original) != bytes(&back) {
        return Err("restore gives back other bytes, with exit 0".into());
    }
    let file = spoil(random, &folder.join("out"));
    let code = flong(folder, "restore out --out again")?;
    let again = folder.join("again").join(name);
    if code == 0 && plain && bytes(&again) != bytes(&back) {
        return Err(format!("{file} damaged: restore gives back other bytes, with exit 0"));
    }
    Ok(())
}

fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
        || bytes.starts_with(b"BZh")
        || bytes.get(1..4) == Some(&[0xb5, 0x2f, 0xfd])
        || bytes.get(1..4) == Some(&[0x2a, 0x4d, 0x18])
}

/// Runs a command of these words.
fn flong(folder: &Path, arguments: &str) -> Result<i32, Failure> {
    spawn(folder, &arguments.split(' ').collect::<Vec<_>>())
}

/// Runs a command. Gives its exit code if that is one of those that are promised.
fn spawn(folder: &Path, arguments: &[&str]) -> Result<i32, Failure> {
    let told = arguments.join(" ");
    let said = folder.join("said");
    let stderr = File::create(&said).expect("the folder can be written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_flong"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("RAYON_NUM_THREADS", "2")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .map_err(|e| format!("`{told}` does not start: {e}"))?;
    let start = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) => break status,
            None if start.elapsed() > Duration::from_secs(MOST_SECONDS) => {
                let _ = (child.kill(), child.wait());
                return Err(format!("`{told}` takes more than {MOST_SECONDS} s"));
            }
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let said = String::from_utf8_lossy(&fs::read(&said).unwrap_or_default()).into_owned();
    if let Some(at) = said.find("panicked at") {
        let told_first: String = said[at..].lines().take(2).collect::<Vec<_>>().join(" ");
        return Err(format!("`{told}`: {told_first}"));
    }
    match status.code() {
        Some(code @ 0..=3) => Ok(code),
        code => Err(format!("`{told}` ends with {code:?} ({status}): {}", said.lines().last().unwrap_or_default())),
    }
}
