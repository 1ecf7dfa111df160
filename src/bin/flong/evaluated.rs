//! The report of an evaluation for people.

use std::collections::BTreeMap;
use std::io;

use flong::check::short;
use flong::eval::{Class, Estimate, Evaluation, JudgedCount, Mistake, RuleCount, Scores, SpanMistake, Sweep};
use flong::{Document, Span};

use crate::diff::diff;
use crate::say::{self, FAINT, GONE, Lines, NEW, STRONG, count, counted};
use crate::summary::print_wrapped;

/// Characters of a title or a piece that are shown.
const WIDTH: usize = 100;

/// Prints an evaluation. `documents` have the texts of the mistakes; without them only ids are shown.
pub fn print(out: &mut Lines, evaluation: &Evaluation, documents: &[Document], mistakes: usize) -> io::Result<()> {
    let texts: BTreeMap<&str, &Document> = documents.iter().map(|document| (&*document.id, document)).collect();
    match evaluation {
        Evaluation::Pairs(report) => {
            writeln!(out, "{STRONG}{}{STRONG:#} that say copy or no copy", counted(report.pairs, "labelled pair"))?;
            print_scores(out, "copies", &report.scores)?;
            writeln!(out)?;
            writeln!(out, "  {STRONG}{:<20}{:>10}{:>10}{STRONG:#}", "label", "together", "of")?;
            for label in &report.labels {
                let says = match label.class {
                    Class::Copy => "copy",
                    Class::Other => "no copy",
                    Class::Apart => "counted apart",
                };
                let (together, pairs) = (count(label.together), count(label.pairs));
                writeln!(out, "  {:<20}{together:>10}{pairs:>10}  {FAINT}{says}{FAINT:#}", label.label)?;
            }
            print_judged(out, &report.judged)?;
            print_sweep(out, &report.sweep)?;
            print_mistakes(out, &report.mistakes, &texts, mistakes)
        }
        Evaluation::Clusters(report) => {
            let (documents, clusters) = (count(report.documents), counted(report.clusters, "cluster"));
            writeln!(out, "{STRONG}{documents} labelled documents in {clusters}{STRONG:#}")?;
            print_scores(out, "pairs", &report.scores)?;
            writeln!(out, "  {:<20}{}", "adjusted Rand index", interval(&report.adjusted_rand))?;
            print_judged(out, &report.judged)?;
            print_sweep(out, &report.sweep)?;
            print_mistakes(out, &report.mistakes, &texts, mistakes)
        }
        Evaluation::Spans(report) => {
            let (spans, documents) = (count(report.spans), counted(report.documents, "document"));
            writeln!(out, "{STRONG}{spans} labelled spans in {documents}{STRONG:#}")?;
            print_scores(out, "both ends right", &report.scores)?;
            print_scores(out, "by bytes", &report.bytes)?;
            if let Some(right) = report.right_by_other_offsets {
                let right = counted(right, "span");
                writeln!(
                    out,
                    "  {STRONG}{right} would be right if the offsets counted the other unit: see --offsets{STRONG:#}"
                )?;
            }
            print_rules(out, &report.rules)?;
            print_span_mistakes(out, &report.mistakes, &texts, mistakes)
        }
    }
}

/// Returns a figure with its interval: `0.973 (0.946 to 0.995)`.
fn interval(estimate: &Estimate) -> String {
    format!("{:.3} ({:.3} to {:.3})", estimate.value, estimate.low, estimate.high)
}

fn print_scores(out: &mut Lines, what: &str, scores: &Scores) -> io::Result<()> {
    let Scores { right, wrong, missed, precision, recall, f1 } = scores;
    writeln!(out)?;
    writeln!(
        out,
        "  {STRONG}{what}{STRONG:#}: {} right, {} wrong, {} missed",
        count(*right),
        count(*wrong),
        count(*missed)
    )?;
    for (name, figure) in [("precision", precision), ("recall", recall), ("F1", f1)] {
        writeln!(out, "  {name:<20}{}", interval(figure))?;
    }
    Ok(())
}

fn print_judged(out: &mut Lines, judged: &[JudgedCount]) -> io::Result<()> {
    writeln!(out)?;
    let head = format!("{:<20}{:>10}{:>10}{:>10}{:>12}", "judged as", "copies", "others", "apart", "are copies");
    writeln!(out, "  {STRONG}{head}{STRONG:#}")?;
    for JudgedCount { judged, copies, others, apart } in judged {
        let share = match copies + others {
            0 => "-".into(),
            all => format!("{:.3}", *copies as f64 / all as f64),
        };
        let judged = match *judged {
            "cluster" => "cluster, no match",
            "none" => "nothing",
            judged => judged,
        };
        let counts = [copies, others, apart].map(|n| count(*n));
        writeln!(out, "  {judged:<20}{:>10}{:>10}{:>10}{share:>12}", counts[0], counts[1], counts[2])?;
    }
    Ok(())
}

/// Prints a sweep as a table, without the lines that are as the one before.
pub fn print_sweep(out: &mut Lines, sweep: &Sweep) -> io::Result<()> {
    let best = sweep.best().map(|best| best.value);
    let same = |a: &Scores, b: &Scores| (a.right, a.wrong, a.missed) == (b.right, b.wrong, b.missed);
    writeln!(out)?;
    if let [first, .., last] = &sweep.points[..]
        && sweep.points.iter().all(|point| same(&point.scores, &first.scores))
    {
        let (name, from, to) = (&sweep.threshold, first.value, last.value);
        return writeln!(out, "  {STRONG}{name}{STRONG:#}: from {from} to {to} nothing changes");
    }
    let width = sweep.threshold.len().max(18) + 2;
    let head = format!("{:<width$}{:>10}{:>10}{:>10}", sweep.threshold, "precision", "recall", "F1");
    writeln!(out, "  {STRONG}{head}{STRONG:#}")?;
    for (n, point) in sweep.points.iter().enumerate() {
        let Scores { precision, recall, f1, .. } = &point.scores;
        // A value that changes nothing is not worth a line, unless it is the best or the last.
        let is_last = n + 1 == sweep.points.len();
        let is_next = n > 0 && same(&sweep.points[n - 1].scores, &point.scores);
        if is_next && !is_last && best != Some(point.value) && point.value != sweep.current {
            continue;
        }
        let note = match (best == Some(point.value), (point.value - sweep.current).abs() < 1e-6) {
            (true, true) => "  best, and as run",
            (true, false) => "  best",
            (false, true) => "  as run",
            (false, false) => "",
        };
        let value = format!("{:.3}", point.value);
        let value = value.trim_end_matches('0').trim_end_matches('.');
        let (precision, recall, f1) = (precision.value, recall.value, f1.value);
        writeln!(out, "  {value:<width$}{precision:>10.3}{recall:>10.3}{f1:>10.3}{FAINT}{note}{FAINT:#}")?;
    }
    Ok(())
}

fn print_mistakes(
    out: &mut Lines,
    mistakes: &[Mistake],
    texts: &BTreeMap<&str, &Document>,
    most: usize,
) -> io::Result<()> {
    for (together, what) in [(true, "together, and should not be"), (false, "apart, and should be together")] {
        let all: Vec<&Mistake> = mistakes.iter().filter(|mistake| mistake.together == together).collect();
        if all.is_empty() {
            continue;
        }
        writeln!(out)?;
        writeln!(out, "{STRONG}{} {what}{STRONG:#}", counted(all.len() as u64, "pair"))?;
        for mistake in all.iter().take(most) {
            print_mistake(out, mistake, texts)?;
        }
        print_more(out, all.len(), most)?;
    }
    Ok(())
}

fn print_mistake(out: &mut Lines, mistake: &Mistake, texts: &BTreeMap<&str, &Document>) -> io::Result<()> {
    let Mistake { a, b, label, kind, similarity, reason, .. } = mistake;
    let judged = kind.map_or("no match", |kind| kind.name());
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    writeln!(out)?;
    writeln!(
        out,
        "  {a}  {b}  labelled {STRONG}{label}{STRONG:#}, judged {judged} {similarity:.2}{FAINT}{reason}{FAINT:#}"
    )?;
    let (Some(first), Some(second)) = (texts.get(&**a), texts.get(&**b)) else { return Ok(()) };
    for document in [first, second] {
        if let Some(title) = &document.title {
            writeln!(out, "    {STRONG}{}{STRONG:#}", short(title, WIDTH))?;
        }
    }
    print_wrapped(out, &diff(&first.text, &second.text, say::is_coloured()))
}

fn print_more(out: &mut Lines, all: usize, most: usize) -> io::Result<()> {
    match all.checked_sub(most) {
        None | Some(0) => Ok(()),
        Some(more) => {
            writeln!(out)?;
            writeln!(out, "  {FAINT}… and {} more (--mistakes {all} shows all){FAINT:#}", count(more as u64))
        }
    }
}

fn print_rules(out: &mut Lines, rules: &[RuleCount]) -> io::Result<()> {
    writeln!(out)?;
    let head = format!("{:<20}{:>10}{:>10}{:>10}{:>10}", "rule", "labelled", "found", "removed", "right");
    writeln!(out, "  {STRONG}{head}{STRONG:#}")?;
    for RuleCount { rule, labelled, found, removed, right } in rules {
        let counts = [labelled, found, removed, right].map(|n| count(*n));
        writeln!(out, "  {rule:<20}{:>10}{:>10}{:>10}{:>10}", counts[0], counts[1], counts[2], counts[3])?;
    }
    Ok(())
}

fn print_span_mistakes(
    out: &mut Lines,
    mistakes: &[SpanMistake],
    texts: &BTreeMap<&str, &Document>,
    most: usize,
) -> io::Result<()> {
    if mistakes.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{STRONG}{} judged wrongly{STRONG:#}", counted(mistakes.len() as u64, "span"))?;
    for SpanMistake { document, labelled, found, rule, score } in mistakes.iter().take(most) {
        let what = match (labelled, found) {
            (Some(_), Some(_)) => "other ends",
            (Some(_), None) => "not found",
            (None, _) => "not labelled",
        };
        writeln!(out)?;
        writeln!(out, "  {document}  {rule} {STRONG}{what}{STRONG:#}, score {score:.2}")?;
        let piece =
            |span: Span| texts.get(&**document).map_or(String::new(), |document| short(span.of(&document.text), WIDTH));
        if let Some(span) = *labelled {
            writeln!(out, "    labelled {}–{}  {NEW}{}{NEW:#}", span.start, span.end, piece(span))?;
        }
        if let Some(span) = *found {
            writeln!(out, "    found    {}–{}  {GONE}{}{GONE:#}", span.start, span.end, piece(span))?;
        }
    }
    print_more(out, mistakes.len(), most)
}
