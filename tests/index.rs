//! The index: the same answers however its items came, agreement with `find` on old and new together, and nothing lost
//! when a run is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use flong::index::{Index, Settings};
use flong::pipeline::{Seen, add, commit, query};
use flong::verify::Kind;
use flong::{Document, Error, Grain, Params, UnitId, find, hash};

use crate::generate;
use crate::inputs;

fn params() -> Params {
    Params { grains: vec![Grain::Document], ..Params::default() }
}

/// Made documents: those to add, then those to ask about.
fn made() -> (Vec<Document>, Vec<Document>) {
    let mut documents = inputs::documents(&inputs::made(900, 41));
    let new = documents.split_off(600);
    (documents, new)
}

fn settings(text: bool) -> Settings {
    Settings::of(&params(), text)
}

/// Adds documents in one go.
fn add_all(index: &Index, documents: &[Document]) -> u32 {
    let mut addition = index.addition().unwrap();
    add(&mut addition, documents, 20_000).unwrap();
    commit(addition, &params()).unwrap()
}

fn ask(index: &Index, documents: &[Document]) -> Vec<Seen> {
    query(documents, &index.reader().unwrap(), &params()).unwrap()
}

/// An index of documents that are added in parts.
fn index_of(folder: &Path, name: &str, documents: &[Document], parts: usize, text: bool) -> Index {
    let index = Index::write(folder.join(name), &settings(text)).unwrap();
    for part in 0..parts {
        add_all(&index, &documents[part * documents.len() / parts..(part + 1) * documents.len() / parts]);
    }
    index
}

/// What is said of each document and item.
fn verdicts(seen: &[Seen]) -> BTreeMap<(usize, Box<str>), Kind> {
    seen.iter().map(|seen| ((seen.document, seen.item.id.clone()), seen.verified.kind)).collect()
}

#[test]
fn at_once_or_in_parts_and_in_any_order_the_answers_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = made();
    let turned: Vec<Document> = old.iter().rev().cloned().collect();
    for text in [true, false] {
        let ask = |name: &str, documents: &[Document], parts: usize| {
            verdicts(&ask(&index_of(folder.path(), &format!("{name}{text}"), documents, parts, text), &new))
        };
        let whole = ask("whole", &old, 1);
        assert!(whole.len() > 50, "{}", whole.len());
        // In one go the order plays no part.
        assert_eq!(ask("turned", &turned, 1), whole);
        // In parts, other words may be telling when an item is sketched: a pair at the edge may be proposed or not, but
        // what is said of it is the same. It depends on nothing else.
        for parts in [ask("parts", &old, 10), ask("turned-parts", &turned, 3)] {
            let common = whole.iter().filter(|(pair, kind)| parts.get(*pair) == Some(kind)).count();
            println!("{} in one go, {} in parts, {common} the same", whole.len(), parts.len());
            assert!(common * 100 >= whole.len().max(parts.len()) * 98, "{common} of {} {}", whole.len(), parts.len());
        }
    }
}

#[test]
fn a_query_says_what_find_says_on_old_and_new_together() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = made();
    let seen = ask(&index_of(folder.path(), "index", &old, 1, true), &new);
    let both: Vec<Document> = old.iter().chain(&new).cloned().collect();
    let found = find(&both, &params());
    let document = |unit: UnitId| found.unit(unit).document.index();
    let mut expected = BTreeMap::new();
    for tie in &found.matches {
        let (a, b) = (document(tie.a).min(document(tie.b)), document(tie.a).max(document(tie.b)));
        if a < old.len() && b >= old.len() {
            expected.insert((both[b].id.clone(), both[a].id.clone()), tie.verified.kind);
        }
    }
    let seen: BTreeMap<_, _> =
        seen.iter().map(|seen| ((new[seen.document].id.clone(), seen.item.id.clone()), seen.verified.kind)).collect();
    let copies = |found: &BTreeMap<(Box<str>, Box<str>), Kind>| -> BTreeSet<_> {
        found.iter().filter(|(_, kind)| **kind <= Kind::Excerpt).map(|(pair, _)| pair.clone()).collect()
    };
    let (expected, seen) = (copies(&expected), copies(&seen));
    let common = expected.intersection(&seen).count();
    println!("copies: find {}, query {}, both {common}", expected.len(), seen.len());
    assert!(expected.len() > 50 && common * 100 >= expected.len() * 98 && common * 100 >= seen.len() * 98);
}

/// Made-up words that no other seed has.
fn words(seed: u64, count: u64) -> String {
    (0..count).map(|word| format!("w{:x} ", hash::constant(seed << 20 | word))).collect()
}

#[test]
fn a_passage_of_18_words_proposes_an_item_in_a_text_of_any_length() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(true);
    let passage = |n: u64| words(n, settings.fingerprints.sure_words(settings.shingle) as u64);
    assert_eq!(passage(0).split_whitespace().count(), 18);
    let cases: Vec<u64> = (0..60).collect();
    let inside = |n: &u64| format!("{}{}{}", words(1000 + n, n * 31), passage(*n), words(2000 + n, 2000 - n * 31));
    let documents = |text: &dyn Fn(&u64) -> String| -> Vec<Document> {
        cases.iter().map(|n| Document::new(n.to_string(), text(n))).collect()
    };
    let (long, short) = (documents(&inside), documents(&|n| passage(*n)));
    for (name, old, new) in [("long", &long, &short), ("short", &short, &long)] {
        let index = index_of(folder.path(), name, old, 1, true);
        let reader = index.reader().unwrap();
        for (n, document) in (0..).zip(new) {
            let cut = flong::segment::cut(document);
            let weights = reader.weights(cut.tokens.iter().map(|token| token.word)).unwrap();
            let candidates = reader.candidates(&reader.maker().entry(document, &cut, &weights)).unwrap();
            let found: Vec<u32> = candidates.iter().map(|candidate| candidate.item).collect();
            assert_eq!(found, [n], "{name} item {n}");
        }
    }
}

#[test]
fn what_is_there_is_not_added_again_and_knows_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (old, _) = made();
    let index = index_of(folder.path(), "index", &old, 2, true);
    let items = index.reader().unwrap().items();
    assert_eq!(add_all(&index, &old[..100]), 0);
    assert_eq!(index.reader().unwrap().items(), items);
    let same: BTreeSet<usize> =
        ask(&index, &old[..100]).into_iter().filter(|seen| seen.same).map(|seen| seen.document).collect();
    assert!(same.len() >= 99, "{} of 100 know themselves", same.len());
    assert_eq!(index.reader().unwrap().with_id(&old[7]).unwrap()[0].1.title, old[7].title);
}

#[test]
fn a_reader_sees_what_was_committed_and_one_writes_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let (old, new) = made();
    let index = index_of(folder.path(), "index", &old[..300], 1, true);
    let before = index.reader().unwrap();
    let mut addition = index.addition().unwrap();
    add(&mut addition, &old[300..], 0).unwrap();
    // Others open it while the addition waits, and see none of it; they cannot write.
    let other = Index::open(&path).unwrap();
    assert_eq!(other.reader().unwrap().items(), 300);
    assert_eq!(ask(&other, &new[..20]), query(&new[..20], &before, &params()).unwrap());
    match Index::write(&path, &settings(true)) {
        Err(Error::Usage(message)) => assert!(message.contains("another run is writing"), "{message}"),
        _ => panic!("two write"),
    }
    commit(addition, &params()).unwrap();
    assert_eq!(before.items(), 300, "a reader keeps what it has seen");
    assert_eq!(other.reader().unwrap().items(), 600);
    // What is dropped is not there.
    let mut addition = index.addition().unwrap();
    add(&mut addition, &new, 0).unwrap();
    drop(addition);
    assert_eq!(index.reader().unwrap().items(), 600);
}

#[test]
fn other_parameters_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    drop(Index::write(&path, &settings(true)).unwrap());
    let refusal = |settings: Settings| match Index::write(&path, &settings) {
        Err(Error::Usage(message)) => message,
        _ => panic!("not refused"),
    };
    assert!(refusal(Settings { shingle: 4, ..settings(true) }).contains("shingle: 3, and this run asks for 4"));
    let wide = flong::Bands { rows: 5, ..params().rewordings };
    assert!(refusal(Settings { rewordings: wide, ..settings(true) }).contains("rewordings: 32 x 3"));
    assert!(refusal(Settings { set_aside: false, ..settings(true) }).contains("set_aside"));
    assert!(refusal(settings(false)).contains("text"));
    let many = flong::Bands { bands: 300, ..params().rewordings };
    assert!(refusal(Settings { rewordings: many, ..settings(true) }).contains("1 to 180 bands"));
    assert!(Index::open(&path).unwrap().refuse_other(&Settings { shingle: 4, ..settings(true) }).is_err());
    std::fs::write(folder.path().join("other"), "no index, but a text that is long enough for one".repeat(999))
        .unwrap();
    for no_index in ["other", "missing", ""] {
        assert!(Index::open(folder.path().join(no_index)).is_err());
    }
}

#[test]
fn what_is_old_is_forgotten_and_the_rest_is_as_if_it_had_never_been() {
    let folder = tempfile::tempdir().unwrap();
    let (mut old, new) = made();
    let is_old = |i: usize| hash::constant(i as u64).is_multiple_of(3);
    for (i, document) in old.iter_mut().enumerate() {
        document.date = Some(if is_old(i) { "2019-12-31" } else { "Wed, 01 Jan 2020 10:00:00 GMT" }.into());
    }
    let left: Vec<Document> = old.iter().enumerate().filter(|(i, _)| !is_old(*i)).map(|(_, d)| d.clone()).collect();
    let index = index_of(folder.path(), "index", &old, 4, true);
    let forget = |day: &str| {
        let mut addition = index.addition().unwrap();
        let gone = addition.expire(flong::index::day(day).unwrap()).unwrap();
        commit(addition, &params()).unwrap();
        gone as usize
    };
    assert_eq!(forget("2019-12-31"), 0);
    assert_eq!(forget("2020-01-01"), old.len() - left.len());
    assert_eq!(index.reader().unwrap().items() as usize, left.len());
    let info = index.reader().unwrap().info().unwrap();
    assert_eq!(info.sources.values().sum::<u64>() as usize, left.len());
    let told = |seen: Vec<Seen>| -> BTreeSet<(usize, Box<str>)> {
        let copy = |seen: &Seen| seen.verified.kind <= Kind::Excerpt;
        seen.iter().filter(|seen| copy(seen)).map(|seen| (seen.document, seen.item.id.clone())).collect()
    };
    // Words are still weighed by all that was ever added, so copies are what is compared.
    let fresh = index_of(folder.path(), "fresh", &left, 1, true);
    let (mine, theirs) = (told(ask(&index, &new)), told(ask(&fresh, &new)));
    let common = mine.intersection(&theirs).count();
    assert!(
        common > 20 && common * 100 >= mine.len().max(theirs.len()) * 97,
        "{common} {} {}",
        mine.len(),
        theirs.len()
    );
    // It goes on as any other.
    assert_eq!(add_all(&index, &new) as usize, new.len());
    assert_eq!(forget("2100-01-01"), left.len() + new.len());
    assert!(ask(&index, &new).is_empty());
    assert_eq!(add_all(&index, &new[..10]), 10);
}

/// Kills `flong index add` at random moments, and checks each time that the index is the one before or the one after.
fn kill(times: u64, documents: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let made = inputs::made(documents, 77);
    let parts = 10;
    let write = |part: usize| {
        let name = folder.path().join(format!("{part}.jsonl"));
        let range = part * documents / parts..(part + 1) * documents / parts;
        let part = generate::Generated { documents: made.documents[range].to_vec(), truth: Vec::new() };
        generate::write_jsonl(&part, &mut std::fs::File::create(&name).unwrap()).unwrap();
        name
    };
    let files: Vec<_> = (0..parts).map(write).collect();
    let start = |part: usize| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flong"));
        command.args(["index", "add", "-q"]).arg(&path).arg(&files[part]);
        command.stderr(Stdio::null()).spawn().unwrap()
    };
    let size = |part: usize| ((part + 1) * documents / parts - part * documents / parts) as u32;
    // Committed whole, to know how long it takes.
    let clock = std::time::Instant::now();
    assert!(start(0).wait().unwrap().success());
    let whole = clock.elapsed();
    let (mut items, mut part, mut kept, mut lost) = (size(0), 1, 0, 0);
    for n in 0..times {
        let mut child = start(part);
        std::thread::sleep(whole.mul_f64((hash::constant(n) % 1000) as f64 / 600.0).max(Duration::from_millis(1)));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = Index::open(&path).unwrap().reader().unwrap().items();
        assert!(now == items || now == items + size(part), "{now} items after kill {n}, {items} before");
        if now == items {
            lost += 1;
        } else {
            kept += 1;
            items = now;
            part = if part + 1 < parts { part + 1 } else { break };
        }
    }
    println!("killed {}: {lost} before it was committed, {kept} after", kept + lost);
    assert!(lost > 0, "no kill came in time");
    let index = Index::write(&path, &settings(true)).unwrap();
    let added = inputs::documents(&made)[..items as usize].to_vec();
    assert_eq!(add_all(&index, &added), 0, "all that was committed is there");
    let same: BTreeSet<usize> =
        ask(&index, &added).into_iter().filter(|seen| seen.same).map(|seen| seen.document).collect();
    assert!(same.len() * 100 >= added.len() * 98, "{} of {} know themselves", same.len(), added.len());
}

#[test]
fn a_run_that_is_killed_leaves_the_index_as_it_was_or_as_it_was_to_be() {
    kill(6, 1500);
}

/// `cargo test --release --test main killed_fifty -- --ignored --nocapture`
#[test]
#[ignore = "takes a minute"]
fn a_run_that_is_killed_fifty_times() {
    kill(50, 20_000);
}
