//! Checks of parameters, before anything is computed with them.

use super::Params;
use crate::judge::Keep;
use crate::verify::Thresholds;
use crate::{Error, Result};

/// Most values in a signature over single words. Each value costs a multiplication for every word of every unit.
const MAX_SIGNATURE_VALUES: usize = 65_536;

impl Params {
    /// Checks that a run can use the parameters. An error names the parameter, its value and what would do.
    ///
    /// ```
    /// use flong::Params;
    /// let mut params = Params::default();
    /// params.validate()?;
    /// params.thresholds.copy_weight = 72.0;
    /// let error = params.validate().unwrap_err().to_string();
    /// assert_eq!(error, "verify.copy_weight = 72: it must be a share from 0 to 1; the default is 0.5");
    /// # Ok::<(), flong::Error>(())
    /// ```
    pub fn validate(&self) -> Result<()> {
        self.validate_grains()?;
        self.validate_keep()?;
        self.validate_candidates()?;
        validate_thresholds(&self.thresholds)
    }

    fn validate_grains(&self) -> Result<()> {
        const CHOICE: &str = "document, paragraph, sentence";
        ensure(!self.grains.is_empty(), "grains", "[]", || {
            format!("there is nothing to compare; name some of {CHOICE}")
        })?;
        for (name, grains) in [("grains", &self.grains), ("across", &self.across)] {
            let names = || grains.iter().map(|grain| grain.name()).collect::<Vec<_>>().join(", ");
            let twice = grains.iter().enumerate().find(|(n, grain)| grains[..*n].contains(grain));
            if let Some((_, grain)) = twice {
                let remedy = format!("{} is named twice; name each grain once", grain.name());
                return Err(error(name, format!("[{}]", names()), remedy));
            }
        }
        Ok(())
    }

    fn validate_keep(&self) -> Result<()> {
        let names_nothing = match &self.keep {
            Keep::Source(names) => names.is_empty(),
            Keep::Field(name) => name.is_empty(),
            Keep::Earliest | Keep::Latest | Keep::Longest | Keep::First => false,
        };
        ensure(!names_nothing, "keep", &self.keep, || "a name must follow the colon".into())
    }

    fn validate_candidates(&self) -> Result<()> {
        let default = Params::default();
        at_least(1, "shingle", self.shingle, default.shingle)?;
        let (given, default) = (&self.fingerprints, &default.fingerprints);
        at_least(1, "fingerprints.window", given.window, default.window)?;
        at_least(2, "fingerprints.full_list", given.full_list, default.full_list)?;
        at_least(1, "fingerprints.least_shared", given.least_shared as usize, default.least_shared as usize)?;
        share("fingerprints.least_share", given.least_share, default.least_share)?;
        let default = Params::default().rewordings;
        let given = &self.rewordings;
        // No bands: rewordings are not looked for.
        if given.bands > 0 {
            at_least(1, "rewordings.rows", given.rows, default.rows)?;
            at_least(2, "rewordings.full_bucket", given.full_bucket, default.full_bucket)?;
        }
        let values = given.bands.checked_mul(given.rows);
        ensure(values.is_some_and(|n| n <= MAX_SIGNATURE_VALUES), "rewordings.bands", given.bands, || {
            let (bands, rows) = (default.bands, default.rows);
            format!(
                "times {} rows it is more than {MAX_SIGNATURE_VALUES}; the default is {bands} of {rows}",
                given.rows
            )
        })
    }
}

/// Checks the thresholds one by one, and against each other where one relies on another.
fn validate_thresholds(given: &Thresholds) -> Result<()> {
    let default = Thresholds::default();
    macro_rules! check {
        ($check:ident: $($field:ident)*) => {
            $($check(concat!("verify.", stringify!($field)), given.$field, default.$field)?;)*
        };
    }
    check!(share: copy_weight copy_shingles copy_unexplained_share titles_agree same_source_title same_source_unexplained_share excerpt_length);
    check!(share: reworded_weight reworded_clauses reworded_relief titles_same reworded_beyond_background);
    check!(share: statement_weight statement_weight_within statement_beyond_quotes statement_clauses statement_best);
    check!(mass: copy_evidence evidence_mass evidence_titles reworded_evidence);
    check!(mass: copy_mass same_source_mass notice_mass strange_notice_mass statement_mass);
    macro_rules! order {
        ($($less:ident $sign:tt $more:ident;)*) => {
            $(ensure(given.$less $sign given.$more, concat!("verify.", stringify!($less)), given.$less, || {
                let (sign, more) = (stringify!($sign), stringify!($more));
                format!("it must be {sign} verify.{more}, which is {}", given.$more)
            })?;)*
        };
    }
    order! {
        // Pairs that reach none of the lower ones are not looked at for the higher ones.
        reworded_weight <= copy_weight;
        statement_weight_within <= statement_weight;
    }
    Ok(())
}

fn ensure(fine: bool, name: &'static str, value: impl ToString, remedy: impl Fn() -> String) -> Result<()> {
    if fine { Ok(()) } else { Err(error(name, value.to_string(), remedy())) }
}

fn error(name: &'static str, value: String, remedy: String) -> Error {
    Error::Parameter { name, value, remedy }
}

fn at_least(least: usize, name: &'static str, given: usize, default: usize) -> Result<()> {
    ensure(given >= least, name, given, || format!("it must be at least {least}; the default is {default}"))
}

fn share(name: &'static str, given: f32, default: f32) -> Result<()> {
    let fine = (0.0..=1.0).contains(&given);
    ensure(fine, name, given, || format!("it must be a share from 0 to 1; the default is {default}"))
}

fn mass(name: &'static str, given: f32, default: f32) -> Result<()> {
    let fine = given >= 0.0 && given.is_finite();
    ensure(fine, name, given, || format!("it must be a number of rare words, not negative; the default is {default}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns the default parameters with another value at a place such as `/verify/copy_mass`.
    fn with(place: &str, value: Value) -> Params {
        let mut params = serde_json::to_value(Params::default()).unwrap();
        *params.pointer_mut(place).unwrap() = value;
        serde_json::from_value(params).unwrap()
    }

    fn refused(place: &str, value: Value) -> String {
        with(place, value).validate().expect_err(place).to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        Params::default().validate().unwrap();
    }

    #[test]
    fn mistakes_are_told_with_name_value_and_remedy() {
        let cases = [
            (
                "/grains",
                json!([]),
                "grains = []: there is nothing to compare; name some of document, paragraph, sentence",
            ),
            (
                "/across",
                json!(["document", "sentence", "document"]),
                "across = [document, sentence, document]: document is named twice; name each grain once",
            ),
            ("/shingle", json!(0), "shingle = 0: it must be at least 1; the default is 3"),
            ("/fingerprints/window", json!(0), "fingerprints.window = 0: it must be at least 1; the default is 4"),
            (
                "/fingerprints/full_list",
                json!(1),
                "fingerprints.full_list = 1: it must be at least 2; the default is 64",
            ),
            ("/rewordings/rows", json!(0), "rewordings.rows = 0: it must be at least 1; the default is 3"),
            (
                "/rewordings/bands",
                json!(usize::MAX),
                &format!(
                    "rewordings.bands = {}: times 3 rows it is more than 65536; the default is 32 of 3",
                    usize::MAX
                ),
            ),
            (
                "/verify/reworded_weight",
                json!(0.75),
                "verify.reworded_weight = 0.75: it must be <= verify.copy_weight, which is 0.5",
            ),
            (
                "/verify/copy_mass",
                json!(-0.5),
                "verify.copy_mass = -0.5: it must be a number of rare words, not negative; the default is 3.5",
            ),
        ];
        for (place, value, said) in cases {
            assert_eq!(refused(place, value), said);
        }
        let nobody = Params { keep: Keep::Source(Vec::new()), ..Params::default() };
        assert_eq!(nobody.validate().unwrap_err().to_string(), "keep = source:: a name must follow the colon");
        Params { rewordings: crate::Bands { bands: 0, rows: 0, full_bucket: 0 }, ..Params::default() }
            .validate()
            .unwrap();
    }

    #[test]
    fn every_threshold_is_checked() {
        let all = serde_json::to_value(Thresholds::default()).unwrap();
        for (name, value) in all.as_object().unwrap().iter().filter(|(_, value)| value.is_f64()) {
            let place = format!("/verify/{name}");
            assert!(refused(&place, json!(-1.0)).starts_with(&format!("verify.{name} = -1: ")), "{value}");
        }
        let mut params = Params::default();
        params.thresholds.copy_weight = f32::NAN;
        assert!(params.validate().unwrap_err().to_string().starts_with("verify.copy_weight = NaN: "));
    }
}
