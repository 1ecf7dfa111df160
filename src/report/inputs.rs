//! The inputs of a run, to be read again.

use super::Folder;
use crate::read::{Discovery, Input, discover_as, path_of};
use crate::write::{Originals, originals};
use crate::{Error, Result};

/// The inputs of a run, as they can be read now.
#[derive(Debug)]
pub struct Inputs {
    /// The inputs, in the order of the run and under the names that they had in it.
    pub inputs: Vec<Input>,
    /// Restored inputs, which go when this is dropped.
    _originals: Option<Originals>,
}

impl Folder {
    /// Finds the inputs of the run: those that `clean` read are restored from what it wrote, into a temporary folder; others,
    /// and those of `find`, are read where they were.
    ///
    /// # Errors
    /// If an input is no longer there.
    pub fn originals(&self, how: &Discovery) -> Result<Inputs> {
        let restored = if self.is_cleaned() { Some(originals(self.path())?) } else { None };
        let find = |name: &String| {
            let known = restored.iter().flat_map(|restored| &restored.inputs).find(|input| input.name == *name);
            known.map_or_else(|| self.named(name, how), |input| Ok(input.clone()))
        };
        Ok(Inputs { inputs: self.inputs().iter().map(find).collect::<Result<_>>()?, _originals: restored })
    }

    /// Takes other inputs for those of the run, one for each: the originals, moved.
    ///
    /// # Errors
    /// If they are not as many.
    pub fn moved(&self, inputs: Vec<Input>) -> Result<Inputs> {
        let (then, now) = (self.inputs().len(), inputs.len());
        if then != now {
            let shown = self.path().display();
            return Err(Error::Usage(format!(
                "--input names {now} inputs, and the run of {shown} read {then}; name all of them"
            )));
        }
        let rename = |(input, name): (Input, &String)| Input { name: name.clone(), ..input };
        Ok(Inputs { inputs: inputs.into_iter().zip(self.inputs()).map(rename).collect(), _originals: None })
    }

    /// Finds an input where it was.
    fn named(&self, name: &str, how: &Discovery) -> Result<Input> {
        let path = path_of(name);
        let gone = || {
            let shown = self.path().display();
            Error::Usage(format!(
                "{name}, which the run of {shown} read, is not there; name the originals with --input"
            ))
        };
        if !path.is_file() {
            return Err(gone());
        }
        let mut found = discover_as(&[path], how)?;
        let input = found.inputs.pop().ok_or_else(gone)?;
        Ok(Input { name: name.to_owned(), ..input })
    }
}
