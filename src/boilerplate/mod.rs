//! What is not body: found by what it says (language data) and by how it repeats (the corpus).
//!
//! The principle: a passage that repeats across documents that are otherwise different is boilerplate; one that repeats
//! across documents that are otherwise the same is a copy. Boilerplate is set aside before anything is compared.

mod aside;
mod body;
mod call_to_action;
mod credit;
mod echo;
mod frame;
mod inserted_link;
mod phrases;
mod recurring;
mod stuffing;
mod titles;

pub use aside::{Aside, AsideKind};
pub use body::Body;
pub use recurring::{Recurring, enough, line_key};
pub use stuffing::{Stuffed, stuffing};
pub use titles::TitleIndex;

use crate::Document;
use crate::segment::Cut;
use inserted_link::View;

/// What a document says of itself that it is not body: inserted links, calls to action, frames, credits. In no particular
/// order; stretches may overlap. `titles` are those of all documents, to tell where a promoted headline ends.
pub fn lexical(document: &Document, cut: &Cut, titles: &TitleIndex) -> Vec<Aside> {
    let view = view(document, cut);
    let mut found = inserted_link::inserted_links(view, titles);
    found.extend(frame::frames(view, &cut.title));
    found.extend(echo::echoes(view, &cut.title));
    found.extend(call_to_action::calls_to_action(view));
    found.extend(credit::credits(view));
    found
}

/// The news agency that a document credits, if any: a sign of syndication.
pub fn agency(document: &Document, cut: &Cut) -> Option<&'static str> {
    credit::agency(view(document, cut))
}

fn view<'a>(document: &'a Document, cut: &'a Cut) -> View<'a> {
    View { text: &document.text, tokens: &cut.tokens, lines: &cut.lines }
}
