//! The path of an index: a file, or a link to one.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::failure::damaged;
use crate::temporary::{Temporary, left_behind, prefix, remove_left};
use crate::{Error, Result};

/// First bytes of every file of the database.
const MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";
/// Most links in a row that are followed.
const MAX_LINKS: usize = 40;

/// Opens the file of an index that is there.
pub(super) fn open(path: &Path, write: bool) -> Result<File> {
    refuse_others(path)?;
    let mut file = File::options().read(true).write(write).open(path).map_err(|e| Error::io(path, e))?;
    let mut start = [0; MAGIC.len()];
    match file.read_exact(&mut start) {
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(Error::io(path, error)),
        Ok(()) if start == MAGIC => Ok(file),
        _ => Err(damaged(path, "is no index of flong, or its beginning is damaged")),
    }
}

/// Refuses a path that exists and cannot be an index.
pub(super) fn refuse_others(path: &Path) -> Result<()> {
    let Ok(meta) = fs::metadata(path) else { return Ok(()) };
    let what = match meta.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "a folder",
        _ => "a device or a pipe",
    };
    Err(Error::Usage(format!("{}: is {what}; an index is a file: name one, or one to make", path.display())))
}

/// Returns the path of a file, or where it is to be created, with links followed.
pub(super) fn target(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            // It is not a link, or does not exist.
            Err(_) => return Ok(target),
        }
    }
    Err(Error::Usage(format!("{}: is a link that leads to no file; remove it or name another file", path.display())))
}

/// Makes a file that appears when it is complete. Nothing is done if another run is faster.
pub(super) fn create(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let path = &*target(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    let prefix = prefix(path);
    left_behind(folder, &prefix).iter().for_each(|(path, _)| remove_left(path));
    let temporary = Temporary::unlocked_file(folder, &prefix).map_err(|e| Error::io(path, e))?;
    fill(temporary.path())?;
    match temporary.persist_new(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        persisted => persisted.map_err(|e| Error::io(path, e)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::Params;
    use crate::index::{Index, Settings};

    #[test]
    fn an_index_stays_where_links_lead() {
        let folder = tempfile::tempdir().unwrap();
        let here = |name: &str| folder.path().join(name);
        let settings = Settings::of(&Params::default(), true);
        // Links to a link to a file that is not there, in a folder that is not there.
        symlink("middle", here("link")).unwrap();
        symlink(here("deep/index"), here("middle")).unwrap();
        drop(Index::write(here("link"), &settings).unwrap());
        drop(Index::write(here("link"), &settings).unwrap());
        drop(Index::rewrite(here("link")).unwrap());
        assert!(here("deep/index").is_file() && !here("deep/index").is_symlink());
        assert!(here("link").is_symlink() && here("middle").is_symlink());
        assert_eq!(Index::check(here("link")).unwrap().items, 0);
        assert_eq!(fs::read_dir(here("deep")).unwrap().count(), 1, "nothing else is left there");
        symlink("round", here("round")).unwrap();
        assert!(Index::write(here("round"), &settings).is_err());
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::of(&Params::default(), true);
        for (path, what) in [(Path::new("/dev/null"), "a device"), (folder.path(), "a folder")] {
            for opened in [Index::open(path), Index::write(path, &settings), Index::rewrite(path)] {
                match opened {
                    Err(Error::Usage(message)) => assert!(message.contains(what), "{message}"),
                    Err(error) => panic!("another error: {error}"),
                    Ok(_) => panic!("not refused"),
                }
            }
        }
    }
}
