//! The answer of a server, as a crawl keeps it.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use memchr::memmem;

/// The longest body that is unpacked. A page is much smaller, and a bomb much larger.
const LONGEST: u64 = 64 << 20;

/// An answer.
pub(super) struct Answer<'r> {
    pub status: u16,
    pub content_type: &'r str,
    chunked: bool,
    encoding: &'r str,
    body: &'r [u8],
}

impl<'r> Answer<'r> {
    /// Reads an answer; `None` if it is none.
    pub fn read(payload: &'r [u8]) -> Option<Self> {
        let of = |blank: &[u8]| memmem::find(payload, blank).map(|at| at + blank.len());
        let end = [of(b"\r\n\r\n"), of(b"\n\n")].into_iter().flatten().min()?;
        // Heads may hold bytes of any encoding, but what is asked of them is ASCII.
        let lines = || payload[..end].split(|&b| b == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
        let status = lines().next()?.strip_prefix("HTTP/")?.split_whitespace().nth(1)?.parse().ok()?;
        let field = |name: &str| {
            let fields = lines().skip(1).filter_map(|line| line.split_once(':'));
            fields
                .into_iter()
                .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
                .map_or("", |(_, value)| value.trim())
        };
        Some(Answer {
            status,
            content_type: field("Content-Type"),
            chunked: field("Transfer-Encoding").eq_ignore_ascii_case("chunked"),
            encoding: field("Content-Encoding"),
            body: &payload[end..],
        })
    }

    /// Returns whether it is a page that was found.
    pub fn is_page(&self) -> bool {
        (200..300).contains(&self.status) && is_html(self.content_type)
    }

    /// Returns the body as it was sent, its chunks put together.
    fn sent(&self) -> Cow<'_, [u8]> {
        let joined = if self.chunked { joined(self.body) } else { None };
        joined.map_or(Cow::Borrowed(self.body), Cow::Owned)
    }

    /// Returns a reader of a body that was sent compressed; `None` if it was not.
    fn decoder<'b>(&self, sent: &'b [u8]) -> Option<io::Result<Box<dyn Read + 'b>>> {
        // Crawls often keep bodies unpacked, beside a head that says otherwise.
        match self.encoding.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" if sent.starts_with(&[0x1f, 0x8b]) => {
                Some(Ok(Box::new(flate2::read::MultiGzDecoder::new(sent))))
            }
            "deflate" if sent.first().is_some_and(|b| b & 0x0f == 8) => {
                Some(Ok(Box::new(flate2::read::ZlibDecoder::new(sent))))
            }
            "zstd" if sent.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
                Some(zstd::Decoder::new(sent).map(|decoder| Box::new(decoder) as Box<dyn Read>))
            }
            _ => None,
        }
    }

    /// Returns the unpacked size of the body in bytes, if it was sent compressed; not counted much beyond `most`.
    pub fn unpacked_length(&self, most: u64) -> Option<u64> {
        let sent = self.sent();
        let decoder = self.decoder(&sent)?.ok()?;
        let mut counted = Counted(0);
        // What comes before some damage was unpacked all the same.
        let _ = io::copy(&mut decoder.take(most.saturating_add(1).min(LONGEST + 1)), &mut counted);
        Some(counted.0)
    }

    /// Returns the body as the server meant it.
    ///
    /// # Errors
    /// If it is packed in a way that is not known, damaged, or too large when unpacked: in words.
    pub fn body(&self) -> Result<Vec<u8>, String> {
        let sent = self.sent();
        let damaged = |e| format!("its {} content is damaged: {e}", self.encoding);
        let Some(decoder) = self.decoder(&sent) else {
            if self.encoding.eq_ignore_ascii_case("br") && sent.first() != Some(&b'<') {
                return Err("its content is packed with brotli, which is not read".into());
            }
            return Ok(sent.into_owned());
        };
        let mut unpacked = Vec::new();
        decoder.map_err(damaged)?.take(LONGEST + 1).read_to_end(&mut unpacked).map_err(damaged)?;
        if unpacked.len() as u64 > LONGEST {
            return Err(format!("its content is larger than {LONGEST} bytes when it is unpacked"));
        }
        Ok(unpacked)
    }
}

/// Counts what is written.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns a body that was sent in chunks, put together; `None` if it is not in chunks.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let line = memmem::find(body, b"\r\n")?;
        let size = std::str::from_utf8(&body[..line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        body = &body[line + 2..];
        if size == 0 {
            return Some(whole);
        }
        // The last chunk of an answer that was cut off is shorter than it says.
        let chunk = &body[..size.min(body.len())];
        whole.extend_from_slice(chunk);
        match body.get(size..).and_then(|rest| rest.strip_prefix(b"\r\n")) {
            Some(rest) => body = rest,
            None if body.len() <= size + 2 => return Some(whole),
            None => return None,
        }
    }
}

/// Returns whether a content type is that of a page.
pub(super) fn is_html(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
}

/// Returns the encoding that a content type names.
pub(super) fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(head: &str, body: &[u8]) -> Result<Vec<u8>, String> {
        let payload = [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat();
        Answer::read(&payload).expect("it is an answer").body()
    }

    #[test]
    fn bodies_are_unpacked() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"<p>a</p>").unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(body("Content-Encoding: gzip", &gzip).unwrap(), b"<p>a</p>");
        assert_eq!(body("Content-Encoding: gzip", b"<p>unpacked").unwrap(), b"<p>unpacked");
        assert_eq!(body("Transfer-Encoding: chunked", b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").unwrap(), b"abcde");
        assert_eq!(body("Transfer-Encoding: chunked", b"<p>joined").unwrap(), b"<p>joined");
        assert_eq!(body("Transfer-Encoding: chunked", b"9\r\ncut off").unwrap(), b"cut off");
        assert_eq!(body("Content-Encoding: zstd", &zstd::encode_all(&b"z"[..], 0).unwrap()).unwrap(), b"z");
        assert!(body("Content-Encoding: gzip", &gzip[..12]).unwrap_err().contains("damaged"));
        assert!(body("Content-Encoding: br", b"\x0b\x02").unwrap_err().contains("brotli"));
    }

    #[test]
    fn a_bomb_is_refused() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let zeros = vec![0; 1 << 20];
        (0..=LONGEST >> 20).for_each(|_| gzip.write_all(&zeros).unwrap());
        assert!(body("Content-Encoding: gzip", &gzip.finish().unwrap()).unwrap_err().contains("larger than"));
    }

    #[test]
    fn heads_are_read() {
        let answer = Answer::read(b"HTTP/1.0 404 Not found\nContent-type: Text/HTML; Charset=\"utf-8\"\n\nx").unwrap();
        assert_eq!(
            (answer.status, is_html(answer.content_type), charset(answer.content_type)),
            (404, true, Some("utf-8"))
        );
        assert!(Answer::read(b"no answer\r\n\r\n").is_none());
        assert!(!is_html("text/plain") && charset("text/html").is_none());
    }
}
