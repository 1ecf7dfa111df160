//! Why a pair was judged as it was.

use std::collections::BTreeMap;

use super::pairs::Mistake;
use crate::pipeline::Prepared;
use crate::verify::{Refusal, decide, measure, plausible, shared_mass};
use crate::{Document, Params, UnitId};

/// Adds to each mistake the reason for the decision, and to each missed pair how similar the two are, so that the most
/// similar of these come first. `prepared` are the documents of the run, compared as whole documents only.
pub fn explain(mistakes: &mut [Mistake], documents: &[Document], prepared: &Prepared, params: &Params) {
    let numbers: BTreeMap<&str, UnitId> =
        (0..).map(UnitId).zip(documents).map(|(n, document)| (&*document.id, n)).collect();
    for mistake in mistakes.iter_mut() {
        let (Some(&a), Some(&b)) = (numbers.get(&*mistake.a), numbers.get(&*mistake.b)) else { continue };
        let (a, b) = (prepared.text(a), prepared.text(b));
        let mass = shared_mass(a.profile, b.profile);
        let looked_at = plausible(a.profile.mass, b.profile.mass, mass, params.level, &params.thresholds);
        let decided = match looked_at {
            true => decide(a, b, mass, params.level, &params.thresholds),
            false => Err(Refusal::TooLittle),
        };
        match &decided {
            Ok(_) if !mistake.together && mistake.kind.is_none() => {
                mistake.reason = "they would match, but were not proposed, or others match better".into()
            }
            Ok(decision) => mistake.reason = decision.verified.rule.text().into(),
            Err(refusal) if !mistake.together => mistake.reason = refusal.text().into(),
            // They are together by way of the representative, which is said already.
            Err(_) => {}
        }
        if !mistake.together && mistake.kind.is_none() {
            mistake.similarity = measure(a.profile, b.profile, mass).weighted_containment;
        }
    }
    mistakes.sort_by(Mistake::worst_first);
}
