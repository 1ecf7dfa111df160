//! Finding the `flong.toml` of a run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The name of the file.
const NAME: &str = "flong.toml";

/// Returns the `flong.toml` that applies to an input: the one in its folder, or in the nearest folder above that has one.
/// The search ends at the root of a repository, a folder with a `.git`.
///
/// It starts at the input itself if that is a folder; for a file, at the folder that holds it; for a glob, at the folder
/// that holds all of its files; for `-` (standard input) and for no input, at the current folder.
pub fn locate(input: Option<&OsStr>) -> Option<PathBuf> {
    let folder = folder_of(Path::new(input.filter(|input| *input != "-").unwrap_or(OsStr::new("."))));
    let real = std::fs::canonicalize(&folder).ok()?;
    for (up, folder_above) in real.ancestors().enumerate() {
        let found = folder_above.join(NAME);
        if found.is_file() {
            // As short as people would write it, where that is possible.
            return Some(if up == 0 { clean(folder.join(NAME)) } else { shown(found) });
        }
        if folder_above.join(".git").exists() {
            return None;
        }
    }
    None
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_path_buf();
    }
    let named = if path.exists() { path.parent() } else { path.to_str().and_then(before_glob) };
    named.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// Returns the folder before the first special character of a glob.
fn before_glob(glob: &str) -> Option<&Path> {
    let special = glob.find(['*', '?', '[', '{']).unwrap_or(glob.len());
    glob[..special].rfind('/').map(|slash| Path::new(if slash == 0 { "/" } else { &glob[..slash] }))
}

fn clean(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path)
}

/// Returns a path relative to the current folder, if it is in there.
fn shown(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    match here.as_ref().map(|here| path.strip_prefix(here)) {
        Ok(Ok(relative)) => relative.to_path_buf(),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn upward_from_the_input_to_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(dir.path()).unwrap();
        fs::create_dir_all(root.join("repo/a/b")).unwrap();
        fs::create_dir_all(root.join("repo/.git")).unwrap();
        fs::write(root.join("flong.toml"), "").unwrap();
        fs::write(root.join("repo/a/b/x.txt"), "").unwrap();
        let found = |input: &str| {
            let found = locate(Some(root.join(input).as_os_str()))?;
            Some(found.strip_prefix(&root).unwrap().to_str().unwrap().to_string())
        };
        assert_eq!(found(""), Some("flong.toml".into()));
        assert_eq!(found("repo/a/b/x.txt"), None, "what is above the repository is not its own");
        fs::write(root.join("repo/flong.toml"), "").unwrap();
        fs::write(root.join("repo/a/flong.toml"), "").unwrap();
        for input in ["repo/a/b/x.txt", "repo/a/b", "repo/a", "repo/a/*/x.txt", "repo/a/b/*.txt"] {
            assert_eq!(found(input), Some("repo/a/flong.toml".into()), "{input}");
        }
        assert_eq!(found("repo/*/b/x.txt"), Some("repo/flong.toml".into()));
    }
}
