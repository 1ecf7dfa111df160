//! Single output files. A regular file appears complete or not at all; pipes and devices are written to.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::place::sync_folder;
use crate::temporary::{Temporary, hold, left_behind, prefix, remove_left};
use crate::{Error, Result};

/// Writes a file.
///
/// Symbolic links are followed. A regular file is replaced in one step by a new one with the same permissions; a run that
/// ends before that leaves the old one. The file is written in place if it cannot be replaced, because its folder cannot be
/// written or it is a mount point, or if a replacement would be another file, because it has other names or another owner.
/// Devices and pipes are written to. It is no error if the reader of a pipe stops reading.
pub fn write_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let path = path.as_ref();
    write(path, bytes).map_err(|e| Error::io(path, e))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = match fs::metadata(path) {
        Ok(old) => old,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return replace(&through_links(path)?, None, bytes),
        Err(e) => return Err(e),
    };
    if old.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder; name a file to write"));
    }
    // Standard output keeps what others write to it before and after.
    if let Some(mut inherited) = inherited(&old) {
        return unless_closed(inherited.write_all(bytes));
    }
    if !old.is_file() {
        return unless_closed(OpenOptions::new().write(true).open(path)?.write_all(bytes));
    }
    // A file that has lost its name, which only a process knows, has no place for another.
    let Ok(real) = fs::canonicalize(path) else { return in_place(path, bytes) };
    if has_other_names(&old) {
        return in_place(&real, bytes);
    }
    // What may not be written may not be replaced either.
    OpenOptions::new().write(true).open(&real)?;
    match replace(&real, Some(&old), bytes) {
        Err(e) if is_fixed(&e) => in_place(&real, bytes).map_err(|_| e),
        replaced => replaced,
    }
}

/// Follows symbolic links, also to a file that does not exist yet.
pub(super) fn through_links(path: &Path) -> io::Result<PathBuf> {
    /// Links that lead to each other end somewhere, or nowhere.
    const MAX_LINKS: usize = 40;
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("the symbolic link leads to itself"))
}

/// Puts a new file in the place of the old one, if there is one.
fn replace(path: &Path, old: Option<&fs::Metadata>, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let prefix = prefix(path);
    left_behind(folder, &prefix).iter().for_each(|(path, _)| remove_left(path));
    let (temporary, mut file) = Temporary::file(folder, &prefix)?;
    if let Some(old) = old {
        copy_access(old, &file)?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    let held = hold();
    let placed = fs::rename(temporary.path(), path);
    drop(held);
    sync_folder(folder);
    placed
}

/// Gives a file the owner and permissions of another; fails if it cannot have that owner.
fn copy_access(like: &fs::Metadata, file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
            fchown(file, Some(like.uid()), Some(like.gid()))?;
        }
    }
    file.set_permissions(like.permissions())
}

/// Returns whether an error means that a file cannot be replaced, though it may be written.
fn is_fixed(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), CrossesDevices | PermissionDenied | ReadOnlyFilesystem | ResourceBusy)
}

/// Overwrites the content of a file.
fn in_place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

fn has_other_names(meta: &fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(meta) > 1;
    #[cfg(not(unix))]
    {
        let _ = meta;
        false
    }
}

/// Returns standard output or error, if the file is the one that they lead to.
fn inherited(meta: &fs::Metadata) -> Option<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        use std::os::unix::fs::MetadataExt;
        let (out, err) = (io::stdout(), io::stderr());
        let ours = [out.as_fd().try_clone_to_owned(), err.as_fd().try_clone_to_owned()];
        let same = |file: &File| file.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (meta.dev(), meta.ino()));
        ours.into_iter().flatten().map(File::from).find(same)
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        None
    }
}

fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_or_replaced_and_nothing_else_stays() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("a");
        fs::write(here.path().join(".a.flong-abc123"), "of a killed run").unwrap();
        for text in ["a longer text", "short"] {
            write_file(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(here.path()), ["a"]);
        assert!(write_file(here.path(), b"").unwrap_err().to_string().contains("is a folder"));
        assert!(write_file(here.path().join("nowhere/a"), b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_names_and_permissions_stay() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let here = tempfile::tempdir().unwrap();
        let at = |name: &str| here.path().join(name);
        fs::create_dir(at("in")).unwrap();
        fs::write(at("in/real"), "old").unwrap();
        fs::set_permissions(at("in/real"), PermissionsExt::from_mode(0o640)).unwrap();
        symlink("in/real", at("link")).unwrap();
        symlink("link", at("link-to-link")).unwrap();
        symlink("in/new", at("dangling")).unwrap();
        symlink("around", at("around")).unwrap();
        for link in ["link-to-link", "dangling"] {
            write_file(at(link), b"new").unwrap();
            assert!(at(link).is_symlink(), "{link}");
        }
        assert_eq!(names(&at("in")), ["new", "real"]);
        assert_eq!(fs::read_to_string(at("in/real")).unwrap(), "new");
        assert_eq!(fs::metadata(at("in/real")).unwrap().mode() & 0o7777, 0o640);
        assert!(write_file(at("around"), b"").is_err());
        fs::hard_link(at("in/real"), at("other-name")).unwrap();
        write_file(at("other-name"), b"n").unwrap();
        assert_eq!(fs::read_to_string(at("in/real")).unwrap(), "n");
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_written_to() {
        write_file("/dev/null", b"text").unwrap();
        use std::os::unix::fs::FileTypeExt;
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}
