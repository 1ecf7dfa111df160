//! JSON string literals: their values, and where each byte of a value is written.
//!
//! Decoding and [`raw_offsets`] step over escapes with the same function, so they agree.

use std::borrow::Cow;

use memchr::memchr;

/// Returns the value of a string literal (quotes included), and whether a lone surrogate in it was replaced by U+FFFD.
///
/// The literal must have been scanned as JSON; in others, what is not an escape is read as U+FFFD.
pub(in crate::read) fn decode(literal: &str) -> (Cow<'_, str>, bool) {
    let mut rest = inside(literal);
    let Some(mut plain) = memchr(b'\\', rest.as_bytes()) else { return (Cow::Borrowed(rest), false) };
    let mut text = String::with_capacity(rest.len());
    let mut replaced = false;
    loop {
        text.push_str(&rest[..plain]);
        rest = &rest[plain..];
        if rest.is_empty() {
            return (Cow::Owned(text), replaced);
        }
        let escape = Escape::first(rest);
        text.push(escape.says);
        replaced |= escape.replaced;
        rest = &rest[escape.len..];
        plain = memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
    }
}

/// Returns, for byte offsets into the value of a raw string literal (quotes included), the offsets in the literal.
///
/// The offsets must ascend and lie on char boundaries. One at an escape is where the escape starts; the text's end is
/// the closing quote, and so is everything beyond it.
pub fn raw_offsets(raw_literal: &str, text_offsets: &[usize]) -> Vec<usize> {
    let body = inside(raw_literal);
    let (mut raw, mut text) = (0, 0);
    let mut plain = memchr(b'\\', body.as_bytes()).unwrap_or(body.len());
    let mut found = Vec::with_capacity(text_offsets.len());
    for &offset in text_offsets {
        while text < offset && raw < body.len() {
            if raw < plain {
                let step = (plain - raw).min(offset - text);
                raw += step;
                text += step;
                continue;
            }
            let escape = Escape::first(&body[raw..]);
            raw += escape.len;
            text += escape.says.len_utf8();
            plain = memchr(b'\\', &body.as_bytes()[raw..]).map_or(body.len(), |next| raw + next);
        }
        found.push(1 + raw);
    }
    found
}

/// Returns what is between the quotes.
fn inside(literal: &str) -> &str {
    let open = literal.strip_prefix('"').unwrap_or(literal);
    open.strip_suffix('"').unwrap_or(open)
}

/// An escape in a literal.
struct Escape {
    /// The character it means.
    says: char,
    /// Its length in the literal, in bytes.
    len: usize,
    /// Whether it is a lone surrogate, which is not a character.
    replaced: bool,
}

impl Escape {
    /// Returns the escape that `rest` starts with: its first byte is a backslash.
    fn first(rest: &str) -> Self {
        let simple = |says| Escape { says, len: 2, replaced: false };
        match rest.as_bytes().get(1) {
            Some(b'n') => simple('\n'),
            Some(b't') => simple('\t'),
            Some(b'r') => simple('\r'),
            Some(b'b') => simple('\u{8}'),
            Some(b'f') => simple('\u{c}'),
            Some(&c @ (b'"' | b'\\' | b'/')) => simple(char::from(c)),
            Some(b'u') => Escape::unicode(rest.as_bytes()),
            _ => Escape { says: char::REPLACEMENT_CHARACTER, len: 1, replaced: true },
        }
    }

    /// Returns a `\u` escape, or two of them that make a surrogate pair.
    fn unicode(rest: &[u8]) -> Self {
        let Some(unit) = hex4(rest) else {
            return Escape { says: char::REPLACEMENT_CHARACTER, len: 1, replaced: true };
        };
        if let Some(says) = char::from_u32(unit) {
            return Escape { says, len: 6, replaced: false };
        }
        let low = rest.get(6..).and_then(hex4).filter(|low| (0xdc00..0xe000).contains(low));
        let pair = low.filter(|_| unit < 0xdc00).map(|low| 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        match pair.and_then(char::from_u32) {
            Some(says) => Escape { says, len: 12, replaced: false },
            None => Escape { says: char::REPLACEMENT_CHARACTER, len: 6, replaced: true },
        }
    }
}

/// Returns the UTF-16 unit of the `\uXXXX` at the start.
fn hex4(escape: &[u8]) -> Option<u32> {
    let digits = escape.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes() {
        let literal = r#""a\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00é""#;
        assert_eq!(decode(literal), (Cow::Owned("a\"\\/\u{8}\u{c}\n\r\t\u{e9}😀é".into()), false));
        assert!(matches!(decode(r#""plain""#), (Cow::Borrowed("plain"), false)));
        assert_eq!(decode("\"\"").0, "");
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        for (raw, text) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""\udc00x""#, "\u{fffd}x"),
            (r#""\ud800\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud800\u0041""#, "\u{fffd}A"),
            (r#""\ud800\n""#, "\u{fffd}\n"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(decode(raw), (Cow::Borrowed(text), true), "{raw}");
            assert_eq!(raw_offsets(raw, &[text.len()]), [raw.len() - 1], "{raw}");
        }
    }

    #[test]
    fn offsets_at_escapes() {
        let raw = r#""a\nb\ud83d\ude00cé\u00e9""#;
        let text = "a\nb😀céé";
        assert_eq!(decode(raw).0, text);
        assert_eq!(raw_offsets(raw, &[0, 1, 2, 3, 7, 8, 10, 12]), [1, 2, 4, 5, 17, 18, 20, 26]);
        assert_eq!(raw_offsets(raw, &[3, 3, 100, 200]), [5, 5, 26, 26]);
        assert_eq!(raw_offsets("\"\"", &[0, 0]), [1, 1]);
    }

    #[test]
    fn what_is_no_literal_does_no_harm() {
        for odd in ["", "\"", "\\", "\"\\", "\"\\u12\"", "\"\\u12é\"", "\"\\é\"", "\\ud800\\u", "\"\\ud800\\udc0"] {
            let (text, _) = decode(odd);
            raw_offsets(odd, &[0, text.len(), text.len() + 1]);
        }
    }

    /// Returns a character written in one of the ways that JSON allows.
    fn written(c: char, how: u8) -> String {
        let must = matches!(c, '"' | '\\' | '\0'..='\x1f');
        match how {
            0 if !must => c.to_string(),
            1 => {
                let quoted = serde_json::to_string(&c).unwrap();
                quoted[1..quoted.len() - 1].to_string()
            }
            _ => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(chars in proptest::collection::vec((any::<char>(), 0u8..3), 0..60)) {
            let pieces: Vec<String> = chars.iter().map(|&(c, how)| written(c, how)).collect();
            let raw = format!("\"{}\"", pieces.concat());
            let text: String = serde_json::from_str(&raw).unwrap();
            prop_assert_eq!(decode(&raw), (Cow::Borrowed(text.as_str()), false));

            let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let mut at = 1;
            let mut expected = vec![1];
            expected.extend(pieces.iter().map(|piece| { at += piece.len(); at }));
            prop_assert_eq!(raw_offsets(&raw, &offsets), expected.clone());
            for (offset, raw_offset) in offsets.into_iter().zip(expected) {
                prop_assert_eq!(raw_offsets(&raw, &[offset]), [raw_offset]);
            }
        }
    }
}
