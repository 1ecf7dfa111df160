//! What is not body: found by what it says (language data) and by how it repeats (the corpus).
//!
//! The principle: a passage that repeats across documents that are otherwise different is boilerplate; one that repeats
//! across documents that are otherwise the same is a copy. Boilerplate is set aside before anything is compared.

mod alternatives;
mod aside;
mod body;
mod call_to_action;
mod credit;
mod dress;
mod echo;
mod frame;
mod headline;
mod inserted_link;
mod learned;
mod lexicon;
mod lines;
mod link_block;
mod marker;
mod pattern;
mod phrases;
mod prose;
mod recurring;
mod shape;
mod spelling;
mod stub;
mod stuffing;
mod surroundings;
mod titles;
mod view;
mod whole;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_dress;

pub use aside::{Aside, AsideKind, stretches};
pub use body::Body;
pub use learned::LineSurvey;
pub use lexicon::{Lexicon, OwnCall, OwnFrame, OwnMarker, OwnPhrases, OwnText, Strength, Template, Where};
pub use lines::{LineCounts, LineKeys, Lines, line_key};
pub use recurring::{Recurring, STOCK, enough};
pub use shape::{Shape, is_list_item, shape, spare};
pub use stub::{Stub, StubText, stub, stub_text};
pub use stuffing::{Stuffed, stuffing};
pub use titles::TitleIndex;

use crate::Document;
use crate::segment::Cut;
use inserted_link::{Search, Taken};
use view::View;
use whole::whole;

/// What a document says of itself that it is not body: inserted links, calls to action, frames, credits. In no particular
/// order; stretches may overlap. `titles` are those of all documents, to tell where a promoted headline ends.
pub fn lexical(document: &Document, cut: &Cut, titles: &TitleIndex) -> Vec<Aside> {
    lexical_with(document, cut, titles, Lexicon::known())
}

/// The same with other phrases than those that flong knows.
pub fn lexical_with(document: &Document, cut: &Cut, titles: &TitleIndex, lexicon: &Lexicon) -> Vec<Aside> {
    let view = view(document, cut);
    let mut found = lexicon.frames.find(view, &cut.title);
    let site = found.last().and_then(|frame| lexicon.frames.site(view, frame));
    found.extend(lexicon.calls.find(view));
    let taken = Taken::new(&found);
    let plain = spelling::without_vowel_signs(view);
    let tokens = plain.as_deref().unwrap_or(view.tokens);
    let links = Search { markers: &lexicon.markers, titles, taken: &taken, site }.links(View { tokens, ..view });
    found.extend(links);
    found.extend(echo::echoes(view, &cut.title));
    found.extend(credit::credits(view));
    found.into_iter().map(|aside| whole(view, surroundings::rights_in_licence(view, aside))).collect()
}

/// Where in a document the title of another may stand that it promotes, as indices of tokens: behind the markers of
/// inserted links, and on the lines below one. Only there do titles matter to [`lexical_with`].
pub fn promotions(document: &Document, cut: &Cut, lexicon: &Lexicon) -> Vec<usize> {
    let (view, markers) = (view(document, cut), &lexicon.markers);
    let plain = spelling::without_vowel_signs(view);
    let view = View { tokens: plain.as_deref().unwrap_or(view.tokens), ..view };
    let mut found = Vec::new();
    for (n, line) in view.lines.iter().enumerate() {
        for i in line.range().filter(|&i| markers.may_begin(&view.tokens[i])) {
            match markers.at(view, line, i) {
                Some(marker) if marker.end < line.end => found.push(marker.end),
                Some(_) => found.extend(view.lines[n + 1..].iter().take(link_block::MOST).map(|line| line.start)),
                None if markers.glued(view, line, i).is_some() => found.push(i + 2),
                None => {}
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The news agency that a document credits, if any: a sign of syndication.
pub fn agency(document: &Document, cut: &Cut) -> Option<&'static str> {
    credit::agency(view(document, cut))
}

fn view<'a>(document: &'a Document, cut: &'a Cut) -> View<'a> {
    View { text: &document.text, tokens: &cut.tokens, lines: &cut.lines, fences: &cut.fences }
}
