//! Runs of the command line, with their time and memory.

#![allow(dead_code)] // each bench that includes this file uses a part of it

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// What a run took.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Seconds of processor time, of all threads together: what other programs do at the same time changes it little.
    pub processor_seconds: f64,
    /// Peak resident memory, in bytes.
    pub memory_bytes: u64,
    /// The most that temporary files took at a time, in bytes; 0 where the system does not tell.
    pub disk_bytes: u64,
    /// Wall-clock seconds of each stage.
    pub stages: Vec<(String, f64)>,
}

impl Run {
    /// Returns the stage that took longest, with its seconds.
    pub fn longest_stage(&self) -> (&str, f64) {
        let longest = self.stages.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        longest.map_or(("", 0.0), |(name, seconds)| (name, *seconds))
    }
}

/// Returns a command of the flong that is measured: the one that was built, or the one that `FLONG` names.
pub fn flong() -> Command {
    Command::new(std::env::var_os("FLONG").unwrap_or_else(|| env!("CARGO_BIN_EXE_flong").into()))
}

/// Runs `flong COMMAND INPUT --out OUT --force` with more options, and returns what `summary.json` says it took.
///
/// # Panics
/// If the run fails.
pub fn run(command: &str, input: &Path, out: &Path, options: &[&str]) -> Run {
    let mut flong = flong();
    flong.arg(command).arg(input).args(["--quiet", "--force", "--out"]).arg(out).args(options);
    let before = processor_seconds();
    let mut child = flong.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("flong can be run");
    let mut disk_bytes = 0;
    while child.try_wait().expect("flong can be waited for").is_none() {
        disk_bytes = disk_bytes.max(unlinked_bytes(child.id()));
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("flong can be waited for");
    let processor_seconds = processor_seconds() - before;
    assert!(output.status.success(), "{flong:?}: {}", String::from_utf8_lossy(&output.stderr));
    let summary = std::fs::read(out.join("summary.json")).expect("a run writes its summary");
    let summary: Value = serde_json::from_slice(&summary).expect("the summary is JSON");
    let run = &summary["run"];
    let stages = run["stages"].as_array().map_or(&[][..], Vec::as_slice);
    let name = |stage: &Value| stage["name"].as_str().unwrap_or_default().to_owned();
    let seconds = |value: &Value| value["seconds"].as_f64().unwrap_or_default();
    Run {
        seconds: seconds(run),
        processor_seconds,
        disk_bytes,
        memory_bytes: stages.iter().filter_map(|stage| stage["peak_memory"].as_u64()).max().unwrap_or_default(),
        stages: stages.iter().map(|stage| (name(stage), seconds(stage))).collect(),
    }
}

/// Returns the room on the disk of the files without a name that a process has open, which are its temporary ones.
fn unlinked_bytes(process: u32) -> u64 {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let unlinked = open.filter(|file| {
        let target = std::fs::read_link(file.path()).unwrap_or_default();
        target.to_string_lossy().ends_with(" (deleted)")
    });
    unlinked.filter_map(|file| Some(room(&std::fs::metadata(file.path()).ok()?))).sum()
}

/// Returns the bytes that a file takes on the disk, without those that were given back.
#[cfg(unix)]
fn room(file: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(file) * 512
}

#[cfg(not(unix))]
fn room(file: &std::fs::Metadata) -> u64 {
    file.len()
}

/// Returns the processor time of all commands that ended so far, in seconds; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The fields after the name in brackets; the 14th and 15th of these are times of children in user and kernel mode.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
    (ticks(13) + ticks(14)) / TICKS_PER_SECOND
}
