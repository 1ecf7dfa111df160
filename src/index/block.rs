//! Numbers and texts as bytes, and long values cut to pages.

use redb::{ReadableTable, Table};

use super::store::{BLOCK, Failure};

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
    for (piece, bytes) in (0..).zip(value.chunks(BLOCK)) {
        table.insert((number, piece), bytes)?;
    }
    Ok(())
}

/// The long value with the greatest number that is not above `number`, and that number.
pub(super) fn load(
    number: u32,
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
) -> Result<Option<(u32, Vec<u8>)>, Failure> {
    let Some(last) = table.range(..=(number, u32::MAX))?.next_back() else { return Ok(None) };
    let (first, pieces) = last?.0.value();
    let mut value = Vec::with_capacity((pieces as usize + 1) * BLOCK);
    for entry in table.range((first, 0)..=(first, pieces))? {
        value.extend_from_slice(entry?.1.value());
    }
    Ok(Some((first, value)))
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
