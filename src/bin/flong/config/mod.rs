//! The options of the commands as settings, and `flong config show`.

mod given;
mod show;
#[cfg(test)]
mod tests;

use std::ffi::OsString;

use flong::Result;
use flong::config::{Config, ConfigFile, Settings, locate};
pub use show::show;

use crate::args::ConfigArgs;

/// Returns the settings of a run, from the options that were `given` and from the `flong.toml` that applies to the first
/// of the inputs.
pub fn settings_of(args: &ConfigArgs, inputs: &[OsString], given: Config) -> Result<Settings> {
    let path = match (&args.config, args.isolated) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => locate(inputs.first().map(OsString::as_os_str)),
    };
    Settings::new(given.over(args.given()), path.map(ConfigFile::read).transpose()?)
}
