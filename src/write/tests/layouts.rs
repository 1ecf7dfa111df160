//! Tests of restoring layouts that are damaged, of an earlier version, or of inputs that were too long.

use super::*;

#[test]
fn a_text_that_was_too_long_is_never_called_restored() {
    // As much is read of it as its byte order mark.
    let options = ReadOptions { keep_records: true, max_record: 2, ..ReadOptions::default() };
    let run = Run::read_with(&[("a.txt", b"\xef\xbb\xbfOne."), ("b.txt", b"Two")], &options);
    run.clean(&[]);
    let report = run.restore().unwrap();
    assert_eq!(report.incomplete, [("a.txt".to_owned(), 1), ("b.txt".to_owned(), 1)]);
    assert!(report.restored.is_empty());
}

#[test]
fn an_input_that_the_layout_lacks_is_missed() {
    let run = Run::read(&[("a.txt", b"One."), ("b.txt", b"Two.")]);
    run.clean(&[]);
    let layout = run.output("layout.jsonl");
    let without: String = layout.split_inclusive('\n').filter(|line| !line.contains("\"b.txt\"")).collect();
    assert_ne!(layout, without);
    fs::write(run.path("out/layout.jsonl"), without).unwrap();
    assert!(matches!(run.restore(), Err(Error::Damaged { .. })));
}

#[test]
fn layouts_of_version_1_have_no_checksum_and_are_restored() {
    let lines = b"{\"text\": \"One. See also. Two.\"}\n";
    let run = Run::read(&[("a.jsonl", lines)]);
    run.clean(&[without(&run, 0, "See also.")]);
    let layout = run.output("layout.jsonl").replacen("{\"layout\":3,", "{\"layout\":1,", 1);
    let (before, checksum) = layout.rsplit_once(",\"layout\":").unwrap();
    assert_eq!(checksum.len(), "\"0123456789abcdef\"}\n".len());
    fs::write(run.path("out/layout.jsonl"), format!("{before}}}\n")).unwrap();
    assert_eq!(run.restore().unwrap().restored, ["a.jsonl"]);
    // Its counts are held against the number of records all the same.
    let odd = before.replacen("\"edited\",1,", "\"edited\",18446744073709551615,", 1);
    fs::write(run.path("out/layout.jsonl"), format!("{odd}}}\n")).unwrap();
    assert!(matches!(run.restore(), Err(Error::Damaged { .. })));
}
