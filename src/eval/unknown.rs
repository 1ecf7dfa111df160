//! Labels of documents that are not there.

use ahash::AHashSet;

use super::labels::Labels;
use crate::Document;
use crate::nearest::nearest;

impl Labels {
    /// Takes out the labels that name documents which are not among these, and returns how many there were. If that leaves
    /// no labels, the error names the line of the first, and the id that was likely meant.
    pub fn retain_known(&mut self, documents: &[Document]) -> Result<usize, String> {
        let there: AHashSet<&str> = documents.iter().map(|document| &*document.id).collect();
        let mut first: Option<(u64, String)> = None;
        let mut unknown = 0;
        let mut keep = |line: u64, ids: &[&str]| {
            let missing = ids.iter().find(|id| !there.contains(*id));
            if let Some(id) = missing {
                unknown += 1;
                first.get_or_insert((line, (*id).to_owned()));
            }
            missing.is_none()
        };
        match self {
            Labels::Pairs(pairs) => pairs.retain(|pair| keep(pair.line, &[&pair.a, &pair.b])),
            Labels::Clusters(members) => members.retain(|member| keep(member.line, &[&member.id])),
            Labels::Spans(spans) => spans.retain(|span| keep(span.line, &[&span.id])),
        }
        match first {
            Some((line, id)) if self.is_empty() => {
                let ids = documents.iter().map(|document| &*document.id);
                let meant = nearest(&id, ids).map_or(String::new(), |id| format!("; is `{id}` meant?"));
                Err(format!("{line}: there is no document `{id}` in the input{meant}"))
            }
            _ => Ok(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::TableFormat;

    #[test]
    fn unknown_documents_are_counted_or_an_error() {
        let documents = ["doc-1", "doc-2"].map(|id| Document::new(id, ""));
        let mut labels = Labels::parse("a,b\ndoc-1,doc-2\ndoc-1,x\n", TableFormat::Csv, None).unwrap();
        assert_eq!(labels.retain_known(&documents), Ok(1));
        let mut labels = Labels::parse("a,b\ndoc-1,doc_2\n", TableFormat::Csv, None).unwrap();
        let error = labels.retain_known(&documents).unwrap_err();
        assert_eq!(error, "2: there is no document `doc_2` in the input; is `doc-2` meant?");
    }
}
