//! write: verdicts -> files.
