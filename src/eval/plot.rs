//! A sweep as a picture.

use std::fmt::Write;

use super::scores::{Scores, Sweep};
use crate::escape;

/// Size of the picture, and the edges of its plot, in pixels.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 700.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 344.0;

/// A line of the plot: its name, its style, and the figure that it shows.
type Line = (&'static str, &'static str, fn(&Scores) -> f64);

const LINES: [Line; 3] = [
    ("precision", "#0072b2", |scores| scores.precision.value),
    ("recall", "#d55e00", |scores| scores.recall.value),
    ("F1", "#009e73", |scores| scores.f1.value),
];

/// Returns a sweep as an SVG picture: precision, recall and F1 over the values of the threshold, and the value that the run
/// itself had as a dashed line. It follows the colour scheme of the page that shows it.
pub fn plot(sweep: &Sweep) -> String {
    let values = || sweep.points.iter().map(|point| point.value);
    let (first, last) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let across = |value: f64| LEFT + if last > first { (value - first) / (last - first) } else { 0.5 } * (RIGHT - LEFT);
    let up = |share: f64| BOTTOM - share * (BOTTOM - TOP);
    let name = escape::xml(&sweep.threshold);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"Precision, recall and F1 by {name}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <style>text{{fill:#222}}.axis{{stroke:#888}}.grid{{stroke:#8884}}.back{{fill:#fff}}\
         @media(prefers-color-scheme:dark){{text{{fill:#ddd}}.back{{fill:#181818}}}}</style>\n\
         <rect class=\"back\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n"
    );
    // Writing into a string cannot fail.
    for tenth in (0..=10).step_by(2) {
        let (share, y) = (f64::from(tenth) / 10.0, up(f64::from(tenth) / 10.0));
        let class = if tenth == 0 { "axis" } else { "grid" };
        let _ = writeln!(svg, "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
        let _ =
            writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{share:.1}</text>", LEFT - 8.0, y + 4.0);
    }
    let step = sweep.points.len().div_ceil(11).max(1);
    for value in values().step_by(step) {
        let (x, y) = (across(value), BOTTOM + 20.0);
        let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>", short(value));
    }
    let (middle, y) = ((LEFT + RIGHT) / 2.0, BOTTOM + 42.0);
    let _ = writeln!(svg, "<text x=\"{middle:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{name}</text>");
    if (first..=last).contains(&sweep.current) {
        let x = across(sweep.current);
        let _ = writeln!(
            svg,
            "<line class=\"axis\" stroke-dasharray=\"4 4\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{BOTTOM}\"/>"
        );
    }
    for (n, (line, colour, figure)) in (0u8..).zip(LINES) {
        let places =
            sweep.points.iter().map(|point| format!("{:.1},{:.1}", across(point.value), up(figure(&point.scores))));
        let places = places.collect::<Vec<_>>().join(" ");
        let _ = writeln!(svg, "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{places}\"/>");
        let x = LEFT + 110.0 * f64::from(n);
        let _ = writeln!(
            svg,
            "<line stroke=\"{colour}\" stroke-width=\"3\" x1=\"{x:.1}\" x2=\"{:.1}\" y1=\"24\" y2=\"24\"/>",
            x + 20.0
        );
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"28\">{line}</text>", x + 26.0);
    }
    svg + "</svg>\n"
}

/// Returns a value with as many decimals as it needs, at most three.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::SweepPoint;

    #[test]
    fn a_picture_is_xml_with_a_line_for_each_figure() {
        let point = |value: f64| SweepPoint { value, scores: Scores::of(&[[1.0, value, 0.0]]) };
        let sweep = Sweep { threshold: "a<b".into(), current: 0.5, points: vec![point(0.0), point(1.0)] };
        let svg = plot(&sweep);
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut lines = 0;
        loop {
            match reader.read_event().expect("it is XML") {
                quick_xml::events::Event::Empty(tag) => lines += usize::from(tag.name().as_ref() == "polyline"),
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(lines, 3);
        assert!(svg.contains("a&lt;b") && svg.contains("points=\"56.0,48.0 700.0,196.0\""), "{svg}");
        let one = plot(&Sweep { points: vec![point(0.5)], ..sweep });
        assert!(!one.contains("NaN"), "{one}");
    }
}
