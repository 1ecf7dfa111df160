//! The room for a promoted headline: the words among which it ends.

use super::marker::Marker;
use crate::boilerplate::text::View;
use crate::token::Word;

/// The words in which a headline is looked for.
pub(super) struct Room<'a> {
    pub view: View<'a>,
    pub marker: &'a Marker,
    /// One past the last token that may belong to the headline.
    pub limit: usize,
    /// Why the room ends there.
    pub close: Close,
    /// The first byte of a call that is glued to the last token.
    pub glued: Option<usize>,
    /// One past the last token of the link that the headline begins, if it is one.
    pub anchor: Option<usize>,
    /// The first word of the site's name, if a frame contains it.
    pub site: Option<Word>,
}

/// The end of the room for a headline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// The line.
    Line,
    /// The text is cut off there, by dots or a call to read on.
    CutOff,
    /// Another marker begins.
    Other,
    /// Nothing: no headline is longer.
    Length,
}
