//! Pieces that repeat within their own document.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::duplicates::Evidence;
use crate::verify::{Kind, Match};
use crate::{DocumentId, Grain, Span, Unit};

/// Shortest paragraph that is removed because another of the document has all of its words and more. In a shorter one the
/// word that is missing may be what it says: "Do not open the valve", "Open the valve".
const MIN_CONTAINED_WORDS: u32 = 20;

/// Shortest piece that is removed although what is around it and around its copy differs. A shorter one is a step that is done
/// twice, or a refrain.
const MIN_LONE_WORDS: u32 = 12;
/// Shortest such piece in scripts without spaces, in bigrams.
const MIN_LONE_BIGRAMS: u32 = 30;
/// Longest gap between pieces that are next to each other, in bytes.
const MAX_GAP_BYTES: u32 = 8;

/// Returns whether a match is that of two pieces of one document which are copies.
pub(super) fn is_within(a: &Unit, b: &Unit, tie: &Match) -> bool {
    let copies = matches!(tie.verified.kind, Kind::Exact | Kind::Near | Kind::Excerpt);
    a.document == b.document && a.grain != Grain::Document && copies
}

/// A piece that repeats in its own document, or nearly.
#[derive(Clone, Copy)]
pub(super) struct Repeat<'a> {
    pub unit: &'a Unit,
    /// The piece that stays.
    pub kept: &'a Unit,
    pub tie: &'a Match,
    /// Whether it may be meant to come again: it is short and does not repeat together with what is next to it, or it is one
    /// of several entries of one form, such as a log's.
    pub alone: bool,
}

/// Returns the pieces of one grain that repeat in their own document. What says less goes; of two that say as much, the
/// later. So something always stays. What lies in pieces that have `gone` is out.
pub(super) fn within<'a>(
    evidence: &Evidence<'a>,
    grain: Grain,
    gone: &BTreeSet<(DocumentId, Span)>,
) -> impl Iterator<Item = Repeat<'a>> {
    let units = evidence.units;
    let pairs = evidence.matches.iter().filter_map(move |tie| {
        let (a, b) = (&units[tie.a.index()], &units[tie.b.index()]);
        let order = |unit: &Unit| (std::cmp::Reverse(unit.word_count()), unit.span);
        let (kept, unit) = if order(a) <= order(b) { (a, b) } else { (b, a) };
        (a.grain == grain && is_within(a, b, tie)).then_some(Repeat { unit, kept, tie, alone: false })
    });
    let out = |unit: &Unit| {
        let upto = (unit.document, Span { start: unit.span.start, end: u32::MAX });
        let last = gone.range(..=upto).next_back();
        last.is_some_and(|(document, span)| *document == unit.document && unit.span.end <= span.end)
    };
    let all: Vec<Repeat> = pairs.collect();
    let forms = Forms::of(evidence, grain);
    let is_entry = move |repeat: &Repeat| forms.is_among(repeat.unit) || forms.is_among(repeat.kept);
    let others: Vec<Repeat> = all.iter().filter(|repeat| !is_entry(repeat)).copied().collect();
    let (places, around) = (Places::of(&all), Places::of(&others));
    let alone = move |repeat: &Repeat| match is_entry(repeat) {
        true => !around.repeats_with_next(repeat),
        false => places.is_alone(repeat),
    };
    let all = all.into_iter().map(move |repeat| Repeat { alone: alone(&repeat), ..repeat });
    all.filter(move |repeat| !out(repeat.unit) && !out(repeat.kept))
}

/// The pieces that have the form of another piece of their document, with other facts: document, where each begins and ends.
struct Forms {
    starts: BTreeSet<(DocumentId, u32)>,
    ends: BTreeSet<(DocumentId, u32)>,
}

impl Forms {
    fn of(evidence: &Evidence, grain: Grain) -> Forms {
        let units = evidence.units;
        let pairs = evidence.matches.iter().filter(|tie| tie.verified.kind == Kind::Template);
        let pairs = pairs.map(|tie| [&units[tie.a.index()], &units[tie.b.index()]]);
        let pairs = pairs.filter(|[a, b]| a.grain == grain && a.document == b.document);
        let (mut starts, mut ends) = (BTreeSet::new(), BTreeSet::new());
        for unit in pairs.flatten() {
            starts.insert((unit.document, unit.span.start));
            ends.insert((unit.document, unit.span.end));
        }
        Forms { starts, ends }
    }

    /// Returns whether a piece is one of these and is next to another.
    fn is_among(&self, unit: &Unit) -> bool {
        let (document, Span { start, end }) = (unit.document, unit.span);
        let near = |set: &BTreeSet<(DocumentId, u32)>, from: u32, to: u32| {
            set.range((document, from)..=(document, to)).next().is_some()
        };
        self.starts.contains(&(document, start))
            && (near(&self.starts, end, end + MAX_GAP_BYTES)
                || near(&self.ends, start.saturating_sub(MAX_GAP_BYTES), start))
    }
}

/// The places of repeated pieces: document, and where the later and the earlier of two begin, or end.
struct Places {
    starts: BTreeSet<(DocumentId, u32, u32)>,
    ends: BTreeSet<(DocumentId, u32, u32)>,
}

impl Places {
    fn of(repeats: &[Repeat]) -> Places {
        let both = repeats.iter().map(|repeat| (repeat.unit.document, in_order(repeat)));
        Places {
            starts: both.clone().map(|(document, (first, again))| (document, again.start, first.start)).collect(),
            ends: both.map(|(document, (first, again))| (document, again.end, first.end)).collect(),
        }
    }

    /// Returns whether a piece is short and neither follows its copy nor repeats together with what is next to it.
    fn is_alone(&self, repeat: &Repeat) -> bool {
        let words = repeat.unit.word_count();
        let bigrams = u64::from(words) * 4 > repeat.unit.span.len() as u64;
        if words >= if bigrams { MIN_LONE_BIGRAMS } else { MIN_LONE_WORDS } {
            return false;
        }
        let (first, again) = in_order(repeat);
        !(first.end..=first.end + MAX_GAP_BYTES).contains(&again.start) && !self.repeats_with_next(repeat)
    }

    /// Returns whether what is next to a piece repeats together with it.
    fn repeats_with_next(&self, repeat: &Repeat) -> bool {
        let document = repeat.unit.document;
        let (first, again) = in_order(repeat);
        let after = |end: u32| end..=end + MAX_GAP_BYTES;
        let before = |start: u32| start.saturating_sub(MAX_GAP_BYTES)..=start;
        let among = |set: &BTreeSet<(DocumentId, u32, u32)>, again: RangeInclusive<u32>, first: RangeInclusive<u32>| {
            let mut found = set.range((document, *again.start(), 0)..=(document, *again.end(), u32::MAX));
            found.any(|place| first.contains(&place.2))
        };
        among(&self.starts, after(again.end), after(first.end))
            || among(&self.ends, before(again.start), before(first.start))
    }
}

/// Returns the spans of a piece and of its copy: the earlier one, the later one.
fn in_order(repeat: &Repeat) -> (Span, Span) {
    let (a, b) = (repeat.unit.span, repeat.kept.span);
    if a <= b { (a, b) } else { (b, a) }
}

/// Returns whether a piece says nothing that the piece it matches does not say: it has the same words, or is long and only
/// lacks some. Items of a list, and lines of code, of tables and of verse, are meant to be where they are.
pub(super) fn says_nothing_new(unit: &Unit, tie: &Match) -> bool {
    let verified = &tie.verified;
    let contained =
        verified.aligned >= 1.0 && unit.grain == Grain::Paragraph && unit.word_count() >= MIN_CONTAINED_WORDS;
    (verified.kind == Kind::Exact || contained) && !unit.is_listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Action, duplicates};
    use crate::{Document, Params, find};

    /// Returns the pieces that go from a text.
    fn removed(text: &str) -> Vec<String> {
        let documents = [Document::new("a", text)];
        let params = Params { grains: vec![Grain::Document, Grain::Paragraph, Grain::Sentence], ..Params::default() };
        let found = find(&documents, &params);
        let findings = duplicates(&found.evidence(&documents), &params);
        findings.iter().filter(|f| f.action == Action::Removed).map(|f| f.span.of(text).to_string()).collect()
    }

    #[test]
    fn steps_that_differ_in_a_word_stay() {
        for (step, words) in [
            (
                "Open the {} valve slowly and wait until the needle of the gauge has come to rest.",
                ["left", "right", "upper"],
            ),
            (
                "Öffnen Sie das {} Ventil langsam und warten Sie, bis der Zeiger der Anzeige ruhig steht.",
                ["linke", "rechte", "obere"],
            ),
            (
                "Ouvrez lentement la vanne {} et attendez que l'aiguille du manomètre ne bouge plus du tout.",
                ["gauche", "droite", "haute"],
            ),
            (
                "Abra despacio la válvula {} y espere hasta que la aguja del manómetro deje de moverse.",
                ["izquierda", "derecha", "superior"],
            ),
            (
                "Медленно откройте {} вентиль и подождите, пока стрелка манометра не остановится на месте.",
                ["левый", "правый", "верхний"],
            ),
            (
                "{} vanayı yavaşça açın ve göstergenin ibresi tamamen durana kadar birkaç dakika bekleyin.",
                ["Sol", "Sağ", "Üst"],
            ),
            (
                "افتح الصمام {} ببطء وانتظر حتى تستقر إبرة المقياس تماما ثم سجل القراءة في الدفتر.",
                ["الأيسر", "الأيمن", "العلوي"],
            ),
            (
                "{}側の弁をゆっくり開き、圧力計の針が止まるまで待ってから、値を帳面に書き留めてください。",
                ["左", "右", "上"],
            ),
        ] {
            for (start, between) in [("", "\n\n"), ("- ", "\n"), ("1. ", "\n"), ("", " ")] {
                let steps: Vec<String> =
                    words.iter().map(|word| format!("{start}{}", step.replace("{}", word))).collect();
                let text = format!("{}\n\n{}", "Before the boat leaves.", steps.join(between));
                assert_eq!(removed(&text), [] as [&str; 0], "{text}");
            }
        }
    }

    #[test]
    fn short_steps_may_be_done_twice() {
        for (step, between, end) in [
            ("Cover the bowl and leave it for an hour.", "Fold the dough and put it on a tray.", "Bake until brown."),
            ("Den Teig abdecken und eine Stunde gehen lassen.", "Den Teig falten und auf ein Blech legen.", "Backen."),
            ("Couvrez la pâte et laissez-la lever une heure.", "Pliez la pâte sur une plaque.", "Enfournez."),
            ("Cubra la masa y déjela reposar una hora entera.", "Doble la masa sobre la bandeja.", "Hornee."),
            ("Накройте тесто полотенцем и оставьте его на один час.", "Сложите тесто на противень.", "Выпекайте."),
            ("ふきんをかけて一時間おく。", "生地をたたんで天板にのせる。", "四十分焼く。"),
            ("Hamurun üstünü örtün ve bir saat boyunca dinlenmeye bırakın.", "Hamuru tepsiye katlayın.", "Pişirin."),
        ] {
            let text = format!("{step}\n\n{between}\n\n{step}\n\n{end}");
            assert_eq!(removed(&text), [] as [&str; 0], "{text}");
            let doubled = format!("{step}\n\n{between}\n\n{step}\n\n{between}");
            // A step of a few words is no match of its own.
            assert!(removed(&doubled).len() <= 2, "{doubled}");
            let twice = format!("{between}\n\n{step}\n\n{step}\n\n{end}");
            assert!(removed(&twice).len() <= 1, "{twice}");
        }
    }

    #[test]
    fn entries_of_a_log_come_again() {
        for (same, other) in [
            ("Level at the sluice unchanged, pump one running.", "Level at the sluice up a hand, pump two started."),
            (
                "Pegel am Wehr unverändert, Pumpe eins läuft ohne Störung weiter.",
                "Pegel am Wehr eine Hand höher, Pumpe zwei läuft ohne Störung weiter.",
            ),
            (
                "Niveau à l'écluse 41 centimètres, la pompe tourne normalement.",
                "Niveau à l'écluse 57 centimètres, la pompe tourne normalement.",
            ),
            (
                "Nivel en la esclusa sin cambios, la bomba uno funciona.",
                "Nivel en la esclusa con subida, la bomba dos funciona.",
            ),
            (
                "Уровень у шлюза прежний, работает первый насос.",
                "Уровень у шлюза выше на ладонь, работает второй насос.",
            ),
            ("07:00 ferry from Aldermoor to Penwick, 12 cars.", "08:00 ferry from Aldermoor to Penwick, 31 cars."),
        ] {
            let text = format!("Kept by R. Ames.\n\n{same}\n\n{same}\n\n{other}\n\n{same}\n\nThe end.");
            assert_eq!(removed(&text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn what_is_said_twice_goes_once() {
        for text in [
            "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board, and nobody was hurt.",
            "Die Fähre nach Aldermoor lief am Dienstagabend mit 140 Menschen an Bord auf Grund, verletzt wurde niemand.",
            "Паром в Олдермур сел на мель во вторник вечером, на борту было сто сорок человек, никто не пострадал.",
            "Aldermoor vapuru salı akşamı yüz kırk yolcusuyla karaya oturdu, kimse yaralanmadı, dalgıçlar bekleniyor.",
            "جنحت العبارة المتجهة إلى رأس النورس مساء الثلاثاء وعلى متنها مئة وأربعون راكبا ولم يصب أحد منهم بأذى.",
            "渡し船は火曜日の夜、百四十人を乗せたまま浅瀬に乗り上げたが、けが人はなく、潜水士が船底を調べる予定だ。",
        ] {
            let twice = format!("{text}\n\nAn end of its own, with other words.\n\n{text}");
            assert!(removed(&twice).iter().any(|piece| piece == text), "{text}");
            let listed = format!("Monday:\n- {text}\n- Rain.\n\nTuesday:\n- {text}\n- Snow.\n");
            assert_eq!(removed(&listed), [] as [&str; 0], "{text}");
        }
    }
}
