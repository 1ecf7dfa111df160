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
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
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
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic() || is_spaceless(c));
    phrases.automaton.find_overlapping_iter(text).any(|found| {
        let spaceless = phrases.phrases[found.pattern()].ends_with(is_spaceless);
        let (before, after) = (text[..found.start()].chars().next_back(), text[found.end()..].chars().next());
        spaceless || apart(before) && apart(after)
    })
}

/// Returns whether a letter is of a script without spaces between words, or whose words have endings in place of short
/// words.
fn is_spaceless(c: char) -> bool {
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
