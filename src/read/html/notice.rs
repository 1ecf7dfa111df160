//! Parts of a page that are not its article and need not be named as such: consent notices and readers' comments. They are
//! recognised by what they say.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use dom_query::{Document, NodeRef};

/// Phrases that are looked for all at once.
struct Phrases {
    phrases: Vec<&'static str>,
    automaton: AhoCorasick,
}

impl Phrases {
    fn new(phrases: impl IntoIterator<Item = &'static str>) -> Self {
        let phrases: Vec<&str> = phrases.into_iter().collect();
        let automaton = AhoCorasick::new(&phrases).expect("a few hundred short phrases fit an automaton");
        Phrases { phrases, automaton }
    }
}

/// The phrases of `data/notices.tsv`, by what they are.
struct Notices {
    things: Phrases,
    accepts: Phrases,
    policies: Phrases,
    uses: Phrases,
    addresses: Phrases,
    comments: HashSet<&'static str>,
}

static NOTICES: LazyLock<Notices> = LazyLock::new(|| {
    let lines = include_str!("../../data/notices.tsv").lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<(&str, &str)> =
        lines.filter_map(|line| line.split_once('\t').and_then(|(_, rest)| rest.split_once('\t'))).collect();
    let of = |kind: &str| -> HashSet<&'static str> {
        rows.iter().filter(|(of, _)| *of == kind).map(|&(_, phrase)| phrase).collect()
    };
    Notices {
        things: Phrases::new(of("thing")),
        accepts: Phrases::new(of("accept")),
        policies: Phrases::new(of("policy")),
        uses: Phrases::new(of("use")),
        addresses: Phrases::new(of("address")),
        comments: of("comments"),
    }
});

/// Longest text of a control, in characters.
const MAX_CONTROL_CHARS: usize = 40;
/// Longest notice that has a control, in characters.
const MAX_WALL_CHARS: usize = 8000;
/// Longest notice that has none.
const MAX_BAR_CHARS: usize = 800;
/// Controls of a page that are looked at, so that a page of nothing else takes no longer.
const MAX_CONTROLS: usize = 40;
/// Most elements that a notice may reach around a control.
const MAX_LEVELS: usize = 8;
/// Longest block of a notice without controls, in characters.
const MAX_BARE_CHARS: usize = 3000;
/// Shortest text that makes an element a block, in characters; half a sentence in scripts without spaces.
const MIN_BLOCK_CHARS: usize = 25;
/// Blocks of a page that are looked at for such notices, before the article and after it.
const MAX_BLOCKS: usize = 200;
/// Fewest different phrases with which a site speaks to its readers about consent.
const MIN_ADDRESSES: usize = 2;

/// Takes consent notices and readers' comments out of a page. Returns whether there were any.
pub(super) fn remove_notices(page: &Document) -> bool {
    let root = page.root();
    let controls = root.descendants_it().filter(is_control).take(MAX_CONTROLS * 100);
    let mut notices = Vec::new();
    let mut looked_at = 0;
    for control in controls {
        let label = label(&control);
        let accepts = says(&label, &NOTICES.accepts);
        if !accepts && !says(&label, &NOTICES.policies) {
            continue;
        }
        looked_at += 1;
        if looked_at > MAX_CONTROLS {
            break;
        }
        notices.extend(if accepts { notice(&control, &NOTICES.things, MAX_WALL_CHARS) } else { None });
        notices.extend(notice(&control, &NOTICES.uses, MAX_BAR_CHARS));
    }
    notices.extend(bare_notices(&root));
    notices.extend(root.descendants_it().filter_map(|node| comments(&node)));
    notices.iter().for_each(|notice| notice.remove_from_parent());
    !notices.is_empty()
}

/// Returns the element that a heading over comments begins.
fn comments<'a>(heading: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    if !["h2", "h3", "h4", "h5"].iter().any(|name| heading.has_name(name)) {
        return None;
    }
    let text = heading.text().to_lowercase();
    let counted = |c: char| c.is_numeric() || c.is_whitespace() || c.is_ascii_punctuation();
    NOTICES.comments.contains(text.trim_matches(counted)).then_some(())?;
    let around = heading.parent()?;
    let first = around.first_element_child().is_some_and(|first| first.id == heading.id);
    (first && !is_main(&around)).then_some(around)
}

/// Returns the consent notices that have no control: blocks outside of the article that speak to the reader about consent.
fn bare_notices<'a>(root: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let Some(body) = root.descendants_it().find(|node| node.has_name("body")) else { return Vec::new() };
    let heading = body.descendants_it().find(|node| node.has_name("h1"));
    let Some(heading) = heading else {
        // Without a heading an article begins with the first block of text that is no notice.
        let blocks = body.descendants_it().filter(is_block).take(MAX_BLOCKS);
        return blocks.take_while(asks_consent).filter_map(|block| around(&block)).collect();
    };
    let above = body.descendants_it().take_while(|node| node.id != heading.id).filter(is_block);
    // Below it only in another part of the page than the article: this may be about cookies.
    let article = heading.ancestors_it(None).find(|node| node.parent().is_some_and(|parent| parent.id == body.id));
    let parts = body.children_it(false).filter(|part| part.is_element() && !part.has_name("p"));
    let below = parts.skip_while(|part| article.as_ref().is_none_or(|article| part.id != article.id)).skip(1);
    let below = below.flat_map(|part| part.descendants_it().chain([part]).filter(is_block).collect::<Vec<_>>());
    let blocks = above.take(MAX_BLOCKS).chain(below.take(MAX_BLOCKS));
    blocks.filter(asks_consent).filter_map(|block| around(&block)).collect()
}

/// Returns whether an element has a sentence of text of its own.
fn is_block(node: &NodeRef) -> bool {
    node.is_element()
        && !["script", "style", "noscript", "template"].iter().any(|name| node.has_name(name))
        && node.immediate_text().trim().chars().nth(MIN_BLOCK_CHARS).is_some()
}

/// Returns whether a block speaks to the reader about consent: it says what consent is asked for, and at least two things
/// that only a site says to its own readers.
fn asks_consent(block: &NodeRef) -> bool {
    let text = block.text().to_lowercase();
    let short = text.chars().nth(MAX_BARE_CHARS).is_none();
    short
        && says(&text, &NOTICES.things)
        && found(&text, &NOTICES.addresses).take(MIN_ADDRESSES).count() == MIN_ADDRESSES
}

/// Returns a block with what wraps it and says little more, unless that is the main part of the page.
fn around<'a>(block: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let inner = filled_chars(&block.text());
    let wraps = |element: &NodeRef| {
        !is_main(element) && !holds_heading(element) && filled_chars(&element.text()) <= inner + inner / 2
    };
    let outer = block.ancestors_it(Some(MAX_LEVELS)).take_while(wraps).last();
    if is_main(block) { None } else { Some(outer.unwrap_or(*block)) }
}

pub(super) fn filled_chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

fn is_main(element: &NodeRef) -> bool {
    ["body", "html", "main", "article"].iter().any(|name| element.has_name(name))
}

fn is_control(node: &NodeRef) -> bool {
    ["a", "button", "input"].iter().any(|name| node.has_name(name))
}

/// Returns the text of a control, in lower case; an empty one if it is too long for a control.
fn label(control: &NodeRef) -> String {
    let text = if control.has_name("input") { control.attr_or("value", "") } else { control.text() };
    let text = text.trim();
    let short = text.chars().nth(MAX_CONTROL_CHARS).is_none();
    if short { text.to_lowercase() } else { String::new() }
}

/// Returns the notice that a control belongs to: the smallest element around it that says one of some phrases, with what
/// wraps it and says little more. `None` if that is too long, or if it holds the page's main heading or is its main part.
fn notice<'a>(control: &NodeRef<'a>, phrases: &Phrases, max_chars: usize) -> Option<NodeRef<'a>> {
    let mut found: Option<(NodeRef, usize)> = None;
    for element in control.ancestors_it(Some(MAX_LEVELS)) {
        if is_main(&element) {
            break;
        }
        let text = element.text().to_lowercase();
        let chars = filled_chars(&text);
        let wraps = found.is_none_or(|(_, inner)| chars <= inner + inner / 2);
        if chars > max_chars || !wraps || holds_heading(&element) {
            break;
        }
        if found.is_some() || says(&text, phrases) {
            found = Some((element, chars));
        }
    }
    found.map(|(element, _)| element)
}

fn holds_heading(element: &NodeRef) -> bool {
    element.descendants_it().any(|node| node.has_name("h1") || node.has_name("time"))
}

/// Returns whether a text in lower case says one of some phrases, apart from other letters.
fn says(text: &str, phrases: &Phrases) -> bool {
    found(text, phrases).next().is_some()
}

/// Returns the different phrases that a text in lower case says, apart from other letters.
fn found(text: &str, phrases: &Phrases) -> impl Iterator<Item = usize> {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic() || is_spaceless(c));
    let mut seen = HashSet::new();
    phrases.automaton.find_overlapping_iter(text).filter_map(move |found| {
        let spaceless = phrases.phrases[found.pattern()].ends_with(is_spaceless);
        let (before, after) = (text[..found.start()].chars().next_back(), text[found.end()..].chars().next());
        let whole = spaceless || apart(before) && apart(after);
        let phrase = found.pattern().as_usize();
        (whole && seen.insert(phrase)).then_some(phrase)
    })
}

/// Returns whether a letter is of a script without spaces between words, or whose words have endings in place of short
/// words.
pub(super) fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_stand_apart() {
        let says = |text, phrase| says(text, &Phrases::new([phrase]));
        assert!(says("we use cookies.", "cookies") && !says("cookiesheet", "cookies"));
        assert!(says("当サイトはクッキーを使用", "クッキー") && says("모두 동의함", "동의"));
    }

    #[test]
    fn the_table_is_in_order() {
        let rows: Vec<&str> =
            include_str!("../../data/notices.tsv").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.is_sorted());
        assert!(rows.iter().all(|row| row.split('\t').count() == 3 && row.to_lowercase() == *row));
    }
}
