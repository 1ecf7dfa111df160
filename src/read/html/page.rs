//! HTML pages: their main text, without what is around it.

use std::borrow::Cow;
use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;

#[cfg(feature = "html")]
use super::notice::remove_notices;
#[cfg(feature = "html")]
use super::outside::remove_outside;
use crate::read::coding::surely_utf8;
#[cfg(feature = "html")]
use crate::read::markup::Kind;
use crate::read::markup::{Plain, Tokens};
use crate::read::source::size;

/// The main text of a page, with its metadata.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::read) struct Page {
    pub title: Option<String>,
    pub date: Option<String>,
    pub url: Option<String>,
    pub text: String,
    /// Whether some bytes meant nothing in the page's encoding.
    pub lossy: bool,
    /// Whether its bytes are UTF-8 although another encoding is declared.
    pub overruled: bool,
}

impl Page {
    /// Returns what is odd about its encoding.
    pub fn odd(&self) -> Option<&'static str> {
        match (self.lossy, self.overruled) {
            (true, _) => Some("some bytes mean nothing in the page's encoding: each was read as U+FFFD"),
            (_, true) => Some("the page is said to be in another encoding, but its bytes are UTF-8: read as UTF-8"),
            _ => None,
        }
    }
}

/// Reads a page. `charset` is what came with it from elsewhere.
///
/// # Errors
/// If there is no main text in it, or its elements are nested deeper than `max_depth`: in words.
pub(in crate::read) fn page(bytes: &[u8], charset: Option<&str>, max_depth: usize) -> Result<Page, String> {
    if bytes.len() > MAX_PAGE_BYTES {
        return Err(format!("the page is longer than {}, the longest that is read", size(MAX_PAGE_BYTES as u64)));
    }
    let (encoding, overruled) = encoding(bytes, charset);
    let (html, _, lossy) = encoding.decode(bytes);
    // The extractor is asked only about what it can surely take.
    let plain = Plain::new(&html, max_depth);
    if plain.too_deep {
        return Err(format!(
            "the elements of the page lie more than {max_depth} deep in each other; --max-depth raises the limit"
        ));
    }
    if plain.reopened > MOST_REOPENED {
        return Err("the page leaves so many formatting elements (<b>, <font>) open that it was not read".into());
    }
    drop(plain);
    let mut page = main_text(&with_few_attributes(&html)?, max_depth)?;
    (page.lossy, page.overruled) = (lossy, overruled);
    if page.text.is_empty() { Err("no main text was found in the page".into()) } else { Ok(page) }
}

/// Longest page. Browsers give up on longer ones, and crawlers cut pages at a fraction of it; its elements and words take
/// some thirty times as much memory.
const MAX_PAGE_BYTES: usize = 16 << 20;
/// Formatting elements that a parser of HTML has to open again in later blocks, all blocks together. Each is a node of
/// its own, so a small page may ask for gigabytes.
const MOST_REOPENED: usize = 100_000;
/// Attributes of a tag that are kept for the extractor, which compares each with those before it.
const MOST_ATTRIBUTES: usize = 1000;
/// Tags whose quotes are never closed: a parser of HTML takes the rest of the page for attributes of the first.
const MOST_OPEN_QUOTES: usize = 1000;

/// Returns the page without the attributes of its tags after the first thousand.
///
/// # Errors
/// If very many tags have quotes that are never closed: in words.
fn with_few_attributes(html: &str) -> Result<Cow<'_, str>, String> {
    let mut tokens = Tokens::new(html);
    let excess: Vec<Range<usize>> =
        tokens.by_ref().filter_map(|token| token.attributes_after(html, MOST_ATTRIBUTES)).collect();
    if tokens.open_quotes() > MOST_OPEN_QUOTES {
        return Err(format!("more than {MOST_OPEN_QUOTES} tags of the page have quotes that are never closed"));
    }
    if excess.is_empty() {
        return Ok(html.into());
    }
    let (mut kept, mut from) = (String::with_capacity(html.len()), 0);
    for Range { start, end } in excess {
        kept.push_str(&html[from..start]);
        from = end;
    }
    kept.push_str(&html[from..]);
    Ok(kept.into())
}

/// Shortest main text that is accepted if the page has notices as well, in characters.
#[cfg(feature = "html")]
const MIN_ARTICLE_CHARS: usize = 40;

/// Returns the main text of a page.
#[cfg(feature = "html")]
fn main_text(html: &str, max_depth: usize) -> Result<Page, String> {
    let failed = |e| format!("no main text was found in the page: {e}");
    let mut page = dom_smoothie::Readability::new(html, None, None).map_err(failed)?;
    // Where nothing is left without its notices, they are what the page says.
    let removed = remove_notices(&page.doc) | remove_outside(&page.doc);
    let without = removed.then(|| page.parse().ok()).flatten();
    let article = match without.filter(|article| article.length >= MIN_ARTICLE_CHARS) {
        Some(article) => article,
        None => dom_smoothie::Readability::new(html, None, None).and_then(|mut page| page.parse()).map_err(failed)?,
    };
    let said =
        |value: &str| Some(value.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|said| !said.is_empty());
    Ok(Page {
        title: said(&article.title),
        date: article.published_time.as_deref().map(crate::date::normal).filter(|date| !date.is_empty()),
        url: address(html),
        text: Plain::new(&article.content, max_depth).traced.text,
        lossy: false,
        overruled: false,
    })
}

/// Returns the address that a page gives for itself: its canonical one, or that for sharing it.
#[cfg(feature = "html")]
fn address(html: &str) -> Option<String> {
    let mut shared = None;
    for token in Tokens::new(html).filter(|token| matches!(token.kind, Kind::Start | Kind::Empty)) {
        let name = token.name(html).to_ascii_lowercase();
        if name == "body" {
            break;
        }
        if name != "link" && name != "meta" {
            continue;
        }
        let attributes = token.attributes(html);
        let is =
            |key: &str, value: &str| attributes.iter().any(|(k, v)| k.eq_ignore_ascii_case(key) && v.trim() == value);
        let value =
            |key: &str| attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v.trim().to_owned());
        let absolute = |url: &String| url.contains("://");
        if name == "link" && is("rel", "canonical") {
            if let Some(url) = value("href").filter(absolute) {
                return Some(url);
            }
        } else if is("property", "og:url") {
            shared = shared.or(value("content").filter(absolute));
        }
    }
    shared
}

/// Fails: without the extractor no main text is found.
#[cfg(not(feature = "html"))]
fn main_text(_: &str, _: usize) -> Result<Page, String> {
    Err("the main text of pages is not looked for: this flong was built without its feature `html`".into())
}

/// Returns the encoding of a page: by its byte order mark, by what came with it, by what it says itself, or by its bytes.
fn encoding(bytes: &[u8], charset: Option<&str>) -> (&'static Encoding, bool) {
    let marked = || Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let given = || charset.and_then(|charset| Encoding::for_label(charset.as_bytes()));
    let guessed = || {
        if std::str::from_utf8(bytes).is_ok() {
            return UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, Utf8Detection::Allow)
    };
    if let Some(marked) = marked() {
        return (marked, false);
    }
    match given().or_else(|| declared(bytes)) {
        Some(said) if said != UTF_8 && surely_utf8(bytes, said) => (UTF_8, true),
        Some(said) => (said, false),
        None => (guessed(), false),
    }
}

/// Returns what `<meta charset=…>`, or the content type in a `<meta>`, says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    const HEAD: usize = 4 << 10;
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let behind = &head[memmem::find(&head, b"charset")? + "charset".len()..];
    let behind = behind.trim_ascii_start().strip_prefix(b"=")?;
    let start = behind.iter().position(|b| !matches!(b, b' ' | b'"' | b'\''))?;
    let label = &behind[start..];
    let end = label.iter().position(|b| matches!(b, b' ' | b'"' | b'\'' | b'>' | b'/' | b';')).unwrap_or(label.len());
    Encoding::for_label(&label[..end])
}

#[cfg(all(test, feature = "html"))]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ferry aground – The Gazette</title>
<link rel="canonical" href="https://gazette.example/ferry"><meta property="article:published_time" content="2026-03-03T19:05:00+01:00">
<meta property="og:title" content="Ferry runs aground off Aldermoor"><meta property="og:url" content="https://gazette.example/ferry"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Ferry runs aground off Aldermoor</h1>
<p>The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board, and the tide was falling, said the mate.</p>
<p>Nobody was hurt, the harbour master told reporters, and divers will inspect the hull before the vessel is towed to the yard.</p>
<p>Tugs from Penwick harbour came at dawn, café owners on the quay brought tea, and the cars were taken off by noon.</p></article>
<footer><p>© The Gazette. All rights reserved. <a href="/privacy">Privacy</a></p></footer></body></html>"#;

    #[test]
    fn a_page_that_no_browser_would_show_is_refused() {
        let page = |length: usize| page(&vec![b' '; length], None, 256).unwrap_err();
        assert!(page(MAX_PAGE_BYTES + 1).contains("longer than 16 MiB"));
        assert!(page(MAX_PAGE_BYTES).contains("no main text"));
    }

    #[test]
    fn the_main_text_is_found() {
        let page = page(PAGE.as_bytes(), None, 64).unwrap();
        assert_eq!(page.title.as_deref(), Some("Ferry runs aground off Aldermoor"));
        assert_eq!(page.date.as_deref(), Some("2026-03-03T18:05:00Z"));
        assert_eq!(page.url.as_deref(), Some("https://gazette.example/ferry"));
        assert!(
            page.text.starts_with("The ferry to Aldermoor") || page.text.starts_with("Ferry runs aground"),
            "{page:?}"
        );
        assert!(page.text.contains("said the mate.\n\nNobody was hurt"), "{}", page.text);
        assert!(!page.text.contains("Sport") && !page.text.contains("Privacy"), "{}", page.text);
        assert!(!page.lossy);
    }

    /// Pages of `tests/pages` begin with what their main text `holds` and `lacks`.
    #[test]
    fn the_main_text_is_found_where_nothing_has_a_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
        let mut faults = Vec::new();
        let mut pages = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let html = std::fs::read_to_string(&path).unwrap();
            let text = page(html.as_bytes(), None, 256).map_or_else(|e| e, |page| page.text);
            for line in html.lines() {
                let fault = match line.split_once(": ") {
                    Some(("holds", piece)) => !text.contains(piece),
                    Some(("lacks", piece)) => text.contains(piece),
                    _ => false,
                };
                if fault {
                    faults.push(format!("{}: {line}\n{text}\n", path.file_name().unwrap().display()));
                }
            }
            pages += 1;
        }
        assert!(pages >= 15 && faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn encodings_are_found() {
        let latin1: Vec<u8> =
            PAGE.replace("utf-8", "iso-8859-1").chars().map(|c| u8::try_from(c).unwrap_or(b'-')).collect();
        assert!(page(&latin1, None, 64).unwrap().text.contains("café owners"));
        let bare = PAGE.replace("<meta charset=\"utf-8\">", "");
        let bare: Vec<u8> = bare.chars().map(|c| u8::try_from(c).unwrap_or(b'-')).collect();
        assert!(page(&bare, Some("windows-1252"), 64).unwrap().text.contains("café owners"));
        assert!(page(&bare, None, 64).unwrap().text.contains("café owners"), "guessed");
        let wrong = page(PAGE.replace("utf-8", "windows-1251").as_bytes(), Some("koi8-r"), 64).unwrap();
        assert!(wrong.text.contains("café owners") && wrong.odd().unwrap().contains("bytes are UTF-8"));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        assert!(page(b"", None, 64).is_err());
        assert!(page(b"<html><body></body></html>", None, 64).unwrap_err().contains("no main text"));
        let deep = format!("<html><body>{}deep", "<div>".repeat(100_000));
        assert!(page(deep.as_bytes(), None, 256).unwrap_err().contains("256 deep"));
    }
}
