//! Markup -> plain text, with the way back from the text to the bytes of the markup.
//!
//! [`Tokens`] cut markup, XML and HTML alike, into pieces; [`Plain`] is what it says, as paragraphs; [`Traced`] leads from
//! the text to the source. The reader never fails: problems of a document are reported by its callers.

mod cut;
mod decode;
mod plain;
mod token;
mod trace;

pub(super) use cut::without;
pub(super) use plain::Plain;
pub(super) use token::{Kind, Token, Tokens};
pub(super) use trace::Traced;

/// Returns the characters of XML content as they are meant: references resolved, CDATA sections opened, line ends as line
/// feeds.
pub(super) fn characters(source: &str) -> Traced {
    let mut traced = Traced::default();
    for token in Tokens::new(source) {
        let range = token.range;
        match token.kind {
            Kind::Text => add(&mut traced, source, range, true),
            Kind::CharacterData => add(&mut traced, source, opened(source, range), false),
            _ => {}
        }
    }
    traced
}

/// Returns what is inside a CDATA section.
fn opened(source: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = range.start + "<![CDATA[".len();
    start..if source[..range.end].ends_with("]]>") { range.end - 3 } else { range.end }.max(start)
}

fn add(traced: &mut Traced, source: &str, range: std::ops::Range<usize>, references: bool) {
    let mut at = range.start;
    let text = &source[range];
    if !references {
        return add_plain(traced, text, at);
    }
    for piece in decode::pieces(text) {
        match piece {
            decode::Piece::Plain(plain) => {
                add_plain(traced, plain, at);
                at += plain.len();
            }
            decode::Piece::Reference(raw, says) => {
                traced.push(&says, at..at + raw.len());
                at += raw.len();
            }
        }
    }
}

fn add_plain(traced: &mut Traced, text: &str, mut at: usize) {
    for line in text.split_inclusive("\r\n") {
        match line.strip_suffix("\r\n") {
            Some(body) => {
                traced.push(body, at..at + body.len());
                traced.push("\n", at + body.len()..at + line.len());
            }
            None => traced.push(line, at..at + line.len()),
        }
        at += line.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Any markup is read, its text leads back to it, and cutting leaves it in one piece.
        #[test]
        fn any_markup_can_be_read_and_cut(source in "(<|</|>|p|a|br|img|td|li|=|\"|'|&amp;|&|;|#x41|é| |\n|!--|-->|<!\\[CDATA\\[|\\]\\]>|script|/>){0,40}",
                                          cut in 0.0..1.0f64) {
            let plain = Plain::new(&source, 8);
            let at = (plain.text().len() as f64 * cut) as usize;
            let at = (at..=plain.text().len()).find(|at| plain.text().is_char_boundary(*at)).unwrap();
            for gone in [at..plain.text().len(), 0..at] {
                let mut from = 0;
                for range in without(&source, &plain, &[gone]) {
                    prop_assert!(from <= range.start && range.start <= range.end && range.end <= source.len());
                    prop_assert!(source.is_char_boundary(range.start) && source.is_char_boundary(range.end));
                    from = range.end;
                }
            }
            let traced = characters(&source);
            for range in traced.sources(0..traced.text.len()) {
                prop_assert!(source.get(range).is_some());
            }
        }
    }

    #[test]
    fn characters_are_traced() {
        let source = "a &lt;b&gt;<![CDATA[<i>&amp;\r\n]]>c<!-- no -->";
        let traced = characters(source);
        assert_eq!(traced.text, "a <b><i>&amp;\nc");
        let of = |range| traced.sources(range).into_iter().map(|range| &source[range]).collect::<Vec<_>>();
        assert_eq!(of(2..5), ["&lt;b&gt;"]);
        assert_eq!(of(4..6), ["&gt;", "<"]);
        assert_eq!(of(13..15), ["\r\n", "c"]);
        assert_eq!(characters("<![CDATA[cut off").text, "cut off");
        assert_eq!(characters("").text, "");
    }
}
