//! flong
mod document;
mod error;
pub mod judge;
pub mod read;
pub mod write;

pub use document::{Document, Grain, Place, Span};
pub use error::{Error, Problem, Result};
