//! Facts: what tells one item of a series from the next.

use std::sync::LazyLock;

use super::align::Alignment;
use crate::hash::HashedMap;
use crate::survey::Weight;
use crate::token::{Word, word};

/// Facts at the same places of two aligned texts: numbers, and names of days and months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Facts that both state.
    pub kept: u32,
    /// Places where the one states facts and the other states others instead.
    pub changed: u32,
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

/// A fact that is kept must weigh so much to tell that the texts are one: the 19 of COVID-19 tells nothing.
pub(super) const TELLING: Weight = Weight(65_536 / 5);

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
pub(super) fn facts(a: &[Word], b: &[Word], alignment: &Alignment, telling: impl Fn(Word) -> bool) -> Facts {
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
