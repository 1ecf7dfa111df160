//! Verdicts on documents that an index has seen before.

use super::duplicates::{is_close, rule, why};
use super::items::verdict;
use super::{Action, Finding};
use crate::verify::{Kind, Verified};
use crate::{Document, Grain, Params, Span};

/// An item of an index that a document matches.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The item's id.
    pub id: &'a str,
    /// The length of the item's text in bytes; 0 if the index keeps no text.
    pub length: usize,
    /// The kind of the match.
    pub verified: &'a Verified,
    /// Whether the match is estimated from signatures.
    pub estimated: bool,
    /// Whether the item has more body words than the document.
    pub longer: bool,
}

/// Returns the verdict on a document that matches an item of an index. The document is removed if the match is at least as
/// close as [`Params::remove`]. It is marked if the match is looser or only estimated, or if the item is an excerpt of the
/// document. `index` is the document's index in the run; the finding names the item by the index `item`.
pub fn seen(document: &Document, index: usize, item: usize, earlier: Earlier, params: &Params) -> Finding {
    let Earlier { id, length, verified, estimated, longer } = earlier;
    let loses = verified.kind == Kind::Excerpt && !longer;
    let goes = is_close(verified.kind, params.remove) && !estimated && !loses;
    let estimated = if estimated { ", estimated from signatures" } else { "" };
    Finding {
        document: index,
        span: Span::new(0, document.text.len()),
        whole: true,
        grain: Some(Grain::Document),
        rule: rule(verified.kind),
        action: if goes { Action::Removed } else { Action::Marked },
        score: verified.score,
        kept: Some((item, Span::new(0, length))),
        reason: format!("{}{estimated}, seen before", why(verified, id, !longer)).into(),
    }
}

/// Returns the verdict on a document whose item is in an index already, unchanged or changed. It only marks. An index keeps
/// no links, so links are not compared.
pub fn seen_again(document: &Document, index: usize, item: &Document, at: usize) -> Finding {
    let item = Document { url: document.url.clone(), ..item.clone() };
    let finding = verdict((document, index, &[]), (&item, at, &[]));
    Finding { reason: format!("{}, seen before", finding.reason).into(), ..finding }
}
