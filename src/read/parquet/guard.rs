//! Panics of the Parquet decoder, which takes some of what it reads on trust.

use ::parquet::errors::{ParquetError, Result as ParquetResult};

/// Does something with bytes that may be damaged; a panic on the way is an error like any other.
pub(super) fn guarded<T, E: From<ParquetError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let nonsense = || Err(ParquetError::General("what is written there makes no sense".into()).into());
    crate::guard::guarded(work).unwrap_or_else(nonsense)
}

/// Does the same for functions that return results of the decoder.
pub(super) fn guarded_read<T>(work: impl FnOnce() -> ParquetResult<T>) -> ParquetResult<T> {
    guarded(work)
}
