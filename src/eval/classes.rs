//! The meaning of a label: a copy, no copy, or neither.

use serde::Serialize;

/// The meaning of a label of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The two are copies.
    Copy,
    /// The two are no copies.
    Other,
    /// Copy or not is not asked: rewordings, and labels that leave both open. Counted apart.
    Apart,
}

/// Labels that say copy, in lower case.
const COPY: &[&str] = &[
    "s",
    "copy",
    "copies",
    "duplicate",
    "dup",
    "same",
    "exact",
    "near",
    "excerpt",
    "1",
    "true",
    "yes",
    "y",
    "d",
    "match",
];
/// Labels that say no copy, in lower case.
const OTHER: &[&str] = &[
    "e",
    "t",
    "u",
    "k",
    "other",
    "different",
    "distinct",
    "none",
    "template",
    "event",
    "same-event",
    "unrelated",
    "0",
    "false",
    "no",
    "n",
    "no-match",
];
/// Labels that are counted apart, in lower case.
const APART: &[&str] = &["r", "v", "reworded", "rewording", "paraphrase", "version", "unsure", "unknown", "?", "skip"];

/// The labels that mean copies, and those that are counted apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classes {
    copy: Vec<String>,
    apart: Vec<String>,
}

impl Classes {
    /// Returns the classes of labels in common use: `S`, `copy`, `duplicate`, `near`, `1`, `yes` and so on say copy;
    /// `E`, `T`, `U`, `other`, `template`, `none`, `0`, `no` say no copy; `R`, `reworded`, `unsure` are counted apart.
    pub fn known() -> Self {
        Classes::default()
    }

    /// Returns classes that name the labels of copies and those that are counted apart. All others say no copy.
    pub fn named(copy: Vec<String>, apart: Vec<String>) -> Self {
        Classes { copy, apart }
    }

    /// Returns the labels that are named.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.copy.iter().chain(&self.apart).map(String::as_str)
    }

    /// Returns what a label says; `None` if that is not known. Of a label such as `near|excerpt` all parts must say the
    /// same, or else the pair is counted apart.
    pub fn class(&self, label: &str) -> Option<Class> {
        if let Some(class) = self.class_of_part(label) {
            return Some(class);
        }
        let mut parts = label.split(['|', '/']).map(|part| self.class_of_part(part.trim()));
        let first = parts.next()??;
        parts.try_fold(first, |class, part| part.map(|part| if part == class { class } else { Class::Apart }))
    }

    fn class_of_part(&self, label: &str) -> Option<Class> {
        let among = |names: &[String]| names.iter().any(|name| name == label);
        let known = |names: &[&str]| names.contains(&label.to_lowercase().as_str());
        match () {
            () if among(&self.copy) => Some(Class::Copy),
            () if among(&self.apart) => Some(Class::Apart),
            () if !self.copy.is_empty() => Some(Class::Other),
            () if known(COPY) => Some(Class::Copy),
            () if known(OTHER) => Some(Class::Other),
            () if known(APART) => Some(Class::Apart),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_labels_are_known_and_others_must_be_named() {
        let known = Classes::known();
        let classes =
            ["S", "near", "near|excerpt", "None", "T", "R", "near|none", "K/R", "maybe"].map(|l| known.class(l));
        let (copy, other, apart) = (Some(Class::Copy), Some(Class::Other), Some(Class::Apart));
        assert_eq!(classes, [copy, copy, copy, other, other, apart, apart, apart, None]);
        let named = Classes::named(vec!["maybe".into()], vec!["S".into()]);
        assert_eq!(["maybe", "S", "near"].map(|label| named.class(label)), [copy, apart, other]);
        let apart_only = Classes::named(Vec::new(), vec!["T".into()]);
        assert_eq!(["T", "S", "maybe"].map(|label| apart_only.class(label)), [apart, copy, None]);
    }
}
