//! Character encodings: which one an input is in, and from text back to bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoder, EncoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The encoding of an input, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Coding {
    pub encoding: &'static Encoding,
    /// The length of the byte order mark, if there is one.
    pub bom: usize,
    /// Whether it was guessed from the bytes.
    pub guessed: bool,
    /// The encoding that was declared, if the bytes show that they are in another.
    pub declared: Option<&'static Encoding>,
}

impl Coding {
    /// Returns the encoding of JSON Lines that start with `head`.
    ///
    /// A damaged line in a file that is otherwise UTF-8 must not change how the others are read, so another encoding is
    /// assumed only if most of the lines that are not ASCII are not UTF-8 either.
    pub fn of_lines(head: &[u8]) -> Self {
        Self::marked(head).unwrap_or_else(|| if mostly_utf8(head) { Self::utf8() } else { Self::guess(head) })
    }

    /// Returns the encoding of a text. UTF-8 with some damage is still UTF-8.
    pub fn of_text(bytes: &[u8]) -> Self {
        Self::marked(bytes).unwrap_or_else(|| if damaged_utf8(bytes) { Self::utf8() } else { Self::guess(bytes) })
    }

    /// Returns the encoding of a feed: what its XML declaration says, if there is one and it can be. Bytes that are UTF-8
    /// are read as that, whatever is declared.
    pub fn of_feed(bytes: &[u8]) -> Self {
        let wide = match bytes {
            [b'<', 0, b'?' | b'r' | b'f', 0, ..] => Some(UTF_16LE),
            [0, b'<', 0, b'?' | b'r' | b'f', ..] => Some(UTF_16BE),
            _ => None,
        };
        let wide = wide.map(|encoding| Coding { encoding, ..Self::utf8() });
        // That bytes are Unicode is seen better than believed.
        let other = |encoding: &&'static Encoding| ![UTF_8, UTF_16LE, UTF_16BE].contains(encoding);
        Self::marked(bytes).or(wide).unwrap_or_else(|| match declared(bytes).filter(other) {
            None => Self::of_text(bytes),
            Some(encoding) if surely_utf8(bytes, encoding) => Coding { declared: Some(encoding), ..Self::utf8() },
            Some(encoding) => Coding { encoding, ..Self::utf8() },
        })
    }

    /// Returns the encoding of an input that is not decoded as a whole.
    pub fn bytes() -> Self {
        Self::utf8()
    }

    fn utf8() -> Self {
        Coding { encoding: UTF_8, bom: 0, guessed: false, declared: None }
    }

    /// Returns what the byte order mark says.
    fn marked(bytes: &[u8]) -> Option<Self> {
        Encoding::for_bom(bytes).map(|(encoding, bom)| Coding { encoding, bom, guessed: false, declared: None })
    }

    fn guess(bytes: &[u8]) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        Coding { encoding: detector.guess(None, Utf8Detection::Deny), bom: 0, guessed: true, declared: None }
    }

    /// Returns the message about a guessed encoding.
    pub fn warning(&self) -> Option<String> {
        let name = self.encoding.name();
        if let Some(declared) = self.declared {
            let declared = declared.name();
            return Some(format!("it declares the encoding {declared}, but its bytes are {name}: read as {name}"));
        }
        self.guessed.then(|| format!("not UTF-8: read as {name}; if that is wrong, convert the input to UTF-8 first"))
    }
}

/// Returns what an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    const LONGEST: usize = 256;
    const FARTHEST: usize = 16 << 10;
    // Other text may come before it, such as a server's warning.
    let start = memchr::memmem::find(&bytes[..bytes.len().min(FARTHEST)], b"<?xml")?;
    let head = &bytes[start..bytes.len().min(start + LONGEST)];
    let head = head.strip_prefix(b"<?xml")?;
    let head = std::str::from_utf8(&head[..memchr::memchr(b'>', head)?]).ok()?;
    let behind = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(behind[1..].split(quote).next()?.as_bytes())
}

/// Returns whether bytes that are said to be in another encoding are UTF-8 without a doubt: characters beyond ASCII are
/// whole, all of them. In encodings of two bytes a character, a few may be that by chance.
pub(super) fn surely_utf8(bytes: &[u8], declared: &'static Encoding) -> bool {
    const FEW: usize = 12;
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let beyond = text.bytes().filter(|&byte| byte >= 0xc0).take(FEW).count();
    // ISO-2022-JP is ASCII.
    beyond >= if declared.is_single_byte() { 1 } else { FEW }
}

/// Turns text back to the bytes of its encoding. Characters that it does not have are written as numbers, as XML and
/// HTML know them.
pub(crate) fn encode(text: &str, encoding: &str, with_bom: bool) -> Vec<u8> {
    let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
    let mut bytes = if with_bom { bom(encoding).to_vec() } else { Vec::new() };
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
        Recoder::new(encoding).push(text, true, &mut bytes);
    } else {
        bytes.extend_from_slice(&encoding.encode(text).0);
    }
    bytes
}

/// Returns whether the lines are UTF-8, all or nearly all of them. The last may be cut off.
fn mostly_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => return true,
        Err(e) if e.error_len().is_none() => return true,
        Err(_) => {}
    }
    let (mut lines, mut not_ascii, mut bad) = (0u64, 0u64, 0u64);
    for line in head.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
        lines += 1;
        if !line.is_ascii() {
            not_ascii += 1;
            bad += u64::from(std::str::from_utf8(line).is_err_and(|e| e.error_len().is_some()));
        }
    }
    let one_among_many = bad <= 1 && lines > 1;
    one_among_many || bad * 2 <= not_ascii || bad * 10 <= lines
}

/// Returns whether the bytes are UTF-8 but for a few: more characters beyond ASCII are whole than broken.
fn damaged_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0u64, 0u64);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().bytes().filter(|&b| b >= 0xc0).count() as u64;
        broken += u64::from(!chunk.invalid().is_empty());
    }
    broken == 0 || whole > 2 * broken
}

/// Returns whether bytes are no text: some of the first are NUL, and either they are in no known encoding or many are. In a
/// text that is UTF-8 otherwise a few NUL bytes are damage.
pub(super) fn is_binary(bytes: &[u8], coding: Coding) -> bool {
    const HEAD_BYTES: usize = 8000;
    const MANY: usize = 10;
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let nul = memchr::memchr_iter(0, head).count();
    coding.bom == 0 && nul > 0 && (coding.guessed || nul * MANY > head.len())
}

/// Returns the byte order mark of an encoding that has one.
pub(super) fn bom(encoding: &'static Encoding) -> &'static [u8] {
    if encoding == UTF_8 {
        b"\xef\xbb\xbf"
    } else if encoding == UTF_16LE {
        b"\xff\xfe"
    } else if encoding == UTF_16BE {
        b"\xfe\xff"
    } else {
        b""
    }
}

/// Turns text back to the bytes it was decoded from, piece by piece.
pub(super) struct Recoder {
    encoding: &'static Encoding,
    encoder: Encoder,
}

impl Recoder {
    /// Returns a converter into this encoding.
    pub fn new(encoding: &'static Encoding) -> Self {
        Recoder { encoding, encoder: encoding.new_encoder() }
    }

    /// Appends the bytes of a piece of text; false if a character has none in this encoding.
    pub fn push(&mut self, text: &str, last: bool, bytes: &mut Vec<u8>) -> bool {
        if self.encoding == UTF_8 {
            bytes.extend_from_slice(text.as_bytes());
        } else if self.encoding == UTF_16LE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.encoding == UTF_16BE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            return self.encode(text, last, bytes);
        }
        true
    }

    fn encode(&mut self, mut text: &str, last: bool, bytes: &mut Vec<u8>) -> bool {
        loop {
            bytes.reserve(text.len().max(64));
            match self.encoder.encode_from_utf8_to_vec_without_replacement(text, bytes, last) {
                (EncoderResult::InputEmpty, _) => return true,
                (EncoderResult::OutputFull, read) => text = &text[read..],
                (EncoderResult::Unmappable(_), _) => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_nul_bytes_is_no_text_unless_they_are_damage() {
        let binary = |bytes: &[u8]| is_binary(bytes, Coding::of_text(bytes));
        assert!(binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xf0\x81"));
        assert!(binary(b"w\0i\0d\0e\0"), "UTF-16 without its mark");
        assert!(!binary(b"\xff\xfew\0i\0d\0e\0"), "UTF-16");
        assert!(!binary("a text — with one \0 in it, which a scraper left there".as_bytes()));
        assert!(!binary(b"caf\xe9 owners") && !binary(b""));
    }

    #[test]
    fn one_bad_line_among_many_is_damage() {
        assert_eq!(Coding::of_lines(b"{\"a\": 1}\n{\"a\": \"\xff\"}\n{\"a\": 2}\n"), Coding::utf8());
        let mixed = "{\"a\": \"caf\u{e9}\"}\n".repeat(5).into_bytes();
        assert_eq!(Coding::of_lines(&[&mixed[..], b"\"\xe9\"\n\"\xe9\"\n"].concat()), Coding::utf8());
        assert!(Coding::of_lines(b"{\"a\": \"caf\xe9 du ma\xeetre\"}\n").guessed);
        assert!(Coding::of_lines(b"{\"a\": \"caf\xe9\"}\n{\"a\": \"ma\xeetre\"}\n{}\n").guessed);
    }

    #[test]
    fn a_cut_off_character_is_no_damage() {
        assert_eq!(Coding::of_lines(&"{\"a\": \"é".as_bytes()[..8]), Coding::utf8());
    }

    #[test]
    fn damaged_text_stays_utf8() {
        assert_eq!(Coding::of_text(b"na\xc3\xafve caf\xc3\xa9 \xc3\xa0 la carte \xff."), Coding::utf8());
        assert!(Coding::of_text(b"na\xefve caf\xe9 \xe0 la carte").guessed);
    }

    #[test]
    fn bytes_are_believed_before_declarations() {
        let feed = |label: &str, text: &str| format!("<?xml version='1.0' encoding='{label}'?><rss>{text}</rss>");
        let recoded = |label: &str, text: &str| encode(&feed(label, text), label, false);
        for (label, text) in [
            ("windows-1251", "Паром у посёлка"),
            ("iso-8859-1", "café"),
            ("iso-8859-7", "Το πλοίο"),
            ("windows-1254", "Gemi kıyıya oturdu"),
            ("gbk", "渡轮搁浅在港口外面的沙洲"),
            ("euc-kr", "배가 항구 앞에서 좌초되었다"),
        ] {
            let coding = Coding::of_feed(feed(label, text).as_bytes());
            assert_eq!((coding.encoding, coding.declared.is_some()), (UTF_8, true), "{label}");
            assert!(coding.warning().unwrap().contains("but its bytes are UTF-8"));
            let coding = Coding::of_feed(&recoded(label, text));
            assert_eq!(
                (coding.encoding, coding.warning()),
                (Encoding::for_label(label.as_bytes()).unwrap(), None),
                "{label}"
            );
        }
        assert_eq!(Coding::of_feed(feed("windows-1251", "plain").as_bytes()).warning(), None);
        assert!(
            Coding::of_feed(b"<?xml version='1.0' encoding='utf-8'?><rss>caf\xe9 du ma\xeetre \xe0 la</rss>").guessed
        );
        let behind = [b"<b>Warning</b> on line 3\n", &recoded("windows-1251", "Паром")[..]].concat();
        assert_eq!(Coding::of_feed(&behind).encoding.name(), "windows-1251");
    }

    #[test]
    fn recodes() {
        for (name, text) in [
            ("windows-1251", "Привет, мир"),
            ("UTF-16LE", "a😀é"),
            ("UTF-16BE", "a😀é"),
            ("UTF-8", "a😀é"),
            ("Shift_JIS", "日本語"),
        ] {
            let encoding = Encoding::for_label(name.as_bytes()).unwrap();
            let mut recoder = Recoder::new(encoding);
            let mut bytes = Vec::new();
            let (first, rest) = text.split_at(text.chars().next().unwrap().len_utf8());
            assert!(recoder.push(first, false, &mut bytes) && recoder.push(rest, true, &mut bytes));
            assert_eq!(encoding.decode_without_bom_handling(&bytes), (text.into(), false));
        }
        let koi = Encoding::for_label(b"koi8-r").unwrap();
        assert!(!Recoder::new(koi).push("日", true, &mut Vec::new()));
    }
}
