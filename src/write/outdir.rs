//! A folder that appears all at once.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::{Error, Result};

/// An output folder under construction: files are written to a temporary folder beside the target, which takes the
/// target's place on [`commit`](OutDir::commit). A run that ends before leaves what was there as it was.
#[derive(Debug)]
pub struct OutDir {
    target: PathBuf,
    force: bool,
    temporary: TempDir,
    /// Held until the folder is in place, so that another run can tell it from one left by a killed run.
    lock: File,
    files: Vec<PathBuf>,
    unfinished: Arc<AtomicUsize>,
}

impl OutDir {
    /// Starts the folder `path`. A folder that holds something is refused without `force` and replaced with it.
    pub fn create(path: impl AsRef<Path>, force: bool) -> Result<OutDir> {
        let target = resolve(path.as_ref())?;
        let parent = target.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(|e| Error::io(parent, e))?;
        clear_stale(&target)?;
        check_target(&target, force)?;
        let temporary = swap::temporary(&prefix(&target), parent).map_err(|e| Error::io(parent, e))?;
        let lock = File::open(temporary.path()).map_err(|e| Error::io(temporary.path(), e))?;
        swap::try_lock(&lock);
        Ok(OutDir { target, force, temporary, lock, files: Vec::new(), unfinished: Arc::default() })
    }

    /// Where the folder will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A new file in it; `name` may have folders in it.
    pub fn file(&mut self, name: impl AsRef<Path>) -> Result<OutFile> {
        let path = self.temporary.path().join(name.as_ref());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| Error::io(parent, e))?;
        }
        let file = File::create_new(&path).map_err(|e| Error::io(&path, e))?;
        self.files.push(path.clone());
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        Ok(OutFile { file: BufWriter::with_capacity(1 << 16, file), path, unfinished: self.unfinished.clone() })
    }

    /// Makes the folder durable and puts it in place.
    pub fn commit(self) -> Result<()> {
        if self.unfinished.load(Ordering::Relaxed) != 0 {
            let e = io::Error::other("a file in it was not finished; nothing was put in place");
            return Err(Error::io(&self.target, e));
        }
        self.sync()?;
        check_target(&self.target, self.force)?;
        let OutDir { target, temporary, lock, .. } = self;
        let in_place = |e| Error::io(&target, e);
        if holds_something(&target)? {
            // The old folder is now the temporary one, and goes with it.
            swap::exchange(temporary.path(), &target).map_err(in_place)?;
        } else {
            if target.exists() {
                fs::remove_dir(&target).map_err(in_place)?;
            }
            fs::rename(temporary.path(), &target).map_err(in_place)?;
        }
        if let Some(parent) = target.parent() {
            sync_folder(parent)?;
        }
        drop(lock);
        drop(temporary);
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        let mut folders: Vec<&Path> = vec![self.temporary.path()];
        for path in &self.files {
            File::open(path).and_then(|file| file.sync_all()).map_err(|e| Error::io(path, e))?;
            let inside = path.ancestors().skip(1).take_while(|folder| *folder != self.temporary.path());
            folders.extend(inside);
        }
        folders.sort();
        folders.dedup();
        folders.into_iter().try_for_each(sync_folder)
    }
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

    /// Where it is while the run lasts.
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

/// Refuses an output folder that is, or holds, one of the inputs: replacing it would destroy them.
pub fn refuse_inputs(out: impl AsRef<Path>, inputs: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<()> {
    let out = resolve(out.as_ref())?;
    for input in inputs {
        let input = input.as_ref();
        if fs::canonicalize(input).is_ok_and(|real| real.starts_with(&out)) {
            return Err(Error::Usage(format!(
                "{}: is or holds the input {}; choose another output folder",
                out.display(),
                input.display()
            )));
        }
    }
    Ok(())
}

/// The path without links and relative parts, also when it does not exist yet.
fn resolve(path: &Path) -> Result<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let absolute = std::path::absolute(path).map_err(|e| Error::io(path, e))?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => Ok(resolve(parent)?.join(name)),
        _ => Err(Error::Usage(format!("{}: does not name a folder to write", path.display()))),
    }
}

fn check_target(target: &Path, force: bool) -> Result<()> {
    let refuse = |why: &str| Err(Error::Usage(format!("{}: {why}", target.display())));
    if target.exists() && !target.is_dir() {
        return refuse("is a file; name a folder to write to");
    }
    if std::env::current_dir().is_ok_and(|here| here.starts_with(target)) {
        return refuse("is or holds the current folder; name a folder of its own to write to");
    }
    if !force && holds_something(target)? {
        return refuse("is not empty; add --force to replace it, or name another folder");
    }
    Ok(())
}

fn holds_something(folder: &Path) -> Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(Error::io(folder, e)),
    }
}

/// How the names of the target's temporary folders begin.
fn prefix(target: &Path) -> String {
    format!(".{}.flong-", target.file_name().unwrap_or_default().to_string_lossy())
}

/// How the name of an old folder on its way out ends, where folders cannot be exchanged in one step.
const ASIDE: &str = ".old";

/// Removes what killed runs with the same target left, or brings back the old folder if one was killed between taking it
/// away and putting the new one in place.
fn clear_stale(target: &Path) -> Result<()> {
    let prefix = prefix(target);
    let parent = target.parent().unwrap_or(Path::new("/"));
    for entry in fs::read_dir(parent).map_err(|e| Error::io(parent, e))?.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(&prefix)) else { continue };
        let unlocked = || File::open(entry.path()).is_ok_and(|folder| swap::try_lock(&folder));
        if rest.ends_with(ASIDE) && !target.exists() {
            fs::rename(entry.path(), target).map_err(|e| Error::io(target, e))?;
        } else if rest.trim_end_matches(ASIDE).len() == 6 && unlocked() {
            // Harmless if it stays.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> Result<()> {
    // Some systems cannot open or sync a folder; then there is nothing to wait for.
    if let Ok(opened) = File::open(folder) {
        let _ = opened.sync_all();
    }
    Ok(())
}

/// What differs between systems.
mod swap {
    use std::fs::{self, File};
    use std::io;
    use std::path::Path;

    use tempfile::{Builder, TempDir};

    /// A new temporary folder, as readable for others as any new folder: it will be the real one.
    pub fn temporary(prefix: &str, parent: &Path) -> io::Result<TempDir> {
        let mut builder = Builder::new();
        builder.prefix(prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        builder.tempdir_in(parent)
    }

    /// Locks the folder for this process, or says that another process has. Where there are no such locks: as if free.
    pub fn try_lock(folder: &File) -> bool {
        #[cfg(unix)]
        return rustix::fs::flock(folder, rustix::fs::FlockOperation::NonBlockingLockExclusive)
            != Err(rustix::io::Errno::WOULDBLOCK);
        #[cfg(not(unix))]
        return folder.metadata().is_ok();
    }

    /// Exchanges two folders, in one step where the system can.
    pub fn exchange(new: &Path, old: &Path) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
                return Ok(());
            }
        }
        in_two_steps(new, old)
    }

    /// Between its steps the old folder stands aside, from where the next run brings it back.
    pub fn in_two_steps(new: &Path, old: &Path) -> io::Result<()> {
        let mut aside = new.as_os_str().to_owned();
        aside.push(super::ASIDE);
        fs::rename(old, &aside)?;
        fs::rename(new, old).inspect_err(|_| {
            let _ = fs::rename(&aside, old);
        })?;
        // Stays behind harmlessly if this fails.
        let _ = fs::remove_dir_all(&aside);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        write(&mut old, "a", "old");
        old.commit().unwrap();
        let mut new = OutDir::create(&target, true).unwrap();
        write(&mut new, "a", "new");
        drop(new);
        assert_eq!(fs::read_to_string(target.join("a")).unwrap(), "old");
        assert_eq!(names(here.path()), ["out"]);
    }

    #[test]
    fn force_replaces_everything() {
        let here = tempfile::tempdir().unwrap();
        let target = here.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("old"), "old").unwrap();
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
    fn two_steps_do_what_one_does() {
        let here = tempfile::tempdir().unwrap();
        let (new, old) = (here.path().join("new"), here.path().join("old"));
        fs::create_dir(&new).unwrap();
        fs::create_dir(&old).unwrap();
        fs::write(new.join("new"), "").unwrap();
        swap::in_two_steps(&new, &old).unwrap();
        assert_eq!((names(here.path()), names(&old)), (vec!["old".to_owned()], vec!["new".to_owned()]));
        assert!(swap::in_two_steps(&new, &old).is_err());
        assert_eq!(names(&old), ["new"], "a failed exchange puts the old one back");
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

    #[test]
    fn dangerous_targets_are_refused() {
        let here = tempfile::tempdir().unwrap();
        let input = here.path().join("in/a.jsonl");
        fs::create_dir(here.path().join("in")).unwrap();
        fs::write(&input, "").unwrap();
        for out in [here.path().to_owned(), here.path().join("in"), here.path().join("in/../in"), input.clone()] {
            assert!(refusal(refuse_inputs(&out, [&input])).contains("a.jsonl"), "{}", out.display());
        }
        refuse_inputs(here.path().join("out"), [&input]).unwrap();
        refuse_inputs(here.path().join("in/out"), [&input]).unwrap();
        refuse_inputs(here.path(), ["-"]).unwrap();
        assert!(refusal(OutDir::create(&input, true)).contains("is a file"));
        assert!(refusal(OutDir::create(".", true)).contains("current folder"));
        assert!(refusal(OutDir::create("/", true)).contains("current folder"));
    }
}
