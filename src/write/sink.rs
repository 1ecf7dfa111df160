//! Files of an output folder, compressed or not: writing and reading.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;

use super::{OutDir, OutFile};
use crate::read::Steps;
use crate::{Error, Result};

/// The compression of a file, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Zstd,
    Bzip2,
}

impl Compression {
    fn of(name: &str) -> Self {
        match name.rsplit_once('.').map(|(_, end)| end) {
            Some("gz") => Compression::Gzip,
            Some("zst") => Compression::Zstd,
            Some("bz2") => Compression::Bzip2,
            _ => Compression::None,
        }
    }
}

/// A file with the compression that its name shows.
pub(crate) struct Sink {
    /// The path that it will have.
    path: PathBuf,
    inner: Inner,
}

enum Inner {
    Plain(OutFile),
    Gzip(GzEncoder<OutFile>),
    Zstd(zstd::Encoder<'static, OutFile>),
    Bzip2(BzEncoder<OutFile>),
}

impl Sink {
    /// Starts `name` in `out`.
    pub fn create(out: &mut OutDir, name: &str) -> Result<Sink> {
        let file = out.file(name)?;
        let path = file.path().to_path_buf();
        let inner = match Compression::of(name) {
            Compression::None => Inner::Plain(file),
            Compression::Gzip => Inner::Gzip(GzEncoder::new(file, flate2::Compression::default())),
            Compression::Zstd => Inner::Zstd(zstd::Encoder::new(file, 0).map_err(|e| Error::io(&path, e))?),
            Compression::Bzip2 => Inner::Bzip2(BzEncoder::new(file, bzip2::Compression::best())),
        };
        Ok(Sink { path, inner })
    }

    /// Starts `name` in `out`, not compressed whatever the name says.
    #[cfg(feature = "parquet")]
    pub fn plain(out: &mut OutDir, name: impl AsRef<Path>) -> Result<Sink> {
        Ok(Sink::of(out.file(name)?))
    }

    /// Writes to a file, not compressed whatever its name says.
    pub fn of(file: OutFile) -> Sink {
        Sink { path: file.path().to_path_buf(), inner: Inner::Plain(file) }
    }

    /// Returns the path that it will have.
    #[cfg(feature = "parquet")]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a new member of the compressed file, if its compression has members. Each record of a crawl is one.
    pub fn next_member(self) -> Result<Sink> {
        let inner = match self.inner {
            Inner::Gzip(encoder) => {
                let file = encoder.finish().map_err(|e| Error::io(&self.path, e))?;
                Inner::Gzip(GzEncoder::new(file, flate2::Compression::default()))
            }
            other => other,
        };
        Ok(Sink { inner, ..self })
    }

    /// Adds bytes.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes).map_err(|e| Error::io(&self.path, e))
    }

    /// Writes the rest and closes the file.
    pub fn finish(self) -> Result<()> {
        match self.inner {
            Inner::Plain(file) => Ok(file),
            Inner::Gzip(encoder) => encoder.finish(),
            Inner::Zstd(encoder) => encoder.finish(),
            Inner::Bzip2(encoder) => encoder.finish(),
        }
        .map_err(|e| Error::io(&self.path, e))?
        .finish()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Plain(file) => file.write(bytes),
            Inner::Gzip(encoder) => encoder.write(bytes),
            Inner::Zstd(encoder) => encoder.write(bytes),
            Inner::Bzip2(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.inner {
            Inner::Plain(file) => file.flush(),
            Inner::Gzip(encoder) => encoder.flush(),
            Inner::Zstd(encoder) => encoder.flush(),
            Inner::Bzip2(encoder) => encoder.flush(),
        }
    }
}

/// Opens a file that a [`Sink`] of this name wrote.
pub(crate) fn source(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = BufReader::with_capacity(1 << 16, File::open(path).map_err(|e| Error::io(path, e))?);
    Ok(match Compression::of(&path.to_string_lossy()) {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(Steps::of(flate2::bufread::MultiGzDecoder::new(file))),
        Compression::Zstd => {
            let decoder = zstd::Decoder::with_buffer(file).map_err(|e| Error::io(path, e))?;
            Box::new(Steps::of(decoder))
        }
        Compression::Bzip2 => Box::new(Steps::of(bzip2::bufread::MultiBzDecoder::new(file))),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn every_compression_comes_back() {
        let here = tempfile::tempdir().unwrap();
        let mut out = OutDir::create(here.path().join("out"), false).unwrap();
        let text = "the same line again\n".repeat(1000);
        for name in ["a.txt", "a.txt.gz", "a.txt.zst", "a.txt.bz2"] {
            let mut sink = Sink::create(&mut out, name).unwrap();
            sink.put(text.as_bytes()).unwrap();
            sink.finish().unwrap();
        }
        out.commit().unwrap();
        for name in ["a.txt", "a.txt.gz", "a.txt.zst", "a.txt.bz2"] {
            let path = here.path().join("out").join(name);
            assert_eq!(std::fs::metadata(&path).unwrap().len() < 1000, name != "a.txt", "{name}");
            let mut read = String::new();
            source(&path).unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read, text, "{name}");
        }
    }
}
