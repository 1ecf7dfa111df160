//! Seals: checksums by which every value is read back as it was written, under the key that it was written under.
//!
//! The database has checksums of its own, which are looked at when a file is opened to write, or checked as a whole; a
//! reader that asks for a few values has these.

use super::failure::Failure;
use crate::hash;

/// Size of a seal, in bytes.
pub(super) const SEAL: usize = 4;

/// Returns a checksum of a value and of its key.
fn seal_of(key: u64, value: u64) -> u32 {
    (hash::pair(key, value) >> 32) as u32
}

/// Appends its seal to a value.
pub(super) fn seal(key: u64, value: &mut Vec<u8>) {
    let seal = seal_of(key, hash::bytes(value));
    value.extend_from_slice(&seal.to_le_bytes());
}

/// Returns the value without its seal; `None` if they do not agree.
pub(super) fn unsealed(key: u64, sealed: &[u8]) -> Option<&[u8]> {
    let (value, seal) = sealed.split_last_chunk::<SEAL>()?;
    (seal_of(key, hash::bytes(value)) == u32::from_le_bytes(*seal)).then_some(value)
}

/// In how many texts a stem occurs and the length class of its shortest word, with their seal.
pub(super) type SealedStem = (u32, u8, u32);

/// Seals what is known of a stem.
pub(super) fn seal_stem(stem: u32, texts: u32, length: u8) -> SealedStem {
    (texts, length, seal_of(u64::from(stem), u64::from(texts) << 8 | u64::from(length)))
}

/// Reads what is known of a stem.
pub(super) fn unsealed_stem(stem: u32, sealed: SealedStem) -> Result<(u32, u8), Failure> {
    let (texts, length, _) = sealed;
    let agrees = sealed == seal_stem(stem, texts, length);
    agrees.then_some((texts, length)).ok_or(Failure::damaged("the count of a word is not what was written"))
}

/// The number of documents of a source, with its seal.
pub(super) type SealedCount = (u64, u32);

/// Seals the count of a source.
pub(super) fn seal_count(source: &str, documents: u64) -> SealedCount {
    (documents, seal_of(hash::bytes(source.as_bytes()), documents))
}

/// Reads the count of a source.
pub(super) fn unsealed_count(source: &str, sealed: SealedCount) -> Result<u64, Failure> {
    let agrees = sealed == seal_count(source, sealed.0);
    agrees.then_some(sealed.0).ok_or(Failure::damaged("the count of a source is not what was written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_was_written_and_where() {
        let mut value = b"some rows".to_vec();
        seal(7, &mut value);
        assert_eq!(unsealed(7, &value), Some(&b"some rows"[..]));
        assert_eq!(unsealed(8, &value), None, "it stands elsewhere");
        for at in 0..value.len() {
            value[at] ^= 4;
            assert_eq!(unsealed(7, &value), None, "byte {at}");
            value[at] ^= 4;
        }
        assert_eq!(unsealed(7, &value[..3]), None);
        assert_eq!(unsealed_stem(3, seal_stem(3, 9, 2)).unwrap(), (9, 2));
        assert!(unsealed_stem(4, seal_stem(3, 9, 2)).is_err());
        assert_eq!(unsealed_count("x", seal_count("x", 5)).unwrap(), 5);
        assert!(unsealed_count("y", seal_count("x", 5)).is_err());
    }
}
