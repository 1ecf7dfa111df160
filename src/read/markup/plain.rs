//! The text of markup, as paragraphs.

use std::ops::Range;

use ahash::AHashMap;

use super::decode::{Piece, pieces};
use super::opened;
use super::token::{Kind, Token, Tokens, local};
use super::trace::Traced;

/// The plain text of markup: blocks are set apart by blank lines, `<br>` and list items by line ends, white space is
/// collapsed, references are resolved; links leave their words, scripts and styles nothing.
#[derive(Debug, Default)]
pub(in crate::read) struct Plain {
    pub traced: Traced,
    /// The elements in the order of their start tags.
    pub(super) elements: Vec<Element>,
    /// The runs of characters that say something, in order.
    pub(super) nodes: Vec<Node>,
    /// Whether elements are nested deeper than was allowed. They are read as text then; the characters are the same.
    pub too_deep: bool,
    /// How many formatting elements that are not closed with their block a parser of HTML opens again, in all later
    /// blocks together.
    pub reopened: usize,
}

/// An element: its tags, and what it is in.
#[derive(Debug)]
pub(super) struct Element {
    pub start: Range<usize>,
    /// Not there if it was closed by what came after it.
    pub end: Option<Range<usize>>,
    pub parent: Option<usize>,
    pub layout: Layout,
    /// Whether it holds more than text: an image, a player.
    pub holds: bool,
}

/// A run of characters between tags.
#[derive(Debug)]
pub(super) struct Node {
    /// Its place in the text.
    pub at: Range<usize>,
    pub parent: Option<usize>,
}

/// The separation of an element from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// In the line.
    Inline,
    /// In a row, with a space before the next.
    Cell,
    /// On lines of its own.
    Line,
    /// It is a paragraph of its own.
    Block,
}

impl Layout {
    fn of(name: &str) -> Self {
        match name {
            "li" | "tr" | "dt" | "dd" | "option" | "caption" => Layout::Line,
            "td" | "th" => Layout::Cell,
            "address" | "article" | "aside" | "blockquote" | "body" | "center" | "details" | "div" | "dl"
            | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            | "header" | "hr" | "main" | "menu" | "nav" | "ol" | "p" | "pre" | "section" | "summary" | "table"
            | "tbody" | "tfoot" | "thead" | "ul" => Layout::Block,
            _ => Layout::Inline,
        }
    }
}

/// Elements that have no end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content is not for readers.
const UNSEEN: [&str; 5] = ["script", "style", "template", "noscript", "head"];

/// Elements that are worth keeping without any text.
const HOLDING: [&str; 12] =
    ["img", "video", "audio", "iframe", "embed", "object", "svg", "canvas", "input", "math", "picture", "source"];

/// Elements that go on in the next block if their own ends without them.
const FORMATTING: [&str; 12] = ["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// Most equal elements that go on.
const MOST_ALIKE: u8 = 3;

/// The gap before the next characters.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Blank,
}

impl Plain {
    /// Reads markup: HTML, or XML whose elements are those of HTML. Elements may be nested `max_depth` deep.
    pub fn new(source: &str, max_depth: usize) -> Self {
        let plain = Plain::default();
        let (open, gap, left) = (Vec::new(), Gap::None, Left::default());
        let mut reader = Reader { source, max_depth, plain, open, left, gap, from: 0..0 };
        let mut tokens = Tokens::new(source);
        while let Some(token) = tokens.next() {
            match token.kind {
                Kind::Text => reader.characters(token.range, true),
                Kind::CharacterData => reader.characters(opened(source, token.range), false),
                Kind::End => reader.end(&token),
                Kind::Start | Kind::Empty => {
                    let name = lower(&token, source);
                    if token.kind == Kind::Start && UNSEEN.contains(&name.as_str()) {
                        tokens.skip_content(token.name(source));
                    } else {
                        reader.start(&token, &name);
                    }
                }
                Kind::Other => {}
            }
        }
        reader.plain
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.traced.text
    }
}

fn lower(token: &Token, source: &str) -> String {
    local(token.name(source)).to_ascii_lowercase()
}

/// Formatting elements whose blocks have ended without them.
#[derive(Default)]
struct Left<'s> {
    /// Their start tags, by the names of the elements.
    tags: AHashMap<&'static str, Vec<&'s str>>,
    /// How many there are of each start tag, up to [`MOST_ALIKE`].
    alike: AHashMap<&'s str, u8>,
    count: usize,
    /// Whether a block has begun or ended since the last characters.
    apart: bool,
}

impl<'s> Left<'s> {
    fn add(&mut self, name: &'static str, tag: &'s str) {
        let alike = self.alike.entry(tag).or_default();
        if *alike < MOST_ALIKE {
            *alike += 1;
            self.count += 1;
            self.tags.entry(name).or_default().push(tag);
        }
    }

    /// Takes note of an end tag of an element that is not open.
    fn end(&mut self, name: &str) {
        if let Some(tag) = self.tags.get_mut(name).and_then(Vec::pop) {
            self.alike.entry(tag).and_modify(|alike| *alike -= 1);
            self.count -= 1;
        }
    }
}

struct Reader<'s> {
    source: &'s str,
    max_depth: usize,
    plain: Plain,
    /// The open elements, with their names.
    open: Vec<(usize, String)>,
    left: Left<'s>,
    gap: Gap,
    /// The range of the source that the gap comes from, as far as it may be cut with the text beside it.
    from: Range<usize>,
}

impl Reader<'_> {
    fn start(&mut self, token: &Token, name: &str) {
        if name == "br" {
            let next = if self.gap < Gap::Line { Gap::Line } else { Gap::Blank };
            return self.widen(next, token.range.clone());
        }
        let layout = Layout::of(name);
        self.close_before(name, layout);
        self.part(layout);
        let parent = self.open.last().map(|(index, _)| *index);
        if HOLDING.contains(&name) {
            // Above what holds something, everything does: later steps need not look further down, nor this one further up.
            for (index, _) in self.open.iter().rev() {
                if std::mem::replace(&mut self.plain.elements[*index].holds, true) {
                    break;
                }
            }
        }
        if token.kind == Kind::Start && !VOID.contains(&name) {
            if self.open.len() >= self.max_depth {
                self.plain.too_deep = true;
                return;
            }
            let holds = HOLDING.contains(&name);
            let element = Element { start: token.range.clone(), end: None, parent, layout, holds };
            self.open.push((self.plain.elements.len(), name.to_owned()));
            self.plain.elements.push(element);
        }
    }

    /// Closes what a start tag ends: a paragraph by a block, an item by the next.
    fn close_before(&mut self, name: &str, layout: Layout) {
        let Some((_, top)) = self.open.last() else { return };
        let same = top == name && matches!(name, "p" | "li" | "dt" | "dd" | "tr" | "td" | "th" | "option");
        if same || top == "p" && layout == Layout::Block {
            self.close(self.open.len() - 1);
        }
    }

    /// Closes the open elements from the one at `at` on: that one by an end tag or by what comes next, those in it by
    /// that.
    fn close(&mut self, at: usize) {
        for (element, name) in self.open.drain(at..).skip(1) {
            if let Some(name) = FORMATTING.iter().find(|known| **known == name) {
                self.left.add(name, &self.source[self.plain.elements[element].start.clone()]);
            }
        }
    }

    fn end(&mut self, token: &Token) {
        let name = lower(token, self.source);
        self.part(Layout::of(&name));
        if let Some(at) = self.open.iter().rposition(|(_, open)| *open == name) {
            let element = self.open[at].0;
            self.plain.elements[element].end = Some(token.range.clone());
            self.close(at);
        } else {
            self.left.end(&name);
        }
    }

    /// Sets apart what comes next as the edge of an element asks for.
    fn part(&mut self, layout: Layout) {
        let gap = match layout {
            Layout::Inline => return,
            Layout::Cell => Gap::Space,
            Layout::Line => Gap::Line,
            Layout::Block => Gap::Blank,
        };
        self.left.apart = true;
        // What is between two elements belongs to neither.
        self.gap = self.gap.max(gap);
        self.from = 0..0;
    }

    fn widen(&mut self, gap: Gap, from: Range<usize>) {
        if gap > self.gap {
            self.gap = gap;
        }
        self.from = if self.from.end == from.start { self.from.start..from.end } else { from };
    }

    fn characters(&mut self, range: Range<usize>, references: bool) {
        if std::mem::take(&mut self.left.apart) {
            self.plain.reopened += self.left.count;
        }
        let begins = self.plain.traced.text.len();
        let mut at = range.start;
        let text = &self.source[range];
        if references {
            for piece in pieces(text) {
                match piece {
                    Piece::Plain(plain) => {
                        self.plain(plain, at);
                        at += plain.len();
                    }
                    Piece::Reference(raw, says) => {
                        let from = at..at + raw.len();
                        if says.chars().all(is_space) {
                            self.widen(Gap::Space, from);
                        } else {
                            self.push(&says, from);
                        }
                        at += raw.len();
                    }
                }
            }
        } else {
            self.plain(text, at);
        }
        let ends = self.plain.traced.text.len();
        if ends > begins {
            let parent = self.open.last().map(|(index, _)| *index);
            self.plain.nodes.push(Node { at: begins..ends, parent });
        }
    }

    /// Adds literal characters: words, and the white space between them.
    fn plain(&mut self, text: &str, mut at: usize) {
        let mut rest = text;
        while !rest.is_empty() {
            let spaces = rest.len() - rest.trim_start_matches(is_space).len();
            if spaces > 0 {
                self.widen(Gap::Space, at..at + spaces);
            } else {
                let word = rest.find(is_space).unwrap_or(rest.len());
                self.push(&rest[..word], at..at + word);
            }
            let step = if spaces > 0 { spaces } else { rest.find(is_space).unwrap_or(rest.len()) };
            at += step;
            rest = &rest[step..];
        }
    }

    /// Adds visible characters, after the gap before them.
    fn push(&mut self, says: &str, from: Range<usize>) {
        let gap = match self.gap {
            _ if self.plain.traced.text.is_empty() => "",
            Gap::None => "",
            Gap::Space => " ",
            Gap::Line => "\n",
            Gap::Blank => "\n\n",
        };
        if !gap.is_empty() {
            let start = self.from.start;
            let behind = if self.from.is_empty() { from.start..from.start } else { start..self.from.end };
            self.plain.traced.push(gap, behind);
        }
        self.plain.traced.push(says, from);
        (self.gap, self.from) = (Gap::None, 0..0);
    }
}

/// Returns whether white space is collapsed, the no-break space included: it is there for the look of a line.
fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{a0}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        Plain::new(source, 100).traced.text
    }

    #[test]
    fn blocks_become_paragraphs() {
        assert_eq!(text("<p>One\n two.</p>\n<p>Three.</p>"), "One two.\n\nThree.");
        assert_eq!(text("<div><h2>Head</h2>Body<div>more</div></div>tail"), "Head\n\nBody\n\nmore\n\ntail");
        assert_eq!(text("one<br>two<br />\nthree<br><br>four"), "one\ntwo\nthree\n\nfour");
        assert_eq!(text("<p>a<p>b<ul><li>c<li>d</ul>e"), "a\n\nb\n\nc\nd\n\ne");
        assert_eq!(text("<table><tr><td>a<td>b<tr><td>c</table>"), "a b\nc");
        assert_eq!(text("<p>&nbsp;</p><p> x&nbsp;y </p>"), "x y");
    }

    #[test]
    fn words_and_links_stay() {
        assert_eq!(text("See <a href=\"x>y\">the <b>report</b></a>, 3 &lt; 4 &eacute;"), "See the report, 3 < 4 é");
        assert_eq!(text("over<b>strik</b>ing <i> two </i> three"), "overstriking two three");
        assert_eq!(text("a<script>if (1 < 2) \"<p>\"</script>b<style>p{}</style><!-- c -->d"), "abd");
        assert_eq!(text("<script>never closed"), "");
        assert_eq!(text("plain words"), "plain words");
        assert_eq!(text("<x:p>a</x:p><x:p><![CDATA[<b> & c]]></x:p>"), "a\n\n<b> & c");
    }

    #[test]
    fn the_text_leads_back_to_the_source() {
        let source = "<p>A &amp; b<br/>c</p>\n<p><b>d</b>  e</p>";
        let plain = Plain::new(source, 100);
        assert_eq!(plain.text(), "A & b\nc\n\nd e");
        let of = |range| plain.traced.sources(range).into_iter().map(|range| &source[range]).collect::<Vec<_>>();
        assert_eq!(of(2..3), ["&amp;"]);
        assert_eq!(of(4..7), ["b<br/>c"]);
        assert_eq!(of(6..10), ["c", "d"]);
        assert_eq!(of(9..12), ["d", "  e"]);
    }

    #[test]
    fn depth_is_limited() {
        assert!(!Plain::new("<a><br><b/><c>x</c></a>", 2).too_deep);
        assert!(Plain::new("<a><br><b/><c>x</c></a>", 1).too_deep);
        assert!(!Plain::new(&"<p>a<br>".repeat(1000), 1).too_deep, "a paragraph ends the one before it");
        assert_eq!(Plain::new(&format!("{}a", "<div>".repeat(1000)), 10).text(), "a");
    }
}
