//! profile: a document's body -> what its units are compared by.

mod texts;

pub use texts::Texts;
