//! Matches -> which of their two texts is likely the source of the other.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use flong::judge::{DateOrders, LikelySource, Origins, likely_source, time};
use flong::verify::Verified;
use flong::{Result, Unit};

use super::batch::{Rows, get, texts, wrong};
use super::portrait::decode;
use super::step::{Setting, Step};

/// The start of the names of columns that matches are judged by, and that users do not see.
const OWN: &str = "flong_";

/// Appends the likely source to matches. Takes them with the units of both sides, and of the documents of these their sources,
/// agencies and dates, with the orders of day and month that the dates of the source, and of all documents, show.
pub struct Sourced;

impl Sourced {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Sourced))
    }
}

/// Returns where the texts of one side come from.
fn origins<'b>(of: Rows<'b>, side: &str) -> Result<Vec<Origins<'b>>> {
    let name = |what: &str| format!("{OWN}{side}_{what}");
    let (sources, agencies) = (of.texts(&name("source"))?, of.texts(&name("agency"))?);
    let (dates, shown) = (of.texts(&name("date"))?, of.ints(&name("shown"))?);
    let (units, everywhere) = (of.bytes(&name("unit"))?, of.ints("flong_shown_anywhere")?);
    let orders = |bits: i32| DateOrders::from_bits(bits as u8);
    let one = |row: usize| {
        let unit: Unit = decode(units.value(row))?;
        let source = get!(sources, row);
        let own = get!(shown, row).filter(|_| source.is_some()).unwrap_or_default();
        Ok(Origins {
            source,
            agency: get!(agencies, row),
            published: get!(dates, row).and_then(|date| time(date, orders(own), orders(everywhere.value(row)))),
            words: unit.word_count(),
        })
    };
    (0..of.0.num_rows()).map(one).collect()
}

impl Step for Sourced {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let verified = of.bytes("flong_verified")?;
        let sides = origins(of, "first")?.into_iter().zip(origins(of, "second")?).enumerate();
        let likely = sides.map(|(row, (first, second))| {
            let verified: Verified = decode(verified.value(row))?;
            Ok(likely_source(verified.kind, first, second))
        });
        let likely: Vec<Option<LikelySource>> = likely.collect::<Result<_>>()?;
        let schema = rows.schema();
        let seen = (0..schema.fields().len()).filter(|&column| !schema.field(column).name().starts_with(OWN));
        let seen = rows.project(&seen.collect::<Vec<usize>>()).map_err(wrong)?;
        let mut fields: Vec<Arc<Field>> = seen.schema().fields().iter().cloned().collect();
        let mut columns = seen.columns().to_vec();
        let said = [
            ("source", texts(likely.iter().map(|likely| likely.map(|likely| likely.text.name())))),
            ("source_by", texts(likely.iter().map(|likely| likely.map(|likely| likely.by.name())))),
        ];
        for (name, column) in said {
            fields.push(Arc::new(Field::new(name, DataType::Utf8, true)));
            columns.push(column);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map(Some).map_err(wrong)
    }
}
