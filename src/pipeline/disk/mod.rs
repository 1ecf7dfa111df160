//! Temporary files of a run that may not hold everything in memory.

mod cuts;
mod hashes;
mod lists;
mod matches;
mod room;
mod sorter;
mod sums;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

pub(super) use cuts::{Cuts, Keys, SpilledCuts, Written};
pub(super) use hashes::SpilledHashes;
pub(super) use lists::Lists;
pub(super) use matches::Matches;
pub use room::{Room, available_memory, memory_for};
pub(super) use sorter::Sorter;
pub(super) use sums::{SpilledCounts, SpilledWords};

use crate::{CandidatePair, Error, Result};

/// The place where a run keeps its working data. The results are the same with either.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Engine {
    /// Everything in memory.
    #[default]
    Memory,
    /// Bodies, profiles and keys in temporary files, a part of them at a time in memory.
    Disk {
        /// Bytes that sorting and joining may take at a time: a part of what the process may take.
        working_bytes: usize,
        /// The folder for temporary files. They have no names there, so that they are gone however the run ends.
        folder: PathBuf,
    },
}

impl Engine {
    /// Returns a new temporary file if the engine works with those.
    pub(super) fn file(&self) -> Result<Option<SpillFile>> {
        match self {
            Engine::Memory => Ok(None),
            Engine::Disk { folder, .. } => SpillFile::new(folder).map(Some),
        }
    }
}

/// Numbers that are read or written at a time.
const PIECE: usize = 1 << 16;

/// A temporary file that many threads append to, and read from at any place.
///
/// The first error is held, and what follows it is not written, so that threads that cannot fail may append too: whoever
/// started them asks [`SpillFile::check`] at the end.
#[derive(Debug)]
pub(super) struct SpillFile {
    file: File,
    folder: PathBuf,
    end: AtomicU64,
    failed: Mutex<Option<Error>>,
}

impl SpillFile {
    /// Makes a file in a folder.
    pub fn new(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder).map_err(|error| unusable(folder, error))?;
        Ok(SpillFile { file, folder: folder.to_path_buf(), end: AtomicU64::new(0), failed: Mutex::new(None) })
    }

    /// Appends bytes, and returns the place of the first of them.
    pub fn append(&self, bytes: &[u8]) -> u64 {
        let at = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.write(bytes, at);
        at
    }

    /// Appends numbers, a piece of them at a time as bytes in memory, and returns the place of the first of them.
    pub fn append_all<T: Plain>(&self, numbers: &[T]) -> u64 {
        let start = self.end.fetch_add((numbers.len() * T::BYTES) as u64, Ordering::Relaxed);
        let (mut at, mut bytes) = (start, Vec::new());
        for piece in numbers.chunks(PIECE) {
            bytes.clear();
            put_all(piece, &mut bytes);
            self.write(&bytes, at);
            at += bytes.len() as u64;
        }
        start
    }

    fn write(&self, bytes: &[u8], at: u64) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_none() {
            drop(failed);
            if let Err(error) = write_at(&self.file, bytes, at) {
                failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.get_or_insert(unusable(&self.folder, error));
            }
        }
    }

    /// Reads as many bytes as `bytes` has room for, from a place on.
    pub fn read(&self, at: u64, bytes: &mut [u8]) -> Result<()> {
        read_at(&self.file, bytes, at).map_err(|error| unusable(&self.folder, error))
    }

    /// Reads `count` values from a place on into `values`, replacing what was there.
    pub fn read_into<T: Plain>(&self, at: u64, count: usize, bytes: &mut Vec<u8>, values: &mut Vec<T>) -> Result<()> {
        bytes.resize(count * T::BYTES, 0);
        self.read(at, bytes)?;
        values.clear();
        values.extend(bytes.chunks_exact(T::BYTES).map(T::get));
        Ok(())
    }

    /// Reads numbers as [`read_into`](SpillFile::read_into) does, for the last time: their room on the disk is given back.
    pub fn take_into<T: Plain>(&self, at: u64, count: usize, bytes: &mut Vec<u8>, values: &mut Vec<T>) -> Result<()> {
        self.read_into(at, count, bytes, values)?;
        self.forget(at, count * T::BYTES);
        Ok(())
    }

    /// Gives back the room on the disk of bytes that are not read again, where the system can: elsewhere they go with the file.
    pub fn forget(&self, at: u64, length: usize) {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{FallocateFlags, fallocate};
            let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
            // Not every file system has holes.
            let _ = fallocate(&self.file, hole, at, length as u64);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (at, length);
    }

    /// Lets the system read bytes that are needed soon, if it can, and does not wait for them.
    pub fn read_ahead(&self, place: std::ops::Range<u64>) {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{Advice, fadvise};
            let length = std::num::NonZero::new(place.end - place.start);
            // A hint: without it the bytes are read when they are asked for.
            let _ = fadvise(&self.file, place.start, length, Advice::WillNeed);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = place;
    }

    /// Returns the place after the last byte.
    pub fn end(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// Returns the first error of appending, if there was one.
    pub fn check(&self) -> Result<()> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}

fn unusable(folder: &Path, error: std::io::Error) -> Error {
    Error::Usage(format!(
        "{}: cannot keep temporary files there: {error}; --temp-dir names another folder, and with more --memory fewer \
         are needed",
        folder.display()
    ))
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, at) = (&mut bytes[read..], at + read as u64);
    }
    Ok(())
}

/// A number that is written as its bytes, the lowest first.
pub(super) trait Plain: Copy {
    /// Bytes of one.
    const BYTES: usize;
    /// Appends its bytes.
    fn put(self, bytes: &mut Vec<u8>);
    /// Returns the number that bytes are.
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! plain {
    ($($number:ty)*) => {
        $(impl Plain for $number {
            const BYTES: usize = size_of::<$number>();

            #[inline]
            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn get(bytes: &[u8]) -> Self {
                <$number>::from_le_bytes(bytes.try_into().expect("as many bytes as the number has"))
            }
        })*
    };
}

plain!(u16 u32 u64);

impl Plain for CandidatePair {
    const BYTES: usize = u64::BYTES;

    #[inline]
    fn put(self, bytes: &mut Vec<u8>) {
        self.bits().put(bytes);
    }

    #[inline]
    fn get(bytes: &[u8]) -> Self {
        CandidatePair::from_bits(u64::get(bytes))
    }
}

/// Appends numbers to bytes.
pub(super) fn put_all<T: Plain>(numbers: &[T], bytes: &mut Vec<u8>) {
    bytes.reserve(numbers.len() * T::BYTES);
    numbers.iter().for_each(|number| number.put(bytes));
}

/// Reads numbers one after another, a piece of them at a time in memory.
pub(super) struct Reader<'a, T> {
    file: &'a SpillFile,
    /// The place of what is not read yet, and how many numbers that is.
    at: u64,
    left: usize,
    /// Numbers in a piece.
    piece: usize,
    held: Vec<T>,
    next: usize,
    bytes: Vec<u8>,
}

impl<'a, T: Plain> Reader<'a, T> {
    /// Reads `count` numbers from a place on.
    pub fn new(file: &'a SpillFile, at: u64, count: usize, piece: usize) -> Self {
        Reader { file, at, left: count, piece, held: Vec::new(), next: 0, bytes: Vec::new() }
    }

    /// Returns the next number, or `None` after the last.
    pub fn next(&mut self) -> Result<Option<T>> {
        if self.next == self.held.len() {
            let count = self.piece.min(self.left);
            self.file.read_into(self.at, count, &mut self.bytes, &mut self.held)?;
            (self.at, self.left, self.next) = (self.at + (T::BYTES * count) as u64, self.left - count, 0);
        }
        let number = self.held.get(self.next).copied();
        self.next += 1;
        Ok(number)
    }
}
