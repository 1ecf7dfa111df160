//! The file as the database sees it: no page is read that the file cannot hold, and a check writes to memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};

/// Bytes of the smallest page of the database.
const PAGE: usize = 4096;
/// The first byte of a page that leads to others.
const BRANCH: u8 = 2;
/// Sizes in bytes: of a branch page before its checksums, of a checksum, and of the number of a page.
const HEAD: usize = 8;
const CHECKSUM: usize = 16;
const NUMBER: usize = 8;

/// A file that the database reads and writes.
#[derive(Debug)]
pub(super) struct Backend {
    file: FileBackend,
    /// Pages that were written, if the file itself must not change.
    overlay: Option<Mutex<Overlay>>,
    /// Whether others are kept from the file meanwhile. Where it may only be read, the system takes no locks.
    locks: bool,
}

impl Backend {
    /// Reads and writes a file.
    pub fn new(file: File) -> std::result::Result<Self, redb::DatabaseError> {
        Ok(Backend { file: FileBackend::new(file)?, overlay: None, locks: true })
    }

    /// Reads a file; what is written is kept in memory.
    pub fn unchanged(file: File, locks: bool) -> std::result::Result<Self, redb::DatabaseError> {
        let file = FileBackend::new(file)?;
        let overlay = Overlay { length: file.len()?, pages: BTreeMap::new() };
        Ok(Backend { file, overlay: Some(Mutex::new(overlay)), locks })
    }

    fn overlay(&self) -> Option<std::sync::MutexGuard<'_, Overlay>> {
        self.overlay.as_ref().map(|overlay| overlay.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Pages that were written to memory, by their place in the file.
#[derive(Debug)]
struct Overlay {
    length: u64,
    pages: BTreeMap<u64, Box<[u8]>>,
}

impl Overlay {
    fn read(&self, file: &FileBackend, offset: u64, out: &mut [u8]) -> Result<()> {
        let end = offset.checked_add(out.len() as u64).filter(|end| *end <= self.length);
        let end = end.ok_or(ErrorKind::UnexpectedEof)?;
        let in_file = file.len()?.min(end).saturating_sub(offset) as usize;
        file.read(offset, &mut out[..in_file])?;
        out[in_file..].fill(0);
        for (&start, page) in self.pages.range(offset.saturating_sub(PAGE as u64)..end) {
            let (from, to) = (start.max(offset), (start + PAGE as u64).min(end));
            if from < to {
                let own = &page[(from - start) as usize..(to - start) as usize];
                out[(from - offset) as usize..(to - offset) as usize].copy_from_slice(own);
            }
        }
        Ok(())
    }

    fn write(&mut self, file: &FileBackend, offset: u64, mut data: &[u8]) -> Result<()> {
        let mut at = offset;
        while !data.is_empty() {
            let inside = (at % PAGE as u64) as usize;
            let start = at - inside as u64;
            let (now, rest) = data.split_at(data.len().min(PAGE - inside));
            let mut page = vec![0; PAGE];
            let held = (self.length.saturating_sub(start) as usize).min(PAGE);
            self.read(file, start, &mut page[..held])?;
            page[inside..inside + now.len()].copy_from_slice(now);
            self.pages.insert(start, page.into());
            (at, data) = (at + now.len() as u64, rest);
        }
        self.length = self.length.max(at);
        Ok(())
    }
}

/// Refuses a page that leads to one that is larger than the file: the database takes the memory for it before it looks
/// whether it is there.
fn refuse_large_pages(page: &[u8], file_length: u64) -> Result<()> {
    let damaged = || Error::new(ErrorKind::InvalidData, "a page leads to one that is larger than the file");
    let children = usize::from(u16::from_le_bytes([page[2], page[3]])) + 1;
    let numbers = HEAD + children * CHECKSUM;
    let numbers = page.get(numbers..numbers + children * NUMBER).ok_or_else(damaged)?;
    for number in numbers.as_chunks::<NUMBER>().0 {
        // The size of a page is a power of two times that of the smallest.
        let power = u64::from_le_bytes(*number) >> 59;
        if (PAGE as u64) << power > file_length {
            return Err(damaged());
        }
    }
    Ok(())
}

impl StorageBackend for Backend {
    fn len(&self) -> Result<u64> {
        self.overlay().map_or_else(|| self.file.len(), |overlay| Ok(overlay.length))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<()> {
        match self.overlay() {
            Some(overlay) => overlay.read(&self.file, offset, out)?,
            None => self.file.read(offset, out)?,
        }
        if out.len() >= PAGE && out[0] == BRANCH {
            refuse_large_pages(out, self.len()?)?;
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> Result<()> {
        match self.overlay() {
            Some(mut overlay) => {
                overlay.length = length;
                overlay.pages.retain(|start, _| *start < length);
                Ok(())
            }
            None => self.file.set_len(length),
        }
    }

    fn sync_data(&self) -> Result<()> {
        if self.overlay.is_some() { Ok(()) } else { self.file.sync_data() }
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<()> {
        match self.overlay() {
            Some(mut overlay) => overlay.write(&self.file, offset, data),
            None => self.file.write(offset, data),
        }
    }

    fn close(&self) -> Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> std::result::Result<bool, BackendError> {
        if self.locks { self.file.try_lock_range(start, end) } else { Ok(true) }
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> std::result::Result<bool, BackendError> {
        if self.locks { self.file.try_lock_shared_range(start, end) } else { Ok(true) }
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> std::result::Result<(), BackendError> {
        if self.locks { self.file.lock_range(start, end) } else { Ok(()) }
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> std::result::Result<(), BackendError> {
        if self.locks { self.file.lock_shared_range(start, end) } else { Ok(()) }
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> std::result::Result<(), BackendError> {
        if self.locks { self.file.unlock_range(start, end) } else { Ok(()) }
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> std::result::Result<bool, BackendError> {
        if self.locks { self.file.query_lock_range(start, end) } else { Ok(false) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_is_written_to_memory_is_read_back_and_the_file_stays() {
        let mut file = tempfile::tempfile().unwrap();
        let before: Vec<u8> = (0..3 * PAGE + 100).map(|at| (at / 7 + 3) as u8).collect();
        file.write_all(&before).unwrap();
        let backend = Backend::unchanged(file.try_clone().unwrap(), false).unwrap();
        let mut now = before.clone();
        let written = [(0, 10), (PAGE - 5, 10), (PAGE * 3 + 90, 40), (PAGE, 2 * PAGE)];
        for (n, (at, length)) in (0u8..).zip(written) {
            now.resize(now.len().max(at + length), 0);
            now[at..at + length].fill(100 + n);
            backend.write(at as u64, &vec![100 + n; length]).unwrap();
            let mut all = vec![0; now.len()];
            assert_eq!(backend.len().unwrap(), now.len() as u64);
            backend.read(0, &mut all).unwrap();
            assert!(all == now, "after write {n}");
            backend.read(at as u64 / 2, &mut all[..length]).unwrap();
            assert!(all[..length] == now[at / 2..at / 2 + length]);
        }
        assert!(backend.read(now.len() as u64 - 1, &mut [0; 2]).is_err());
        backend.set_len(PAGE as u64 * 5).unwrap();
        backend.read(now.len() as u64, &mut [0; 2]).unwrap();
        let mut left = vec![0; before.len()];
        FileBackend::new(file).unwrap().read(0, &mut left).unwrap();
        assert!(left == before);
    }

    #[test]
    fn no_page_is_larger_than_the_file() {
        let mut page = vec![0; PAGE];
        (page[0], page[2]) = (BRANCH, 1);
        let second = HEAD + 2 * CHECKSUM + NUMBER;
        page[second..second + NUMBER].copy_from_slice(&(3u64 << 59 | 17).to_le_bytes());
        assert!(refuse_large_pages(&page, 8 * PAGE as u64).is_ok());
        assert!(refuse_large_pages(&page, 7 * PAGE as u64).is_err());
        page[3] = 0xff;
        assert!(refuse_large_pages(&page, 1 << 40).is_err(), "it has no room for so many");
    }
}
