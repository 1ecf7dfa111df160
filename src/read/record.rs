//! Records, and where their texts are in them, so that pieces can be cut out of a text and put back.

use std::borrow::Cow;
use std::ops::Range;

use super::csv::quoted_offsets;
use super::json::{escape, raw_offsets};
use crate::read::Within;

/// A record, and where its text is.
#[derive(Debug, Clone)]
pub(crate) struct Record<'r> {
    /// The record: a JSON line, a row, a text, or an item of a feed.
    pub whole: &'r str,
    /// The range of the text in it: between the quotes, if there are any.
    pub text: Range<usize>,
    /// The way in which the text is written there.
    pub wrap: Wrap,
}

/// The way in which a record holds its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// The record is the text.
    Whole,
    /// As a JSON string.
    Json,
    /// As a field of CSV in quotes.
    Quoted,
    /// As a field of CSV without quotes, or with quotes around a part of it.
    Bare,
    /// In markup; if it is not known where, nothing can be cut out of it.
    Markup(Option<Within>),
}

impl Wrap {
    /// Returns the text as flong writes it into a record of this kind.
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Wrap::Whole | Wrap::Bare | Wrap::Markup(_) => text.into(),
            Wrap::Json => escape(text),
            Wrap::Quoted if text.contains('"') => text.replace('"', "\"\"").into(),
            Wrap::Quoted => text.into(),
        }
    }
}

impl<'r> Record<'r> {
    /// Returns a record that consists of its text.
    pub fn text(text: &'r str) -> Self {
        Record { whole: text, text: 0..text.len(), wrap: Wrap::Whole }
    }

    /// Returns a record with its text in markup. Without `within`, nothing can be cut out of it.
    pub fn markup(whole: &'r str, within: Option<Within>) -> Self {
        Record { whole, text: 0..whole.len(), wrap: Wrap::Markup(within) }
    }

    /// Returns the offsets in the record for offsets in the text, which must ascend.
    pub fn offsets(&self, text: &[usize]) -> Vec<usize> {
        let Range { start, end } = self.text;
        let (from, mut offsets) = match self.wrap {
            Wrap::Whole | Wrap::Bare | Wrap::Markup(_) => (start, text.to_vec()),
            Wrap::Quoted => (start, quoted_offsets(&self.whole[start..end], text)),
            Wrap::Json => (start - 1, raw_offsets(&self.whole[start - 1..end + 1], text)),
        };
        offsets.iter_mut().for_each(|offset| *offset += from);
        offsets
    }

    /// Returns the record in three parts: before the text, the text as it is written, and after it.
    pub fn parts(&self) -> (&'r str, &'r str, &'r str) {
        let Range { start, end } = self.text;
        (&self.whole[..start], &self.whole[start..end], &self.whole[end..])
    }

    /// Returns whether the record, with everything cut out of it but `pieces` of the text, reads as these pieces.
    pub fn can_be_cut<'t>(&self, text: &str, pieces: impl Iterator<Item = &'t str>) -> bool {
        let mut pieces = pieces.filter(|piece| !piece.is_empty());
        match self.wrap {
            Wrap::Whole | Wrap::Quoted | Wrap::Markup(_) => true,
            Wrap::Json => no_halves_meet(pieces),
            // A quote that comes to the start would open the field, and an empty row is not a row.
            Wrap::Bare => self.parts().1 == text && pieces.next().is_some_and(|first| !first.starts_with('"')),
        }
    }

    /// Returns the record with another text.
    pub fn with_text(&self, text: &str) -> String {
        let (before, _, after) = self.parts();
        match self.wrap {
            Wrap::Bare => [before, "\"", &Wrap::Quoted.write(text), "\"", after].concat(),
            wrap => [before, &wrap.write(text), after].concat(),
        }
    }
}

/// Returns whether no two halves of surrogate pairs would meet. Each half reads as U+FFFD; two halves that come together
/// would be one character, and the text would change.
fn no_halves_meet<'t>(pieces: impl Iterator<Item = &'t str>) -> bool {
    let half = char::REPLACEMENT_CHARACTER;
    let pieces: Vec<&str> = pieces.collect();
    !pieces.windows(2).any(|pair| pair[0].ends_with(half) && pair[1].starts_with(half))
}
