//! Finds boilerplate by what it says, with the phrases in `src/data`.
//!
//! [`lexical_with`] is the flow:
//!
//! 1. `frame` and `pattern`: lines that a feed or a publishing system fills in ("The post … appeared first on …").
//! 2. `call_to_action`: lines and ends of paragraphs that ask for something; `composed` reads those that are
//!    put together from parts, `notice` what a site says on cookies and payment, and `company` looks at the lines around.
//! 3. `inserted_link`: a `marker` ("READ ALSO") in any `dress` and `spelling`, then the end of its `headline` inside the `room`
//!    that there is, by `titles` of other documents and by where `prose` begins; `link_block` if the headlines are lines below,
//!    and nothing if it is a `citation`.
//! 4. `echo`: the document's own headline, repeated. `credit`: bylines, datelines and agencies.
//!
//! `lexicon` holds the phrases that flong knows, `own` those of a user, and `phrases` finds them in a run of words.

mod call_to_action;
mod citation;
mod company;
mod composed;
mod credit;
mod dress;
mod echo;
mod frame;
mod headline;
mod inserted_link;
mod language;
mod lexicon;
mod link_block;
mod marker;
mod notice;
mod own;
mod pattern;
mod phrases;
mod prose;
mod rights;
mod room;
mod spelling;
mod taken;
mod thresholds;
mod titles;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_dress;

pub use lexicon::Lexicon;
pub use own::{OwnCall, OwnFrame, OwnMarker, OwnPhrases, OwnText, Strength, Template, Where};
pub use thresholds::LexicalThresholds;
pub use titles::TitleIndex;

use super::text::{Aside, Plain, View, whole};
use crate::Document;
use crate::segment::{Cut, Line};
use inserted_link::Search;
use marker::Markers;
use taken::Taken;
use thresholds::THRESHOLDS;

/// Finds pieces of a document that are not body by their words: inserted links, calls to action, frames, credits. They are
/// in no particular order, and may overlap. `titles` are the titles of all documents, by which the end of a promoted
/// headline is found.
pub fn lexical(document: &Document, cut: &Cut, titles: &TitleIndex) -> Vec<Aside> {
    lexical_with(document, cut, titles, Lexicon::known())
}

/// Finds pieces as [`lexical`] does, with other phrases than those that flong knows.
pub fn lexical_with(document: &Document, cut: &Cut, titles: &TitleIndex, lexicon: &Lexicon) -> Vec<Aside> {
    let view = View::new(document, cut);
    let mut found = lexicon.frames.find(view, &cut.title);
    let site = found.last().and_then(|frame| lexicon.frames.site(view, frame));
    // Calls and links are looked for in what readers see.
    let plain = Plain::of(view);
    let (seen, anchors) = plain.as_ref().map_or((view, &[][..]), |plain| (plain.view(), plain.links()));
    let frames = found.iter().filter_map(|&frame| match &plain {
        Some(plain) => plain.without_markup(frame),
        None => Some(frame),
    });
    let mut said: Vec<Aside> = frames.collect();
    let frames = said.len();
    said.extend(lexicon.calls.find(seen));
    let taken = Taken::new(&said);
    let vowelless = spelling::without_vowel_signs(seen);
    let tokens = vowelless.as_deref().unwrap_or(seen.tokens);
    let search = Search { markers: &lexicon.markers, titles, taken: &taken, anchors, site };
    said.extend(search.links(View { tokens, ..seen }));
    let said = said.into_iter().skip(frames);
    found.extend(said.map(|aside| plain.as_ref().map_or(aside, |plain| plain.in_document(aside))));
    found.extend(echo::echoes(view, &cut.title));
    found.extend(credit::credits(view));
    let kept = |aside| rights::rights_in_licence(view, aside);
    found.into_iter().filter_map(kept).map(|aside| whole(view, aside)).collect()
}

/// Returns the tokens of a document at which the title of another document may begin that it promotes: after the markers of
/// inserted links, and on the lines below one. Only there do titles matter to [`lexical_with`].
pub fn promotions(document: &Document, cut: &Cut, lexicon: &Lexicon) -> Vec<usize> {
    let view = View::new(document, cut);
    match Plain::of(view) {
        Some(plain) => {
            let found = promotions_of(plain.view(), plain.links(), &lexicon.markers);
            found.into_iter().map(|token| plain.number(token)).collect()
        }
        None => promotions_of(view, &[], &lexicon.markers),
    }
}

fn promotions_of(view: View, anchors: &[Line], markers: &Markers) -> Vec<usize> {
    let plain = spelling::without_vowel_signs(view);
    let view = View { tokens: plain.as_deref().unwrap_or(view.tokens), ..view };
    let mut found = Vec::new();
    for (n, line) in view.lines.iter().enumerate() {
        for i in line.range().filter(|&i| markers.may_begin(&view.tokens[i])) {
            match markers.at(view, line, i, anchors) {
                Some(marker) if marker.end < line.end => found.push(marker.end),
                Some(_) => {
                    found.extend(view.lines[n + 1..].iter().take(THRESHOLDS.max_block_headlines).map(|line| line.start))
                }
                None if markers.glued(view, line, i).is_some() => found.push(i + 2),
                None => {}
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the news agency that a document credits, if any: a sign of syndication.
pub fn agency(document: &Document, cut: &Cut) -> Option<&'static str> {
    credit::agency(View::new(document, cut))
}
