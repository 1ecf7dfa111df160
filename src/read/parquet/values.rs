//! Values of any type as text: ids, dates, numbers.

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::ColumnReader;
use ::parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use ::parquet::errors::Result as ParquetResult;
use ::parquet::schema::types::ColumnDescriptor;

use super::parse::column;

/// The values of a column of single values as text: of so many rows, behind others. What has no plain form as text says nothing.
pub(super) fn render(
    reader: ColumnReader,
    descriptor: &ColumnDescriptor,
    before: usize,
    rows: usize,
) -> ParquetResult<Vec<Option<Box<str>>>> {
    macro_rules! each {
        ($reader:ident, $text:expr) => {{
            let text = $text;
            let values = column($reader, descriptor.max_def_level(), before, rows)?;
            Ok(values.into_iter().map(|value| value.and_then(|value| text(value)).map(Into::into)).collect())
        }};
    }
    match reader {
        ColumnReader::BoolColumnReader(reader) => each!(reader, |value: bool| Some(value.to_string())),
        ColumnReader::Int32ColumnReader(reader) => each!(reader, |value: i32| Some(integer(value.into(), descriptor))),
        ColumnReader::Int64ColumnReader(reader) => each!(reader, |value: i64| Some(integer(value, descriptor))),
        ColumnReader::Int96ColumnReader(reader) => each!(reader, |value: Int96| Some(time(value.to_millis(), 1_000))),
        ColumnReader::FloatColumnReader(reader) => each!(reader, |value: f32| Some(value.to_string())),
        ColumnReader::DoubleColumnReader(reader) => each!(reader, |value: f64| Some(value.to_string())),
        ColumnReader::ByteArrayColumnReader(reader) => each!(reader, |value: ByteArray| {
            let is_text = descriptor.converted_type() != ConvertedType::DECIMAL;
            std::str::from_utf8(value.data()).ok().filter(|_| is_text).map(str::to_owned)
        }),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => each!(reader, |value: FixedLenByteArray| {
            matches!(descriptor.logical_type_ref(), Some(LogicalType::Uuid)).then(|| uuid(value.data()))
        }),
    }
}

/// An integer by what it stands for.
fn integer(value: i64, descriptor: &ColumnDescriptor) -> String {
    let per_second = match descriptor.logical_type_ref() {
        Some(LogicalType::Timestamp(of)) => match of.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        },
        _ => match descriptor.converted_type() {
            ConvertedType::TIMESTAMP_MILLIS => 1_000,
            ConvertedType::TIMESTAMP_MICROS => 1_000_000,
            ConvertedType::DATE => return date(value),
            ConvertedType::UINT_64 => return (value as u64).to_string(),
            ConvertedType::UINT_32 | ConvertedType::UINT_16 | ConvertedType::UINT_8 => {
                return (value as u32).to_string();
            }
            ConvertedType::DECIMAL => return decimal(value, descriptor.type_scale()),
            _ => return value.to_string(),
        },
    };
    time(value, per_second)
}

/// Days since the first of January 1970, as `2024-02-29`.
fn date(days: i64) -> String {
    // Years are counted from March, in eras of 400 years, which all have as many days.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, after) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + after)
}

/// Parts of a second since 1970, as `2024-02-29T12:30:00.250`.
fn time(value: i64, per_second: i64) -> String {
    let (seconds, part) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let clock = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
    let digits = per_second.ilog10() as usize;
    let fraction = if part == 0 { String::new() } else { format!(".{part:0digits$}") };
    format!("{}T{clock}{fraction}", date(days))
}

fn decimal(value: i64, scale: i32) -> String {
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{part}")
}

fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match hex.len() {
        32 => [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"),
        _ => hex,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (-719_528, "0000-01-01"),
        ] {
            assert_eq!(date(days), text);
        }
        assert_eq!(time(1_709_209_800_250, 1_000), "2024-02-29T12:30:00.250");
        assert_eq!(time(-1, 1_000_000), "1969-12-31T23:59:59.999999");
        assert_eq!(time(0, 1_000_000_000), "1970-01-01T00:00:00");
    }

    #[test]
    fn decimals_and_uuids() {
        assert_eq!([decimal(-5, 2), decimal(1_234, 2), decimal(7, 0)], ["-0.05", "12.34", "7"]);
        assert_eq!(uuid(&[0x12; 16]), "12121212-1212-1212-1212-121212121212");
    }
}
