//! Matches -> clusters.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use flong::cluster::{ClusterId, Graph, stars};
use flong::verify::{Kind, Verified};
use flong::{Result, Unit};

use super::batch::{Column, Rows, batch, bytes, floats, get, ints, longs, texts};
use super::portrait::decode;
use super::step::{Setting, Step};

/// Columns of the edges: matches whose first unit comes before the second in the order of units. The orders are bytes that
/// order as units do.
pub const EDGES: &[Column] = &[
    ("first", "long"),
    ("first_piece", "int"),
    ("first_unit", "binary"),
    ("first_start", "int"),
    ("first_end", "int"),
    ("first_order", "binary"),
    ("second", "long"),
    ("second_piece", "int"),
    ("second_unit", "binary"),
    ("second_start", "int"),
    ("second_end", "int"),
    ("second_order", "binary"),
    ("graph", "int"),
    ("grain", "string"),
    ("looseness", "int"),
    ("kind", "string"),
    ("jaccard", "float"),
    ("containment", "float"),
    ("weighted", "float"),
    ("aligned", "float"),
    ("score", "float"),
    ("verified", "binary"),
];

/// A unit of a match in the order of units.
struct End {
    document: i64,
    piece: i32,
    encoded: Vec<u8>,
    unit: Unit,
    order: Vec<u8>,
}

/// Puts the units of matches in order. Takes matches, with how far each unit is put back, and the ranks of their documents.
pub struct Orient;

impl Orient {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Orient))
    }
}

/// Returns bytes that order as units do.
fn order(back: i64, rank: i64, unit: &Unit) -> Vec<u8> {
    let mut order = back.to_be_bytes()[4..].to_vec();
    order.extend(rank.to_be_bytes());
    order.extend(unit.span.start.to_be_bytes());
    order.extend(unit.span.end.to_be_bytes());
    order
}

impl Step for Orient {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let verified = of.bytes("verified")?;
        let end = |side: &str| -> Result<Vec<End>> {
            let name = |what: &str| format!("{side}{what}");
            let (documents, pieces) = (of.longs(side)?, of.ints(&name("_piece"))?);
            let (units, back, ranks) =
                (of.bytes(&name("_unit"))?, of.longs(&name("_back"))?, of.longs(&name("_rank"))?);
            let end = |row: usize| {
                let unit: Unit = decode(units.value(row))?;
                let order = order(get!(back, row).unwrap_or_default(), ranks.value(row), &unit);
                let (document, piece) = (documents.value(row), pieces.value(row));
                Ok(End { document, piece, encoded: units.value(row).to_vec(), unit, order })
            };
            (0..rows.num_rows()).map(end).collect()
        };
        let pairs = end("a")?.into_iter().zip(end("b")?);
        let pairs: Vec<(End, End)> = pairs.map(|(a, b)| if b.order < a.order { (b, a) } else { (a, b) }).collect();
        let found: Vec<Verified> =
            (0..rows.num_rows()).map(|row| decode(verified.value(row))).collect::<Result<_>>()?;
        let mut columns = Vec::with_capacity(EDGES.len());
        for side in [|pair: &(End, End)| -> &End { &pair.0 } as fn(&(End, End)) -> &End, |pair| &pair.1] {
            let ends = || pairs.iter().map(side);
            columns.push(longs(ends().map(|end| end.document)));
            columns.push(ints(ends().map(|end| end.piece)));
            columns.push(bytes(ends().map(|end| Some(&end.encoded))));
            columns.push(ints(ends().map(|end| end.unit.span.start as i32)));
            columns.push(ints(ends().map(|end| end.unit.span.end as i32)));
            columns.push(bytes(ends().map(|end| Some(&end.order))));
        }
        columns.push(ints(found.iter().map(|found| Graph::of(found.kind) as i32)));
        columns.push(texts(pairs.iter().map(|(first, _)| Some(first.unit.grain.name()))));
        columns.push(ints(found.iter().map(|found| found.kind as i32)));
        columns.push(texts(found.iter().map(|found| Some(found.kind.name()))));
        columns.push(floats(found.iter().map(|found| found.measures.jaccard)));
        columns.push(floats(found.iter().map(|found| found.measures.containment)));
        columns.push(floats(found.iter().map(|found| found.measures.weighted_containment)));
        columns.push(floats(found.iter().map(|found| found.aligned)));
        columns.push(floats(found.iter().map(|found| found.score)));
        columns.push(bytes((0..rows.num_rows()).map(|row| Some(verified.value(row)))));
        batch(EDGES, columns).map(Some)
    }
}

/// Columns of the units that lead no star since one that does matches them.
pub const TAKEN: &[Column] = &[("document", "long"), ("piece", "int")];

type Node = (i64, i32);

/// Covers a graph with stars that is small enough to be held. Takes all edges between units that may lead.
#[derive(Default)]
pub struct Stars {
    nodes: HashMap<Node, u32>,
    /// Of each node, its order.
    orders: Vec<(Vec<u8>, Node)>,
    edges: Vec<(u32, u32)>,
}

impl Stars {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Stars::default()))
    }
}

impl Step for Stars {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let mut ends = Vec::with_capacity(2);
        for side in ["first", "second"] {
            let (documents, pieces) = (of.longs(side)?, of.ints(&format!("{side}_piece"))?);
            let orders = of.bytes(&format!("{side}_order"))?;
            let node = |row: usize| {
                let node = (documents.value(row), pieces.value(row));
                *self.nodes.entry(node).or_insert_with(|| {
                    self.orders.push((orders.value(row).to_vec(), node));
                    self.orders.len() as u32 - 1
                })
            };
            ends.push((0..rows.num_rows()).map(node).collect::<Vec<u32>>());
        }
        self.edges.extend(ends[0].iter().copied().zip(ends[1].iter().copied()));
        Ok(None)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let mut by_order: Vec<u32> = (0..self.orders.len() as u32).collect();
        by_order.sort_unstable_by(|&a, &b| self.orders[a as usize].cmp(&self.orders[b as usize]));
        let mut ranks = vec![0; by_order.len()];
        by_order.iter().zip(0..).for_each(|(&node, rank)| ranks[node as usize] = rank);
        let mut leads = vec![false; ranks.len()];
        stars(&self.edges, &ranks, |_| true).iter().for_each(|star| leads[star.representative as usize] = true);
        let taken = || self.orders.iter().zip(&leads).filter(|(_, leads)| !**leads).map(|(node, _)| node.1);
        let columns = vec![longs(taken().map(|node| node.0)), ints(taken().map(|node| node.1))];
        Ok(vec![batch(TAKEN, columns)?])
    }
}

/// Columns of the clusters' ids.
pub const NAMED: &[Column] = &[("lead", "long"), ("lead_piece", "int"), ("graph_class", "int"), ("cluster", "string")];

/// Returns the ids of clusters. Takes their representatives, with the ids of their documents.
pub struct Named;

impl Named {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Named))
    }
}

impl Step for Named {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (leads, pieces, units) = (of.longs("lead")?, of.ints("lead_piece")?, of.bytes("lead_unit")?);
        let (classes, names) = (of.ints("graph_class")?, of.texts("lead_id")?);
        let id = |row: usize| -> Result<Option<String>> {
            let unit: Unit = decode(units.value(row))?;
            let of_templates = classes.value(row) == Graph::of(Kind::Template) as i32;
            Ok(Some(ClusterId::new(names.value(row), unit.span, unit.grain, of_templates).to_string()))
        };
        let ids: Vec<Option<String>> = (0..rows.num_rows()).map(id).collect::<Result<_>>()?;
        batch(NAMED, vec![longs(leads.iter()), ints(pieces.iter()), ints(classes.iter()), texts(ids)]).map(Some)
    }
}
