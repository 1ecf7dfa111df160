//! Paths from the root: the same wherever in a repository a check is run.

use std::path::{Component, Path, PathBuf};

use flong::read::{Input, shown};

/// Returns the root that paths are shown from: the nearest folder upward from here that is a repository's, or this one.
pub fn root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here).to_path_buf()
}

/// Returns the path of an input from the root, with forward slashes; the whole path of what is elsewhere.
pub fn from_root(input: &Input, root: &Path) -> String {
    let Some(path) = &input.path else { return "stdin".into() };
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let roundabout = whole.components().any(|part| part == Component::ParentDir);
    let whole = if roundabout { std::fs::canonicalize(&whole).unwrap_or(whole) } else { whole };
    shown(whole.strip_prefix(root).unwrap_or(&whole))
}

#[cfg(test)]
mod tests {
    use flong::read::{Compression, Format};

    use super::*;

    #[test]
    fn inputs_are_shown_from_the_root() {
        let here = std::env::current_dir().unwrap();
        let shown = |path: PathBuf, root: &Path| {
            let input =
                Input { name: "x".into(), path: Some(path), format: Format::Text, compression: Compression::None };
            from_root(&input, root)
        };
        assert_eq!(shown("src/./lib.rs".into(), &here), "src/lib.rs");
        assert_eq!(shown("src/../src/lib.rs".into(), &here), "src/lib.rs");
        assert_eq!(shown(here.join("src/lib.rs"), &here.join("src")), "lib.rs");
        assert_eq!(shown(here.join("a.txt"), &here.join("src")), here.join("a.txt").to_str().unwrap());
    }
}
