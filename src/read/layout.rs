//! The properties of an input that a restore needs, besides its records, to write it again byte for byte.

use std::io::{self, Write};

use encoding_rs::{Encoding, UTF_8};
use memchr::{memchr, memchr_iter};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::coding::{Recoder, bom};
use super::{Compression, Format};

/// The properties of an input besides its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputLayout {
    /// The input as the user named it.
    pub name: String,
    /// Its format.
    pub format: Format,
    /// Its compression. A restore writes it decompressed.
    pub compression: Compression,
    /// The encoding, by its name in the WHATWG standard.
    pub encoding: String,
    /// Whether it started with a byte order mark.
    pub bom: bool,
    /// The length of the decompressed original.
    pub bytes: u64,
    /// The XXH3 checksum of the decompressed original, as 16 hexadecimal digits; of a Parquet table, that of its last part,
    /// which says where everything in it is.
    pub checksum: String,
    /// The number of its records: documents and others.
    pub records: u64,
    /// The ends of its lines: each entry is true from its record on, until the next entry. Empty for a text, which is one record, and for Parquet.
    pub line_ends: Vec<LineEnds>,
    /// The records that were too long to be kept. They cannot be given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<u64>,
    /// The decompressed original itself, if it cannot be made again from its records: a conversion lost something, or it
    /// is markup.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "packed")]
    pub original: Option<Vec<u8>>,
}

/// From which record on lines end how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineEnds {
    /// The first record, from 0.
    pub from: u64,
    /// The end of its line, and of the lines after it.
    pub end: LineEnd,
}

/// The end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnd {
    /// A line feed.
    Lf,
    /// A carriage return and a line feed.
    CrLf,
    /// Nothing: the last line of a file without a final newline.
    None,
}

impl LineEnd {
    /// Returns its characters.
    pub fn text(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::None => "",
        }
    }
}

impl InputLayout {
    /// Returns how the line of a record ends.
    pub fn line_end(&self, record: u64) -> LineEnd {
        let after = self.line_ends.partition_point(|ends| ends.from <= record);
        after.checked_sub(1).map_or(LineEnd::None, |at| self.line_ends[at].end)
    }

    /// Returns whether the last line was ended too.
    pub fn final_newline(&self) -> bool {
        self.line_ends.last().is_some_and(|ends| ends.end != LineEnd::None)
    }

    /// Writes the decompressed original, made of all of its records in order, documents and others. True if the bytes
    /// written are the original's, by length and checksum.
    pub fn rebuild<R: AsRef<[u8]>>(
        &self,
        records: impl IntoIterator<Item = R>,
        out: &mut impl Write,
    ) -> io::Result<bool> {
        let mut out = Counted { out, bytes: 0, checksum: Xxh3::new() };
        match (&self.original, Encoding::for_label(self.encoding.as_bytes())) {
            (Some(original), _) => out.write(original)?,
            (None, Some(encoding)) => self.write_records(encoding, records, &mut out)?,
            (None, None) => return Ok(false),
        }
        Ok(out.bytes == self.bytes && format!("{:016x}", out.checksum.digest()) == self.checksum)
    }

    fn write_records<R: AsRef<[u8]>>(
        &self,
        encoding: &'static Encoding,
        records: impl IntoIterator<Item = R>,
        out: &mut Counted<impl Write>,
    ) -> io::Result<()> {
        if self.bom {
            out.write(bom(encoding))?;
        }
        if encoding == UTF_8 {
            for (record, i) in records.into_iter().zip(0..) {
                out.write(record.as_ref())?;
                out.write(self.line_end(i).text().as_bytes())?;
            }
            return Ok(());
        }
        let mut recoder = Recoder::new(encoding);
        let mut bytes = Vec::new();
        for (record, i) in records.into_iter().zip(0..) {
            // What has no bytes in the encoding is left out here and found out by the checksum.
            recoder.push(&String::from_utf8_lossy(record.as_ref()), false, &mut bytes);
            recoder.push(self.line_end(i).text(), false, &mut bytes);
            out.write(&bytes)?;
            bytes.clear();
        }
        recoder.push("", true, &mut bytes);
        out.write(&bytes)
    }
}

/// Counts and checks what is written.
struct Counted<'w, W> {
    out: &'w mut W,
    bytes: u64,
    checksum: Xxh3,
}

impl<W: Write> Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        self.checksum.update(bytes);
        self.out.write_all(bytes)
    }
}

/// Gathers the line ends of an input.
#[derive(Debug, Default)]
pub(super) struct LineEndings {
    pub ends: Vec<LineEnds>,
}

impl LineEndings {
    /// Takes note of the lines of a block whose first record has the number `record`.
    pub fn add(&mut self, mut record: u64, text: &[u8]) {
        if memchr(b'\r', text).is_none() {
            let lines = memchr_iter(b'\n', text).count() as u64;
            if lines > 0 {
                self.note(record, LineEnd::Lf);
            }
            record += lines;
        } else {
            for newline in memchr_iter(b'\n', text) {
                let crlf = text[..newline].ends_with(b"\r");
                self.note(record, if crlf { LineEnd::CrLf } else { LineEnd::Lf });
                record += 1;
            }
        }
        if text.last().is_some_and(|&last| last != b'\n') {
            self.note(record, LineEnd::None);
        }
    }

    /// Takes note of the end of one record.
    pub fn note(&mut self, from: u64, end: LineEnd) {
        if self.ends.last().is_none_or(|last| last.end != end) {
            self.ends.push(LineEnds { from, end });
        }
    }
}

/// Bytes as text: compressed with Zstandard, as base64.
mod packed {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

    pub fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
        let packed = bytes.as_ref().map(|bytes| zstd::encode_all(&bytes[..], 0).map(|packed| STANDARD.encode(packed)));
        packed.transpose().map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let packed = text.map(|text| STANDARD.decode(text).map_err(de::Error::custom)).transpose()?;
        packed.map(|packed| zstd::decode_all(&packed[..]).map_err(de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(blocks: &[&str]) -> Vec<(u64, LineEnd)> {
        let mut gathered = LineEndings::default();
        let mut record = 0;
        for block in blocks {
            gathered.add(record, block.as_bytes());
            record += block.matches('\n').count() as u64;
        }
        gathered.ends.into_iter().map(|ends| (ends.from, ends.end)).collect()
    }

    #[test]
    fn line_ends_are_kept_as_runs() {
        assert_eq!(ends(&["a\nb\n", "c\n"]), [(0, LineEnd::Lf)]);
        assert_eq!(ends(&["a\r\nb\r\n", "c\r\n"]), [(0, LineEnd::CrLf)]);
        assert_eq!(
            ends(&["a\nb\r\n", "c\n", "\r"]),
            [(0, LineEnd::Lf), (1, LineEnd::CrLf), (2, LineEnd::Lf), (3, LineEnd::None)]
        );
        assert_eq!(ends(&["a"]), [(0, LineEnd::None)]);
        assert_eq!(ends(&[""]), []);
    }

    #[test]
    fn a_layout_survives_serde() {
        let layout = InputLayout {
            name: "a.jsonl".into(),
            format: Format::JsonLines,
            compression: Compression::Gzip,
            encoding: "UTF-16LE".into(),
            bom: true,
            bytes: 3,
            checksum: "0123456789abcdef".into(),
            records: 1,
            line_ends: vec![LineEnds { from: 0, end: LineEnd::None }],
            lost: vec![],
            original: Some(vec![0, 255, 7]),
        };
        let json = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<InputLayout>(&json).unwrap(), layout);
        let (without, _) = json.split_once(",\"original\":").unwrap();
        let without = format!("{without}}}");
        assert_eq!(serde_json::from_str::<InputLayout>(&without).unwrap(), InputLayout { original: None, ..layout });
    }

    #[test]
    fn a_changed_record_is_found_out() {
        let layout = InputLayout {
            name: String::new(),
            format: Format::JsonLines,
            compression: Compression::None,
            encoding: "UTF-8".into(),
            bom: false,
            bytes: 2,
            checksum: format!("{:016x}", xxhash_rust::xxh3::xxh3_64(b"a\n")),
            records: 1,
            line_ends: vec![LineEnds { from: 0, end: LineEnd::Lf }],
            lost: vec![],
            original: None,
        };
        assert!(layout.rebuild(["a"], &mut Vec::new()).unwrap());
        assert!(!layout.rebuild(["b"], &mut Vec::new()).unwrap());
        assert!(!layout.rebuild(["a", ""], &mut Vec::new()).unwrap());
    }
}
