//! The costs of a run for each document and byte, by which a run is estimated and its engine chosen.
//!
//! They are fitted to runs on two cores. To fit them again, run `cargo bench --bench estimates` on a machine that does
//! nothing else: its last columns say by how much the real time, memory and files differ from the estimate. Multiply the
//! constants by these, until everything is within 30%.

/// Memory that a run takes whatever it reads.
pub(super) const BASE_BYTES: u64 = 48 << 20;

/// Most memory for each byte of text, if everything is in memory: by it the engine is chosen before any document is read.
pub(super) const MOST_MEMORY_BYTES_PER_TEXT_BYTE: u64 = 11;

/// Memory for each document, if everything is in memory.
pub(super) const MEMORY_BYTES_PER_DOCUMENT: u64 = 2_300;

/// Memory for each byte of text, if everything is in memory, besides that for its document.
pub(super) const MEMORY_BYTES_PER_TEXT_BYTE: f64 = 5.5;

/// Memory for each document, if temporary files are used, besides that for sorting.
pub(super) const FILES_MEMORY_BYTES_PER_DOCUMENT: u64 = 120;

/// Memory for each byte of text, if temporary files are used, besides that for sorting.
pub(super) const FILES_MEMORY_BYTES_PER_TEXT_BYTE: f64 = 0.18;

/// Sorts and joins that hold their working memory at the same time, if temporary files are used.
pub(super) const SORTS_AT_A_TIME: u64 = 2;

/// Bytes of temporary files for each byte of text.
pub(super) const FILE_BYTES_PER_TEXT_BYTE: f64 = 5.2;

/// Times that the inputs are read to find what repeats.
pub(super) const PASSES: f64 = 3.0;

/// The time to write a cleaned corpus, in times of reading it once.
pub(super) const WRITING_PASSES: f64 = 2.0;

/// The time of a run with temporary files, in times of a run in memory.
pub(super) const FILES_TIME: f64 = 1.8;
