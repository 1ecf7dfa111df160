//! Arguments -> Inputs: files, folders, globs and standard input.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, Cursor, Read};
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;

use super::shown::shown;
use super::sniff::{self, KNOWN_ENDINGS, MAGIC_BYTES, Named, SAMPLE_BYTES};
use super::source::unpacked;
use super::{Compression, Format, Input};
use crate::{Error, Result};

/// A file of this name says which files of its folder, and those below, are not read: as a `.gitignore` does.
const IGNORE: &str = ".flongignore";

/// The inputs that the arguments name, in their order: see [`discover_as`].
pub fn discover<A: AsRef<OsStr>>(args: &[A]) -> Result<Vec<Input>> {
    discover_as(args, None)
}

/// The inputs that the arguments name, in their order, each once; read as `format` if one is given.
///
/// An argument is a file, a folder, a glob, or `-` for standard input. In a folder, files are taken whose names end in
/// one of the known endings, but for those that a `.gitignore` or a `.flongignore` names, in the order of their paths'
/// bytes. A file that is named itself, or by a glob, is taken whatever its name: its first line then tells its format.
///
/// # Errors
/// If an argument leads to nothing.
pub fn discover_as(args: &[impl AsRef<OsStr>], format: Option<Format>) -> Result<Vec<Input>> {
    if args.is_empty() {
        return Err(Error::Usage("no input: name a file, a folder or a glob, or - for standard input".into()));
    }
    let mut found = Found { format, inputs: Vec::new(), seen: HashSet::new() };
    for arg in args {
        found.add(arg.as_ref())?;
    }
    Ok(found.inputs)
}

/// The inputs found so far.
struct Found {
    format: Option<Format>,
    inputs: Vec<Input>,
    seen: HashSet<PathBuf>,
}

impl Found {
    fn add(&mut self, arg: &OsStr) -> Result<()> {
        if arg == "-" {
            return self.add_stdin();
        }
        let path = Path::new(arg);
        // A glob is text; what is not can only be the name of a file or a folder.
        let glob = arg.to_str().filter(|arg| has_glob(arg));
        let refuse = |why: &str| Err(Error::Usage(format!("{}: {why}", shown(path))));
        match (fs::metadata(path), glob) {
            (Ok(meta), _) if meta.is_dir() => self.add_folder(path),
            (Ok(meta), _) if meta.is_file() => self.add_file(path),
            (Ok(_), _) => refuse("not a file or a folder; to read a pipe, give - and pipe it in"),
            (Err(_), Some(glob)) => self.add_glob(glob),
            (Err(e), None) if e.kind() != io::ErrorKind::NotFound => Err(Error::io(path, e)),
            (Err(_), None) => refuse("no such file or folder; check the name and where you are"),
        }
    }

    fn add_stdin(&mut self) -> Result<()> {
        let stdin = PathBuf::from("-");
        if self.seen.insert(stdin.clone()) {
            // A look at what is buffered takes nothing away from who reads it later.
            let head = io::stdin().lock().fill_buf().map_err(|e| Error::io(stdin, e))?.to_vec();
            let compression = sniff::compression(&head);
            let format = self.format.unwrap_or_else(|| sniff::format(&sample(Cursor::new(head), compression)));
            self.inputs.push(Input { name: "-".into(), path: None, format, compression });
        }
        Ok(())
    }

    /// A file that was named: its content tells what its name does not.
    fn add_file(&mut self, path: &Path) -> Result<()> {
        let compression = compression_of(path)?;
        let format = match (self.format, sniff::named(path)) {
            (Some(format), _) | (None, Named::Surely(format)) => format,
            // What is no feed is read as JSON Lines, to say of each line what is wrong with it.
            (None, Named::Json) => match format_of(path, compression)? {
                Format::Feed => Format::Feed,
                _ => Format::JsonLines,
            },
            (None, Named::Xml | Named::Unknown) => format_of(path, compression)?,
        };
        self.push(path, format, compression)
    }

    fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let mut any = false;
        for path in
            walk(WalkBuilder::new(folder).require_git(false).git_global(false).add_custom_ignore_filename(IGNORE))?
        {
            let named = sniff::named(&path);
            if named == Named::Unknown {
                continue;
            }
            let compression = compression_of(&path)?;
            let format = match named {
                Named::Surely(format) => format,
                // Folders hold JSON and XML of other kinds too: settings, manifests.
                _ => match format_of(&path, compression)? {
                    Format::Text => continue,
                    format => format,
                },
            };
            any = true;
            self.push(&path, self.format.unwrap_or(format), compression)?;
        }
        let nothing = || {
            Error::Usage(format!(
                "{}: no {KNOWN_ENDINGS} file in this folder (as such, .gz, .zst or .bz2, and not named by a \
                 .gitignore or .flongignore); name a file itself to have it read whatever its name",
                shown(folder)
            ))
        };
        any.then_some(()).ok_or_else(nothing)
    }

    fn add_glob(&mut self, arg: &str) -> Result<()> {
        // Paths under the current folder are shown, and so matched, without its dot.
        let pattern = arg.trim_start_matches("./");
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|e| Error::Usage(format!("{arg}: no such file, and not a glob either: {}", e.kind())))?
            .compile_matcher();
        let base = literal_base(pattern);
        let mut any = false;
        let depth = (!pattern.contains("**") && !pattern.contains('{')).then(|| pattern.split('/').count());
        if Path::new(base).is_dir() {
            let mut walker = WalkBuilder::new(base);
            let walker = walker.standard_filters(false).hidden(true).max_depth(depth);
            for path in walk(walker)?.iter().filter(|path| glob.is_match(path)) {
                any = true;
                self.add_file(path)?;
            }
        }
        let nothing = || Error::Usage(format!("{arg}: no file matches this glob; check it and where you are"));
        any.then_some(()).ok_or_else(nothing)
    }

    /// Takes a file, unless it was taken before under whatever name.
    fn push(&mut self, path: &Path, format: Format, compression: Compression) -> Result<()> {
        let real = fs::canonicalize(path).map_err(|e| Error::io(path, e))?;
        if self.seen.insert(real) {
            self.inputs.push(Input { name: shown(path), path: Some(path.to_path_buf()), format, compression });
        }
        Ok(())
    }
}

/// The files that a walk comes by, sorted by the bytes of their paths.
fn walk(walker: &WalkBuilder) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in walker.build() {
        let entry = entry.map_err(|e| Error::Usage(format!("could not look through all of a folder: {e}")))?;
        let path = entry.path();
        if path.is_file() {
            paths.push(path.strip_prefix("./").unwrap_or(path).to_path_buf());
        }
    }
    paths.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    Ok(paths)
}

fn has_glob(arg: &str) -> bool {
    arg.contains(['*', '?', '[', '{'])
}

/// The folder that all files which the glob can match are in.
fn literal_base(glob: &str) -> &str {
    let special = glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len());
    match glob[..special].rfind('/') {
        Some(0) => "/",
        Some(slash) => &glob[..slash],
        None => ".",
    }
}

fn compression_of(path: &Path) -> Result<Compression> {
    let mut head = Vec::new();
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    file.take(MAGIC_BYTES as u64).read_to_end(&mut head).map_err(|e| Error::io(path, e))?;
    Ok(sniff::compression(&head))
}

fn format_of(path: &Path, compression: Compression) -> Result<Format> {
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    Ok(sniff::format(&sample(file, compression)))
}

/// The first decompressed bytes. Damage shows, and is told, when the input is read.
fn sample(packed: impl Read + Send + 'static, compression: Compression) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(reader) = unpacked(packed, compression) {
        let _ = reader.take(SAMPLE_BYTES as u64).read_to_end(&mut head);
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of empty files, and the arguments that name paths in it.
    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        dir
    }

    /// What the arguments, put under the folder, lead to: names without the folder.
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
        assert_eq!(discover_as(&args, Some(Format::Text)).unwrap()[0].format, Format::Text);
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
}
