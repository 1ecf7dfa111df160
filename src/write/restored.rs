//! A mark on a restored folder, by which a later restore knows that nobody has touched it since.
//!
//! The restored files are the user's, and flong adds no file of its own. So the mark is an attribute of the folder. It
//! identifies the folder's content: if a file was added, changed, renamed or removed, the mark no longer fits. Where a
//! file system has no such attributes, there is no mark.

use std::path::Path;

/// The name of the attribute.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
const ATTRIBUTE: &str = "user.flong.restored";

/// Marks a folder that was just restored, where that is possible.
pub(super) fn mark(folder: &Path) {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    if let Ok(state) = state(folder) {
        let _ = rustix::fs::setxattr(folder, ATTRIBUTE, state.as_bytes(), rustix::fs::XattrFlags::empty());
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    let _ = folder;
}

/// Returns whether a folder contains exactly what a restore wrote, unchanged.
pub(super) fn is_untouched(folder: &Path) -> bool {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        let mut marked = [0; 64];
        let read = rustix::fs::getxattr(folder, ATTRIBUTE, &mut marked[..]).unwrap_or_default();
        read > 0 && state(folder).is_ok_and(|state| state.as_bytes() == &marked[..read])
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    {
        let _ = folder;
        false
    }
}

/// Returns a checksum of a folder's content: the path of each file, its size and when it was last changed.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn state(folder: &Path) -> std::io::Result<String> {
    use std::os::unix::fs::MetadataExt;

    let mut sum = xxhash_rust::xxh3::Xxh3::new();
    for name in super::place::entries(folder)? {
        let top = folder.join(name);
        let below = if top.is_symlink() || !top.is_dir() { Vec::new() } else { super::own::walk(&top)? };
        for path in [top].into_iter().chain(below) {
            let meta = std::fs::symlink_metadata(&path)?;
            sum.update(path.strip_prefix(folder).unwrap_or(&path).as_os_str().as_encoded_bytes());
            // A zero ends the path, which has none. When a folder was changed is of no interest: its entries are here.
            sum.update(&[0, u8::from(meta.is_dir())]);
            if !meta.is_dir() {
                for number in [u64::from(meta.mode()), meta.len(), meta.mtime() as u64, meta.mtime_nsec() as u64] {
                    sum.update(&number.to_le_bytes());
                }
            }
        }
    }
    Ok(format!("{:032x}", sum.digest128()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_touched_is_told() {
        let here = tempfile::tempdir().unwrap();
        fs::create_dir(here.path().join("x")).unwrap();
        fs::write(here.path().join("x/a"), "text").unwrap();
        assert!(!is_untouched(here.path()));
        mark(here.path());
        if !is_untouched(here.path()) {
            return println!("skipped: this file system has no attributes");
        }
        fs::write(here.path().join("x/b"), "more").unwrap();
        assert!(!is_untouched(here.path()));
        fs::remove_file(here.path().join("x/b")).unwrap();
        assert!(is_untouched(here.path()));
        fs::write(here.path().join("x/a"), "TEXT").unwrap();
        assert!(!is_untouched(here.path()));
    }
}
