//! What a `flong.toml` may hold, and how it is read.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;

use flong::boilerplate::{OwnCall, OwnFrame, OwnMarker};
use flong::check::Severity;
use flong::judge::{Drop, Keep, Rule};
use flong::read::Names;
use flong::verify::Level;
use flong::{Error, Grain, Result};
use globset::{Glob, GlobBuilder};
use serde::{Deserialize, Serialize};

/// The keys of a `flong.toml`. Those that are options too have the option's name, and the option takes their place.
///
/// `schema/flong.schema.json` says the same to editors; a test holds the two against each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_field: Option<FieldNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_field: Option<FieldNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_field: Option<FieldNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_field: Option<FieldNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_field: Option<FieldNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_field: Option<FieldNames>,
    /// Files that are not read, as globs from the folder of this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<PathGlob>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<Vec<Grain>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Keep>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop: Option<Drop>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<NonZeroUsize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<RuleCode>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Vec<RuleCode>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// Ids of documents of which a check tells nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_items: Option<Vec<String>>,
    /// Rules of which a check tells nothing in some files.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ignore_in: BTreeMap<PathGlob, Vec<RuleCode>>,
    /// How grave the findings of a rule are; the longest beginning of its code counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severity: BTreeMap<RuleCode, Setting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<OwnMarker>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<OwnCall>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<OwnFrame>,
}

/// One name of a field, or several in order of preference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected the name of a field, or a list of names")]
pub enum FieldNames {
    One(String),
    Several(Vec<String>),
}

impl FieldNames {
    pub fn names(&self) -> Names {
        match self {
            FieldNames::One(name) => Names::only(name),
            FieldNames::Several(names) => Names::of(names.iter().map(String::as_str)),
        }
    }
}

/// How grave findings are, or that the rule is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    Error,
    Warning,
    Note,
    Off,
}

impl Setting {
    pub fn severity(self) -> Option<Severity> {
        match self {
            Setting::Error => Some(Severity::Error),
            Setting::Warning => Some(Severity::Warning),
            Setting::Note => Some(Severity::Note),
            Setting::Off => None,
        }
    }
}

/// The code of a rule, or the beginning of some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RuleCode(String);

impl RuleCode {
    pub fn covers(&self, rule: Rule) -> bool {
        rule.code().starts_with(&self.0)
    }

    /// How much of a code it spells: more is more to the point.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl TryFrom<String> for RuleCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::str::FromStr for RuleCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let code = text.to_uppercase();
        let known = code.len() > 2 && Rule::ALL.iter().any(|rule| rule.code().starts_with(&code));
        let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        if known { Ok(RuleCode(code)) } else { Err(format!("there is no rule {text}; there are {}", codes.join(", "))) }
    }
}

/// A glob of paths from the folder of the file: `*` stays within a folder, `**` does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PathGlob(String);

impl PathGlob {
    pub fn glob(&self) -> Result<Glob, String> {
        let glob = GlobBuilder::new(&self.0).literal_separator(true).build();
        glob.map_err(|error| format!("`{}` is no glob: {}", self.0, error.kind()))
    }
}

impl TryFrom<String> for PathGlob {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let glob = PathGlob(text.strip_prefix("./").unwrap_or(&text).to_string());
        glob.glob().map(|_| glob)
    }
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<(Config, String)> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
        let config = Config::parse(&text).map_err(|reason| Error::Usage(format!("{}:{reason}", path.display())))?;
        Ok((config, text))
    }

    /// Parses the text of a file; the error begins with line and column.
    pub fn parse(text: &str) -> Result<Config, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = 1 + text[..start].matches('\n').count();
            let column = 1 + text[..start].rsplit('\n').next().unwrap_or_default().chars().count();
            let message = error.message();
            let meant = meant(message).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            format!("{line}:{column}: {message}{meant}")
        })
    }

    /// These settings, and the other's where they say nothing.
    pub fn over(self, other: Config) -> Config {
        Config {
            text_field: self.text_field.or(other.text_field),
            id_field: self.id_field.or(other.id_field),
            source_field: self.source_field.or(other.source_field),
            date_field: self.date_field.or(other.date_field),
            title_field: self.title_field.or(other.title_field),
            url_field: self.url_field.or(other.url_field),
            exclude: self.exclude.or(other.exclude),
            grain: self.grain.or(other.grain),
            level: self.level.or(other.level),
            keep: self.keep.or(other.keep),
            drop: self.drop.or(other.drop),
            remove: self.remove.or(other.remove),
            threads: self.threads.or(other.threads),
            only: self.only.or(other.only),
            ignore: self.ignore.or(other.ignore),
            fail_on: self.fail_on.or(other.fail_on),
            ignore_items: self.ignore_items.or(other.ignore_items),
            ignore_in: if self.ignore_in.is_empty() { other.ignore_in } else { self.ignore_in },
            severity: if self.severity.is_empty() { other.severity } else { self.severity },
            markers: if self.markers.is_empty() { other.markers } else { self.markers },
            calls: if self.calls.is_empty() { other.calls } else { self.calls },
            frames: if self.frames.is_empty() { other.frames } else { self.frames },
        }
    }
}

/// The name that was likely meant, of those that a message of serde's lists: "unknown field `leval`, expected one of
/// `grain`, `level`".
fn meant(message: &str) -> Option<&str> {
    let unknown = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let (given, rest) = unknown.split_once('`')?;
    let expected = rest.split('`').skip(1).step_by(2);
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&given.to_lowercase(), name);
    let best = expected.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) >= 0.5).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_place_and_suggestion() {
        let error = |text: &str| Config::parse(text).unwrap_err();
        let unknown = error("level = \"near\"\n\n  text_field = \"body\"\n");
        assert!(unknown.starts_with("3:3: unknown field `text_field`"), "{unknown}");
        assert!(unknown.ends_with("did you mean `text-field`?"), "{unknown}");
        let variant = error("level = \"neer\"");
        assert!(variant.starts_with("1:9: unknown variant `neer`") && variant.ends_with("`near`?"), "{variant}");
        let inner = error("[[markers]]\ntext = \"a\"\nstrenght = \"sure\"");
        assert!(inner.starts_with("3:1:") && inner.ends_with("`strength`?"), "{inner}");
        let far = error("colour = 1");
        assert!(!far.contains("did you mean"), "{far}");
        let rule = error("[severity]\nFL999 = \"off\"");
        assert!(rule.starts_with("2:1: there is no rule FL999"), "{rule}");
        let glob = error("exclude = [\"ok\", \"a[\"]");
        assert!(glob.starts_with("1:11:") && glob.contains("is no glob"), "{glob}");
        let frame = error("[[frames]]\ntemplate = \"no slot\"");
        assert!(frame.starts_with("2:12:") && frame.contains("is no frame"), "{frame}");
        let field = error("text-field = 3");
        assert!(field.contains("expected the name of a field"), "{field}");
        assert!(error("level = ").starts_with("1:"));
    }
}
