//! Names that are exchanged in a place that is the same otherwise: who won and who lost.

use super::align::{Alignment, Gap};
use super::facts::state_facts;
use super::kind::Text;
use super::substitutions::{NAMED, SHORT_PLACE_WORDS, are_caseless, names_in};
use crate::token::Stem;

/// Longest place in which two names may be exchanged, in words.
const EXCHANGE_WORDS: usize = 24;

/// A word of at least this many letters between two names tells which is which: *beat*, not *and*.
const TELLING_LETTERS: usize = 4;

/// Whether two names are exchanged in a place that is the same otherwise: "Harwick beat Solmere" and "Solmere beat Harwick".
///
/// In scripts without capitals any rare word may be a name, also one of a list; only texts of one source are looked at.
pub(super) fn exchanges(a: &Text, b: &Text, alignment: &Alignment, same_source: bool) -> bool {
    if are_caseless(a, b) && !same_source {
        return false;
    }
    let near = |x: &Gap, y: &Gap| (y.a.0 - x.a.1) as usize <= SHORT_PLACE_WORDS;
    alignment.gaps.chunk_by(near).any(|gaps| {
        let (Some(first), Some(last)) = (gaps.first(), gaps.last()) else { return false };
        let (in_a, in_b) = ((first.a.0, last.a.1), (first.b.0, last.b.1));
        let length = (in_a.1 - in_a.0) as usize;
        let is_short = gaps.len() > 1 && length == (in_b.1 - in_b.0) as usize && length <= EXCHANGE_WORDS;
        is_short && exchanges_in(a, in_a, b, in_b.0)
    })
}

/// Whether a place of a text, and one of as many words of another, are `X M Y` and `Y M X`, where `X` and `Y` have names.
fn exchanges_in(a: &Text, (from, to): (u32, u32), b: &Text, in_b: u32) -> bool {
    let length = (to - from) as usize;
    let stems = |text: &Text, start: u32| -> Vec<Stem> {
        text.words[start as usize..][..length].iter().map(|word| word.stem()).collect()
    };
    let (x, y) = (stems(a, from), stems(b, in_b));
    let is_caseless = are_caseless(a, b);
    let names = |from: u32, to: u32| {
        (from..to).any(|at| {
            let word = a.words[at as usize];
            let rare = a.profile.weight(word.stem()) >= NAMED && !word.is_number() && !state_facts(&[word]);
            rare && (is_caseless || !names_in(a, (at, at + 1)).is_empty())
        })
    };
    let tells = |from: u32, to: u32| {
        (from..to)
            .any(|at| a.words[at as usize].length_class() >= TELLING_LETTERS && names_in(a, (at, at + 1)).is_empty())
    };
    (1..length).any(|first| {
        x[..first] == y[length - first..]
            && (1..length - first).any(|last| {
                let (start, end) = (from + first as u32, to - last as u32);
                x[length - last..] == y[..last]
                    && x[first..length - last] == y[last..length - first]
                    && names(from, start)
                    && names(end, to)
                    && tells(start, end)
            })
    })
}
