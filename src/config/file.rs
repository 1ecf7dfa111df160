//! The keys of a `flong.toml`.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::values::{FieldNames, FingerprintsName, PathGlob, RewordingsName, RuleCode, Setting, VerifyName};
use crate::Grain;
use crate::boilerplate::{OwnCall, OwnFrame, OwnMarker};
use crate::check::Severity;
use crate::judge::{Drop, Keep};
use crate::params::Params;
use crate::read::{Fields, Names};
use crate::verify::Level;

/// The keys of a `flong.toml`. A key that is also an option of the command line has the option's name; where both are given,
/// the option counts. A key that is not given is `None` or empty.
///
/// `schema/flong.schema.json` describes the same keys to editors, and a test compares the two.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Field that holds the text of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_field: Option<FieldNames>,
    /// Field that holds the id of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_field: Option<FieldNames>,
    /// Field that holds the source of a record: its site or feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_field: Option<FieldNames>,
    /// Field that holds the date of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_field: Option<FieldNames>,
    /// Field that holds the title of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_field: Option<FieldNames>,
    /// Field that holds the address of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_field: Option<FieldNames>,
    /// Files that are not read: globs, relative to the folder of the `flong.toml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<PathGlob>>,
    /// Grains that are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<Vec<Grain>>,
    /// The loosest level of matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The policy by which a copy is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Keep>,
    /// The documents that may be dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop: Option<Drop>,
    /// The loosest level of duplicates that are removed rather than marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove: Option<Level>,
    /// Number of threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<NonZeroUsize>,
    /// Rules that are followed; all if the list is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<RuleCode>>,
    /// Rules that are not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Vec<RuleCode>>,
    /// Lowest severity that fails a check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// Ids of documents that a check does not report on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_items: Option<Vec<String>>,
    /// Rules that a check does not report in some files.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ignore_in: BTreeMap<PathGlob, Vec<RuleCode>>,
    /// Severity of each rule's findings. A key may be the beginning of several codes; the longest that fits a rule counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severity: BTreeMap<RuleCode, Setting>,
    /// Number of words in a shingle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shingle: Option<usize>,
    /// Whether boilerplate is set aside before texts are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<bool>,
    /// Parameters by which copies are proposed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "numbers")]
    pub fingerprints: BTreeMap<FingerprintsName, f64>,
    /// Parameters by which rewordings are proposed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "numbers")]
    pub rewordings: BTreeMap<RewordingsName, f64>,
    /// Thresholds by which a pair is judged.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "numbers")]
    pub verify: BTreeMap<VerifyName, f64>,
    /// Markers of inserted links, in addition to those that flong knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<OwnMarker>,
    /// Calls to action, in addition to those that flong knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<OwnCall>,
    /// Feed frames, in addition to those that flong knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<OwnFrame>,
}

impl Config {
    /// Returns these settings, completed by `other` where a key is not given.
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
            shingle: self.shingle.or(other.shingle),
            set_aside: self.set_aside.or(other.set_aside),
            fingerprints: merged(self.fingerprints, other.fingerprints),
            rewordings: merged(self.rewordings, other.rewordings),
            verify: merged(self.verify, other.verify),
            markers: if self.markers.is_empty() { other.markers } else { self.markers },
            calls: if self.calls.is_empty() { other.calls } else { self.calls },
            frames: if self.frames.is_empty() { other.frames } else { self.frames },
        }
    }

    /// Returns the settings that hold when nothing is given. Keys whose default is an empty table or depends on the machine
    /// are left out.
    pub fn defaults() -> Config {
        let (fields, params) = (Fields::default(), Params::default());
        let names = |names: &Names| Some(FieldNames::Several(names.iter().map(Into::into).collect()));
        Config {
            text_field: names(&fields.text),
            id_field: names(&fields.id),
            source_field: names(&fields.source),
            date_field: names(&fields.date),
            title_field: names(&fields.title),
            url_field: names(&fields.url),
            exclude: Some(Vec::new()),
            grain: Some(params.grains),
            level: Some(params.level),
            keep: Some(params.keep),
            drop: Some(params.drop),
            remove: Some(params.remove),
            only: Some(Vec::new()),
            ignore: Some(Vec::new()),
            fail_on: Some(Severity::Warning),
            ignore_items: Some(Vec::new()),
            ..Config::of_params(&Params::default())
        }
    }
}

/// Merges the values of two tables; those of the first count.
fn merged<K: Ord>(mut given: BTreeMap<K, f64>, other: BTreeMap<K, f64>) -> BTreeMap<K, f64> {
    for (name, value) in other {
        given.entry(name).or_insert(value);
    }
    given
}

/// Writes whole numbers without a fraction, as people do.
fn numbers<K: Serialize, S: Serializer>(values: &BTreeMap<K, f64>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(values.len()))?;
    for (name, value) in values {
        match *value as i64 {
            whole if whole as f64 == *value => map.serialize_entry(name, &whole)?,
            _ => map.serialize_entry(name, value)?,
        }
    }
    map.end()
}
