//! Folders -> the files in them, and what could not be looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::WalkBuilder;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::shown::shown;
use super::sniff::{self, Named};
use crate::Problem;

/// The files and links in a folder and the folders below it.
pub(super) struct Walked {
    /// Files, in the order of their paths' bytes.
    pub files: Vec<PathBuf>,
    /// Symbolic links that were not followed, in the same order.
    pub links: Vec<Link>,
    /// Files and folders that could not be read, or that were passed over.
    pub problems: Vec<Problem>,
}

/// A symbolic link.
pub(super) struct Link {
    pub path: PathBuf,
    pub is_folder: bool,
    pub leads_nowhere: bool,
}

impl Link {
    fn new(path: PathBuf) -> Self {
        let meta = fs::metadata(&path);
        Link { is_folder: meta.as_ref().is_ok_and(|meta| meta.is_dir()), leads_nowhere: meta.is_err(), path }
    }

    /// Returns whether its target would be looked at if it were in the place of the link.
    pub fn is_input(&self) -> bool {
        self.is_folder || self.leads_nowhere && may_be_input(&self.path) || sniff::named(&self.path) != Named::Unknown
    }
}

/// Returns whether what has this path may be a folder or a file that is read, by its ending.
fn may_be_input(path: &Path) -> bool {
    path.extension().is_none() || sniff::named(path) != Named::Unknown
}

/// Walks a folder. Folders that flong wrote are passed over; of one that is the `root` itself, the documents are taken.
pub(super) fn walk(walker: &mut WalkBuilder, root: &Path, follow: bool) -> Walked {
    let written: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let (found, is_root) = (Arc::clone(&written), is_output(root));
    walker.follow_links(follow).filter_entry(move |entry| {
        if is_root && entry.depth() == 1 {
            let name = entry.file_name().to_string_lossy();
            return name == "documents" || name.starts_with("documents.");
        }
        let is_other = entry.depth() > 0 && entry.path().is_dir() && is_output(entry.path());
        if is_other && let Ok(mut found) = found.lock() {
            found.push(bare(entry.path()));
        }
        !is_other
    });
    let mut walked = Walked { files: Vec::new(), links: Vec::new(), problems: Vec::new() };
    for entry in walker.build() {
        match entry {
            Ok(entry) if entry.path_is_symlink() && !follow && entry.depth() > 0 => {
                walked.links.push(Link::new(bare(entry.path())));
            }
            Ok(entry) if entry.path().is_file() => walked.files.push(bare(entry.path())),
            Ok(_) => {}
            Err(error) => walked.problems.extend(problem(root, &error)),
        }
    }
    if let Ok(written) = written.lock() {
        walked.problems.extend(written.iter().map(|path| passed_over(path)));
    }
    sort(&mut walked.files);
    walked.links.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
    walked.problems.sort_by(|a, b| (&a.input, &a.reason).cmp(&(&b.input, &b.reason)));
    walked
}

/// Sorts paths by their bytes.
pub(super) fn sort(paths: &mut [PathBuf]) {
    paths.sort_by(|a, b| bytes(a).cmp(bytes(b)));
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Returns the path as it is shown: without a dot at its start.
fn bare(path: &Path) -> PathBuf {
    path.strip_prefix("./").unwrap_or(path).to_path_buf()
}

fn passed_over(path: &Path) -> Problem {
    let reason = "flong wrote this folder: it was not read; name it itself to read its documents".to_owned();
    Problem { input: shown(path), line: 0, reason, skipped: false, records: 1 }
}

/// Says what could not be looked at; nothing of a link that leads nowhere and would not be looked at anyway.
fn problem(root: &Path, error: &ignore::Error) -> Option<Problem> {
    let (path, skipped, reason) = match cause(error, root) {
        (_, ignore::Error::Loop { ancestor, child }) => {
            let reason = format!("a symbolic link that leads back to {}: it was not followed", shown(&bare(ancestor)));
            (child.as_path(), false, reason)
        }
        (path, _) if is_link(path) && !may_be_input(path) => return None,
        (path, other) if is_link(path) => {
            (path, true, format!("a symbolic link that leads nowhere: {}", why(path, other)))
        }
        (path, other) => (path, true, format!("this folder could not be looked through: {}", why(path, other))),
    };
    Some(Problem { input: shown(&bare(path)), line: 0, reason, skipped, records: 1 })
}

/// Returns why a path cannot be looked at, in the words of the operating system.
fn why(path: &Path, error: &ignore::Error) -> String {
    let again = fs::metadata(path).and_then(|_| fs::read_dir(path).map(drop));
    again.err().map_or_else(|| error.to_string(), |error| error.to_string())
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_symlink())
}

/// Returns the path that an error is about, and the error itself.
fn cause<'e>(error: &'e ignore::Error, path: &'e Path) -> (&'e Path, &'e ignore::Error) {
    match error {
        ignore::Error::WithPath { path, err } => cause(err, path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => cause(err, path),
        ignore::Error::Partial(errors) if !errors.is_empty() => cause(&errors[0], path),
        _ => (path, error),
    }
}

/// Returns whether flong wrote a folder: `clean` leaves a layout in it, `find` a summary beside matches and clusters.
fn is_output(folder: &Path) -> bool {
    #[derive(Deserialize)]
    struct Layout {
        #[serde(rename = "layout")]
        _version: u32,
        #[serde(rename = "flong")]
        _flong: String,
    }
    #[derive(Deserialize)]
    struct Summary {
        #[serde(rename = "parameters")]
        _parameters: IgnoredAny,
        #[serde(rename = "run")]
        _run: IgnoredAny,
    }
    let has_layout = || {
        let mut line = String::new();
        let file = fs::File::open(folder.join("layout.jsonl")).ok()?;
        std::io::BufRead::read_line(
            &mut std::io::BufReader::new(std::io::Read::take(file, LONGEST_HEADER_BYTES)),
            &mut line,
        )
        .ok()?;
        serde_json::from_str::<Layout>(&line).ok()
    };
    let has_summary = || {
        let there = ["matches.jsonl", "clusters.jsonl"].iter().all(|name| folder.join(name).is_file());
        let summary = fs::read(folder.join("summary.json")).ok().filter(|_| there)?;
        serde_json::from_slice::<Summary>(&summary).ok()
    };
    has_layout().is_some() || has_summary().is_some()
}

/// The first line of a layout is far shorter.
const LONGEST_HEADER_BYTES: u64 = 64 << 10;
