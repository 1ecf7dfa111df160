//! The parameters that settings give by their names.

use super::Config;
use crate::error::Error;
use crate::{Params, Result};

impl Config {
    /// Sets a parameter by its name, such as `verify.copy_weight`, as the option `--set` does. An error says what is wrong with
    /// the name or the value.
    ///
    /// ```
    /// use flong::config::{Config, Settings};
    /// let mut config = Config::default();
    /// config.set("verify.copy_weight", "0.8")?;
    /// let params = Settings::new(config, None)?.params()?;
    /// assert_eq!(params.thresholds.copy_weight, 0.8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let name = name.replace('-', "_");
        // A value that a run cannot use is reported here, with the name.
        Params::default().set(&name, value)?;
        let number = || value.parse::<f64>().map_err(|_| format!("{name} = {value}: it must be a number"));
        match name.split_once('.') {
            Some(("fingerprints", field)) => drop(self.fingerprints.insert(field.to_owned().try_into()?, number()?)),
            Some(("rewordings", field)) => drop(self.rewordings.insert(field.to_owned().try_into()?, number()?)),
            Some((_, field)) => drop(self.verify.insert(field.to_owned().try_into()?, number()?)),
            None if name == "shingle" => self.shingle = value.parse().ok(),
            None => self.set_aside = value.parse().ok(),
        }
        Ok(())
    }

    /// Returns settings that give every parameter by its name, as these parameters have it.
    pub(super) fn of_params(params: &Params) -> Config {
        let mut config = Config::default();
        for name in Params::names() {
            let value = params.get(&name).unwrap_or_default();
            config.set(&name, &value).expect("a parameter can be set to the value that it has");
        }
        config
    }

    /// Sets the parameters that are given by their names.
    pub(super) fn apply(&self, params: &mut Params) -> Result<()> {
        let fingerprints = self.fingerprints.iter().map(|(name, value)| (name.in_full(), value));
        let rewordings = self.rewordings.iter().map(|(name, value)| (name.in_full(), value));
        let verify = self.verify.iter().map(|(name, value)| (name.in_full(), value));
        for (name, value) in fingerprints.chain(rewordings).chain(verify) {
            params.set(&name, &value.to_string()).map_err(Error::Usage)?;
        }
        params.shingle = self.shingle.unwrap_or(params.shingle);
        params.set_aside = self.set_aside.unwrap_or(params.set_aside);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn every_parameter_can_be_set_by_its_name() {
        for name in Params::names() {
            let mut config = Config::default();
            let default = Params::default().get(&name).unwrap();
            let other = match default.as_str() {
                "true" => "false".to_owned(),
                number if number.contains('.') => (number.parse::<f64>().unwrap() * 0.9).to_string(),
                number => (number.parse::<u64>().unwrap() + 1).to_string(),
            };
            config.set(&name, &other).unwrap();
            let mut params = Params::default();
            config.apply(&mut params).unwrap();
            let set: f64 = params.get(&name).unwrap().parse().unwrap_or(0.0);
            assert!((set - other.parse().unwrap_or(0.0)).abs() < 1e-6, "{name} = {other}: {set}");
            assert_ne!(params, Params::default(), "{name}");
        }
    }

    #[test]
    fn options_count_before_the_file_one_by_one() {
        let with = |sets: &[(&str, &str)]| {
            let mut config = Config::default();
            sets.iter().for_each(|(name, value)| config.set(name, value).unwrap());
            config
        };
        let over = with(&[("verify.copy-weight", "0.6")])
            .over(with(&[("verify.copy_weight", "0.7"), ("verify.copy_mass", "4")]));
        let params = Settings::new(over, None).unwrap().params().unwrap();
        assert_eq!((params.thresholds.copy_weight, params.thresholds.copy_mass), (0.6, 4.0));
        let wrong = Settings::new(with(&[("verify.copy_weight", "7")]), None).unwrap().params();
        assert!(wrong.unwrap_err().to_string().starts_with("verify.copy_weight = 7: it must be a share"));
    }
}
