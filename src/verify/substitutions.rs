//! Substitutions: what two aligned texts name in each other's place. They tell items of a series from copies.

use serde::{Deserialize, Serialize};

use super::align::{Alignment, Gap};
use super::facts::is_code;
use super::kind::Text;
use super::measure::usual_words;
use super::names::Name;
use super::titles::are_of_one_form;
use super::vocabulary::{Spoken, Vocabulary};
use crate::survey::Weight;
use crate::token::Word;

/// Counts of words and names that two aligned texts substitute for each other, and of names that both have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitutions {
    /// Names that both texts have in their aligned parts; a name of several words counts once.
    pub kept: u32,
    /// Places, a few words long, where each text has a name that the other has nowhere.
    pub changed: u32,
    /// Places where each text has a name that the other has nowhere, which are longer or whole sentences.
    pub replaced: u32,
    /// Places where rare words are substituted for each other that are so at another place too, whatever their case.
    pub consistent: u32,
    /// Such places where names are substituted for each other.
    pub consistent_names: u32,
    /// Places where words of any kind but the commonest are substituted for each other.
    pub words: u32,
    /// Such places where the texts have as many words as each other, as where a form is filled in …
    pub filled: u32,
    /// … with rare words.
    pub rare: u32,
    /// Places where both texts have words that the other has nowhere, rare ones if they are of several sources, if the texts
    /// differ by substitutions alone: nothing is left out or put in.
    pub telling: u32,
    /// Places where the texts have other words, whatever they are.
    pub places: u32,
    /// Whether the texts substitute, in a place of a few words, what their titles substitute too, or add to a name what their
    /// titles add …
    pub titled: bool,
    /// … or in a longer place.
    pub titled_far: bool,
}

/// A place where two texts differ is short if each has at most this many words of a usual length there.
pub(super) const SHORT_PLACE_WORDS: usize = 10;

/// Places beyond this many are not looked at: texts that differ in so many are no copies.
const MOST_PLACES: usize = 64;

/// A word that weighs this much is rare: names, and most words that tell what a text is about.
const RARE: Weight = Weight(65_536 * 2 / 5);

/// A capitalised word that weighs this much may be a name. Those that weigh less are "the" and "of" at the head of a title.
pub(super) const NAMED: Weight = Weight(65_536 / 5);

/// A word of at most this many letters that begins a sentence is no name there.
const SMALL_WORD_LETTERS: usize = 2;

/// The words of one side of a place that the other text has nowhere.
#[derive(Default)]
struct New {
    named: bool,
    /// Whether there are any but the commonest, and but those of `alike`.
    any: bool,
    rare: Vec<Word>,
    /// All of them, common words too, but those of `alike`.
    all: Vec<Word>,
    /// Words of whose stem the other text has one: inflections, other spellings, and other words that begin alike.
    alike: Vec<Word>,
}

impl New {
    /// Adds a word that the other text has nowhere; `alike` if it has one of the same stem.
    fn push(&mut self, word: Word, alike: bool) {
        if alike { self.alike.push(word) } else { self.all.push(word) }
    }
}

/// The names among some words of a text.
pub(super) fn names_in<'a>(text: &Text<'a>, (from, to): (u32, u32)) -> &'a [Name] {
    let place = |word: u32| text.names.partition_point(|name| name.at < word + text.first);
    &text.names[place(from)..place(to)]
}

/// Whether a word is a name in its text by its weight: "The" at the head of a title is none.
fn is_telling(text: &Text, name: &Name) -> bool {
    text.profile.weight(text.word_of(name).stem()) >= NAMED
}

/// Whether words that are names begin two texts at these places and go on with the same name in both: "C. Lemos" and "Carla
/// Lemos", "J. R. Tolkien" and "John Ronald Tolkien". Or the same name comes before: "Lemos C." and "Lemos Carla".
fn are_beside_one_name(text: &Text, at: u32, other: &Text, known: u32) -> bool {
    let name = |text: &Text, at: u32| names_in(text, (at, at + 1)).first().copied();
    let same = |at: u32, known: u32| match (name(text, at), name(other, known)) {
        (Some(a), Some(b)) => text.word_of(&a) == other.word_of(&b) && !a.spelling.is_letter(),
        _ => false,
    };
    let initials = |at: u32, known: u32| match (name(text, at), name(other, known)) {
        (Some(a), Some(b)) => a.spelling.is_initial_of(b.spelling),
        _ => false,
    };
    let ahead = (1..MOST_INITIALS).find(|&n| !initials(at + n, known + n)).unwrap_or(MOST_INITIALS);
    same(at + ahead, known + ahead)
        || at.checked_sub(1).zip(known.checked_sub(1)).is_some_and(|(before, known)| same(before, known))
}

/// Most initials of one name, in words.
const MOST_INITIALS: u32 = 4;

/// Whether the words opposite to a name spell it otherwise, or are its initial or what it is the initial of.
fn is_spelt_otherwise(text: &Text, name: &Name, other: &Text, opposite: &[Name]) -> bool {
    opposite.iter().any(|known| {
        let variant = is_telling(other, known) && name.spelling.is_variant_of(known.spelling);
        let (at, place) = (name.at - text.first, known.at - other.first);
        variant || name.spelling.is_initial_of(known.spelling) && are_beside_one_name(text, at, other, place)
    })
}

/// Returns the words on one side of a gap that the other text has nowhere. Where one source speaks, the capital at the head of a
/// sentence counts too; elsewhere only that of a word which has it inside a sentence as well. A single letter is a name where
/// another is opposite to it ("Line A", "Line D"), however common it is.
fn new(text: &Text, other: &Text, side: (u32, u32), opposite: &[Name], same_source: bool, spoken: &Spoken) -> New {
    let names = names_in(text, side);
    let is_letter = |name: &&Name| name.spelling.is_letter() && !name.spelling.begins_sentence();
    let letters = opposite.iter().any(|name| is_letter(&name));
    let mut found = New::default();
    for (at, &word) in (side.0..side.1).zip(&text.words[side.0 as usize..side.1 as usize]) {
        let name = names.iter().find(|name| name.at == at + text.first);
        if letters && name.is_some_and(|name| is_letter(&name)) && !word.is_number() {
            let has = other.names.iter().any(|known| is_letter(&known) && other.word_of(known) == word);
            if !has {
                (found.named, found.any) = (true, true);
                found.rare.push(word);
                found.all.push(word);
            }
            continue;
        }
        // A synonym is no name, unless its capital makes one of it. Between sources a German noun is no name for its capital.
        let vocabulary = Vocabulary::known();
        let is_common = || match name.is_none_or(|name| name.spelling.begins_sentence()) {
            true => vocabulary.is_common(word, spoken),
            false => !same_source && vocabulary.is_common_noun(word, spoken),
        };
        // What one source writes with a letter and a digit is a name in its place as well: quill-mysql and quill-h2.
        let is_number = word.is_number() && !(same_source && is_code(word));
        if is_number || other.words.contains(&word) || is_common() {
            continue;
        }
        let weight = text.profile.weight(word.stem());
        let stands_elsewhere = other.profile.stems.binary_search(&word.stem()).is_ok();
        if weight < NAMED {
            found.push(word, stands_elsewhere);
            continue;
        }
        if let Some(name) = name {
            if is_spelt_otherwise(text, name, other, opposite) {
                continue;
            }
            let elsewhere = || {
                other.names.iter().enumerate().any(|(n, known)| {
                    // A word that only begins sentences is no name that could be spelt otherwise here, unless a name follows:
                    // "Rev. Obi".
                    let followed = || other.names.get(n + 1).is_some_and(|next| next.at == known.at + 1);
                    let is_name = || !known.spelling.begins_sentence() || followed();
                    name.spelling.is_variant_of(known.spelling) && is_telling(other, known) && is_name()
                })
            };
            let inside = |known: &Name| !known.spelling.begins_sentence() && text.word_of(known) == word;
            // "An", "We" and "Il" begin many sentences.
            let begins = !name.spelling.begins_sentence() || word.length_class() > SMALL_WORD_LETTERS;
            let is_name = || same_source && begins || text.names.iter().any(inside);
            found.named = found.named || is_name() && !elsewhere();
        }
        found.push(word, stands_elsewhere);
        found.any |= !stands_elsewhere;
        if weight >= RARE && !stands_elsewhere {
            found.rare.push(word);
        }
    }
    found
}

/// Whether a place takes up whole sentences, or the head or tail of the text.
fn is_whole(text: &Text, (from, to): (u32, u32)) -> bool {
    let is_bound = |place: u32| {
        let begins = |name: &Name| name.at == place + text.first && name.spelling.begins_sentence();
        place == 0 || place as usize == text.words.len() || text.names.iter().any(begins)
    };
    is_bound(from) && is_bound(to)
}

/// Returns the number of names that two aligned texts have in common from one word on to another.
fn count_names(text: &Text, range: (u32, u32)) -> u32 {
    let is_name =
        |name: &&Name| !name.spelling.begins_sentence() && text.profile.weight(text.word_of(name).stem()) >= NAMED;
    let mut after = u32::MAX;
    let mut count = 0;
    for name in names_in(text, range).iter().filter(is_name) {
        count += u32::from(name.at != after);
        after = name.at + 1;
    }
    count
}

/// A place where two aligned texts have other words.
pub(super) struct Substituted {
    /// The place.
    pub gap: Gap,
    /// Whether it is a few words long.
    pub short: bool,
    /// Whether each text has a name there that the other has nowhere.
    pub named: bool,
    /// Whether the titles of the texts substitute the same words …
    pub titled: bool,
    /// … or words that begin alike: inflections, other spellings, or two drugs.
    titled_alike: bool,
    x: New,
    y: New,
}

/// Whether of each text's words its own title has one that the other's title has not.
fn are_in_titles(a: &Text, b: &Text, of_a: &[Word], of_b: &[Word]) -> bool {
    let only_in = |words: &[Word], own: &[Word], other: &[Word]| {
        words.iter().any(|word| own.contains(word) && !other.contains(word))
    };
    only_in(of_a, a.title, b.title) && only_in(of_b, b.title, a.title)
}

/// Whether neither of two texts has a name, as where nothing is written with capitals: then any word may be one.
pub(super) fn are_caseless(a: &Text, b: &Text) -> bool {
    a.names.is_empty() && b.names.is_empty()
}

/// Returns the gaps of two aligned texts, joined where they share a part of two names (see [`Alignment::joined`]), if the titles
/// name these or the texts do so twice. A newspaper may be the Sunday Tribune here and the Tribune Online there.
fn joined(
    a: &Text,
    b: &Text,
    alignment: &Alignment,
    is_shared_name: impl Fn((u32, u32), (u32, u32)) -> bool,
) -> Vec<Gap> {
    let words =
        |gap: &Gap| (&a.words[gap.a.0 as usize..gap.a.1 as usize], &b.words[gap.b.0 as usize..gap.b.1 as usize]);
    let gaps = alignment.joined(is_shared_name);
    let both: Vec<_> = gaps.iter().filter(|gap| !alignment.gaps.contains(gap)).map(words).collect();
    let in_titles = |(x, y): &(&[Word], &[Word])| are_in_titles(a, b, x, y);
    let twice = |place| both.iter().filter(|other| *other == place).count() > 1;
    let gaps = if both.iter().all(|place| in_titles(place) || twice(place)) { gaps } else { alignment.gaps.clone() };
    chained(gaps, words)
}

/// Joins gaps that lie close together if the one text has in the one what the other has in the other: of "Niva receives Kolos" and
/// "Kolos receives Lan", "Niva" takes the place of "Lan".
fn chained<'a>(gaps: Vec<Gap>, words: impl Fn(&Gap) -> (&'a [Word], &'a [Word])) -> Vec<Gap> {
    let mut joined: Vec<Gap> = Vec::with_capacity(gaps.len());
    for gap in gaps {
        if let Some(last) = joined.last_mut() {
            let ((x, y), (v, w)) = (words(last), words(&gap));
            let near = (gap.a.0 - last.a.1) as usize <= SHORT_PLACE_WORDS;
            if near && (x == w && !x.is_empty() || y == v && !y.is_empty()) {
                (last.a.1, last.b.1) = (gap.a.1, gap.b.1);
                continue;
            }
        }
        joined.push(gap);
    }
    joined
}

/// Returns the places where two aligned texts have other words.
pub(super) fn substituted<'a>(
    a: &'a Text,
    b: &'a Text,
    alignment: &'a Alignment,
    same_source: bool,
) -> impl Iterator<Item = Substituted> + 'a {
    let is_shared_name = move |(from, to): (u32, u32), in_b: (u32, u32)| {
        // Between sources one place where names change is not enough anyway.
        let all = |text: &Text, range: (u32, u32)| names_in(text, range).len() as u32 == range.1 - range.0;
        same_source && all(a, (from, to)) && all(b, in_b)
    };
    let gaps = joined(a, b, alignment, is_shared_name);
    let spoken = Spoken::of(a.words);
    gaps.into_iter().filter(Gap::is_substitution).take(MOST_PLACES).map(move |gap| {
        let x = new(a, b, gap.a, names_in(b, gap.b), same_source, &spoken);
        let y = new(b, a, gap.b, names_in(a, gap.a), same_source, &spoken);
        let words = |text: &Text, (from, to): (u32, u32)| usual_words(&text.words[from as usize..to as usize]);
        let short = words(a, gap.a).max(words(b, gap.b)) <= SHORT_PLACE_WORDS;
        let named = x.named && y.named || same_source && are_caseless(a, b) && x.any && y.any;
        // What one source puts in its headline names the item, however common the word is. Newsrooms choose words of their own.
        let (left, right) = if same_source { (&x.all, &y.all) } else { (&x.rare, &y.rare) };
        let titled = are_in_titles(a, b, left, right);
        let titled_alike = same_source && are_in_titles(a, b, &x.alike, &y.alike);
        Substituted { gap, short, named, titled, titled_alike, x, y }
    })
}

/// Most words of a name that only one of two texts has beside one that both have: the Upper of Upper Oxlode.
const ADDED_WORDS: u32 = 3;

/// Whether one of two texts of a source has a word or two more beside a word that both have, as their titles have, too: Oxlode and
/// Upper Oxlode. Without titles it takes a name, and nothing else that differs.
fn adds_to_name(a: &Text, b: &Text, alignment: &Alignment) -> bool {
    let added: Vec<&Gap> = alignment.gaps.iter().filter(|gap| !gap.is_substitution()).collect();
    let untitled = a.title.is_empty() && b.title.is_empty();
    if untitled && added.len() < alignment.gaps.len() {
        return false;
    }
    let adds = |gap: &&Gap| {
        let in_a = gap.a.0 < gap.a.1;
        let (text, other, (from, to)) = if in_a { (a, b, gap.a) } else { (b, a, gap.b) };
        if to - from > ADDED_WORDS {
            return false;
        }
        let words = &text.words[from as usize..to as usize];
        let is_new = |word: &Word| !other.words.contains(word);
        let beside = [from.checked_sub(1), Some(to)];
        let mut beside = beside.into_iter().flatten().filter_map(|at| Some((at, *text.words.get(at as usize)?)));
        let is_name = |at: u32| names_in(text, (at, at + 1)).iter().any(|name| !name.spelling.begins_sentence());
        if untitled {
            let all = words.iter().all(is_new) && (from..to).all(is_name);
            return all && beside.any(|(at, word)| is_name(at) && other.words.contains(&word));
        }
        let in_title = |word: &Word| text.title.contains(word) && !other.title.contains(word);
        let is_caseless = are_caseless(a, b);
        let names = (from..to).zip(words).filter(|(at, _)| is_caseless || is_name(*at));
        let named = names.map(|(_, word)| word).any(|word| is_new(word) && in_title(word));
        named && beside.any(|(_, word)| text.title.contains(&word) && other.title.contains(&word))
    };
    if untitled { !added.is_empty() && added.iter().all(adds) } else { added.iter().any(adds) }
}

/// Counts what two aligned texts substitute for each other.
pub(super) fn substitutions(a: &Text, b: &Text, alignment: &Alignment, same_source: bool) -> Substitutions {
    let mut found = Substitutions::default();
    let alone = alignment.gaps.iter().all(Gap::is_substitution);
    let (mut rare, mut rare_names, mut alike) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    for gap in &alignment.gaps {
        found.kept += count_names(a, (at, gap.a.0));
        at = gap.a.1;
    }
    found.kept += count_names(a, (at, a.words.len() as u32));
    let is_caseless = are_caseless(a, b);
    let mut all_alike = alone;
    for Substituted { gap, short, named, titled, titled_alike, x, y } in substituted(a, b, alignment, same_source) {
        all_alike &= titled_alike;
        if named {
            let count = if short && !(is_whole(a, gap.a) && is_whole(b, gap.b)) {
                &mut found.changed
            } else {
                &mut found.replaced
            };
            *count += 1;
        }
        // "before the vessel is towed" and "before it is towed" are edits, and fill in no form.
        let filled = gap.a.1 - gap.a.0 == gap.b.1 - gap.b.0;
        found.words += u32::from(x.any && y.any);
        found.filled += u32::from(filled && x.any && y.any);
        found.places += 1;
        // Two newsrooms choose their words, in headlines as in texts: between them it takes a name, or one form of headline.
        found.titled |= titled && short && (same_source || named || is_caseless || are_of_one_form(a.title, b.title));
        found.titled_far |= titled;
        let both_rare = !x.rare.is_empty() && !y.rare.is_empty();
        let says_other =
            both_rare || same_source && !x.all.is_empty() && !y.all.is_empty() || is_caseless && x.any && y.any;
        // Where a text is cut off, its last word may be cut, too.
        let at_end = gap.a.1 as usize == a.words.len() || gap.b.1 as usize == b.words.len();
        found.telling += u32::from(alone && short && !at_end && says_other);
        if same_source && alone && !x.alike.is_empty() && !y.alike.is_empty() {
            alike.push((x.alike, y.alike));
        }
        if short && both_rare {
            found.rare += u32::from(filled);
            if named {
                rare_names.push((x.rare.clone(), y.rare.clone()));
            }
            rare.push((x.rare, y.rare));
        }
    }
    // Words that begin alike are other words if the titles have them, too, and all else is word for word the same.
    found.titled |= all_alike && found.places > 0 || same_source && adds_to_name(a, b, alignment);
    found.consistent = consistent(&rare);
    // One drug for another that begins alike, in every place. Inflections differ from place to place.
    if alike.len() == found.places as usize {
        found.consistent += consistent(&alike);
    }
    found.consistent_names = consistent(&rare_names);
    found
}

/// In how many places words are substituted for each other that are so in another place too.
fn consistent(places: &[(Vec<Word>, Vec<Word>)]) -> u32 {
    let meet = |a: &[Word], b: &[Word]| a.iter().any(|word| b.contains(word));
    let count = (0..places.len()).filter(|&n| {
        let (x, y) = &places[n];
        places.iter().enumerate().any(|(m, (v, w))| m != n && meet(x, v) && meet(y, w))
    });
    count.count() as u32
}
