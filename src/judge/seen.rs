//! What becomes of documents that an index has seen.

use super::duplicates::{is_close, rule, why};
use super::items::verdict;
use super::{Action, Finding};
use crate::verify::{Kind, Verified};
use crate::{Document, Params, Span};

/// An item of an index that a document matches, as far as the verdict needs it.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The item's id.
    pub id: &'a str,
    /// The length of its text in bytes; 0 if it is not kept.
    pub length: usize,
    /// What the two are to each other.
    pub verified: &'a Verified,
    /// Whether that is estimated.
    pub estimated: bool,
    /// Whether the item has more body words than the document.
    pub longer: bool,
}

/// The verdict on a document, by one item that it matches. The document goes if the match is as close as
/// [`Params::remove`] asks; it is marked if it is not, if the match is only estimated, or if the item is an excerpt of the
/// document. `index` is the document's in the run, `item` what the finding shall call the item by.
pub fn seen(document: &Document, index: usize, item: usize, earlier: Earlier, params: &Params) -> Finding {
    let Earlier { id, length, verified, estimated, longer } = earlier;
    let loses = verified.kind == Kind::Excerpt && !longer;
    let goes = is_close(verified.kind, params.remove) && !estimated && !loses;
    let estimated = if estimated { ", as its signature has it" } else { "" };
    Finding {
        document: index,
        span: Span::new(0, document.text.len()),
        whole: true,
        rule: rule(verified.kind),
        action: if goes { Action::Removed } else { Action::Marked },
        score: verified.score,
        kept: Some((item, Span::new(0, length))),
        reason: format!("{}{estimated}, seen before", why(verified, id)),
    }
}

/// The verdict on a document that is an item of an index again, the same or changed: marked only. An index keeps no links,
/// so nothing is said of them.
pub fn seen_again(document: &Document, index: usize, item: &Document, at: usize) -> Finding {
    let item = Document { url: document.url.clone(), ..item.clone() };
    let finding = verdict((document, index, &[]), (&item, at, &[]));
    Finding { reason: format!("{}, seen before", finding.reason), ..finding }
}
