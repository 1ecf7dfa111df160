//! Recognises folders that flong wrote, so that no other folder is ever replaced.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::layout::{DOCUMENTS, DROPPED_LINES, DROPPED_TABLE, LAYOUT, LEDGER, REST, TEXTS};
use super::place::entries;
use crate::{Error, Result};

const SUMMARY: &str = "summary.json";

/// Files of an output that are the same in each.
const FILES: [&str; 8] =
    [SUMMARY, LAYOUT, LEDGER, DROPPED_LINES, DROPPED_TABLE, "matches.jsonl", "clusters.jsonl", "seen.jsonl"];

/// Returns a file or folder in an output folder that no `find` or `clean` wrote there; `None` if they wrote all of it, or
/// if it is empty. Their outputs are recognised by the layout or the summary, and no other file may be next to these.
pub(super) fn foreign(folder: &Path) -> Result<Option<PathBuf>> {
    let failed = |e| Error::io(folder, e);
    let names = entries(folder).map_err(failed)?;
    let listed = listed(&folder.join(LAYOUT)).map_err(failed)?;
    let is_output = listed.is_some() || is_summary(&folder.join(SUMMARY));
    let listed = listed.unwrap_or_default();
    for name in &names {
        let path = folder.join(name);
        let kind = fs::symlink_metadata(&path).map_err(failed)?.file_type();
        let found = match name.to_str() {
            _ if !is_output => Some(path),
            Some(TEXTS | REST) if kind.is_dir() => unlisted(&path, folder, &listed).map_err(failed)?,
            Some(name) if kind.is_file() && is_file_of_ours(name) => None,
            _ => Some(path),
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Returns whether a file next to the layout or the summary has a name that flong gives.
fn is_file_of_ours(name: &str) -> bool {
    let table = |name: &str| {
        let plain = [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        plain == DOCUMENTS
            || [TEXTS, REST].iter().any(|stem| {
                let ending = plain.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.'));
                matches!(ending, Some("csv" | "tsv" | "parquet"))
            })
    };
    FILES.contains(&name) || table(name)
}

/// Returns a file below a folder that the layout does not list.
fn unlisted(folder: &Path, root: &Path, listed: &HashSet<PathBuf>) -> io::Result<Option<PathBuf>> {
    for path in walk(folder)? {
        let relative = path.strip_prefix(root).unwrap_or(&path);
        if !path.is_dir() && !listed.contains(relative) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Returns all that is below a folder, by path; links are not followed.
pub(super) fn walk(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The header of any version's layout.
#[derive(Deserialize)]
#[allow(dead_code, reason = "that the fields are there says what the file is")]
struct Header {
    layout: u32,
    flong: IgnoredAny,
    documents: IgnoredAny,
}

/// The files of an input, in any version's layout.
#[derive(Deserialize)]
struct Files {
    #[serde(default)]
    file: Option<PathBuf>,
    #[serde(default)]
    table: Option<Table>,
}

#[derive(Deserialize)]
struct Table {
    #[serde(default)]
    rest: Option<PathBuf>,
}

/// Returns the files that a layout lists; `None` if there is no layout.
fn listed(layout: &Path) -> io::Result<Option<HashSet<PathBuf>>> {
    let mut lines = match File::open(layout) {
        Ok(file) => BufReader::new(file).split(b'\n'),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let first = lines.next().transpose()?.unwrap_or_default();
    if serde_json::from_slice::<Header>(&first).is_err() {
        return Ok(None);
    }
    let mut files = HashSet::new();
    for line in lines {
        // A line that cannot be read lists nothing; then its files are not known for ours.
        if let Ok(line) = serde_json::from_slice::<Files>(&line?) {
            files.extend(line.file);
            files.extend(line.table.and_then(|table| table.rest));
        }
    }
    Ok(Some(files))
}

/// Returns whether a file is the summary of a run.
fn is_summary(path: &Path) -> bool {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "that the fields are there says what the file is")]
    struct Summary {
        matches: IgnoredAny,
        clusters: IgnoredAny,
        repeats: IgnoredAny,
        problems: IgnoredAny,
        parameters: IgnoredAny,
        run: IgnoredAny,
    }
    File::open(path).is_ok_and(|file| serde_json::from_reader::<_, Summary>(BufReader::new(file)).is_ok())
}

/// Returns a file or folder in `old` that `new` does not contain with the same bytes, so that it would be lost if `new`
/// replaced `old`.
pub(super) fn lost(old: &Path, new: &Path) -> Result<Option<PathBuf>> {
    let failed = |e| Error::io(old, e);
    for name in entries(old).map_err(failed)? {
        let top = old.join(name);
        let below = if top.is_symlink() || !top.is_dir() { Vec::new() } else { walk(&top).map_err(failed)? };
        for path in [top].into_iter().chain(below) {
            let other = new.join(path.strip_prefix(old).unwrap_or(&path));
            if !is_same(&path, &other).map_err(failed)? {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// Returns whether two paths are files of the same bytes, or folders.
fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    let Ok(other) = fs::symlink_metadata(b) else { return Ok(false) };
    let meta = fs::symlink_metadata(a)?;
    if meta.is_dir() || !meta.is_file() || !other.is_file() || meta.len() != other.len() {
        return Ok(meta.is_dir() && other.is_dir());
    }
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = a.read(&mut left)?;
        b.read_exact(&mut right[..read])?;
        if read == 0 || left[..read] != right[..read] {
            return Ok(read == 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"{"layout":1,"flong":"0.1.0","documents":"documents.jsonl","text":["text"]}"#;
    const SUMMARY_OF_OURS: &str =
        r#"{"documents":1,"matches":{},"clusters":{},"repeats":{},"skipped":0,"problems":[],"parameters":{},"run":{}}"#;

    /// Returns a folder with these files, and the path in it that is not ours.
    fn found(files: &[(&str, &str)]) -> Option<String> {
        let here = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = here.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = foreign(here.path()).unwrap()?;
        Some(found.strip_prefix(here.path()).unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn outputs_are_known_by_their_own_files() {
        let line = r#"{"name":"a.txt","file":"documents/a.txt","records":[]}"#;
        let layout = format!("{HEADER}\n{line}\n{{\"documents\":\"\",\"ledger\":\"\"}}\n");
        let ours =
            [("layout.jsonl", &*layout), ("documents/a.txt", ""), ("documents.jsonl.gz", ""), ("rest.parquet", "")];
        assert_eq!(found(&ours), None);
        assert_eq!(found(&[("summary.json", SUMMARY_OF_OURS), ("matches.jsonl", "")]), None);
        assert_eq!(found(&[]), None);
        for (name, foreign) in [
            ("thesis.tex", "thesis.tex"),
            ("documents/in/b.txt", "documents/in/b.txt"),
            ("documents.doc", "documents.doc"),
            (".git/config", ".git"),
        ] {
            let mut with = ours.to_vec();
            with.push((name, "mine"));
            assert_eq!(found(&with).as_deref(), Some(foreign), "{name}");
        }
    }

    #[test]
    fn names_alone_make_no_output() {
        for files in [
            &[("layout.jsonl", "{}"), ("documents.jsonl", "")][..],
            &[("summary.json", "{\"run\": 1}"), ("documents.jsonl", "")],
            &[("documents/a.txt", "mine")],
            &[("documents.jsonl", "mine")],
        ] {
            assert!(found(files).is_some(), "{files:?}");
        }
    }

    #[test]
    fn what_would_be_lost_is_found() {
        let here = tempfile::tempdir().unwrap();
        let (old, new) = (here.path().join("old"), here.path().join("new"));
        let write = |folder: &Path, name: &str, text: &str| {
            fs::create_dir_all(folder.join("a")).unwrap();
            fs::write(folder.join(name), text).unwrap();
        };
        write(&old, "a/x", "same");
        write(&new, "a/x", "same");
        write(&new, "y", "more");
        assert_eq!(lost(&old, &new).unwrap(), None);
        write(&old, "a/x", "diff");
        assert_eq!(lost(&old, &new).unwrap(), Some(old.join("a/x")));
        write(&old, "a/x", "same");
        write(&old, "a/z", "");
        assert_eq!(lost(&old, &new).unwrap(), Some(old.join("a/z")));
    }
}
