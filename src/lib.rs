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
//! 5. [`count`]: documents -> [`Knowledge`](count::Knowledge) of the corpus, by sums that merge and have a byte form.
//! 6. [`shingle`]: runs of words -> hashes, by the one stable family of [`hash`]es.
//! 7. [`fingerprint`]: shingles -> the keys by which copies and excerpts are found; [`sketch`]: words -> MinHash signatures,
//!    for rewordings.
//! 8. [`propose`]: fingerprints -> candidate pairs that share enough of them; [`lsh`]: signatures -> candidate pairs, at a
//!    low similarity.
//! 9. [`verify`]: a candidate pair -> a match, by exact measures on the texts, and its kind.
//! 10. [`cluster`]: matches -> clusters, without chaining.
//! 11. [`judge`]: clusters -> findings: which copy is kept, what goes, and why.
//! 12. [`write`](mod@write): findings -> the cleaned corpus, the ledger and the rest, atomically; and back. Or
//!     [`check`]: findings -> a report for what runs checks.
//!
//! [`date`] says when a document was published, whatever form its date is written in.
//!
//! With the feature `index`, what has been seen can be kept in a file and asked: `index` is beside the flow, and uses
//! the stages up to `verify`. `before` judges what the index says of new documents.
//!
//! [`pipeline`] alone sees every stage and owns the threads, the passes and the clock. The command line uses the same
//! public functions.
//!
//! # Use
//!
//! One call answers about one text, two texts or a list of texts:
//!
//! ```
//! let text = "The ferry ran aground on Tuesday.\n\nREAD ALSO: Maize Prices Rise\n\nNobody was hurt.";
//! assert_eq!(flong::strip(text).text, "The ferry ran aground on Tuesday.\n\nNobody was hurt.");
//! assert_eq!(flong::compare(text, text).kind, Some(flong::verify::Kind::Exact));
//! assert_eq!(flong::dedupe([text, text]).kept, [0]);
//! ```
//!
//! A corpus is cleaned in three steps: [`find`] what repeats, [judge](judge::verdicts) what that means, and apply it, in
//! memory as here or to files with [`write::clean`]:
//!
//! ```
//! use flong::judge::{Policy, verdicts};
//! use flong::write::cleaned_documents;
//! use flong::{Document, Params, find};
//!
//! let wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
//!             harbour master told reporters, and divers will inspect the hull before the vessel is towed to the yard.";
//! let documents = [
//!     Document::new("1", wire),
//!     Document::new("2", format!("By Our Reporter, Aldermoor\n\n{wire}")),
//!     Document::new("3", "Maize prices rose again on Monday.\n\nREAD ALSO: Ferry Runs Aground\n\nBeans did not."),
//! ];
//!
//! let params = Params::default();
//! let found = find(&documents, &params);
//! let findings = verdicts(&found.evidence(&documents), &Policy::cleaning(&params));
//! let cleaned: Vec<String> = cleaned_documents(&documents, &findings).map(|(_, text)| text.into()).collect();
//!
//! assert_eq!(cleaned, [wire, "Maize prices rose again on Monday.\n\nBeans did not."]);
//! assert_eq!(findings[0].reason, "shares 100% of its weight and 100% of its word order with 1");
//! ```
//!
//! [`eval`] says how good what was found is, against labels; [`tune`] chooses thresholds by judged pairs.
//!
//! [`run`] makes whole runs from paths to a folder, as the command line does. [`config`] reads the parameters of a run from a
//! `flong.toml`.
//!
//! # Features
//!
//! Without the default feature `cli` the crate has none of the command line's dependencies. Each of these can be had without
//! it: `index` (files of what was seen), `parquet`, `html`, and `toml` (reading `flong.toml`).

#[cfg(feature = "index")]
pub mod before;
pub mod boilerplate;
pub mod check;
pub mod cluster;
pub mod config;
pub mod count;
pub mod date;
mod document;
mod encoding;
mod error;
pub mod escape;
pub mod eval;
mod evidence;
pub mod explain;
pub mod fingerprint;
#[cfg(any(feature = "index", feature = "parquet"))]
mod guard;
pub mod hash;
mod heads;
#[cfg(feature = "index")]
pub mod index;
pub mod judge;
pub mod lsh;
mod nearest;
mod one_call;
mod pair;
mod params;
pub mod pipeline;
pub mod profile;
pub mod propose;
mod ragged;
pub mod read;
mod reference;
pub mod report;
pub mod run;
pub mod segment;
pub mod shingle;
pub mod sketch;
pub mod survey;
mod temporary;
pub mod token;
pub mod tune;
pub mod verify;
pub mod write;

pub use document::{Document, DocumentId, Grain, Span, Unit, UnitId};
pub use error::{Error, Problem, Result};
#[cfg(any(feature = "index", feature = "parquet"))]
pub use guard::panic_is_damage;
pub use heads::{Documents, Head, Heads};
pub use nearest::did_you_mean;
pub use one_call::{Comparison, Deduped, Dropped, Removed, Stripped, compare, dedupe, strip, strip_known};
pub use pair::{CandidatePair, KeyedUnit};
pub use params::{Bands, Params};
pub use pipeline::{Found, find};
pub use ragged::Ragged;
pub use verify::SharedPassage;
