//! Measures the share of an input that was read.

use super::{Block, Compression, Input, Unpacked};

/// Measures which share of an input some blocks from its beginning are.
pub(crate) struct Share {
    /// Length of the file, or the number of rows of a table that has them stored by columns.
    whole: u64,
    /// The part of that which was read; not counted where the file is compressed, since its reader counts that.
    read: u64,
    is_packed: bool,
    is_by_rows: bool,
}

impl Share {
    /// Returns the share of an input of which nothing was read yet.
    pub fn new(input: &Input) -> Self {
        input.format.codec().share(input)
    }

    /// Returns the share of an input that is measured by its bytes.
    pub fn of_bytes(input: &Input) -> Self {
        let whole = input.stored_bytes().unwrap_or_default();
        Share { whole, read: 0, is_packed: input.compression != Compression::None, is_by_rows: false }
    }

    /// Returns the share of a table that has this many rows, stored by columns.
    #[cfg(feature = "parquet")]
    pub fn of_rows(rows: u64) -> Self {
        Share { whole: rows, read: 0, is_packed: false, is_by_rows: true }
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
