//! Looks at one text, for both families of rules.
//!
//! * `view`: words and what is written between them.
//! * `markup`: a text without its tags and addresses, as its readers see it.
//! * `surroundings`: whether a line is part of something larger (code, a table, a wrapped sentence), by the lines around it.
//! * `shape`: whether the whole text is prose, code, documentation, a table or verse.
//! * `aside`: a piece that is not body. `whole` and `tag` extend it so that no bracket or tag of HTML loses its partner.
//! * `body`: the words that remain.
//! * `alike`: whether some words are the title.

pub(crate) mod alike;
mod aside;
mod body;
mod markup;
mod shape;
pub(crate) mod surroundings;
mod tag;
mod thresholds;
mod view;
mod whole;

pub use aside::{Aside, AsideKind, stretches};
pub use body::Body;
pub(crate) use markup::Plain;
pub use shape::{Shape, is_list_item, shape, spare};
pub(crate) use thresholds::MIN_TITLE_WORDS;
pub(crate) use view::{View, has_no_case, is_small_letter};
pub(crate) use whole::whole;
