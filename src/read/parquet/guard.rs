//! Panics of the Parquet decoder, which takes some of what it reads on trust.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::parquet::errors::{ParquetError, Result as ParquetResult};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread will be caught and told as damage of the input: then a hook need not tell of it.
pub fn panic_is_damage() -> bool {
    GUARDED.get()
}

/// Does something with bytes that may be damaged; a panic on the way is an error like any other.
pub(crate) fn guarded<T, E: From<ParquetError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let outer = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    done.unwrap_or_else(|_| Err(ParquetError::General("what is written there makes no sense".into()).into()))
}

/// For a result of the decoder's own.
pub(super) fn guarded_read<T>(work: impl FnOnce() -> ParquetResult<T>) -> ParquetResult<T> {
    guarded(work)
}
