//! The house rules: data flows one way, and imports point upstream only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::inputs::root;

/// The modules in the order of the flow, each with the modules it may know: all of them stand before it.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("guard", &[]),
    ("hash", &[]),
    ("nearest", &[]),
    ("ragged", &[]),
    ("temporary", &[]),
    ("date", &[]),
    ("escape", &[]),
    ("nearest", &[]),
    ("error", &["escape"]),
    ("document", &[]),
    ("heads", &["document"]),
    ("pair", &["document"]),
    ("encoding", &["error", "hash"]),
    ("reference", &[]),
    ("token", &["hash", "reference"]),
    ("read", &["date", "document", "error", "guard", "nearest", "reference", "temporary"]),
    ("segment", &["document", "hash", "token"]),
    ("shingle", &["hash", "token"]),
    ("survey", &["encoding", "hash", "shingle", "token"]),
    ("boilerplate", &["document", "encoding", "hash", "segment", "shingle", "survey", "token"]),
    ("count", &["boilerplate", "document", "encoding", "error", "hash", "segment", "shingle", "survey", "token"]),
    ("fingerprint", &[]),
    ("propose", &["document", "fingerprint", "pair"]),
    ("sketch", &["hash"]),
    ("lsh", &["document", "hash", "pair", "sketch"]),
    ("verify", &["document", "hash", "shingle", "survey", "token"]),
    ("cluster", &["document", "hash", "verify"]),
    (
        "judge",
        &[
            "boilerplate",
            "cluster",
            "date",
            "document",
            "hash",
            "heads",
            "ragged",
            "reference",
            "segment",
            "survey",
            "token",
            "verify",
        ],
    ),
    ("write", &["cluster", "document", "error", "heads", "judge", "read", "temporary", "verify"]),
    ("check", &["document", "error", "escape", "hash", "judge", "read", "sketch", "token"]),
    (
        "params",
        &["boilerplate", "count", "document", "error", "fingerprint", "judge", "lsh", "nearest", "sketch", "verify"],
    ),
    (
        "profile",
        &[
            "boilerplate",
            "count",
            "document",
            "fingerprint",
            "hash",
            "params",
            "ragged",
            "segment",
            "sketch",
            "survey",
            "token",
            "verify",
        ],
    ),
    ("config", &["boilerplate", "check", "document", "error", "judge", "nearest", "params", "read", "verify"]),
    (
        "index",
        &[
            "boilerplate",
            "params",
            "count",
            "date",
            "document",
            "error",
            "fingerprint",
            "guard",
            "hash",
            "lsh",
            "profile",
            "segment",
            "sketch",
            "survey",
            "temporary",
            "token",
            "verify",
        ],
    ),
    (
        "pipeline",
        &[
            "boilerplate",
            "cluster",
            "params",
            "count",
            "date",
            "document",
            "error",
            "fingerprint",
            "hash",
            "heads",
            "index",
            "judge",
            "lsh",
            "pair",
            "profile",
            "propose",
            "ragged",
            "read",
            "segment",
            "shingle",
            "sketch",
            "survey",
            "token",
            "verify",
            "write",
        ],
    ),
    ("evidence", &["document", "heads", "judge", "pipeline"]),
    ("eval", &["document", "error", "escape", "hash", "judge", "nearest", "params", "pipeline", "verify"]),
    ("tune", &["document", "escape", "eval", "params", "pipeline", "verify"]),
    ("before", &["document", "error", "index", "judge", "params", "pipeline"]),
    (
        "run",
        &[
            "nearest", "before", "check", "cluster", "config", "document", "error", "evidence", "heads", "index",
            "judge", "params", "pipeline", "read", "verify", "write",
        ],
    ),
    ("explain", &["boilerplate", "document", "judge", "params", "pipeline", "segment", "token", "verify"]),
    (
        "report",
        &[
            "date", "document", "error", "explain", "hash", "heads", "judge", "params", "pipeline", "read", "run",
            "verify", "write",
        ],
    ),
    (
        "one_call",
        &[
            "boilerplate",
            "count",
            "document",
            "judge",
            "params",
            "pipeline",
            "profile",
            "segment",
            "token",
            "verify",
            "write",
        ],
    ),
];

/// What stands against the flow, and why it may.
const AGAINST: &[(&str, &str)] = &[
    // The parameters name the policies that judge defines, and judge is asked with all the parameters.
    ("judge", "params"),
];

/// Modules whose names `lib.rs` gives to the crate's root, by the name.
const AT_THE_ROOT: &[(&str, &str)] = &[
    ("Bands", "params"),
    ("Params", "params"),
    ("CandidatePair", "pair"),
    ("KeyedUnit", "pair"),
    ("Document", "document"),
    ("DocumentId", "document"),
    ("Documents", "heads"),
    ("Head", "heads"),
    ("Heads", "heads"),
    ("Grain", "document"),
    ("Span", "document"),
    ("Unit", "document"),
    ("UnitId", "document"),
    ("Error", "error"),
    ("Problem", "error"),
    ("Result", "error"),
    ("Found", "pipeline"),
    ("Ragged", "ragged"),
    ("SharedPassage", "verify"),
    ("find", "pipeline"),
];

/// Every Rust file of `src`, by its path there.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let src = root().join("src");
    let mut found = Vec::new();
    walk(&src, &mut found);
    found.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("src is UTF-8");
        (path.strip_prefix(&src).expect("it is in src").to_path_buf(), text)
    };
    found.into_iter().map(read).collect()
}

/// The code of a file that is no test: without comments, and up to the tests at its end.
fn code(path: &Path, text: &str) -> String {
    if path.ends_with("tests.rs") {
        return String::new();
    }
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The module of the library that a file belongs to, and how many modules deep the file is; `None` for `lib.rs` and for
/// the command line.
fn module(path: &Path) -> Option<(String, usize)> {
    let parts: Vec<&str> =
        path.iter().filter_map(|part| part.to_str()).map(|part| part.trim_end_matches(".rs")).collect();
    let first = *parts.first()?;
    let depth = parts.len() - usize::from(parts.last() == Some(&"mod"));
    (!matches!(first, "lib" | "bin")).then(|| (first.to_string(), depth))
}

/// The names that code takes from the crate's root, by `crate::`, or by as many `super::` as lead there.
fn names_from_root(code: &str, depth: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in ["crate::".to_string(), "super::".repeat(depth)] {
        for (at, _) in code.match_indices(&start) {
            let inside_a_path = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            if !inside_a_path {
                found.extend(heads(&code[at + start.len()..]));
            }
        }
    }
    found
}

/// The first names of the paths that begin here: one, or those of a list in braces.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut start, mut found) = (0usize, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(name(&list[start..at]));
                start = at + 1;
            }
            _ => {}
        }
        if c == '}' && start == at + 1 {
            break;
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn module_of(name: &str) -> &str {
    AT_THE_ROOT.iter().find(|(known, _)| *known == name).map_or(name, |(_, module)| module)
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let names = |code: &str, depth| names_from_root(code, depth).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(names("use crate::token::{Word, word};", 1), "token");
    assert_eq!(
        names("use crate::{Document, hash::{self, pair}, judge};\nuse crate::lsh;", 1),
        "Document hash judge lsh"
    );
    assert_eq!(names("use crate::{\n    Grain,\n    Span,\n};", 1), "Grain Span");
    assert_eq!(names("pub fn f(span: crate::Span) { flong_crate::x() }", 1), "Span");
    assert_eq!(names("use super::survey::Survey;", 1), "survey");
    assert_eq!(names("use super::align::align; super::super::config::Params", 2), "config");
}

#[test]
fn the_table_is_in_order() {
    for (n, (module, known)) in MAY_KNOW.iter().enumerate() {
        for name in *known {
            assert!(MAY_KNOW[..n].iter().any(|(before, _)| before == name), "{module} stands before {name}");
        }
    }
}

#[test]
fn imports_point_upstream_only() {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let Some((module, depth)) = module(&path) else { continue };
        let names = names_from_root(&code(&path, &text), depth);
        let modules = names.iter().map(|name| module_of(name).to_string()).filter(|name| *name != module);
        known.entry(module.clone()).or_default().extend(modules);
    }
    for (module, known) in &known {
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| name == module) else {
            panic!("{module} has no place in the flow: give it one in the table")
        };
        for name in known {
            let fine = allowed.contains(&name.as_str()) || AGAINST.contains(&(module, name));
            assert!(fine, "{module} may not know {name}");
        }
    }
    // An exception that nobody needs any more goes.
    for (module, name) in AGAINST {
        assert!(known.get(*module).is_some_and(|known| known.contains(*name)), "{module} no longer knows {name}");
    }
}

/// Returns the names that follow `path` in some code, up to the next sign.
fn names_after<'a>(code: &'a str, path: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(path).map(move |(at, _)| {
        let rest = &code[at + path.len()..];
        &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
    })
}

#[test]
fn families_of_boilerplate_know_the_text_tools_only() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("boilerplate")) {
        let code = code(&path, &text);
        let family = path.parent().and_then(|folder| folder.file_name()).and_then(|name| name.to_str());
        let Some(family) = family.filter(|family| *family != "boilerplate") else { continue };
        let own = |name: &str| name == family || name == "text" && family != "text";
        for name in names_after(&code, "boilerplate::") {
            assert!(own(name), "{} may not know boilerplate::{name}", path.display());
        }
        for other in ["lexical", "learned"].iter().filter(|other| **other != family) {
            assert!(!code.contains(&format!("super::{other}")), "{} may not know {other}", path.display());
        }
    }
}

#[test]
fn modules_of_boilerplate_know_each_other_one_way() {
    let mut known: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("boilerplate")) {
        let code = code(&path, &text);
        let sibling = |name: &str| path.with_file_name(format!("{name}.rs"));
        known.insert(path.clone(), names_after(&code, "super::").map(sibling).collect());
    }
    // Take away those that know nobody who is left, until none is left.
    while !known.is_empty() {
        let left: BTreeSet<PathBuf> = known.keys().cloned().collect();
        known.retain(|_, names| names.iter().any(|name| left.contains(name)));
        assert!(known.len() < left.len(), "these know each other: {:?}", known.keys());
    }
}

#[test]
fn a_file_is_about_one_thing() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}

/// Checks that code holds these words in these places only.
fn only_in(words: &[&str], places: &[&str]) {
    let mut elsewhere = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !places.iter().any(|place| path.starts_with(place))) {
        let code = code(path, text);
        let used = words.iter().filter(|word| code.contains(**word));
        elsewhere.extend(used.map(|word| format!("{} uses {word}", path.display())));
    }
    assert!(elsewhere.is_empty(), "only {} may: {}", places.join(" and "), elsewhere.join(", "));
}

#[test]
fn unsafe_code_has_two_places() {
    only_in(
        &["unsafe {", "unsafe fn", "unsafe impl", "allow(unsafe_code)"],
        &["sketch/minimum.rs", "bin/flong/memory.rs"],
    );
}

#[test]
fn maps_do_not_ask_where_a_text_was_read() {
    // The place ranks documents and names their items; the rest is for what reads, writes or points to records.
    only_in(
        &["provenance", "Provenance"],
        &["document", "heads.rs", "read", "judge", "write", "check", "run", "one_call/dedupe.rs", "bin"],
    );
}

#[test]
fn stages_have_no_threads_and_no_clock() {
    only_in(&["rayon", "std::thread", "Instant", "SystemTime"], &["pipeline", "bin"]);
}

#[test]
fn formats_are_local() {
    only_in(&["use ::parquet"], &["read/parquet", "write/dropped_table.rs"]);
}

#[test]
fn stages_do_not_print_or_look_around() {
    // One place writes what people see, and escapes what is data in it.
    only_in(&["println!", "print!(", "dbg!"], &["bin/flong/say.rs"]);
    // A report may go to a file that is one of these; without memory only a fixed text can be written.
    only_in(&["stdout()"], &["bin/flong/say.rs", "write/file.rs"]);
    only_in(&["stderr()"], &["bin/flong/say.rs", "bin/flong/progress.rs", "bin/flong/memory.rs", "write/file.rs"]);
    only_in(&["env::var"], &["bin"]);
    // The edges of the flow deal with folders.
    only_in(&["std::env"], &["bin", "config", "pipeline/disk", "read", "write"]);
}

#[test]
fn the_command_line_stands_outside() {
    for (path, text) in sources() {
        let code = code(&path, &text);
        // The compiler lets the command line see public names only, as long as no file is pulled in another way.
        assert!(!code.contains("#[path"), "{} pulls in a file", path.display());
        assert!(!code.contains("doc(hidden)"), "{} has a public name that is not for all", path.display());
        if !path.starts_with("bin") {
            assert!(!code.contains("clap") && !code.contains("indicatif"), "{} knows the terminal", path.display());
        }
    }
}
