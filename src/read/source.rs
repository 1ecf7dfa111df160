//! The decompressed bytes of an input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use xxhash_rust::xxh3::Xxh3;

use super::sniff::{self, MAGIC_BYTES};
use super::{Compression, Input, ReadOptions};
use crate::{Error, Result};

/// A buffer in front of a decompressor: large enough that system calls cost nothing.
const PACKED_BUFFER: usize = 128 << 10;

/// Bytes that the inputs of any run may unpack to.
const UNPACKED_FREELY: u64 = 4 << 30;

/// Beyond these, how many bytes each packed byte may unpack to. Text of which nearly all repeats comes to about a hundred;
/// what was made to fill a disk comes to a thousand with gzip, to far more with others.
const UNPACKED_EACH: u64 = 200;

/// The reason why an input was not read to its end.
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
    /// Limits of its decompressed size, if it is compressed.
    limits: Option<Limits>,
    run: Unpacked,
}

/// Opens an input for its bytes as they are stored. Bytes of standard input that were looked at before come first.
pub(crate) fn raw(input: &Input) -> Result<Box<dyn Read + Send>> {
    Ok(match &input.path {
        None => Box::new(
            Cursor::new(PEEKED.lock().map(|mut peeked| std::mem::take(&mut *peeked)).unwrap_or_default())
                .chain(io::stdin()),
        ),
        Some(path) => Box::new(File::open(path).map_err(|e| Error::io(path, e))?),
    })
}

impl Source {
    /// Opens an input. With `checked` a checksum of all that is read is kept.
    pub fn open(input: &Input, options: &ReadOptions, run: &Unpacked) -> Result<Self> {
        let raw = raw(input)?;
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

    /// Returns whether there is nothing left to read.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Returns how many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the checksum of all that was read, as hexadecimal digits.
    pub fn checksum(&self) -> Option<String> {
        self.checksum.as_ref().map(|checksum| format!("{:016x}", checksum.digest()))
    }

    /// Returns what stopped the reading before the end, once.
    pub fn failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Returns whether something stopped the reading before the end.
    pub fn failed(&self) -> bool {
        self.failed
    }

    fn fail(&mut self, failure: Failure) {
        self.failure = Some(failure);
        (self.failed, self.ended) = (true, true);
    }
}

/// The decompressed size of what a run has read so far: one limit holds for all inputs, and for what is compressed
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

    /// Returns how many packed bytes were read.
    pub(super) fn packed(&self) -> u64 {
        self.0.packed.load(Ordering::Relaxed)
    }

    /// Returns how many more bytes may be unpacked.
    pub(super) fn left(&self, limits: Limits) -> u64 {
        let allowed = limits.unpacked(self.0.packed.load(Ordering::Relaxed));
        allowed.saturating_sub(self.0.unpacked.load(Ordering::Relaxed))
    }
}

/// The limit that compressed bytes may unpack to: the one that was asked for, if any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits(Option<u64>);

impl Limits {
    pub fn of(options: &ReadOptions) -> Self {
        Limits(options.max_unpacked)
    }

    /// Returns how many bytes `packed` bytes may unpack to.
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

/// Writes a number of bytes as limits are given: `256 MiB`.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}

/// Bytes of standard input that were read to recognise it, and must be read again.
static PEEKED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Returns how standard input is compressed, and its first `bytes` decompressed bytes, or all if it is shorter. Everything
/// is kept for the one who reads it later, however slowly it comes and however much had to be unpacked.
pub(super) fn peek_stdin(bytes: usize) -> io::Result<(Compression, Vec<u8>)> {
    let taken: Arc<Mutex<Vec<u8>>> = Arc::default();
    let mut kept = Kept { inner: io::stdin(), taken: Arc::clone(&taken) };
    let mut magic = Vec::new();
    kept.by_ref().take(MAGIC_BYTES as u64).read_to_end(&mut magic)?;
    let compression = sniff::compression(&magic);
    let head = sample(Cursor::new(magic).chain(kept), compression, bytes);
    if let (Ok(mut peeked), Ok(mut taken)) = (PEEKED.lock(), taken.lock()) {
        peeked.append(&mut taken);
    }
    Ok((compression, head))
}

/// Keeps what is read.
struct Kept<R> {
    inner: R,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if let Ok(mut taken) = self.taken.lock() {
            taken.extend_from_slice(&buffer[..n]);
        }
        Ok(n)
    }
}

/// Returns the first decompressed bytes, at most `bytes` of them. Damage is reported when the input is read.
pub(super) fn sample(packed: impl Read + Send + 'static, compression: Compression, bytes: usize) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(reader) = unpacked(packed, compression) {
        let _ = reader.take(bytes as u64).read_to_end(&mut head);
    }
    head
}

/// Returns a reader of the decompressed bytes of `raw`, through all of its members, frames or streams.
pub(super) fn unpacked(raw: impl Read + Send + 'static, compression: Compression) -> io::Result<Box<dyn Read + Send>> {
    let buffered = |raw| BufReader::with_capacity(PACKED_BUFFER, raw);
    Ok(match compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => Box::new(Steps::of(flate2::bufread::MultiGzDecoder::new(buffered(raw)))),
        Compression::Bzip2 => Box::new(Steps::of(bzip2::bufread::MultiBzDecoder::new(buffered(raw)))),
        Compression::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(buffered(raw))?;
            // Windows as large as `zstd --long=31` makes; refused by default.
            decoder.window_log_max(31)?;
            Box::new(Steps::of(decoder))
        }
    })
}

/// Bytes that are asked of a decompressor at once.
const STEP_BYTES: usize = 8 << 10;

/// Asks a decompressor for the same number of bytes each time, however many are asked of it itself, and nothing more once
/// it has failed. What a damaged stream gives before the error depends on that number: so the same is read of it whatever
/// the blocks. What it gives after the error may be anything, a panic included.
pub(crate) struct Steps<R> {
    inner: BufReader<R>,
    failed: Option<io::ErrorKind>,
}

impl<R: Read> Steps<R> {
    pub fn of(decoder: R) -> Self {
        Steps { inner: BufReader::with_capacity(STEP_BYTES, decoder), failed: None }
    }
}

impl<R: Read> Read for Steps<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A buffered reader's own `read` hands large requests on as they are.
        let held = self.fill_buf()?;
        let n = held.len().min(buffer.len());
        buffer[..n].copy_from_slice(&held[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Steps<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.failed {
            Some(kind) => Err(kind.into()),
            None => self.inner.fill_buf().inspect_err(|e| {
                self.failed = Some(e.kind()).filter(|kind| *kind != io::ErrorKind::Interrupted);
            }),
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.inner.consume(bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Fails at its first reading, as a decompressor does at damage.
    struct Fails(bool);

    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            assert!(!std::mem::replace(&mut self.0, true), "nothing is asked of it again");
            Err(io::ErrorKind::InvalidData.into())
        }
    }

    #[test]
    fn nothing_is_read_after_an_error() {
        let mut steps = Steps::of(Fails(false));
        for _ in 0..3 {
            assert_eq!(steps.fill_buf().unwrap_err().kind(), io::ErrorKind::InvalidData);
            assert!(steps.read(&mut [0; 8]).is_err());
        }
    }

    #[test]
    fn a_damaged_stream_gives_the_same_however_it_is_read() {
        let text: Vec<u8> =
            (0..40_000u32).flat_map(|n| format!("{} ", n.wrapping_mul(2_654_435_761)).into_bytes()).collect();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(&text).unwrap();
        let packed = [
            (Compression::Gzip, gzip.finish().unwrap()),
            (Compression::Bzip2, bzip2.finish().unwrap()),
            (Compression::Zstd, zstd::encode_all(&text[..], 1).unwrap()),
        ];
        for (compression, mut packed) in packed {
            for damage in [packed.len() / 3, packed.len() / 2, packed.len() - 9] {
                packed[damage] ^= 0x55;
                let read = |step: usize| {
                    let (mut reader, mut all) =
                        (unpacked(io::Cursor::new(packed.clone()), compression).unwrap(), vec![]);
                    while reader.by_ref().take(step as u64).read_to_end(&mut all).is_ok_and(|n| n > 0) {}
                    all.len()
                };
                let whole = read(1 << 30);
                assert_eq!([read(100), read(5000), read(100_000)], [whole; 3], "{compression:?} damaged at {damage}");
            }
        }
    }
}
