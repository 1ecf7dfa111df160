//! A written date as numbers, words and signs.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits.
    Number,
    /// Letters of any script.
    Word,
    /// Any other character.
    Sign(char),
}

/// A piece of a written date.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
    /// Whether white space is before it.
    pub spaced: bool,
}

/// A written date, brought to one form: lower case, ASCII digits, the marks of Chinese, Japanese and Korean dates as signs.
#[derive(Debug)]
pub(super) struct Text {
    pub text: String,
    pub tokens: Vec<Token>,
    /// The part in parentheses.
    pub comment: Option<String>,
}

impl Text {
    pub fn new(written: &str) -> Self {
        let (text, comment) = without_comment(&plain(written));
        let text = without_marks(&text);
        let tokens = tokens(&text);
        Text { text, tokens, comment }
    }

    /// Returns the text of tokens from `from` up to `to`.
    pub fn phrase(&self, from: usize, to: usize) -> &str {
        &self.text[self.tokens[from].range.start..self.tokens[to - 1].range.end]
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Returns whether a token touches the one before it.
    pub fn touches(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.spaced)
    }

    /// Returns the number that a token is, and how many digits it has.
    pub fn number(&self, at: usize) -> Option<(i64, usize)> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Number)?;
        let digits = &self.text[token.range.clone()];
        Some((digits.parse().ok()?, digits.len()))
    }

    /// Returns the word that a token is.
    pub fn word(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Word)?;
        Some(&self.text[token.range.clone()])
    }
}

/// The digit zero of some scripts, whose digits from 0 to 9 follow each other.
const ZEROS: [char; 17] = ['0', '٠', '۰', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '၀', '០', '０'];

fn plain(written: &str) -> String {
    let plain = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2019}' | '\u{2bc}' => '\'',
        '：' => ':',
        '（' => '(',
        '）' => ')',
        _ => ZEROS.iter().find_map(|&zero| digit(c, zero)).unwrap_or(c),
    };
    let marks_no_direction = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    written.chars().filter(marks_no_direction).map(plain).nfc().flat_map(char::to_lowercase).collect()
}

fn digit(c: char, zero: char) -> Option<char> {
    let value = (c as u32).checked_sub(zero as u32).filter(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// Removes the parts in parentheses. Returns the last of them and the rest.
fn without_comment(text: &str) -> (String, Option<String>) {
    let (mut rest, mut comment) = (text.to_owned(), None);
    while let Some(open) = rest.find('(') {
        let Some(close) = rest[open..].find(')').map(|close| open + close) else { break };
        comment = Some(rest[open + 1..close].trim().to_owned());
        rest.replace_range(open..=close, " ");
    }
    (rest, comment)
}

/// Puts signs for the marks after the numbers of a date: `2026年3月3日 14時05分` becomes `2026-3-3  14:05`.
fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let number_before = plain.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let number_after = || {
            let ahead = rest.clone().find(|c| !c.is_whitespace());
            ahead.is_some_and(|c| c.is_ascii_digit())
        };
        match c {
            '年' | '년' | '月' | '월' if number_before => plain.push(if number_after() { '-' } else { ' ' }),
            '日' | '일' | '号' | '秒' | '초' if number_before => plain.push(' '),
            '时' | '時' | '시' | '点' | '點' if number_before && number_after() => plain.push(':'),
            '分' | '분' if number_before => plain.push(if number_after() { ':' } else { ' ' }),
            c if c.is_whitespace() && plain.ends_with(':') => {}
            c => plain.push(c),
        }
    }
    plain
}

fn is_wordy(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii_digit() && !c.is_ascii_punctuation() && !"、，،؛·•|°«»…“”".contains(c)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut spaced = true;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let (kind, goes_on): (Kind, fn(char) -> bool) = if c.is_ascii_digit() {
            (Kind::Number, |c| c.is_ascii_digit())
        } else if is_wordy(c) {
            (Kind::Word, |c| is_wordy(c) || c == '\'')
        } else {
            (Kind::Sign(c), |_| false)
        };
        let mut end = start + c.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| goes_on(*c)) {
            end = at + c.len_utf8();
        }
        tokens.push(Token { kind, range: start..end, spaced: std::mem::take(&mut spaced) });
    }
    tokens
}
