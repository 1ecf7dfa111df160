//! Names under which inputs are written and restored.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

/// Most bytes of a file's name that all common file systems accept.
const MAX_NAME_BYTES: usize = 255;

/// Most bytes of a path in an output folder; the rest of what systems accept is left for the folder's own path.
const MAX_PATH_BYTES: usize = 700;

/// Most bytes of a name's ending, from the last dot on, that are kept when the name is shortened.
const MAX_ENDING_BYTES: usize = 32;

/// The beginning of names of temporary folders in an output folder.
const TEMPORARY: &str = super::place::INSIDE;

/// Returns the relative path that an input is restored under, if that is possible: its own path, without parts that lead out
/// of the folder (roots, drives, `.` and `..`), and without the ending for the input's compression. An input that is not a
/// file is called `stdin`, with `extension`.
pub(crate) fn own_path(input: Option<&Path>, ending: &str, extension: &str) -> PathBuf {
    let normal = |part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    };
    let path: PathBuf = input.into_iter().flat_map(Path::components).filter_map(normal).collect();
    let Some(last) = path.file_name() else { return format!("stdin.{extension}").into() };
    let path = path.with_file_name(plain(last.to_owned(), ending));
    // A name that the next run would take for what a killed one left.
    if path.as_os_str().as_encoded_bytes().starts_with(TEMPORARY.as_bytes()) {
        let mut hidden = OsString::from("_");
        hidden.push(path);
        return hidden.into();
    }
    path
}

/// Returns the name without an ending, if there is something before it.
fn plain(name: OsString, ending: &str) -> OsString {
    let bytes = name.as_encoded_bytes();
    let ends = bytes.len() > ending.len() && bytes.ends_with(ending.as_bytes());
    let length = bytes.len() - if ends { ending.len() } else { 0 };
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let mut bytes = name.into_vec();
        bytes.truncate(length);
        OsString::from_vec(bytes)
    }
    #[cfg(not(unix))]
    name.to_str().map_or(name.clone(), |name| name[..length].into())
}

/// Returns a path like this one that any common file system and archive format accepts: in UTF-8, without characters and
/// names that some system reserves, and short enough for `ending` to follow. Its parts are separated by slashes.
pub(crate) fn portable(path: &Path, ending: &str) -> String {
    let names: Vec<String> = path.iter().map(|name| portable_name(&name.to_string_lossy())).collect();
    let (last, folders) = names.split_last().map_or((String::new(), &[][..]), |(last, all)| (last.clone(), all));
    let mut parts: Vec<String> = folders.iter().map(|name| cut_short(name, MAX_NAME_BYTES)).collect();
    parts.push(cut_short(&last, MAX_NAME_BYTES - ending.len()));
    let whole = parts.join("/");
    match whole.len() + ending.len() > MAX_PATH_BYTES {
        true => format!("{:016x}/{}", xxh3_64(path.as_os_str().as_encoded_bytes()), parts.pop().unwrap_or_default()),
        false => whole,
    }
}

/// Returns the name with `_` in place of what some system does not allow in a name.
fn portable_name(name: &str) -> String {
    let reserved = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER || "<>:\"|?*\\/".contains(c);
    let mut name: String = name.chars().map(|c| if reserved(c) { '_' } else { c }).collect();
    if name.ends_with(['.', ' ']) {
        name.pop();
        name.push('_');
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&&*stem) || numbered("COM") || numbered("LPT") {
        name.insert(0, '_');
    }
    name
}

/// Returns the name in at most this many bytes, shortened before its ending.
fn cut_short(name: &str, max_bytes: usize) -> String {
    if name.len() <= max_bytes {
        return name.to_owned();
    }
    let (stem, ending) = stem_and_ending(name);
    format!("{}{ending}", beginning(stem, max_bytes.saturating_sub(ending.len())))
}

/// Returns the first characters of a text, in at most this many bytes.
fn beginning(text: &str, max_bytes: usize) -> &str {
    let end = (0..=max_bytes.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or_default()]
}

/// Splits a name at its last dot, if the rest is short enough to be an ending.
fn stem_and_ending(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= MAX_ENDING_BYTES => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Chooses distinct paths: no two are equal, and none is a folder of another.
#[derive(Debug)]
pub(crate) struct Names {
    /// Whether names must differ in more than case and the composition of characters.
    folded: bool,
    files: HashSet<OsString>,
    folders: HashSet<OsString>,
    /// The number of times that each path was asked for.
    wanted: HashMap<PathBuf, usize>,
}

impl Names {
    /// Returns a chooser of names that differ in their bytes.
    pub fn exact() -> Self {
        Names { folded: false, files: HashSet::new(), folders: HashSet::new(), wanted: HashMap::new() }
    }

    /// Returns a chooser of names that differ on every file system.
    pub fn folded() -> Self {
        Names { folded: true, ..Names::exact() }
    }

    /// Returns the path, or one with a number in its name if the path is taken. `ending` will follow the name.
    pub fn take(&mut self, path: PathBuf, ending: &str) -> PathBuf {
        let mut path = path;
        if folders(&path).any(|folder| self.files.contains(&self.key(folder))) {
            path = portable(Path::new(&path.to_string_lossy().replace(['/', '\\'], "_")), ending).into();
        }
        let mut name = path.clone();
        while !self.is_free(&name) {
            let wanted = self.wanted.entry(path.clone()).or_insert(1);
            *wanted += 1;
            name = numbered(&path, *wanted, ending);
        }
        let keys: Vec<OsString> = folders(&name).map(|folder| self.key(folder)).collect();
        self.folders.extend(keys);
        self.files.insert(self.key(&name));
        name
    }

    fn is_free(&self, path: &Path) -> bool {
        let key = self.key(path);
        !self.files.contains(&key) && !self.folders.contains(&key)
    }

    fn key(&self, path: &Path) -> OsString {
        match path.to_str() {
            Some(text) if self.folded => fold(text).into(),
            _ => path.as_os_str().to_owned(),
        }
    }
}

/// Returns the name without differences in case and in the composition of characters, which some file systems ignore.
fn fold(name: &str) -> String {
    name.nfkd().collect::<String>().to_uppercase().to_lowercase().nfkd().collect()
}

/// Returns the path with a number before the ending of its name.
pub(crate) fn numbered(path: &Path, number: usize, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default();
    let number = format!("-{number}");
    let name = name.to_str().map_or_else(|| portable_name(&name.to_string_lossy()), str::to_owned);
    let (stem, end) = stem_and_ending(&name);
    let room = MAX_NAME_BYTES - ending.len() - number.len() - end.len();
    path.with_file_name(format!("{}{number}{end}", beginning(stem, room)))
}

fn folders(path: &Path) -> impl Iterator<Item = &Path> {
    path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty())
}

/// Returns whether a path stays inside a folder. Paths in a layout are not trusted.
pub(crate) fn is_inside(path: &Path) -> bool {
    !path.as_os_str().is_empty() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(names: &mut Names, input: &str) -> String {
        let input = (input != "-").then_some(Path::new(input));
        let given = names.take(own_path(input, ".gz", "jsonl"), "");
        assert!(is_inside(&given));
        given.to_str().unwrap().to_owned()
    }

    #[test]
    fn names_stay_inside_and_apart() {
        let mut names = Names::folded();
        for (input, name) in [
            ("a/b.txt", "a/b.txt"),
            ("../a/b.txt", "a/b-2.txt"),
            ("/a/../../A/b.txt", "a/A/b.txt"),
            ("../a/B.txt", "a/B-3.txt"),
            ("/etc/passwd", "etc/passwd"),
            ("etc", "etc-2"),
            ("a/b.txt/c", "a_b.txt_c"),
            ("a_b.txt_c.gz", "a_b-2.txt_c"),
            ("x.d/y", "x.d/y"),
            ("../x.d/y", "x.d/y-2"),
            ("é.txt", "é.txt"),
            ("e\u{301}.txt", "e\u{301}-2.txt"),
            ("-", "stdin.jsonl"),
            ("./-", "-"),
            ("stdin", "stdin"),
            ("-", "stdin-2.jsonl"),
            (".hidden", ".hidden"),
            ("../.hidden", ".hidden-2"),
            (".flong-abc123/x", "_.flong-abc123/x"),
        ] {
            assert_eq!(given(&mut names, input), name, "{input}");
        }
        for outside in ["../a", "/a", "", "a/../../b"] {
            assert!(!is_inside(Path::new(outside)), "{outside}");
        }
    }

    #[test]
    fn exact_names_are_apart_by_their_bytes() {
        let mut names = Names::exact();
        for (input, name) in [("a", "a"), ("A", "A"), ("./x/a", "x/a"), ("../a", "a-2"), ("x", "x-2"), ("a/b", "a_b")] {
            assert_eq!(given(&mut names, input), name, "{input}");
        }
    }

    #[test]
    fn the_compression_is_not_part_of_the_name() {
        let own = |name: &str| own_path(Some(Path::new(name)), ".gz", "").to_str().unwrap().to_owned();
        assert_eq!(["a.jsonl.gz", "a.zst", "a.txt", "x/.gz"].map(own), ["a.jsonl", "a.zst", "a.txt", "x/.gz"]);
    }

    #[test]
    fn portable_names_suit_every_system() {
        for (name, portable_name) in [
            ("a/b.txt", "a/b.txt"),
            ("10:00?.txt", "10_00_.txt"),
            ("dot./space /x", "dot_/space_/x"),
            ("con.txt", "_con.txt"),
            ("COM1", "_COM1"),
            ("common.txt", "common.txt"),
            ("a\nb", "a_b"),
        ] {
            assert_eq!(portable(Path::new(name), ""), portable_name);
        }
        let long = "é".repeat(125) + ".jsonl";
        assert_eq!(portable(Path::new(&long), ".gz"), "é".repeat(123) + ".jsonl");
        let deep = "abcdefghi/".repeat(100) + "x.txt";
        let short = portable(Path::new(&deep), "");
        assert!(short.ends_with("/x.txt") && short.len() == 22, "{short}");
    }

    #[test]
    fn long_names_stay_long_enough_to_be_apart() {
        let long = "z".repeat(251) + ".txt";
        let mut names = Names::folded();
        let taken: Vec<PathBuf> = (0..3).map(|_| names.take(portable(Path::new(&long), ".gz").into(), ".gz")).collect();
        assert_eq!(taken.iter().collect::<HashSet<_>>().len(), 3);
        assert!(taken.iter().all(|name| name.as_os_str().len() <= 252), "{taken:?}");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_stay_as_they_are() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(OsStr::from_bytes(b"x/\xff\xfe.txt.gz"));
        let mut names = Names::exact();
        assert_eq!(names.take(own_path(Some(path), ".gz", ""), "").as_os_str().as_bytes(), b"x/\xff\xfe.txt");
        assert_eq!(names.take(own_path(Some(path), ".gz", ""), "").to_str(), Some("x/__-2.txt"));
        assert_eq!(portable(path, ""), "x/__.txt.gz");
    }
}
