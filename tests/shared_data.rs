//! Real, labelled texts, where they are there. Each test prints what it measured.

use std::fs::File;
use std::path::Path;

use flong::verify::Kind;
use flong::{Document, Found, Grain, Params, UnitId, find};

use crate::cli::flong;
use crate::inputs::{read, shared};
use crate::score;

/// Compares at one grain alone.
fn at(grain: Grain) -> Params {
    Params { grains: vec![grain], ..Params::default() }
}

#[test]
fn copies_of_news_feeds() {
    let Some(path) = shared("nairagazer-2020-11/documents.jsonl.zst") else { return };
    let Some(pairs) = shared("nairagazer-2020-11/pairs.tsv") else { return };
    let documents = read(&path);
    let found = find(&documents, &at(Grain::Document));
    let pairs = std::fs::read_to_string(pairs).expect("the labels can be read");
    let score = score::labelled(&documents, &found, &pairs);
    println!("news feeds: {}  together by label {:?}", score.copies, score.together);
    println!("wrong: {}", score.wrong.join(", "));
    assert!(score.copies.f1() >= 0.93);
    // Rewordings are claimed only where clauses are shared: half of these are, and 87% of what is claimed is one.
    assert!(score.share(&["R"]) >= 0.45);
    assert!(score.share(&["E", "T", "U"]) <= 0.05);
}

#[test]
fn passages_in_two_translations() {
    let Some(path) = shared("bible-verses/documents.jsonl.zst") else { return };
    let verses = read(&path);
    for (other, least) in [("asv", 0.84), ("dar", 0.79), ("bbe", 0.57)] {
        let documents = score::translations(&verses, ["kjv", other]);
        let score = score::passages(&documents, &find(&documents, &at(Grain::Document)));
        println!("kjv and {other}: {score}");
        assert!(score.f1() >= least, "kjv and {other}: {score}");
    }
}

/// The pairs that match, as pieces of the text, with the kind of the match.
fn pieces<'t>(document: &'t Document, found: &Found) -> Vec<(&'t str, &'t str, Kind)> {
    let text = |unit: UnitId| found.unit(unit).span.of(&document.text);
    found.matches.iter().map(|m| (text(m.a), text(m.b), m.verified.kind)).collect()
}

#[test]
fn statements_reworded_within_one_article() {
    let Some(path) = shared("seed/ryabkov.txt") else { return };
    let documents = read(&path);
    let [article] = &documents[..] else { panic!("one file is one document") };
    let lines: Vec<&str> = article.text.lines().collect();
    let line = |piece: &str| lines.iter().position(|line| line.contains(piece)).expect("a piece is in a line") + 1;

    let paragraphs = pieces(article, &find(&documents, &at(Grain::Paragraph)));
    let mut matched: Vec<(usize, usize, Kind)> =
        paragraphs.iter().map(|&(a, b, kind)| (line(a).min(line(b)), line(a).max(line(b)), kind)).collect();
    matched.sort_unstable();
    println!("lines that match: {matched:?}");
    assert!(matched.contains(&(2, 3, Kind::Reworded)));
    assert!(matched.contains(&(1, 4, Kind::Reworded)));
    let alone = |line: usize| (5..=9).contains(&line);
    assert!(!matched.iter().any(|&(a, b, _)| alone(a) || alone(b)), "lines 5 to 9 match nothing");

    let sentences = pieces(article, &find(&documents, &at(Grain::Sentence)));
    println!("sentences that match: {sentences:#?}");
    let first = |n: usize| lines[n - 1].split_once(". ").expect("the line has two sentences").0;
    let echoed = sentences.iter().any(|&(a, b, kind)| {
        let (last, other) = if a.starts_with("Despite external pressure, both") { (a, b) } else { (b, a) };
        kind == Kind::Reworded
            && last.starts_with("Despite external pressure, both")
            && [2, 3].iter().any(|&n| other.starts_with(first(n)))
    });
    assert!(echoed, "the last sentence says what the first of line 2 or 3 says");
}

/// All bytes of a packed file.
fn unpacked(path: &Path) -> Vec<u8> {
    zstd::decode_all(File::open(path).expect("the file is there")).expect("the file is whole")
}

#[test]
fn what_is_cleaned_comes_back() {
    for name in ["nairagazer-2020-11", "reuters-21578"] {
        let Some(path) = shared(&format!("{name}/documents.jsonl.zst")) else { continue };
        let folder = tempfile::tempdir().expect("there is room");
        let original = unpacked(&path);
        std::fs::write(folder.path().join("documents.jsonl"), &original).expect("there is room");
        for command in ["clean documents.jsonl --out cleaned -q", "restore cleaned --out restored -q"] {
            let output = flong(folder.path(), command, None);
            assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let cleaned = std::fs::metadata(folder.path().join("cleaned/documents.jsonl")).expect("it was written").len();
        println!("{name}: {} bytes, {cleaned} after cleaning", original.len());
        assert!(cleaned < original.len() as u64, "{name}: something goes");
        let restored = std::fs::read(folder.path().join("restored/documents.jsonl")).expect("it was written");
        assert!(restored == original, "{name}: the originals come back byte for byte");
    }
}
