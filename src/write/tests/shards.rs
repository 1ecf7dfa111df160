//! Files of their own for inputs of JSON Lines, their ids, and documents of which nothing is left.

use super::*;

#[test]
fn a_text_that_is_all_boilerplate_may_be_dropped() {
    let line = br#"{"text": " Read more \u00bb ", "id": "a"}"#;
    let run = Run::read(&[("a.jsonl", line), ("b.txt", b"Read more"), ("c.txt", b" ")]);
    let cleaned = run.clean_with(&[without(&run, 0, "Read more »"), without(&run, 1, "Read more")], true);
    assert_eq!((cleaned.kept, cleaned.edited, cleaned.dropped, cleaned.emptied), (1, 0, 2, 2));
    assert_eq!(cleaned.emptied_documents, [0, 1]);
    assert_eq!(run.output("documents/a.jsonl"), "");
    let told = concat!(
        r#"{"id":"a","source":null,"input":"a.jsonl","line":1,"rule":"FL206","kind":"empty-after-removal","kept":null,"#,
        r#""similarity":1.0,"reason":"nothing is left of it: all of it falls under FL201"}"#
    );
    assert_eq!(run.output("dropped.jsonl").lines().next(), Some(told));
    assert_eq!(run.restore().unwrap().restored.len(), 3);
    assert_eq!(fs::read(run.path("back/a.jsonl")).unwrap(), line);
}

#[test]
fn each_input_of_lines_has_its_file_with_ids() {
    let [a, b] = ["{\"text\": \"One\"}\r\n\n{\"text\": \"Two\", \"id\": 7}", "{\"text\": \"Three\"}\n"];
    let run = Run::read(&[("x/a.jsonl.gz", a.as_bytes()), ("x/b.jsonl", b.as_bytes()), ("x/c.jsonl", b"")]);
    run.clean(&[dropped(2, 0)]);
    let with_id = "{\"text\": \"One\",\"id\":\"x/a.jsonl.gz:1\"}\n{\"text\": \"Two\", \"id\": 7}\n";
    assert_eq!(run.output("documents/x/a.jsonl.gz"), with_id);
    assert_eq!((run.output("documents/x/b.jsonl"), run.output("documents/x/c.jsonl")), ("".into(), "".into()));
    assert_eq!(run.restore().unwrap().restored, ["x/a.jsonl", "x/b.jsonl", "x/c.jsonl"]);
    assert_eq!(fs::read_to_string(run.path("back/x/a.jsonl")).unwrap(), a);
}
