//! Counting: however documents are shared out, and in whatever order counts are merged, the knowledge is the same.

use flong::count::{FirstCounts, FirstKnowledge, Groups, Knowledge, Row, SecondCounts, Settings};
use flong::segment::{Cut, cut};
use flong::{Document, hash};
use proptest::prelude::*;

use crate::inputs::{self, root};

/// Articles, and made documents of few sources, so that lines, phrases and texts repeat.
fn documents() -> Vec<(Document, Cut)> {
    let mut documents = inputs::documents(&inputs::made(150, 5));
    documents.extend(inputs::read(&root().join("corpus/articles")).into_iter().take(50));
    let copies: Vec<Document> = documents[..20].to_vec();
    documents.extend(copies.into_iter().map(|document| Document { title: Some("Another title".into()), ..document }));
    (0..20).for_each(|n| {
        let words: String = (0..9).map(|word| format!("w{} ", hash::constant(n * 9 + word) >> 40)).collect();
        let text = format!("{words}\n\nPrinted on our own press, number {n}.\n\nRead us again tomorrow.");
        documents.push(Document { title: Some(format!("On {words}").into()), ..Document::new(n.to_string(), text) });
    });
    documents.into_iter().map(|document| (cut(&document), document)).map(|(cut, document)| (document, cut)).collect()
}

/// The knowledge of documents that are shared out by `part_of`; counts are sent as bytes where that is an odd number, and
/// merged in the order of `order`.
fn known(documents: &[(Document, Cut)], part_of: &[usize], order: &[usize]) -> (Vec<u8>, Vec<u8>, Knowledge) {
    let settings = Settings::default();
    let sent = |part: usize| part % 2 == 1;
    let mut rows = Vec::new();
    let mut parts: Vec<FirstCounts> = order.iter().map(|_| FirstCounts::new(settings)).collect();
    for (number, ((document, cut), &part)) in documents.iter().zip(part_of).enumerate() {
        parts[part].observe(document, cut);
        rows.insert(if sent(part) { rows.len() } else { 0 }, Row::of(number as u64, document, cut));
    }
    let mut sum = FirstCounts::new(settings);
    for &part in order {
        let counts = parts[part].clone();
        let counts = if sent(part) { FirstCounts::from_bytes(&counts.to_bytes()).unwrap() } else { counts };
        sum.merge(counts).unwrap();
    }
    let counts = sum.to_bytes();
    let (first, groups) = (sum.know(), Groups::of(&rows));
    let first = FirstKnowledge::from_bytes(&first.to_bytes()).unwrap();
    let mut parts: Vec<SecondCounts> = order.iter().map(|_| SecondCounts::new(settings)).collect();
    for (number, ((document, cut), &part)) in documents.iter().zip(part_of).enumerate() {
        let is_counted = groups.is_counted(number as u64, flong::count::text(document));
        parts[part].observe(&first, document, cut, is_counted);
    }
    let mut sum = SecondCounts::new(settings);
    for &part in order.iter().rev() {
        let counts = parts[part].clone();
        let counts = if sent(part) { SecondCounts::from_bytes(&counts.to_bytes()).unwrap() } else { counts };
        sum.merge(counts).unwrap();
    }
    (counts, sum.to_bytes(), sum.know(first, groups).unwrap())
}

#[test]
fn knowledge_does_not_depend_on_who_counts_what() {
    let documents = documents();
    let whole = known(&documents, &vec![0; documents.len()], &[0]);
    let whole = (whole.0, whole.1, whole.2.to_bytes());
    let parts = proptest::collection::vec(0usize..5, documents.len());
    let order = Just((0..5).collect::<Vec<usize>>()).prop_shuffle();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(8));
    let checked = runner.run(&(parts, order), |(parts, order)| {
        let (first, second, knowledge) = known(&documents, &parts, &order);
        prop_assert!(first == whole.0, "counts of the first round");
        prop_assert!(second == whole.1, "counts of the second round");
        prop_assert!(knowledge.to_bytes() == whole.2, "knowledge");
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn knowledge_comes_back_from_its_bytes() {
    let documents = documents();
    let (.., knowledge) = known(&documents, &vec![0; documents.len()], &[0]);
    assert!(knowledge.repeated() > 2 && !knowledge.weights().is_empty());
    let bytes = knowledge.to_bytes();
    let read = Knowledge::from_bytes(&bytes).unwrap();
    assert_eq!(read.weights(), knowledge.weights());
    let mut repeated = 0;
    for (document, cut) in &documents {
        let lines = knowledge.lines(document, cut, &[]);
        assert_eq!(read.lines(document, cut, &[]), lines);
        repeated += lines.len();
    }
    assert!(repeated >= 40, "{repeated}");
    assert_eq!(read.to_bytes(), bytes);
    let others = knowledge.clone().for_other_documents();
    let (document, cut) = documents.last().unwrap();
    assert_eq!(others.lines(document, cut, &[]), knowledge.lines(document, cut, &[]));
    assert!(others.to_bytes().len() < bytes.len() && others.weights().is_empty());
}

#[test]
fn counts_that_do_not_go_together_are_refused() {
    let documents = documents();
    let mut sum = FirstCounts::new(Settings::default());
    let error = sum.merge(FirstCounts::new(Settings { shingle: 5, ..Settings::default() })).unwrap_err().to_string();
    assert!(error.contains("shingle = 5") && error.contains("shingle = 3"), "{error}");
    let marked = Settings { set_aside: false, ..Settings::default() };
    let error = SecondCounts::new(marked).merge(SecondCounts::new(Settings::default())).unwrap_err().to_string();
    assert!(error.contains("set_aside = true"), "{error}");
    let (document, cut) = &documents[0];
    sum.observe(document, cut);
    let error = SecondCounts::from_bytes(&sum.to_bytes()).unwrap_err().to_string();
    assert!(error.contains("they are counts of the first round"), "{error}");
    let first = sum.know();
    let groups = Groups::of(&[Row::of(0, document, cut)]);
    let mut second = SecondCounts::new(Settings::default());
    let error = second.clone().know(first.clone(), groups.clone()).unwrap_err().to_string();
    assert!(error.contains("other documents than the first"), "{error}");
    second.observe(&first, document, cut, true);
    second.know(first, groups).unwrap();
}
