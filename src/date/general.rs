//! Dates with names, clocks and zones, in the orders that people and programs put them.

use jiff::civil::Date;

use super::clock::{Zone, clock, half, phrase_at, zone_at};
use super::numeric::{at, date};
use super::tokens::{Kind, Text};
use super::words::{Meaning, has_stop_after_day, meanings, zone};
use super::{Order, Precision, Reading, When};

/// Reads a date. `None` if a part of it is not understood.
pub(super) fn read(written: &str) -> Option<Reading> {
    let text = Text::new(written);
    let mut parts = Parts { used: vec![false; text.tokens.len()], ..Parts::default() };
    parts.find_clock(&text);
    if parts.clock.is_some() {
        parts.find_zone(&text);
    }
    parts.name_words(&text)?;
    let day = parts.date(&text)?;
    Some(match day {
        Dated::One(date, precision, order) => {
            let when = parts.timed(date, precision)?;
            order.map_or(Reading::Plain(when), |order| Reading::Ordered(when, order))
        }
        Dated::Either(day_first, month_first) => Reading::Either {
            day_first: parts.timed(day_first, Precision::Day)?,
            month_first: parts.timed(month_first, Precision::Day)?,
        },
    })
}

/// A day, month or year, or one of two days.
enum Dated {
    One(Date, Precision, Option<Order>),
    Either(Date, Date),
}

/// A name of a month.
struct Name {
    /// The months that it may name, each with a language.
    months: Vec<(u8, &'static str)>,
    /// The weekday that it may name.
    weekday: Option<u8>,
}

/// The parts of a date that were found in a text.
#[derive(Default)]
struct Parts {
    /// The tokens that are understood.
    used: Vec<bool>,
    clock: Option<jiff::civil::Time>,
    /// One past the last token of the clock.
    clock_end: usize,
    zone: Option<Zone>,
    names: Vec<Name>,
    weekday: Option<u8>,
}

impl Parts {
    fn take(&mut self, from: usize, to: usize) {
        self.used[from..to].fill(true);
    }

    /// Finds the time of day, with what says which half of the day it is in.
    fn find_clock(&mut self, text: &Text) {
        let Some((from, mut to, [mut hour, minute, second], micros)) =
            (0..text.tokens.len()).find_map(|i| clock(text, i))
        else {
            return;
        };
        let after = phrase_at(text, to, &self.used).filter(|(_, found)| half(found).is_some());
        let before = from.checked_sub(1).map(|i| meanings(text.word(i).unwrap_or_default())).and_then(half);
        let mut begin = from;
        let half = match after {
            Some((end, found)) => {
                to = end;
                half(found)
            }
            None => {
                begin -= usize::from(before.is_some());
                before
            }
        };
        match half {
            Some(Meaning::Pm) if hour < 12 => hour += 12,
            Some(Meaning::Am) if hour == 12 => hour = 0,
            _ => {}
        }
        let [hour, minute, second] = [hour, minute, second.min(59)].map(|number| number as i8);
        let Ok(clock) = jiff::civil::Time::new(hour, minute, second, micros * 1000) else { return };
        self.take(begin, to);
        (self.clock, self.clock_end) = (Some(clock), to);
    }

    /// Finds the time zone: after the time, at the end, or in parentheses.
    fn find_zone(&mut self, text: &Text) {
        let mut from = self.clock_end;
        while text.kind(from) == Some(Kind::Sign('.')) || text.kind(from) == Some(Kind::Sign(',')) {
            from += 1;
        }
        if let Some((zone, to)) = zone_at(text, from, true) {
            self.zone = Some(zone);
            self.take(from, to);
            return;
        }
        let later = (from..text.tokens.len()).rev().find_map(|i| Some((i, zone_at(text, i, false)?)));
        if let Some((i, (zone, to))) = later {
            self.zone = Some(zone);
            self.take(i, to);
            return;
        }
        let comment = text.comment.as_deref().and_then(zone);
        self.zone = comment.map(Zone::Ahead);
    }

    /// Finds out what the words mean; `None` if one means nothing.
    fn name_words(&mut self, text: &Text) -> Option<()> {
        let mut i = 0;
        while i < text.tokens.len() {
            let start = i;
            i += 1;
            if self.used[start] || text.kind(start) == Some(Kind::Number) {
                continue;
            }
            if let Some(Kind::Sign(sign)) = text.kind(start) {
                if !",.-/'|·•@;_،、，°".contains(sign) {
                    return None;
                }
                continue;
            }
            let is_t = text.word(start) == Some("t") && text.touches(start);
            match phrase_at(text, start, &self.used) {
                Some((to, found)) => {
                    self.name(found);
                    self.take(start, to);
                    i = to;
                }
                None if is_t => self.take(start, i),
                // The first word before a comma can only be a weekday.
                None if start == 0 && text.kind(1) == Some(Kind::Sign(',')) => self.take(start, i),
                None => return None,
            }
        }
        Some(())
    }

    fn name(&mut self, found: &[Meaning]) {
        let months = found.iter().filter_map(|meaning| match meaning {
            Meaning::Month(month, language) => Some((*month, *language)),
            _ => None,
        });
        let months: Vec<(u8, &str)> = months.collect();
        let weekday = found.iter().find_map(|meaning| match meaning {
            Meaning::Weekday(day) => Some(*day),
            _ => None,
        });
        if !months.is_empty() {
            self.names.push(Name { months, weekday });
        } else {
            self.weekday = self.weekday.or(weekday);
        }
    }

    /// Returns the name of the month, if there is one. Where several words can be it, those that can be weekdays are not.
    fn month(&mut self) -> Option<Name> {
        let mut names = std::mem::take(&mut self.names);
        if names.len() > 1 && names.iter().any(|name| name.weekday.is_none()) {
            let (months, days): (Vec<Name>, Vec<Name>) = names.into_iter().partition(|name| name.weekday.is_none());
            self.weekday = self.weekday.or(days.iter().find_map(|day| day.weekday));
            names = months;
        }
        names.pop()
    }

    fn date(&mut self, text: &Text) -> Option<Dated> {
        let numbers: Vec<usize> =
            (0..text.tokens.len()).filter(|&i| !self.used[i] && text.kind(i) == Some(Kind::Number)).collect();
        match self.month() {
            Some(month) => self.with_month(text, &numbers, &month),
            None => self.without_month(text, &numbers),
        }
    }

    /// Reads the day and the year next to the name of a month.
    fn with_month(&self, text: &Text, numbers: &[usize], month: &Name) -> Option<Dated> {
        let number = |i: usize| text.number(i);
        let year_first = |&[a, b]: &[usize; 2]| number(a).is_some_and(|(_, digits)| digits == 4) && number(b).is_some();
        let (day, year) = match *numbers {
            [year] => {
                let year = number(year).filter(|(_, digits)| *digits == 4)?.0;
                let &[(first, _), ..] = month.months.as_slice() else { return None };
                return Some(Dated::One(date(gregorian(year)?, first.into(), 1)?, Precision::Month, None));
            }
            [a, b] if year_first(&[a, b]) => (b, a),
            [a, b] => (a, b),
            _ => return None,
        };
        let year = full_year(number(year)?)?;
        let stop = text.kind(day + 1) == Some(Kind::Sign('.')) && text.touches(day + 1);
        let day = number(day)?.0;
        let month = self.month_of(month, |month| date(year, month.into(), day), stop)?;
        Some(Dated::One(date(year, month.into(), day)?, Precision::Day, None))
    }

    /// Chooses the month that a name means: where languages differ, by the weekday, or by a stop after the day.
    fn month_of(&self, name: &Name, date: impl Fn(u8) -> Option<Date>, stop: bool) -> Option<u8> {
        let all = || name.months.iter().map(|(month, _)| *month);
        let on_day = |month: &u8| {
            date(*month).is_some_and(|date| Some(date.weekday().to_monday_one_offset() as u8) == self.weekday)
        };
        let by_stop = || name.months.iter().filter(|(_, language)| has_stop_after_day(language) == stop);
        only(all()).or_else(|| only(all().filter(on_day))).or_else(|| only(by_stop().map(|(month, _)| *month)))
    }

    /// Reads a date of numbers.
    fn without_month(&self, text: &Text, numbers: &[usize]) -> Option<Dated> {
        let number = |at: usize| text.number(at);
        let one = |date, precision| Some(Dated::One(date, precision, None));
        // One sign separates the numbers, everywhere the same.
        let signs: Vec<Option<Kind>> =
            numbers.windows(2).map(|pair| text.kind(pair[0] + 1).filter(|_| pair[1] == pair[0] + 2)).collect();
        let sign = match signs.first() {
            Some(Some(Kind::Sign(sign @ ('-' | '/' | '.')))) => Some(*sign),
            _ => None,
        };
        let same = signs.windows(2).all(|pair| pair[0] == pair[1]);
        match (numbers, sign) {
            (&[whole], None) if number(whole)?.1 == 8 && self.clock.is_some() => {
                let (value, _) = number(whole)?;
                one(date(value / 10_000, value / 100 % 100, value % 100)?, Precision::Day)
            }
            (&[a, b], Some(_)) if number(a)?.1 == 4 && number(b)?.1 <= 2 && self.clock.is_none() => {
                one(date(gregorian(number(a)?.0)?, number(b)?.0, 1)?, Precision::Month)
            }
            (&[a, b], Some(_)) if number(b)?.1 == 4 && number(a)?.1 <= 2 && self.clock.is_none() => {
                one(date(gregorian(number(b)?.0)?, number(a)?.0, 1)?, Precision::Month)
            }
            (&[a, b, c], Some(_)) if number(a)?.1 == 4 && same => {
                one(date(gregorian(number(a)?.0)?, number(b)?.0, number(c)?.0)?, Precision::Day)
            }
            (&[a, b, c], Some(sign)) if same && number(a)?.1 <= 2 && number(b)?.1 <= 2 => {
                self.in_some_order(sign, [number(a)?.0, number(b)?.0], full_year(number(c)?)?)
            }
            _ => None,
        }
    }

    /// Reads a day and a month in either order. Between stops the day comes first, as in all countries that write so.
    fn in_some_order(&self, sign: char, [a, b]: [i64; 2], year: i64) -> Option<Dated> {
        let one = |date, order| Some(Dated::One(date, Precision::Day, order));
        match (date(year, b, a), date(year, a, b)) {
            (Some(date), None) => one(date, Some(Order::DayFirst)),
            (None, Some(date)) => one(date, Some(Order::MonthFirst)),
            (Some(day_first), Some(_)) if a == b || sign == '.' => one(day_first, None),
            (Some(day_first), Some(month_first)) => {
                let is_on = |date: Date| Some(date.weekday().to_monday_one_offset() as u8) == self.weekday;
                match (is_on(day_first), is_on(month_first)) {
                    (true, false) => one(day_first, Some(Order::DayFirst)),
                    (false, true) => one(month_first, Some(Order::MonthFirst)),
                    _ => Some(Dated::Either(day_first, month_first)),
                }
            }
            (None, None) => None,
        }
    }

    /// Returns the point in time of a date at the time of day that was found. Without knowing the zone, the day is all that
    /// is known.
    fn timed(&self, date: Date, precision: Precision) -> Option<When> {
        match (self.clock, self.zone) {
            (Some(_), _) if precision != Precision::Day => None,
            (None, _) | (Some(_), Some(Zone::Unknown)) => When::start(date, precision),
            (Some(clock), None) => at(date, clock, 0),
            (Some(clock), Some(Zone::Ahead(seconds))) => at(date, clock, seconds),
        }
    }
}

/// Returns the month that all of them are.
fn only(mut months: impl Iterator<Item = u8>) -> Option<u8> {
    let first = months.next()?;
    months.all(|month| month == first).then_some(first)
}

/// Returns the year of a number as it was written; of two digits as RFC 2822 reads them.
fn full_year((value, digits): (i64, usize)) -> Option<i64> {
    match digits {
        4 => gregorian(value),
        2 if value < 50 => Some(value + 2000),
        2 => Some(value + 1900),
        _ => None,
    }
}

/// Returns the Gregorian year. Thai dates count from the Buddha; years of the calendars of Iran and of Islam are not read.
fn gregorian(year: i64) -> Option<i64> {
    match year {
        1300..1500 => None,
        2400..2700 => Some(year - 543),
        _ => Some(year),
    }
}
