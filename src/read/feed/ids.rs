//! Ids that flong made up, written into items of feeds.

use serde_json::{Value, json};

use crate::Document;
use crate::read::json::lacks;

/// Returns an item of a feed, or an object of an array, with the id of its document, if that was made up: `None` if not, or
/// if it cannot be written there.
///
/// A record gets a field. An item of a published feed gets an element or a key that readers of feeds pass over: its id is
/// another one when the feed has other items, and a `guid` that changes would make an old item look new.
pub(crate) fn item_with_id(piece: &[u8], document: &Document, input: &str, field: &str) -> Option<Vec<u8>> {
    let number = document.id.strip_prefix(input)?.strip_prefix('#')?;
    let piece = std::str::from_utf8(piece).ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    let start = piece.find(['{', '<'])?;
    let (before, item) = piece.split_at(start);
    let (head, added, tail) = match document.provenance.given {
        Some(given) if given.id => return None,
        Some(_) => as_member(item, field, &Value::from(&*document.id))?,
        None if item.starts_with('{') => as_member(item, FEED_KEY, &json!({ "id": &*document.id }))?,
        None => as_element(item, &document.id)?,
    };
    Some([before, head, &added, tail].concat().into_bytes())
}

/// The key of a JSON Feed, and the namespace and name of an element, that a made-up id is written to.
const FEED_KEY: &str = "_flong";
const FEED_NAMESPACE: &str = "urn:flong";

/// Returns an object in two parts, and the member to write between them: on a line of its own if the others are.
fn as_member<'t>(object: &'t str, key: &str, value: &Value) -> Option<(&'t str, String, &'t str)> {
    let inner = object.strip_suffix('}').filter(|_| lacks(object, key))?.trim_end();
    let space = inner[1..].len() - inner[1..].trim_start().len();
    let added = format!(",{}{}: {value}", &inner[1..=space], Value::from(key));
    Some((inner, added, &object[inner.len()..]))
}

/// Returns an element in two parts, and the element to write between them: on a line of its own if the others are.
fn as_element<'t>(item: &'t str, id: &str) -> Option<(&'t str, String, &'t str)> {
    let end = item.rfind("</")?;
    let name = item[end + 2..].trim_end().strip_suffix('>')?.trim_end();
    let is_item = matches!(name.rsplit(':').next(), Some("item" | "entry"));
    let written = id.replace('&', "&amp;").replace('<', "&lt;");
    // A feed that was cleaned before has its ids.
    let can_be_written = is_item && !id.contains(char::is_control) && !item.contains(&format!(">{written}<"));
    let inner = item[..end].trim_end();
    let children = &inner[inner.find('>').filter(|_| can_be_written)? + 1..];
    let space = &children[..children.len() - children.trim_start().len()];
    let added = format!("{space}<flong:id xmlns:flong=\"{FEED_NAMESPACE}\">{written}</flong:id>");
    Some((inner, added, &item[inner.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Given, Provenance};

    #[test]
    fn items_of_feeds_get_what_readers_pass_over() {
        let with = |piece: &str, id: &str, given: Option<bool>| {
            let given = given.map(|id| Given { id, ..Given::default() });
            let provenance = Provenance { given, ..Provenance::default() };
            let document = Document { provenance, ..Document::new(id, "a") };
            item_with_id(piece.as_bytes(), &document, "a&b.xml", "id").map(|item| String::from_utf8(item).unwrap())
        };
        let element = "<flong:id xmlns:flong=\"urn:flong\">a&amp;b.xml#2</flong:id>";
        assert_eq!(
            with("\n<item>\n  <title>A</title>\n</item>", "a&b.xml#2", None).unwrap(),
            format!("\n<item>\n  <title>A</title>\n  {element}\n</item>")
        );
        let written = with("<a:entry><a:title>A</a:title></a:entry>", "a&b.xml#2", None).unwrap();
        assert_eq!(written, format!("<a:entry><a:title>A</a:title>{element}</a:entry>"));
        assert_eq!(with(&written, "a&b.xml#2", None), None, "it has one already");
        assert_eq!(with("<item><guid>x</guid></item>", "x", None), None);
        assert_eq!(with("<item><title>cut off", "a&b.xml#2", None), None);
        assert_eq!(
            with(", {\"content_text\": \"a\"}", "a&b.xml#1", None).unwrap(),
            ", {\"content_text\": \"a\",\"_flong\": {\"id\":\"a&b.xml#1\"}}"
        );
        assert_eq!(
            with(",\n  {\n    \"text\": \"a\"\n  }", "a&b.xml#1", Some(false)).unwrap(),
            ",\n  {\n    \"text\": \"a\",\n    \"id\": \"a&b.xml#1\"\n  }"
        );
        assert_eq!(with("{\"id\": null, \"text\": \"a\"}", "a&b.xml#1", Some(false)), None);
        assert_eq!(with("{\"id\": \"a&b.xml#1\", \"text\": \"a\"}", "a&b.xml#1", Some(true)), None);
    }
}
