//! Verdicts on items whose id occurs again: unchanged or changed.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::{Action, Finding, Rule};
use crate::boilerplate::{Aside, AsideKind};
use crate::token::fold_spelling;
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
/// it has the same title and text, whatever its link, and changed otherwise. White space does not count, nor how characters
/// are written, nor what is set aside: `asides` are those of each document, or empty.
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
                let contexts = contexts(&documents[finding.document], &documents[first]);
                changes.extend(contexts.into_iter().map(|context| (context, found.len())));
            }
            found.push(finding);
        }
    }
    // What changes between the same words in several items is the site's.
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

/// Items in which something must have changed between the same words to be the site's and not theirs.
const MIN_SITE_CHANGES: usize = 3;
/// Farthest change of a site from an end of a text, in words.
const EDGE_WORDS: usize = 40;
/// Longest change of a site, in words.
const MAX_SITE_CHANGE_WORDS: usize = 8;
/// Words around a change by which it is known again in other items.
const CONTEXT_WORDS: usize = 3;

/// Returns the finding as one on a repeated item.
fn repeated(item: &Document, kept: &Document, finding: &Finding) -> Finding {
    let same = Document { text: kept.text.clone(), ..item.clone() };
    let kept_at = finding.kept.map_or(0, |kept| kept.0);
    let verdict = verdict((&same, finding.document, &[]), (kept, kept_at, &[]));
    Finding { span: finding.span, ..verdict }
}

/// The source of an item, how many of the words stand before the change, and the words around it.
type Context = (Box<str>, usize, Vec<String>);

/// Returns the words around the one place in which two texts under one title differ: by them, a change that a site makes to
/// all of its items is known, such as a counter of readers. Lines do not matter: many a feed folds them into one.
fn contexts(item: &Document, kept: &Document) -> Vec<Context> {
    if item.title != kept.title {
        return Vec::new();
    }
    let (mine, theirs): (Vec<String>, Vec<String>) = (spelt(&item.text).collect(), spelt(&kept.text).collect());
    let head = mine.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let tail = mine[head..].iter().rev().zip(theirs[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let changed = mine.len().max(theirs.len()) - head - tail;
    if changed > MAX_SITE_CHANGE_WORDS || head.min(tail) > EDGE_WORDS {
        return Vec::new();
    }
    let (before, after) = (&mine[..head], &mine[mine.len() - tail..]);
    let around = |n: usize| {
        let rest = CONTEXT_WORDS - n;
        let words = before[before.len().checked_sub(n)?..].iter().chain(after.get(..rest)?);
        Some((item.source.clone().unwrap_or_default(), n, words.cloned().collect()))
    };
    (0..=CONTEXT_WORDS).filter_map(around).collect()
}

/// Returns the words of a text as they are read, however their characters are written: as references, composed or not, with
/// vowel signs or without, with one kind of quotation marks, dashes and apostrophes or another, and with spaces next to these
/// or not.
fn spelt(text: &str) -> impl Iterator<Item = String> {
    let mut spelt = String::with_capacity(text.len());
    // Whether white space that follows does not count.
    let mut joined = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (length, c) = crate::reference::character(rest).unwrap_or((c.len_utf8(), c));
        rest = &rest[length..];
        let Some(c) = folded_sign(c) else { continue };
        if c.is_whitespace() && joined {
            continue;
        }
        joined = matches!(c, '"' | '-');
        if joined || matches!(c, ':' | ';' | '!' | '?') {
            spelt.truncate(spelt.trim_end().len());
        }
        if c != '-' || !spelt.ends_with('-') {
            spelt.push(c);
        }
    }
    let composed: String = spelt.nfkc().filter_map(fold_spelling).collect();
    composed.split_whitespace().map(str::to_string).collect::<Vec<_>>().into_iter()
}

/// Returns a sign in the form that all keyboards have, or nothing for one that is not seen; letters as they are.
fn folded_sign(c: char) -> Option<char> {
    Some(match c {
        '‹' | '›' | '‚' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '「' | '」' | '『' | '』' | '〝' | '〞' | '〟' | '״' | '＂' => {
            '"'
        }
        '‐'..='―' | '−' | '־' | '﹣' | '－' => '-',
        c => return fold_spelling(c),
    })
}

/// Returns the number of items of each input.
fn items_of_inputs(documents: &[Document]) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    documents.iter().for_each(|document| *counts.entry(document.provenance.place.input).or_default() += 1);
    counts
}

/// Returns whether the id of a group of documents is an address that items of one input share, such as a feed's home page.
fn is_shared_address(documents: &[Document], group: &[usize], inputs: &BTreeMap<u32, usize>) -> bool {
    let Some((_, path)) = documents[group[0]].id.split_once("://") else { return false };
    let is_home = path.trim_end_matches('/').find('/').is_none() && !path.contains(['?', '#']);
    let mut titles: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for document in group.iter().map(|&i| &documents[i]) {
        let title = document.title.as_deref().unwrap_or("").trim();
        titles.entry(document.provenance.place.input).or_default().insert(title);
    }
    titles.iter().any(|(input, titles)| {
        let all = titles.len() == inputs[input];
        titles.len() > 1 && (is_home || all || titles.len() >= MIN_SHARING)
    })
}

/// Returns the words of a text that are not set aside. Credits count: another byline is a change.
fn body(document: &Document, asides: &[Aside]) -> Vec<String> {
    let mut spans: Vec<Span> =
        asides.iter().filter(|aside| aside.kind != AsideKind::Credit).map(|aside| aside.span).collect();
    spans.sort_unstable();
    let (mut words, mut at) = (Vec::new(), 0);
    let end = document.text.len() as u32;
    for span in spans.into_iter().chain([Span { start: end, end }]) {
        if span.start > at {
            words.extend(spelt(Span { start: at, end: span.start }.of(&document.text)));
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
    let differs = |field: fn(&Document) -> &str| {
        let (mine, theirs) = (field(item), field(kept));
        !mine.split_whitespace().eq(theirs.split_whitespace()) && !spelt(mine).eq(spelt(theirs))
    };
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
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;

    fn item(input: u32, source: &str, id: &str, url: &str, text: &str) -> Document {
        let given = |text: &str| (!text.is_empty()).then(|| text.into());
        Document {
            source: given(source),
            url: given(url),
            provenance: Place { input, record: 0 }.into(),
            ..Document::new(id, text)
        }
    }

    fn told(documents: &[Document]) -> Vec<(usize, Rule, usize, String)> {
        let ranks: Vec<u32> = (0..documents.len() as u32).collect();
        let found = items(documents, &ranks, &Ragged::default());
        found.into_iter().map(|f| (f.document, f.rule, f.kept.unwrap().0, f.reason.into_owned())).collect()
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
    fn characters_that_are_written_otherwise_are_no_change() {
        for (a, b) in [
            ("L&#226;mpada que se v&ecirc;", "Lâmpada que se vê"),
            ("It&#8217;s &ldquo;on&rdquo;&nbsp;now", "It's \"on\" now"),
            ("Θ&#940;λασσα", "Θάλασσα"),
            ("Ca\u{300} phe\u{302}", "Cà phê"),
            ("&#1055;аром &amp;ndash; да", "Паром – да"),
            ("Пароход «Внук» встал — надолго", "Пароход \"Внук\" встал - надолго"),
            ("Le bac « Marie » part : enfin !", "Le bac “Marie” part: enfin!"),
            ("Er sagt »nie« und geht", "Er sagt „nie“ und geht"),
            ("渡船「小梅」恢复", "渡船“小梅”恢复"),
            ("The ferry -- at last", "The ferry—at last"),
            ("ووَضَعَتْ مَقْعَدًا للـــصعود", "ووضعت مقعدا للصعود"),
            ("שָׁלוֹם לעיר", "שלום לעיר"),
            ("Ещё идёт", "Еще идет"),
            ("می‌روند به کتابخانه", "مي‌روند به كتابخانه"),
        ] {
            assert_eq!(told(&[item(0, "x", "1", "", a), item(0, "x", "1", "", b)])[0].1, Rule::RepeatedItem, "{a}");
        }
        for (a, b) in [
            ("papá", "papa"),
            ("Ferry sinks!", "Ferry sinks?"),
            ("The ferry is late.", "The \"ferry\" is late."),
            ("Паром 3", "Паром 5"),
        ] {
            assert_eq!(told(&[item(0, "x", "1", "", a), item(0, "x", "1", "", b)])[0].1, Rule::ChangedItem, "{a}");
        }
    }

    #[test]
    fn what_changes_alike_in_three_items_is_the_sites() {
        let rules = |texts: &[(&str, &str)]| -> Vec<Rule> {
            let both = texts
                .iter()
                .enumerate()
                .flat_map(|(n, (before, after))| [before, after].map(|text| item(0, "x", &n.to_string(), "", text)));
            told(&both.collect::<Vec<_>>()).iter().map(|found| found.1).collect()
        };
        let counted = |lines: fn(&str, u32) -> String| {
            let texts: Vec<(String, String)> = ["It rained.", "Der Zug fuhr.", "Le bac est là."]
                .iter()
                .map(|text| (lines(text, 318), lines(text, 911)))
                .collect();
            rules(&texts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>())
        };
        for lines in [
            |text: &str, n: u32| format!("{text} Vu {n} fois par les lecteurs."),
            |text: &str, n: u32| format!("{text} Read {n} times today"),
            |text: &str, n: u32| format!("{text}\n오늘 이 면을 읽은 이웃은 {n}명입니다."),
            |text: &str, n: u32| format!("{n} читателей уже прочли. {text}"),
            |text: &str, n: u32| format!("{text} Tę stronę czytało {n} osób"),
        ] {
            assert_eq!(counted(lines), [Rule::RepeatedItem; 3], "{}", lines("x", 1));
        }
        let own = [
            ("It rained for 3 days here.", "It rained for 4 days here."),
            ("The fee is 5 euros now.", "The fee is 6 euros now."),
            ("Das Boot kam mit 7 Leuten.", "Das Boot kam mit 8 Leuten."),
        ];
        assert_eq!(rules(&own), [Rule::ChangedItem; 3]);
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
            reason: "".into(),
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
