//! Verdicts on items whose id occurs again: unchanged or changed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Finding, Rule};
use crate::boilerplate::{Aside, AsideKind};
use crate::{Document, Documents, Grain, Head, Ragged, Span};

/// The scope in which an id names one item: its source, whatever the input; without a source, its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Realm<'a> {
    Source(&'a str),
    Input(u32),
}

fn key(document: Head<'_>) -> (Realm<'_>, &str) {
    let realm = document.source.map_or(Realm::Input(document.place.input), Realm::Source);
    (realm, document.id)
}

/// Returns whether two documents are one item: they have the same id and the same source. The same id in two feeds names two
/// items.
pub fn same_item(a: Head, b: Head) -> bool {
    key(a) == key(b)
}

/// Returns the verdicts on items whose id occurs again, in the order of the documents. They only mark.
///
/// `ranks` come from [`ranks`](super::ranks). Each item is compared with the first by rank that has its id. It is repeated if
/// it has the same title and text, whatever its link, and changed otherwise. White space does not count, nor does what is
/// set aside: `asides` are those of each document, or empty.
pub fn items(documents: &[Document], ranks: &[u32], asides: &Ragged<Aside>) -> Vec<Finding> {
    let mut by_key: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (i, document) in documents.iter().enumerate() {
        by_key.entry(key(document.head())).or_default().push(i);
    }
    let inputs = items_of_inputs(documents);
    let of = |i: usize| asides.get(i).unwrap_or_default();
    let mut found = Vec::new();
    let mut changes = Vec::new();
    for mut group in by_key.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|&i| ranks[i]);
        let first = group[0];
        let verdicts =
            group[1..].iter().map(|&i| verdict((&documents[i], i, of(i)), (&documents[first], first, of(first))));
        let is_id = !is_shared_address(documents, &group, &inputs);
        for finding in verdicts.filter(|finding| is_id || finding.rule == Rule::RepeatedItem) {
            if finding.rule == Rule::ChangedItem {
                changes.extend(
                    changed_line(&documents[finding.document], &documents[first]).map(|line| (line, found.len())),
                );
            }
            found.push(finding);
        }
    }
    // A line that changes alike in several items is the site's.
    changes.sort();
    for alike in changes.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() >= MIN_SITE_CHANGES) {
        for &(_, n) in alike {
            found[n] =
                repeated(&documents[found[n].document], &documents[found[n].kept.map_or(0, |kept| kept.0)], &found[n]);
        }
    }
    found.sort_by_key(|finding| finding.document);
    found
}

/// Returns the findings without copies of an item under its own id: [`items`] reports these.
pub fn items_once<'a>(findings: Vec<Finding>, documents: impl Into<Documents<'a>>) -> Vec<Finding> {
    let documents = documents.into();
    let copy = |rule| {
        matches!(rule, Rule::ExactDuplicate | Rule::NearDuplicate | Rule::RewordedDuplicate | Rule::Excerpt)
            || rule == Rule::Template
    };
    let again = |finding: &Finding| {
        let kept = finding.kept.map(|(document, _)| document).filter(|&document| document != finding.document);
        copy(finding.rule) && kept.is_some_and(|kept| same_item(documents.head(finding.document), documents.head(kept)))
    };
    findings.into_iter().filter(|finding| !again(finding)).collect()
}

/// Items under one address in one input, from which the address is not their id, if no two have the same title.
const MIN_SHARING: usize = 3;

/// Items in which the same line must have changed in the same way to be the site's and not theirs.
const MIN_SITE_CHANGES: usize = 3;
/// Farthest line of a site from an end of a text, in lines.
const EDGE_LINES: usize = 3;
/// Fewest words that stay in a line of the site when it changes.
const MIN_FIXED_WORDS: usize = 3;

/// Returns the finding as one on a repeated item.
fn repeated(item: &Document, kept: &Document, finding: &Finding) -> Finding {
    let same = Document { text: kept.text.clone(), ..item.clone() };
    let kept_at = finding.kept.map_or(0, |kept| kept.0);
    let verdict = verdict((&same, finding.document, &[]), (kept, kept_at, &[]));
    Finding { span: finding.span, ..verdict }
}

/// Returns the words that stay of the one line in which two texts under one title differ, with its source: by it, changes
/// that a site makes to all of its items are known.
fn changed_line<'a>(item: &'a Document, kept: &'a Document) -> Option<(&'a str, Vec<&'a str>)> {
    let lines = |document: &'a Document| -> Vec<&'a str> {
        document.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    };
    let (mine, theirs) = (lines(item), lines(kept));
    if item.title != kept.title || mine.len() != theirs.len() {
        return None;
    }
    let mut differing = (0..mine.len()).filter(|&n| mine[n] != theirs[n]);
    let n = differing.next().filter(|n| n + EDGE_LINES >= mine.len() || *n < EDGE_LINES)?;
    if differing.next().is_some() {
        return None;
    }
    let words = |line: &'a str| -> Vec<&'a str> { line.split_whitespace().collect() };
    let (mine, theirs) = (words(mine[n]), words(theirs[n]));
    let shorter = mine.len().min(theirs.len());
    let head = mine.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let tail = mine[head..].iter().rev().zip(theirs[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let fixed: Vec<&str> = mine[..head].iter().chain(&mine[mine.len() - tail..]).copied().collect();
    (fixed.len() >= MIN_FIXED_WORDS && fixed.len() * 2 >= shorter)
        .then(|| (item.source.as_deref().unwrap_or(""), fixed))
}

/// Returns the number of items of each input.
fn items_of_inputs(documents: &[Document]) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    documents.iter().for_each(|document| *counts.entry(document.place.input).or_default() += 1);
    counts
}

/// Returns whether the id of a group of documents is an address that items of one input share, such as a feed's home page.
fn is_shared_address(documents: &[Document], group: &[usize], inputs: &BTreeMap<u32, usize>) -> bool {
    let Some((_, path)) = documents[group[0]].id.split_once("://") else { return false };
    let is_home = path.trim_end_matches('/').find('/').is_none() && !path.contains(['?', '#']);
    let mut titles: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for document in group.iter().map(|&i| &documents[i]) {
        titles.entry(document.place.input).or_default().insert(document.title.as_deref().unwrap_or("").trim());
    }
    titles.iter().any(|(input, titles)| {
        let all = titles.len() == inputs[input];
        titles.len() > 1 && (is_home || all || titles.len() >= MIN_SHARING)
    })
}

/// Returns the words of a text that are not set aside. Credits count: another byline is a change.
fn body<'a>(document: &'a Document, asides: &[Aside]) -> Vec<&'a str> {
    let mut spans: Vec<Span> =
        asides.iter().filter(|aside| aside.kind != AsideKind::Credit).map(|aside| aside.span).collect();
    spans.sort_unstable();
    let (mut words, mut at) = (Vec::new(), 0);
    let end = document.text.len() as u32;
    for span in spans.into_iter().chain([Span { start: end, end }]) {
        if span.start > at {
            words.extend(Span { start: at, end: span.start }.of(&document.text).split_whitespace());
        }
        at = at.max(span.end);
    }
    words
}

/// Returns the verdict on an item that comes again, and on the one that stays; both with their indices and what is set
/// aside in them.
pub(super) fn verdict(
    (item, again, own): (&Document, usize, &[Aside]),
    (kept, first, others): (&Document, usize, &[Aside]),
) -> Finding {
    let whole = |document: &Document| Span::new(0, document.text.len());
    let differs = |field: fn(&Document) -> &str| !field(item).split_whitespace().eq(field(kept).split_whitespace());
    let title = differs(|document| document.title.as_deref().unwrap_or(""));
    let text = differs(|document| &document.text) && body(item, own) != body(kept, others);
    let link = differs(|document| document.url.as_deref().unwrap_or(""));
    let dated = kept.date.as_deref().map_or(String::new(), |date| format!(" of {date}"));
    let (rule, reason) = match (title, text) {
        (false, false) if link => (Rule::RepeatedItem, format!("the item{dated} again, under another link")),
        (false, false) => (Rule::RepeatedItem, format!("the item{dated} again")),
        _ => {
            let parts = [(title, "title"), (text, "text"), (link, "link")];
            let parts: Vec<&str> = parts.iter().filter(|(differs, _)| *differs).map(|(_, name)| *name).collect();
            let verb = if parts.len() == 1 { "differs" } else { "differ" };
            let named = parts.join(", ");
            (Rule::ChangedItem, format!("its {named} {verb} from the item{dated} under the same id"))
        }
    };
    Finding {
        document: again,
        span: whole(item),
        whole: true,
        grain: Some(Grain::Document),
        rule,
        action: Action::Marked,
        score: 1.0,
        kept: Some((first, whole(kept))),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    fn item(input: u32, source: &str, id: &str, url: &str, text: &str) -> Document {
        let given = |text: &str| (!text.is_empty()).then(|| text.into());
        Document {
            source: given(source),
            url: given(url),
            place: Place { input, record: 0 },
            ..Document::new(id, text)
        }
    }

    fn told(documents: &[Document]) -> Vec<(usize, Rule, usize, String)> {
        let ranks: Vec<u32> = (0..documents.len() as u32).collect();
        let found = items(documents, &ranks, &Ragged::default());
        found.into_iter().map(|f| (f.document, f.rule, f.kept.unwrap().0, f.reason)).collect()
    }

    #[test]
    fn an_id_names_an_item_of_its_source_or_input() {
        let twice = |a: Document, b: Document| told(&[a, b]).len();
        assert_eq!(twice(item(0, "x", "1", "", "a"), item(1, "x", "1", "", "a")), 1, "of one source, in two files");
        assert_eq!(twice(item(0, "x", "1", "", "a"), item(0, "y", "1", "", "a")), 0, "of two sources");
        assert_eq!(twice(item(0, "", "1", "", "a"), item(0, "", "1", "", "a")), 1, "of one input");
        assert_eq!(twice(item(0, "", "1", "", "a"), item(1, "", "1", "", "a")), 0, "of two inputs");
        assert_eq!(twice(item(0, "", "1", "", "a"), item(0, "", "2", "", "a")), 0, "a copy, not the same item");
    }

    #[test]
    fn link_and_content_are_told_apart() {
        let first = item(0, "x", "1", "u", "The ferry  sank.");
        let changed = Document { title: Some("Ferry".into()), ..item(0, "x", "1", "v", "The ferry is afloat.") };
        let found = told(&[
            first,
            item(0, "x", "1", "u", "The ferry\nsank. "),
            item(0, "x", "1", "v", "The ferry sank."),
            item(0, "x", "1", "u", "The ferry is afloat."),
            changed,
        ]);
        let told: Vec<_> = found.iter().map(|f| (f.0, f.1, f.2, &*f.3)).collect();
        let expected = [
            (1, Rule::RepeatedItem, 0, "the item again"),
            (2, Rule::RepeatedItem, 0, "the item again, under another link"),
            (3, Rule::ChangedItem, 0, "its text differs from the item under the same id"),
            (4, Rule::ChangedItem, 0, "its title, text, link differ from the item under the same id"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn the_first_by_rank_stands() {
        let documents = [item(0, "x", "1", "", "a"), item(0, "x", "1", "", "b")];
        assert_eq!(items(&documents, &[1, 0], &Ragged::default())[0].document, 0);
    }

    #[test]
    fn an_item_that_comes_again_is_told_once() {
        let documents = [item(0, "x", "1", "", "text"), item(0, "x", "1", "", "text"), item(0, "x", "2", "", "text")];
        let finding = |document: usize, rule, kept: usize| Finding {
            document,
            span: Span::new(0, 4),
            whole: true,
            grain: None,
            rule,
            action: Action::Removed,
            score: 1.0,
            kept: Some((kept, Span::new(0, 4))),
            reason: String::new(),
        };
        let findings = vec![
            finding(1, Rule::ExactDuplicate, 0),
            finding(1, Rule::RepeatedItem, 0),
            finding(2, Rule::ExactDuplicate, 0),
            finding(1, Rule::ExactDuplicate, 1),
        ];
        let told: Vec<_> = items_once(findings, &documents).iter().map(|f| (f.document, f.rule)).collect();
        assert_eq!(told, [(1, Rule::RepeatedItem), (2, Rule::ExactDuplicate), (1, Rule::ExactDuplicate)]);
    }
}
