//! `layout.jsonl`: the facts that restoring needs besides the cleaned corpus and the ledger.
//!
//! Its first line is a [`Header`], then follows one line for each input, and the last line is a [`Footer`].

use std::io::{self, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize, Serializer};
use xxhash_rust::xxh3::Xxh3;

use super::edit::Fate;
use crate::read::{InputLayout, OtherRun, Others, decoded, encoded};

/// The version of the outputs of a clean run. Later versions are refused.
pub(crate) const VERSION: u32 = 3;

/// The first version in which names that are not UTF-8 are written with escapes; in earlier ones names are not escaped.
pub(crate) const ESCAPED_SINCE: u32 = 2;
/// The first version that lists the rows of TSV files that hold line ends.
pub(crate) const TALL_SINCE: u32 = 2;

/// The first version whose footer has a checksum of the layout itself.
pub(crate) const CHECKED_SINCE: u32 = 2;

/// The names of the files.
pub(crate) const LAYOUT: &str = "layout.jsonl";
pub(crate) const LEDGER: &str = "ledger.jsonl";
pub(crate) const DOCUMENTS: &str = "documents.jsonl";
pub(crate) const TEXTS: &str = "documents";
pub(crate) const REST: &str = "rest";
pub(crate) const DROPPED_LINES: &str = "dropped.jsonl";
pub(crate) const DROPPED_TABLE: &str = "dropped.parquet";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    /// The [`VERSION`].
    pub layout: u32,
    /// The program that wrote it.
    pub flong: String,
    /// The file that pages were written to as JSON Lines; before version 3, all JSON Lines.
    pub documents: String,
    /// The fields that the text is looked for in.
    pub text: Vec<String>,
    /// The field or column that made-up ids are written to; missing before version 3, which wrote none.
    #[serde(default)]
    pub id: String,
}

/// One input.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InputLine {
    /// The name it is restored under, as [`shown`](crate::read::shown) makes it text.
    pub name: String,
    /// The file that it was written to, with slashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The properties of the input: encoding, line ends and compression.
    pub input: InputLayout,
    /// The fate of each of its records.
    pub records: Fates,
    /// Its records that were not documents, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Bytes>,
    /// These records in packed form, if there are very many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub many: Option<Many>,
    /// The sizes of the kept records of a crawl, as they are in its file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<u64>,
    /// Rows of a TSV file that contain line ends: the number of the record, and how many line ends. All other rows are one
    /// line each. The cleaned file alone does not show where a quoted field ends, since that depends on the lines after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tall: Vec<(u64, u64)>,
    /// Records that a made-up id was added to, in runs: the number of the first, and how many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<(u64, u64)>,
    /// Further properties of a Parquet table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableLine>,
}

/// A Parquet table.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TableLine {
    /// The file of the rows that were not kept, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
    /// The number of rows of each group.
    pub groups: Vec<u64>,
    /// The checksum of all values that could be read.
    pub checksum: String,
    /// Whether the tables have a last column more, of made-up ids.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id: bool,
}

/// The checksums of the files that were written. The layout's must agree; the others show which file changed if a restore
/// fails.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Footer {
    pub documents: String,
    pub ledger: String,
    /// Checksum of all lines of the layout before this one; missing before version [`CHECKED_SINCE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
}

/// The fate of each record, in runs: the fate, the number of records in a row, and the number of ledger lines of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(Fate, u64, u32)>")]
pub(crate) struct Fates {
    runs: Vec<(Fate, u64, u32)>,
    /// The number of records, kept so that it need not be summed up each time.
    len: u64,
}

impl Fates {
    /// Adds one record.
    pub fn push(&mut self, fate: Fate, lines: usize) {
        self.push_many(fate, lines, 1);
    }

    /// Adds `count` records that are all alike.
    pub fn push_many(&mut self, fate: Fate, lines: usize, count: u64) {
        let lines = lines as u32;
        self.len += count;
        match self.runs.last_mut() {
            Some((last, held, each)) if (*last, *each) == (fate, lines) => *held += count,
            _ if count > 0 => self.runs.push((fate, count, lines)),
            _ => {}
        }
    }

    /// Returns the number of records.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns the fate of each record, with its number of ledger lines.
    pub fn iter(&self) -> impl Iterator<Item = (Fate, u32)> {
        self.runs.iter().flat_map(|&(fate, count, lines)| (0..count).map(move |_| (fate, lines)))
    }
}

impl From<Vec<(Fate, u64, u32)>> for Fates {
    fn from(runs: Vec<(Fate, u64, u32)>) -> Self {
        let len = runs.iter().fold(0u64, |sum, (_, count, _)| sum.saturating_add(*count));
        Fates { runs, len }
    }
}

impl Serialize for Fates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.runs.serialize(serializer)
    }
}

/// Most records that are not documents and are listed one by one.
pub(crate) const MOST_LISTED: u64 = 1_000_000;

/// Records that are not documents, packed together: [`encoded`] runs, compressed with Zstandard, as base64.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Many {
    packed: String,
}

impl Many {
    pub fn of(others: &Others) -> io::Result<Self> {
        let mut encoder = zstd::Encoder::new(Vec::new(), 0)?;
        // Each run by itself: the fates show which records they are.
        others.runs().try_for_each(|run| encoder.write_all(&encoded(&[OtherRun { first: 0, ..run }])))?;
        Ok(Many { packed: STANDARD.encode(encoder.finish()?) })
    }

    /// Returns the records in order, up to the first damage.
    pub fn records(&self) -> impl Iterator<Item = Vec<u8>> {
        let packed = STANDARD.decode(&self.packed).unwrap_or_default();
        let mut reader = zstd::Decoder::new(io::Cursor::new(packed)).ok();
        let runs = std::iter::from_fn(move || {
            let mut head = [0; 24];
            let reader = reader.as_mut()?;
            reader.read_exact(&mut head).ok()?;
            let length = u64::from_le_bytes(head[16..].try_into().ok()?);
            let mut run = head.to_vec();
            reader.take(length).read_to_end(&mut run).ok()?;
            decoded(&run).pop()
        });
        runs.flat_map(|run| (0..run.count).map(move |_| run.bytes.to_vec()))
    }
}

/// Bytes as JSON: text if they are UTF-8, else each byte as the character of that number; or packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Bytes {
    Text(String),
    Latin1(String),
    /// Compressed with Zstandard, as base64.
    Packed(String),
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Latin1(bytes.iter().map(|&byte| char::from(byte)).collect()),
        }
    }
}

impl Bytes {
    /// Bytes that may be many, packed.
    pub fn packed(bytes: &[u8]) -> Self {
        match zstd::encode_all(bytes, 0) {
            Ok(packed) => Bytes::Packed(STANDARD.encode(packed)),
            Err(_) => bytes.into(),
        }
    }

    pub fn to_vec(&self) -> Vec<u8> {
        match self {
            Bytes::Text(text) => text.as_bytes().to_vec(),
            Bytes::Packed(text) => {
                let packed = STANDARD.decode(text).unwrap_or_default();
                zstd::decode_all(&packed[..]).unwrap_or_default()
            }
            // Anything that is not a byte was not written by flong; the checksum of the input will show it.
            Bytes::Latin1(text) => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
        }
    }
}

/// Returns the digits of a checksum.
pub(crate) fn digits(checksum: &Xxh3) -> String {
    format!("{:016x}", checksum.digest())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_runs() {
        let mut fates = Fates::default();
        let each = [(Fate::Kept, 0), (Fate::Kept, 0), (Fate::Kept, 2), (Fate::Other, 0), (Fate::Other, 0)];
        each.iter().for_each(|&(fate, lines)| fates.push(fate, lines as usize));
        assert_eq!(serde_json::to_string(&fates).unwrap(), r#"[["kept",2,0],["kept",1,2],["other",2,0]]"#);
        assert_eq!(fates.iter().collect::<Vec<_>>(), each);
        assert_eq!(fates.len(), 5);
        let damaged = Fates::from(vec![(Fate::Kept, u64::MAX, 0), (Fate::Kept, 6, 0)]);
        assert_eq!(damaged.len(), u64::MAX, "the sum does not wrap");
    }

    #[test]
    fn any_bytes_come_back() {
        for bytes in [&b""[..], "é\r".as_bytes(), &[0xff, 0, 0x80, b'"', b'\n']] {
            for written in [Bytes::from(bytes), Bytes::packed(bytes)] {
                let json = serde_json::to_string(&written).unwrap();
                assert_eq!(serde_json::from_str::<Bytes>(&json).unwrap().to_vec(), bytes, "{json}");
            }
        }
    }
}
