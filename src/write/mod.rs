//! write: Verdicts -> outputs, all at once, and the way back.
//!
//! - [`OutDir`] is a folder that appears when it is complete, or not at all.
//! - [`tidy()`] says which white space goes with a removed piece.
//! - [`clean`] (or a [`Cleaner`], record by record) writes the cleaned corpus, the [ledger](LedgerLine) and the layout;
//!   [`restore`] makes the inputs of them again, byte for byte (a table of Parquet value for value).
//! - [`originals`] restores them into a temporary folder, to be read once more.
//! - [`Stream`] writes the cleaned documents alone, as JSON Lines, or only counts them.
//! - [`cleaned_text`] and [`cleaned_documents`] apply findings to texts in memory; [`edited`] writes them down too, and
//!   [`restored_text`] takes them back.
//! - [`write_file`] writes a single file, and [`stop`] ends all writing at once.
//! - [`json_lines`] and [`json_pretty`] write the other outputs.

mod applied;
mod clean;
mod destination;
mod dropped;
#[cfg(feature = "parquet")]
mod dropped_table;
mod edit;
mod editor;
mod file;
mod found;
mod held;
mod kept;
mod layout;
mod ledger;
mod lines;
mod names;
mod originals;
mod outdir;
mod own;
mod place;
mod restore;
mod restored;
mod sink;
mod state;
mod stream;
#[cfg(feature = "parquet")]
mod table;
mod target;
#[cfg(test)]
mod tests;
mod tidy;

pub use crate::temporary::{Stopped, stop, wait};
pub(crate) use applied::taken;
pub use applied::{Edited, Outcome, cleaned_documents, cleaned_text, edited, restored_text};
pub use clean::Cleaner;
pub use dropped::DroppedLine;
pub use editor::Cleaned;
pub use file::write_file;
pub use found::{ClusterLine, MatchLine, Measured, Piece};
pub use held::{Corpus, clean};
pub use ledger::{Kept, LedgerLine};
pub use lines::{json_lines, json_pretty};
pub use originals::{Originals, originals};
pub use outdir::{OutDir, OutFile};
pub use restore::{RestoreReport, restore};
pub use stream::Stream;
pub use target::refuse_inputs;
pub use tidy::{Cut, remaining, tidy};
