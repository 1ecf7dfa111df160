//! White space that is removed with a piece, so that the rest still reads well.
//!
//! Only white space next to a removed piece is removed with it, and nothing is added. So the rest is a subsequence of the
//! original, and putting the pieces back restores it.

use crate::Span;

/// A removed piece and the white space that goes with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cut {
    /// The piece, without the white space at its own edges.
    pub span: Span,
    /// Bytes of white space before it that are removed too.
    pub before: u32,
    /// Bytes of white space after it that are removed too.
    pub after: u32,
}

impl Cut {
    /// Returns the bytes that this cut removes, if earlier cuts have dealt with everything up to `cursor`. Pieces may overlap or
    /// contain each other; what an earlier cut removed is not removed again.
    pub fn taken(self, cursor: u32) -> Span {
        if self.span.is_empty() {
            return Span { start: cursor, end: cursor };
        }
        let start = self.span.start.saturating_sub(self.before).max(cursor);
        Span { start, end: self.span.end.saturating_add(self.after).max(start) }
    }
}

/// Returns a cut for each of `spans`, in order. The spans must be sorted by start.
pub fn tidy(text: &str, spans: &[Span]) -> Vec<Cut> {
    debug_assert!(spans.is_sorted_by_key(|span| span.start));
    let mut cuts: Vec<Cut> = spans.iter().map(|&span| Cut { span: trim(text, span), ..Cut::default() }).collect();
    let mut run: Option<Run> = None;
    for i in 0..cuts.len() {
        let span = cuts[i].span;
        if span.is_empty() {
            continue;
        }
        if let Some(open) = &mut run {
            let gap = text.get(open.end as usize..span.start as usize).unwrap_or("");
            if gap.chars().all(char::is_whitespace) {
                open.extend(i, span, &mut cuts);
                continue;
            }
            open.settle(text, &mut cuts);
        }
        run = Some(Run { first: i, last: i, start: span.start, end: span.end });
    }
    if let Some(open) = run {
        open.settle(text, &mut cuts);
    }
    cuts
}

/// Returns `text` without `cuts`, piece by piece.
pub fn remaining<'t>(text: &'t str, cuts: &[Cut]) -> impl Iterator<Item = &'t str> {
    let mut cursor = 0;
    cuts.iter().map(Some).chain([None]).map(move |cut| {
        let Some(cut) = cut else { return &text[cursor as usize..] };
        let taken = cut.taken(cursor);
        let piece = &text[cursor as usize..taken.start as usize];
        cursor = taken.end;
        piece
    })
}

/// Pieces with only white space between them, which are cut as one.
struct Run {
    /// The first cut.
    first: usize,
    /// The cut that ends last.
    last: usize,
    start: u32,
    end: u32,
}

impl Run {
    fn extend(&mut self, i: usize, span: Span, cuts: &mut [Cut]) {
        if span.end > self.end {
            cuts[self.last].after = span.start.saturating_sub(self.end);
            (self.last, self.end) = (i, span.end);
        }
    }

    /// Assigns the white space around the run that must be removed to its outermost cuts.
    fn settle(&self, text: &str, cuts: &mut [Cut]) {
        let (head, tail) = (&text[..self.start as usize], &text[self.end as usize..]);
        let (a, b) = (head.trim_end(), tail.trim_start());
        let (left, right) = (&head[a.len()..], &tail[..tail.len() - b.len()]);
        let (keep_left, drop_right) = seam(a, left, right, b);
        cuts[self.first].before = (left.len() - keep_left) as u32;
        cuts[self.last].after = drop_right as u32;
    }
}

fn trim(text: &str, span: Span) -> Span {
    let piece = span.of(text);
    let start = span.start as usize + (piece.len() - piece.trim_start().len());
    match piece.trim() {
        "" => Span { end: span.start, ..span },
        core => Span::new(start, start + core.len()),
    }
}

/// Decides what remains of the white space on both sides of a removed run. Returns how many bytes of `left` stay (its
/// beginning) and how many bytes of `right` are removed (its beginning). `a` and `b` are the texts before and after.
fn seam(a: &str, left: &str, right: &str, b: &str) -> (usize, usize) {
    let (l, r) = (Breaks::of(left), Breaks::of(right));
    if a.is_empty() {
        return (0, right.len());
    }
    if b.is_empty() {
        // A text that ended with a line end still does.
        return (0, if r.count > 0 { r.last_start } else { right.len() });
    }
    match (l.count, r.count) {
        (0, 0) => space(a, left, right, b),
        (_, 0) => (left.len(), right.len()),
        (0, _) => (0, r.start),
        // The smaller of two paragraph breaks, else the larger of two breaks. The removed line's indentation goes, the
        // next line's stays.
        (l_count, r_count) if (l_count >= 2 && l_count <= r_count) || (r_count < 2 && l_count >= r_count) => {
            (l.end, r.end)
        }
        _ => (0, r.start),
    }
}

/// Decides it inside a line: one space stays, none before a closing mark or after an opening one.
fn space(a: &str, left: &str, right: &str, b: &str) -> (usize, usize) {
    let only_right = |c: char| (0, right.len() - c.len_utf8());
    match (left.chars().next(), right.chars().next_back()) {
        // French sets a space before its two-part marks: an existing one stays.
        (_, Some(c)) if b.starts_with([':', ';', '!', '?', '»']) => only_right(c),
        _ if starts_closing(b) => (0, right.len()),
        (None, Some(_)) if a.ends_with(|c| "([{«“‘¿¡（［｛「『【《〈".contains(c)) => (0, right.len()),
        (Some(first), Some(' ')) if first != ' ' => only_right(' '),
        (Some(first), _) => (first.len_utf8(), right.len()),
        (None, Some(c)) => only_right(c),
        (None, None) => (0, 0),
    }
}

/// Returns whether `b` begins with a mark that has no space before it (`.NET` and `.5` do not).
fn starts_closing(b: &str) -> bool {
    let mut chars = b.chars();
    match (chars.next(), chars.next()) {
        (Some('.' | ','), Some(next)) => !next.is_ascii_alphanumeric(),
        (Some(mark), _) => ".,:;!?)]}»”’…%。、，．：；！？）］｝」』】》〉،؛؟।॥".contains(mark),
        (None, _) => false,
    }
}

/// The line ends in a run of white space.
#[derive(Default)]
struct Breaks {
    count: usize,
    /// Offset of the first one.
    start: usize,
    /// Offset of the last one.
    last_start: usize,
    /// End of the last one.
    end: usize,
}

impl Breaks {
    fn of(blank: &str) -> Self {
        let mut breaks = Breaks::default();
        for (at, c) in blank.char_indices() {
            let weight = match c {
                '\n' if blank[..at].ends_with('\r') => {
                    breaks.end = at + 1;
                    continue;
                }
                '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{2028}' => 1,
                '\u{2029}' => 2,
                _ => continue,
            };
            if breaks.count == 0 {
                breaks.start = at;
            }
            breaks.count += weight;
            (breaks.last_start, breaks.end) = (at, at + c.len_utf8());
        }
        breaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cuts the text between `‹` and `›`; marks may not nest.
    fn cut(marked: &str) -> String {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for c in marked.chars() {
            match c {
                '‹' => spans.push(Span::new(text.len(), text.len())),
                '›' => spans.last_mut().unwrap().end = text.len() as u32,
                _ => text.push(c),
            }
        }
        remaining(&text, &tidy(&text, &spans)).collect()
    }

    #[test]
    fn a_paragraph_takes_one_break_with_it() {
        for (marked, rest) in [
            ("One.\n\n‹Read also: X›\n\nTwo.", "One.\n\nTwo."),
            ("One.\n\n‹Read also: X\n\n›Two.", "One.\n\nTwo."),
            ("One.‹\n\nRead also: X\n\n›Two.", "One.\n\nTwo."),
            ("One.\r\n\r\n‹X›\r\n\r\nTwo.\r\n", "One.\r\n\r\nTwo.\r\n"),
            ("One.\n‹X›\nTwo.", "One.\nTwo."),
            ("One.\n‹X›\n\nTwo.", "One.\n\nTwo."),
            ("One.\n\n‹X›\nTwo.", "One.\n\nTwo."),
            ("One.\n\n\n\n‹X›\n\nTwo.", "One.\n\nTwo."),
            ("One.\n\n‹X›\n\n\n\nTwo.", "One.\n\nTwo."),
            ("One.\n \n  ‹X›  \n \n    Two.", "One.\n \n    Two."),
            ("One.\n\n‹X›\n\n‹Y›\n\nTwo.", "One.\n\nTwo."),
            ("One. ‹X›\n‹Y› two.", "One. two."),
            ("第一段。\n\u{3000}‹関連記事：何か›\n\u{3000}第二段。", "第一段。\n\u{3000}第二段。"),
            ("One.\u{2029}‹X›\nTwo.", "One.\u{2029}Two."),
        ] {
            assert_eq!(cut(marked), rest, "{marked:?}");
        }
    }

    #[test]
    fn an_end_of_the_text_keeps_no_blanks() {
        for (marked, rest) in [
            ("‹X›\n\nOne.", "One."),
            ("  ‹X› One.", "One."),
            ("One.\n\n‹X›", "One."),
            ("One. ‹X›  ", "One."),
            ("One.\n\n‹X›\n", "One.\n"),
            ("One.\r\n\r\n‹X› \r\n\r\n", "One.\r\n"),
            ("\u{a0}‹X›\u{3000}", ""),
            ("‹X›\n", ""),
            ("‹X›", ""),
        ] {
            assert_eq!(cut(marked), rest, "{marked:?}");
        }
    }

    #[test]
    fn a_run_inside_a_line_leaves_one_space() {
        for (marked, rest) in [
            ("in Manila. ‹SEE ALSO: Y› The NCDC", "in Manila. The NCDC"),
            ("in Manila ‹(Reuters)›, he said", "in Manila, he said"),
            ("in Manila ‹(Reuters)› . Then", "in Manila. Then"),
            ("on ‹X› .NET", "on .NET"),
            ("dit ‹X›\u{a0}: oui", "dit\u{a0}: oui"),
            ("dit\u{a0}‹X› oui", "dit oui"),
            ("a  ‹X›  b", "a b"),
            ("a  ‹X›b", "a b"),
            ("a‹X›  b", "a b"),
            ("(‹X› b", "(b"),
            ("a‹X›b", "ab"),
            ("One. ‹X›\nTwo.", "One.\nTwo."),
            ("One.\n  ‹X› two.", "One.\n  two."),
            ("首相は‹（写真）›述べた。", "首相は述べた。"),
            ("首相は\u{3000}‹（写真）›\u{3000}述べた。", "首相は\u{3000}述べた。"),
            ("قال ‹اقرأ أيضا› ، ثم", "قال، ثم"),
            ("ข่าว ‹อ่านต่อ› วันนี้", "ข่าว วันนี้"),
            ("समाचार ‹पढ़ें› ।", "समाचार।"),
            ("a ‹  › b", "a    b"),
        ] {
            assert_eq!(cut(marked), rest, "{marked:?}");
        }
    }

    #[test]
    fn overlaps_are_taken_once() {
        let text = "One two three four five.";
        let spans = [Span::new(4, 13), Span::new(4, 7), Span::new(8, 18), Span::new(9, 9)];
        let cuts = tidy(text, &spans);
        assert_eq!(remaining(text, &cuts).collect::<String>(), "One five.");
        assert_eq!(cuts.iter().map(|cut| cut.span).collect::<Vec<_>>(), spans);
        assert_eq!(cuts[1].taken(13), Span::new(13, 13), "inside the first: nothing more");
        assert_eq!(cuts[2].taken(13), Span::new(13, 19), "overlaps the first: clipped, with the space after it");
    }

    /// Words, blanks and marks in several scripts, and spans over some of the pieces.
    fn text_and_spans() -> impl Strategy<Value = (String, Vec<Span>)> {
        let piece = prop::sample::select(vec![
            "a",
            "Wort",
            "été",
            "日本",
            "ไทย",
            " ",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\r\n",
            "\u{a0}",
            "\u{3000}",
            ".",
            ",",
            "«",
            "😀",
        ]);
        (prop::collection::vec(piece, 0..40), prop::collection::vec((0usize..41, 0usize..6), 0..6)).prop_map(
            |(pieces, picks)| {
                let ends = |n: usize| pieces.iter().take(n).map(|piece| piece.len()).sum::<usize>();
                let mut spans: Vec<Span> = picks.iter().map(|&(at, n)| Span::new(ends(at), ends(at + n))).collect();
                spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
                (pieces.concat(), spans)
            },
        )
    }

    proptest! {
        #[test]
        fn only_the_pieces_and_white_space_go((text, spans) in text_and_spans()) {
            let cuts = tidy(&text, &spans);
            let (mut cursor, mut rebuilt) = (0, String::new());
            let mut pieces = remaining(&text, &cuts);
            for cut in &cuts {
                rebuilt += pieces.next().unwrap();
                let taken = cut.taken(cursor);
                rebuilt += taken.of(&text);
                for at in taken.range().filter(|&at| text.is_char_boundary(at)) {
                    let named = spans.iter().any(|span| span.range().contains(&at));
                    let c = text[at..].chars().next().unwrap();
                    prop_assert!(named || c.is_whitespace(), "took {c:?} at {at}");
                }
                cursor = taken.end;
            }
            rebuilt += pieces.next().unwrap();
            prop_assert_eq!(&rebuilt, &text);
            // Everything named is gone, and no two separate words were joined by taking the space between them.
            let rest: String = remaining(&text, &cuts).collect();
            let solid = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let unnamed: String = text.char_indices()
                .filter(|(at, _)| !spans.iter().any(|span| span.range().contains(at))).map(|(_, c)| c).collect();
            prop_assert_eq!(solid(&rest), solid(&unnamed));
        }
    }
}
