//! Finds what is not the body of a document: by what it says (language data) and by how it repeats (the corpus).
//!
//! The principle: a passage that repeats across documents that are otherwise different is boilerplate; one that repeats
//! across documents that are otherwise the same is a copy. Boilerplate is set aside before anything is compared.
//!
//! Two families of rules read a [`Document`](crate::Document) and its [`Cut`](crate::segment::Cut), and return [`Aside`]s:
//!
//! * `lexical`: [`lexical()`] finds inserted links, calls to action, feed frames, repeated headlines and credits by the phrases
//!   of a [`Lexicon`].
//! * `learned`: [`LineSurvey`], [`Recurring`] and [`stub`] find lines, phrases and stubs that a source repeats, by counts that
//!   are taken of the whole corpus first. [`stuffing`] finds phrases that one document repeats too often.
//!
//! Both use the tools in `text`, which look at one text: its punctuation, its lines and their neighbours, its [`Shape`].
//! The rest is the [`Body`]. `docs/boilerplate.md` says how each rule decides, and how well.
//!
//! ```
//! use flong::boilerplate::{TitleIndex, lexical};
//! use flong::{Document, segment};
//! let document = Document::new("1", "Maize prices rose again on Monday.\n\nREAD ALSO: Ferry Runs Aground");
//! // No titles of other documents are known.
//! let found = lexical(&document, &segment::cut(&document), &TitleIndex::default());
//! assert_eq!(found[0].span.of(&document.text), "READ ALSO: Ferry Runs Aground");
//! ```

mod learned;
mod lexical;
mod text;

pub use learned::{
    LearnedThresholds, LineCounts, LineKeys, LineSurvey, Lines, Recurring, STOCK, Stub, StubLength, StubText, Stuffed,
    enough, line_key, stub, stub_text, stuffing,
};
pub use lexical::{
    LexicalThresholds, Lexicon, OwnCall, OwnFrame, OwnMarker, OwnPhrases, OwnText, Strength, Template, TitleIndex,
    Where, agency, lexical, lexical_with, promotions,
};
pub use text::{Aside, AsideKind, Body, Shape, is_list_item, shape, spare, stretches};
