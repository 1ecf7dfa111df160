//! Documents as they are compared.

use super::texts::{Texts, Whole};
use crate::boilerplate::{Aside, Stuffed};
use crate::fingerprint::Keys;
use crate::verify::{Profile, Text};
use crate::{Ragged, Unit, UnitId};

/// Documents as they are compared: what is not body, and for each unit its profile and the keys by which it is found.
#[derive(Debug, Default)]
pub struct Profiled {
    /// All units, by document, then grain, then place.
    pub units: Vec<Unit>,
    /// The number of each unit's profile. A document of one paragraph has its profile in common with the paragraph.
    pub profile_of: Vec<u32>,
    /// The number of different stems of each profile.
    pub sizes: Vec<u32>,
    /// The number of fingerprints of each profile.
    pub key_counts: Vec<u32>,
    /// The fingerprints of each profile, by which copies and excerpts are found.
    pub fingerprints: Keys,
    /// By band, the keys of the profiles' signatures over telling words, 0 for none: by which rewordings are found.
    pub rewordings: Vec<Vec<u32>>,
    /// Titles, bodies and profiles.
    pub texts: Texts,
    /// The boilerplate of each document, in no particular order; pieces may overlap.
    pub asides: Ragged<Aside>,
    /// The phrases that are stuffed into each document.
    pub stuffed: Ragged<Stuffed>,
    /// The news agency that each document credits, if any: lists of at most one.
    pub agencies: Ragged<&'static str>,
}

impl Profiled {
    /// Returns the number of documents.
    pub fn documents(&self) -> usize {
        self.asides.len()
    }

    /// Returns a unit as [`verify`](crate::verify) takes it.
    pub fn text(&self, unit: UnitId) -> Text<'_> {
        let document = self.units[unit.index()].document.index();
        let profile = self.texts.profile(self.profile_of[unit.index()] as usize);
        self.text_of(unit, self.texts.whole(document), profile)
    }

    /// Returns a unit as [`verify`](crate::verify) takes it, from its document and its profile.
    pub(crate) fn text_of<'a>(&self, unit: UnitId, whole: Whole<'a>, profile: Profile<'a>) -> Text<'a> {
        let Whole { words, names, title, source } = whole;
        let Unit { document, words: (from, to), grain, .. } = self.units[unit.index()];
        let place = |word: u32| match word {
            0 => 0,
            _ if word as usize == words.len() => names.len(),
            _ => names.partition_point(|name| name.at < word),
        };
        Text {
            words: &words[from as usize..to as usize],
            names: &names[place(from)..place(to)],
            first: from,
            profile,
            title: if grain == crate::Grain::Document { title } else { &[] },
            document,
            grain,
            source,
        }
    }

    /// Gives memory back that is not used.
    pub(super) fn shrink(&mut self) {
        self.units.shrink_to_fit();
        self.profile_of.shrink_to_fit();
        self.sizes.shrink_to_fit();
        self.key_counts.shrink_to_fit();
        self.texts.shrink();
        self.asides.shrink_to_fit();
        self.stuffed.shrink_to_fit();
        self.agencies.shrink_to_fit();
    }

    /// Appends other documents, whose units have their numbers already, but for their bodies and profiles, which are returned.
    pub(crate) fn append(&mut self, mut more: Profiled) -> Texts {
        let first = self.sizes.len() as u32;
        self.units.append(&mut more.units);
        self.profile_of.extend(more.profile_of.iter().map(|profile| first + profile));
        self.sizes.append(&mut more.sizes);
        self.key_counts.append(&mut more.key_counts);
        self.fingerprints.append(more.fingerprints);
        self.rewordings.resize(self.rewordings.len().max(more.rewordings.len()), Vec::new());
        self.rewordings.iter_mut().zip(&mut more.rewordings).for_each(|(mine, more)| mine.append(more));
        self.asides.append(more.asides);
        self.stuffed.append(more.stuffed);
        self.agencies.append(more.agencies);
        more.texts
    }
}
