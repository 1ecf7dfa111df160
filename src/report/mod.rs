//! report: the outputs of a run -> a page to look at.
//!
//! A page is one HTML file that needs no network: what was found, who copies whom, the clusters with their texts side by
//! side, the boilerplate, and the pairs that just miss a threshold. [`Folder`] opens what `find` or `clean` wrote,
//! [`Folder::originals`] finds the run's inputs again, [`Report::gather`] reads both, and [`Report::write`] writes the page. [`Folder::show`] reads one cluster with its texts.
//! [`Report::of_pair`] and [`Report::of_document`] make a page of what [`explain`](crate::explain) returns.
//!
//! The page's own sources are in `page/`: a style sheet and small JavaScript modules, joined when the page is written. Its
//! data are columns of values, deflated and in base64; the texts are in blocks that the page unpacks when it shows them.

mod assemble;
mod boilerplate;
mod explained;
mod folder;
mod gather;
mod inputs;
mod matches;
mod near;
mod overview;
mod show;
mod shown;
mod texts;

pub use folder::Folder;
pub use gather::Report;
pub use inputs::Inputs;
pub use show::{ShownCluster, ShownMember};
