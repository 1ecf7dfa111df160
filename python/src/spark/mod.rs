//! The maps of a run on Spark: each takes batches of rows, and returns batches. The joins between them are Spark's.

mod batch;
mod compare;
mod count;
mod knowledge;
mod likely;
mod origins;
mod pairs;
mod parts;
mod portrait;
mod profile;
mod read;
mod slices;
mod stars;
mod step;
mod write;

pub use knowledge::SparkKnowledge;
pub use step::SparkStep;
