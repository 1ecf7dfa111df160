//! Temporary files and folders, which no run leaves: not one that ends early, not one that a signal ends (by
//! [`stop`]), and of one that was killed the next run with the same target removes them.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use tempfile::Builder;
use xxhash_rust::xxh3::xxh3_64;

/// Files and folders to remove if the process stops now, in the order in which they were made.
static REGISTERED: Mutex<Vec<Registered>> = Mutex::new(Vec::new());

struct Registered {
    path: PathBuf,
    /// Whether it is a folder that goes only if nothing is in it.
    only_empty: bool,
}

impl Registered {
    fn remove(&self) {
        let removed = match fs::symlink_metadata(&self.path) {
            Ok(_) if self.only_empty => fs::remove_dir(&self.path),
            Ok(meta) if meta.is_dir() => fs::remove_dir_all(&self.path),
            Ok(_) => fs::remove_file(&self.path),
            Err(e) => Err(e),
        };
        // What stays is harmless: the next run with the same target removes it.
        let _ = removed;
    }
}

/// Holds [`stop`] back: while it is there, nothing is removed and the process does not end by a signal.
pub(crate) struct Hold(MutexGuard<'static, Vec<Registered>>);

/// Holds back the end of the process, for steps that must not be torn apart. One at a time: a thread that holds one must
/// neither ask for another nor drop a [`Temporary`].
pub(crate) fn hold() -> Hold {
    Hold(REGISTERED.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

/// Writing that was stopped, until this is dropped.
#[must_use = "while it is there, no output is started or put in place"]
pub struct Stopped {
    _hold: Hold,
}

/// Stops all writing of outputs and removes what is temporary: for a process that is about to end, such as by a signal.
/// An output that is being put in place is waited for. Threads that write go on, to files that no longer have a name;
/// those that want to start or finish an output wait until what is returned is dropped.
pub fn stop() -> Stopped {
    let mut hold = hold();
    hold.0.drain(..).rev().for_each(|registered| registered.remove());
    Stopped { _hold: hold }
}

/// Waits as long as writing is stopped.
pub fn wait() {
    drop(hold());
}

/// A temporary file or folder. It goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Temporary {
    path: PathBuf,
    /// Held so that another run can distinguish it from one that a killed run left.
    _lock: Option<File>,
}

impl Temporary {
    /// Makes a new folder in `parent`, as readable for others as any new folder: it will be the real one.
    pub fn folder(parent: &Path, prefix: &str) -> io::Result<Temporary> {
        let mut builder = Builder::new();
        builder.prefix(prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let mut hold = hold();
        let path = builder.tempdir_in(parent)?.keep();
        hold.register(&path, false);
        // Some systems do not open folders; then none can be distinguished from one that was left.
        let lock = File::open(&path).ok().filter(try_lock);
        Ok(Temporary { path, _lock: lock })
    }

    /// Makes a new file in `parent`, as readable for others as any new file.
    pub fn file(parent: &Path, prefix: &str) -> io::Result<(Temporary, File)> {
        let mut builder = Builder::new();
        builder.prefix(prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut hold = hold();
        let (file, path) = builder.tempfile_in(parent)?.keep().map_err(|e| e.error)?;
        hold.register(&path, false);
        let lock = file.try_clone().ok().filter(try_lock);
        Ok((Temporary { path, _lock: lock }, file))
    }

    /// Makes a new file in `parent`, for a writer that locks it by itself.
    #[cfg(feature = "index")]
    pub fn unlocked_file(parent: &Path, prefix: &str) -> io::Result<Temporary> {
        let (mut temporary, file) = Temporary::file(parent, prefix)?;
        drop(file);
        temporary._lock = None;
        Ok(temporary)
    }

    /// Puts a file in place, where nothing may be yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if something is there.
    #[cfg(feature = "index")]
    pub fn persist_new(self, to: &Path) -> io::Result<()> {
        let mut hold = hold();
        let path = tempfile::TempPath::try_from_path(self.path.clone())?;
        hold.forget(&self.path);
        path.persist_noclobber(to).map_err(|e| e.error)
    }

    /// Takes over a folder that exists, to remove it.
    pub fn adopt(hold: &mut Hold, path: &Path) -> Temporary {
        hold.register(path, false);
        Temporary { path: path.to_path_buf(), _lock: None }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it another name.
    pub fn rename(&mut self, hold: &mut Hold, to: &Path) -> io::Result<()> {
        fs::rename(&self.path, to)?;
        hold.forget(&self.path);
        hold.register(to, false);
        self.path = to.to_path_buf();
        Ok(())
    }
}

impl Temporary {
    /// Leaves it where it is, for the next run to find.
    pub fn leave(&mut self, hold: &mut Hold) {
        hold.forget(&self.path);
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        hold().remove(&self.path);
    }
}

impl Hold {
    fn register(&mut self, path: &Path, only_empty: bool) {
        self.0.push(Registered { path: path.to_path_buf(), only_empty });
    }

    fn forget(&mut self, path: &Path) {
        self.0.retain(|registered| registered.path != path);
    }

    fn remove(&mut self, path: &Path) {
        if let Some(at) = self.0.iter().rposition(|registered| registered.path == path) {
            self.0.remove(at).remove();
        }
    }
}

/// The folders that had to be made for a target. Those in which nothing is go when this is dropped.
#[derive(Debug)]
pub(crate) struct Parents(Vec<PathBuf>);

impl Parents {
    /// Makes a folder and those that it is in.
    pub fn make(folder: &Path) -> io::Result<Parents> {
        let mut missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
        missing.reverse();
        let mut made = Parents(Vec::new());
        let mut hold = hold();
        for folder in missing {
            match fs::create_dir(folder) {
                Ok(()) => {
                    hold.register(folder, true);
                    made.0.push(folder.to_path_buf());
                }
                // Another process was faster.
                Err(_) if folder.is_dir() => {}
                Err(e) => {
                    drop(hold);
                    return Err(e);
                }
            }
        }
        drop(hold);
        Ok(made)
    }
}

impl Drop for Parents {
    fn drop(&mut self) {
        let mut hold = hold();
        self.0.iter().rev().for_each(|folder| hold.remove(folder));
    }
}

/// Bytes of a target's name that go into the names of its temporary files.
const MAX_PREFIX_BYTES: usize = 180;

/// Returns the prefix of the names of a target's temporary files and folders.
pub(crate) fn prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default();
    match name.to_str() {
        Some(name) if name.len() <= MAX_PREFIX_BYTES => format!(".{name}.flong-"),
        _ => format!(".{:016x}.flong-", xxh3_64(name.as_encoded_bytes())),
    }
}

/// Characters that the name of a temporary file has after its prefix.
const RANDOM_CHARS: usize = 6;

/// Returns the part of a temporary name after the prefix and the random characters: nothing, or the stage that the run
/// had reached.
pub(crate) fn stage_of<'n>(name: &'n OsStr, prefix: &str) -> Option<&'n str> {
    let rest = name.to_str()?.strip_prefix(prefix)?;
    let (random, stage) = rest.split_at_checked(RANDOM_CHARS)?;
    (random.bytes().all(|c| c.is_ascii_alphanumeric()) && (stage.is_empty() || stage.starts_with('.'))).then_some(stage)
}

/// Returns the temporary files and folders in `folder` that begin so and that no run holds, with the stages that their
/// names show.
pub(crate) fn left_behind(folder: &Path, prefix: &str) -> Vec<(PathBuf, String)> {
    // In a folder that cannot be listed nothing can be found out.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut left: Vec<(PathBuf, String)> = entries
        .filter_map(|entry| {
            let stage = stage_of(&entry.file_name(), prefix)?.to_string();
            // To open something else might block.
            let ours = entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_file());
            let unlocked = || File::open(entry.path()).is_ok_and(|opened| try_lock(&opened));
            (ours && unlocked()).then(|| (entry.path(), stage))
        })
        .collect();
    left.sort();
    left
}

/// Removes a file or folder that a killed run left.
pub(crate) fn remove_left(path: &Path) {
    Registered { path: path.to_path_buf(), only_empty: false }.remove();
}

/// Locks a file or folder for this process, or says that another process has. Where there are no such locks: as if free.
pub(crate) fn try_lock(opened: &File) -> bool {
    #[cfg(unix)]
    return rustix::fs::flock(opened, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        != Err(rustix::io::Errno::WOULDBLOCK);
    #[cfg(not(unix))]
    return opened.metadata().is_ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_told_from_others() {
        let prefix = prefix(Path::new("x/out"));
        assert_eq!(prefix, ".out.flong-");
        let stage = |name: &str| stage_of(OsStr::new(name), &prefix).map(str::to_string);
        assert_eq!(stage(".out.flong-abc123").as_deref(), Some(""));
        assert_eq!(stage(".out.flong-abc123.old").as_deref(), Some(".old"));
        for other in [".out.flong-abc12", ".out.flong-abc1234", ".out.flong-abc12é", "out", ".other.flong-abc123"] {
            assert_eq!(stage(other), None, "{other}");
        }
    }

    #[test]
    fn a_prefix_leaves_room_in_a_name() {
        let long = prefix(Path::new(&"é".repeat(127)));
        assert!(long.len() < 200 && long != prefix(Path::new(&"è".repeat(127))), "{long}");
    }

    #[test]
    fn folders_that_were_made_for_nothing_go() {
        let here = tempfile::tempdir().unwrap();
        let made = Parents::make(&here.path().join("a/b/c")).unwrap();
        fs::write(here.path().join("a/x"), "").unwrap();
        drop(made);
        assert!(here.path().join("a").exists() && !here.path().join("a/b").exists());
    }
}
