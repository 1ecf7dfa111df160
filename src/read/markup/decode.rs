//! References to characters, in XML and in HTML.

use std::borrow::Cow;

use memchr::memchr;

use crate::reference::reference;

/// A piece of text: characters as written, or a reference and the characters that it means.
pub(super) enum Piece<'s> {
    Plain(&'s str),
    Reference(&'s str, Cow<'static, str>),
}

/// Returns the pieces of a text. Anything else that looks like a reference stays as written: entities that a document
/// declares itself are never expanded.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((len, says)) = reference(rest) {
            let (raw, after) = rest.split_at(len);
            rest = after;
            return Some(Piece::Reference(raw, says));
        }
        let mut end = 0;
        loop {
            let from = end + usize::from(rest[end..].starts_with('&'));
            end = memchr(b'&', &rest.as_bytes()[from..]).map_or(rest.len(), |at| from + at);
            if end == rest.len() || reference(&rest[end..]).is_some() {
                break;
            }
        }
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Plain(plain))
    })
}

/// Returns the text with its references resolved.
pub(in crate::read) fn decode(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return text.into();
    }
    let said = pieces(text).map(|piece| match piece {
        Piece::Plain(plain) => Cow::Borrowed(plain),
        Piece::Reference(_, says) => says,
    });
    said.collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        assert_eq!(decode("a &lt;b&gt; &amp;amp; &quot;c&apos;"), "a <b> &amp; \"c'");
        assert_eq!(decode("&eacute;&nbsp;&hellip;&#233;&#xE9;&#146;"), "é\u{a0}…éé’");
        assert!(matches!(decode("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["Q&A", "&", "&;", "&unknown;", "a && b;", "&#xZZ;", "&#+65;", "&#1114112;", "&lol9;", "&#;"] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(decode("&& &lt; &x &lt;"), "&& < &x <");
    }
}
