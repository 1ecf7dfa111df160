//! One binary for all integration tests: it links once.

mod boilerplate;
mod check;
mod cli;
mod corpus;
mod generated;
mod index;
mod layering;
mod properties;
mod readme;
mod shared_data;

#[path = "../benches/support/generate.rs"]
mod generate;
#[path = "../benches/support/inputs.rs"]
mod inputs;
#[path = "../benches/support/score.rs"]
mod score;
