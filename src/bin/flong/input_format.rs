//! Formats of inputs, as options name them.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use flong::read::Format;

/// A format that an input is read as.
#[derive(Debug, Clone, Copy)]
pub struct InputFormat(Format);

/// One for each format of the library.
static ALL: [InputFormat; Format::ALL.len()] = {
    let mut all = [InputFormat(Format::Text); Format::ALL.len()];
    let mut n = 0;
    while n < all.len() {
        all[n] = InputFormat(Format::ALL[n]);
        n += 1;
    }
    all
};

impl ValueEnum for InputFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let value = PossibleValue::new(self.0.name());
        Some(match self.0 {
            Format::Feed => value
                .alias("json")
                .help("RSS, Atom, JSON Feed, or JSON: an array of records, or records one after the other"),
            _ => value,
        })
    }
}

impl InputFormat {
    /// Returns the library's value.
    pub fn format(self) -> Format {
        self.0
    }
}
