//! Figures of `flong eval` against others that count the same.

use std::process::Command;

use flong::config::{Config, Settings};
use flong::eval::{Evaluation, Labels, Options, Scores, evaluate_documents};
use flong::tune::tune;
use flong::{Document, Grain, Params, find};

use crate::cli::flong;
use crate::inputs::{read, root, shared};
use crate::score;

fn copies(evaluation: &Evaluation) -> (u64, u64, u64) {
    let Scores { right, wrong, missed, .. } = *evaluation.scores();
    (right, wrong, missed)
}

/// Every article of the corpus, and the pairs that are expected of them.
fn own() -> (Vec<Document>, Labels) {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(root().join("corpus/articles")).expect("the corpus is there") {
        all.extend(read(&entry.expect("the corpus can be read").path()));
    }
    let labels = Labels::read(&root().join("corpus/expected/pairs.tsv"), None).expect("the pairs can be read");
    (all, labels)
}

#[test]
fn figures_are_those_of_a_count_by_hand() {
    let (documents, labels) = own();
    let params = Params { grains: vec![Grain::Document], ..Params::default() };
    let evaluation = evaluate_documents(&documents, &params, &labels, &Options::default(), None).unwrap();
    // The other count knows the labels of readers only: S, R, and what is neither.
    let Labels::Pairs(pairs) = &labels else { panic!("they are pairs") };
    let letter = |label: &str| match label {
        "exact" | "near" | "excerpt" | "near|excerpt" | "exact|near" => "S",
        "template" | "none" => "T",
        _ => "R",
    };
    let lines = pairs.iter().map(|pair| format!("{}\t{}\t{}\n", pair.a, pair.b, letter(&pair.label)));
    let table = String::from("a\tb\tlabel\n") + &lines.collect::<String>();
    let counted = score::labelled(&documents, &find(&documents, &params), &table).copies;
    let (right, wrong, missed) = copies(&evaluation);
    assert_eq!((right, wrong, missed), (counted.right as u64, counted.wrong as u64, counted.missed as u64));
    assert!(right > 30 && right + missed < pairs.len() as u64, "{right} right, {missed} missed");
    let Evaluation::Pairs(report) = evaluation else { panic!("the labels are pairs") };
    assert_eq!(report.mistakes.len() as u64, wrong + missed);
    assert!(report.mistakes.iter().all(|mistake| !mistake.reason.is_empty()), "{:?}", report.mistakes);
}

#[test]
fn the_order_of_documents_and_labels_does_not_matter() {
    let (mut documents, mut labels) = own();
    let evaluate = |documents: &[Document], labels: &Labels| {
        evaluate_documents(documents, &Params::default(), labels, &Options::default(), None).unwrap()
    };
    let there = evaluate(&documents, &labels);
    documents.reverse();
    if let Labels::Pairs(pairs) = &mut labels {
        pairs.reverse();
        pairs.iter_mut().for_each(|pair| std::mem::swap(&mut pair.a, &mut pair.b));
    }
    assert_eq!(evaluate(&documents, &labels), there);
}

/// The line that `score_pairs.py` prints of the same run.
#[test]
fn figures_are_those_of_the_shared_tool() {
    let Some(path) = shared("nairagazer-2020-11/documents.jsonl.zst") else { return };
    let Some(pairs) = shared("nairagazer-2020-11/pairs.tsv") else { return };
    let tool = pairs.parent().and_then(|path| path.parent()?.parent()).map(|path| path.join("tools/score_pairs.py"));
    let Some(tool) = tool.filter(|tool| tool.exists()) else { return println!("skipped: no score_pairs.py") };
    let folder = tempfile::tempdir().expect("there is room");
    let run = flong(folder.path(), &format!("find '{}' --grain document --out found", path.display()), None);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let scored =
        Command::new("python3").arg(tool).arg("found/clusters.jsonl").arg(&pairs).current_dir(&folder).output();
    let Ok(scored) = scored else { return println!("skipped: no python3") };
    let scored = String::from_utf8_lossy(&scored.stdout).trim().to_owned();
    for input in ["found".to_owned(), path.display().to_string()] {
        let labels = pairs.display();
        let run = flong(folder.path(), &format!("eval '{input}' --labels '{labels}' --output-format json"), None);
        let report: serde_json::Value = serde_json::from_slice(&run.stdout).expect("the report is JSON");
        let figure = |name: &str| report["scores"][name]["value"].as_f64().expect("it is a number");
        let labels = report["labels"].as_array().expect("labels are counted");
        let apart = labels.iter().find(|label| label["label"] == "R").expect("some are labelled R");
        let ours = format!(
            "precision {:.3}  recall {:.3}  F1 {:.3}  reworded {}/{}",
            figure("precision"),
            figure("recall"),
            figure("f1"),
            apart["together"],
            apart["pairs"]
        );
        assert_eq!(ours, scored, "{input}");
        println!("{input}: {ours}");
    }
}

#[test]
fn tuning_on_labels_is_no_worse_than_the_defaults_and_its_settings_are_read() {
    let (documents, labels) = own();
    let Labels::Pairs(mut judged) = labels else { panic!("they are pairs") };
    // What is judged stricter than the defaults: a rewording is no copy here.
    judged.iter_mut().filter(|pair| pair.label == "reworded").for_each(|pair| pair.label = "other".into());
    let params = Params::default();
    let tuned = tune(&documents, &params, &judged, &Options::default()).unwrap();
    let f1 = |evaluation: &Evaluation| evaluation.scores().f1.value;
    assert!(!tuned.chosen.is_empty() && f1(&tuned.after) > f1(&tuned.before), "{}", tuned.toml());
    let settings = Settings::new(Config::parse(&tuned.toml()).unwrap(), None).unwrap();
    let again = settings.params().unwrap();
    let again = evaluate_documents(&documents, &again, &Labels::Pairs(judged), &Options::default(), None).unwrap();
    assert_eq!(again.scores(), tuned.after.scores(), "{}", tuned.toml());
}
