//! Near-duplicates and boilerplate in syndicated text.
//!
//! A *flong* is the papier-mâché mould in which syndicated columns were shipped to newspapers, to be cast as stereotype
//! plates; "boilerplate" is what the plates were called. This crate finds what was cast from the same mould, and lifts the
//! boilerplate off.
//!
//! # The flow
//!
//! One direction, one verb a stage. A stage is a pure function of its input and its parameters, in a module that knows
//! only what is upstream of it:
//!
//! 1. [`read`]: bytes -> [`Document`]s. Bad records are reported and counted, never dropped silently.
//! 2. [`segment`]: a document -> paragraphs, sentences and [`token`]s, as byte spans into the original text.
//! 3. [`survey`]: what the corpus as a whole says of its words and shingles; surveys of parts merge.
//! 4. [`boilerplate`]: what is not body, by what it says and by how it repeats; set aside before anything is compared.
//! 5. [`shingle`]: runs of words -> hashes, by the one stable family of [`hash`]es.
//! 6. [`fingerprint`]: shingles -> the keys by which copies and excerpts are found; [`sketch`]: words -> MinHash signatures,
//!    for rewordings.
//! 7. [`propose`]: fingerprints -> candidate pairs that share enough of them; [`lsh`]: signatures -> candidate pairs, at a
//!    low similarity.
//! 8. [`verify`]: a candidate pair -> a match, by exact measures on the texts, and its kind.
//! 9. [`cluster`]: matches -> clusters, without chaining.
//! 10. [`judge`]: clusters -> findings: which copy is kept, what goes, and why.
//! 11. [`write`](mod@write): findings -> the cleaned corpus, the ledger and the rest, atomically; and back. Or
//!     [`check`]: findings -> a report for what runs checks.
//!
//! [`date`] says when a document was published, whatever form its date is written in.
//!
//! With the feature `index`, what has been seen can be kept in a file and asked: `index` stands beside the flow, and uses the
//! stages up to `verify`.
//!
//! [`pipeline`] alone sees every stage and owns the threads, the passes and the clock. The command line uses the same
//! public functions.
//!
//! # Use
//!
//! ```
//! use flong::verify::Kind;
//! use flong::{Document, Params, find};
//!
//! let wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
//!             harbour master told reporters, and divers will inspect the hull before the vessel is towed to the yard.";
//! let documents = [
//!     Document::new("wire", wire),
//!     Document::new("reprint", format!("By Our Reporter, Aldermoor\n\n{wire}")),
//!     Document::new("other", "Maize prices rose for the third week in a row, the growers' union said on Monday."),
//! ];
//!
//! let found = find(&documents, &Params::default());
//! let cluster = &found.clusters[0];
//! assert_eq!(cluster.kind, Kind::Near);
//! assert_eq!(cluster.members.len(), 1);
//! ```
//!
//! Without the default feature `cli` the crate has none of the command line's dependencies; `index` can be had without it.

pub mod boilerplate;
pub mod check;
pub mod cluster;
mod config;
pub mod date;
mod document;
mod error;
pub mod escape;
pub mod fingerprint;
#[cfg(any(feature = "index", feature = "parquet"))]
mod guard;
pub mod hash;
#[cfg(feature = "index")]
pub mod index;
pub mod judge;
pub mod lsh;
pub mod pipeline;
pub mod propose;
pub mod read;
mod reference;
pub mod segment;
pub mod shingle;
pub mod sketch;
pub mod survey;
mod temporary;
pub mod token;
pub mod verify;
pub mod write;

pub use config::{Bands, Params};
pub use document::{Document, Form, Grain, Place, Span, Unit, Within};
pub use error::{Error, Problem, Result};
#[cfg(any(feature = "index", feature = "parquet"))]
pub use guard::panic_is_damage;
pub use pipeline::{Found, find};
