//! Numbers and texts as bytes, and long values cut to pages.

use redb::{ReadableTable, Table};

use super::failure::Failure;
use super::seal::{SEAL, seal, unsealed};
use super::store::BLOCK;
use crate::hash;

/// Appends a number: seven bits a byte, the low ones first.
pub(super) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads a number that [`put`] wrote, from `at` on. `None` if the bytes end before it does.
pub(super) fn take(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let (mut value, mut shift) = (0u64, 0);
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
    }
}

/// Appends a text with its length before it.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Reads a text that [`put_text`] wrote.
pub(super) fn take_text<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a str> {
    let length = take(bytes, at)? as usize;
    let text = bytes.get(*at..at.checked_add(length)?)?;
    *at += length;
    std::str::from_utf8(text).ok()
}

/// Stores a long value under a number, in pieces that fill pages.
pub(super) fn store(number: u32, value: &[u8], table: &mut Table<(u32, u32), &'static [u8]>) -> Result<(), Failure> {
    for (piece, bytes) in (0..).zip(value.chunks(BLOCK - SEAL)) {
        let mut bytes = bytes.to_vec();
        seal(piece_key(number, piece), &mut bytes);
        table.insert((number, piece), &bytes[..])?;
    }
    Ok(())
}

/// Returns the number of pieces of a long value.
pub(super) fn pieces(value: &[u8]) -> u64 {
    value.len().div_ceil(BLOCK - SEAL) as u64
}

/// Returns the key that a piece is sealed with.
fn piece_key(number: u32, piece: u32) -> u64 {
    hash::pair(number.into(), piece.into())
}

/// Returns the long value with the greatest number that is not above `number`, and that number.
pub(super) fn load(
    number: u32,
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
) -> Result<Option<(u32, Vec<u8>)>, Failure> {
    let Some(last) = table.range(..=(number, u32::MAX))?.next_back() else { return Ok(None) };
    let (first, pieces) = last?.0.value();
    let damaged = || Failure::damaged("a piece of an item is not what was written");
    let (mut value, mut next) = (Vec::new(), 0);
    for entry in table.range((first, 0)..=(first, pieces))? {
        let (place, bytes) = entry?;
        if place.value() != (first, next) {
            return Err(damaged());
        }
        value.extend_from_slice(unsealed(piece_key(first, next), bytes.value()).ok_or_else(damaged)?);
        next = next.wrapping_add(1);
    }
    (next == pieces.wrapping_add(1)).then_some(Some((first, value))).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        numbers.iter().for_each(|&n| put(&mut bytes, n));
        put_text(&mut bytes, "Aldermoor — été");
        let mut at = 0;
        assert_eq!(numbers.map(|_| take(&bytes, &mut at).unwrap()), numbers);
        assert_eq!(take_text(&bytes, &mut at), Some("Aldermoor — été"));
        assert_eq!(take(&bytes, &mut at), None);
        assert_eq!(take_text(&bytes[..bytes.len() - 1], &mut (bytes.len() - 18)), None, "it breaks off");
        assert_eq!(take(&[0xff; 12], &mut 0), None, "no number is so long");
    }
}
