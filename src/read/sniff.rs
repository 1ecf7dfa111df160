//! Recognizes the format and the compression of an input by its name and its first bytes.

use std::path::Path;

use serde::de::IgnoredAny;

use super::feed::{arrays, junk};
use super::markup::{Kind, Tokens};
use super::{Compression, Fields, Format};

/// Bytes that show the compression.
pub(super) const MAGIC_BYTES: usize = 10;

/// Bytes that are looked at to find the format.
pub(super) const SAMPLE_BYTES: usize = 64 << 10;

/// Endings of names that say JSON or XML, which are of several formats.
const JSON_ENDINGS: &[&str] = &["json"];
const XML_ENDINGS: &[&str] = &["xml", "rss", "atom", "rdf"];

/// Returns the endings of the names that are read when a folder is walked, for a message.
pub(super) fn known_endings() -> String {
    let own = Format::ALL.iter().flat_map(|format| format.codec().endings());
    let mut all: Vec<String> = own.chain(JSON_ENDINGS).chain(XML_ENDINGS).map(|ending| format!(".{ending}")).collect();
    let last = all.pop().unwrap_or_default();
    format!("{} or {last}", all.join(", "))
}

/// Returns the compression that the first bytes show, whatever the name says.
pub(super) fn compression(head: &[u8]) -> Compression {
    match head {
        [0x1f, 0x8b, 0x08, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
        // The letters BZh alone could start a text: what follows them is the magic of a block, or of an empty stream.
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Compression::Bzip2,
        _ => Compression::None,
    }
}

/// The format that a file's name shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// Its ending names the format.
    Surely(Format),
    /// `.json`: JSON Lines to some, one JSON value to others.
    Json,
    /// `.xml` and the like: a feed, or something else.
    Xml,
    /// Its ending names no format.
    Unknown,
}

/// Returns the format that a file's name shows, with the ending of a compressed file taken off first.
pub(super) fn named(path: &Path) -> Named {
    let Some(name) = path.file_name() else { return Named::Unknown };
    let name = name.to_string_lossy().to_ascii_lowercase();
    let bare = [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    match bare.rsplit_once('.').map_or("", |(_, ending)| ending) {
        ending if JSON_ENDINGS.contains(&ending) => Named::Json,
        ending if XML_ENDINGS.contains(&ending) => Named::Xml,
        ending => Format::of_ending(ending).map_or(Named::Unknown, Named::Surely),
    }
}

/// The keys under which objects hold their records, where it is not seen that they hold nothing else.
const RECORD_KEYS: [&str; 14] = [
    "items",
    "data",
    "results",
    "articles",
    "documents",
    "docs",
    "records",
    "entries",
    "posts",
    "news",
    "stories",
    "rows",
    "hits",
    "list",
];

/// A shape of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Json {
    /// An object on each line.
    Lines,
    /// Records in an array or one after the other, on as many lines as they like.
    Records,
}

/// Returns the shape of a text that is JSON. A line that the sample cuts off counts if it is good so far.
pub(super) fn json(text: &str) -> Option<Json> {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if let Some(array) = text.strip_prefix('[') {
        return array.trim_start().starts_with('{').then_some(Json::Records);
    }
    if !text.starts_with('{') {
        return None;
    }
    let (line, more) = text.split_once('\n').map_or((text, None), |(line, more)| (line, Some(more)));
    let has_text = |object: &str| has_text(object);
    let in_array = |named: bool| {
        let arrays = arrays(line);
        // Its own text would be outside of its arrays. What is cut off may be of an array.
        let outside = has_text(&without(line, &arrays, named));
        let of_records = |(key, array): &(String, Vec<&str>)| {
            (!named || RECORD_KEYS.contains(&key.as_str())) && array.first().is_some_and(|first| has_text(first))
        };
        !outside && arrays.iter().any(of_records)
    };
    match (serde_json::from_str::<IgnoredAny>(line), more) {
        (Ok(_), more) if more.is_none_or(|more| more.trim().is_empty()) && in_array(false) => Some(Json::Records),
        (Ok(_), _) => Some(Json::Lines),
        (Err(e), None) if e.is_eof() => Some(if in_array(true) { Json::Records } else { Json::Lines }),
        (Err(e), Some(more)) if e.is_eof() && !more.trim().is_empty() => {
            let whole = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>().next()?;
            whole.map_or_else(|e| e.is_eof(), |_| true).then_some(Json::Records)
        }
        _ => None,
    }
}

/// Returns an object without the elements of its arrays; if it is cut off, without what follows them.
fn without(object: &str, arrays: &[(String, Vec<&str>)], cut_off: bool) -> String {
    let mut left = String::new();
    let mut at = 0;
    for element in arrays.iter().flat_map(|(_, array)| array) {
        let start = element.as_ptr() as usize - object.as_ptr() as usize;
        left.push_str(&object[at..start]);
        at = start + element.len();
    }
    if cut_off { left } else { left + &object[at..] }
}

/// Returns whether a text as one of the usual names is in a piece of JSON.
fn has_text(json: &str) -> bool {
    let fields = Fields::default();
    fields.text.iter().any(|name| {
        json.match_indices(&format!("\"{name}\"")).any(|(at, key)| {
            let value = json[at + key.len()..].trim_start().strip_prefix(':');
            value.is_some_and(|value| value.trim_start().starts_with('"'))
        })
    })
}

/// Returns whether what was found to be a feed has documents, as far as its first bytes show: JSON may be of any kind.
pub(super) fn has_documents(head: &[u8]) -> bool {
    let (text, _, _) = encoding_rs::UTF_8.decode(head);
    let first = text.trim_start().chars().next();
    let is_json = matches!(first, Some('{' | '['));
    if is_json { is_feed(&text) || has_text(&text) } else { is_feed(&text[junk(&text)..]) }
}

/// Returns whether the first element is one that feeds start with, or the first object has a version of JSON Feed.
pub(super) fn is_feed(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with('{') {
        // Slashes may be escaped.
        let version = text.replace("\\/", "/");
        let at = version.find("//jsonfeed.org/version/").or_else(|| version.find("//www.jsonfeed.org/version/"));
        return at.is_some_and(|at| version[..at].contains("\"version\""));
    }
    // UTF-16 without a byte order mark has a zero byte beside each letter.
    let text: String = text.chars().filter(|&c| c != '\0').collect();
    let first = Tokens::new(&text).find(|token| matches!(token.kind, Kind::Start | Kind::Empty));
    let Some(first) = first.filter(|_| text.starts_with('<')) else { return false };
    let (prefix, local) = first.name(&text).rsplit_once(':').unwrap_or(("", first.name(&text)));
    let vocabulary = |uri: &str| first.attributes(&text).iter().any(|(_, value)| value.contains(uri));
    match local {
        "rss" => prefix.is_empty(),
        "RDF" => vocabulary("//purl.org/rss/") || vocabulary("netscape.com/rdf/simple/") || text.contains("<channel"),
        // Some have lost their namespace.
        "feed" if !first.attributes(&text).iter().any(|(key, _)| *key == "xmlns") && prefix.is_empty() => {
            text.contains("<entry")
        }
        "feed" => vocabulary("//www.w3.org/2005/Atom") || vocabulary("//purl.org/atom/ns"),
        _ => false,
    }
}

/// Returns whether a text starts as a page of HTML does.
pub(super) fn is_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(14).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return true;
    }
    let xml = start.starts_with("<?xml") || start.starts_with("<!--");
    xml && Tokens::new(text).find(|token| token.kind == Kind::Start).is_some_and(|first| first.name(text) == "html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format() {
        let of = |name: &str| named(Path::new(name));
        assert_eq!(of("a/b.txt"), Named::Surely(Format::Text));
        assert_eq!(of("README.MD.gz"), Named::Surely(Format::Text));
        assert_eq!(of("x.jsonl.zst"), Named::Surely(Format::JsonLines));
        assert_eq!(of("x.json.bz2"), Named::Json);
        assert_eq!(of("x.tar"), Named::Unknown);
        assert_eq!(of("jsonl"), Named::Unknown);
    }

    #[test]
    fn first_line_tells_the_format() {
        assert_eq!(Format::of_head(b"{\"a\": 1}\n"), Format::JsonLines);
        assert_eq!(Format::of_head(b"\xef\xbb\xbf\n \r\n  {\"a\": 1}\r\nrubbish"), Format::JsonLines);
        assert_eq!(Format::of_head(b"\xff\xfe{\0}\0\n\0"), Format::JsonLines);
        assert_eq!(Format::of_head(b"{not json}\n{\"a\": 1}"), Format::Text);
        assert_eq!(Format::of_head(b"[1, 2]"), Format::Text);
        assert_eq!(Format::of_head(b""), Format::Text);
    }

    #[test]
    fn json_of_other_shapes_is_read_as_a_feed_is() {
        for records in [
            "{\n  \"a\": 1\n}",
            "{\n  \"text\": \"a\"\n}\n{\n  \"text\": \"b\"\n}",
            "[{\"text\": \"a\"}]",
            "\u{feff}[\n  {\n",
            "{\"items\": [{\"text\": \"a\"}]}\n",
            "{\"total\": 2, \"data\": [{\"body\": \"a\"}, {\"bo",
            "{\"items\": [{\"body\": \"a\"}, {\"body\": \"b",
        ] {
            assert_eq!(Format::of_head(records.as_bytes()), Format::Feed, "{records}");
        }
        for lines in [
            "{\"text\": \"a\", \"comments\": [{\"text\": \"b\"}]}\n",
            "{\"comments\": [{\"text\": \"b\"}], \"text\": \"a\"}",
            "{\"items\": [{\"text\": \"a\"}]}\n{\"items\": [{\"text\": \"b\"}]}\n",
            "{\"comments\": [{\"text\": \"b\"}, {\"te",
        ] {
            assert_eq!(Format::of_head(lines.as_bytes()), Format::JsonLines, "{lines}");
        }
        for text in ["{\"text\": \"cut\n{\"text\": \"a\"}", "[link](x)", "{x}"] {
            assert_eq!(Format::of_head(text.as_bytes()), Format::Text, "{text}");
        }
        assert!(has_documents(b"[{\"id\": 1, \"content\" : \"a\"}]") && !has_documents(b"[{\"name\": \"content\"}]"));
    }

    #[test]
    fn feeds_are_known_by_their_first_element() {
        for feed in [
            "<?xml version='1.0'?>\n<!-- x -->\n<rss version='2.0'>",
            "\u{feff}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>",
            "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\">",
            "{\n  \"version\": \"https://jsonfeed.org/version/1.1\",",
            "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": []}",
            "{\"version\":\"https:\\/\\/jsonfeed.org\\/version\\/1\",\"items\":[]}",
            "<feed>\n<title>x</title><entry>",
            "<feed version='0.3' xml:lang='en'><entry>",
            "<feed xmlns='https://www.w3.org/2005/Atom'>",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><channel>",
            "<br />\n<b>Warning</b>: unlink() in <b>/srv/a.php</b> on line <b>3</b><br />\n<?xml version='1.0'?><rss>",
            "PHP Notice:  Undefined index in /srv/a.php on line 3\n<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<?xml version='1.0'?><urlset>",
        ] {
            assert_eq!(Format::of_head(feed.as_bytes()), Format::Feed, "{feed}");
        }
        assert_eq!(Format::of_head(b"<\0r\0s\0s\0>\0"), Format::Feed);
        for other in [
            "<html><rss>",
            "<feed>",
            "a <rss>",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
            "{\"text\": \"see https://jsonfeed.org/version/1\"}",
        ] {
            assert_ne!(Format::of_head(other.as_bytes()), Format::Feed, "{other}");
        }
    }

    #[test]
    fn a_line_longer_than_the_sample_counts() {
        let line = format!("{{\"text\": \"{}", "word ".repeat(SAMPLE_BYTES));
        assert_eq!(Format::of_head(&line.as_bytes()[..SAMPLE_BYTES]), Format::JsonLines);
    }

    #[test]
    fn a_text_may_start_like_bzip2() {
        assert_eq!(compression(b"BZh9 is a magic number"), Compression::None);
        assert_eq!(compression(b"BZh91AY&SY.."), Compression::Bzip2);
        assert_eq!(compression(b"\x1f\x8b\x08"), Compression::Gzip);
        assert_eq!(compression(b""), Compression::None);
    }
}
