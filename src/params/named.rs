//! Parameters by their names, as options and settings give them.

use serde_json::Value;

use super::Params;

/// The parts of [`Params`] whose values are numbers or switches.
const PARTS: [&str; 5] = ["shingle", "set_aside", "fingerprints", "rewordings", "verify"];

impl Params {
    /// Returns the names of all parameters that are numbers or switches, such as `shingle` and `verify.copy_weight`, in the
    /// order of the parts of [`Params`] and of the alphabet.
    pub fn names() -> Vec<String> {
        let all = value_of(&Params::default());
        let mut names = Vec::new();
        for part in PARTS {
            match &all[part] {
                Value::Object(fields) => names.extend(fields.keys().map(|field| format!("{part}.{field}"))),
                _ => names.push(part.to_owned()),
            }
        }
        names
    }

    /// Returns the value of a parameter by its name, as text; `None` if there is no such parameter.
    pub fn get(&self, name: &str) -> Option<String> {
        let all = value_of(self);
        at(&all, name).filter(|value| value.is_number() || value.is_boolean()).map(|value| match value.as_f64() {
            // A share is a number of 32 bits, which has fewer digits than one of 64.
            Some(number) if value.is_f64() => (number as f32).to_string(),
            _ => value.to_string(),
        })
    }

    /// Checks that there is a parameter of this name. The error names the one that was likely meant.
    pub fn check_name(name: &str) -> Result<(), String> {
        Params::default().get(name).map(|_| ()).ok_or_else(|| unknown(name))
    }

    /// Sets a parameter by its name. An error says what is wrong with the name or the value.
    ///
    /// ```
    /// use flong::Params;
    /// let mut params = Params::default();
    /// params.set("verify.copy_weight", "0.8")?;
    /// assert_eq!(params.thresholds.copy_weight, 0.8);
    /// assert_eq!(params.get("verify.copy_weight").as_deref(), Some("0.8"));
    /// let error = params.set("verify.copy_wait", "0.8").unwrap_err();
    /// assert!(error.ends_with("did you mean `verify.copy_weight`?"), "{error}");
    /// # Ok::<(), String>(())
    /// ```
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let mut all = value_of(self);
        let place = at(&all, name).filter(|value| value.is_number() || value.is_boolean());
        let Some(old) = place else { return Err(unknown(name)) };
        let (wanted, new) = match old {
            Value::Bool(_) => ("true or false", value.parse().ok().map(Value::Bool)),
            old if old.is_f64() => ("a number", value.parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from)),
            _ => ("a whole number", value.parse::<u64>().ok().map(Value::from)),
        };
        let wrong = || format!("{name} = {value}: it must be {wanted}");
        let pointer = format!("/{}", name.replace('.', "/"));
        if let Some(place) = all.pointer_mut(&pointer) {
            *place = new.ok_or_else(wrong)?;
        }
        let own = (std::mem::take(&mut self.own), std::mem::take(&mut self.input_ranks));
        let changed = serde_json::from_value::<Params>(all).map_err(|_| wrong());
        (self.own, self.input_ranks) = own;
        let changed = changed?;
        *self = Params {
            own: std::mem::take(&mut self.own),
            input_ranks: std::mem::take(&mut self.input_ranks),
            ..changed
        };
        Ok(())
    }
}

fn value_of(params: &Params) -> Value {
    serde_json::to_value(params).unwrap_or_default()
}

fn at<'v>(all: &'v Value, name: &str) -> Option<&'v Value> {
    let part = name.split('.').next()?;
    if PARTS.contains(&part) { all.pointer(&format!("/{}", name.replace('.', "/"))) } else { None }
}

fn unknown(name: &str) -> String {
    let names = Params::names();
    let nearest = crate::nearest::nearest(name, names.iter().map(String::as_str));
    let meant =
        nearest.map_or("`flong find --show-params` lists them".into(), |name| format!("did you mean `{name}`?"));
    format!("there is no parameter `{name}`; {meant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_read_and_set() {
        let names = Params::names();
        assert!(names.len() > 30 && names[0] == "shingle", "{names:?}");
        for name in &names {
            let mut params = Params::default();
            let value = params.get(name).unwrap();
            params.set(name, &value).unwrap();
            assert_eq!(params, Params::default(), "{name} = {value}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let set = |name: &str, value: &str| Params::default().set(name, value).unwrap_err();
        assert_eq!(set("shingle", "2.5"), "shingle = 2.5: it must be a whole number");
        assert_eq!(set("verify.copy_weight", "much"), "verify.copy_weight = much: it must be a number");
        assert_eq!(set("set_aside", "1"), "set_aside = 1: it must be true or false");
        assert_eq!(set("keep", "first"), "there is no parameter `keep`; `flong find --show-params` lists them");
        assert_eq!(set("verify", "1"), "there is no parameter `verify`; `flong find --show-params` lists them");
        assert!(set("shingel", "3").ends_with("did you mean `shingle`?"));
        assert_eq!(
            set("verify.copy_unexplained", "99999999999"),
            "verify.copy_unexplained = 99999999999: it must be a whole number"
        );
    }
}
