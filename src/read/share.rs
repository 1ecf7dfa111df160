//! Which share of an input was read.

use super::{Block, Compression, Format, Input, Unpacked};

/// Measures which share of an input some blocks from its beginning are.
pub(crate) struct Share {
    /// Length of the file, or the number of rows of a table that has them stored by columns.
    whole: u64,
    /// How much of that was read; not counted where the file is compressed, since its reader counts that.
    read: u64,
    is_packed: bool,
    is_by_rows: bool,
}

impl Share {
    /// Returns the share of an input of which nothing was read yet.
    pub fn new(input: &Input) -> Self {
        let table = input.path.as_ref().filter(|_| input.format == Format::Parquet);
        let rows = table.and_then(|path| rows(path));
        Share {
            whole: rows.or_else(|| input.stored_bytes()).unwrap_or_default(),
            read: 0,
            is_packed: input.compression != Compression::None,
            is_by_rows: rows.is_some(),
        }
    }

    /// Notes that another block was read.
    pub fn add(&mut self, block: &Block) {
        self.read += if self.is_by_rows { block.records } else { (block.text.len() + block.bytes.len()) as u64 };
    }

    /// Returns the share that was read, above 0 and at most 1. `unpacked` counted the bytes of this input alone.
    pub fn read(&self, unpacked: &Unpacked) -> f64 {
        let read = if self.is_packed { unpacked.packed() } else { self.read };
        (read.max(1) as f64 / self.whole.max(1) as f64).min(1.0)
    }
}

#[cfg(feature = "parquet")]
fn rows(path: &std::path::Path) -> Option<u64> {
    let table = super::parquet::Table::open(path).ok()?;
    u64::try_from(table.metadata.file_metadata().num_rows()).ok()
}

#[cfg(not(feature = "parquet"))]
fn rows(_: &std::path::Path) -> Option<u64> {
    None
}
