//! read: bytes -> Documents.
