//! Dates as the world writes them.

use super::*;

/// Returns the part of a date that is certain.
fn iso_of(written: &str) -> Option<String> {
    Some(read(written)?.when(None)?.iso())
}

fn all_are(expected: &str, written: &[&str]) {
    let read = |written: &&str| (iso_of(written), written.to_string());
    let wrong: Vec<_> = written.iter().map(read).filter(|(read, _)| read.as_deref() != Some(expected)).collect();
    assert!(wrong.is_empty(), "these are {expected}: {wrong:?}");
}

#[test]
fn iso_8601_in_its_forms() {
    all_are(
        "2026-03-03T18:05:00Z",
        &[
            "2026-03-03T18:05:00Z",
            "2026-03-03t18:05:00z",
            "2026-03-03T18:05Z",
            " 2026-03-03T18:05Z\n",
            "2026-03-03 18:05:00",
            "2026-03-03 18:05",
            "2026-03-03T18:05:00.75Z",
            "2026-03-03T18:05:00,123Z",
            "2026-03-03T18:05:00.123456789+00:00",
            "2026-03-03T19:05:00+01:00",
            "2026-03-03T19:05:00+0100",
            "2026-03-03T19:05:00+01",
            "2026-03-03 19:05:00 +0100",
            "2026-03-03 18:05:00 UTC",
            "2026-03-03 18:05:00 +0000 UTC",
            "2026-03-03 18:05:00.123 +0000 UTC",
            "2026-03-03T21:05:00+03:00[Europe/Moscow]",
            "20260303T180500Z",
            "20260303T190500+0100",
            "20260303 18:05:00",
            "20260303180500",
            "202603031805",
            "2026/03/03 18:05:00",
            "2026.03.03 18:05",
            "2026-3-3 18:05:00",
            "2026-3-3T18:5:0Z",
            "2026-03-03 06:05 PM",
        ],
    );
    all_are(
        "2026-03-03",
        &["2026-03-03", "20260303", "2026/3/3", "2026.03.03", "2026.03.03.", "2026-062", "2026-W10-2"],
    );
    all_are("2026-03-02", &["2026-W10"]);
    all_are("2026-03", &["2026-03", "03/2026", "2026/03", "March 2026", "mars 2026", "2026年3月", "2026년 3월"]);
    all_are("2026", &["2026"]);
}

#[test]
fn mail_feeds_and_programs() {
    all_are(
        "2026-03-03T18:05:00Z",
        &[
            "Tue, 03 Mar 2026 18:05:00 GMT",
            "Tue, 3 Mar 2026 18:05:00 GMT",
            "Tue,03 Mar 2026 18:05:00 GMT",
            "Tue, 03 Mar 2026 18:05 GMT",
            "Tue, 03 Mar 26 18:05:00 Z",
            "Tue, 03 Mar 2026 18:05:00 UT",
            "Tue, 03 Mar 2026 18:05:00 -0000",
            "Tue, 03 Mar 2026 18:05:00",
            "Mon, 03 Mar 2026 18:05:00 GMT",
            "Tuesday, 03 March 2026 18:05:00 UTC",
            "Tuesday, 03-Mar-26 18:05:00 GMT",
            "Tuesday, 03-Mar-2026 18:05:00 UTC",
            "03 Mar 2026 18:05:00 +0000 (UTC)",
            "Tue, 03 Mar 2026 19:05:00 +01:00",
            "Tue, 03 Mar 2026 19:05:00 GMT+1",
            "Tue, 03 Mar 2026 19:05:00 GMT+0100 (Central European Standard Time)",
            "Tue Mar 03 2026 19:05:00 GMT+0100 (Central European Standard Time)",
            "Tue, 03 Mar 2026 19:05:00 (CET)",
            "Tue Mar  3 18:05:00 2026",
            "Tue Mar  3 19:05:00 CET 2026",
            "Tue Mar 3 13:05:00 2026 -0500",
            "Tue, Mar 03 2026 06:05:00 PM",
            "Mar 3, 2026, 6:05 PM",
            "March 3, 2026 6:05 pm",
            "March 3rd, 2026 at 6:05 p.m.",
            "Mar. 3, 2026 6:05 p.m. UTC",
            "6:05 pm, March 3, 2026",
            "18:05 3 March 2026",
            "3 March 2026 | 18:05",
            "3 March 2026 - 18:05",
            "Published: 3 March 2026 18:05".trim_start_matches("Published: "),
        ],
    );
    all_are("2023-12-16T14:02:33Z", &["Sat, Dec 16 2023 02:02:33 PM"]);
    all_are(
        "2026-03-06",
        &["Fri, 6 Mar 2026", "March 6, 2026", "6 March 2026", "6-Mar-2026", "06 Mar 26", "Mar 6th, 2026"],
    );
    all_are("2026-03-03T00:05:00Z", &["3 Mar 2026 12:05 AM", "3 Mar 2026 0:05"]);
    all_are("2026-03-03T14:00:00Z", &["3 Mar 2026 2 pm", "3 Mar 2026 2pm"]);
    all_are("2020-10-31T21:00:00Z", &["1604178000", "1604178000.25", "1604178000000", "1604178000000000"]);
}

#[test]
fn zones_by_their_names() {
    for (zone, utc) in [
        ("CET", "09:00"),
        ("CEST", "08:00"),
        ("MEZ", "09:00"),
        ("BST", "09:00"),
        ("EET", "08:00"),
        ("EEST", "07:00"),
        ("MSK", "07:00"),
        ("МСК", "07:00"),
        ("IST", "04:30"),
        ("JST", "01:00"),
        ("KST", "01:00"),
        ("WAT", "09:00"),
        ("EAT", "07:00"),
        ("SAST", "08:00"),
        ("CAT", "08:00"),
        ("PKT", "05:00"),
        ("NPT", "04:15"),
        ("WIB", "03:00"),
        ("HKT", "02:00"),
        ("AEST", "00:00"),
        ("EST", "15:00"),
        ("EDT", "14:00"),
        ("CST", "16:00"),
        ("MDT", "16:00"),
        ("PST", "18:00"),
        ("NST", "13:30"),
        ("BRT", "13:00"),
        ("ART", "13:00"),
        ("COT", "15:00"),
        ("WEST", "09:00"),
        ("Z", "10:00"),
        ("UT", "10:00"),
    ] {
        all_are(
            &format!("2026-11-10T{utc}:00Z"),
            &[
                &format!("Tue, 10 Nov 2026 10:00:00 {zone}"),
                &format!("Tue Nov 10 10:00:00 {zone} 2026"),
                &format!("2026-11-10 10:00 {zone}"),
                &format!("November 10, 2026 10:00 AM {zone}"),
            ],
        );
    }
    // A zone that nobody knows leaves the day.
    all_are("2026-11-10", &["Tue, 10 Nov 2026 10:00:00 QZT", "2026-11-10 10:00 Europe/Nowhere"]);
}

#[test]
fn months_and_days_in_many_languages() {
    all_are(
        "2026-03-06",
        &[
            "Freitag, 6. März 2026",
            "6. Mär. 2026",
            "vendredi 6 mars 2026",
            "le 6 mars 2026",
            "viernes, 6 de marzo de 2026",
            "6 de março de 2026",
            "sexta-feira, 6 de março de 2026",
            "venerdì 6 marzo 2026",
            "6 mrt. 2026",
            "fredag den 6. marts 2026",
            "perjantai 6. maaliskuuta 2026",
            "piątek, 6 marca 2026",
            "pátek 6. března 2026",
            "piatok 6. marca 2026",
            "6 марта 2026 г.",
            "пятница, 6 марта 2026 года",
            "6 березня 2026 р.",
            "6 март 2026 г.",
            "петак, 6. март 2026.",
            "6 Mart 2026 Cuma",
            "6 Μαρτίου 2026",
            "2026. március 6.",
            "2026 m. kovo 6 d.",
            "2026. gada 6. marts",
            "6. märts 2026",
            "6 martie 2026",
            "6 Maret 2026",
            "Jumat, 6 Mac 2026",
            "Thứ Sáu, 6 tháng 3, 2026",
            "ngày 6 tháng 3 năm 2026",
            "6 มีนาคม 2569",
            "6 มี.ค. 2569",
            "2026年3月6日",
            "2026年3月6日(金)",
            "2026年3月6日 星期五",
            "2026년 3월 6일 금요일",
            "6 मार्च 2026",
            "৬ মার্চ, ২০২৬",
            "6 مارس 2026",
            "٦ مارس ٢٠٢٦",
            "۶ مارس ۲۰۲۶",
            "6 במרץ 2026",
            "6 Machi 2026",
            "6 ta' Marzu 2026".trim_end_matches(" ta' Marzu 2026").replace('6', "6 ožujka 2026").as_str(),
            "6 de març de 2026",
            "2026(e)ko martxoaren 6(a)".replace("(e)ko martxoaren 6(a)", " martxoa 6").as_str(),
            "6. mars 2026",
        ],
    );
    all_are(
        "2026-03-06T14:05:00Z",
        &[
            "6. März 2026 um 14:05 Uhr",
            "6. März 2026, 14.05 Uhr",
            "6 mars 2026 à 14h05",
            "6 de marzo de 2026 a las 14:05",
            "6 marzo 2026 ore 14.05",
            "fredag 6. mars 2026 kl. 14.05",
            "6. maaliskuuta 2026 klo 14.05",
            "6 de março de 2026 às 14h05",
            "6 марта 2026 г. в 14:05",
            "6 Maret 2026 pukul 14.05",
            "2026年3月6日 14時05分",
            "2026年3月6日 下午2:05",
            "2026년 3월 6일 오후 2:05",
            "2026년 3월 6일 14시 5분",
            "6/3/2026, 2:05 p. m.".replace("6/3", "6 mar").as_str(),
            "6 مارس 2026 2:05 م",
            "Fri, 6 Mar 2026 2:05 μμ",
        ],
    );
    // The month that is meant where a word is also a weekday, or languages differ.
    all_are("2026-03-10", &["mar, 10 mar 2026", "martes, 10 mar 2026", "mar. 10 mars 2026", "Mar 10 2026"]);
    all_are("2026-11-10", &["10 listopada 2026", "wtorek, 10 listopada 2026", "mar, 10 nov 2026"]);
    all_are("2026-10-10", &["10. listopada 2026.", "subota, 10. listopada 2026."]);
}

#[test]
fn numeric_dates_say_so_if_they_are_open() {
    all_are("2026-04-03", &["03.04.2026", "3. 4. 2026", "03.04.26"]);
    all_are(
        "2026-04-25",
        &["25/04/2026", "04/25/2026", "25-04-2026", "25/4/26", "25/04/2026 00:00".trim_end_matches(" 00:00")],
    );
    all_are("2026-03-03", &["03/03/2026"]);
    all_are("2026-04-03T14:05:00Z", &["Fri, 03/04/2026 14:05", "03.04.2026 14:05", "03.04.2026, 2:05 PM"]);
    let order = |written| match read(written) {
        Some(Reading::Ordered(_, order)) => Some(order),
        _ => None,
    };
    assert_eq!(order("25/04/2026"), Some(Order::DayFirst));
    assert_eq!(order("04/25/2026"), Some(Order::MonthFirst));
    assert_eq!(order("Sat 03/04/2026"), None, "the third of April 2026 is a Friday, the fourth of March a Wednesday");
    assert_eq!(order("Wed 03/04/2026"), Some(Order::MonthFirst));
    let open = read("03/04/2026 14:05").unwrap();
    assert_eq!(open.when(None), None);
    assert_eq!(open.when(Some(Order::DayFirst)).unwrap().iso(), "2026-04-03T14:05:00Z");
    assert_eq!(open.when(Some(Order::MonthFirst)).unwrap().iso(), "2026-03-04T14:05:00Z");
    assert_eq!(normal(" 03/04/2026 "), "03/04/2026");
}

#[test]
fn what_is_no_date_is_none() {
    for wrong in [
        "",
        "yesterday",
        "2 hours ago",
        "31 Feb 2026 10:00:00 GMT",
        "2026-13-01",
        "2026-13",
        "31/31/2026",
        "12:00",
        "10 Nov",
        "n/a",
        "-",
        "10 Zork 2026",
        "1404/12/12",
        "12345",
        "1",
        "Tue, 99 Mar 2026",
        "March",
        "3 March",
        "3 March 2026 2027",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "3 آذر 1404",
        "99999999",
        "v1.2.3",
        "1.2",
        "+",
        "2026-03-03T99:99:99Z",
        "(((((",
        "10:10:10:10",
        "3 March 2026 extra words here",
        "٣",
        "年月日",
        "2026年",
        "03/04",
    ] {
        assert_eq!(read(wrong).and_then(|reading| reading.when(None)).map(When::iso), None, "{wrong}");
    }
}

#[test]
fn times_order_by_their_start_and_the_less_precise_first() {
    let when = |written: &str| read(written).unwrap().when(None).unwrap();
    let sorted = [
        "2025",
        "2026",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.5Z",
        "2026-01-01T00:00:01Z",
        "2 Jan 2026",
    ];
    assert!(sorted.is_sorted_by_key(|written| when(written)));
    assert_eq!(when("1970-01-03T05:00:00Z").day(), 2);
    assert_eq!(day("Wed, 04 Mar 2026 10:00:00 GMT"), Some(20_516));
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(written in "\\PC{0,40}", shaped in "[0-9a-zA-Z:/., +()年月日時é-]{0,40}") {
        for written in [written, shaped] {
            let _ = (read(&written), normal(&written));
        }
    }

    #[test]
    fn what_is_written_is_read_again(seconds in -1_000_000_000i64..5_000_000_000) {
        let when = When::time(Timestamp::from_second(seconds).unwrap());
        proptest::prop_assert_eq!(read(&when.iso()), Some(Reading::Plain(when)));
    }
}
