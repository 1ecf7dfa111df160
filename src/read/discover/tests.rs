//! Tests of which inputs arguments name.

use super::*;

/// Returns a folder of empty files, and the arguments that name paths in it.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

/// Returns what the arguments, put under the folder, lead to: names without the folder.
fn found(dir: &tempfile::TempDir, args: &[&str]) -> Result<Vec<(String, Format)>> {
    let root = dir.path().to_str().unwrap();
    let args: Vec<String> = args.iter().map(|arg| format!("{root}/{arg}")).collect();
    let inputs = discover(&args)?;
    let short = |name: &str| name.strip_prefix(root).unwrap().trim_start_matches('/').to_string();
    Ok(inputs.iter().map(|input| (short(&input.name), input.format)).collect())
}

fn names(dir: &tempfile::TempDir, args: &[&str]) -> Vec<String> {
    found(dir, args).unwrap().into_iter().map(|(name, _)| name).collect()
}

fn complaint(dir: &tempfile::TempDir, arg: &str) -> String {
    found(dir, &[arg]).unwrap_err().to_string()
}

const OBJECT: &[u8] = b"{\"text\": \"a\"}\n";

#[test]
fn a_folder_gives_the_files_known_by_name_in_order() {
    let dir = folder(&[
        ("b.txt", b""),
        ("a/z.md.gz", b""),
        ("a.jsonl", b""),
        ("B.ndjson", b""),
        ("c.png", b""),
        (".hidden.txt", b""),
        ("package.json", b"{\n  \"name\": 1\n}"),
        ("records.json", OBJECT),
        (".gitignore", b"/out\n"),
        ("out/x.txt", b""),
        ("old/.flongignore", b"*\n!b.txt\n"),
        ("old/a.txt", b""),
        ("old/b.txt", b""),
    ]);
    assert_eq!(names(&dir, &[""]), ["B.ndjson", "a.jsonl", "a/z.md.gz", "b.txt", "old/b.txt", "records.json"]);
    assert_eq!(names(&dir, &["out"]), ["out/x.txt"]);
}

#[test]
fn a_named_file_of_unknown_ending_is_looked_at() {
    let mut packed = flate2::read::GzEncoder::new(OBJECT, flate2::Compression::fast());
    let mut gz = Vec::new();
    packed.read_to_end(&mut gz).unwrap();
    let dir = folder(&[("a.data", OBJECT), ("b", b"hello"), ("c.bin", &gz), ("d.json", b"[]")]);
    let lines = |name: &str| (name.to_string(), Format::JsonLines);
    let expected = vec![lines("a.data"), ("b".to_string(), Format::Text), lines("c.bin"), lines("d.json")];
    assert_eq!(found(&dir, &["a.data", "b", "c.bin", "d.json"]).unwrap(), expected);
    let args = [dir.path().join("c.bin").to_str().unwrap().to_string()];
    assert_eq!(discover(&args).unwrap()[0].compression, Compression::Gzip);
    let as_text = Discovery { format: Some(Format::Text), ..Discovery::default() };
    assert_eq!(discover_as(&args, &as_text).unwrap().inputs[0].format, Format::Text);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_read_and_told_apart() {
    use std::os::unix::ffi::OsStrExt;
    let dir = folder(&[("x/a.txt", b"")]);
    for name in [&b"\xff.txt"[..], b"\xfe.txt"] {
        fs::write(dir.path().join("x").join(OsStr::from_bytes(name)), "").unwrap();
    }
    assert_eq!(names(&dir, &["x"]), ["x/a.txt", "x/\\xFE.txt", "x/\\xFF.txt"]);
    let named = [dir.path().join("x").join(OsStr::from_bytes(b"\xff.txt"))];
    assert_eq!(discover(&named).unwrap()[0].path.as_ref(), Some(&named[0]));
    let nowhere = [OsStr::from_bytes(b"\xff*.jsonl")];
    assert!(discover(&nowhere).unwrap_err().to_string().contains("\\xFF*.jsonl: no such file"));
}

#[test]
fn globs() {
    let dir = folder(&[("a.txt", b""), ("x/b.txt", b""), ("x/y/c.txt", b""), ("x/.d.txt", b""), ("[1].txt", b"")]);
    assert_eq!(names(&dir, &["*.txt"]), ["[1].txt", "a.txt"]);
    assert_eq!(names(&dir, &["x/*.txt"]), ["x/b.txt"]);
    assert_eq!(names(&dir, &["**/*.txt"]), ["[1].txt", "a.txt", "x/b.txt", "x/y/c.txt"]);
    assert_eq!(names(&dir, &["{x,x/y}/?.txt"]), ["x/b.txt", "x/y/c.txt"]);
    assert_eq!(names(&dir, &["[1].txt"]), ["[1].txt"], "a file of that name comes first");
}

#[test]
fn a_file_is_read_once() {
    let dir = folder(&[("a.txt", b""), ("x/b.txt", b"")]);
    assert_eq!(names(&dir, &["x/b.txt", "x/../a.txt", "", "*.txt"]), ["x/b.txt", "x/../a.txt"]);
}

#[test]
fn what_leads_to_nothing_is_an_error() {
    let dir = folder(&[("x/a.png", b"")]);
    assert!(complaint(&dir, "nowhere.txt").contains("no such file or folder"));
    assert!(complaint(&dir, "x").contains("no .txt"));
    assert!(complaint(&dir, "x/*.txt").contains("no file matches"));
    assert!(complaint(&dir, "y/*.txt").contains("no file matches"));
    assert!(complaint(&dir, "x/[.txt").contains("not a glob"));
    assert!(discover::<String>(&[]).unwrap_err().to_string().contains("no input"));
}

#[test]
fn the_folder_of_a_glob() {
    assert_eq!(literal_base("a/b/*.txt"), "a/b");
    assert_eq!(literal_base("*.txt"), ".");
    assert_eq!(literal_base("/*.txt"), "/");
    assert_eq!(literal_base("a/b*/c"), "a");
}

/// Returns all that the arguments, put under the folder, lead to: names, and problems with whether something was skipped.
fn discovered(dir: &tempfile::TempDir, args: &[&str], follow: bool) -> (Vec<String>, Vec<(String, bool)>) {
    let root = dir.path().to_str().unwrap();
    let args: Vec<String> = args.iter().map(|arg| format!("{root}/{arg}")).collect();
    let found = discover_as(&args, &Discovery { follow, ..Discovery::default() }).unwrap();
    let short = |text: &str| text.replace(&format!("{root}/"), "");
    let inputs = found.inputs.iter().map(|input| short(&input.name)).collect();
    (inputs, found.problems.iter().map(|problem| (short(&problem.to_string()), problem.skipped)).collect())
}

#[cfg(unix)]
#[test]
fn links_in_folders_are_followed_on_request_only() {
    use std::os::unix::fs::symlink;
    let dir = folder(&[("in/a.txt", b""), ("other/b.txt", b""), ("other/sub/c.txt", b"")]);
    let in_folder = |name: &str| dir.path().join("in").join(name);
    symlink("../other/b.txt", in_folder("b.txt")).unwrap();
    symlink("../other/sub", in_folder("sub")).unwrap();
    symlink("nowhere.txt", in_folder("gone.txt")).unwrap();
    symlink("nowhere.png", in_folder("gone.png")).unwrap();
    symlink(".", in_folder("up")).unwrap();
    let (inputs, told) = discovered(&dir, &["in"], false);
    assert_eq!(inputs, ["in/a.txt"]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].0.contains("4 symbolic links were not followed (1 of them leads nowhere), such as in/b.txt; --follow")
    );
    assert!(!told[0].1, "nobody asked for them");
    let (inputs, told) = discovered(&dir, &["in"], true);
    assert_eq!(inputs, ["in/a.txt", "in/b.txt", "in/sub/c.txt"], "each file once");
    let about =
        |name: &str| told.iter().find(|(told, _)| told.starts_with(name)).unwrap_or_else(|| panic!("{name}: {told:?}"));
    assert!(about("in/gone.txt").1 && about("in/gone.txt").0.contains("leads nowhere"));
    assert!(!about("in/up").1 && about("in/up").0.contains("leads back to"), "a circle loses nothing: {told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    // What is named itself, or by a glob, is followed.
    assert_eq!(discovered(&dir, &["in/b.txt", "in/sub"], false).0, ["in/b.txt", "in/sub/c.txt"]);
    assert_eq!(discovered(&dir, &["in/gone.txt"], false).0, ["in/gone.txt"]);
    assert_eq!(
        discovered(&dir, &["in/*.txt"], false).0,
        ["in/a.txt", "in/b.txt", "in/gone.txt"],
        "reading it says why it cannot be"
    );
}

#[test]
fn what_flong_wrote_is_not_read() {
    let layout = b"{\"layout\":1,\"flong\":\"0.1.0\",\"documents\":\"documents.jsonl\",\"text\":[\"text\"]}\n";
    let dir = folder(&[
        ("a.jsonl", OBJECT),
        ("cleaned/layout.jsonl", layout),
        ("cleaned/documents.jsonl", OBJECT),
        ("cleaned/documents/x.txt", b""),
        ("cleaned/ledger.jsonl", OBJECT),
        ("cleaned/matches.jsonl", OBJECT),
        ("found/summary.json", b"{\"documents\": 1, \"parameters\": {}, \"run\": {}}"),
        ("found/matches.jsonl", OBJECT),
        ("found/clusters.jsonl", OBJECT),
        ("own/matches.jsonl", OBJECT),
        ("own/layout.jsonl", OBJECT),
    ]);
    let (inputs, told) = discovered(&dir, &[""], false);
    assert_eq!(
        inputs,
        ["/a.jsonl", "/own/layout.jsonl", "/own/matches.jsonl"].map(|name| name.trim_start_matches('/'))
    );
    assert!(told.len() == 2 && told.iter().all(|(told, skipped)| told.contains("flong wrote this folder") && !skipped));
    assert_eq!(discovered(&dir, &["**/*.jsonl"], false).0.len(), 3);
    assert_eq!(discovered(&dir, &["cleaned"], false).0, ["cleaned/documents.jsonl", "cleaned/documents/x.txt"]);
    assert_eq!(discovered(&dir, &["cleaned/*.jsonl"], false).0, ["cleaned/documents.jsonl"]);
    assert_eq!(discovered(&dir, &["cleaned/ledger.jsonl"], false).0, ["cleaned/ledger.jsonl"], "named itself");
    assert!(complaint(&dir, "found").contains("in this folder"));
}

#[test]
fn json_of_every_shape_is_read_or_told() {
    let dir = folder(&[
        ("a.json", b"[{\"text\": \"a\"}]"),
        ("b.jsonl", b"[\n{\"text\": \"a\"},\n{\"text\": \"b\"}\n]"),
        ("c.json", b"{\n \"text\": \"a\"\n}\n{\n \"text\": \"b\"\n}"),
        ("package.json", b"{\n \"name\": \"x\"\n}"),
        ("sitemap.xml", b"<?xml version='1.0'?><urlset></urlset>"),
    ]);
    let (inputs, told) = discovered(&dir, &[""], false);
    assert_eq!(inputs, ["a.json", "b.jsonl", "c.json"]);
    assert!(
        told.len() == 1 && told[0].0.contains("2 files with the ending of JSON or XML hold no documents"),
        "{told:?}"
    );
    let named = found(&dir, &["a.json", "b.jsonl", "package.json", "sitemap.xml"]).unwrap();
    assert!(named.iter().all(|(_, format)| *format == Format::Feed), "reading says what is wrong: {named:?}");
}
