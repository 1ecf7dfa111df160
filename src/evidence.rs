//! The results of a run as evidence for verdicts.

use crate::judge::{Evidence, LikelySource, Origins, likely_source, times};
use crate::{Documents, Found, UnitId};

impl Found {
    /// Returns what [`judge::verdicts`](crate::judge::verdicts) needs. `documents` are those of the run.
    pub fn evidence<'a>(&'a self, documents: impl Into<Documents<'a>>) -> Evidence<'a> {
        let documents = documents.into();
        let Found { units, matches, clusters, asides, stuffed, .. } = self;
        Evidence { documents, units, matches, clusters, asides, stuffed }
    }

    /// Returns for each match which of its texts is likely the source of the other, if anything shows it. `documents` are those
    /// of the run.
    pub fn likely_sources<'a>(&self, documents: impl Into<Documents<'a>>) -> Vec<Option<LikelySource>> {
        let documents = documents.into();
        let published = times(documents);
        let origins = |unit: UnitId| {
            let unit = self.unit(unit);
            let document = unit.document.index();
            Origins {
                source: documents.head(document).source,
                agency: self.agencies.first(document),
                published: published[document],
                words: unit.word_count(),
            }
        };
        self.matches.iter().map(|tie| likely_source(tie.verified.kind, origins(tie.a), origins(tie.b))).collect()
    }
}
