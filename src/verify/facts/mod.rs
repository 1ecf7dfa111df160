//! Facts: what tells one item of a series from the next.

mod lexicon;
mod read;

use lexicon::Lexicon;
use read::{Fact, read};

use serde::{Deserialize, Serialize};

use super::align::{Alignment, Gap};
use super::vocabulary::{Denial, Spoken, Vocabulary};
use crate::survey::Weight;
use crate::token::Word;

/// Facts at the same places of two aligned texts: numbers in digits, in words and in Roman numerals, days and months,
/// currencies and units, contraries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Facts that both state: numbers in digits, days and months, and what the one states in digits and the other in words.
    pub kept: u32,
    /// Places where the one states facts and the other states others instead.
    pub changed: u32,
    /// Changed facts that are contraries, or that only one text denies.
    pub contrary: u32,
    /// Places of a few words where the one states a number and the other says something else: *nil*, *closed*, *several*.
    pub unstated: u32,
    /// Whether one of the facts that change is among the first words of both texts, which say what a text is: the hour of a
    /// table, the number of an issue.
    pub opening: bool,
}

/// A text says what it is in this many words.
pub(super) const OPENING_WORDS: usize = 12;

/// Longest stretch that may be said in place of a number.
const UNSTATED_WORDS: usize = 4;

/// A fact that is kept must weigh so much to tell that the texts are one: the 19 of COVID-19 tells nothing.
pub(super) const TELLING: Weight = Weight(65_536 / 5);

/// Longest stretch of words that may be a substitution of one number word for another. Longer ones are other sentences,
/// in which number words say little: "two" and "first" are in most.
const SUBSTITUTED_WORDS: usize = 8;

/// Longest stretch in which a word that is often another word, or a unit, is taken for what it may state.
const CLOSE_WORDS: usize = 2;

/// The most comparisons of the facts of one gap: tables of numbers are counted without being compared.
const COMPARISONS: usize = 1 << 12;

/// Whether any of some words states a fact for certain: a number, or the name of a day or month.
pub fn state_facts(words: &[Word]) -> bool {
    let lexicon = Lexicon::known();
    words.iter().any(|&word| lexicon.states(word))
}

/// Whether a word is a code of two or three letters and digits, which names something: S3, h2, CO2.
pub(super) fn is_code(word: Word) -> bool {
    Lexicon::known().is_code(word)
}

/// Whether two aligned texts have words in each other's place of which one is the contrary of another, or only one of them
/// denies what it says. Such words state no fact by themselves.
pub(super) fn state_contraries(a: &[Word], b: &[Word], alignment: &Alignment) -> bool {
    let (known, spoken) = (Vocabulary::known(), Spoken::of(a));
    alignment.gaps.iter().any(|gap| {
        let (left, right) = (&a[gap.a.0 as usize..gap.a.1 as usize], &b[gap.b.0 as usize..gap.b.1 as usize]);
        let has = |words: &[Word]| words.iter().any(|&word| !known.sides(word).is_empty());
        left.len().max(right.len()) <= SUBSTITUTED_WORDS
            && (has(left) && has(right) || one_denies(left, right, &spoken))
    })
}

/// Whether only one of two short stretches denies what it says: they are the same but for the word that does, or it is one that
/// changes the words beside it.
fn one_denies(left: &[Word], right: &[Word], spoken: &Spoken) -> bool {
    if left.len().max(right.len()) > UNSTATED_WORDS {
        return false;
    }
    let denial = |word: Word| Vocabulary::known().denies(word, spoken);
    let denies = |words: &[Word]| words.iter().filter_map(|&word| denial(word)).max();
    let (more, less, denied) = match (denies(left), denies(right)) {
        (Some(denied), None) => (left, right, denied),
        (None, Some(denied)) => (right, left, denied),
        _ => return false,
    };
    let rest = |at: usize| more[..at].iter().chain(&more[at + 1..]).map(|word| word.stem());
    let same_but = |at: usize| denial(more[at]).is_some() && rest(at).eq(less.iter().map(|word| word.stem()));
    // A clause that one text leaves out may hold a denial.
    let in_clause = less.is_empty() && more.len() > CLOSE_WORDS;
    denied == Denial::Inflects && !in_clause || more.len() == less.len() + 1 && (0..more.len()).any(same_but)
}

/// Receives the facts of two aligned texts, as places in the words of each.
pub(super) trait Compared {
    /// Both state the fact that begins with these words.
    fn kept(&mut self, a: usize, b: usize);

    /// The first states what is in the one stretch, and the second other facts in the other.
    /// `contrary`: they are contraries, or only one of them denies what both say.
    fn changed(&mut self, a: (usize, usize), b: (usize, usize), contrary: bool);

    /// One of the two states a number in its stretch, and the other no fact in its own.
    fn unstated(&mut self, a: (usize, usize), b: (usize, usize));
}

impl Compared for Facts {
    fn kept(&mut self, _: usize, _: usize) {
        self.kept += 1;
    }

    fn changed(&mut self, a: (usize, usize), b: (usize, usize), contrary: bool) {
        self.changed += 1;
        self.contrary += u32::from(contrary);
        self.opening |= a.0.max(b.0) < OPENING_WORDS;
    }

    fn unstated(&mut self, _: (usize, usize), _: (usize, usize)) {
        self.unstated += 1;
    }
}

/// Counts the facts of two aligned texts. Of those that both state, only the `telling` count. In rewordings contraries say little:
/// "will not be relaxed" and "there will be no relaxing"; they count with `contraries` only.
pub(super) fn facts(
    a: &[Word],
    b: &[Word],
    alignment: &Alignment,
    telling: impl Fn(Word) -> bool,
    contraries: bool,
) -> Facts {
    let mut facts = Facts::default();
    compare_facts(a, b, alignment, telling, contraries, &mut facts);
    facts
}

/// Compares the facts of two aligned texts. Of those that both state, only the `telling` are told.
pub(super) fn compare_facts(
    a: &[Word],
    b: &[Word],
    alignment: &Alignment,
    telling: impl Fn(Word) -> bool,
    contraries: bool,
    found: &mut impl Compared,
) {
    let (lexicon, spoken) = (Lexicon::known(), Spoken::of(a));
    let tells = |word: Word| lexicon.tells(word) && telling(word);
    let (mut at, mut at_b) = (0, 0);
    // A sign before the number on one side and its unit after it on the other: "£5" and "5 dollars".
    let mut before: Option<(Gap, Vec<Fact>)> = None;
    for &gap in &alignment.gaps {
        let (left, right) = (&a[gap.a.0 as usize..gap.a.1 as usize], &b[gap.b.0 as usize..gap.b.1 as usize]);
        keep(&a[at..gap.a.0 as usize], (at, at_b), tells, found);
        (at, at_b) = (gap.a.1 as usize, gap.b.1 as usize);
        if contraries && one_denies(left, right, &spoken) {
            // "Nerver" is a mistake, and where a text is cut off, what is denied is cut off, too.
            let cut = gap.a.1 as usize == a.len() || gap.b.1 as usize == b.len();
            let span = |(from, to): (u32, u32)| (from as usize, to as usize);
            found.changed(span(gap.a), span(gap.b), left.len() != right.len() && !cut);
            before = None;
            continue;
        }
        if !left.is_empty() && !right.is_empty() {
            compare(lexicon, left, right, &telling, contraries, &mut Shifted { by: gap, found });
            before = None;
            continue;
        }
        let alone = if left.is_empty() { right } else { left };
        let units = if alone.len() <= CLOSE_WORDS { read::units(lexicon, alone) } else { Vec::new() };
        if let Some((last, others)) = before.take().filter(|(last, _)| last.is_opposite(&gap)) {
            let near = gap.a.0 - last.a.1 <= CLOSE_WORDS as u32 && !units.is_empty() && !others.is_empty();
            let differ = !units.iter().any(|unit| others.iter().any(|other| unit.is_same(other, true)));
            if are_turned(a, b, last, gap) || near && differ {
                let span = |from: (u32, u32), to: (u32, u32)| (from.0.min(to.0) as usize, from.1.max(to.1) as usize);
                found.changed(span(last.a, gap.a), span(last.b, gap.b), false);
            }
        }
        before = Some((gap, units));
    }
    keep(&a[at..], (at, at_b), tells, found);
}

/// Whether two gaps that are opposite have the same numbers, with others between them: "2:1" and "1:2".
fn are_turned(a: &[Word], b: &[Word], last: Gap, gap: Gap) -> bool {
    let alone = |gap: Gap| match gap.a.0 < gap.a.1 {
        true => &a[gap.a.0 as usize..gap.a.1 as usize],
        false => &b[gap.b.0 as usize..gap.b.1 as usize],
    };
    let (moved, between) = (alone(last), &a[last.a.1 as usize..gap.a.0 as usize]);
    let all = |words: &[Word]| !words.is_empty() && words.iter().all(|word| word.is_number());
    moved == alone(gap) && all(moved) && all(between) && between.len() <= CLOSE_WORDS && between != moved
}

/// Tells the facts of a stretch that both texts have, at these places.
fn keep(words: &[Word], (a, b): (usize, usize), tells: impl Fn(Word) -> bool, found: &mut impl Compared) {
    let kept = words.iter().enumerate().filter(|(_, word)| tells(**word));
    kept.for_each(|(n, _)| found.kept(a + n, b + n));
}

/// Receives the facts of a gap, and passes them on with their places in the texts.
struct Shifted<'f, F> {
    by: Gap,
    found: &'f mut F,
}

impl<F: Compared> Compared for Shifted<'_, F> {
    fn kept(&mut self, a: usize, b: usize) {
        self.found.kept(self.by.a.0 as usize + a, self.by.b.0 as usize + b);
    }

    fn changed(&mut self, a: (usize, usize), b: (usize, usize), contrary: bool) {
        let shift = |(from, to): (usize, usize), by: u32| (from + by as usize, to + by as usize);
        self.found.changed(shift(a, self.by.a.0), shift(b, self.by.b.0), contrary);
    }

    fn unstated(&mut self, a: (usize, usize), b: (usize, usize)) {
        let shift = |(from, to): (usize, usize), by: u32| (from + by as usize, to + by as usize);
        self.found.unstated(shift(a, self.by.a.0), shift(b, self.by.b.0));
    }
}

/// Compares the facts of two stretches that stand in each other's place.
fn compare(
    lexicon: &Lexicon,
    left: &[Word],
    right: &[Word],
    telling: impl Fn(Word) -> bool,
    contraries: bool,
    found: &mut impl Compared,
) {
    let length = left.len().max(right.len());
    let (words, close) = (length <= SUBSTITUTED_WORDS, length <= CLOSE_WORDS);
    let read = |stretch: &[Word]| {
        let mut facts = read(lexicon, stretch, words);
        facts.retain(|fact| contraries || !fact.is_contrary());
        facts
    };
    let (mut ours, mut theirs) = (read(left), read(right));
    let whole = ((0, left.len()), (0, right.len()));
    if ours.len() * theirs.len() > COMPARISONS {
        let certain = |facts: &[Fact]| facts.iter().filter(|fact| fact.is_certain()).count();
        (0..certain(&ours).min(certain(&theirs))).for_each(|_| found.changed(whole.0, whole.1, false));
        return;
    }
    // The same fact in another form, or at another place.
    ours.retain(|fact| match theirs.iter().position(|other| fact.is_same(other, close)) {
        Some(place) => {
            let other = theirs.remove(place);
            if fact.is_certain() && other.is_certain() && telling(left[fact.at]) {
                found.kept(fact.at, other.at);
            }
            false
        }
        None => true,
    });
    let alone =
        |facts: &[Fact], others: &[Fact]| others.iter().all(Fact::is_contrary) && facts.iter().any(Fact::is_in_digits);
    if length <= UNSTATED_WORDS && (alone(&ours, &theirs) || alone(&theirs, &ours)) {
        found.unstated(whole.0, whole.1);
    }
    for fact in &ours {
        if let Some(place) = theirs.iter().position(|other| fact.contradicts(other, close)) {
            let other = theirs.remove(place);
            found.changed((fact.at, fact.at + 1), (other.at, other.at + 1), fact.is_contrary());
        }
    }
    if words {
        let marks = marks(left, right) + u32::from(adds_digit(lexicon, left, right));
        (0..marks).for_each(|_| found.changed(whole.0, whole.1, false));
    }
}

/// Counts the words that one stretch has with a mark where the other has them without: C++ and C, O− and O.
fn marks(left: &[Word], right: &[Word]) -> u32 {
    let without = |marked: &[Word], plain: &[Word]| {
        let plain = |word: &&Word| plain.iter().any(|other| other.stem() == word.stem() && !other.is_marked());
        marked.iter().filter(|word| word.is_marked()).filter(plain).count() as u32
    };
    without(left, right) + without(right, left)
}

/// Whether one of two words is a code that has a sign more than the other, which is not a number: CO₂ and CO.
fn adds_digit(lexicon: &Lexicon, left: &[Word], right: &[Word]) -> bool {
    let ([left], [right]) = (left, right) else { return false };
    let adds = |code: Word, word: Word| {
        lexicon.is_code(code) && !lexicon.states(word) && code.length_class() == word.length_class() + 1
    };
    adds(*left, *right) || adds(*right, *left)
}

#[cfg(test)]
mod tests;
