//! Texts of many languages in which boilerplate is found, and some that look alike and are left alone.

use super::*;
use crate::boilerplate::text::AsideKind;
use crate::segment::cut;
use crate::token::{Word, words};

/// Returns the pieces found in a text of one kind, and whether each is certain.
fn found<'a>(text: &'a str, title: &str, titles: &[&str], kind: AsideKind) -> Vec<(&'a str, bool)> {
    let document = Document { title: Some(title.into()), ..Document::new("x", text) };
    let titles: Vec<Vec<Word>> = titles.iter().map(|title| words(title)).collect();
    let titles = TitleIndex::new(titles.iter().map(Vec::as_slice));
    let asides = lexical(&document, &cut(&document), &titles);
    let mut pieces: Vec<&Aside> = asides.iter().filter(|aside| aside.kind == kind).collect();
    pieces.sort_by_key(|aside| aside.span);
    pieces.iter().map(|aside| (aside.span.of(text), aside.certain)).collect()
}

fn links(text: &str) -> Vec<(&str, bool)> {
    found(text, "", &[], AsideKind::InsertedLink)
}

fn calls(text: &str) -> Vec<&str> {
    let calls = found(text, "", &[], AsideKind::CallToAction);
    calls.iter().filter(|call| call.1).map(|call| call.0).collect()
}

#[test]
fn links_that_are_lines() {
    for link in [
        "READ ALSO: Ferry cancelled for third day as winds rise",
        ">> Related: Why small towns lay rails again",
        "Also Read - Bus drivers end five-week strike",
        "(READ ALSO: Fire razes market in Oke)",
        "**Read Also:** [Boats held up at lock](https://a.example/news/4417)",
        "READ ASLO: Council bans hawking on rail line",
        "اقرأ أيضا: افتتاح جسر جديد في المدينة",
        "আরও পড়ুন: নদীর পাড়ে নতুন সেতু",
        "Čtěte také: Most přes řeku se otevře v květnu",
        "Læs også: Broen åbner igen til maj",
        "Lesen Sie auch: Die Brücke öffnet im Mai",
        "Διαβάστε επίσης: Η γέφυρα ανοίγει τον Μάιο",
        "Lea también: El puente reabre en mayo",
        "بیشتر بخوانید: پل تازه شهر باز شد",
        "Lue myös: Silta avataan toukokuussa",
        "Lire aussi : Le pont rouvre en mai",
        "Karanta kuma: An bude sabuwar gada",
        "קראו גם: הגשר החדש נפתח",
        "यह भी पढ़ें: नदी पर नया पुल खुला",
        "Olvassa el ezt is: Májusban nyílik a híd",
        "Baca Juga: Jembatan Baru Dibuka Bulan Mei",
        "Leggi anche: Il ponte riapre a maggio",
        "関連記事：川の新しい橋が開通",
        "관련기사: 강 위의 새 다리 개통",
        "Lees ook: Brug gaat in mei weer open",
        "Les også: Broen åpner igjen i mai",
        "Czytaj także: Most otwarty w maju",
        "Leia também: Ponte reabre em maio",
        "Citește și: Podul se redeschide în mai",
        "Читайте также: Мост откроют в мае",
        "Läs också: Bron öppnar igen i maj",
        "Soma pia: Daraja jipya lafunguliwa",
        "อ่านเพิ่มเติม: เปิดสะพานใหม่ข้ามแม่น้ำ",
        "Ayrıca okuyun: Köprü mayısta açılıyor",
        "Читайте також: Міст відкриють у травні",
        "یہ بھی پڑھیں: دریا پر نیا پل کھل گیا",
        "Xem thêm: Cây cầu mới mở cửa vào tháng năm",
        "相关阅读：河上新桥通车",
    ] {
        let text = format!("First line of the text, which is prose.\n{link}\nLast line of the text, which is prose.");
        let found = links(&text);
        assert_eq!(found.len(), 1, "{link}: {found:?}");
        assert!(found[0].1 && found[0].0.len() + 3 >= link.len(), "{link}: {found:?}");
    }
}

#[test]
fn links_in_running_text() {
    for (text, link) in [
        (
            "It rained on Monday. SEE ALSO: Governor Urges Youth to Plant More Trees The rain went on until noon.",
            "SEE ALSO: Governor Urges Youth to Plant More Trees",
        ),
        (
            "It rained on Monday. ALSO READ:Rude boy tests new car on the hill He said that the rain went on.",
            "ALSO READ:Rude boy tests new car on the hill",
        ),
        (
            "It rained on Monday. READ ALSOTroops rescue two hikers in the north In a statement, the mayor spoke.",
            "READ ALSOTroops rescue two hikers in the north",
        ),
        (
            "It rained on Monday. READ ALSO: SENATE CLEARS NEW HEAD OF GRAIN BOARD Rain went on until noon.",
            "READ ALSO: SENATE CLEARS NEW HEAD OF GRAIN BOARD",
        ),
        ("It rained (READ ALSO: Fire razes market in Oke) until noon.", "(READ ALSO: Fire razes market in Oke)"),
        (
            "Es regnete. Lesen Sie auch: Minister tritt wegen der Affäre zurück Der Regen hielt bis Mittag an.",
            "Lesen Sie auch: Minister tritt wegen der Affäre zurück",
        ),
        (
            "Llovió el lunes. Lea también: Alcalde promete plantar más árboles Según el servicio, seguirá lloviendo.",
            "Lea también: Alcalde promete plantar más árboles",
        ),
        (
            "Hujan turun. Baca Juga: Bupati Resmikan Pasar Ikan di Tanjung Dalam sebulan hujan turun terus.",
            "Baca Juga: Bupati Resmikan Pasar Ikan di Tanjung",
        ),
        (
            "Шёл дождь. Читайте также: Мэр обещает посадить больше деревьев По словам метеорологов, он продлится.",
            "Читайте также: Мэр обещает посадить больше деревьев",
        ),
        (
            "Choveu. Leia também: Prefeito promete plantar mais árvores Segundo o serviço, a chuva continua.",
            "Leia também: Prefeito promete plantar mais árvores",
        ),
    ] {
        assert_eq!(links(text), [(link, true)], "{text}");
    }
}

#[test]
fn what_only_may_be_a_headline_is_marked() {
    for text in [
        "Il pleut.\nLire aussi : Dans ce contexte, la ministre Le Tellec a rappelé que le budget baisserait.\nIl neige.",
        "Il pleut. Lire aussi : Selon la ministre, le budget baissera. La pluie a duré jusqu’à midi, dit-on à Brest.",
        "It rained.\nSee also: Article 12, paragraph 3 of the Act on Water.\nThe rain went on.",
        "It rained on Monday. Also Read: Obi Names Ada Eze Adviser Uche Eze, Bayo Ojo Others in Rain Protest […]",
        "Es regnete. Lesen Sie auch: Minister Franz Maier Chef der Bahn Hans Huber sprach vom Regen, der bis Mittag anhielt.",
    ] {
        let pieces = links(text);
        assert!(pieces.iter().all(|piece| !piece.1), "{pieces:?}");
    }
    let offences = "The Independent Corrupt Practices and Other Related Offences Commission READ: it has charged two.";
    assert_eq!(links(offences), []);
}

#[test]
fn two_links_in_a_row() {
    let text = "It rained. READ ALSO: Market burns SEE ALSO: Bridge falls into river The rain went on until noon.";
    assert_eq!(links(text), [("READ ALSO: Market burns", true), ("SEE ALSO: Bridge falls into river", true)]);
}

#[test]
fn titles_of_other_documents_end_links() {
    let title = "Obi Paints Town Hall Red";
    let text = "It rained. Read also: Obi Paints Town Hall Red Ada Nwosu of the weather office spoke of more.";
    let kind = AsideKind::InsertedLink;
    assert_eq!(found(text, "", &[title], kind), [("Read also: Obi Paints Town Hall Red", true)]);
    assert!(!found(text, "", &[], kind)[0].1, "without the title its end is not certain");
    let text = "下雨了。相关阅读：河上新桥通车 周一继续下雨。";
    assert_eq!(found(text, "", &["河上新桥通车"], kind), [("相关阅读：河上新桥通车", true)]);
}

#[test]
fn blocks_of_links() {
    let text = "It rained.\n\nRelated stories:\n• Ferry cancelled for third day\n• Bus drivers end strike\n\nThe rain went on.";
    let pieces = ["Related stories:", "• Ferry cancelled for third day", "• Bus drivers end strike"];
    assert_eq!(links(text), pieces.map(|piece| (piece, true)));
    let text = "It rained.\n\nİlgili haberler\n1. Köprü açıldı\n2. Vapur seferleri iptal\n\nYağmur sürdü.";
    assert_eq!(links(text).len(), 3);
    let text = "It rained.\n\nRelated\n\nThe rain went on until noon, and then it stopped.";
    assert_eq!(links(text), [("Related", false)], "a marker that heads nothing is only marked");
}

#[test]
fn calls_to_action_in_many_languages() {
    let mut missed = Vec::new();
    for call in [
        "Subscribe to our newsletter",
        "Abonnieren Sie unseren Newsletter",
        "Suscríbete a nuestro boletín",
        "Abonnez-vous à notre newsletter",
        "Siga-nos no Instagram",
        "Iscriviti alla newsletter",
        "Подпишитесь на рассылку",
        "Підписуйтесь на наш канал",
        "Advertisement",
        "Werbung",
        "Publicidad",
        "Publicité",
        "Реклама",
        "広告",
        "广告",
        "광고",
        "إعلان",
        "विज्ञापन",
        "Reklam",
        "Iklan",
        "© 2024 The Daily Crane",
    ] {
        let text = format!("It rained on Monday, they said.\n{call}\nThe rain went on until noon.");
        if calls(&text) != [call] {
            missed.push(call);
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn calls_at_the_end_of_a_paragraph() {
    for (text, call) in [
        ("The harbour can beRead More", "Read More"),
        ("The harbour can be […] Read More »", "Read More »"),
        ("The harbour was closed. [Read more...]", "[Read more...]"),
        ("Der Hafen blieb zu. Weiterlesen", "Weiterlesen"),
        ("Le port reste fermé. Lire la suite", "Lire la suite"),
        ("El puerto sigue cerrado. Leer más", "Leer más"),
        ("Порт закрыт. Читать далее", "Читать далее"),
        ("港は閉鎖されている。続きを読む »", "続きを読む »"),
        ("港口关闭。[阅读全文]", "[阅读全文]"),
    ] {
        assert_eq!(calls(text), [call], "{text}");
    }
}

#[test]
fn frames_in_many_languages() {
    for (frame, title) in [
        ("The post Rain Floods Town appeared first on The Daily.", "Rain Floods Town"),
        ("The post Anii’s Album appeared first on Bella - All day. Read today!.", "Aniis Album"),
        ("The post Rain Floods To", "Rain Floods Town"),
        ("Rain Floods Town first appeared on The Daily ..", "Rain Floods Town"),
        ("Read More: Rain Floods Town on NNN.", "Rain Floods Town"),
        ("Der Beitrag Regen in der Stadt erschien zuerst auf Tagblatt.", "Regen in der Stadt"),
        ("L'article Pluie en ville est apparu en premier sur Le Jour.", "Pluie en ville"),
        ("La entrada Lluvia en la ciudad se publicó primero en El Día.", "Lluvia en la ciudad"),
        ("O post Chuva na cidade apareceu primeiro em O Dia.", "Chuva na cidade"),
        ("L'articolo Pioggia in città proviene da Il Giorno.", "Pioggia in città"),
        ("Het bericht Regen in de stad verscheen eerst op De Dag.", "Regen in de stad"),
        ("Запись Дождь в городе впервые появилась День.", "Дождь в городе"),
        ("Wpis Deszcz w mieście pojawił się poraz pierwszy w Dzień.", "Deszcz w mieście"),
        ("Inlägget Regn i staden dök först upp på Dagen.", "Regn i staden"),
        ("Postingan Hujan di kota pertama kali tampil pada Hari.", "Hujan di kota"),
        ("Bài viết Mưa trong thành phố xuất hiện lần đầu tại Ngày.", "Mưa trong thành phố"),
    ] {
        for between in [" […]\n", ". ", " [...]"] {
            let text = format!("It rained on Monday and on Tuesday{between}{frame}");
            let pieces = found(&text, title, &[], AsideKind::Frame);
            assert!(pieces.contains(&(frame, true)), "{text}: {pieces:?}");
        }
    }
}

#[test]
fn headlines_that_are_echoed() {
    let text = "#Floods: Rain at the river’s mouth\nIt rained on Monday and on Tuesday, they said.";
    let pieces = found(text, "Floods: Rain at the rivers mouth", &[], AsideKind::Frame);
    assert_eq!(pieces, [("#Floods: Rain at the river’s mouth", true)]);
}

#[test]
fn credits_at_the_edges() {
    for (text, credit) in [
        ("By Ada Obi, Abuja The minister said that it rained.", "By Ada Obi, Abuja"),
        ("By Ada Obi and Uche Eze, Abuja The minister said that it rained.", "By Ada Obi and Uche Eze, Abuja"),
        ("By Ada Obi, Port Harcourt | The minister said that it rained.", "By Ada Obi, Port Harcourt"),
        ("LAGOS, Nigeria — The minister said that it rained.", "LAGOS, Nigeria"),
        ("Agency Reporter The minister said that it rained.", "Agency Reporter"),
        ("The minister said that it rained. (Reuters)", "(Reuters)"),
        ("Von Anna Schmidt, Berlin – Der Minister sagte, es regne.", "Von Anna Schmidt, Berlin"),
        ("Par Jeanne Petit, Dakar | Le ministre dit qu’il pleut.", "Par Jeanne Petit, Dakar"),
    ] {
        let pieces = found(text, "", &[], AsideKind::Credit);
        assert!(pieces.iter().any(|piece| piece.0 == credit), "{text}: {pieces:?}");
        assert!(pieces.iter().all(|piece| !piece.1), "credits are never cut: {text}");
    }
}

#[test]
fn agencies_are_told_from_abbreviations() {
    let agency = |text: &str| {
        let document = Document::new("x", text);
        super::agency(&document, &cut(&document))
    };
    assert_eq!(agency("The minister said that it rained. (Reuters)"), Some("Reuters"));
    assert_eq!(agency("It rained, the News Agency of Nigeria (NAN) reports."), Some("NAN"));
    assert_eq!(agency("The Chief of Naval Staff (CNS) spoke of rain."), None);
    assert_eq!(agency("It rained, they said."), None);
}

/// Returns the examples of the table of look-alikes. In one of them, "Read More" alone goes.
fn traps() -> impl Iterator<Item = &'static str> {
    let rows = include_str!("../../data/traps.md")
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| language"));
    rows.filter_map(|row| row.split(" | ").nth(1)).filter(|trap| !trap.ends_with("Read More"))
}

#[test]
fn look_alikes_are_left_alone() {
    let mut wrong = Vec::new();
    for trap in traps() {
        for text in [
            trap.to_string(),
            format!("It rained on Monday and on Tuesday.\n{trap}\nThe rain went on until noon, they said."),
            format!("It rained on Monday and on Tuesday. {trap} The rain went on until noon, they said."),
        ] {
            let document = Document::new("x", text.as_str());
            let asides = lexical(&document, &cut(&document), &TitleIndex::default());
            wrong.extend(
                asides.iter().filter(|aside| aside.certain).map(|aside| (trap, aside.span.of(&text).to_string())),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn any_text_is_looked_at_without_complaint() {
    use proptest::prelude::*;
    let pieces = prop::sample::select(vec![
        "READ ALSO",
        "READ ALSOTroops",
        ":",
        " ",
        "\n",
        "Read More",
        "theRead More",
        "The post",
        "appeared first on",
        "By Ada",
        "Obi",
        "(",
        ")",
        "…",
        "[…]",
        "»",
        "©",
        "@",
        "http://a.b",
        "相关阅读",
        "：",
        "อ่านเพิ่มเติม",
        "é",
        "a",
        "A",
        ".",
        "?",
        "12",
        "– ",
        "\"",
    ]);
    proptest!(|(text in prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat()))| {
        let document = Document { title: Some("Obi The post".into()), ..Document::new("x", text.as_str()) };
        for aside in lexical(&document, &cut(&document), &TitleIndex::default()) {
            let piece = text.get(aside.span.range());
            prop_assert!(piece.is_some_and(|piece| !piece.is_empty() && piece.trim() == piece), "{:?}", aside);
            prop_assert!(aside.start < aside.end);
        }
    });
}
