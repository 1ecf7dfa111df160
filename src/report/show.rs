//! One cluster with its texts.

use std::collections::BTreeSet;

use super::Folder;
use super::folder::{ClusterLine, MemberLine};
use super::shown::Ids;
use crate::pipeline::load_by_parts;
use crate::read::{Input, ReadOptions};
use crate::verify::Kind;
use crate::{Document, Error, Grain, Result, Span};

/// A cluster with the texts of its members.
#[derive(Debug, Clone)]
pub struct ShownCluster {
    /// Its id.
    pub id: String,
    /// The grain of its members.
    pub grain: Grain,
    /// The kind of its loosest match.
    pub kind: Kind,
    /// The lowest score of its matches.
    pub least_similarity: f32,
    /// The members that are in the inputs, the representative first.
    pub members: Vec<ShownMember>,
}

/// A member of a cluster.
#[derive(Debug, Clone)]
pub struct ShownMember {
    /// Its document.
    pub document: Document,
    /// Its piece of the text.
    pub span: Span,
    /// Its match with the representative; `None` for the representative itself.
    pub matched: Option<(Kind, f32)>,
}

impl ShownMember {
    /// Returns its text.
    pub fn text(&self) -> &str {
        self.span.of(&self.document.text)
    }
}

impl Folder {
    /// Reads the texts of a cluster, which is named by its id or the beginning of it.
    ///
    /// # Errors
    /// If there is no such cluster, or more than one, or an input cannot be read.
    pub fn show(&self, id: &str, inputs: Vec<Input>, options: &ReadOptions) -> Result<ShownCluster> {
        let line = self.cluster(id)?;
        let members = &line.members;
        let named = members.iter().map(|member| &*member.document).collect();
        let documents = self.documents(&named, inputs, options)?;
        let lengths: Vec<u32> = documents.iter().map(|document| document.text.len() as u32).collect();
        let ids = Ids::new(&documents, &lengths);
        let matched = self.matched(&line)?;
        let mut taken = Vec::new();
        let mut shown = Vec::new();
        for (member, matched) in members.iter().zip(matched) {
            let used: &[u32] = if line.grain == Grain::Document { &taken } else { &[] };
            let Some(number) = ids.find(&member.document, member.start, member.end, used) else { continue };
            taken.push(number);
            let span = Span { start: member.start, end: member.end };
            shown.push(ShownMember { document: documents[number as usize].clone(), span, matched });
        }
        let ClusterLine { cluster: id, grain, kind, least_similarity, .. } = line;
        Ok(ShownCluster { id, grain, kind, least_similarity, members: shown })
    }

    /// Reads the documents with these ids, in the order of the inputs.
    ///
    /// # Errors
    /// If an input cannot be read.
    pub fn documents(&self, ids: &BTreeSet<&str>, inputs: Vec<Input>, options: &ReadOptions) -> Result<Vec<Document>> {
        let mut documents = Vec::new();
        load_by_parts(inputs, self.fields(), options, |part, _| {
            documents.extend(part.into_iter().filter(|document| ids.contains(&*document.id)));
            Ok(())
        })?;
        Ok(documents)
    }

    /// Reads the cluster with this id, or whose id begins so.
    fn cluster(&self, id: &str) -> Result<ClusterLine> {
        let mut clusters = self.clusters()?;
        let shown = self.path().display();
        if let Some(exact) = clusters.iter().position(|cluster| cluster.cluster == id) {
            return Ok(clusters.swap_remove(exact));
        }
        let like: Vec<usize> =
            (0..clusters.len()).filter(|&n| !id.is_empty() && clusters[n].cluster.starts_with(id)).collect();
        match like[..] {
            [only] => Ok(clusters.swap_remove(only)),
            [first, second, ..] => {
                let (n, [first, second]) = (like.len(), [first, second].map(|n| &clusters[n].cluster));
                let why =
                    format!("{shown}: {n} clusters begin with {id}, such as {first} and {second}; give more of the id");
                Err(Error::Usage(why))
            }
            [] => {
                let first = clusters.first().map_or("none", |cluster| &cluster.cluster);
                Err(Error::Usage(format!("{shown}: has no cluster {id}; the first of its clusters is {first}")))
            }
        }
    }

    /// Reads how each member of a cluster matches the representative, which is the first.
    fn matched(&self, line: &ClusterLine) -> Result<Vec<Option<(Kind, f32)>>> {
        let mut matched = vec![None; line.members.len()];
        self.each_match(|found| {
            if found.cluster.as_deref() != Some(&*line.cluster) {
                return;
            }
            for piece in [&found.a, &found.b] {
                let is = |member: &MemberLine| {
                    (&*member.document, member.start, member.end) == (&*piece.document, piece.start, piece.end)
                };
                if let Some(n) = line.members.iter().position(is).filter(|n| *n > 0) {
                    matched[n] = Some((found.kind, found.score));
                }
            }
        })?;
        Ok(matched)
    }
}
