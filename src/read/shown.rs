//! Paths as text: how outputs name files, whatever bytes their names hold.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// Returns a path as text, with forward slashes. A byte that is not UTF-8 becomes `\xHH`, with two upper-case
/// hexadecimal digits; so does the backslash of a name that holds such an escape itself. No two paths have the same
/// text, and [`path_of`] returns the path of a text.
pub fn shown(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        push_valid(&mut text, chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&escape(*byte)));
    }
    text
}

fn push_valid(text: &mut String, valid: &str) {
    if MAIN_SEPARATOR == '\\' {
        return text.push_str(&valid.replace(MAIN_SEPARATOR, "/"));
    }
    for (at, c) in valid.char_indices() {
        match c {
            '\\' if escaped(&valid[at..]).is_some() => text.push_str(&escape(b'\\')),
            c => text.push(c),
        }
    }
}

fn escape(byte: u8) -> String {
    format!("\\x{byte:02X}")
}

/// Returns the byte of the escape that the text begins with.
fn escaped(text: &str) -> Option<u8> {
    let digits = text.strip_prefix("\\x")?.get(..2)?;
    let upper = digits.bytes().all(|digit| digit.is_ascii_digit() || (b'A'..=b'F').contains(&digit));
    upper.then(|| u8::from_str_radix(digits, 16).ok())?
}

/// Returns the path that [`shown`] made the text of. Where the system's names are text, escapes for bytes of other systems
/// stay as they are.
pub fn path_of(text: &str) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let (mut bytes, mut rest) = (Vec::new(), text);
        while let Some(at) = rest.find('\\') {
            bytes.extend_from_slice(&rest.as_bytes()[..at]);
            let byte = escaped(&rest[at..]);
            bytes.push(byte.unwrap_or(b'\\'));
            rest = &rest[at + if byte.is_some() { 4 } else { 1 }..];
        }
        bytes.extend_from_slice(rest.as_bytes());
        std::ffi::OsString::from_vec(bytes).into()
    }
    #[cfg(not(unix))]
    PathBuf::from(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn any_path_comes_back() {
        let cases: [(&[u8], &str); 9] = [
            (b"a/b.txt", "a/b.txt"),
            ("é.txt".as_bytes(), "é.txt"),
            (b"a\\b", "a\\b"),
            (b"\xff\xfe.txt", "\\xFF\\xFE.txt"),
            (b"\\xFF.txt", "\\x5CxFF.txt"),
            (b"\\\xff", "\\\\xFF"),
            (b"\\x\xff", "\\x\\xFF"),
            (b"\\xff \\xF", "\\xff \\xF"),
            (b"\\x5CxFF", "\\x5Cx5CxFF"),
        ];
        for (bytes, text) in cases {
            let path = PathBuf::from(std::ffi::OsString::from_vec(bytes.to_vec()));
            assert_eq!(shown(&path), text);
            assert_eq!(path_of(text), path, "{text}");
        }
    }
}
