//! Phrases that people add to those that flong knows.

use serde::{Deserialize, Serialize};

use super::frame::Frame;
use crate::token::words;

/// Phrases of a user, besides those that flong knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnPhrases {
    /// Phrases that introduce a promoted headline (rule FL201).
    pub markers: Vec<OwnMarker>,
    /// Calls to action and page furniture (rule FL202).
    pub calls: Vec<OwnCall>,
    /// Sentences that a feed puts around its items (rule FL204).
    pub frames: Vec<OwnFrame>,
}

impl OwnPhrases {
    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.markers.is_empty() && self.calls.is_empty() && self.frames.is_empty()
    }
}

/// A marker of a user: "From the same pen".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnMarker {
    /// Its words. Case does not matter.
    pub text: OwnText,
    /// The evidence that it needs.
    pub strength: Strength,
    /// ISO 639-1 code of its language: where nouns have capitals, a capital after the marker does not show a headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl OwnMarker {
    pub(super) fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("*")
    }
}

/// A call to action of a user: "Ring our news desk".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCall {
    /// Its words. Case does not matter; a colon at the end does.
    pub text: OwnText,
    /// The place in which it must occur.
    #[serde(rename = "where")]
    pub place: Where,
}

/// A frame of a user: "{title} is a story of {site}".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnFrame {
    /// Fixed words around the slots `{title}` and `{site}`.
    pub template: Template,
}

/// The evidence that a marker needs. Each kind also accepts the evidence of the kinds before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// It begins its line, alone or with a headline after it.
    Line,
    /// As `Colon`. Authors head their references with it as well, so that on a line of its own it promotes only titles of
    /// other documents, unless it is in capitals.
    Refer,
    /// A colon or dash after it, or capitals in a text that is not in capitals.
    Colon,
    /// A headline with a capital after it, in running text too.
    Sure,
}

impl Strength {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "line" => Some(Strength::Line),
            "refer" => Some(Strength::Refer),
            "colon" => Some(Strength::Colon),
            "sure" => Some(Strength::Sure),
            _ => None,
        }
    }
}

/// The places in which a call to action must occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Where {
    /// A line that begins with it.
    Line,
    /// A short line that is it.
    Whole,
    /// The whole line, or the end of a paragraph.
    Tail,
}

impl Where {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "line" => Some(Where::Line),
            "whole" => Some(Where::Whole),
            "tail" => Some(Where::Tail),
            _ => None,
        }
    }
}

/// Words to look for, as they were written: at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnText(pub(super) String);

impl TryFrom<String> for OwnText {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if words(&text).is_empty() { Err(format!("`{text}` holds no word to look for")) } else { Ok(OwnText(text)) }
    }
}

impl OwnText {
    /// Returns the words as the table has its phrases: in lower case, with single spaces.
    pub(super) fn folded(&self) -> String {
        self.0.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    }
}

impl From<OwnText> for String {
    fn from(text: OwnText) -> String {
        text.0
    }
}

/// A frame's fixed words and slots, in an order that can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template(pub(super) String);

impl TryFrom<String> for Template {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match Frame::parse(&text) {
            Some(_) => Ok(Template(text)),
            None => Err(format!(
                "`{text}` is no frame that can be found: it needs {{title}} with fixed words before it, or {{title}}, fixed \
                 words and {{site}}, or three fixed words and {{site}}; a line without slots is a call to action"
            )),
        }
    }
}

impl From<Template> for String {
    fn from(template: Template) -> String {
        template.0
    }
}
