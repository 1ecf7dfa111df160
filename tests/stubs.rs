//! Stubs: one text of one source under the titles of many articles makes no copies of them. In many languages and sizes.

use flong::{Document, Grain, Params, find};

/// A notice in each language, and five headlines that have nothing to do with it.
const NOTICES: [(&str, [&str; 5]); 10] = [
    (
        "This story is for members. Sign in with your number, or join our co-operative for five a month; then the archive is open to you as well.",
        [
            "Why the tide clock stopped",
            "Two brothers and one licence",
            "A bakery that opens at midnight",
            "Moths return to the gasworks",
            "What the census says",
        ],
    ),
    (
        "Diesen Beitrag lesen nur Mitglieder unserer Genossenschaft. Melden Sie sich an oder treten Sie für fünf Euro im Monat bei.",
        [
            "Der Streit um das Wehr",
            "Wer backt noch mit Sauerteig?",
            "Die Brücke bleibt zu",
            "Vierzig Jahre am Meiler",
            "Ein Sommer ohne Heu",
        ],
    ),
    (
        "Cette vidéo n'est pas disponible avec vos réglages actuels. Autorisez le lecteur externe, puis rechargez la page.",
        [
            "Dans les coulisses de la marée",
            "Portrait : la tourneuse de Lannig",
            "La halle rouvre",
            "Un cheval au conseil",
            "Trois saisons de sel",
        ],
    ),
    (
        "Este contenido es exclusivo para suscriptores. Si ya lo eres, entra con tu correo y tu clave.",
        [
            "El río baja negro",
            "Cuatro oficios que se apagan",
            "La maestra que no se jubila",
            "Un huerto en la azotea",
            "Los gatos del archivo",
        ],
    ),
    (
        "Полный текст доступен только подписчикам. Войдите или оформите подписку на месяц.",
        [
            "Баня открылась",
            "Мост закрыт для грузовиков",
            "Часы шли на дождевой воде",
            "Кто печёт хлеб ночью",
            "Снег лёг рано",
        ],
    ),
    (
        "Bu içeriği yalnızca üyelerimiz okuyabilir. Giriş yapın ya da aylık üyeliğe başlayın.",
        [
            "Saat kulesi çalışıyor",
            "Kirazlar erken çiçek açtı",
            "Değirmen yeniden döndü",
            "Balıkçılar ağ onardı",
            "Köyde iki düğün",
        ],
    ),
    (
        "هذا المحتوى متاح للمشتركين فقط. سجل الدخول أو اشترك لتقرأ بقية المادة.",
        ["افتتاح سوق الملح", "الصيادون يبيعون مراكبهم", "قطار الليل يعود", "حارس المنارة يتقاعد", "موسم التين قصير"],
    ),
    (
        "この記事は有料会員限定です。残りを読むにはログインするか、会員登録をしてください。",
        ["灯台に明かり", "渡し船が復活", "桜が早く咲いた", "最後の炭焼き", "港町の古本市"],
    ),
    (
        "이 기사는 회원만 읽을 수 있습니다. 로그인하거나 구독을 신청해 주십시오.",
        ["등대 진입로 한 달 통제", "방파제 보강 공사 시작", "새벽 두부 가게", "마지막 나룻배", "겨울 바다 축제"],
    ),
    (
        "यह सामग्री केवल सदस्यों के लिए है। पढ़ने के लिए लॉग इन करें या सदस्यता लें।",
        ["तालाब की सफाई शुरू", "मेले में बिके लकड़ी के खिलौने", "पुल तीसरे दिन भी बंद", "गाँव का आख़िरी कुम्हार", "रात की रेल लौटी"],
    ),
];

fn item(n: usize, source: Option<&str>, title: &str, text: &str) -> Document {
    Document { source: source.map(Into::into), title: Some(title.into()), ..Document::new(format!("{n}"), text) }
}

fn matches(documents: &[Document]) -> usize {
    find(documents, &Params { grains: vec![Grain::Document], ..Params::default() }).matches.len()
}

/// The first words of a text, or more of them than it has; where words are not parted, two characters make one.
fn sized(text: &str, words: usize) -> String {
    if !text.contains(' ') {
        return text.chars().cycle().take(words * 2).collect();
    }
    text.split_whitespace().cycle().take(words).map(|word| format!("{word} ")).collect()
}

#[test]
fn stubs_of_any_length_and_number_are_no_copies() {
    for (notice, titles) in NOTICES {
        for words in [5, 12, 20, 40, 80, 120] {
            let text = sized(notice, words);
            for items in [2, 3, 7, 50] {
                for source in [Some("a.example"), None] {
                    let document = |n: usize| {
                        let title = titles[n % 5];
                        let title = if n < 5 { title.into() } else { format!("{title}, {n}") };
                        item(n, source, &title, &text)
                    };
                    let documents: Vec<Document> = (0..items).map(document).collect();
                    assert_eq!(matches(&documents), 0, "{items} × {words} words: {text}");
                }
            }
        }
    }
}

#[test]
fn the_same_notice_is_not_set_aside_where_titles_agree() {
    for (notice, titles) in NOTICES {
        let text = sized(notice, 60);
        let again = [item(0, Some("a.example"), titles[0], &text), item(1, Some("a.example"), titles[0], &text)];
        assert!(matches(&again) > 0, "the item twice: {}", titles[0]);
        let reprint = [item(0, Some("a.example"), titles[0], &text), item(1, Some("b.example"), titles[0], &text)];
        assert!(matches(&reprint) > 0, "two sources: {}", titles[0]);
    }
}
