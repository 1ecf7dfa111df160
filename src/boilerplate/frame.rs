//! Known feed frames: "The post TITLE appeared first on SITE."

use std::sync::LazyLock;

use super::{Aside, AsideKind};
use crate::token::{Token, Word, tokenize};

/// A frame: fixed words around slots.
#[derive(Debug, Clone)]
struct Frame {
    /// Words before the first slot.
    head: Vec<Word>,
    /// Words between the two slots.
    middle: Vec<Word>,
    /// Words after the second slot.
    tail: Vec<Word>,
}

/// A set of frames to look for.
#[derive(Debug, Clone)]
pub struct Frames {
    frames: Vec<Frame>,
}

/// The frames that flong knows, in many languages.
pub fn known_frames() -> &'static Frames {
    static KNOWN: LazyLock<Frames> = LazyLock::new(|| Frames::parse(include_str!("data/frames.tsv")));
    &KNOWN
}

impl Frames {
    /// Reads frames from a table: language, tab, template with slots in braces. Lines that begin with `#` are comments.
    pub fn parse(table: &str) -> Self {
        let templates = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
        Frames { frames: templates.filter_map(|(_, template)| Frame::parse(template.trim())).collect() }
    }

    /// Finds a frame at the end of a paragraph: where its tokens (a part of the document's, beginning at index `base`)
    /// end in head, title, middle and site. `title` is the document's.
    pub fn at_end(&self, paragraph: &[Token], base: u32, title: &[Token]) -> Option<Aside> {
        self.frames.iter().filter_map(|frame| frame.at_end(paragraph, title)).min().map(|start| Aside {
            start: base + start as u32,
            end: base + paragraph.len() as u32,
            kind: AsideKind::Frame,
            certain: true,
            score: 1.0,
            evidence: "a known feed frame",
        })
    }
}

fn words(text: &str) -> Vec<Word> {
    let mut tokens = Vec::new();
    tokenize(text, 0, &mut tokens);
    tokens.iter().map(|token| token.word).collect()
}

/// No site's name has more words than this.
const LONGEST_SITE: usize = 25;
/// No headline has more words than this.
const LONGEST_TITLE: usize = 40;

impl Frame {
    fn parse(template: &str) -> Option<Frame> {
        let mut parts = template.split(['{', '}']);
        let head = words(parts.next()?);
        let first = parts.next()?;
        let middle = words(parts.next()?);
        let second = parts.next()?;
        let tail = words(parts.next().unwrap_or(""));
        // One word between the slots ("Read More: TITLE on SITE") is no frame without a title that matches; such frames
        // are looked for with their head.
        (first == "title" && second == "site" && !middle.is_empty() && head.len() + middle.len() >= 3)
            .then_some(Frame { head, middle, tail })
    }

    /// The first token of the frame, if the paragraph ends in it.
    fn at_end(&self, paragraph: &[Token], title: &[Token]) -> Option<usize> {
        let holds = |at: usize, words: &[Word]| {
            paragraph
                .get(at..at + words.len())
                .is_some_and(|tokens| tokens.iter().zip(words).all(|(t, w)| t.word == *w))
        };
        let earliest = paragraph.len().saturating_sub(LONGEST_SITE + self.middle.len() + self.tail.len());
        let middle = (earliest..paragraph.len()).rev().find(|&at| holds(at, &self.middle))?;
        if !self.head.is_empty() {
            let from = middle.saturating_sub(LONGEST_TITLE + self.head.len());
            return (from..middle).find(|&at| holds(at, &self.head));
        }
        // Without words before the title only the title itself can tell where the frame begins.
        let start = middle.checked_sub(title.len())?;
        let echoed = paragraph[start..middle].iter().zip(title).filter(|(a, b)| a.word == b.word).count();
        (title.len() >= 2 && echoed * 10 >= title.len() * 8).then_some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest<'a>(text: &'a str, title: &str) -> &'a str {
        let frames = Frames::parse(
            "en\tThe post {title} appeared first on {site}.\nen\t{title} appeared first on {site}\nde\tDer Beitrag {title} erschien zuerst auf {site}.\n",
        );
        let (mut tokens, mut words) = (Vec::new(), Vec::new());
        tokenize(text, 0, &mut tokens);
        tokenize(title, 0, &mut words);
        match frames.at_end(&tokens, 0, &words) {
            Some(aside) => text[..tokens[aside.start as usize].start as usize].trim_end(),
            None => text,
        }
    }

    #[test]
    fn frames_at_the_end_of_a_paragraph() {
        assert_eq!(
            rest("It rained. The post Rain Floods Town appeared first on The Daily.", "Rain Floods Town"),
            "It rained."
        );
        assert_eq!(rest("It rained. Rain Floods Town appeared first on Daily", "Rain Floods Town"), "It rained.");
        assert_eq!(rest("Es regnete. Der Beitrag Regen in der Stadt erschien zuerst auf Tagblatt.", ""), "Es regnete.");
    }

    #[test]
    fn prose_is_left_alone() {
        let prose = "The singer appeared first on national television in 1999, and her career has not stopped since.";
        assert_eq!(rest(prose, "A star and her story"), prose);
    }
}
