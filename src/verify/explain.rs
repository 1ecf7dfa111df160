//! Explains a pair: everything that was measured, the thresholds, and what decided.

use super::accents::unaccented;
use super::align::{Alignment, Gap, align};
use super::criteria::{Circumstances, Criterion, Way};
use super::decide::{decide, is_longer, plausible};
use super::facts::{Compared, TELLING, compare_facts, state_contraries};
use super::kind::{Decision, Evidence, Level, Refusal, Text};
use super::measure::{Measures, measure, shared_mass};
use super::shared_text::{clauses, unexplained};
use super::substitutions::{Substituted, substituted};
use super::thresholds::{Thresholds, may_be_statements};
use super::titles::{USUAL_SUPPORT, titles};
use crate::token::Word;

/// Everything that is known of a pair of texts, whether or not they match.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The kind of the pair, or the reason why it is no match.
    pub decision: Result<Decision, Refusal>,
    /// The measures on the sets of words and shingles.
    pub measures: Measures,
    /// The evidence from word order and titles.
    pub evidence: Evidence,
    /// The thresholds of each way in which the texts could match, with what was measured. There is no [`Way::Statement`] for
    /// texts of two documents of which one is cut off.
    pub ways: Vec<(Way, Vec<Criterion>)>,
    /// The alignment of the words of the first text with those of the second.
    pub alignment: Alignment,
    /// Numbers and dates that both texts state: the places of the words, first and second text.
    pub facts_kept: Vec<(u32, u32)>,
    /// Places where the texts state other numbers or dates.
    pub facts_changed: Vec<Gap>,
    /// Places where each text has a name that the other has nowhere.
    pub names_changed: Vec<Gap>,
    /// Places where the texts substitute words that their titles substitute too.
    pub titles_changed: Vec<Gap>,
}

/// Facts by their places.
#[derive(Default)]
struct Places {
    kept: Vec<(u32, u32)>,
    changed: Vec<Gap>,
    unstated: Vec<Gap>,
}

impl Compared for Places {
    fn kept(&mut self, a: usize, b: usize) {
        self.kept.push((a as u32, b as u32));
    }

    fn changed(&mut self, a: (usize, usize), b: (usize, usize), _: bool) {
        let gap = |(from, to): (usize, usize)| (from as u32, to as u32);
        self.changed.push(Gap { a: gap(a), b: gap(b) });
    }

    fn unstated(&mut self, a: (usize, usize), b: (usize, usize)) {
        let gap = |(from, to): (usize, usize)| (from as u32, to as u32);
        self.unstated.push(Gap { a: gap(a), b: gap(b) });
    }
}

/// Explains what two texts are to each other by these thresholds. It measures all that [`decide`] may leave out.
pub fn explain(a: Text, b: Text, level: Level, limits: &Thresholds) -> Explanation {
    unaccented(a, b, |a, b| match is_longer(&a, &b) {
        true => explain_ordered(a, b, level, limits),
        false => explain_ordered(b, a, level, limits).turned(),
    })
}

fn explain_ordered(longer: Text, shorter: Text, level: Level, limits: &Thresholds) -> Explanation {
    let mass = shared_mass(longer.profile, shorter.profile);
    let measures = measure(longer.profile, shorter.profile, mass);
    let can_match = plausible(longer.profile.mass, shorter.profile.mass, mass, level, limits);
    let decision = if can_match { decide(longer, shorter, mass, level, limits) } else { Err(Refusal::TooLittle) };
    let same_document = longer.document == shorter.document;
    let same_source = same_document || longer.source == shorter.source;
    let alignment = align(longer.words, shorter.words);
    let words = shorter.words.len();
    let evidence = decision.map(|decision| decision.verified.evidence).unwrap_or_else(|_| {
        let support = titles(longer, shorter, same_source, limits).support;
        let counted = if same_source { support.min(USUAL_SUPPORT) } else { support };
        let clauses = clauses(&alignment, words);
        let total = limits.evidence(&measures, clauses, counted);
        Evidence { unexplained: unexplained(&shorter, &longer), clauses, titles: support, total }
    });
    let titled = !longer.title.is_empty() && !shorter.title.is_empty();
    let circumstances = Circumstances { shorter_words: words as u32, same_source, same_document, titled };
    let statement = may_be_statements(&longer, &shorter).then_some(Way::Statement);
    let ways = [Way::Copy, Way::Clauses].into_iter().chain(statement);
    let ways = ways.map(|way| (way, limits.criteria(way, &measures, &evidence, circumstances))).collect();
    let mut facts = Places::default();
    let telling = |word: Word| longer.profile.weight(word.stem()) >= TELLING;
    let contraries = state_contraries(longer.words, shorter.words, &alignment);
    if longer.profile.states_facts || shorter.profile.states_facts || contraries {
        let copy = limits.explains(evidence.unexplained, words) && evidence.total >= limits.copy_evidence;
        compare_facts(longer.words, shorter.words, &alignment, telling, copy, &mut facts);
    }
    // Between sources, a number that is left out is no change.
    facts.changed.extend(facts.unstated.into_iter().filter(|_| same_source));
    let places: Vec<Substituted> = substituted(&longer, &shorter, &alignment, same_source).collect();
    let gaps = |is: fn(&Substituted) -> bool| places.iter().filter(|place| is(place)).map(|place| place.gap).collect();
    Explanation {
        decision,
        measures,
        evidence,
        ways,
        names_changed: gaps(|place| place.named),
        titles_changed: gaps(|place| place.titled),
        alignment,
        facts_kept: facts.kept,
        facts_changed: facts.changed,
    }
}

impl Explanation {
    /// Exchanges the two texts.
    fn turned(mut self) -> Self {
        let gaps =
            [&mut self.alignment.gaps, &mut self.facts_changed, &mut self.names_changed, &mut self.titles_changed];
        gaps.into_iter().flatten().for_each(|gap| (gap.a, gap.b) = (gap.b, gap.a));
        self.facts_kept.iter_mut().for_each(|(a, b)| std::mem::swap(a, b));
        self
    }
}
