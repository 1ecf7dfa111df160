//! `flong.toml`: what a project has settled, so that nobody need say it on the command line.

mod file;
mod find;
mod given;
mod settings;
mod show;
#[cfg(test)]
mod tests;

use file::FieldNames;
pub use file::{Config, RuleCode};
pub use find::find;
pub use settings::Settings;
pub use show::show;
