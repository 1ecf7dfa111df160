//! Comparison of two texts.

use crate::pipeline::{Stopwatch, prepare};
use crate::segment::cut;
use crate::verify::{Facts, Kind, Measures, SharedPassage, decide, measure, plausible, shared_mass, shared_passages};
use crate::{Document, Grain, Params, UnitId};

/// The comparison of two texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The kind of the match; `None` if the texts do not match.
    pub kind: Option<Kind>,
    /// The confidence in the match, 0 to 1; 0 if there is none.
    pub score: f32,
    /// The measures on the words and shingles of the bodies.
    pub measures: Measures,
    /// The share of the shorter body's words that occur in the other in the same order; 0 if the texts do not match.
    pub aligned: f32,
    /// The facts that both texts state and those in which they differ; none if the texts do not match.
    pub facts: Facts,
    /// The passages of three or more words that both texts hold, in the order of both. Passages that changed places are
    /// not all among them.
    pub shared: Vec<SharedPassage>,
}

/// Compares two texts as `flong find` does when these two are the whole corpus: boilerplate is set aside, and words weigh
/// by how rare words of their length usually are.
///
/// ```
/// use flong::verify::Kind;
///
/// let wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
///             harbour master told reporters, and divers will inspect the hull before the vessel is towed to the yard.";
/// let reprint = format!("By Our Reporter, Aldermoor\n\n{wire} Ferries to the islands are expected to run again on Friday.");
/// let comparison = flong::compare(wire, &reprint);
/// assert_eq!(comparison.kind, Some(Kind::Near));
/// assert!(comparison.measures.containment > 0.9);
/// assert_eq!(comparison.shared[0].a.of(wire), wire.trim_end_matches('.'));
///
/// assert_eq!(flong::compare(wire, "Maize prices rose for the third week in a row.").kind, None);
/// ```
///
/// # Panics
/// If a text is longer than 4 GiB.
pub fn compare(a: &str, b: &str) -> Comparison {
    let params = Params { grains: vec![Grain::Document], ..Params::default() };
    let prepared = prepare(&[Document::new("a", a), Document::new("b", b)], &params, &mut Stopwatch::default());
    let (x, y) = (prepared.text(UnitId(0)), prepared.text(UnitId(1)));
    let mass = shared_mass(x.profile, y.profile);
    let can_match = plausible(x.profile.mass, y.profile.mass, mass, params.level, &params.thresholds);
    let decision = can_match.then(|| decide(x, y, mass, params.level, &params.thresholds).ok()).flatten();
    let verified = decision.map(|decision| decision.verified);
    let tokens = |text: &str| cut(&Document::new("", text)).tokens;
    Comparison {
        kind: verified.map(|verified| verified.kind),
        score: verified.map_or(0.0, |verified| verified.score),
        measures: verified.map_or_else(|| measure(x.profile, y.profile, mass), |verified| verified.measures),
        aligned: verified.map_or(0.0, |verified| verified.aligned),
        facts: decision.map_or_else(Facts::default, |decision| decision.facts),
        shared: shared_passages(&tokens(a), &tokens(b), params.shingle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 6] = [
        "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the harbour master \
         told reporters, and divers will inspect the hull before the vessel is towed to the yard.",
        "Die Fähre nach Aldermoor lief am Dienstagabend mit 140 Menschen an Bord auf Grund. Niemand wurde verletzt, sagte der \
         Hafenmeister, und Taucher werden den Rumpf untersuchen, bevor das Schiff in die Werft geschleppt wird.",
        "El transbordador a Aldermoor encalló el martes por la tarde con 140 personas a bordo. Nadie resultó herido, dijo el \
         capitán del puerto, y unos buzos inspeccionarán el casco antes de que el barco sea remolcado al astillero.",
        "Le ferry pour Aldermoor s'est échoué mardi soir avec 140 personnes à bord. Personne n'a été blessé, a déclaré le \
         capitaine du port, et des plongeurs inspecteront la coque avant que le navire soit remorqué au chantier naval.",
        "Паром в Олдермур сел на мель во вторник вечером, на борту находилось 140 человек. Никто не пострадал, сообщил \
         начальник порта журналистам, и водолазы осмотрят корпус, прежде чем судно отбуксируют на верфь.",
        "開往奧德摩爾的渡輪週二晚間載著一百四十人擱淺。港務長對記者說無人受傷，潛水員將先檢查船體，然後將船拖往造船廠修理。",
    ];

    #[test]
    fn copies_are_known_in_many_languages_and_other_texts_are_told_apart() {
        for (n, text) in TEXTS.iter().enumerate() {
            let same = compare(text, text);
            assert_eq!((same.kind, same.score, same.aligned), (Some(Kind::Exact), 1.0, 1.0), "{text}");
            assert_eq!(same.shared.len(), 1);
            let other = compare(text, TEXTS[(n + 1) % TEXTS.len()]);
            assert_eq!((other.kind, other.score, other.shared), (None, 0.0, Vec::new()), "{text}");
        }
    }

    #[test]
    fn the_order_of_the_texts_turns_the_passages_only() {
        let changed = TEXTS[0].replace("on Tuesday evening", "late on Tuesday").replace("Nobody was hurt, ", "");
        let (there, back) = (compare(TEXTS[0], &changed), compare(&changed, TEXTS[0]));
        assert_eq!(there.kind, Some(Kind::Near));
        assert_eq!(
            (there.kind, there.score, there.measures, there.facts),
            (back.kind, back.score, back.measures, back.facts)
        );
        for SharedPassage { a, b } in &there.shared {
            assert_eq!(a.of(TEXTS[0]).to_lowercase(), b.of(&changed).to_lowercase());
        }
        assert!(there.shared.len() >= 2, "{:?}", there.shared);
    }

    #[test]
    fn facts_make_a_template() {
        let form = |count: u32, day: &str| {
            format!(
                "Water levels on the Ald stood at {count} centimetres on {day} at noon, the river authority reports. Boats \
                 may pass the lower lock between 9 and 17, and skippers are asked to watch the lights at the weir."
            )
        };
        let comparison = compare(&form(131, "Monday"), &form(204, "Friday"));
        assert!(comparison.facts.changed >= 2, "{comparison:?}");
    }

    #[test]
    fn nothing_matches_nothing() {
        for (a, b) in [("", ""), ("", TEXTS[0]), (" \n", "..."), (TEXTS[0], "")] {
            let comparison = compare(a, b);
            assert_eq!((comparison.kind, comparison.shared.len()), (None, 0));
        }
    }
}
