//! The decompressed bytes of an input.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3::Xxh3;

use super::{Compression, Input, ReadOptions};
use crate::{Error, Result};

/// A buffer in front of a decompressor: large enough that system calls cost nothing.
const PACKED_BUFFER: usize = 128 << 10;

/// Bytes that the inputs of any run may unpack to.
const UNPACKED_FREELY: u64 = 4 << 30;

/// Beyond these, how many bytes each packed byte may unpack to. Text of which nearly all repeats comes to about a hundred;
/// what was made to fill a disk comes to a thousand with gzip, to far more with others.
const UNPACKED_EACH: u64 = 200;

/// What stopped the reading of an input before its end.
pub(super) enum Failure {
    /// It could not be read.
    Io(io::Error),
    /// It unpacks to more than is allowed.
    Unpacks,
}

/// The decompressed bytes of an input, to their end or to where they can no longer be read.
pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    checksum: Option<Box<Xxh3>>,
    bytes: u64,
    failure: Option<Failure>,
    failed: bool,
    ended: bool,
    /// What it may unpack to, if it is compressed.
    limits: Option<Limits>,
    run: Unpacked,
}

impl Source {
    /// Opens an input. With `checked` a checksum of all that is read is kept.
    pub fn open(input: &Input, options: &ReadOptions, run: &Unpacked) -> Result<Self> {
        let raw: Box<dyn Read + Send> = match &input.path {
            None => Box::new(io::stdin()),
            Some(path) => Box::new(File::open(path).map_err(|e| Error::io(path, e))?),
        };
        let limits = (input.compression != Compression::None).then(|| Limits::of(options));
        let raw: Box<dyn Read + Send> =
            if limits.is_some() { Box::new(Counted { inner: raw, run: run.clone() }) } else { raw };
        let reader = unpacked(raw, input.compression)
            .map_err(|e| Error::io(input.path.clone().unwrap_or_else(|| input.name.clone().into()), e))?;
        let run = run.clone();
        let checksum = options.keep_records.then(Box::default);
        Ok(Source { reader, checksum, bytes: 0, failure: None, failed: false, ended: false, limits, run })
    }

    /// Appends to `buffer` until it holds `upto` bytes or the input ends. What stops the reading early is kept as
    /// the [failure](Self::failure): what came before it is good.
    pub fn fill(&mut self, buffer: &mut Vec<u8>, upto: usize) {
        let before = buffer.len();
        if self.ended || before >= upto {
            return;
        }
        match self.reader.by_ref().take((upto - before) as u64).read_to_end(buffer) {
            Ok(_) => self.ended = buffer.len() < upto,
            Err(e) => self.fail(Failure::Io(e)),
        }
        if let Some(limits) = self.limits {
            let allowed = usize::try_from(self.run.left(limits)).unwrap_or(usize::MAX);
            if buffer.len() - before > allowed {
                buffer.truncate(before + allowed);
                self.fail(Failure::Unpacks);
            }
            self.run.unpack(0, (buffer.len() - before) as u64);
        }
        let new = &buffer[before..];
        self.bytes += new.len() as u64;
        if let Some(checksum) = &mut self.checksum {
            checksum.update(new);
        }
    }

    /// Whether there is nothing left to read.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The checksum of all that was read, as hexadecimal digits.
    pub fn checksum(&self) -> Option<String> {
        self.checksum.as_ref().map(|checksum| format!("{:016x}", checksum.digest()))
    }

    /// What stopped the reading before the end; told once.
    pub fn failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Whether something stopped the reading before the end.
    pub fn failed(&self) -> bool {
        self.failed
    }

    fn fail(&mut self, failure: Failure) {
        self.failure = Some(failure);
        (self.failed, self.ended) = (true, true);
    }
}

/// How much the inputs of a run have unpacked to so far: one limit holds for all of them, and for what is compressed
/// inside them.
///
/// It must be given to the inputs in their order, one at a time, so that what is refused is the same in every run.
#[derive(Debug, Clone, Default)]
pub struct Unpacked(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    packed: AtomicU64,
    unpacked: AtomicU64,
}

impl Unpacked {
    /// Takes note of bytes that were read packed, and of those that they gave.
    pub(super) fn unpack(&self, packed: u64, unpacked: u64) {
        self.0.packed.fetch_add(packed, Ordering::Relaxed);
        self.0.unpacked.fetch_add(unpacked, Ordering::Relaxed);
    }

    /// How many more bytes may be unpacked.
    pub(super) fn left(&self, limits: Limits) -> u64 {
        let allowed = limits.unpacked(self.0.packed.load(Ordering::Relaxed));
        allowed.saturating_sub(self.0.unpacked.load(Ordering::Relaxed))
    }
}

/// To how much compressed bytes may unpack: what was asked for, if something was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits(Option<u64>);

impl Limits {
    pub fn of(options: &ReadOptions) -> Self {
        Limits(options.max_unpacked)
    }

    /// To how much so many may unpack.
    pub fn unpacked(self, packed: u64) -> u64 {
        self.0.unwrap_or_else(|| packed.saturating_mul(UNPACKED_EACH).max(UNPACKED_FREELY))
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    run: Unpacked,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.run.unpack(n as u64, 0);
        Ok(n)
    }
}

/// A number of bytes as limits are given: `256 MiB`.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}

/// A reader of what `raw` holds once decompressed, through all of its members, frames or streams.
pub(super) fn unpacked(raw: impl Read + Send + 'static, compression: Compression) -> io::Result<Box<dyn Read + Send>> {
    let buffered = |raw| BufReader::with_capacity(PACKED_BUFFER, raw);
    Ok(match compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered(raw))),
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(buffered(raw))),
        Compression::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(buffered(raw))?;
            // Windows as large as `zstd --long=31` makes; refused by default.
            decoder.window_log_max(31)?;
            Box::new(decoder)
        }
    })
}
