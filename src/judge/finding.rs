//! What flong has to say about a piece of a text.

use serde::{Deserialize, Serialize};

use crate::Span;

macro_rules! rules {
    ($($variant:ident $code:literal $doc:literal;)*) => {
        /// The rule behind a finding. Codes are stable: they stand in ledgers, baselines and configurations.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $(#[doc = $doc] #[serde(rename = $code)] $variant,)*
        }

        impl Rule {
            /// Every rule, by code.
            pub const ALL: &[Rule] = &[$(Rule::$variant),*];

            /// The code, such as `FL101`.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$variant => $code),* }
            }

            /// What it finds, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Rule::$variant => $doc),* }
            }
        }
    };
}

rules! {
    ExactDuplicate "FL101" "exact duplicate";
    NearDuplicate "FL102" "near duplicate";
    RewordedDuplicate "FL103" "reworded duplicate";
    Excerpt "FL104" "excerpt of a longer text";
    InsertedLink "FL201" "inserted link";
    CallToAction "FL202" "call to action";
    RepeatedLine "FL203" "repeated line of a source";
    FeedFrame "FL204" "feed frame";
    Credit "FL205" "credit or dateline";
    RepeatedItem "FL301" "repeated item id";
    ChangedItem "FL302" "changed item under the same id";
    KeywordStuffing "FL303" "keyword stuffing";
    Template "FL304" "template with other facts";
}

/// What was done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Taken out of the output; the ledger holds it.
    Removed,
    /// Left where it is and recorded.
    Marked,
}

/// A verdict on one piece of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Index of the document in the run.
    pub document: usize,
    /// The piece, in bytes of its text.
    pub span: Span,
    /// Whether the piece is the whole document, so that removing it drops the record.
    pub whole: bool,
    /// Why.
    pub rule: Rule,
    /// What is to happen.
    pub action: Action,
    /// How sure, 0 to 1: the similarity for duplicates, the strength of evidence for boilerplate.
    pub score: f32,
    /// The copy that stays: index of its document, and the piece of it.
    pub kept: Option<(usize, Span)>,
    /// One sentence for a person.
    pub reason: String,
}
