//! A list of texts without copies.

use crate::document::Place;
use crate::judge::{Action, Keep, Policy, Rule, verdicts};
use crate::verify::Level;
use crate::{Document, Grain, Params, find};

/// The texts of a list that stay, and those that are dropped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deduped {
    /// Places in the list of the texts that stay, ascending.
    pub kept: Vec<usize>,
    /// The texts that repeat one that stays, by their places in the list.
    pub dropped: Vec<Dropped>,
}

/// A text that repeats another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropped {
    /// Its place in the list.
    pub index: usize,
    /// The place of the text that stays in its stead.
    pub kept: usize,
    /// Its kind: an exact duplicate, a near duplicate or an excerpt of that text.
    pub rule: Rule,
    /// The confidence in that, 0 to 1.
    pub score: f32,
}

/// Finds the texts of a list that repeat others: copies with or without small changes, and excerpts.
///
/// Of several copies the first stays, but a text never gives way to an excerpt of itself. Boilerplate is set aside before
/// texts are compared. Rewordings stay, and so do texts in the same form that state other facts.
///
/// ```
/// let wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the \
///             harbour master told reporters, and divers will inspect the hull before the vessel is towed to the yard.";
/// let reprint = format!("By Our Reporter, Aldermoor\n\n{wire}");
/// let texts = [wire, "Maize prices rose for the third week in a row.", &reprint];
///
/// let deduped = flong::dedupe(texts);
/// assert_eq!(deduped.kept, [0, 1]);
/// assert_eq!((deduped.dropped[0].index, deduped.dropped[0].kept), (2, 0));
/// ```
///
/// # Panics
/// If a text is longer than 4 GiB.
pub fn dedupe<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Deduped {
    let document = |(index, text): (usize, T)| Document {
        provenance: Place { input: 0, record: index as u64 }.into(),
        ..Document::new(index.to_string(), text.as_ref())
    };
    let documents: Vec<Document> = texts.into_iter().enumerate().map(document).collect();
    let params = Params { grains: vec![Grain::Document], level: Level::Near, keep: Keep::First, ..Params::default() };
    let found = find(&documents, &params);
    let mut stays = vec![true; documents.len()];
    let mut dropped = Vec::new();
    for finding in verdicts(&found.evidence(&documents), &Policy::cleaning(&params)) {
        if let (true, Action::Removed, Some((kept, _))) = (finding.whole, finding.action, finding.kept) {
            stays[finding.document] = false;
            dropped.push(Dropped { index: finding.document, kept, rule: finding.rule, score: finding.score });
        }
    }
    Deduped { kept: (0..documents.len()).filter(|&index| stays[index]).collect(), dropped }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of other words each.
    fn text(n: usize) -> String {
        let word = |i: usize| format!("w{}x{}", crate::hash::pair(n as u64, i as u64) % 9_999_991, i);
        (0..40).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_first_of_copies_stays_however_many_there_are() {
        for copies in [1, 2, 30, 300] {
            let texts: Vec<String> = (0..copies).flat_map(|_| [text(1), text(2)]).collect();
            let deduped = dedupe(&texts);
            assert_eq!(deduped.kept, [0, 1], "{copies} copies");
            assert!(deduped.dropped.iter().all(|d| d.kept == d.index % 2 && d.rule == Rule::ExactDuplicate));
            assert_eq!(deduped.kept.len() + deduped.dropped.len(), texts.len());
        }
    }

    #[test]
    fn a_text_does_not_give_way_to_its_excerpt() {
        let whole = [text(1), text(2), text(3)].join("\n\n");
        let deduped = dedupe([&text(2), &whole]);
        assert_eq!(deduped.kept, [1]);
        assert_eq!((deduped.dropped[0].index, deduped.dropped[0].rule), (0, Rule::Excerpt));
    }

    #[test]
    fn nothing_and_different_texts_stay() {
        assert_eq!(dedupe::<&str>([]), Deduped::default());
        let texts: Vec<String> = (0..50).map(text).collect();
        assert_eq!(dedupe(&texts).kept, (0..50).collect::<Vec<_>>());
        assert_eq!(dedupe(["", ""]).kept, [0, 1], "an empty text repeats nothing");
    }

    #[test]
    fn what_stays_is_what_others_are_dropped_for() {
        let near = |n: usize| text(n).replace(' ', if n.is_multiple_of(2) { " , " } else { "\n" });
        let texts: Vec<String> =
            (0..20).flat_map(|n| [near(n % 5), text(n % 7), format!("{} {}", text(n), text(n % 3))]).collect();
        let deduped = dedupe(&texts);
        assert!(deduped.kept.is_sorted() && !deduped.dropped.is_empty());
        for dropped in &deduped.dropped {
            assert!(deduped.kept.binary_search(&dropped.kept).is_ok(), "{dropped:?}");
            assert!(deduped.kept.binary_search(&dropped.index).is_err(), "{dropped:?}");
        }
    }
}
