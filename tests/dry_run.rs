//! A dry run counts what a real run does: over formats, grains, rules and what is compared with.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::flong;
use crate::inputs::root;

/// Inputs of every format that can be edited or dropped in its own way, and two that cannot: in a folder of their own, and the
/// articles of the repository.
fn fixtures(here: &Path) {
    let articles = fs::read_dir(root().join("corpus/articles")).expect("the corpus is there");
    let mut paths: Vec<_> = articles.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    let lines: Vec<String> = paths.iter().flat_map(|path| lines_of(path)).collect();
    let news = lines_of(&root().join("corpus/news.jsonl"));
    let write = |name: &str, text: String| {
        let path = here.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    };
    write("lines/articles.jsonl", lines.join("\n"));
    write("lines/news.jsonl", news.join("\n") + "\n\n{\"id\": \"broken\"\n");
    write("array/articles.json", format!("[{}]", lines.join(",\n")));
    let cell = |value: &Value| format!("\"{}\"", value.as_str().unwrap_or_default().replace('"', "\"\""));
    let records: Vec<Value> = lines.iter().chain(&news).map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names = ["id", "source", "date", "title", "text"];
    let row = |record: &Value| names.map(|name| cell(&record[name])).join(",");
    write("tables/all.csv", [&[names.join(",")], &*records.iter().map(row).collect::<Vec<_>>()].concat().join("\n"));
    for (n, record) in records.iter().enumerate() {
        write(&format!("texts/{n:03}.txt"), record["text"].as_str().unwrap_or_default().to_owned());
    }
    for name in
        ["rss20-read-also.xml", "rss20-read-also-escaped.xml", "syndicated-a.xml", "syndicated-b.atom", "json11.json"]
    {
        fs::create_dir_all(here.join("feeds")).expect("there is room");
        fs::copy(root().join("tests/feeds").join(name), here.join("feeds").join(name)).expect("there is room");
    }
    #[cfg(feature = "parquet")]
    for (n, part) in lines.chunks(lines.len() / 3 + 1).enumerate() {
        fs::create_dir_all(here.join("shards")).expect("there is room");
        let part: Vec<&[u8]> = part.iter().map(|line| line.as_bytes()).collect();
        crate::shards::write(&here.join(format!("shards/part-{n}.parquet")), &part).expect("there is room");
    }
}

fn lines_of(path: &Path) -> Vec<String> {
    fs::read_to_string(path).expect("it can be read").lines().map(str::to_owned).collect()
}

/// Runs `clean` with some options, as a dry run and for real: the exit codes, and what is printed until the line that says where
/// to. Returns how many documents the real run drops and edits.
fn compare(here: &Path, options: &str) -> (u64, u64) {
    let run = |more: &str| {
        let output = flong(here, &format!("clean --isolated {options} {more}"), None);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 3)), "{options} {more}: {said}");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let counts: Vec<String> = printed.lines().map(str::to_owned).collect();
        (output.status.code(), counts, said)
    };
    let before = entries(here);
    let (code, mut dry, said) = run("--dry-run");
    assert_eq!(entries(here), before, "{options}: a dry run writes nothing");
    let (real_code, mut real, real_said) = run("--out cleaned");
    assert_eq!((code, &said), (real_code, &real_said), "{options}");
    assert!(dry.pop().is_some_and(|line| line.starts_with("nothing is written")), "{options}: {dry:?}");
    assert!(real.pop().is_some_and(|line| line.starts_with("written to cleaned")), "{options}: {real:?}");
    assert_eq!(dry, real, "{options}");
    let summary = fs::read(here.join("cleaned/summary.json")).expect("it is written");
    let summary: Value = serde_json::from_slice(&summary).expect("JSON");
    fs::remove_dir_all(here.join("cleaned")).expect("it is there");
    let count = |name: &str| summary["cleaned"][name].as_u64().expect("a count");
    (count("dropped"), count("edited"))
}

fn entries(folder: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("it is there").flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    names
}

#[test]
fn a_dry_run_counts_what_a_real_one_does() {
    let here = tempfile::tempdir().expect("there is room");
    fixtures(here.path());
    let nested = "--text-field doc.body --id-field doc.key --source-field meta.site --date-field meta.published";
    let mut inputs = vec!["lines".to_owned(), "array".into(), "tables".into(), "texts".into(), "feeds".into()];
    inputs.push("lines tables --against feeds".into());
    inputs.push("feeds --against lines".into());
    #[cfg(feature = "parquet")]
    inputs.extend([format!("shards {nested}"), format!("shards {nested} --against shards/part-1.parquet")]);
    let options = [
        "",
        "--grain document,paragraph,sentence",
        "--grain sentence --remove reworded --level reworded",
        "--only FL2",
        "--ignore FL101,FL206 --keep longest",
        "--mark",
        "--drop all",
    ];
    let (mut dropped, mut edited) = (0, 0);
    for (n, input) in inputs.iter().enumerate() {
        // The first input with each of the options, the others with two of them each.
        for (m, options) in options.iter().enumerate() {
            let is_allowed = !(input.contains("--against") && options.contains("--drop"));
            if is_allowed && (n == 0 || m == n % 7 || m == (n + 3) % 7) {
                let (more_dropped, more_edited) = compare(here.path(), &format!("{input} {options}"));
                (dropped, edited) = (dropped + more_dropped, edited + more_edited);
            }
        }
    }
    assert!(dropped > 100 && edited > 50, "the runs do something: {dropped} dropped, {edited} edited");
    // A limit of memory changes nothing.
    compare(here.path(), "lines tables --memory 1M");
}
