//! eval: what a run found, held against labels: precision, recall, F1 and what was judged wrongly.
//!
//! [`Labels`] are what people say: pairs of documents, clusters of documents, or spans of boilerplate. [`Run`] is what flong
//! found, from memory or from the folder that a command wrote. [`pairs`], [`clusters`] and [`spans`] compare the two.
//! Every figure comes with a bootstrap interval, which is the same in every run.
//!
//! ```
//! use flong::eval::{Classes, Labels, Run, TableFormat, pairs};
//! use flong::{Document, Params, find};
//!
//! let wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board; nobody was hurt.";
//! let documents = [
//!     Document::new("wire", wire),
//!     Document::new("reprint", format!("By Our Reporter, Aldermoor\n\n{wire}")),
//!     Document::new("other", "Maize prices rose for the third week in a row, the growers' union said on Monday."),
//! ];
//! let found = find(&documents, &Params::default());
//!
//! let Labels::Pairs(labels) = Labels::parse("a,b,label\nwire,reprint,S\nwire,other,U\n", TableFormat::Csv, None)? else {
//!     unreachable!("the columns are those of pairs")
//! };
//! let report = pairs(&Run::of(&found, &documents), &labels, &Classes::known(), false)?;
//! assert_eq!((report.scores.precision.value, report.scores.recall.value), (1.0, 1.0));
//! # Ok::<(), String>(())
//! ```

mod bootstrap;
mod classes;
mod clusters;
mod evaluate;
mod labels;
mod pairs;
mod plot;
mod reasons;
mod run;
mod scores;
mod spans;
mod table;
mod unknown;

pub use bootstrap::{Estimate, RESAMPLES};
pub use classes::{Class, Classes};
pub use clusters::{ClusterReport, clusters};
pub use evaluate::{Evaluation, Options, SweepRange, evaluate, evaluate_documents};
pub use labels::{LabelledDocument, LabelledPair, LabelledSpan, Labels};
pub use pairs::{JudgedCount, LabelCount, Mistake, PairReport, pairs};
pub use plot::plot;
pub use reasons::explain;
pub use run::{FoundSpan, Run};
pub use scores::{Scores, Sweep, SweepPoint};
pub use spans::{Offsets, RuleCount, SpanMistake, SpanReport, spans};
pub use table::TableFormat;
