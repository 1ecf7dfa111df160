//! The kind of a match: where the lines are drawn.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::align::{Alignment, align, common};
use super::measure::{Measures, Profile, measure, weighted_containment, weighted_jaccard};
use crate::Grain;
use crate::hash::HashedMap;
use crate::survey::Weight;
use crate::token::{Word, word};

/// What a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The same words.
    Exact,
    /// The same text with small changes, another lead or a cut.
    Near,
    /// One text stands within the other.
    Excerpt,
    /// The same statements in other words.
    Reworded,
    /// The same frame with other facts: no duplicate, however alike.
    Template,
}

impl Kind {
    /// Its name in options and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Near => "near",
            Kind::Excerpt => "excerpt",
            Kind::Reworded => "reworded",
            Kind::Template => "template",
        }
    }
}

/// How far a match may be from a copy; each level includes those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Equal words only.
    Exact,
    /// Copies: near duplicates and excerpts.
    Near,
    /// Rewordings too.
    Reworded,
}

/// Where verification draws its lines. Shares lie in 0 to 1, masses are counted in rare words: a word's weight is
/// its inverse document frequency as a share of what the rarest word has.
///
/// The less the smaller of two texts says, the more of it must be shared: each line rises by its part of `short_rise`
/// while the smaller mass falls from `full_mass` to `short_mass`. Where the titles of two sources agree, that is evidence
/// too, and the lines for weight, shingles and order fall by `title_credit`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Copies share at least this much of the weight of the words of the text that says less …
    pub copy_weight: f32,
    /// … and this much of its shingles …
    pub copy_shingles: f32,
    /// … and words that together weigh this much …
    pub copy_mass: f32,
    /// … and so many shingles that are no stock phrases, so that a name and a title of office are not enough.
    pub copy_least_shingles: u32,
    /// From this mass on a text is as good as any.
    pub full_mass: f32,
    /// At this mass and below, a text is short.
    pub short_mass: f32,
    /// How much more of the weight, and half as much again of the shingles, of a short text must be shared.
    pub short_rise: f32,
    /// How much less need be shared where the titles of two sources agree.
    pub title_credit: f32,
    /// Two items of one source whose titles share less than this much of the shorter, in order, are different items …
    pub same_source_title: f32,
    /// … unless the words they share weigh this much.
    pub same_source_mass: f32,
    /// A copy of less than this share of the other's words is an excerpt of it.
    pub excerpt_length: f32,
    /// Rewordings of cut texts share at least this much of the weight of the words of the text that says less …
    pub reworded_weight: f32,
    /// … of its shingles …
    pub reworded_shingles: f32,
    /// … and of its words in order.
    pub reworded_aligned: f32,
    /// Rewordings of whole statements share at least this much of all the weight of both …
    pub statement_weight: f32,
    /// … or this much if they stand in one document, where few others could be meant …
    pub statement_weight_within: f32,
    /// … or this much if one of them is cut off, so that it is not known to be whole …
    pub statement_weight_cut: f32,
    /// … and so much more of the weight than of the shingles of the text that says less, so that it is no quotation …
    pub statement_beyond_quotes: f32,
    /// … and words that together weigh this much …
    pub statement_mass: f32,
    /// … and score at least this share of the best match of one of the two.
    pub statement_best: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            copy_weight: 0.72,
            copy_shingles: 0.45,
            copy_mass: 4.0,
            copy_least_shingles: 8,
            full_mass: 12.0,
            short_mass: 6.0,
            short_rise: 0.13,
            title_credit: 0.12,
            same_source_title: 0.5,
            same_source_mass: 6.0,
            excerpt_length: 0.6,
            reworded_weight: 0.6,
            reworded_shingles: 0.3,
            reworded_aligned: 0.5,
            statement_weight: 0.28,
            statement_weight_within: 0.23,
            statement_weight_cut: 0.36,
            statement_beyond_quotes: 0.1,
            statement_mass: 1.5,
            statement_best: 0.9,
        }
    }
}

impl Thresholds {
    /// What a rewording that rests on its words must share of all the weight.
    fn statement(&self, a: &Text, b: &Text) -> f32 {
        match (a.document == b.document, a.profile.cut_off || b.profile.cut_off) {
            (true, _) => self.statement_weight_within,
            (false, true) => self.statement_weight_cut,
            (false, false) => self.statement_weight,
        }
    }

    /// How far the lines for weight and for shingles move for a pair: up for a short text, down where titles agree.
    fn shift(&self, least_mass: f32, titles: Titles) -> Shift {
        let short = ((self.full_mass - least_mass) / (self.full_mass - self.short_mass)).clamp(0.0, 1.0);
        let credit = if titles == Titles::Agree { self.title_credit } else { 0.0 };
        let rise = short * self.short_rise;
        Shift { weight: rise - credit, shingles: rise * 1.5 - credit }
    }

    /// Which lines a pair is beyond that are `shift`ed so, with the line for `statement`s.
    fn lines(&self, measures: &Measures, shift: Shift, statement: f32, level: Level) -> Lines {
        let reworded = level == Level::Reworded && measures.shared_mass >= self.statement_mass;
        let cut = measures.shared_mass >= self.copy_mass
            && measures.shared_shingles >= self.copy_least_shingles
            && measures.weighted_containment >= self.reworded_weight + shift.weight
            && measures.containment >= self.reworded_shingles + shift.shingles;
        // Where nearly all that is shared is shared word for word, it is a passage that both quote and no rewording.
        let quoted = measures.weighted_containment < measures.containment + self.statement_beyond_quotes;
        Lines {
            copy: level != Level::Exact && measures.is_copy(self, shift),
            cut: reworded && cut,
            statement: reworded && measures.weighted_jaccard >= statement && !quoted,
        }
    }
}

/// How far the lines for weight and for shingles move for a pair.
#[derive(Debug, Clone, Copy)]
struct Shift {
    weight: f32,
    shingles: f32,
}

/// Which lines a pair is beyond.
#[derive(Debug, Clone, Copy)]
struct Lines {
    copy: bool,
    cut: bool,
    statement: bool,
}

impl Lines {
    fn any(self) -> bool {
        self.copy || self.cut || self.statement
    }
}

impl Measures {
    /// Whether they are those of copies.
    fn is_copy(&self, limits: &Thresholds, shift: Shift) -> bool {
        self.shared_mass >= limits.copy_mass
            && self.shared_shingles >= limits.copy_least_shingles
            && self.weighted_containment >= limits.copy_weight + shift.weight
            && self.containment >= limits.copy_shingles + shift.shingles
    }
}

/// A text to compare: its words in order and its profile.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Body words in order.
    pub words: &'a [Word],
    /// The sets.
    pub profile: &'a Profile,
    /// The words of the document's title; empty if it has none, and for pieces of documents.
    pub title: &'a [Word],
    /// Which document it is or is a piece of.
    pub document: u32,
    /// Its size.
    pub grain: Grain,
    /// The document's source, as a hash; `None` if it is not known.
    pub source: Option<u64>,
}

/// What verification found out about a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verified {
    /// What the match is.
    pub kind: Kind,
    /// The measures on the sets.
    pub measures: Measures,
    /// The share of the shorter text's words that stand in the other in the same order.
    pub aligned: f32,
    /// How sure: what decided, 0 to 1.
    pub score: f32,
    /// What the two texts tell of themselves.
    pub facts: Facts,
    /// Whether a rewording rests on its words alone, so that it must be the best that either text has.
    pub statement: bool,
}

/// A match of two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Index of the unit that ranks first of the two.
    pub a: u32,
    /// Index of the other.
    pub b: u32,
    /// What verification found.
    pub verified: Verified,
    /// Index of the cluster that holds both, the one as its representative; none if they match across clusters.
    pub cluster: Option<u32>,
}

/// Facts at the same places of two aligned texts: numbers, and names of days and months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Facts that both state.
    pub kept: u32,
    /// Places where the one states facts and the other states others instead.
    pub changed: u32,
}

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
        if shorter < limits.excerpt_length * longer { Kind::Excerpt } else { Kind::Near }
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

/// Whether each of two titles names a number that the other does not.
fn other_numbers(a: &[Word], b: &[Word]) -> bool {
    let alone = |a: &[Word], b: &[Word]| a.iter().any(|word| word.is_number() && !b.contains(word));
    alone(a, b) && alone(b, a)
}

/// What the titles of two items say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Titles {
    /// Nothing: one is missing, or they are neither alike nor tell the items apart.
    Nothing,
    /// That two sources tell the same.
    Agree,
    /// That the items are of one series of one source: the same words with other facts.
    OtherFacts,
    /// That they may be, with another name.
    OtherName,
    /// That the items of one source are about different things.
    Differ,
}

/// Texts that share this much of the weight are one text.
const SAME_TEXT: f32 = 0.9;

/// Titles of one series share this much of the shorter, in order.
const SERIES: f32 = 0.7;

/// Two titles agree if they share this much of the shorter, in order …
const TITLES_AGREE: f32 = 0.8;
/// … and it has at least this many words.
const TITLE_WORDS: usize = 5;

/// A source that runs an item twice hardly changes its title; one that fills in a form changes little else. Sources that
/// run one agency's item often keep its title, so that agreement between them is evidence.
fn titles(a: Text, b: Text, same_source: bool, limits: &Thresholds) -> Titles {
    if a.title.is_empty() || b.title.is_empty() {
        return Titles::Nothing;
    }
    let shorter = a.title.len().min(b.title.len());
    if a.title == b.title {
        return if shorter >= TITLE_WORDS && !same_source { Titles::Agree } else { Titles::Nothing };
    }
    let alignment = align(a.title, b.title);
    let common = alignment.common as f32 / shorter as f32;
    let changed = facts(a.title, b.title, &alignment, |_| true).changed > 0;
    // "Aries: your day" and "Libra: your day": a word in the place of another names another item of the series.
    let replaced = alignment.gaps.iter().any(|gap| gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1);
    match same_source {
        true if changed && common >= limits.same_source_title => Titles::OtherFacts,
        true if replaced && common >= SERIES => Titles::OtherName,
        true if common < limits.same_source_title => Titles::Differ,
        false if common >= TITLES_AGREE && shorter >= TITLE_WORDS && !changed => Titles::Agree,
        _ => Titles::Nothing,
    }
}

/// Names of days and months in many languages.
struct Calendar {
    names: HashedMap<u64, ()>,
    /// A bit for each value of 16 bits of the names' hashes: nearly every word that is no name fails here.
    bits: Box<[u64; 1024]>,
}

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let lines = include_str!("../data/months.tsv").lines().filter(|line| !line.starts_with('#'));
    let words = lines.filter_map(|line| word(line.rsplit_once('\t')?.1));
    let mut calendar = Calendar { names: HashedMap::default(), bits: Box::new([0; 1024]) };
    for word in words {
        calendar.names.insert(word.0, ());
        calendar.bits[(word.0 >> 22) as usize & 1023] |= 1 << (word.0 >> 16 & 63);
    }
    calendar
});

fn is_fact(calendar: &Calendar, word: Word) -> bool {
    let marked = calendar.bits[(word.0 >> 22) as usize & 1023] >> (word.0 >> 16 & 63) & 1 == 1;
    word.is_number() || marked && calendar.names.contains_key(&word.0)
}

/// How many words two texts have in common in order, and how their facts compare. Where one of them states none
/// (`stated` is false), the number is all there is to know, and it is cheaper than the alignment.
fn common_and_facts(a: &[Word], b: &[Word], stated: bool, telling: impl Fn(Word) -> bool) -> (usize, Facts) {
    if !stated {
        return (common(a, b), Facts::default());
    }
    let alignment = align(a, b);
    (alignment.common, facts(a, b, &alignment, telling))
}

/// A fact that is kept must weigh so much to tell that the texts are one: the 19 of COVID-19 tells nothing.
const TELLING: Weight = Weight(65_536 / 5);

/// Whether any of some words states a fact: a number, or the name of a day or month.
pub fn state_facts(words: &[Word]) -> bool {
    let calendar = &*CALENDAR;
    words.iter().any(|&word| is_fact(calendar, word))
}

/// How many of some words state facts.
fn count_facts(words: &[Word]) -> u32 {
    let calendar = &*CALENDAR;
    words.iter().filter(|&&word| is_fact(calendar, word)).count() as u32
}

/// Compares the facts of two aligned texts. Of those that both state, only the `telling` count.
fn facts(a: &[Word], b: &[Word], alignment: &Alignment, telling: impl Fn(Word) -> bool) -> Facts {
    let calendar = &*CALENDAR;
    let kept_in =
        |words: &[Word]| words.iter().filter(|&&word| is_fact(calendar, word) && telling(word)).count() as u32;
    let (mut kept, mut changed, mut at) = (0, 0, 0);
    for gap in &alignment.gaps {
        let (left, right) = (&a[gap.a.0 as usize..gap.a.1 as usize], &b[gap.b.0 as usize..gap.b.1 as usize]);
        kept += kept_in(&a[at..gap.a.0 as usize]);
        changed += count_facts(left).min(count_facts(right));
        at = gap.a.1 as usize;
    }
    Facts { kept: kept + kept_in(&a[at..]), changed }
}
