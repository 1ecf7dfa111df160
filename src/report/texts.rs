//! The texts of documents in packed blocks, which a page unpacks when it needs them.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::Document;

/// Bytes of addresses and texts in a block, before packing: enough to pack well, and little to unpack for one text.
const BLOCK_BYTES: usize = 256 << 10;

/// A text that is longer is left out.
const MOST_BYTES_OF_ONE: usize = 4 << 20;

/// A block of texts, packed.
#[derive(Debug)]
pub(super) struct Block {
    /// The first document.
    pub first: u32,
    pub packed: String,
}

/// The texts of some documents.
pub(super) struct Blocks {
    pub blocks: Vec<Block>,
    pub url_bytes: Vec<u32>,
    /// The length of each text; -1 of one that is left out.
    pub text_bytes: Vec<i64>,
    /// The number of texts that are left out.
    pub left_out: u64,
}

/// Packs the addresses and texts of documents, with a limit to the bytes of texts.
pub(super) fn blocks<'d>(documents: impl Fn(u32) -> &'d Document, order: &[u32], most_bytes: u64) -> Blocks {
    let mut found = Blocks { blocks: Vec::new(), url_bytes: Vec::new(), text_bytes: Vec::new(), left_out: 0 };
    let (mut raw, mut first, mut bytes) = (Vec::with_capacity(BLOCK_BYTES), 0, 0);
    for (number, &document) in (0..).zip(order) {
        let document = documents(document);
        let url = document.url.as_deref().unwrap_or_default();
        raw.extend_from_slice(url.as_bytes());
        found.url_bytes.push(url.len() as u32);
        let length = document.text.len();
        if length <= MOST_BYTES_OF_ONE && bytes + length as u64 <= most_bytes {
            bytes += length as u64;
            raw.extend_from_slice(document.text.as_bytes());
            found.text_bytes.push(length as i64);
        } else {
            found.text_bytes.push(-1);
            found.left_out += 1;
        }
        if raw.len() >= BLOCK_BYTES {
            found.blocks.push(Block { first, packed: packed(&raw) });
            raw.clear();
            first = number + 1;
        }
    }
    if first < order.len() as u32 {
        found.blocks.push(Block { first, packed: packed(&raw) });
    }
    found
}

/// Deflates bytes and writes them in base64, which can hold nothing that HTML takes for its own.
pub(super) fn packed(bytes: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let deflated = encoder.write_all(bytes).and_then(|()| encoder.finish());
    STANDARD.encode(deflated.expect("memory takes all that is written"))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn unpacked(packed: &str) -> String {
        let bytes = STANDARD.decode(packed).unwrap();
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn texts_come_back_and_what_does_not_fit_is_told() {
        let mut documents: Vec<Document> = (0..9).map(|n| Document::new("x", format!("text {n}"))).collect();
        documents[3].url = Some("https://example.org/".into());
        documents[4].text = "</script>".repeat(1 << 16).into();
        let order: Vec<u32> = (0..9).rev().collect();
        let found = blocks(|n| &documents[n as usize], &order, u64::MAX);
        let all: String = found.blocks.iter().map(|block| unpacked(&block.packed)).collect();
        let expected: String =
            documents.iter().rev().map(|d| format!("{}{}", d.url.as_deref().unwrap_or(""), d.text)).collect();
        assert_eq!(all, expected);
        assert_eq!(found.blocks.iter().map(|block| block.first).collect::<Vec<_>>(), [0, 5]);
        assert_eq!((found.left_out, found.url_bytes[5], found.text_bytes[5]), (0, 20, 6));

        let found = blocks(|n| &documents[n as usize], &order, 30);
        assert_eq!(found.text_bytes, [6, 6, 6, 6, -1, 6, -1, -1, -1]);
        assert_eq!(found.left_out, 4);
    }
}
