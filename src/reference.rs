//! References to characters (`&eacute;`, `&#233;`, `&#xE9;`), in XML, in HTML and in text that was taken from them.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memchr;

/// The longest reference that is looked for, from its ampersand to its semicolon: the longest name has 31 letters.
const LONGEST_BYTES: usize = 34;

/// Returns the length of the reference that `rest` starts with and its text.
pub(crate) fn reference(rest: &str) -> Option<(usize, Cow<'static, str>)> {
    let inner = rest.strip_prefix('&')?;
    let end = memchr(b';', &inner.as_bytes()[..inner.len().min(LONGEST_BYTES)])?;
    let name = &inner[..end];
    let says = match name.strip_prefix('#') {
        Some(number) => Cow::Owned(numbered(number)?.to_string()),
        None => Cow::Borrowed(quick_xml::escape::resolve_html5_entity(name)?),
    };
    Some((end + 2, says))
}

/// Returns the length of the reference that `rest` starts with and its character. A reference that was
/// escaped once more (`&amp;nbsp;`) is one reference.
pub(crate) fn character(rest: &str) -> Option<(usize, char)> {
    let escaped = rest.strip_prefix("&amp;").is_some_and(|after| {
        let named = after.bytes().take(LONGEST_BYTES).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        named > 1 && after.as_bytes().get(named) == Some(&b';')
    });
    if escaped {
        let inner = &rest["&amp;".len()..];
        let length = inner.find(';').map_or(0, |end| end + 1);
        let again = format!("&{}", &inner[..length]);
        if let Some((_, says)) = reference(&again) {
            return Some(("&amp;".len() + length, only(&says)));
        }
    }
    let (length, says) = reference(rest)?;
    Some((length, only(&says)))
}

/// Returns the character of a text that has one only, and a space for the few references to several.
fn only(text: &str) -> char {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => c,
        _ => ' ',
    }
}

/// Returns the character of a number. Numbers of control characters are those of windows-1252, as in browsers.
fn numbered(number: &str) -> Option<char> {
    let hexadecimal = number.strip_prefix(['x', 'X']);
    let digits = hexadecimal.unwrap_or(number);
    if digits.starts_with('+') {
        return None;
    }
    let code = u32::from_str_radix(digits, if hexadecimal.is_some() { 16 } else { 10 }).ok()?;
    match code {
        0x80..=0x9f => WINDOWS_1252.decode_without_bom_handling(&[code as u8]).0.chars().next(),
        0 => Some(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_stands_for_a_character() {
        for (text, expected) in [
            ("&nbsp; x", Some((6, '\u{a0}'))),
            ("&#39;s", Some((5, '\''))),
            ("&#8217;", Some((7, '’'))),
            ("&#x2019;", Some((8, '’'))),
            ("&#146;", Some((6, '’'))),
            ("&amp;nbsp;x", Some((10, '\u{a0}'))),
            ("&amp;#39;x", Some((9, '\''))),
            ("&amp; x;", Some((5, '&'))),
            ("&amp;unknown;", Some((5, '&'))),
            ("& x", None),
            ("&unknown;", None),
        ] {
            assert_eq!(character(text), expected, "{text}");
        }
    }
}
