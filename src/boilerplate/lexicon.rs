//! The phrases that boilerplate is known by: those that flong knows, and those that people add.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::call_to_action::{Calls, Row};
use super::frame::{Frame, Frames};
use super::marker::Markers;
use super::phrases::rows;
use crate::token::words;

/// What texts are searched with for boilerplate that says what it is.
#[derive(Debug, Clone)]
pub struct Lexicon {
    pub(super) markers: Markers,
    pub(super) calls: Calls,
    pub(super) frames: Frames,
}

const MARKERS: &str = include_str!("../data/inserted_links.tsv");
const CALLS: &str = include_str!("../data/calls_to_action.tsv");
const FRAMES: &str = include_str!("../data/frames.tsv");

impl Lexicon {
    /// What flong knows, in many languages.
    pub fn known() -> &'static Lexicon {
        static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::with(&OwnPhrases::default()));
        &KNOWN
    }

    /// What flong knows, and phrases of one's own if there are any.
    pub fn of(own: &OwnPhrases) -> Cow<'static, Lexicon> {
        if own.is_empty() { Cow::Borrowed(Lexicon::known()) } else { Cow::Owned(Lexicon::with(own)) }
    }

    /// What flong knows, and phrases of one's own.
    pub fn with(own: &OwnPhrases) -> Lexicon {
        let known = rows(MARKERS).filter_map(|row| match row[..] {
            [language, strength, text] => Some((language, Strength::parse(strength)?, text)),
            _ => None,
        });
        let mine = own.markers.iter().map(|own| (own.language(), own.strength, &*own.text.0));
        let markers = Markers::new(known.chain(mine));
        let known = rows(CALLS).filter_map(|row| {
            let (&place, &phrase) = (row.get(1)?, row.get(2)?);
            let place = Where::parse(place)?;
            let weak = match (place, row.get(3).copied()) {
                (_, Some("weak")) => true,
                (Where::Whole, note) => note != Some("alone"),
                _ => false,
            };
            Some(Row { place, phrase, weak })
        });
        let mine: Vec<(Where, String)> = own.calls.iter().map(|own| (own.place, own.text.folded())).collect();
        let calls =
            Calls::new(known.chain(mine.iter().map(|(place, phrase)| Row { place: *place, phrase, weak: false })));
        let known = rows(FRAMES).filter_map(|row| row.get(1).copied());
        let frames = Frames::new(known.chain(own.frames.iter().map(|own| &*own.template.0)));
        Lexicon { markers, calls, frames }
    }
}

/// Phrases of one's own, beside those that flong knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnPhrases {
    /// What introduces a promoted headline (rule FL201).
    pub markers: Vec<OwnMarker>,
    /// Calls to action and page furniture (rule FL202).
    pub calls: Vec<OwnCall>,
    /// Sentences that a feed puts around its items (rule FL204).
    pub frames: Vec<OwnFrame>,
}

impl OwnPhrases {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.markers.is_empty() && self.calls.is_empty() && self.frames.is_empty()
    }
}

/// A marker of one's own: "From the same pen".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnMarker {
    /// Its words. Case does not matter.
    pub text: OwnText,
    /// What must stand with it.
    pub strength: Strength,
    /// ISO 639-1 code of its language: where nouns have capitals, one behind the marker shows no headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl OwnMarker {
    fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("*")
    }
}

/// A call to action of one's own: "Ring our news desk".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCall {
    /// Its words. Case does not matter; a colon at the end does.
    pub text: OwnText,
    /// Where it must stand.
    #[serde(rename = "where")]
    pub place: Where,
}

/// A frame of one's own: "{title} is a story of {site}".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnFrame {
    /// Fixed words around the slots `{title}` and `{site}`.
    pub template: Template,
}

/// What must stand with a marker for it to be one; each includes those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// It begins its line, alone or with a headline behind it.
    Line,
    /// A colon or dash behind it, or capitals among text that has none.
    Colon,
    /// A headline with a capital behind it, in running text too.
    Sure,
}

impl Strength {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "line" => Some(Strength::Line),
            "colon" => Some(Strength::Colon),
            "sure" => Some(Strength::Sure),
            _ => None,
        }
    }
}

/// Where a call to action must stand.
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
    fn parse(name: &str) -> Option<Self> {
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
pub struct OwnText(String);

impl TryFrom<String> for OwnText {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if words(&text).is_empty() { Err(format!("`{text}` holds no word to look for")) } else { Ok(OwnText(text)) }
    }
}

impl OwnText {
    /// As the table has its phrases: in lower case, with single spaces.
    fn folded(&self) -> String {
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
pub struct Template(String);

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::boilerplate::{AsideKind, TitleIndex, lexical_with};
    use crate::segment::cut;

    fn own() -> OwnPhrases {
        let text = |text: &str| OwnText::try_from(text.to_string()).unwrap();
        let template = Template::try_from("{title} is a story of {site}".to_string()).unwrap();
        OwnPhrases {
            markers: vec![OwnMarker { text: text("From the same Pen"), strength: Strength::Sure, language: None }],
            calls: vec![OwnCall { text: text("Ring our  News Desk"), place: Where::Tail }],
            frames: vec![OwnFrame { template }],
        }
    }

    #[test]
    fn own_phrases_are_found_beside_the_known() {
        let text = "Maize prices rose again. From the Same Pen: Millers Warn Of Shortage\n\
                    The union called for lower duties. Ring our news desk\n\
                    READ ALSO: Ferry Aground\nMaize Prices Rise For Third Week is a story of The Daily";
        let document = Document { title: Some("Maize Prices Rise For Third Week".into()), ..Document::new("x", text) };
        let found = |lexicon: &Lexicon| {
            let mut asides = lexical_with(&document, &cut(&document), &TitleIndex::default(), lexicon);
            asides.sort_by_key(|aside| aside.span);
            asides.iter().map(|aside| (aside.kind, aside.span.of(text))).collect::<Vec<_>>()
        };
        let known = (AsideKind::InsertedLink, "READ ALSO: Ferry Aground");
        let with_own = found(&Lexicon::with(&own()));
        let expected = [
            (AsideKind::InsertedLink, "From the Same Pen: Millers Warn Of Shortage"),
            (AsideKind::CallToAction, "Ring our news desk"),
            known,
            (AsideKind::Frame, "Maize Prices Rise For Third Week is a story of The Daily"),
        ];
        assert!(expected.iter().all(|piece| with_own.contains(piece)), "{with_own:?}");
        let without = found(Lexicon::known());
        assert!(without.contains(&known) && !without.contains(&expected[0]), "{without:?}");
        assert!(!without.contains(&expected[1]) && !without.contains(&expected[3]), "{without:?}");
    }

    #[test]
    fn what_cannot_be_found_is_refused() {
        for template in ["{title}", "Just words", "By {site}", "{site} has {title}", "{name} wrote {title}"] {
            assert!(Template::try_from(template.to_string()).is_err(), "{template}");
        }
        for template in ["Originally: {title}", "{title} on {site}", "First published with us on {site}"] {
            assert!(Template::try_from(template.to_string()).is_ok(), "{template}");
        }
        assert!(OwnText::try_from(" … ".to_string()).is_err());
    }
}
