//! Estimates of the time and room that a run takes.

use super::inputs::{Inputs, discover, text_bytes};
use crate::config::Settings;
use crate::pipeline::{self, Estimate};
use crate::{Error, Result};

/// Estimates from a sample what [`find`](super::find) and [`clean`](super::clean) will take for the inputs.
///
/// # Errors
/// If settings or inputs cannot be used, or if an input can be read only once.
pub fn estimate(inputs: &Inputs, settings: &Settings) -> Result<Estimate> {
    let found = discover(&inputs.paths, &inputs.discovery, settings)?;
    if let Some(input) = found.inputs.iter().find(|input| input.stored_bytes().is_none()) {
        let message = format!("{}: can be read only once, so there is no sample of it; give files", input.name);
        return Err(Error::Usage(message));
    }
    let engine = inputs.room.engine(text_bytes(&found.inputs));
    pipeline::estimate(&found.inputs, &settings.fields(), &inputs.reading, &settings.params()?, &engine)
}
