//! The values of a `flong.toml` that are no plain strings or numbers.

use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

use crate::check::Severity;
use crate::judge::Rule;
use crate::params::Params;
use crate::read::Names;

/// One name of a field, or several in order of preference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected the name of a field, or a list of names")]
pub enum FieldNames {
    /// One name.
    One(String),
    /// Several names; the first that a record has counts.
    Several(Vec<String>),
}

impl FieldNames {
    /// Returns the names for reading records.
    pub fn names(&self) -> Names {
        match self {
            FieldNames::One(name) => Names::only(name),
            FieldNames::Several(names) => Names::of(names.iter().map(String::as_str)),
        }
    }
}

/// Severity of a rule's findings, or `Off` for a rule that is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// [`Severity::Error`].
    Error,
    /// [`Severity::Warning`].
    Warning,
    /// [`Severity::Note`].
    Note,
    /// The rule is not followed.
    Off,
}

impl Setting {
    /// Returns the severity; `None` if the rule is not followed.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Setting::Error => Some(Severity::Error),
            Setting::Warning => Some(Severity::Warning),
            Setting::Note => Some(Severity::Note),
            Setting::Off => None,
        }
    }
}

/// The code of a rule, such as `FL201`, or the beginning of several, such as `FL2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RuleCode(String);

impl RuleCode {
    /// Returns whether it is the rule's code or the beginning of it.
    pub fn covers(&self, rule: Rule) -> bool {
        rule.code().starts_with(&self.0)
    }

    /// Returns how many characters of a code it gives: of two that cover a rule, the one with more counts.
    pub fn specificity(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for RuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RuleCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for RuleCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let code = text.to_uppercase();
        let known = code.len() > 2 && Rule::ALL.iter().any(|rule| rule.code().starts_with(&code));
        let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        if known { Ok(RuleCode(code)) } else { Err(format!("there is no rule {text}; there are {}", codes.join(", "))) }
    }
}

macro_rules! parameter_names {
    ($($name:ident $part:literal;)*) => {$(
        #[doc = concat!("The name of a parameter of the part `", $part, "`, such as in `flong find --show-params`.")]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the name with its part.
            pub fn in_full(&self) -> String {
                format!("{}.{}", $part, self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                let name = $name(text.replace('-', "_"));
                Params::check_name(&name.in_full()).map(|()| name)
            }
        }
    )*};
}

parameter_names! {
    FingerprintsName "fingerprints";
    RewordingsName "rewordings";
    VerifyName "verify";
}

/// A glob of paths, relative to the folder of the `flong.toml`. `*` matches within one folder, `**` across folders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PathGlob(String);

impl PathGlob {
    /// Returns what matches paths by it.
    pub(super) fn matcher(&self) -> Result<GlobMatcher, String> {
        let glob = GlobBuilder::new(&self.0).literal_separator(true).build();
        glob.map(|glob| glob.compile_matcher()).map_err(|error| format!("`{}` is no glob: {}", self.0, error.kind()))
    }
}

impl TryFrom<String> for PathGlob {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let glob = PathGlob(text.strip_prefix("./").unwrap_or(&text).to_string());
        glob.matcher().map(|_| glob)
    }
}

/// Returns a number of bytes from a text. K, M, G or T is 1024 of the unit before.
///
/// ```
/// assert_eq!(flong::config::byte_size("2G"), Ok(2 << 30));
/// assert!(flong::config::byte_size("2 elephants").is_err());
/// ```
pub fn byte_size(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is no size; give a number of bytes, or one with K, M, G or T such as 512M");
    let plain = text.trim().to_ascii_uppercase();
    let plain = plain.trim_end_matches("IB").trim_end_matches('B');
    let (number, power) = match plain.char_indices().next_back() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => (&plain[..at], 1 + "KMGT".find(unit).ok_or_else(wrong)?),
        _ => (plain, 0),
    };
    let number: u64 = number.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(1 << (10 * power)).filter(|size| *size > 0).ok_or_else(wrong)
}
