//! Lists of links on a page that are not part of its article and need not be named as such: menus above its heading, links to
//! other pages beside it, links of the page's last lines, and links that share it.

use dom_query::NodeRef;

use super::notice::is_spaceless;

/// Fewest links of a list that holds nothing else …
const MIN_LINKS: usize = 2;
/// … and of one that holds a few words more.
const MIN_LIST_LINKS: usize = 3;
/// Most elements around the heading or a link that are looked at.
pub(super) const MAX_LEVELS: usize = 12;
/// Most links for sharing that are looked at.
const MAX_SHARE_LINKS: usize = 30;
/// Longest link of a page's last lines, in letters and digits; those of scripts without spaces count threefold.
const MAX_LAST_LINK_CHARS: usize = 25;
/// Parts of the addresses that hand a page on to others.
const SHARE: [&str; 8] =
    ["mailto:?", "/share", "sharer", "intent/tweet", "intent/post", "whatsapp.com/send", "wa.me/?", "sms:?"];

/// Lengths of the links and headings of an element, in letters and digits; those of scripts without spaces count threefold.
pub(super) struct Links {
    /// The number of links.
    pub number: usize,
    /// The length of their texts together.
    pub linked: usize,
    /// The length of the longest.
    pub longest: usize,
    /// The length of the headings outside of links.
    pub headed: usize,
    /// The length of everything.
    pub all: usize,
}

impl Links {
    pub fn of(element: &NodeRef) -> Self {
        let mut found = Links { number: 0, linked: 0, longest: 0, headed: 0, all: signs(&element.text()) };
        for node in element.descendants_it() {
            if is_link(&node) {
                let chars = signs(&node.text());
                found.number += 1;
                found.linked += chars;
                found.longest = found.longest.max(chars);
            } else if is_heading(&node) {
                let around = node.parent().is_some_and(|parent| is_link(&parent) || is_heading(&parent));
                let counted = around || node.descendants_it().any(|inner| is_link(&inner));
                found.headed += if counted { 0 } else { signs(&node.text()) };
            }
        }
        found
    }

    /// Returns whether there are several links, and no other text than headings and short words between them.
    pub fn are_a_list(&self) -> bool {
        let rest = self.all.saturating_sub(self.headed);
        self.number >= MIN_LIST_LINKS && self.linked * 4 >= rest * 3 && self.headed * 2 <= self.linked
    }

    /// Returns whether there are several links, and no other text.
    fn is_bare(&self) -> bool {
        self.number >= MIN_LINKS && self.linked > 0 && self.linked == self.all
    }

    /// Returns whether there are several links under a heading, and no other text.
    fn is_headed(&self) -> bool {
        self.number >= MIN_LINKS
            && self.headed > 0
            && self.headed <= self.linked
            && self.linked + self.headed == self.all
    }
}

/// Elements that may be the heading of a list.
const HEADINGS: [&str; 9] = ["h2", "h3", "h4", "h5", "h6", "b", "strong", "dt", "caption"];

fn is_heading(node: &NodeRef) -> bool {
    HEADINGS.iter().any(|name| node.has_name(name))
}

fn is_link(node: &NodeRef) -> bool {
    node.has_name("a") && node.has_attr("href")
}

/// Returns the menus above the main heading: what comes before it, or before what it is in, and holds nothing but links.
pub(super) fn menus<'a>(heading: NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let above =
        |element: NodeRef<'a>| std::iter::successors(element.prev_element_sibling(), NodeRef::prev_element_sibling);
    let levels = [heading].into_iter().chain(heading.ancestors_it(Some(MAX_LEVELS)));
    levels.take_while(|element| !element.has_name("body")).flat_map(above).filter(|e| Links::of(e).is_bare()).collect()
}

/// Returns which of the elements after an article are links to other pages under a heading of their own.
pub(super) fn others<'a>(after: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    after.iter().filter(|element| Links::of(element).is_headed()).copied().collect()
}

/// Returns the last lines of a page that hold nothing but short links: "Terms | Contact". A list of links may be an article's.
pub(super) fn last_lines<'a>(body: NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let last = std::iter::successors(body.element_children().last().copied(), NodeRef::prev_element_sibling);
    let is_silent = |element: &NodeRef| element.text().trim().is_empty() || element.has_name("script");
    let is_line = |element: &NodeRef| {
        let links = Links::of(element);
        (element.has_name("p") || element.has_name("div")) && links.is_bare() && links.longest <= MAX_LAST_LINK_CHARS
    };
    last.take_while(|element| is_silent(element) || is_line(element)).filter(is_line).collect()
}

/// Returns the largest elements that hold nothing but links for sharing.
pub(super) fn share_bars<'a>(root: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let shares = |link: &NodeRef| {
        let address = link.attr_or("href", "").to_lowercase();
        SHARE.iter().any(|part| address.contains(part))
    };
    let is_bar = |element: &NodeRef| {
        Links::of(element).is_bare() && element.descendants_it().filter(is_link).all(|link| shares(&link))
    };
    let links = root.descendants_it().filter(|node| is_link(node) && shares(node)).take(MAX_SHARE_LINKS);
    let mut bars: Vec<NodeRef> = links
        .filter_map(|link| {
            let around =
                link.ancestors_it(Some(MAX_LEVELS)).skip_while(|element| Links::of(element).number < MIN_LINKS);
            around.take_while(is_bar).last()
        })
        .collect();
    bars.dedup_by_key(|bar| bar.id);
    bars
}

/// Returns the number of letters and digits of a text, those of scripts without spaces threefold.
fn signs(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| if is_spaceless(c) { 3 } else { 1 }).sum()
}
