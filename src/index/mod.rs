//! index: what has been seen, on disk.
//!
//! An [`Index`] is one file, an embedded database ([redb](https://docs.rs/redb)): one process writes, any number read
//! what was last committed, and a process that is killed leaves what was there before. It holds
//!
//! - for each item an [`Entry`]: its fingerprints and band keys, as packed postings, and its signature; its id, source, date,
//!   title and, unless that is not wanted, its text;
//! - in how many texts each word occurs, to weigh words by;
//! - a sample of the documents of each source, and the boilerplate of the source learned from it:
//!   [`Knowledge`](crate::count::Knowledge).
//!
//! The entry of a document depends on the document alone, except which of its words are telling enough to be
//! sketched. So items may be added at once or one by one. What is compared is compared by the statistics of the index as
//! they are when it is opened.

mod add;
mod backend;
mod block;
mod candidates;
mod check;
mod entry;
mod estimate;
mod expire;
mod failure;
mod families;
mod file;
mod item;
mod lookup;
mod postings;
mod sample;
mod seal;
mod settings;
mod store;

pub use crate::date::{Day, day};
pub use add::Addition;
pub use candidates::Candidate;
pub use entry::{Entry, Maker, Row};
pub use estimate::estimate;
pub use item::Item;
pub use lookup::Reader;
pub use sample::Sampled;
pub use settings::Settings;
pub use store::{Index, Info};
