//! Every marker of the table in every dress.

use super::phrases::rows;
use super::*;
use crate::boilerplate::text::AsideKind;
use crate::segment::cut;
use crate::token::words;

const HEADLINE: &str = "Wool Price Falls For Third Year";
/// The characters that may be around a marker `M` and its headline `H` on a line of its own.
const DRESSES: [&str; 17] = [
    "M: H",
    "M : H",
    "[M] H",
    "【M】H",
    "《M》H",
    "(M) H",
    "<M> H",
    "(M: H)",
    "▶️ M: H ◀️",
    "👉 M → H",
    "👇 M 👇 H",
    "**M:** H",
    "**M: H**",
    "• M – H",
    "■ M | H",
    ">> M : H <<",
    "«M»: H",
];

/// Returns the lines of a kind that are not found as one whole link.
fn missed(spell: impl Fn(&str, &str) -> Option<String>) -> (usize, Vec<String>) {
    let title = words(HEADLINE);
    let titles = TitleIndex::new([title.as_slice()]);
    let table = rows(include_str!("../../data/inserted_links.tsv"));
    let (mut all, mut missed) = (0, Vec::new());
    for row in table.filter(|row| row[1] != "line") {
        let Some(marker) = spell(row[0], row[2]) else { continue };
        for dress in DRESSES {
            let line = dress.replace('H', HEADLINE).replace('M', &marker);
            let text = format!("Rain has kept the shearers off the hill.\n\n{line}\n\nA dry spell is forecast.");
            let document = Document::new("x", text.as_str());
            let asides = lexical(&document, &cut(&document), &titles);
            let whole = |aside: &Aside| aside.certain && aside.span.of(&text) == line;
            // Some markers begin as calls to action or frames do, which is another finding.
            let called = |aside: &Aside| matches!(aside.kind, AsideKind::CallToAction | AsideKind::Frame);
            all += 1;
            if !asides.iter().any(|aside| whole(aside) || called(aside)) {
                missed.push(format!("{} {line}", row[0]));
            }
        }
    }
    (all, missed)
}

#[test]
fn markers_in_any_dress_are_whole_links() {
    let capital = |marker: &str| {
        let mut letters = marker.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let dotted = |code: &str, marker: &str| match code {
        "tr" | "az" => marker.replace('i', "İ").replace('ı', "I").to_uppercase(),
        _ => marker.to_uppercase(),
    };
    let (all, plain) = missed(|_, marker| capital(marker));
    assert!(plain.is_empty(), "{} of {all}:\n{}", plain.len(), plain.join("\n"));
    let (all, capitals) = missed(|code, marker| Some(dotted(code, marker)));
    assert!(capitals.is_empty(), "{} of {all}:\n{}", capitals.len(), capitals.join("\n"));
}
