//! Parts of a page that are outside of its article and need not be named as such, by where they are: lists of links around
//! the article, what follows them, cells of links beside it in a table that lays out the page, and boxes to write into.

use dom_query::{Document, NodeRef};

use super::links::{Links, MAX_LEVELS, last_lines, menus, others, share_bars};
use super::notice::is_spaceless;

/// Most rows of tables that are looked at.
const MAX_ROWS: usize = 200;
/// Most forms that are looked at.
const MAX_FORMS: usize = 100;
/// Fewest blocks of prose of an article.
const MIN_PROSE_BLOCKS: usize = 2;
/// Shortest block of prose, in characters; those of scripts without spaces count threefold.
const MIN_PROSE_CHARS: usize = 80;
/// Longest block of a page's foot, in the same characters. Longer ones may be the rest of the article.
const MAX_FOOT_BLOCK_CHARS: usize = 100;
/// Shortest paragraph of which a foot has one at most, in the same characters.
const MIN_PARAGRAPH_CHARS: usize = 40;
/// Longest foot, in the same characters.
const MAX_FOOT_CHARS: usize = 300;

/// Takes what is outside of the article out of a page. Returns whether there was anything.
pub(super) fn remove_outside(page: &Document) -> bool {
    let root = page.root();
    let mut outside = Vec::new();
    let first = |name: &str| root.descendants_it().find(|node| node.has_name(name));
    let main = first("h1");
    if let Some(heading) = main.or_else(|| first("h2")) {
        outside.extend(feet(heading));
    }
    if holds_article(&root) {
        outside.extend(main.into_iter().flat_map(menus));
        outside.extend(first("body").into_iter().flat_map(last_lines));
        outside.extend(share_bars(&root));
    }
    let rows = root.descendants_it().filter(|node| node.has_name("tr")).take(MAX_ROWS);
    outside.extend(rows.flat_map(|row| link_cells(&row)));
    outside.extend(root.descendants_it().filter(|node| node.has_name("form")).take(MAX_FORMS).filter(is_box));
    outside.iter().for_each(|element| element.remove_from_parent());
    !outside.is_empty()
}

/// Returns the elements that follow a list of links after the article, which the heading is in, and hold no prose.
fn feet<'a>(heading: NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut found = Vec::new();
    // The heading alone is no article: what follows it is.
    for article in heading.ancestors_it(Some(MAX_LEVELS)).take_while(|element| !element.has_name("body")) {
        let after = following(&article);
        if holds_article(&article) {
            found.extend(others(&after));
        }
        let Some(links) = after.iter().position(is_link_list) else { continue };
        let foot = &after[links + 1..];
        let short = || foot.iter().map(|element| chars(&element.text())).sum::<usize>() <= MAX_FOOT_CHARS;
        let lone = || foot.iter().any(|element| element.has_name("p"));
        let blocks = || foot.iter().flat_map(blocks);
        let prose = || {
            blocks().any(|chars| chars > MAX_FOOT_BLOCK_CHARS)
                || blocks().filter(|&chars| chars >= MIN_PARAGRAPH_CHARS).nth(1).is_some()
        };
        if !foot.is_empty() && short() && !lone() && !prose() && holds_article(&article) {
            found.extend_from_slice(foot);
        }
    }
    found
}

/// Returns whether a form is a box to write into, such as that of a newsletter or a search, with a few words around it.
fn is_box(form: &NodeRef) -> bool {
    let field = |node: NodeRef| {
        let written = ["text", "email", "search", "tel", "url", "password"];
        node.has_name("textarea")
            || node.has_name("input") && written.contains(&node.attr_or("type", "text").to_lowercase().as_str())
    };
    form.descendants_it().any(field)
        && chars(&form.text()) <= MAX_FOOT_CHARS
        && blocks(form).all(|chars| chars <= MAX_FOOT_BLOCK_CHARS)
}

/// Returns the elements after an element in its parent.
fn following<'a>(element: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    std::iter::successors(element.next_element_sibling(), NodeRef::next_element_sibling).collect()
}

/// Returns the cells of a row that hold nothing but links, if another of its cells holds an article.
fn link_cells<'a>(row: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let cells: Vec<NodeRef> =
        row.children_it(false).filter(|cell| cell.has_name("td") || cell.has_name("th")).collect();
    let (lists, others): (Vec<NodeRef>, Vec<NodeRef>) = cells.into_iter().partition(is_link_list);
    if !lists.is_empty() && others.iter().any(holds_article) { lists } else { Vec::new() }
}

fn holds_article(element: &NodeRef) -> bool {
    blocks(element).filter(|&chars| chars >= MIN_PROSE_CHARS).nth(MIN_PROSE_BLOCKS - 1).is_some()
}

/// Returns whether an element holds several links, and no other text than a heading and short words between them.
fn is_link_list(element: &NodeRef) -> bool {
    Links::of(element).are_a_list()
}

/// Returns the lengths of the texts that elements have of their own, a paragraph's with its links and emphasis.
fn blocks(element: &NodeRef) -> impl Iterator<Item = usize> {
    let own = |node: NodeRef| {
        let silent = ["script", "style", "noscript", "template", "a"].iter().any(|name| node.has_name(name));
        let text = || if node.has_name("p") { node.text() } else { node.immediate_text() };
        if node.is_element() && !silent { chars(&text()) } else { 0 }
    };
    [*element].into_iter().chain(element.descendants_it()).map(own)
}

/// Returns the number of characters of a text, those of scripts without spaces threefold, white space left out.
fn chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if is_spaceless(c) { 3 } else { 1 }).sum()
}
