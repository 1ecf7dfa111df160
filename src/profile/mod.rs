//! profile: a document, its cut and the knowledge of its corpus -> [`Profiled`]: what is set aside of it, and the words, facts,
//! fingerprints and signatures of each of its units.

mod profiled;
mod profiler;
mod texts;
mod unit;

pub use profiled::Profiled;
pub use profiler::Profiler;
pub use texts::{Texts, Whole};
