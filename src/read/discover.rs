//! Arguments -> Inputs: files, folders, globs and standard input.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;

use super::shown::shown;
use super::sniff::{self, MAGIC_BYTES, Named, SAMPLE_BYTES, known_endings};
use super::source::{peek_stdin, sample};
use super::walk::{Link, Walked, sort, walk};
use super::{Compression, Format, Input};
use crate::{Error, Problem, Result};

/// A file of this name says which files of its folder, and those below, are not read: as a `.gitignore` does.
const IGNORE: &str = ".flongignore";

/// Options of finding inputs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Discovery {
    /// The format that all inputs are read as; else each is found out.
    pub format: Option<Format>,
    /// Whether symbolic links in folders are followed.
    pub follow: bool,
}

/// The inputs that arguments name.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The inputs, each once.
    pub inputs: Vec<Input>,
    /// Files and links in folders that were not read, and why.
    pub problems: Vec<Problem>,
}

/// Returns the inputs that the arguments name, in their order: see [`discover_as`].
///
/// # Errors
/// If an argument leads to nothing, or a part of a folder cannot be read.
pub fn discover<A: AsRef<OsStr>>(args: &[A]) -> Result<Vec<Input>> {
    let found = discover_as(args, &Discovery::default())?;
    match found.problems.into_iter().find(|problem| problem.skipped) {
        Some(problem) => Err(Error::Usage(problem.to_string())),
        None => Ok(found.inputs),
    }
}

/// Returns the inputs that the arguments name, in their order, each once.
///
/// An argument is a file, a folder, a glob, or `-` for standard input. In a folder, files are taken whose names end in one
/// of the known endings, but for those that a `.gitignore` or a `.flongignore` names, in the order of their paths' bytes. A
/// file that is named itself, or by a glob, is taken whatever its name: its first bytes then show its format. Symbolic
/// links in folders are followed only if asked for. Of a folder that flong wrote, only the documents are taken, and only if
/// it is named itself. A file that cannot be opened is an input all the same: reading it will say why.
///
/// # Errors
/// If an argument leads to nothing.
pub fn discover_as(args: &[impl AsRef<OsStr>], how: &Discovery) -> Result<Discovered> {
    if args.is_empty() {
        return Err(Error::Usage("no input: name a file, a folder or a glob, or - for standard input".into()));
    }
    let mut found = Found { how: *how, found: Discovered::default(), seen: HashSet::new() };
    for arg in args {
        found.add(arg.as_ref())?;
    }
    Ok(found.found)
}

/// The inputs found so far.
struct Found {
    how: Discovery,
    found: Discovered,
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
            (Ok(meta), _) if meta.is_dir() => return self.add_folder(path),
            (Ok(meta), _) if meta.is_file() => self.add_file(path),
            (Ok(_), _) => return refuse("not a file or a folder; to read a pipe, give - and pipe it in"),
            (Err(_), Some(glob)) => return self.add_glob(glob),
            // That it cannot be looked at is reported when it is read.
            (Err(e), None) if e.kind() != io::ErrorKind::NotFound => self.add_file(path),
            // So is that a link leads nowhere: the shell may have named it, for a pattern.
            (Err(_), None) if fs::symlink_metadata(path).is_ok() => self.add_unreadable(path),
            (Err(_), None) => return refuse("no such file or folder; check the name and where you are"),
        }
        Ok(())
    }

    fn add_stdin(&mut self) -> Result<()> {
        let stdin = PathBuf::from("-");
        if self.seen.insert(stdin.clone()) {
            let (compression, head) = peek_stdin(SAMPLE_BYTES).map_err(|e| Error::io(stdin, e))?;
            let format = self.how.format.unwrap_or_else(|| Format::of_head(&head));
            self.found.inputs.push(Input { name: "-".into(), path: None, format, compression });
        }
        Ok(())
    }

    /// Adds a file that was named: its content shows what its name does not.
    fn add_file(&mut self, path: &Path) {
        let Ok((compression, head)) = head(path) else { return self.add_unreadable(path) };
        let format = match (self.how.format, sniff::named(path)) {
            (Some(format), _) => format,
            (None, Named::Surely(Format::JsonLines)) | (None, Named::Json) => {
                // Anything but a feed is read as JSON Lines, so that each bad line is reported.
                if Format::of_head(&head) == Format::Feed { Format::Feed } else { Format::JsonLines }
            }
            (None, Named::Surely(format)) => format,
            (None, Named::Xml) => match Format::of_head(&head) {
                // Text is read as a feed, so that it is reported that it is none.
                Format::Text => Format::Feed,
                format => format,
            },
            (None, Named::Unknown) => Format::of_head(&head),
        };
        self.push(path, format, compression);
    }

    /// Adds a file that cannot be opened, so that it is reported and counted when it is read.
    fn add_unreadable(&mut self, path: &Path) {
        let format = match (self.how.format, sniff::named(path)) {
            (Some(format), _) | (None, Named::Surely(format)) => format,
            (None, Named::Json) => Format::JsonLines,
            (None, Named::Xml) => Format::Feed,
            (None, Named::Unknown) => Format::Text,
        };
        self.push(path, format, Compression::None);
    }

    fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let mut walker = WalkBuilder::new(folder);
        walker.require_git(false).git_global(false).add_custom_ignore_filename(IGNORE);
        let Walked { files, links, problems } = walk(&mut walker, folder, self.how.follow);
        let before = self.found.problems.len();
        self.found.problems.extend(problems);
        self.tell_links(folder, links.iter().filter(|link| link.is_input()));
        let mut any = false;
        let mut others: Vec<PathBuf> = Vec::new();
        for path in files {
            let named = sniff::named(&path);
            if named == Named::Unknown {
                continue;
            }
            let Ok((compression, head)) = head(&path) else {
                any = true;
                self.add_unreadable(&path);
                continue;
            };
            let format = match named {
                Named::Surely(Format::JsonLines) if Format::of_head(&head) == Format::Feed => Format::Feed,
                Named::Surely(format) => format,
                // Folders hold JSON and XML of other kinds too: settings, manifests.
                _ => match Format::of_head(&head) {
                    Format::Feed if sniff::has_documents(&head) => Format::Feed,
                    Format::Text | Format::Feed => {
                        others.push(path);
                        continue;
                    }
                    format => format,
                },
            };
            any = true;
            self.push(&path, self.how.format.unwrap_or(format), compression);
        }
        if let Some(first) = others.first() {
            let what = format!(
                "{} with the ending of JSON or XML {} no documents that flong knows and {} not read, such as {}; name a file \
                 itself to have it read",
                counted(others.len(), "file"),
                if others.len() == 1 { "holds" } else { "hold" },
                if others.len() == 1 { "was" } else { "were" },
                shown(first),
            );
            self.tell(folder, what, others.len(), false);
        }
        let nothing = || {
            Error::Usage(format!(
                "{}: no {} file in this folder (as such, .gz, .zst or .bz2, and not named by a .gitignore or \
                 .flongignore){}; name a file itself to have it read whatever its name",
                shown(folder),
                known_endings(),
                self.found.problems[before..].iter().map(|problem| format!("; {problem}")).collect::<String>(),
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
        let base = Path::new(literal_base(pattern));
        let mut any = false;
        let depth = (!pattern.contains("**") && !pattern.contains('{')).then(|| pattern.split('/').count());
        if base.is_dir() {
            let mut walker = WalkBuilder::new(base);
            walker.standard_filters(false).hidden(true).max_depth(depth);
            let Walked { mut files, links, problems } = walk(&mut walker, base, self.how.follow);
            self.found.problems.extend(problems);
            // A link that the glob matches is named by it; folders that links lead to are not.
            let (matched, others): (Vec<Link>, Vec<Link>) =
                links.into_iter().partition(|link| !link.is_folder && glob.is_match(&link.path));
            files.extend(matched.into_iter().map(|link| link.path));
            sort(&mut files);
            for path in files.iter().filter(|path| glob.is_match(path)) {
                any = true;
                self.add_file(path);
            }
            self.tell_links(base, others.iter().filter(|link| link.is_folder && depth.is_none()));
        }
        let nothing = || Error::Usage(format!("{arg}: no file matches this glob; check it and where you are"));
        any.then_some(()).ok_or_else(nothing)
    }

    /// Reports symbolic links that were not followed.
    fn tell_links<'l>(&mut self, folder: &Path, links: impl Iterator<Item = &'l Link>) {
        let links: Vec<&Link> = links.collect();
        let Some(first) = links.first() else { return };
        let were = if links.len() == 1 { "was" } else { "were" };
        let nowhere = match links.iter().filter(|link| link.leads_nowhere).count() {
            0 => String::new(),
            n => format!(" ({n} of them {} nowhere)", if n == 1 { "leads" } else { "lead" }),
        };
        let links_were = format!("{} {were} not followed", counted(links.len(), "symbolic link"));
        let what = format!("{links_were}{nowhere}, such as {}; --follow follows them", shown(&first.path));
        self.tell(folder, what, links.len(), false);
    }

    fn tell(&mut self, folder: &Path, reason: String, records: usize, skipped: bool) {
        let input = shown(folder);
        self.found.problems.push(Problem { input, line: 0, reason, skipped, records: records as u64 });
    }

    /// Takes a file, unless it was taken before under whatever name.
    fn push(&mut self, path: &Path, format: Format, compression: Compression) {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if self.seen.insert(real) {
            self.found.inputs.push(Input { name: shown(path), path: Some(path.to_path_buf()), format, compression });
        }
    }
}

fn has_glob(arg: &str) -> bool {
    arg.contains(['*', '?', '[', '{'])
}

/// Returns the folder that all files which the glob can match are in.
fn literal_base(glob: &str) -> &str {
    let special = glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len());
    match glob[..special].rfind('/') {
        Some(0) => "/",
        Some(slash) => &glob[..slash],
        None => ".",
    }
}

/// Returns how a file is compressed, and its first decompressed bytes.
fn head(path: &Path) -> io::Result<(Compression, Vec<u8>)> {
    let mut magic = Vec::new();
    let mut file = File::open(path)?;
    file.by_ref().take(MAGIC_BYTES as u64).read_to_end(&mut magic)?;
    let compression = sniff::compression(&magic);
    Ok((compression, sample(Cursor::new(magic).chain(file), compression, SAMPLE_BYTES)))
}

/// Returns a number of things: `1 file`, `2 files`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
