//! A document as the rules see it: words, and the text between them.

use super::thresholds::MAX_ABBREVIATION_CHARS;
use crate::segment::{Cut, Line};
use crate::token::Token;
use crate::{Document, Span};

/// A document as the rules see it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub lines: &'a [Line],
    /// See [`Cut::fences`](crate::segment::Cut::fences).
    pub fences: &'a [u32],
}

impl<'a> View<'a> {
    /// Returns the view of a document.
    pub fn new(document: &'a Document, cut: &'a Cut) -> Self {
        View { text: &document.text, tokens: &cut.tokens, lines: &cut.lines, fences: &cut.fences }
    }

    /// Returns the text between token `i` and the one before it.
    pub fn before(&self, i: usize) -> &'a str {
        let from = if i == 0 { 0 } else { self.tokens[i - 1].end() as usize };
        let to = self.tokens.get(i).map_or(self.text.len(), |token| token.start as usize);
        // Bigrams of scripts without spaces overlap: nothing is between them.
        &self.text[from.min(to)..to]
    }

    /// Returns token `i` as written.
    pub fn of(&self, i: usize) -> &'a str {
        let token = &self.tokens[i];
        &self.text[token.start as usize..token.end() as usize]
    }

    /// Returns whether token `i` is written in capitals, having at least two letters.
    pub fn in_capitals(&self, i: usize) -> bool {
        let word = self.of(i);
        word.chars().filter(|c| c.is_uppercase()).count() > 1 && !word.chars().any(is_small_letter)
    }

    /// Returns whether token `i` begins with a small letter.
    pub fn is_small(&self, i: usize) -> bool {
        !self.tokens[i].capital && self.of(i).starts_with(is_small_letter)
    }

    /// Returns whether a headline ends before token `i`: in a question, an exclamation, or a stop that no abbreviation has.
    pub fn ends_headline(&self, i: usize) -> bool {
        if !self.ends_sentence(i) {
            return false;
        }
        let letters = self.of(i - 1).chars().count();
        let abbreviation =
            letters <= MAX_ABBREVIATION_CHARS || self.tokens[i - 1].capital && letters <= MAX_ABBREVIATION_CHARS + 1;
        !abbreviation || self.before(i).starts_with(['?', '!', '。', '؟', '।', '”', '"', '’', ')'])
    }

    /// Returns whether a sentence ends before token `i`.
    pub fn ends_sentence(&self, i: usize) -> bool {
        let gap = self.before(i);
        let mut rest = gap.chars().skip_while(|c| matches!(c, '”' | '"' | '’' | ')' | ']'));
        let stop = rest.next();
        matches!(stop, Some('。' | '！' | '？' | '।' | '؟' | '…'))
            || matches!(stop, Some('.' | '!' | '?')) && rest.next().is_none_or(char::is_whitespace)
    }

    /// Returns the sentences of a line, as lines.
    pub fn sentences(&self, line: &Line) -> Vec<Line> {
        // The dots of an address end nothing.
        let apart = |i: usize| self.before(i) != "." || !self.is_small(i);
        let ends = (line.start + 1..line.end).filter(|&i| self.ends_sentence(i) && apart(i)).chain([line.end]);
        let sentence = |start: &mut usize, end: usize| Some(Line { start: std::mem::replace(start, end), end });
        ends.scan(line.start, sentence).collect()
    }

    /// Returns whether the text is cut off before token `i`: "[…]", "...".
    pub fn is_cut_off(&self, i: usize) -> bool {
        let gap = self.before(i).trim_start_matches(['.', ',']).trim_start();
        gap.starts_with(['…', '[']) || self.before(i).starts_with("..")
    }

    /// Returns the text before token `i` on its line, back to the token before it.
    pub fn lead(&self, i: usize) -> &'a str {
        let before = self.before(i);
        before.rsplit('\n').next().unwrap_or(before)
    }

    /// Returns the number of line ends between token `i` and the one before it.
    pub fn line_ends(&self, i: usize) -> usize {
        self.before(i).matches('\n').count()
    }

    /// Returns whether token `i` is a bigram of a script without spaces.
    pub fn is_spaceless(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|token| token.word.is_bigram())
    }

    /// Returns the bytes of a line, bullets and stops included, white space around it not.
    pub fn whole(&self, line: &Line) -> Span {
        let behind = self.before(line.end);
        let lead = self.lead(line.start).trim_start();
        let rest = behind.split('\n').next().unwrap_or(behind).trim_end();
        let (first, last) = (&self.tokens[line.start], &self.tokens[line.end - 1]);
        Span::new(first.start as usize - lead.len(), last.end() as usize + rest.len())
    }

    /// Returns whether a line ends as prose does, in a full stop.
    pub fn ends_like_prose(&self, line: &Line) -> bool {
        let rest = self.text[self.tokens[line.end - 1].end() as usize..].trim_start_matches(['”', '"', '’', ')', '»']);
        rest.starts_with(['.', '。', '।', '…', '۔'])
    }
}

/// Returns whether no letter of a text is of a script with capitals.
pub(crate) fn has_no_case(text: &str) -> bool {
    text.chars().all(|c| !c.is_uppercase() && !is_small_letter(c))
}

/// Returns whether a letter is a small one of a script with capitals. Unicode calls the letters of Georgian small, but sentences and
/// names have no others.
pub(crate) fn is_small_letter(c: char) -> bool {
    c.is_lowercase() && !('\u{10d0}'..='\u{10ff}').contains(&c)
}
