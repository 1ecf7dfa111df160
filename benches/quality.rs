//! How good what flong finds is, beside how fast: one line for each input whose truth is known.
//!
//! No statistics: quality is the same in every run, and the speed of one run is a rough guide (`stages` measures it).

use std::time::Instant;

use flong::{Document, Found, Grain, Params, find};

#[path = "support/generate.rs"]
mod generate;
#[path = "support/inputs.rs"]
mod inputs;
#[path = "support/score.rs"]
mod score;

/// Runs at grain document and says how good and how fast.
fn measure(name: &str, documents: &[Document], score: impl Fn(&Found) -> String) {
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let start = Instant::now();
    let found = find(documents, &Params { grains: vec![Grain::Document], ..Params::default() });
    let seconds = start.elapsed().as_secs_f64();
    let (speed, rate) = (bytes as f64 / 1e6 / seconds, documents.len() as f64 / seconds);
    println!("{name:<16} {speed:>6.1} MB/s {rate:>9.0} documents/s   {}", score(&found));
}

fn generated(documents: usize) {
    let made = inputs::made(documents, 1);
    measure(&format!("generated {documents}"), &inputs::documents(&made), |found| {
        let score = score::generated(&made, found);
        let recall = ["exact", "near", "excerpt"].map(|kind| format!("{kind} {:.3}", score.recall(kind)));
        let templates = score.recall("template");
        format!(
            "precision {:.4}  recall {}  templates taken for copies {templates:.3}",
            score.precision,
            recall.join(" ")
        )
    });
}

fn main() {
    generated(2_000);
    // `cargo bench -- --test` asks whether this runs at all.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    generated(20_000);
    let shared = inputs::shared;
    let news = (shared("nairagazer-2020-11/documents.jsonl.zst"), shared("nairagazer-2020-11/pairs.tsv"));
    if let (Some(path), Some(pairs)) = news {
        let pairs = std::fs::read_to_string(pairs).expect("the labels can be read");
        let documents = inputs::read(&path);
        measure("nairagazer", &documents, |found| {
            let score = score::labelled(&documents, found, &pairs);
            let others = score.share(&["E", "T", "U"]);
            format!("{}  reworded {:.3}  others together {others:.3}", score.copies, score.share(&["R"]))
        });
    }
    if let Some(path) = shared("bible-verses/documents.jsonl.zst") {
        let verses = inputs::read(&path);
        for other in ["akjv", "asv", "dar", "bbe"] {
            let documents = score::translations(&verses, ["kjv", other]);
            let score = |found: &Found| score::passages(&documents, found).to_string();
            measure(&format!("bible kjv/{other}"), &documents, score);
        }
    }
}
