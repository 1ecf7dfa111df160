//! What a run found, as the evidence that verdicts rest on.

use crate::judge::Evidence;
use crate::{Document, Found};

impl Found {
    /// Returns what [`judge::verdicts`](crate::judge::verdicts) needs. `documents` are those of the run.
    pub fn evidence<'a>(&'a self, documents: &'a [Document]) -> Evidence<'a> {
        let Found { units, matches, clusters, asides, stuffed, .. } = self;
        Evidence { documents, units, matches, clusters, asides, stuffed }
    }
}
