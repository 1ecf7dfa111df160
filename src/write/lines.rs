//! JSON in the outputs: one value a line, fractions with four decimals.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

/// Writes each item as one line. Fractions are rounded to four decimals.
pub fn json_lines<T: Serialize>(mut writer: impl Write, items: impl IntoIterator<Item = T>) -> io::Result<()> {
    items.into_iter().try_for_each(|item| json_line(&mut writer, &item))
}

/// Writes one line.
pub(crate) fn json_line(mut writer: impl Write, item: &(impl Serialize + ?Sized)) -> io::Result<()> {
    item.serialize(&mut Serializer::with_formatter(&mut writer, Rounded(CompactFormatter)))?;
    writer.write_all(b"\n")
}

/// Writes one value over several lines, for people: `summary.json`.
pub fn json_pretty(mut writer: impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut writer, Rounded(PrettyFormatter::new())))?;
    writer.write_all(b"\n")
}

/// Wraps a formatter and rounds fractions to four decimals.
struct Rounded<F>(F);

/// Returns a fraction with four decimals.
pub(crate) fn round(value: f64) -> f64 {
    let rounded = (value * 1e4).round() / 1e4;
    // Adding zero turns -0.0 into 0.0; huge numbers have no decimals to round.
    if rounded.is_finite() { rounded + 0.0 } else { value }
}

macro_rules! pass_on {
    ($($name:ident($($arg:ident: $type:ty),*);)*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $arg: $type)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        }
    )*};
}

impl<F: Formatter> Formatter for Rounded<F> {
    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        self.0.write_f64(writer, round(value.into()))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        self.0.write_f64(writer, round(value))
    }

    pass_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Item {
        name: &'static str,
        single: f32,
        double: f64,
    }

    #[test]
    fn a_line_an_item_with_rounded_fractions() {
        let items = [
            Item { name: "a\nb", single: 0.7, double: 1.0 / 3.0 },
            Item { name: "", single: 1.0, double: -0.00001 },
            Item { name: "é", single: f32::MAX, double: f64::NAN },
        ];
        let mut out = Vec::new();
        json_lines(&mut out, items).unwrap();
        let expected = r#"{"name":"a\nb","single":0.7,"double":0.3333}
{"name":"","single":1.0,"double":0.0}
{"name":"é","single":3.4028234663852886e+38,"double":null}
"#;
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn pretty_for_people() {
        let mut out = Vec::new();
        json_pretty(&mut out, &serde_json::json!({"seconds": 0.123456, "rules": ["FL101"], "none": {}})).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("\n  \"seconds\": 0.1235"), "{out}");
        assert!(out.contains("\n  \"rules\": [\n    \"FL101\"\n  ]"), "{out}");
        assert!(out.ends_with("}\n"));
    }
}
