//! The decompressed bytes of an input.

use std::fs::File;
use std::io::{self, BufReader, Read};

use xxhash_rust::xxh3::Xxh3;

use super::{Compression, Input};
use crate::{Error, Result};

/// A buffer in front of a decompressor: large enough that system calls cost nothing.
const PACKED_BUFFER: usize = 128 << 10;

/// The decompressed bytes of an input, to their end or to where they can no longer be read.
pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    checksum: Option<Box<Xxh3>>,
    bytes: u64,
    failure: Option<io::Error>,
    ended: bool,
}

impl Source {
    /// Opens an input. With `checked` a checksum of all that is read is kept.
    pub fn open(input: &Input, checked: bool) -> Result<Self> {
        let raw: Box<dyn Read + Send> = match &input.path {
            None => Box::new(io::stdin()),
            Some(path) => Box::new(File::open(path).map_err(|e| Error::io(path, e))?),
        };
        let reader = unpacked(raw, input.compression)
            .map_err(|e| Error::io(input.path.clone().unwrap_or_else(|| input.name.clone().into()), e))?;
        Ok(Source { reader, checksum: checked.then(Box::default), bytes: 0, failure: None, ended: false })
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
            Err(e) => {
                self.failure = Some(e);
                self.ended = true;
            }
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
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
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
