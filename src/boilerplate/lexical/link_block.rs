//! A marker that is a line of its own, and the lines of headlines under it.

use super::dress::is_bullet;
use super::marker::Marker;
use super::thresholds::{MIN_BLOCK_HEADLINE_WORDS, THRESHOLDS};
use super::titles::TitleIndex;
use crate::boilerplate::text::{Aside, AsideKind, View, surroundings};
use crate::segment::Line;

/// Adds the marker line `line`, and its headlines as far as they are certain. `ends` says that its words also end a teaser
/// ("Read more"), so that it needs known titles below. Returns the token to go on with.
pub(super) fn block(
    view: View,
    marker: &Marker,
    (line, ends): (usize, bool),
    titles: &TitleIndex,
    found: &mut Vec<Aside>,
) -> usize {
    let kind = AsideKind::InsertedLink;
    let own = &view.lines[line];
    // Tail of a sentence, heading of a section of references, code.
    let part = surroundings::is_part(view, own) || surroundings::ends_sentence(surroundings::written(view, own));
    let below = &view.lines[line + 1..];
    let listed = if part { 0 } else { headlines(view, below, titles, marker.refers || ends && !marker.colon) };
    let head = Aside::new(view.text, view.tokens, marker.start, marker.end, kind, "a marker line");
    let head = head.with_span(view.whole(&view.lines[line]));
    // A marker without a headline may head anything.
    found.push(if listed == 0 { head.uncertain(0.5) } else { head });
    for headline in &below[..listed] {
        let evidence = "a headline under a marker line";
        let aside = Aside::new(view.text, view.tokens, headline.start, headline.end, kind, evidence);
        found.push(aside.with_span(view.whole(headline)));
    }
    below[..listed].last().map_or(marker.end, |line| line.end)
}

/// Returns how many of the lines under a marker are headlines: all up to the last that is in a list or is the title of
/// another document; otherwise those that look like headlines.
fn headlines(view: View, below: &[Line], titles: &TitleIndex, only_known: bool) -> usize {
    let below = &below[..below.len().min(THRESHOLDS.max_block_headlines)];
    // Neither headings of sections nor code are promoted headlines.
    let other = |line: &Line| {
        surroundings::is_part(view, line) || surroundings::is_label(view, line) || is_reference(view, line)
    };
    let below = &below[..below.iter().position(other).unwrap_or(below.len())];
    let known =
        |line: &Line| titles.longest_at(&view.tokens[line.range()]).is_some_and(|words| words + 1 >= line.len());
    let bulleted =
        |line: &Line| is_bulleted(view, line) && line.len() <= THRESHOLDS.max_headline_words && !runs_on(view, line);
    let plain = |line: &Line| line.len() <= THRESHOLDS.max_headline_words && !view.ends_like_prose(line);
    let run = below.iter().take_while(|line| bulleted(line) || known(line) || plain(line)).count();
    let sure: Vec<bool> = below[..run].iter().map(|line| !only_known && bulleted(line) || known(line)).collect();
    let first = sure.iter().position(|&sure| sure);
    let last = sure.iter().rposition(|&sure| sure);
    match (first, last) {
        // A kicker may come before the first ("Breaking news").
        (Some(0 | 1), Some(last)) => {
            let several = sure.iter().filter(|&&sure| sure).count() > 1;
            // If several are sure, so are the lines after them that are not prose.
            let more = below[last + 1..run]
                .iter()
                .take_while(|line| several && line.len() >= MIN_BLOCK_HEADLINE_WORDS)
                .count();
            last + 1 + more
        }
        _ if only_known => 0,
        _ => in_capitals(view, below, &below[..run]),
    }
}

/// Returns how many lines of a `run` that begins `below` look like headlines by their capitals: the first, and those that
/// follow it at the same distance as it follows the marker.
fn in_capitals(view: View, below: &[Line], run: &[Line]) -> usize {
    let follows = |line: &Line| view.line_ends(line.start) == view.line_ends(below[0].start);
    let is_headline = |line: &Line| line.len() >= MIN_BLOCK_HEADLINE_WORDS && titled(view, line);
    let count = run.iter().take_while(|line| is_headline(line) && follows(line)).count();
    // The last of several may head the prose that follows it.
    let heads = count > 1 && below.get(count).is_some_and(|line| follows(line) && view.ends_like_prose(line));
    count - usize::from(heads)
}

/// Returns whether a line names pages of a manual, or things of a programming language: "ls(1)", "List_Type", "|:help|".
fn is_reference(view: View, line: &Line) -> bool {
    let written = surroundings::written(view, line);
    let name = |word: &str| word.trim_matches('_').contains('_') && !word.contains("//");
    if written.contains(['|', '`', '*']) && !written.contains("**") && !written.starts_with('*')
        || written.split_whitespace().any(name)
    {
        return true;
    }
    let written = written.as_bytes();
    let page = |part: &[u8]| matches!(part, [name, b'(', section, ..] if name.is_ascii_alphanumeric() && section.is_ascii_digit());
    written.windows(3).any(page)
}

/// Returns whether a line holds more than one sentence, as no headline does.
fn runs_on(view: View, line: &Line) -> bool {
    (line.start + 1..line.end).any(|i| view.ends_headline(i)) && view.ends_like_prose(line)
}

/// Returns whether nearly all longer words of a line begin with a capital, or its script has none.
fn titled(view: View, line: &Line) -> bool {
    let small = line.range().filter(|&i| view.is_small(i) && view.of(i).chars().count() > 4).count();
    let capital = line.range().filter(|&i| view.tokens[i].capital).count();
    capital > 0 && small * 4 <= capital
}

fn is_bulleted(view: View, line: &Line) -> bool {
    let first = &view.tokens[line.start];
    let numbered = first.word.is_number() && first.len <= 2 && line.len() > 1;
    view.lead(line.start).trim_start().starts_with(is_bullet)
        || numbered && view.before(line.start + 1).starts_with(['.', ')'])
}
