//! Known feed frames: "The post TITLE appeared first on SITE."

use super::pattern::{Pattern, Patterns};
use super::phrases::Phrases;
use super::thresholds::{EDGE_LINES, MAX_SLOGAN_WORDS, MIN_UNTITLED_FRAME_WORDS, THRESHOLDS};
use crate::Span;
use crate::boilerplate::text::{Aside, AsideKind, View, alike};
use crate::segment::Line;
use crate::token::{Token, Word, words};

/// A frame: fixed words around a title, or a site, or both.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Words before the first slot.
    head: Vec<Word>,
    /// Whether there is a title.
    title: bool,
    /// Words between title and site; none where there is but one slot.
    middle: Vec<Word>,
}

/// The known frames, indexed by their words.
#[derive(Debug, Clone)]
pub(super) struct Frames {
    frames: Vec<Frame>,
    /// Frames that begin with fixed words, by these words.
    by_head: Phrases<usize>,
    /// Frames that begin with the title, by the words after it.
    by_middle: Phrases<usize>,
    /// All words between title and site.
    middles: Phrases<()>,
    /// Frames with other slots, or that end in fixed words.
    patterns: Patterns,
}

impl Frame {
    /// Returns a frame from its template; `None` if there is too little in it to find it by.
    pub fn parse(template: &str) -> Option<Frame> {
        let parts: Vec<&str> = template.split(['{', '}']).collect();
        let fixed = |part: &str| words(part);
        match parts[..] {
            [head, "title", middle, "site", ""] if !fixed(middle).is_empty() => {
                Some(Frame { head: fixed(head), title: true, middle: fixed(middle) })
            }
            // Some languages put fixed words after the site; the rest of the line is part of the frame in any case.
            [head, "title", middle, "site", _] if fixed(middle).len() + fixed(head).len() > 0 => {
                let middle = fixed(middle);
                (!middle.is_empty()).then(|| Frame { head: fixed(head), title: true, middle })
            }
            [head, "title", ""] if !fixed(head).is_empty() => {
                Some(Frame { head: fixed(head), title: true, middle: Vec::new() })
            }
            [head, "site", ..] if fixed(head).len() >= MIN_UNTITLED_FRAME_WORDS => {
                Some(Frame { head: fixed(head), title: false, middle: Vec::new() })
            }
            _ => None,
        }
    }

    /// Returns the end of the frame that begins at token `at`, if the rest of the line fits.
    fn end(&self, view: View, line: &Line, at: usize, title: &[Word]) -> Option<usize> {
        let from = at + self.head.len();
        let own = || title_end(view, line, from, title);
        if !self.title {
            let begins = at == line.start || view.ends_sentence(at);
            return (begins && line.end > from && line.end - from <= THRESHOLDS.max_site_words).then_some(line.end);
        }
        if self.middle.is_empty() {
            return own();
        }
        let last = (from + THRESHOLDS.max_framed_title_words).min(line.end);
        let middle = (from..last).find(|&m| {
            let tokens = view.tokens[m..line.end].iter();
            self.middle.len() <= line.end - m && tokens.zip(&self.middle).all(|(token, word)| token.word == *word)
        });
        match middle {
            Some(m) if self.middle.len() > 1 || own() == Some(m) => {
                let site = m + self.middle.len();
                // Sentences after the site are prose that only begins like a frame.
                let sentences =
                    line.end - site > MAX_SLOGAN_WORDS && (site + 1..line.end).any(|i| view.ends_sentence(i));
                // Words that are not the document's title must be written as a title, and the site as a name.
                let named = |i: usize| i >= line.end || !view.is_small(i);
                let prose = (sentences || !named(from) || !named(site)) && !resembles(&view.tokens[from..m], title);
                (line.end - site <= THRESHOLDS.max_site_words && !prose).then_some(line.end)
            }
            _ => self.cut_off(view, line, from, title),
        }
    }

    /// Returns the end of a frame that the feed has cut off, which it may do anywhere: the rest must be the beginning of
    /// the title.
    fn cut_off(&self, view: View, line: &Line, from: usize, title: &[Word]) -> Option<usize> {
        let rest = &view.tokens[from..line.end];
        let last = line.end == view.tokens.len() && self.head.len() > 1;
        // The very last word may be cut, and the words after the title are the frame's.
        let whole = rest.len().min(title.len()).saturating_sub(1);
        let same = rest.iter().zip(title).take(whole).filter(|(token, word)| token.word.stem() == word.stem()).count();
        let fits = rest.len() <= title.len() + self.middle.len() + THRESHOLDS.max_site_words;
        (last && fits && whole >= 1 && same * 8 >= whole * 7).then_some(line.end)
    }
}

/// Returns whether some words are likely the title, in which feeds lose apostrophes and dashes. Half of its words are
/// enough, since the rest of the frame is around it.
fn resembles(tokens: &[Token], title: &[Word]) -> bool {
    !title.is_empty()
        && tokens.len().abs_diff(title.len()) <= 1
        && alike::agreeing_words(tokens, title) * 2 >= title.len()
}

/// Returns the end of the document's own title, if it begins at token `from`.
fn title_end(view: View, line: &Line, from: usize, title: &[Word]) -> Option<usize> {
    let lengths = title.len().saturating_sub(1)..=title.len() + 1;
    let ends = lengths.map(|length| from + length).filter(|&end| end > from && end <= line.end);
    let exact = |end: &usize| view.tokens[*end - 1].word.stem() == title.last().copied().unwrap_or(Word(0)).stem();
    let mut fitting = ends.filter(|&end| alike::same_title(&view.tokens[from..end], title));
    fitting.clone().find(exact).or_else(|| fitting.next())
}

impl Frames {
    /// Frames from their templates.
    pub fn new<'a>(templates: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut frames, mut patterns) = (Vec::new(), Vec::new());
        for template in templates {
            match Frame::parse(template) {
                Some(frame) => frames.push(frame),
                None => patterns.extend(Pattern::parse(template)),
            }
        }
        let patterns = Patterns::new(patterns);
        let by = |part: fn(&Frame) -> &[Word]| {
            let entries = frames.iter().enumerate().filter(|(_, frame)| !part(frame).is_empty());
            Phrases::of_words(entries.map(|(i, frame)| (part(frame).to_vec(), i)))
        };
        let by_head = by(|frame| &frame.head);
        let by_middle = by(|frame| if frame.head.is_empty() { &frame.middle } else { &[] });
        let middles = frames.iter().filter(|frame| frame.middle.len() > 1).map(|frame| (frame.middle.clone(), ()));
        let middles = Phrases::of_words(middles);
        Frames { frames, by_head, by_middle, middles, patterns }
    }

    /// Returns the extent of the frame that begins at a token, or whose words after the title do.
    ///
    /// The third value says whether there is a title in it: words that name only a site may be the article's own.
    fn at(&self, view: View, line: &Line, at: usize, title: &[Word]) -> Option<(usize, usize, bool)> {
        let tokens = &view.tokens[at..line.end];
        let begins = at == line.start || view.tokens[at].capital || view.ends_sentence(at);
        if begins {
            let ends = self.by_head.at(tokens).filter_map(|(_, i)| {
                let frame = &self.frames[i];
                frame.end(view, line, at, title).map(|end| (frame.title, end))
            });
            if let Some((title, end)) = ends.max() {
                return Some((at, end, title));
            }
        }
        let behind =
            self.by_middle.at(tokens).filter(|&(len, _)| len > 1 && line.end - at - len <= THRESHOLDS.max_site_words);
        let starts = behind.filter_map(|(_, _)| {
            let lengths = title.len().saturating_sub(1)..=title.len() + 1;
            let starts = lengths.filter_map(|length| at.checked_sub(length)).filter(|&start| start >= line.start);
            let mut fitting = starts.filter(|&start| alike::same_title(&view.tokens[start..at], title));
            let exact =
                |start: &usize| title.first().is_some_and(|word| view.tokens[*start].word.stem() == word.stem());
            fitting.clone().find(exact).or_else(|| fitting.next())
        });
        starts.max().map(|start| (start, line.end, true))
    }

    /// Returns the first word of the site's name in a frame: the word after those between title and site.
    pub fn site(&self, view: View, frame: &Aside) -> Option<Word> {
        let range = frame.start as usize..frame.end as usize;
        let behind = |i: usize| {
            let tokens = &view.tokens[i..range.end];
            self.middles.at(tokens).map(|(len, ())| i + len).next()
        };
        let at = range.clone().rev().find_map(behind)?;
        (at < range.end).then(|| view.tokens[at].word)
    }

    /// Finds the frames in the last lines of a document. `title` is the document's.
    pub fn find(&self, view: View, title: &[Word]) -> Vec<Aside> {
        let mut found = Vec::new();
        for line in &view.lines[view.lines.len().saturating_sub(EDGE_LINES)..] {
            let mut at = line
                .start
                .max(line.end.saturating_sub(THRESHOLDS.max_framed_title_words + THRESHOLDS.max_site_words + 8));
            while at < line.end {
                let tokens = &view.tokens[at..line.end];
                let may = self.by_head.may_stand_at(tokens) || self.by_middle.may_stand_at(tokens);
                match may.then(|| self.at(view, line, at, title)).flatten() {
                    Some((start, end, with_title)) => {
                        let aside =
                            Aside::new(view.text, view.tokens, start, end, AsideKind::Frame, "a known feed frame");
                        // The rest of the line after the site is removed too, and so is a bullet or quote that begins the
                        // line.
                        let whole = view.whole(line);
                        let from = if start == line.start { whole.start } else { aside.span.start };
                        let aside = aside.with_span(Span { start: from, end: whole.end });
                        found.push(if with_title { aside } else { aside.uncertain(0.7) });
                        at = end;
                    }
                    None => at += 1,
                }
            }
        }
        for (line, sure) in self.patterns.lines(view, title) {
            if found.iter().all(|aside: &Aside| aside.end as usize <= line.start || line.end <= aside.start as usize) {
                let aside =
                    Aside::new(view.text, view.tokens, line.start, line.end, AsideKind::Frame, "a known feed frame");
                let aside = aside.with_span(view.whole(line));
                found.push(if sure { aside } else { aside.uncertain(0.6) });
            }
        }
        found
    }
}
