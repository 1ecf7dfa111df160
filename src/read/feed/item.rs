//! The text of an item, and an item without some of its text.

use std::borrow::Cow;
use std::ops::Range;

use super::Item;
use crate::Span;
use crate::read::json::{decode, raw_offsets};
use crate::read::markup::{Plain, Traced, characters, without};
use crate::read::{Form, Within};

impl Item {
    /// Chooses the text: of what the item offers, the longest. A summary is often the beginning of the content, and some
    /// feeds have all of the text in the element that is for the summary.
    ///
    /// # Errors
    /// If elements are nested deeper than `max_depth`.
    pub fn read_content(&mut self, feed: &str, max_depth: usize) -> Result<(), String> {
        for (range, form) in std::mem::take(&mut self.candidates) {
            let content = Content::new(&feed[range.clone()], form, max_depth);
            if content.plain.as_ref().is_some_and(|plain| plain.too_deep) {
                return Err(format!(
                    "the item was not read: its elements lie more than {max_depth} deep in each other; --max-depth raises \
                     the limit"
                ));
            }
            let text = content.text();
            if !text.trim().is_empty() && text.len() > self.text.len() {
                self.text = text.to_owned();
                self.content = Some((range, form));
            }
        }
        Ok(())
    }
}

/// A content as it is read.
struct Content<'r> {
    raw: &'r str,
    /// The characters that XML means, traced.
    characters: Option<Traced>,
    /// The value of a JSON string.
    string: Option<Cow<'r, str>>,
    plain: Option<Plain>,
}

impl<'r> Content<'r> {
    fn new(raw: &'r str, form: Form, max_depth: usize) -> Self {
        let characters = matches!(form, Form::Xml | Form::XmlHtml).then(|| characters(raw));
        let string = matches!(form, Form::Json | Form::JsonHtml).then(|| decode(raw).0);
        let source = characters.as_ref().map(|characters| &*characters.text).or(string.as_deref()).unwrap_or(raw);
        let plain = matches!(form, Form::XmlHtml | Form::JsonHtml | Form::Xhtml).then(|| Plain::new(source, max_depth));
        Content { raw, plain, characters, string }
    }

    /// Returns the markup, or the text where there is none.
    fn source(&self) -> &str {
        let characters = self.characters.as_ref().map(|characters| &*characters.text);
        characters.or(self.string.as_deref()).unwrap_or(self.raw)
    }

    fn text(&self) -> &str {
        self.plain.as_ref().map_or(self.source(), Plain::text)
    }

    /// Returns the ranges of pieces of the text in the raw content: each from its first character to its last.
    fn places(&self, pieces: &[Span]) -> Vec<Option<Range<usize>>> {
        let whole = |ranges: Vec<Range<usize>>| Some(ranges.first()?.start..ranges.last()?.end);
        let sources: Vec<Vec<Range<usize>>> = match &self.plain {
            Some(plain) => pieces.iter().map(|piece| plain.traced.sources(piece.range())).collect(),
            None => pieces.iter().map(|piece| vec![piece.range()]).collect(),
        };
        if let Some(characters) = &self.characters {
            return sources.iter().map(|ranges| whole(characters.through(ranges))).collect();
        }
        let mut found: Vec<Option<Range<usize>>> = sources.into_iter().map(whole).collect();
        if self.string.is_some() {
            // All in one go, since each look at the literal goes through it from its beginning.
            let mut offsets: Vec<usize> = found.iter().flatten().flat_map(|range| [range.start, range.end]).collect();
            offsets.sort_unstable();
            offsets.dedup();
            let raw = raw_offsets(self.raw, &offsets);
            let of = |offset: usize| offsets.binary_search(&offset).map_or(0, |n| raw[n]);
            found.iter_mut().flatten().for_each(|range| *range = of(range.start)..of(range.end));
        }
        found
    }

    /// Returns the ranges of the raw content that have to go for these pieces of the text to be gone.
    fn without(&self, gone: &[Range<usize>]) -> Vec<Range<usize>> {
        let ranges = match &self.plain {
            Some(plain) => without(self.source(), plain, gone),
            None => gone.to_vec(),
        };
        self.raw_ranges(ranges)
    }

    /// Returns the ranges of the raw content that ranges of the source come from.
    fn raw_ranges(&self, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
        if let Some(characters) = &self.characters {
            return characters.through(&ranges);
        }
        if self.string.is_none() {
            return ranges;
        }
        let offsets: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
        raw_offsets(self.raw, &offsets).chunks_exact(2).map(|ends| ends[0]..ends[1]).collect()
    }
}

/// Returns the ranges of pieces of the text in an item: each from its first character to its last, tags between them
/// included. `None` for a piece that nothing in the item corresponds to, and for all of them if the item is not one.
pub fn find_in_item(record: &str, within: Within, pieces: &[Span]) -> Option<Vec<Option<Range<usize>>>> {
    let raw = record.get(within.span.range())?;
    let start = within.span.start as usize;
    let shifted = |place: Range<usize>| start + place.start..start + place.end;
    let places = Content::new(raw, within.form, usize::MAX).places(pieces);
    Some(places.into_iter().map(|place| place.map(shifted)).collect())
}

/// Returns an item without some pieces of its text, which must ascend and not overlap: the same bytes but for them, and
/// for elements in the text that are left empty. `None` if they cannot be taken out so that the rest of the text stays
/// as it is, which is tried.
pub fn cut_item(record: &str, within: Within, gone: &[Span]) -> Option<String> {
    let place = within.span.range();
    let raw = record.get(place.clone())?;
    // Its depth was checked when it was read.
    let content = Content::new(raw, within.form, usize::MAX);
    let gone: Vec<Range<usize>> = gone.iter().map(|span| span.range()).filter(|range| !range.is_empty()).collect();
    let (mut left, mut from) = (String::with_capacity(raw.len()), 0);
    for range in content.without(&gone) {
        left.push_str(raw.get(from..range.start)?);
        from = range.end;
    }
    left.push_str(raw.get(from..)?);

    let (mut expected, mut from) = (String::new(), 0);
    for range in &gone {
        expected.push_str(content.text().get(from..range.start)?);
        from = range.end;
    }
    expected.push_str(content.text().get(from..)?);
    let read = Content::new(&left, within.form, usize::MAX);
    let same = read.text().split_whitespace().eq(expected.split_whitespace());
    same.then(|| [&record[..place.start], &left, &record[place.end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(raw: &str, form: Form, piece: &str) -> Option<String> {
        let text = Content::new(raw, form, 100).text().to_owned();
        let at = text.find(piece).unwrap_or_else(|| panic!("{piece} in {text}"));
        let record = format!("<x>{raw}</x>");
        let within = Within { span: Span::new(3, 3 + raw.len()), form };
        let cut = cut_item(&record, within, &[Span::new(at, at + piece.len())])?;
        Some(cut[3..cut.len() - 4].to_owned())
    }

    #[test]
    fn pieces_go_from_every_form() {
        let escaped = "&lt;p&gt;a &amp;amp; b&lt;/p&gt;&lt;p&gt;c&lt;/p&gt;";
        assert_eq!(cut(escaped, Form::XmlHtml, "a & b").unwrap(), "&lt;p&gt;c&lt;/p&gt;");
        assert_eq!(cut(escaped, Form::XmlHtml, " & b").unwrap(), "&lt;p&gt;a&lt;/p&gt;&lt;p&gt;c&lt;/p&gt;");
        let sections = "<![CDATA[<p>a</p><p>b ]]]]><![CDATA[> c</p>]]>";
        assert_eq!(cut(sections, Form::XmlHtml, "b ]]> c").unwrap(), "<![CDATA[<p>a</p>]]><![CDATA[]]>");
        assert_eq!(cut("<div><p>a</p><p>b</p></div>", Form::Xhtml, "b").unwrap(), "<div><p>a</p></div>");
        assert_eq!(cut("a &lt; b\n\nc", Form::Xml, " < b").unwrap(), "a\n\nc");
        assert_eq!(cut(r#""a\n\u0062c""#, Form::Json, "\nb").unwrap(), r#""ac""#);
        assert_eq!(cut(r#""<p>a<\/p><p>\"b\"<\/p>""#, Form::JsonHtml, "\"b\"").unwrap(), r#""<p>a<\/p>""#);
    }

    #[test]
    fn what_would_change_the_rest_is_refused() {
        assert_eq!(cut("<![CDATA[a]]b> c]]>", Form::Xml, "b"), None, "a section would end");
        assert_eq!(cut("a &amp;aXmp; c", Form::XmlHtml, "X"), None, "a reference would come about");
    }
}
