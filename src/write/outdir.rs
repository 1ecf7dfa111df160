//! Output folders that appear complete or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::names::{numbered, portable};
use super::own;
use super::place::{self, INSIDE, sync_folder};
use super::restored;
use super::target::{Replaces, check_target, refuse_foreign, resolve};
use crate::temporary::{Parents, Temporary, hold, prefix};
use crate::{Error, Result};

/// An output folder under construction: files are written to a temporary folder, which replaces the target on
/// [`commit`](OutDir::commit). A run that ends before that leaves the target as it was.
///
/// The temporary folder is next to the target, which then changes in one step. If that is impossible, because the target is
/// a mount point or the folder around it cannot be written, it is inside the target, and files are moved into place: a run that is
/// killed meanwhile leaves a folder that does not look complete, and the next run with this target finishes or undoes it.
#[derive(Debug)]
pub struct OutDir {
    target: PathBuf,
    replaces: Replaces,
    inside: bool,
    temporary: Temporary,
    /// Dropped after the temporary folder.
    _parents: Parents,
    files: Vec<PathBuf>,
    unfinished: Arc<AtomicUsize>,
}

impl OutDir {
    /// Starts the folder `path`. Without `force`, a folder that is not empty is refused. With `force`, an earlier output of
    /// flong is replaced, and any other folder is refused.
    pub fn create(path: impl AsRef<Path>, force: bool) -> Result<OutDir> {
        OutDir::replacing(path.as_ref(), if force { Replaces::Outputs } else { Replaces::Nothing })
    }

    /// Starts the folder `path`.
    pub(crate) fn replacing(path: &Path, replaces: Replaces) -> Result<OutDir> {
        let target = resolve(path)?;
        let parent = target.parent().unwrap_or(Path::new("/"));
        let parents = Parents::make(parent).map_err(|e| Error::io(parent, e))?;
        place::clear_beside(&target).map_err(|e| Error::io(&target, e))?;
        if target.is_dir() {
            place::clear_inside(&target).map_err(|e| Error::io(&target, e))?;
        }
        check_target(&target, replaces)?;
        let (inside, temporary) = match Temporary::folder(parent, &prefix(&target)) {
            Ok(beside) if !target.is_dir() || !place::is_fixed(&target, beside.path()) => (false, Ok(beside)),
            Err(e) if !target.is_dir() => (false, Err(e)),
            _ => (true, Temporary::folder(&target, INSIDE)),
        };
        let at = if inside { &target } else { parent };
        let temporary = temporary.map_err(|e| Error::io(at, e))?;
        let unfinished = Arc::default();
        Ok(OutDir { target, replaces, inside, temporary, _parents: parents, files: Vec::new(), unfinished })
    }

    /// Returns where the folder will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Creates a file in the folder; `name` may contain folders.
    pub fn file(&mut self, name: impl AsRef<Path>) -> Result<OutFile> {
        let (name, path) = (name.as_ref(), self.target.join(name.as_ref()));
        let file = self.create_file(name).map_err(|e| Error::io(&path, e))?;
        self.files.push(name.to_path_buf());
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        Ok(OutFile { file: BufWriter::with_capacity(1 << 16, file), path, unfinished: self.unfinished.clone() })
    }

    /// Creates a file of this name, or of a similar name if the system or the folder does not allow it. Returns its name too.
    pub(crate) fn file_like(&mut self, name: &Path) -> Result<(OutFile, PathBuf)> {
        let first = match self.file(name) {
            Err(Error::Io { source, .. }) if is_about_the_name(&source) => source,
            made => return made.map(|file| (file, name.to_path_buf())),
        };
        let mut like = PathBuf::from(portable(name, ""));
        if like.ancestors().skip(1).any(|folder| self.temporary.path().join(folder).is_file()) {
            like = PathBuf::from(portable(Path::new(&like.to_string_lossy().replace('/', "_")), ""));
        }
        for number in 1..=MAX_NUMBER {
            let like = if number == 1 { like.clone() } else { numbered(&like, number, "") };
            match self.file(&like) {
                Err(Error::Io { source, .. }) if is_about_the_name(&source) => {}
                made => return made.map(|file| (file, like)),
            }
        }
        Err(Error::io(self.target.join(name), first))
    }

    fn create_file(&self, name: &Path) -> io::Result<File> {
        let path = self.temporary.path().join(name);
        // So that nothing is made anew in a folder that is being removed.
        let _hold = hold();
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create_new(&path)
    }

    /// Syncs the folder to disk and puts it in place.
    pub fn commit(self) -> Result<()> {
        self.put_in_place(false)
    }

    /// Puts a folder of restored files in place, and marks it as such.
    pub(crate) fn commit_restored(self) -> Result<()> {
        self.put_in_place(true)
    }

    fn put_in_place(mut self, restored: bool) -> Result<()> {
        if self.unfinished.load(Ordering::Relaxed) != 0 {
            let e = io::Error::other("a file in it was not finished; nothing was put in place");
            return Err(Error::io(&self.target, e));
        }
        self.sync()?;
        check_target(&self.target, self.replaces)?;
        if self.replaces == Replaces::Restored {
            self.check_same()?;
        }
        let mut hold = hold();
        let placed = match self.inside {
            true => place::inside(&mut self.temporary, &mut hold, &self.target),
            false => place::beside(self.temporary.path(), &self.target).map(|()| None),
        };
        drop(hold);
        // Old entries are removed before the folder whose name shows that all is in place.
        drop(placed.map_err(|e| Error::io(&self.target, e))?);
        if restored {
            restored::mark(&self.target);
        }
        if let Some(parent) = self.target.parent() {
            sync_folder(parent);
        }
        Ok(())
    }

    /// Refuses to replace files that would have another content afterwards.
    fn check_same(&self) -> Result<()> {
        let target = &self.target;
        if !target.is_dir() || own::foreign(target)?.is_none() || restored::is_untouched(target) {
            return Ok(());
        }
        match own::lost(target, self.temporary.path())? {
            Some(path) => Err(refuse_foreign(target, &path)),
            None => Ok(()),
        }
    }

    fn sync(&self) -> Result<()> {
        let mut folders: Vec<&Path> = vec![Path::new("")];
        for name in &self.files {
            let synced = File::open(self.temporary.path().join(name)).and_then(|file| file.sync_all());
            synced.map_err(|e| Error::io(self.target.join(name), e))?;
            folders.extend(name.ancestors().skip(1));
        }
        folders.sort();
        folders.dedup();
        folders.into_iter().for_each(|folder| sync_folder(&self.temporary.path().join(folder)));
        Ok(())
    }
}

/// Most numbers that are tried to make a name distinct.
const MAX_NUMBER: usize = 10_000;

/// Returns whether a file could not be created because of its name.
fn is_about_the_name(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, InvalidFilename, InvalidInput, IsADirectory, NotADirectory};
    // Bytes that the file system does not accept as text.
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::ILSEQ.raw_os_error()) {
        return true;
    }
    matches!(error.kind(), AlreadyExists | InvalidFilename | InvalidInput | IsADirectory | NotADirectory)
}

/// A buffered file in an [`OutDir`].
#[derive(Debug)]
pub struct OutFile {
    file: BufWriter<File>,
    path: PathBuf,
    unfinished: Arc<AtomicUsize>,
}

impl OutFile {
    /// Flushes it. A file that is dropped without this keeps its folder from being put in place.
    pub fn finish(mut self) -> Result<()> {
        self.file.flush().map_err(|e| Error::io(&self.path, e))?;
        self.unfinished.fetch_sub(1, Ordering::Relaxed);
        Ok(())
    }

    /// Returns where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file that marks a folder as an output.
    const OLD: &str = r#"{"layout":1,"flong":"","documents":""}"#;

    fn write(out: &mut OutDir, name: &str, text: &str) {
        let mut file = out.file(name).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.finish().unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn refusal(result: Result<impl Sized>) -> String {
        match result {
            Err(Error::Usage(message)) => message,
            Err(other) => panic!("another error: {other}"),
            Ok(_) => panic!("not refused"),
        }
    }

    #[test]
    fn appears_on_commit_and_not_before() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("deep/out");
        let mut out = OutDir::create(&target, false).unwrap();
        write(&mut out, "a/b.txt", "text");
        assert!(!target.exists());
        out.commit().unwrap();
        assert_eq!(fs::read_to_string(target.join("a/b.txt")).unwrap(), "text");
        assert_eq!(names(target.parent().unwrap()), ["out"]);
    }

    #[test]
    fn a_run_that_ends_early_leaves_the_old_folder() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        let mut old = OutDir::create(&target, false).unwrap();
        write(&mut old, "layout.jsonl", OLD);
        old.commit().unwrap();
        let mut new = OutDir::create(&target, true).unwrap();
        write(&mut new, "layout.jsonl", "new");
        drop(new);
        assert_eq!(fs::read_to_string(target.join("layout.jsonl")).unwrap(), OLD);
        assert_eq!(names(here.path()), ["out"]);
    }

    #[test]
    fn force_replaces_all_of_an_output() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("layout.jsonl"), OLD).unwrap();
        assert!(refusal(OutDir::create(&target, false)).contains("--force"));
        let mut out = OutDir::create(&target, true).unwrap();
        write(&mut out, "new", "new");
        out.commit().unwrap();
        assert_eq!(names(&target), ["new"]);
        assert_eq!(names(here.path()), ["out"]);
    }

    #[test]
    fn what_came_to_stand_there_meanwhile_is_not_replaced() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        let out = OutDir::create(&target, false).unwrap();
        fs::create_dir(&target).unwrap();
        fs::write(target.join("theirs"), "theirs").unwrap();
        assert!(refusal(out.commit()).contains("--force"));
        assert_eq!(names(&target), ["theirs"]);
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_a_running_one_spared() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        let running = OutDir::create(&target, false).unwrap();
        let stale = here.path().join(".out.flong-abc123");
        let other = here.path().join(".other.flong-abc123");
        fs::create_dir(&stale).unwrap();
        fs::create_dir(&other).unwrap();
        OutDir::create(&target, false).unwrap().commit().unwrap();
        assert!(!stale.exists() && other.exists());
        if cfg!(unix) {
            assert!(running.temporary.path().exists());
        }
    }

    #[test]
    fn an_old_folder_left_aside_is_brought_back() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        let aside = here.path().join(".out.flong-abc123.old");
        fs::create_dir(&aside).unwrap();
        fs::write(aside.join("old"), "old").unwrap();
        assert!(refusal(OutDir::create(&target, false)).contains("--force"));
        assert_eq!(names(&target), ["old"]);
    }

    #[test]
    fn force_replaces_nothing_else() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("thesis.tex"), "years").unwrap();
        let why = refusal(OutDir::create(&target, true));
        assert!(why.contains("thesis.tex") && why.contains("another folder"), "{why}");
        let mut same = OutDir::replacing(&target, Replaces::Restored).unwrap();
        write(&mut same, "thesis.tex", "years");
        write(&mut same, "more", "");
        same.commit().unwrap();
        let mut other = OutDir::replacing(&target, Replaces::Restored).unwrap();
        write(&mut other, "thesis.tex", "YEARS");
        assert!(refusal(other.commit()).contains("such as more"));
        assert_eq!(fs::read_to_string(target.join("thesis.tex")).unwrap(), "years");
        assert_eq!(names(here.path()), ["out"]);
    }

    #[test]
    fn a_name_that_cannot_be_had_gives_way_to_one_like_it() {
        let here = tempfile::tempdir().unwrap();
        let mut out = OutDir::create(here.path().join("out"), false).unwrap();
        let long = format!("x/{}.txt", "z".repeat(300));
        let mut given = Vec::new();
        for name in ["a", "a", "a", "a/b", &long] {
            let (file, name) = out.file_like(Path::new(name)).unwrap();
            file.finish().unwrap();
            given.push(name.to_str().unwrap().to_owned());
        }
        assert_eq!(given[..4], ["a", "a-2", "a-3", "a_b"]);
        assert_eq!(given[4], format!("x/{}.txt", "z".repeat(251)));
        out.commit().unwrap();
    }

    #[test]
    fn nothing_that_was_made_for_it_stays() {
        let here = tempfile::tempdir().unwrap();
        drop(OutDir::create(here.path().join("a/b/out"), false).unwrap());
        assert!(names(here.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_the_folder_that_is_written() {
        let here = tempfile::tempdir().unwrap();
        let link = here.path().join("link");
        std::os::unix::fs::symlink("real", &link).unwrap();
        let mut out = OutDir::create(&link, false).unwrap();
        write(&mut out, "a", "text");
        out.commit().unwrap();
        assert!(link.is_symlink());
        assert_eq!(names(&here.path().join("real")), ["a"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::set_permissions(&target, PermissionsExt::from_mode(0o750)).unwrap();
        let mut out = OutDir::create(&target, false).unwrap();
        write(&mut out, "a", "text");
        out.commit().unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o7777, 0o750);
    }

    #[test]
    fn an_unfinished_file_keeps_the_folder_back() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        let mut out = OutDir::create(&target, false).unwrap();
        drop(out.file("a").unwrap());
        assert!(out.commit().unwrap_err().to_string().contains("not finished"));
        assert!(!target.exists());
    }
}
