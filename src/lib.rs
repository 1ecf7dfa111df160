//! flong
pub mod boilerplate;
pub mod cluster;
mod config;
mod document;
mod error;
pub mod hash;
pub mod judge;
pub mod lsh;
pub mod pipeline;
pub mod read;
pub mod segment;
pub mod shingle;
pub mod sketch;
pub mod survey;
pub mod token;
pub mod verify;
pub mod write;

pub use config::{Bands, Params};
pub use document::{Document, Grain, Place, Span, Unit};
pub use error::{Error, Problem, Result};
pub use pipeline::{Found, find};
