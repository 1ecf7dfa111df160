//! Under which name an input's text is written.

use std::collections::HashSet;
use std::path::{Component, Path};

/// Gives each input a relative name that stays inside the output folder and that no other input has.
#[derive(Debug, Default)]
pub(crate) struct Names {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl Names {
    /// The name for what is inside the input called `input`, so without the ending that says how it is compressed, and
    /// with `extension` if it comes from no file.
    pub fn take(&mut self, input: &str, extension: &str) -> String {
        let mut wanted = relative(plain(input), extension);
        if parents(&wanted).any(|folder| self.files.contains(&folder.to_lowercase())) {
            wanted = wanted.replace('/', "_");
        }
        let (stem, end) = match wanted.rfind('.') {
            Some(dot) if dot > wanted.rfind('/').map_or(0, |slash| slash + 1) => wanted.split_at(dot),
            _ => (wanted.as_str(), ""),
        };
        let mut name = wanted.clone();
        for n in 2.. {
            if self.is_free(&name) {
                break;
            }
            name = format!("{stem}-{n}{end}");
        }
        self.folders.extend(parents(&name).map(str::to_lowercase));
        self.files.insert(name.to_lowercase());
        name
    }

    /// Also where case does not tell names apart.
    fn is_free(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        !self.files.contains(&name) && !self.folders.contains(&name)
    }
}

fn parents(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').map(|(slash, _)| &name[..slash])
}

/// The path without what leads out of the folder: roots, drives, `.` and `..`.
fn relative(input: &str, extension: &str) -> String {
    let parts: Vec<_> = Path::new(input)
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
        .collect();
    match parts.join("/") {
        name if name.is_empty() || name == "-" || name == "stdin" => format!("stdin.{extension}"),
        name => name,
    }
}

/// The name without the ending that says how it is compressed.
pub(crate) fn plain(name: &str) -> &str {
    [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).filter(|n| !n.is_empty()).unwrap_or(name)
}

/// Whether `name` is one that [`Names`] could have given: a layout is not believed blindly.
pub(crate) fn is_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_and_apart() {
        let mut names = Names::default();
        for (input, name) in [
            ("a/b.txt", "a/b.txt"),
            ("./a/b.txt", "a/b-2.txt"),
            ("/a/../../A/b.txt", "a/A/b.txt"),
            ("../a/B.txt", "a/B-3.txt"),
            ("/etc/passwd", "etc/passwd"),
            ("etc", "etc-2"),
            ("a/b.txt/c", "a_b.txt_c"),
            ("a_b.txt_c.gz", "a_b-2.txt_c"),
            ("x.d/y", "x.d/y"),
            ("x.d/./y", "x.d/y-2"),
            ("-", "stdin.jsonl"),
            ("stdin", "stdin-2.jsonl"),
            ("..", "stdin-3.jsonl"),
            (".hidden", ".hidden"),
            ("./.hidden", ".hidden-2"),
        ] {
            let given = names.take(input, "jsonl");
            assert!(is_inside(&given));
            assert_eq!(given, name, "{input}");
        }
        assert!(!is_inside("../a") && !is_inside("/a") && !is_inside(""));
    }

    #[test]
    fn the_compression_is_not_part_of_the_name() {
        assert_eq!(["a.jsonl.gz", "a.zst", "a.txt", ".gz"].map(plain), ["a.jsonl", "a", "a.txt", ".gz"]);
    }
}
