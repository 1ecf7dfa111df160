//! Items of a series, which tell of different things in the same words, stay; copies of one item go.

use flong::verify::Kind;
use flong::{Document, Found, Grain, Params, find};

/// A form in a language, with what is filled in, `{}` for it.
struct Series {
    title: &'static str,
    text: &'static str,
    names: [&'static str; 6],
}

const SERIES: &[Series] = &[
    Series {
        title: "Gale warning for {}",
        text: "The weather office has issued a gale warning for {} from this evening until noon tomorrow. Loose objects should be \
               brought indoors and boats moved to shelter. Ferries to and from {} may be late or be cancelled at short notice, \
               and the coast road can be closed without further announcement when waves break over the wall.",
        names: ["Skarrow", "Penmarth", "Lower Ottery", "Dunbrae", "Whitcastle", "Eldermoor"],
    },
    Series {
        title: "Stellenangebot: {}",
        text: "Zum nächstmöglichen Zeitpunkt suchen wir für unseren Betrieb eine Kraft als {} in Vollzeit. Wir bieten eine \
               unbefristete Anstellung, dreißig Tage Urlaub und ein Team, in dem man sich hilft. Erfahrung als {} ist von \
               Vorteil, aber keine Bedingung, denn die Einarbeitung übernehmen wir gern. Bewerbungen richten Sie bitte an das Büro.",
        names: ["Schweißerin", "Bäckergeselle", "Lagermeister", "Köchin", "Dachdecker", "Buchhalterin"],
    },
    Series {
        title: "Muere {} a los ochenta y tres años",
        text: "La familia comunica con profundo dolor el fallecimiento de {}, ocurrido en la madrugada del pasado lunes en su casa, \
               rodeado de los suyos. Toda una vida dedicada a la enseñanza y a los vecinos hizo que fuera una persona muy querida \
               en la comarca. El funeral por {} se celebrará en la iglesia parroquial, y no se admitirán coronas ni flores.",
        names: [
            "Anselmo Ricarte",
            "Jacinta Olmeda",
            "Baldomero Quirce",
            "Remedios Tejada",
            "Leandro Busquets",
            "Casilda Armenta",
        ],
    },
    Series {
        title: "Відключення води: {}",
        text: "Через ремонт магістралі завтра з дев'ятої ранку до шостої вечора не буде води в селі {}. Комунальне підприємство \
               просить мешканців зробити запас і не відкривати крани під час робіт. Цистерна з питною водою стоятиме в центрі \
               біля крамниці, а до школи в селі {} воду привезуть окремо. Після ремонту вода може бути каламутною.",
        names: ["Вербівка", "Малий Яр", "Степове", "Криничне", "Дубрава", "Озеряни"],
    },
    Series {
        title: "Maç öncesi: {}",
        text: "Ligin yirminci haftasında takımımız deplasmanda {} ile karşılaşacak. Teknik ekip hazırlıkların eksiksiz tamamlandığını \
               ve sakat oyuncunun bulunmadığını bildirdi. Geçen sezon {} karşısında alınan iki galibiyetin moral verdiğini söyleyen \
               kaptan, taraftarları tribüne çağırdı. Biletler gişede ve kulübün sayfasında satışa sunuldu.",
        names: ["Yeşilova", "Karadere", "Gündoğdu", "Taşköy", "Akpınar", "Demirtepe"],
    },
    Series {
        title: "گفت‌وگو با {}",
        text: "مهمان این هفته برنامه ما {} است که درباره سال‌های کودکی و آغاز کار هنری خود سخن می‌گوید. در این گفت‌وگو می‌شنویم که چگونه \
               نخستین نمایش خود را با دست خالی روی صحنه برد. {} همچنین از شاگردان جوان خود و از برنامه‌های آینده یاد می‌کند و به پرسش \
               شنوندگان پاسخ می‌دهد. این برنامه هر جمعه شب پخش می‌شود.",
        names: ["بهرام کیانوش", "نسترن رهبری", "فرهاد دلاوری", "شیرین تابنده", "منوچهر آذرنگ", "لاله سپهری"],
    },
    Series {
        title: "{}で防災訓練",
        text: "{}では来週の日曜日に防災訓練が行われる。午前九時にサイレンが鳴り、住民は近くの避難所まで歩いて集まる。消火器の使い方や応急手当の講習もあり、\
               参加者には非常食が配られる。{}の担当者は、家族で連絡の方法を決めておいてほしいと話している。雨の場合は体育館で実施する。",
        names: ["白鷺町", "桜沢村", "鶴岡台", "夕凪市", "深森区", "青梅原"],
    },
];

/// A text of words of its own, so that a corpus is not of series alone.
fn filler(n: usize) -> Document {
    let mut state = n as u64 + 1;
    let mut letter = |letters: &str| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        letters.as_bytes()[(state >> 33) as usize % letters.len()] as char
    };
    let syllable = |letter: &mut dyn FnMut(&str) -> char| [letter("bdfgklmnprstvz"), letter("aeiou")];
    let text: Vec<String> = (0..60).map(|_| (0..3).flat_map(|_| syllable(&mut letter)).collect()).collect();
    Document::new(format!("filler{n}"), text.join(" "))
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    items: usize,
    titles: bool,
    sources: bool,
    filler: usize,
}

fn items(series: &Series, shape: Shape) -> Vec<Document> {
    let fill = |form: &str, n: usize| form.replace("{}", series.names[n]);
    let item = |n: usize| Document {
        title: shape.titles.then(|| fill(series.title, n).into()),
        source: Some(if shape.sources { format!("site{n}.example") } else { "site.example".into() }.into()),
        ..Document::new(format!("item{n}"), fill(series.text, n))
    };
    (0..shape.items).map(item).chain((0..shape.filler).map(filler)).collect()
}

fn copies(found: &Found) -> usize {
    let is_copy = |kind: Kind| matches!(kind, Kind::Exact | Kind::Near | Kind::Excerpt);
    found.matches.iter().filter(|found| is_copy(found.verified.kind)).count()
}

fn documents_only() -> Params {
    Params { grains: vec![Grain::Document], ..Params::default() }
}

#[test]
fn items_of_a_series_are_no_copies() {
    let mut wrong = Vec::new();
    for series in SERIES {
        for items_ in [2, 6] {
            for (titles, sources) in [(true, false), (false, false), (true, true), (false, true)] {
                for filler in [0, 60] {
                    let shape = Shape { items: items_, titles, sources, filler };
                    let copies = copies(&find(&items(series, shape), &documents_only()));
                    if copies > 0 {
                        wrong.push(format!("{}: {shape:?}: {copies} copies", series.title));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_a_series_each_items_own_copies_are_found() {
    for series in SERIES {
        let mut documents = items(series, Shape { items: 4, titles: true, sources: false, filler: 40 });
        let reprint = Document { source: Some("other.example".into()), id: "reprint".into(), ..documents[2].clone() };
        documents.push(reprint);
        let found = find(&documents, &documents_only());
        let copies: Vec<(usize, usize)> = found
            .matches
            .iter()
            .filter(|found| matches!(found.verified.kind, Kind::Exact | Kind::Near))
            .map(|found| (found.a.min(found.b).index(), found.a.max(found.b).index()))
            .collect();
        assert_eq!(copies, [(2, documents.len() - 1)], "{}", series.title);
    }
}

#[test]
fn reports_with_common_background_are_no_copies() {
    let words = |from: usize, count: usize| -> String {
        (from..from + count).map(|n| filler(n).text.split(' ').take(8).collect::<Vec<_>>().join(" ") + ". ").collect()
    };
    let background = words(1000, 30);
    let report = |id: &str, from: usize| Document {
        source: Some("site.example".into()),
        ..Document::new(id, format!("{}{background}", words(from, 10)))
    };
    let documents = [report("one", 2000), report("two", 3000)];
    assert_eq!(copies(&find(&documents, &documents_only())), 0);
    let cut = Document {
        source: Some("other.example".into()),
        ..Document::new("cut", &documents[0].text[..documents[0].text.len() / 2])
    };
    assert_eq!(copies(&find(&[documents[0].clone(), cut], &documents_only())), 1, "a part of one is a copy");
}

#[test]
fn one_notice_under_many_titles_is_no_copy() {
    for (titles, text) in [
        (
            ["Harvest festival draws record crowd", "Council votes on tram line"],
            "To read this article please accept our cookies or subscribe. You can change your choice at any time in the privacy settings.",
        ),
        (
            ["Ernte fällt besser aus als erwartet", "Brücke bleibt bis Ostern gesperrt"],
            "Dieser Inhalt steht nur Abonnenten zur Verfügung. Bitte melden Sie sich an oder schließen Sie ein Probeabo ab, um weiterzulesen.",
        ),
        (
            ["Le marché couvert rouvre ses portes", "Un chien retrouvé après deux ans"],
            "Pour afficher ce contenu, vous devez accepter le dépôt de traceurs. Vous pouvez modifier vos préférences à tout moment.",
        ),
    ] {
        let item = |n: usize, source: &str| Document {
            title: Some(titles[n].into()),
            source: Some(source.into()),
            ..Document::new(format!("{n}"), text)
        };
        assert_eq!(copies(&find(&[item(0, "x"), item(1, "x")], &documents_only())), 0, "{text}");
        assert_eq!(copies(&find(&[item(0, "x"), item(0, "x")], &documents_only())), 1, "{text}");
    }
}
