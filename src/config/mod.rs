//! config: `flong.toml`, and the settings of a run.
//!
//! [`Config`] holds what is given: by a file, or by options. [`Config::over`] lays one over another. [`Settings`] turns what
//! is given into what the stages take: [`Params`](crate::Params), [`Fields`](crate::read::Fields) and a
//! [`Policy`](crate::judge::Policy).
//!
//! The feature `toml` reads files; without it a [`Config`] is built by hand.
//!
//! ```
//! use flong::Grain;
//! use flong::config::{Config, Settings};
//!
//! let options = Config { grain: Some(vec![Grain::Document]), ..Config::default() };
//! let settings = Settings::new(options, None)?;
//! assert_eq!(settings.params()?.grains, [Grain::Document]);
//! # Ok::<(), flong::Error>(())
//! ```

mod described;
mod file;
mod locate;
mod parameters;
#[cfg(feature = "toml")]
mod parse;
mod settings;
mod values;

pub use described::{OptionText, ParameterText, option_of, options, parameters};
pub use file::Config;
pub use locate::locate;
#[cfg(feature = "toml")]
pub use parse::meant;
pub use settings::{ConfigFile, Settings};
pub use values::{FieldNames, FingerprintsName, PathGlob, RewordingsName, RuleCode, Setting, VerifyName, byte_size};
