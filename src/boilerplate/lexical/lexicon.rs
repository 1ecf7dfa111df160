//! The phrases that boilerplate is known by: those that flong knows, and those that people add.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::call_to_action::{Calls, Row};
use super::frame::Frames;
use super::marker::Markers;
use super::own::{OwnPhrases, Strength, Where};
use super::phrases::rows;

/// The phrases by which lexical boilerplate is found.
#[derive(Debug, Clone)]
pub struct Lexicon {
    pub(super) markers: Markers,
    pub(super) calls: Calls,
    pub(super) frames: Frames,
}

const MARKERS: &str = include_str!("../../data/inserted_links.tsv");
const CALLS: &str = include_str!("../../data/calls_to_action.tsv");
const FRAMES: &str = include_str!("../../data/frames.tsv");

impl Lexicon {
    /// Returns the phrases that flong knows, in many languages.
    pub fn known() -> &'static Lexicon {
        static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::with(&OwnPhrases::default()));
        &KNOWN
    }

    /// Returns the phrases that flong knows, and a user's phrases if there are any.
    pub fn of(own: &OwnPhrases) -> Cow<'static, Lexicon> {
        if own.is_empty() { Cow::Borrowed(Lexicon::known()) } else { Cow::Owned(Lexicon::with(own)) }
    }

    /// Returns the phrases that flong knows, and a user's phrases.
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
            let counted = row.get(3).copied() == Some("count");
            Some(Row { place, phrase, weak, counted })
        });
        let mine: Vec<(Where, String)> = own.calls.iter().map(|own| (own.place, own.text.folded())).collect();
        let calls = Calls::new(known.chain(mine.iter().map(|(place, phrase)| Row {
            place: *place,
            phrase,
            weak: false,
            counted: false,
        })));
        let known = rows(FRAMES).filter_map(|row| row.get(1).copied());
        let frames = Frames::new(known.chain(own.frames.iter().map(|own| &*own.template.0)));
        Lexicon { markers, calls, frames }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::boilerplate::{AsideKind, OwnCall, OwnFrame, OwnMarker, OwnText, Template, TitleIndex, lexical_with};
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
