//! What stands around a line: whether it can be a call to action at all, and whether other lines bear it out.
//!
//! A line of a few common words ("Contact", "Click here to confirm") is furniture of a page only among other furniture.
//! In code, tables, lists and wrapped sentences, as a heading, a label or between quotes, the same words are content.

use super::view::View;
use super::{Aside, AsideKind};
use crate::segment::Line;

/// Longest line that counts as a short one, in letters.
const MAX_SHORT_LETTERS: usize = 80;
/// Longest line of a menu or a list of headings, in words.
const MAX_ITEM_WORDS: usize = 6;
/// Shortest line that a sentence in small letters can go on from, in letters.
const MIN_BROKEN_LETTERS: usize = 15;
/// Shortest line that a sentence in a script without case can go on from, in letters.
const MIN_FULL_LETTERS: usize = 30;
/// Short lines in a row, from which they make a list.
const MIN_LIST_LINES: usize = 3;

/// Signs that underline a heading in plain text.
const UNDERLINES: [char; 9] = ['=', '-', '~', '^', '"', '*', '+', '#', '_'];

/// Whether a line is a part of something that it must not be taken out of: a sentence that is wrapped over lines, a
/// heading, code, a row of a table, a quotation.
pub(super) fn is_part(view: View, line: &Line) -> bool {
    is_wrapped(view, line)
        || is_heading(view, line)
        || is_code(view, line)
        || is_row(view, line)
        || is_quoted(view, line)
}

/// Whether a line begins in the middle of a sentence that the line above broke off, or breaks one off for the line below.
pub(super) fn is_wrapped(view: View, line: &Line) -> bool {
    let own = written(view, line);
    let goes_on = |above: &str, below: &str| {
        let letters = above.trim().chars().count();
        let small = begins_small(below);
        let broken = !ends_sentence(above) && !above.trim_end().ends_with([':', '：', '|']);
        broken
            && (small && letters >= MIN_BROKEN_LETTERS
                || has_no_case(below) && letters >= MIN_FULL_LETTERS && ends_sentence(below))
    };
    neighbour(view, line, Side::Above).is_some_and(|above| goes_on(above, own))
        || neighbour(view, line, Side::Below)
            .is_some_and(|below| goes_on(own, below) && own.chars().count() >= MIN_FULL_LETTERS)
}

/// Whether a line is marked as a heading: by number signs before it, or by a line of signs below it.
pub(super) fn is_heading(view: View, line: &Line) -> bool {
    let hashes = view.lead(line.start).trim_start();
    let hashed = hashes.starts_with('#') && hashes.trim_start_matches('#').starts_with([' ', '\t']);
    let underlined = || {
        neighbour(view, line, Side::Below).is_some_and(|below| {
            let below = below.trim();
            below.len() >= 3
                && below.chars().next().is_some_and(|c| UNDERLINES.contains(&c) && below.chars().all(|d| d == c))
        })
    };
    hashed || underlined()
}

/// Whether a line is written in a programming language or stands in a fenced block.
pub(super) fn is_code(view: View, line: &Line) -> bool {
    let own = written(view, line).trim();
    let calls = ["()", "{", "}", "::", "`", "==", "$(", "=\"", "!=", "&&", "/*", "*/", "#!", "[]"];
    let tagged = own.contains('<');
    let statement = own.ends_with(';') && own.rsplit_once('&').is_none_or(|(_, entity)| entity.len() > 8);
    let assigns = own.contains(" = ") || own.ends_with(")") && own.contains("=") && !own.contains(' ');
    let comment = ["//", "#", "--", ";;", "%%"].iter().any(|sign| own.starts_with(sign)) && !own.starts_with("---");
    // Commands of POD, roff and reStructuredText, and comments of HTML.
    let mut signs = own.chars();
    let command = match (signs.next(), signs.next()) {
        (Some('='), Some(c)) => c.is_ascii_lowercase(),
        (Some('.'), Some(c)) => c.is_ascii_uppercase() || own.starts_with(".. "),
        (Some('\\' | '%' | '@'), Some(c)) => c.is_ascii_lowercase(),
        _ => own.starts_with("<!--"),
    };
    command
        || statement && !tagged
        || assigns && !tagged
        || comment
        || calls.iter().any(|sign| own.contains(sign) && (!tagged || *sign != "=\""))
        || is_fenced(view, line)
}

/// Whether a line stands between the fences of a block of code in Markdown.
fn is_fenced(view: View, line: &Line) -> bool {
    let start = view.tokens[line.start].start;
    view.fences.partition_point(|&fence| fence < start) % 2 == 1
}

/// Whether a line is a row of a table.
pub(super) fn is_row(view: View, line: &Line) -> bool {
    let own = written(view, line);
    let trimmed = own.trim();
    trimmed.starts_with('|') && trimmed[1..].contains('|') || trimmed.matches('\t').count() >= 2
}

/// Whether a line is what somebody says: it begins and ends with quotes.
fn is_quoted(view: View, line: &Line) -> bool {
    const OPEN: [char; 9] = ['"', '“', '„', '«', '‘', '「', '『', '‚', '”'];
    const CLOSE: [char; 8] = ['"', '”', '“', '»', '’', '」', '』', '«'];
    let own = written(view, line).trim().trim_start_matches(['-', '–', '—', ' ']);
    own.starts_with(OPEN) && own.trim_end_matches(['.', ',', '!', '?', '。']).ends_with(CLOSE)
}

/// Whether a line ends in a colon: a label for what stands below it.
pub(super) fn is_label(view: View, line: &Line) -> bool {
    written(view, line).trim_end().trim_end_matches(['*', '_']).ends_with([':', '：', '︰'])
}

/// What a line is in a list, by the sign before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// No item of a list.
    None,
    /// An item behind a bullet.
    Bullet,
    /// An item behind a number or a letter: a step.
    Number,
}

/// Tells by the sign before a line whether it is an item of a list.
pub(super) fn item(view: View, line: &Line) -> Item {
    let first = &view.tokens[line.start];
    let behind = view.before((line.start + 1).min(view.tokens.len()));
    let counted = line.len() > 1 && behind.starts_with(['.', ')', '、', '．', '）']) && {
        let written = view.of(line.start);
        first.word.is_number() && first.len <= 2
            || written.chars().count() == 1 && written.chars().all(char::is_alphabetic)
    };
    if counted {
        return Item::Number;
    }
    let lead = view.lead(line.start).trim_start();
    let mut signs = lead.chars();
    match (signs.next(), signs.next()) {
        (Some('-' | '*' | '+' | '•' | '·' | '◦' | '▪' | '●' | '■' | '–' | '・'), Some(' ' | '\t' | '\u{a0}')) => {
            Item::Bullet
        }
        (Some(sign), _) if ('①'..='⑳').contains(&sign) => Item::Number,
        _ => Item::None,
    }
}

/// How the lines around one are made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    /// Other calls to action, and nothing else up to the end of the text or to prose.
    Calls,
    /// The end of the text, after prose.
    End,
    /// Prose or nothing.
    Prose,
    /// A list of other things: steps, headings, words.
    List,
}

/// Tells what the lines around line `n` are. `is_call` says which of the lines are calls to action by their words, and
/// `is_strong` which of them are by their words alone.
pub(super) fn company(view: View, n: usize, is_call: &[bool], is_strong: &[bool]) -> Company {
    let lines = view.lines;
    let own = item(view, &lines[n]);
    if own != Item::None {
        let listed = |&m: &usize| item(view, &lines[m]) == own;
        let above = (0..n).rev().take_while(listed);
        let below = (n + 1..lines.len()).take_while(listed);
        let (all, calls) =
            above.chain(below).fold((1, 1), |(all, calls), m| (all + 1, calls + usize::from(is_call[m])));
        return match calls == all {
            _ if own == Item::Number => Company::List,
            true if all >= MIN_LIST_LINES || beside(n, is_strong) => Company::Calls,
            true => end(n, view, is_call),
            false => Company::List,
        };
    }
    let short = |&m: &usize| is_short(view, &lines[m]);
    let above = (0..n).rev().take(MAX_RUN).take_while(short);
    let below = (n + 1..lines.len()).take(MAX_RUN).take_while(short);
    let (all, calls) = above.chain(below).fold((1, 1), |(all, calls), m| (all + 1, calls + usize::from(is_call[m])));
    // A menu has items of its site's own between the common ones.
    let near =
        (0..n).rev().take(MENU_REACH).take_while(short).chain((n + 1..lines.len()).take(MENU_REACH).take_while(short));
    let (items, known) = near.fold((1, 1), |(all, calls), m| (all + 1, calls + usize::from(is_call[m])));
    let menu = known >= MIN_MENU_CALLS && known * 2 >= items;
    if menu || beside(n, is_strong) || calls >= 2 && calls * 4 > all * 3 {
        return Company::Calls;
    }
    if all >= MIN_LIST_LINES && calls * 2 < all {
        return Company::List;
    }
    end(n, view, is_call)
}

/// Calls among the lines around one that make a menu, at least half of them.
const MIN_MENU_CALLS: usize = 4;
/// Lines before and after one that are looked at for a menu.
const MENU_REACH: usize = 4;
/// Lines looked at before and after one, at most.
const MAX_RUN: usize = 24;

/// Whether a line next to line `n` is a call by its words alone.
fn beside(n: usize, is_strong: &[bool]) -> bool {
    n > 0 && is_strong[n - 1] || is_strong.get(n + 1).copied().unwrap_or(false)
}

/// Whether only calls follow line `n` up to the end of the text, and prose comes before it.
fn end(n: usize, view: View, is_call: &[bool]) -> Company {
    let first = (0..n).rev().take_while(|&m| is_call[m]).last().unwrap_or(n);
    let prose = first > 0 && !is_short(view, &view.lines[first - 1]);
    if prose && is_call[n + 1..].iter().all(|&call| call) { Company::End } else { Company::Prose }
}

/// Whether a line is too short for a sentence of prose.
fn is_short(view: View, line: &Line) -> bool {
    if line.len() <= MAX_ITEM_WORDS {
        return true;
    }
    let letters = written(view, line).trim().chars().count();
    if view.is_spaceless(line.start) { letters <= MAX_SHORT_LETTERS / 3 } else { letters <= MAX_SHORT_LETTERS }
}

/// Lines at the end of a page that may say who holds its rights.
const MAX_FOOT_LINES: usize = 4;

/// Returns a line on rights inside a text as one that is only to be marked: there it is part of a licence or of a file's
/// head.
pub(super) fn rights_in_licence(view: View, aside: Aside) -> Aside {
    if aside.kind != AsideKind::Frame || !aside.certain {
        return aside;
    }
    let below =
        view.lines.iter().rev().take_while(|line| line.start >= aside.end as usize).take(MAX_FOOT_LINES + 1).count();
    let says = aside.span.of(view.text).trim_start_matches(['/', '*', '#', ' ']);
    let starts = |sign: &str| says.get(..sign.len()).is_some_and(|head| head.eq_ignore_ascii_case(sign));
    let rights = says.starts_with('©') || starts("copyright") || starts("(c)");
    if rights && below > MAX_FOOT_LINES { aside.uncertain(0.5) } else { aside }
}

/// A line as written, with all that stands before and after its words.
pub(super) fn written<'a>(view: View<'a>, line: &Line) -> &'a str {
    view.whole(line).of(view.text)
}

#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// The line of the text right above or below, unless it is blank.
fn neighbour<'a>(view: View<'a>, line: &Line, side: Side) -> Option<&'a str> {
    let span = view.whole(line);
    let found = match side {
        Side::Above => {
            let (before, _) = view.text[..span.start as usize].rsplit_once('\n')?;
            before.rsplit('\n').next()?
        }
        Side::Below => {
            let (_, behind) = view.text[span.end as usize..].split_once('\n')?;
            behind.split('\n').next()?
        }
    };
    (!found.trim().is_empty()).then_some(found)
}

fn begins_small(line: &str) -> bool {
    line.trim_start_matches([' ', '\t', '\u{a0}', '>', '"', '(', '\u{3000}']).starts_with(char::is_lowercase)
}

fn has_no_case(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphabetic()).all(|c| !c.is_uppercase() && !c.is_lowercase())
}

/// Whether a line ends what it says.
pub(super) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(['"', '”', '’', ')', '»', '」', '』', '）', ']', '*', '_']);
    line.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟', '॥', '።', '။', '។'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::segment::cut;

    /// Whether the line of a text that holds `words` is a part of something.
    fn part(text: &str, words: &str) -> bool {
        let document = Document::new("x", text);
        let cut = cut(&document);
        let view = View { text, tokens: &cut.tokens, lines: &cut.lines, fences: &cut.fences };
        let line = cut.lines.iter().find(|line| written(view, line).contains(words)).unwrap();
        is_part(view, line)
    }

    #[test]
    fn parts_of_something() {
        for (text, words) in [
            ("  The second part of a\n  sentence that asks for\n  more.", "more."),
            ("## Contact\n\nBy letter.", "Contact"),
            ("Contact\n-------\n\nBy letter.", "Contact"),
            ("fn main() {\n    Ok(())\n}", "Ok(())"),
            ("```\nsubmit\n```", "submit"),
            ("| Name | Share |\n|---|---|\n| Ada | 3 |", "Share"),
            ("He took his cap off.\n\n“Thank you.”\n\nThat was all.", "Thank you"),
            ("Er sagte nur:\n\n„Danke.“", "Danke"),
            ("Dijo:\n\n«Compártelo».", "Compártelo"),
            ("submit = open(name)", "submit"),
            ("close();", "close"),
        ] {
            assert!(part(text, words), "{text:?}");
        }
        for (text, words) in [
            ("The ferry is late again.\n\nSubscribe to our newsletter", "Subscribe"),
            ("The ferry is late again.\nRead more &raquo;", "Read more"),
            ("<p>Read more</p>", "Read more"),
            ("渡船今天又晚点了。\n阅读全文", "阅读全文"),
            ("A headline without a stop\nRead more", "Read more"),
        ] {
            assert!(!part(text, words), "{text:?}");
        }
    }
}
