//! Lines that say who holds the rights: boilerplate at the foot of a page, content in a licence.

use super::thresholds::MAX_FOOT_LINES;
use crate::boilerplate::text::{Aside, AsideKind, View};

/// Returns a line on rights inside a text as one that is only to be marked: there it is part of a licence or of a file's
/// head. One that opens a text is no boilerplate: it says whose the rest is.
pub(crate) fn rights_in_licence(view: View, aside: Aside) -> Option<Aside> {
    if aside.kind != AsideKind::Frame {
        return Some(aside);
    }
    let below =
        view.lines.iter().rev().take_while(|line| line.start >= aside.end as usize).take(MAX_FOOT_LINES + 1).count();
    let says = aside.span.of(view.text).trim_start_matches(['/', '*', '#', ' ']);
    let starts = |sign: &str| says.get(..sign.len()).is_some_and(|head| head.eq_ignore_ascii_case(sign));
    let rights = says.starts_with('©') || starts("copyright") || starts("(c)");
    let first = aside.start == 0 && below > 0;
    match rights {
        true if first => None,
        true if below > MAX_FOOT_LINES && aside.certain => Some(aside.uncertain(0.5)),
        _ => Some(aside),
    }
}
