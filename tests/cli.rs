//! The command line, by cases that are written down: `cases/*.case`. `docs/testing.md` says how one is written.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::inputs::root;

/// Runs `flong` in a folder. `$CORPUS` in an argument stands for the articles.
pub fn flong(folder: &Path, arguments: &str, input: Option<&[u8]>) -> Output {
    let articles = root().join("corpus/articles");
    let articles = articles.to_str().expect("the folder's path is UTF-8");
    let mut child = Command::new(env!("CARGO_BIN_EXE_flong"))
        .args(words(arguments).into_iter().map(|word| word.replace("$CORPUS", articles)))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flong runs");
    if let (Some(bytes), Some(mut stdin)) = (input, child.stdin.take()) {
        // A command that refuses its arguments need not read what it is given.
        let _ = stdin.write_all(bytes);
    }
    child.wait_with_output().expect("flong ends")
}

/// Splits arguments at spaces, but for those between single quotes.
fn words(arguments: &str) -> Vec<String> {
    let (mut found, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in arguments.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => found.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            c => word.push(c),
        }
    }
    found.extend(Some(word).filter(|word| !word.is_empty()));
    found
}

/// A case as it runs: a folder of its own, and what the last command did.
struct Case {
    name: String,
    folder: tempfile::TempDir,
    last: Option<Output>,
}

impl Case {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Does what one line of the case says; `body` are the `| ` lines below it.
    fn step(&mut self, line: &str, body: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "$" => self.run(rest.strip_prefix("flong ").ok_or("only flong is run")?),
            "file" => self.write(rest, body.as_bytes()),
            "corpus" => self.write(rest, &articles()),
            "gzip" => {
                let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                packed.write_all(&self.read(rest)?).map_err(|e| e.to_string())?;
                self.write(&format!("{rest}.gz"), &packed.finish().map_err(|e| e.to_string())?)
            }
            "cut" => {
                let (name, bytes) = rest.split_once(' ').ok_or("cut FILE BYTES")?;
                let whole = self.read(name)?;
                self.write(name, &whole[..whole.len().saturating_sub(bytes.parse().map_err(|_| "BYTES is a number")?)])
            }
            "spoil" => {
                let (name, text) = rest.split_once(' ').ok_or("spoil FILE TEXT")?;
                let mut bytes = self.read(name)?;
                let at =
                    bytes.windows(text.len()).position(|window| window == text.as_bytes()).ok_or("no such text")?;
                bytes[at] = 0xff;
                self.write(name, &bytes)
            }
            "zero" => {
                let (name, start) = rest.split_once(' ').ok_or("zero FILE START")?;
                let mut bytes = self.read(name)?;
                let start = start.parse().map_err(|_| "START is a number")?;
                bytes.get_mut(start..).ok_or("it is shorter")?.fill(0);
                self.write(name, &bytes)
            }
            "split" | "shards" => {
                let words = words(rest);
                let [name, parts, folder] = &words[..] else { return Err(format!("{word} FILE PARTS FOLDER")) };
                self.split(name, parts.parse().map_err(|_| "PARTS is a number")?, folder, word == "shards")
            }
            "exit" => self.check(self.last()?.status.code() == rest.parse().ok(), format!("not exit {rest}")),
            "stdout" => self.says(&self.last()?.stdout, rest),
            "stderr" => self.says(&self.last()?.stderr, rest),
            "there" => self.check(self.path(rest).exists(), format!("no {rest}")),
            "gone" => self.check(!self.path(rest).exists(), format!("{rest} is there")),
            "contents" => {
                let (name, claim) = rest.split_once(' ').ok_or("contents FILE has TEXT")?;
                self.says(&self.read(name)?, claim)
            }
            "same" => {
                let (a, b) = rest.split_once(' ').ok_or("same A B")?;
                same(&self.path(a), &self.path(b))
            }
            _ => Err("what is this?".into()),
        }
    }

    /// Runs a command; `< FILE` at its end is its standard input.
    fn run(&mut self, command: &str) -> Result<(), String> {
        let (arguments, input) = match command.split_once(" < ") {
            Some((arguments, name)) => (arguments, Some(self.read(name)?)),
            None => (command, None),
        };
        self.last = Some(flong(self.folder.path(), arguments, input.as_deref()));
        Ok(())
    }

    fn last(&self) -> Result<&Output, String> {
        self.last.as_ref().ok_or_else(|| "no command was run".into())
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(self.path(name)).map_err(|e| format!("{name}: {e}"))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .and_then(|()| fs::write(path, bytes))
            .map_err(|e| format!("{name}: {e}"))
    }

    /// Cuts a file of lines into parts whose names are in its order; the parts may be tables of Parquet.
    fn split(&self, name: &str, parts: usize, folder: &str, is_parquet: bool) -> Result<(), String> {
        let bytes = self.read(name)?;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        for part in 0..parts {
            let range = part * lines.len() / parts..(part + 1) * lines.len() / parts;
            let path = format!("{folder}/part-{part:03}");
            match is_parquet {
                true => {
                    fs::create_dir_all(self.path(folder)).map_err(|e| e.to_string())?;
                    crate::shards::write(&self.path(&format!("{path}.parquet")), &lines[range])?;
                }
                false => self.write(&format!("{path}.jsonl"), &lines[range].concat())?,
            }
        }
        Ok(())
    }

    fn says(&self, bytes: &[u8], claim: &str) -> Result<(), String> {
        let text = String::from_utf8_lossy(bytes);
        match claim.split_once(' ').unwrap_or((claim, "")) {
            ("has", what) => self.check(text.contains(what), format!("no `{what}`")),
            ("lacks", what) => self.check(!text.contains(what), format!("`{what}` is there")),
            ("empty", _) => self.check(text.is_empty(), "not empty".into()),
            ("lines", count) => self.check(Some(text.lines().count()) == count.parse().ok(), "other lines".into()),
            _ => Err("has TEXT, lacks TEXT, lines COUNT or empty".into()),
        }
    }

    fn check(&self, holds: bool, otherwise: String) -> Result<(), String> {
        if holds { Ok(()) } else { Err(otherwise) }
    }

    fn shown(&self) -> String {
        let Some(last) = &self.last else { return String::new() };
        let (out, err) = (String::from_utf8_lossy(&last.stdout), String::from_utf8_lossy(&last.stderr));
        format!("{}\n--- stdout\n{out}\n--- stderr\n{err}", last.status)
    }
}

/// All articles in one file of JSON Lines.
fn articles() -> Vec<u8> {
    let folder = fs::read_dir(root().join("corpus/articles")).expect("the corpus is there");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("the corpus can be read").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| fs::read(path).expect("the corpus can be read")).collect()
}

/// Whether two files, or all files of two folders, have the same bytes.
fn same(a: &Path, b: &Path) -> Result<(), String> {
    if a.is_dir() && b.is_dir() {
        let (names, others) = (names(a)?, names(b)?);
        if names != others {
            return Err(format!("other files: {names:?} and {others:?}"));
        }
        return names.iter().try_for_each(|name| same(&a.join(name), &b.join(name)));
    }
    let bytes = |path: &Path| match comparable(path) {
        Ok(bytes) => Ok(bytes),
        Err(e) => Err(format!("{}: {e}", path.display())),
    };
    if bytes(a)? == bytes(b)? { Ok(()) } else { Err(format!("{} and {} differ", a.display(), b.display())) }
}

fn names(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.file_name().into()).collect();
    names.sort();
    Ok(names)
}

/// The bytes of a file; of a summary, those before its last key, `run`, which tells time and memory.
fn comparable(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    if path.ends_with("summary.json") {
        let run = b"\n  \"run\":";
        let at = bytes.windows(run.len()).position(|window| window == run);
        bytes.truncate(at.expect("a summary ends with its key `run`"));
    }
    Ok(bytes)
}

/// Runs one case; the error says at which line it fails.
fn run(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut case = Case { name, folder: tempfile::tempdir().map_err(|e| e.to_string())?, last: None };
    let mut lines = text.lines().enumerate().peekable();
    let mut claims = 0;
    while let Some((n, line)) = lines.next() {
        let mut body = String::new();
        while let Some((_, more)) = lines.next_if(|(_, line)| line.starts_with('|')) {
            body.push_str(more.strip_prefix("| ").unwrap_or(&more[1..]));
            body.push('\n');
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        claims += usize::from(
            !["$", "file", "corpus", "gzip", "cut", "spoil", "zero", "split", "shards"]
                .contains(&line.split(' ').next().unwrap_or("")),
        );
        case.step(line, &body).map_err(|e| format!("{}.case:{}: {line}\n  {e}\n{}", case.name, n + 1, case.shown()))?;
    }
    if claims == 0 { Err(format!("{}.case claims nothing", case.name)) } else { Ok(()) }
}

#[test]
fn cases() {
    let folder = fs::read_dir(root().join("tests/cases")).expect("the cases are there");
    let mut paths: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "case"));
    paths.sort();
    if let Some(named) = std::env::var_os("FLONG_CASE") {
        paths.retain(|path| path.file_stem() == Some(&named));
    }
    let failed: Vec<String> = paths.iter().filter_map(|path| run(path).err()).collect();
    println!("{} cases", paths.len());
    assert!(failed.is_empty(), "{} of {} cases fail\n\n{}", failed.len(), paths.len(), failed.join("\n\n"));
}

#[test]
fn quotes_hold_words_together() {
    assert_eq!(words("find  'a b' c'd e'"), ["find", "a b", "cd e"]);
}

/// The page of worked examples shows the cases `example-*.case` as they are, so that what it shows runs here.
#[test]
fn the_page_of_examples_shows_cases_that_run() {
    let cases = fs::read_dir(root().join("tests/cases")).expect("the cases are there").flatten();
    let mut paths: Vec<PathBuf> = cases.map(|entry| entry.path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("example-")));
    paths.sort();
    assert!(paths.len() >= 3, "{paths:?}");
    let Ok(page) = fs::read_to_string(root().join("docs/examples.md")) else { return println!("skipped: no docs/") };
    let mut shown = page.clone();
    for path in &paths {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let start = format!("<!-- tests/cases/{name} -->\n```sh\n");
        let (before, rest) =
            shown.split_once(&start).unwrap_or_else(|| panic!("docs/examples.md does not show {name}"));
        let (_, after) = rest.split_once("```\n").expect("the block ends");
        let case = fs::read_to_string(path).expect("the case can be read");
        shown = format!("{before}{start}{case}```\n{after}");
    }
    if std::env::var_os("FLONG_ACCEPT").is_some() {
        return fs::write(root().join("docs/examples.md"), shown).expect("the page can be written");
    }
    assert!(page == shown, "FLONG_ACCEPT=1 cargo test --test main page_of_examples writes docs/examples.md anew");
}
