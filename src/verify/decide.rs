//! Decides whether a candidate pair is a match, and of what kind.

use super::facts::{Facts, TELLING, common_and_facts};
use super::kind::{Kind, Level, Text, Verified};
use super::measure::{Measures, measure, weighted_containment, weighted_jaccard};
use super::thresholds::{Lines, Thresholds};
use super::titles::{Titles, other_numbers, titles};
use crate::Grain;

/// Whether two texts of masses `a` and `b` can be a match at all if they share so much (see
/// [`shared_mass`](super::shared_mass)). Most candidates end here, so it looks at nothing else.
pub fn plausible(a: f32, b: f32, shared: f32, level: Level, limits: &Thresholds) -> bool {
    let least = if level == Level::Reworded { limits.reworded_weight } else { limits.copy_weight };
    weighted_containment(a, b, shared) >= least - limits.title_credit
        || level == Level::Reworded && weighted_jaccard(a, b, shared) >= limits.statement_weight_within
}

/// Decides what a [`plausible`] pair is. `None`: no match.
pub fn verify(a: Text, b: Text, mass: f32, level: Level, limits: &Thresholds) -> Option<Verified> {
    if a.words.is_empty() || b.words.is_empty() {
        return None;
    }
    let measures = measure(a.profile, b.profile, mass);
    let least_mass = a.profile.mass.min(b.profile.mass);
    let equal = a.words == b.words;
    let lines = |titles| limits.lines(&measures, limits.shift(least_mass, titles), limits.statement(&a, &b), level);
    // Most pairs end here: no titles could make a match of them.
    if !equal && !lines(Titles::Agree).any() {
        return None;
    }
    // Of several longest alignments one is taken, so which text is which must not depend on the input's order.
    let rank = |text: &Text| (std::cmp::Reverse(text.words.len()), text.profile.whole);
    let (a, b) = if (rank(&a), a.title) <= (rank(&b), b.title) { (a, b) } else { (b, a) };
    let same_source = a.source.is_some() && a.source == b.source;
    // Titles of two sources can only help, so they are looked at where that is needed.
    let needed = same_source || !measures.is_copy(limits, limits.shift(least_mass, Titles::Nothing));
    let titles = if needed { titles(a, b, same_source, limits) } else { Titles::Nothing };
    if titles == Titles::Differ && measures.shared_mass < limits.same_source_mass {
        return None;
    }
    // A line of a word or two is in many texts.
    if a.grain != Grain::Document && mass < limits.statement_mass {
        return None;
    }
    if equal {
        let measures = Measures { jaccard: 1.0, containment: 1.0, ..measures };
        let kind = match titles {
            Titles::OtherFacts => Kind::Template,
            _ if a.profile.whole == b.profile.whole => Kind::Exact,
            _ if level == Level::Exact => return None,
            // The same body under another byline or in another frame.
            _ => Kind::Near,
        };
        return Some(Verified { kind, measures, aligned: 1.0, score: 1.0, facts: Facts::default(), statement: false });
    }
    let Lines { copy, cut, statement } = lines(titles);
    if !(copy || cut || statement) {
        return None;
    }
    let shift = limits.shift(least_mass, titles);
    let stated = a.profile.states_facts && b.profile.states_facts;
    let (common, facts) = common_and_facts(a.words, b.words, stated, |word| a.profile.weight(word.stem()) >= TELLING);
    let shorter = a.words.len().min(b.words.len()) as f32;
    let longer = a.words.len().max(b.words.len()) as f32;
    let aligned = common as f32 / shorter;
    let cut = cut && aligned >= limits.reworded_aligned + shift.weight.min(0.0);
    // The same text under a title with another word is the same text; one that differs too is another of the series.
    let series = titles == Titles::OtherName && measures.weighted_containment < SAME_TEXT;
    let kind = if series || other_facts(facts, titles, same_source, copy, other_numbers(a.title, b.title)) {
        Kind::Template
    } else if copy {
        // A text that says everything twice is longer, but says no more.
        let excerpt = shorter < limits.excerpt_length * longer && !measures.say_the_same();
        if excerpt { Kind::Excerpt } else { Kind::Near }
    } else if (cut || statement) && titles != Titles::Differ {
        Kind::Reworded
    } else {
        return None;
    };
    let score = if kind == Kind::Reworded { measures.weighted_jaccard } else { measures.weighted_containment };
    Some(Verified { kind, measures, aligned, score, facts, statement: kind == Kind::Reworded && !cut })
}

/// Whether two texts that are alike state other facts, so that they fill in one form. A correction changes one fact of
/// many. Between sources it takes more changed than kept, or several and half as many as kept; of texts that are not even
/// copies, as many. A source seldom runs the same item with other facts, so within it less will do.
fn other_facts(facts: Facts, titles: Titles, same_source: bool, copy: bool, numbers: bool) -> bool {
    let Facts { kept, changed } = facts;
    match titles {
        Titles::OtherFacts => true,
        // Two headlines that each name a number that the other has not, over texts that do so too.
        _ if numbers && changed > 0 && changed * 2 >= kept => true,
        _ if same_source => changed > 0 && changed * 2 >= kept || changed > 1 && changed * 3 >= kept,
        _ if !copy => changed > 0 && changed >= kept,
        _ => changed > 1 && changed > kept || changed > 2 && changed * 2 >= kept,
    }
}

/// Texts that share this much of the weight are one text.
const SAME_TEXT: f32 = 0.9;
