//! Moving a complete folder to its target.
//!
//! *Beside*: the folder was built next to the target and takes its name in one step.
//!
//! *Inside*: the target is the root of a file system, as a volume of a container is, or its parent cannot be written. Then
//! the target cannot be renamed, and the folder is built in a folder inside the target. Its entries are moved,
//! each in one step: first all old ones out, then all new ones in. The name of the folder shows how far that got:
//!
//! | name | the target holds | after a kill, the next run |
//! |---|---|---|
//! | `.flong-XXXXXX` | the old output | removes it |
//! | `.flong-XXXXXX.out` | old entries; others of them are in `.flong-XXXXXX.old` | moves these back |
//! | `.flong-XXXXXX.in` | new entries; others of them are in it | moves these in |
//!
//! [`MARKS`] are the first to move out and the last to move in, so that between the two no output looks complete.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::temporary::{Hold, Temporary, left_behind, prefix, remove_left, stage_of, try_lock};

/// The prefix of the names of temporary folders inside a target.
pub(super) const INSIDE: &str = ".flong-";

/// The files without which an output folder is not read, and not taken for one.
const MARKS: [&str; 2] = ["summary.json", super::layout::LAYOUT];

const ASIDE: &str = ".old";
const MOVING_OUT: &str = ".out";
const MOVING_IN: &str = ".in";

/// Returns whether the target must be written from inside, if it is a folder already and could be written otherwise.
pub(super) fn is_fixed(target: &Path, beside: &Path) -> bool {
    is_mount_point(target) || is_anothers(target, beside)
}

/// Returns whether a folder is the root of a file system. It cannot be renamed then.
fn is_mount_point(folder: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
        if let Ok(stat) = statx(CWD, folder, AtFlags::empty(), StatxFlags::empty())
            && stat.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT)
        {
            return stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT);
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |folder: &Path| fs::metadata(folder).ok().map(|meta| meta.dev());
        folder.parent().is_some_and(|parent| device(parent) != device(folder))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

/// Returns whether a folder belongs to another user and is where only its owner may rename it. `own` is a folder of this
/// user.
fn is_anothers(folder: &Path, own: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        const STICKY: u32 = 0o1000;
        let parent = folder.parent().and_then(|parent| fs::metadata(parent).ok());
        let (Some(parent), Ok(folder), Ok(own)) = (parent, fs::metadata(folder), fs::metadata(own)) else {
            return false;
        };
        parent.mode() & STICKY != 0 && own.uid() != 0 && ![folder.uid(), parent.uid()].contains(&own.uid())
    }
    #[cfg(not(unix))]
    {
        let _ = (folder, own);
        false
    }
}

/// Puts a folder next to the target in the target's place. The old content is in the temporary folder then.
pub(super) fn beside(temporary: &Path, target: &Path) -> io::Result<()> {
    match fs::metadata(target) {
        Ok(old) => copy_access(&old, temporary),
        Err(_) => return fs::rename(temporary, target),
    }
    if fs::read_dir(target)?.next().is_some() {
        return exchange(temporary, target);
    }
    // An empty folder gives way to a rename on most systems.
    fs::rename(temporary, target).or_else(|_| fs::remove_dir(target).and_then(|()| fs::rename(temporary, target)))
}

/// Gives a folder the owner and permissions of another, as far as this user may.
fn copy_access(like: &fs::Metadata, folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        // Only root can give a folder to another owner; otherwise it stays this user's.
        let _ = chown(folder, Some(like.uid()), Some(like.gid()));
    }
    let _ = fs::set_permissions(folder, like.permissions());
}

/// Exchanges two folders, in one step where the system can.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    in_two_steps(new, old)
}

/// Replaces a folder in two steps, between which the old one has a temporary name; after a kill the next run moves it
/// back.
fn in_two_steps(new: &Path, old: &Path) -> io::Result<()> {
    let aside = with_stage(new, ASIDE);
    fs::rename(old, &aside)?;
    fs::rename(new, old).inspect_err(|_| {
        let _ = fs::rename(&aside, old);
    })?;
    fs::rename(&aside, new)
}

/// Removes what killed runs left next to a target, or brings back the old folder if one was killed between taking it away
/// and putting the new one in place.
pub(super) fn clear_beside(target: &Path) -> io::Result<()> {
    let parent = target.parent().unwrap_or(Path::new("/"));
    for (path, stage) in left_behind(parent, &prefix(target)) {
        match stage.as_str() {
            ASIDE if !target.exists() => fs::rename(&path, target)?,
            _ => remove_left(&path),
        }
    }
    Ok(())
}

/// Moves what is in the temporary folder, which is inside the target, into its place. Returns what remains to be removed.
pub(super) fn inside(temporary: &mut Temporary, hold: &mut Hold, target: &Path) -> io::Result<Option<Temporary>> {
    let _lock = lock(target)?;
    let plain = temporary.path().to_path_buf();
    let (aside, out, into) = (with_stage(&plain, ASIDE), with_stage(&plain, MOVING_OUT), with_stage(&plain, MOVING_IN));
    let back = |from: &Path, to: &Path| move_all(from, to, Order::MarksLast);
    fs::create_dir(&aside)?;
    temporary.rename(hold, &out).inspect_err(|_| drop(fs::remove_dir(&aside)))?;
    sync_folder(target);
    if let Err(e) = move_all(target, &aside, Order::MarksFirst) {
        // Until all are back, the folder keeps the name that makes the next run move them.
        if back(&aside, target).is_ok() {
            let _ = fs::remove_dir(&aside);
        } else {
            temporary.leave(hold);
        }
        return Err(e);
    }
    sync_folder(&aside);
    let moved = temporary.rename(hold, &into).and_then(|()| {
        sync_folder(target);
        move_all(&into, target, Order::MarksLast)
    });
    if let Err(e) = moved {
        let undone = move_all(target, &into, Order::MarksFirst)
            .and_then(|()| temporary.rename(hold, &out))
            .and_then(|()| back(&aside, target));
        if undone.is_ok() {
            let _ = fs::remove_dir(&aside);
        } else {
            temporary.leave(hold);
        }
        return Err(e);
    }
    sync_folder(target);
    Ok(Some(Temporary::adopt(hold, &aside)))
}

/// Removes what killed runs left inside a target, and finishes or undoes what they began to put in place.
pub(super) fn clear_inside(target: &Path) -> io::Result<()> {
    let left = left_behind(target, INSIDE);
    let _lock = if left.is_empty() { None } else { Some(lock(target)?) };
    for (path, stage) in &left {
        let Some(plain) = path.to_str().and_then(|path| path.strip_suffix(stage.as_str())) else { continue };
        let aside = with_stage(Path::new(plain), ASIDE);
        match stage.as_str() {
            MOVING_OUT if aside.exists() => move_all(&aside, target, Order::MarksLast)?,
            MOVING_IN => move_all(path, target, Order::MarksLast)?,
            _ => {}
        }
        match stage.as_str() {
            // The folders of its stages are cleared with the others.
            ASIDE if left.iter().any(|(other, _)| other != path && other.starts_with(plain)) => {}
            // An empty one is of a run that had moved nothing yet.
            ASIDE => drop(fs::remove_dir(path)),
            MOVING_IN => {
                remove_left(&aside);
                remove_left(path);
            }
            // No old entry is aside any more, or yet.
            _ => {
                let _ = fs::remove_dir(&aside);
                remove_left(path);
            }
        }
    }
    Ok(())
}

/// Returns whether a run that was to write a folder from inside did not come to its end, or has not yet.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| matches!(stage_of(&entry.file_name(), INSIDE), Some(MOVING_OUT | MOVING_IN)))
}

/// Locks a folder in which entries are about to be moved.
fn lock(folder: &Path) -> io::Result<File> {
    let opened = File::open(folder)?;
    match try_lock(&opened) {
        true => Ok(opened),
        false => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "another run is putting its output there; run again later"))
        }
    }
}

/// Returns the entries of a folder by name, without temporary folders of runs.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if stage_of(&name, INSIDE).is_none() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The order in which the entries of a folder are moved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    MarksFirst,
    MarksLast,
}

/// Moves all entries of a folder to another on the same file system, each in one step.
fn move_all(from: &Path, to: &Path, order: Order) -> io::Result<()> {
    let is_mark = |name: &OsStr| MARKS.iter().any(|mark| name == *mark);
    let mut names = entries(from)?;
    names.sort_by_key(|name| is_mark(name) == (order == Order::MarksLast));
    names.iter().try_for_each(|name| fs::rename(from.join(name), to.join(name)))
}

fn with_stage(path: &Path, stage: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(stage);
    path.into()
}

/// Makes the entries of a folder durable, where the system can.
pub(super) fn sync_folder(folder: &Path) {
    // Some systems cannot open or sync a folder; then there is nothing to wait for.
    if let Ok(opened) = File::open(folder) {
        let _ = opened.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(parent: &Path, name: &str, files: &[&str]) -> PathBuf {
        let folder = parent.join(name);
        fs::create_dir_all(&folder).unwrap();
        files.iter().for_each(|file| fs::write(folder.join(file), name).unwrap());
        folder
    }

    fn held(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn two_steps_do_what_one_does() {
        let here = tempfile::tempdir().unwrap();
        let (new, old) = (folder(here.path(), "new", &["a"]), folder(here.path(), "old", &["b"]));
        in_two_steps(&new, &old).unwrap();
        assert_eq!((held(here.path()), held(&old)), (vec!["new".to_owned(), "old".to_owned()], vec!["a".to_owned()]));
        fs::remove_dir_all(&new).unwrap();
        assert!(in_two_steps(&new, &old).is_err());
        assert_eq!(held(&old), ["a"], "a failed exchange puts the old one back");
    }

    #[test]
    fn entries_are_exchanged_inside() {
        let here = tempfile::tempdir().unwrap();
        let target = folder(here.path(), "target", &["layout.jsonl", "old"]);
        let mut temporary = Temporary::folder(&target, INSIDE).unwrap();
        fs::write(temporary.path().join("layout.jsonl"), "new").unwrap();
        fs::write(temporary.path().join("new"), "new").unwrap();
        let left = inside(&mut temporary, &mut crate::temporary::hold(), &target).unwrap();
        drop((temporary, left));
        assert_eq!(held(&target), ["layout.jsonl", "new"]);
        assert_eq!(fs::read_to_string(target.join("layout.jsonl")).unwrap(), "new");
    }

    #[test]
    fn what_a_kill_tore_apart_is_finished_or_undone() {
        let here = tempfile::tempdir().unwrap();
        let case = |name: &str, parts: &[(&str, &[&str])]| {
            let target = folder(here.path(), name, &[]);
            parts.iter().for_each(|(part, files)| drop(folder(&target, part, files)));
            target
        };
        let building = case("building", &[("", &["old"]), (".flong-abc123", &["new"])]);
        let started = case("started", &[("", &["old"]), (".flong-abc123", &["new"]), (".flong-abc123.old", &[])]);
        let out = case("out", &[("", &["b"]), (".flong-abc123.out", &["new"]), (".flong-abc123.old", &["old"])]);
        let into = case("in", &[("", &["a"]), (".flong-abc123.in", &["new"]), (".flong-abc123.old", &["old"])]);
        let done = case("done", &[("", &["new"]), (".flong-abc123.in", &[])]);
        let unknown = case("unknown", &[(".flong-abc123.old", &["old"]), (".flong-other", &["x"])]);
        for target in [&building, &started, &out, &into, &done, &unknown] {
            clear_inside(target).unwrap();
        }
        assert_eq!(held(&building), ["old"]);
        assert_eq!(held(&started), ["old"]);
        assert_eq!(held(&out), ["b", "old"]);
        assert_eq!(held(&into), ["a", "new"]);
        assert_eq!(held(&done), ["new"]);
        assert_eq!(held(&unknown), [".flong-abc123.old", ".flong-other"], "what is not understood stays");
    }
}
