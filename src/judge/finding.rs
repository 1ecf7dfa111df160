//! Findings: what is reported about a document or a piece of one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Grain, Span};

macro_rules! rules {
    ($($variant:ident $code:literal $doc:literal;)*) => {
        /// The rule of a finding. Codes are stable: ledgers, baselines and settings contain them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $(#[doc = $doc] #[serde(rename = $code)] $variant,)*
        }

        impl Rule {
            /// Every rule, by code.
            pub const ALL: &[Rule] = &[$(Rule::$variant),*];

            /// Returns the code, such as `FL101`.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$variant => $code),* }
            }

            /// Returns what it finds, in a few words.
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
    Emptied "FL206" "empty after removal";
    RepeatedItem "FL301" "repeated item id";
    ChangedItem "FL302" "changed item under the same id";
    KeywordStuffing "FL303" "keyword stuffing";
    Template "FL304" "template with other facts";
}

/// The action that a finding asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is removed from the output. The ledger contains it.
    Removed,
    /// It stays where it is. The ledger contains it.
    Marked,
}

/// A verdict on one piece of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Index of the document in the run.
    pub document: usize,
    /// The piece, in bytes of the document's text.
    pub span: Span,
    /// Whether the piece is the whole document, so that removing it drops the record.
    pub whole: bool,
    /// The size of the texts that were compared; `None` for boilerplate.
    pub grain: Option<Grain>,
    /// The rule that it falls under.
    pub rule: Rule,
    /// Whether the piece is removed or marked.
    pub action: Action,
    /// The confidence in the finding, 0 to 1: the similarity of duplicates, the strength of evidence for boilerplate.
    pub score: f32,
    /// The copy that is kept: the index of its document, and the piece of it.
    pub kept: Option<(usize, Span)>,
    /// The reason, in a sentence for people.
    pub reason: Cow<'static, str>,
}

impl Finding {
    /// Returns whether it drops its document as a whole.
    pub fn drops(&self) -> bool {
        self.whole && self.action == Action::Removed
    }
}
