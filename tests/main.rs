//! One binary for all integration tests: it links once.

mod boilerplate;
mod check;
mod cli;
mod corpus;
mod count;
mod crawls;
mod damage;
mod decisions;
mod dry_run;
mod eval;
mod explain;
mod feeds;
mod generated;
mod index;
mod language_data;
mod layering;
mod learned;
mod linear;
mod mutations;
#[cfg(unix)]
mod outputs;
#[cfg(feature = "parquet")]
mod parquet;
mod properties;
mod readme;
mod removals;
mod report;
mod schema;
mod series;
#[cfg(feature = "parquet")]
mod shards;
mod shared_data;
mod sinks;
mod stubs;
mod tables;

#[path = "../benches/support/generate.rs"]
mod generate;
#[path = "../benches/support/inputs.rs"]
mod inputs;
#[path = "../benches/support/score.rs"]
mod score;
