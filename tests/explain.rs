//! What explanations say fits what is decided.

use flong::pipeline::{Stopwatch, prepare};
use flong::verify::{Decision, Kind, Refusal, Way, explain};
use flong::{Document, Grain, Params, UnitId};

use crate::inputs::root;

/// The documents of one file of the corpus.
fn documents(name: &str) -> Vec<Document> {
    let text = std::fs::read_to_string(root().join("corpus/articles").join(name)).expect("the corpus can be read");
    let document = |line: &str| {
        let article: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
        let text = |name: &str| article[name].as_str().map(Into::into);
        Document {
            source: text("source"),
            title: text("title"),
            ..Document::new(text("id").unwrap_or_default(), text("text").unwrap_or_default())
        }
    };
    text.lines().map(document).collect()
}

/// Every pair of some documents, in both orders.
fn each_pair(mut each: impl FnMut(flong::verify::Text, flong::verify::Text)) {
    each_pair_of(|document| document, &mut each);
}

/// Every pair of some documents that are changed before, in both orders.
fn each_pair_of(
    change: impl Fn(Document) -> Document,
    each: &mut impl FnMut(flong::verify::Text, flong::verify::Text),
) {
    for name in ["light-edit", "reworded", "template", "excerpt", "same-event", "new-lead", "quoted-statement"] {
        let documents: Vec<Document> = documents(&format!("{name}.jsonl")).into_iter().map(&change).collect();
        let params = Params { grains: vec![Grain::Document], ..Params::default() };
        let prepared = prepare(&documents, &params, &mut Stopwatch::default());
        let units = || (0..documents.len()).map(UnitId::of);
        for a in units() {
            for b in units().filter(|b| *b != a) {
                each(prepared.text(a), prepared.text(b));
            }
        }
    }
}

#[test]
fn a_match_passes_all_thresholds_of_one_way() {
    let params = Params::default();
    let mut matches = 0;
    each_pair(|a, b| {
        let explained = explain(a, b, params.level, &params.thresholds);
        let Ok(Decision { verified, .. }) = explained.decision else { return };
        let passes = |way: Way| {
            let of_way = explained.ways.iter().find(|(of, _)| *of == way);
            of_way.is_some_and(|(_, criteria)| criteria.iter().all(|criterion| criterion.is_met()))
        };
        let passed = match verified.kind {
            Kind::Exact => true,
            Kind::Near | Kind::Excerpt => passes(Way::Copy),
            Kind::Reworded => passes(Way::Clauses) || passes(Way::Statement),
            Kind::Template => passes(Way::Copy) || passes(Way::Clauses) || passes(Way::Statement),
        };
        assert!(passed, "{:?}: {:?}", verified.kind, explained.ways);
        matches += 1;
    });
    assert!(matches > 40, "{matches}");
}

#[test]
fn what_shares_too_little_misses_a_threshold_of_every_way() {
    let params = Params::default();
    let (mut refused, mut cut_off) = (0, 0);
    let mut check = |a: flong::verify::Text, b: flong::verify::Text| {
        let explained = explain(a, b, params.level, &params.thresholds);
        if explained.decision != Err(Refusal::TooLittle) {
            return;
        }
        for (way, criteria) in &explained.ways {
            assert!(criteria.iter().any(|criterion| !criterion.is_met()), "{way:?}: {criteria:?}");
        }
        refused += 1;
        cut_off += u32::from(explained.ways.iter().all(|(way, _)| *way != Way::Statement));
    };
    each_pair_of(|document| document, &mut check);
    // With their first words only, and without titles, other thresholds are those that decide.
    for words in [15, 25, 40, 60] {
        let begins = |document: Document, mark: &str| {
            let beginning: Vec<&str> = document.text.split(' ').take(words).collect();
            Document { text: (beginning.join(" ") + mark).into(), ..document }
        };
        each_pair_of(|document| begins(document, ""), &mut check);
        each_pair_of(|document| Document { title: None, ..begins(document, "") }, &mut check);
        each_pair_of(|document| begins(document, " […]"), &mut check);
    }
    assert!(refused > 200 && cut_off > 50, "{refused} {cut_off}");
}

#[test]
fn facts_and_names_are_those_that_were_counted() {
    let params = Params::default();
    let (mut facts, mut names) = (0, 0);
    each_pair(|a, b| {
        let explained = explain(a, b, params.level, &params.thresholds);
        let Ok(Decision { verified, facts: compared, names: substituted }) = explained.decision else { return };
        if verified.kind == Kind::Exact || a.words == b.words {
            return;
        }
        let counts = (explained.facts_kept.len() as u32, explained.facts_changed.len() as u32);
        assert_eq!(counts, (compared.kept, compared.changed));
        assert_eq!(explained.names_changed.len() as u32, substituted.changed + substituted.replaced);
        facts += counts.1;
        names += explained.names_changed.len();
    });
    assert!(facts > 20 && names > 10, "{facts} {names}");
}

#[test]
fn the_order_of_the_texts_turns_the_places_only() {
    let params = Params::default();
    each_pair(|a, b| {
        let there = explain(a, b, params.level, &params.thresholds);
        let back = explain(b, a, params.level, &params.thresholds);
        assert_eq!((there.evidence, &there.ways), (back.evidence, &back.ways));
        let turned: Vec<_> = back.facts_changed.iter().map(|gap| (gap.b, gap.a)).collect();
        assert_eq!(there.facts_changed.iter().map(|gap| (gap.a, gap.b)).collect::<Vec<_>>(), turned);
        for gap in there.alignment.gaps {
            assert!(gap.a.1 as usize <= a.words.len() && gap.b.1 as usize <= b.words.len());
        }
    });
}
