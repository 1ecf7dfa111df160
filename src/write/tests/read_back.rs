//! The cleaned documents, read from the output.

use super::*;

/// Returns the cleaned documents: ids and texts, read from the output.
pub(super) fn read_back(run: &Run) -> Vec<(Box<str>, String)> {
    let layout = run.output("layout.jsonl");
    let header: layout::Header = serde_json::from_str(layout.lines().next().unwrap()).unwrap();
    assert_eq!(header.id, "id");
    let mut texts = Vec::new();
    for line in layout.lines().skip(1).take(run.inputs.len()) {
        let line: layout::InputLine = serde_json::from_str(line).unwrap();
        let Some(file) = &line.file else { continue };
        if line.input.format != Format::JsonLines {
            texts.push((line.input.name.as_str().into(), run.output(file)));
        } else {
            let output = run.output(file);
            let mut records = output.split_terminator('\n');
            let went_on = |fate| matches!(fate, edit::Fate::Kept | edit::Fate::Edited);
            for (record, _) in
                line.records.iter().zip(0u64..).filter(|((fate, _), _)| went_on(*fate)).map(|(a, b)| (b, a))
            {
                texts.push(read_record(run, &line.input.name, record, records.next().unwrap()));
            }
            assert_eq!(records.next(), None);
        }
    }
    texts
}

/// Returns a cleaned record as it reads, with the id of the one it was; nothing but the text may have changed.
fn read_record(run: &Run, input: &str, number: u64, record: &str) -> (Box<str>, String) {
    let document = run.documents.iter().find(|document| {
        document.provenance.place.record == number && run.inputs[document.provenance.place.input as usize].name == input
    });
    let document = document.unwrap();
    let original = std::str::from_utf8(document.provenance.record.as_deref().unwrap()).unwrap();
    let without = match document.provenance.given.unwrap().id {
        true => record.to_owned(),
        false => Format::JsonLines.codec().without_id(record, "id", None).unwrap(),
    };
    let (whole, record) = (record, &*without);
    let (was, is) = (text_value(original, &run.fields).unwrap().range, text_value(record, &run.fields).unwrap().range);
    assert_eq!((&original[..was.start], &original[was.end..]), (&record[..is.start], &record[is.end..]));
    let alone = Run::read(&[("one.jsonl", whole.as_bytes())]);
    assert_eq!(alone.documents[0].id, document.id);
    (document.id.clone(), alone.documents[0].text.to_string())
}
