//! Finds which of two texts that match is likely the source of the other.

use serde::{Deserialize, Serialize};

use crate::date::{Precision, When};
use crate::verify::Kind;

/// One of the two texts of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// Returns its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Side::A => "a",
            Side::B => "b",
        }
    }
}

/// Evidence that a text is the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clue {
    /// The other text credits an agency, and this one comes from it.
    Credit,
    /// It was published earlier.
    Date,
    /// The other text is an excerpt of it.
    Containment,
}

impl Clue {
    /// Returns its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Clue::Credit => "credit",
            Clue::Date => "date",
            Clue::Containment => "containment",
        }
    }
}

/// The text that is likely the source of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelySource {
    /// The text.
    pub text: Side,
    /// The evidence for it.
    pub by: Clue,
}

/// The properties of a text that show where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origins<'a> {
    /// Its site or feed.
    pub source: Option<&'a str>,
    /// The news agency that it credits.
    pub agency: Option<&'a str>,
    /// When it was published.
    pub published: Option<When>,
    /// Its words.
    pub words: u32,
}

/// Returns which of two texts is likely the source of the other: the one from the agency that the other credits; else the
/// one that was published earlier; else, of an excerpt, the longer one. `None` if nothing shows it.
pub fn likely_source(kind: Kind, a: Origins, b: Origins) -> Option<LikelySource> {
    let first = |is_a: bool| if is_a { Side::A } else { Side::B };
    let by_credit = match (comes_from(&a, b.agency), comes_from(&b, a.agency)) {
        (true, false) => Some(Side::A),
        (false, true) => Some(Side::B),
        _ => None,
    };
    let by_date = || is_earlier(a.published?, b.published?).map(first);
    let by_length = || (kind == Kind::Excerpt && a.words != b.words).then(|| first(a.words > b.words));
    let clue = |by| move |text| LikelySource { text, by };
    by_credit
        .map(clue(Clue::Credit))
        .or_else(|| by_date().map(clue(Clue::Date)))
        .or_else(|| by_length().map(clue(Clue::Containment)))
}

/// Returns whether a text comes from an agency: the name of its source has the agency's name in it.
fn comes_from(text: &Origins, agency: Option<&str>) -> bool {
    let (Some(source), Some(agency)) = (text.source, agency) else { return false };
    let letters =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (source, agency) = (source.to_lowercase(), letters(agency));
    source.split(|c: char| !c.is_alphanumeric()).any(|part| part == agency) || letters(&source) == agency
}

/// Returns whether the first time is before the second; `None` if they are too imprecise to say.
fn is_earlier(a: When, b: When) -> Option<bool> {
    let is_same_day = a.day() == b.day();
    let is_exact = a.precision() == Precision::Time && b.precision() == Precision::Time;
    let is_daily = a.precision() >= Precision::Day && b.precision() >= Precision::Day;
    (a != b && is_daily && (is_exact || !is_same_day)).then_some(a < b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::read;

    fn text(source: Option<&'static str>, agency: Option<&'static str>, date: &str, words: u32) -> Origins<'static> {
        Origins { source, agency, published: read(date).and_then(|reading| reading.when(None)), words }
    }

    #[test]
    fn credits_weigh_more_than_dates_and_dates_more_than_length() {
        let wire = text(Some("www.reuters.com"), None, "2026-03-04", 90);
        let daily = text(Some("daily.example"), Some("Reuters"), "2026-03-03", 100);
        let told = |a, b| likely_source(Kind::Excerpt, a, b).map(|source| (source.text, source.by));
        assert_eq!(told(wire, daily), Some((Side::A, Clue::Credit)));
        assert_eq!(told(daily, wire), Some((Side::B, Clue::Credit)));
        assert_eq!(told(wire, text(None, None, "2026-03-03", 10)), Some((Side::B, Clue::Date)));
        assert_eq!(told(wire, text(None, None, "", 10)), Some((Side::A, Clue::Containment)));
        assert_eq!(likely_source(Kind::Near, wire, text(None, None, "", 10)), None);
    }

    #[test]
    fn a_day_does_not_settle_what_happened_on_it() {
        let told = |a, b| likely_source(Kind::Near, text(None, None, a, 1), text(None, None, b, 1)).map(|s| s.text);
        assert_eq!(told("2026-03-03", "2026-03-03T18:05:00Z"), None);
        assert_eq!(told("2026-03-03", "2026-03-04T18:05:00Z"), Some(Side::A));
        assert_eq!(told("2026-03-03T18:05:00Z", "2026-03-03T18:04:00Z"), Some(Side::B));
        assert_eq!(told("2026", "2027-01-01"), None);
    }

    #[test]
    fn agencies_are_known_by_their_whole_names() {
        let ap = text(Some("ap.example"), None, "", 1);
        assert!(comes_from(&ap, Some("AP")) && !comes_from(&text(Some("apple.example"), None, "", 1), Some("AP")));
        assert!(comes_from(&text(Some("Agence France-Presse"), None, "", 1), Some("Agence France-Presse")));
    }
}
