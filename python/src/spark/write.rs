//! Clusters -> verdicts -> cleaned texts and the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_schema::{Field, Schema};
use flong::cluster::{Cluster, ClusterId};
use flong::judge::{Action, Evidence, Finding, Policy, Rule, duplicates_among};
use flong::read::Place;
use flong::verify::{Match, Verified};
use flong::write::{LedgerLine, Outcome, edited};
use flong::{Document, DocumentId, Error, Grain, Ragged, Result, Unit, UnitId};
use serde::{Deserialize, Serialize};

use super::batch::{Column, Rows, batch, bytes, floats, get, ints, longs, texts, wrong};
use super::portrait::{decode, encode};
use super::read::{NUMBER, documents};
use super::step::{Setting, Step};
use crate::capsule::Frame;
use crate::rows::Table;
use crate::texts::with_texts;

/// One of two units that match, and its document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Side {
    number: u64,
    piece: u32,
    unit: Unit,
    id: String,
    /// The title of the document, if it says that it is a correction.
    correction: Option<String>,
    /// Whether the document is a duplicate as a whole.
    whole: bool,
}

/// A match that a document is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Tie {
    /// The units, in the order of units.
    sides: [Side; 2],
    verified: Verified,
    /// Which of the two leads the cluster that the match is in, if it is in one.
    lead: Option<u8>,
    /// The graph that it is in, and the place of the member among those of the cluster.
    place: (i32, Vec<u8>),
}

/// Columns of the ties: the document that is judged, and its tie.
pub const TIES: &[Column] = &[("tied", "long"), ("tie", "binary")];

/// Refuses policies that ask for comparisons which no map makes.
fn policy(setting: &Setting) -> Result<Policy<'_>> {
    let base = Policy {
        mark_only: setting.options.others.mark,
        ..setting.options.settings().policy(Policy::cleaning(&setting.params))
    };
    if [Rule::RepeatedItem, Rule::ChangedItem].iter().any(|rule| base.rules.contains(rule)) {
        return Err(Error::Usage("FL301 and FL302 are not found on Spark yet; leave them out".into()));
    }
    Ok(base)
}

fn ties(rows: &RecordBatch) -> Result<Vec<Tie>> {
    let of = Rows(rows);
    let side = |side: &str| -> Result<Vec<Side>> {
        let name = |what: &str| format!("{side}{what}");
        let (numbers, pieces) = (of.longs(side)?, of.ints(&name("_piece"))?);
        let (units, ids, wholes) = (of.bytes(&name("_unit"))?, of.texts(&name("_id"))?, of.flags(&name("_whole"))?);
        let corrections = of.texts(&name("_correction"))?;
        let side = |row: usize| {
            let correction = get!(corrections, row).map(str::to_owned);
            let (number, piece) = (numbers.value(row) as u64, pieces.value(row) as u32);
            let whole = get!(wholes, row).unwrap_or_default();
            Ok(Side { number, piece, unit: decode(units.value(row))?, id: ids.value(row).into(), correction, whole })
        };
        (0..rows.num_rows()).map(side).collect()
    };
    let (leads, graphs, verified) = (of.ints("lead_side")?, of.ints("graph")?, of.bytes("verified")?);
    let orders = [of.bytes("first_order")?, of.bytes("second_order")?];
    let sides = side("first")?.into_iter().zip(side("second")?).enumerate();
    sides
        .map(|(row, (first, second))| {
            let lead = get!(leads, row).map(|side| side as u8);
            let member = orders[usize::from(lead == Some(0))];
            let place = (graphs.value(row), member.value(row).to_vec());
            Ok(Tie { sides: [first, second], verified: decode(verified.value(row))?, lead, place })
        })
        .collect()
}

/// Tells which documents each match is evidence about. Takes edges, with which side leads, and both documents.
pub struct Ties(Arc<Setting>);

impl Ties {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        policy(&setting)?;
        Ok(Box::new(Ties(setting)))
    }
}

impl Step for Ties {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of_all = self.0.params.drop == flong::judge::Drop::All;
        let (mut tied, mut made) = (Vec::new(), Vec::new());
        for tie in ties(rows)? {
            let numbers = [tie.sides[0].number, tie.sides[1].number];
            let about: Vec<u64> = match tie.lead {
                _ if numbers[0] == numbers[1] => vec![numbers[0]],
                Some(_) if of_all => numbers.to_vec(),
                Some(lead) => vec![numbers[1 - usize::from(lead)]],
                None => Vec::new(),
            };
            let bytes = encode(&tie);
            about.into_iter().for_each(|number| {
                tied.push(number as i64);
                made.push(Some(bytes.clone()));
            });
        }
        batch(TIES, vec![longs(tied), bytes(made)]).map(Some)
    }
}

/// Columns of the documents that are duplicates as a whole.
pub const WHOLES: &[Column] = &[("document", "long")];

/// Tells which documents are duplicates as a whole. Takes edges of documents in clusters, with which side leads.
pub struct Wholes(Arc<Setting>);

impl Wholes {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Wholes(setting)))
    }
}

impl Step for Wholes {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let mut wholes = Vec::new();
        for tie in ties(rows)? {
            let ties = [tie];
            let Some(lead) = ties[0].lead.map(usize::from) else { continue };
            let about = ties[0].sides[1 - lead].number;
            let found = Local::of(&Document::default(), about, &ties).judge(&self.0);
            for finding in found.iter().filter(|finding| finding.whole && finding.rule != Rule::Template) {
                wholes.push(ties[0].sides[1 - lead].number as i64);
                // Where no copy is kept, the one that leads goes too.
                if finding.action == Action::Removed && self.0.params.drop == flong::judge::Drop::All {
                    wholes.push(ties[0].sides[lead].number as i64);
                }
            }
        }
        batch(WHOLES, vec![longs(wholes)]).map(Some)
    }
}

/// The evidence about one document.
struct Local {
    documents: Vec<Document>,
    whole: Vec<bool>,
    units: Vec<Unit>,
    matches: Vec<Match>,
    clusters: Vec<Cluster>,
    /// The index of the document that the evidence is about.
    own: usize,
}

impl Local {
    fn of(document: &Document, number: u64, ties: &[Tie]) -> Local {
        let mut sides: BTreeMap<(u64, u32), &Side> = BTreeMap::new();
        sides.extend(ties.iter().flat_map(|tie| &tie.sides).map(|side| ((side.number, side.piece), side)));
        let mut known: BTreeMap<u64, (&str, Option<&str>, bool)> = BTreeMap::new();
        known.extend(sides.values().map(|side| (side.number, (&*side.id, side.correction.as_deref(), side.whole))));
        known.entry(number).or_insert((&document.id, None, false));
        let index = |wanted: u64| known.keys().position(|&number| number == wanted).unwrap_or_default();
        let indices: BTreeMap<u64, DocumentId> = known.keys().copied().zip((0..).map(DocumentId)).collect();
        let own = index(number);
        let documents = known.iter().map(|(&other, &(id, correction, _))| match other == number {
            true => Document { id: id.into(), ..document.clone() },
            false => {
                let provenance = Place { input: 0, record: other }.into();
                Document { title: correction.map(Into::into), provenance, ..Document::new(id, "") }
            }
        });
        let units: BTreeMap<(u64, u32), UnitId> = sides.keys().copied().zip((0..).map(UnitId)).collect();
        let unit = |side: &Side| units[&(side.number, side.piece)];
        let matches: Vec<Match> = ties
            .iter()
            .map(|tie| {
                let [a, b] = [0, 1].map(|side| unit(&tie.sides[side]));
                Match { a, b, verified: tie.verified, cluster: None }
            })
            .collect();
        Local {
            documents: documents.collect(),
            whole: known.values().map(|(.., whole)| *whole).collect(),
            units: sides.values().map(|side| Unit { document: indices[&side.number], ..side.unit }).collect(),
            clusters: clusters(ties, unit),
            matches,
            own,
        }
    }

    /// Returns the verdicts on the copies of the document.
    fn judge(&self, setting: &Setting) -> Vec<Finding> {
        let Local { documents, units, matches, clusters, .. } = self;
        let evidence = Evidence {
            documents: documents.into(),
            units,
            matches,
            clusters,
            asides: &Ragged::default(),
            stuffed: &Ragged::default(),
        };
        let mut found = duplicates_among(&evidence, self.whole.clone(), &setting.params);
        found.retain(|finding| finding.document == self.own);
        found
    }
}

/// The members of a cluster: the tie of each with the representative, its unit, and the index of the tie.
type Members<'t> = Vec<(&'t Tie, UnitId, u32)>;

/// Returns the clusters that ties are in, with the members that they tell of.
fn clusters(ties: &[Tie], unit: impl Fn(&Side) -> UnitId) -> Vec<Cluster> {
    let mut gathered: BTreeMap<(bool, UnitId), Members<'_>> = BTreeMap::new();
    for (tie, n) in ties.iter().zip(0..) {
        if let Some(lead) = tie.lead.map(usize::from) {
            let of_templates = tie.verified.kind == flong::verify::Kind::Template;
            let member = unit(&tie.sides[1 - lead]);
            gathered.entry((of_templates, unit(&tie.sides[lead]))).or_default().push((tie, member, n));
        }
    }
    let cluster = |((_, representative), mut members): ((bool, UnitId), Members<'_>)| {
        members.sort_by(|a, b| a.0.place.cmp(&b.0.place));
        let (tie, ..) = members[0];
        let grain: Grain = tie.sides[0].unit.grain;
        let members = members.into_iter().map(|(_, member, tie)| (member, tie)).collect();
        Cluster {
            id: ClusterId::default(),
            grain,
            kind: tie.verified.kind,
            representative,
            members,
            least_similarity: 0.0,
        }
    };
    gathered.into_iter().map(cluster).collect()
}

/// The column of the findings about a document alone.
const FINDINGS: &str = "flong_findings";
/// The column of its ties.
const TIED: &str = "flong_ties";
/// The column that says what becomes of a document: 0 if it is kept, 1 if it is edited, 2 if it is dropped.
const FATE: &str = "flong_fate";
/// The column of its lines of the ledger.
const LINES: &str = "flong_ledger";

/// Judges documents, and edits their texts. Takes documents with the findings about each alone, and its ties.
pub struct Judge(Arc<Setting>);

impl Judge {
    pub fn step(setting: Arc<Setting>) -> Result<Box<dyn Step>> {
        policy(&setting)?;
        Ok(Box::new(Judge(setting)))
    }

    /// Returns the findings about a document, with the ids of the documents that they name.
    fn findings(&self, document: &Document, own: &[u8], ties: &[Tie]) -> Result<(Vec<Finding>, Vec<Document>)> {
        let local = Local::of(document, document.provenance.place.record, ties);
        let mut found = local.judge(&self.0);
        let alone: Vec<Finding> = decode(own)?;
        found.extend(alone.into_iter().map(|finding| Finding { document: local.own, ..finding }));
        Ok((policy(&self.0)?.settle(found), local.documents))
    }
}

impl Step for Judge {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let of = Rows(rows);
        let (alone, lists) = (of.bytes(FINDINGS)?, of.byte_lists(TIED)?);
        let drop_emptied = policy(&self.0)?.rules.contains(&Rule::Emptied);
        let (mut fates, mut ledgers, mut edits) = (Vec::new(), Vec::new(), Vec::new());
        for (row, document) in documents(rows, &self.0)?.iter().enumerate() {
            let mut ties: Vec<Tie> = lists(row).iter().flatten().map(decode).collect::<Result<_>>()?;
            ties.sort_by_key(|tie| [0, 1].map(|side| (tie.sides[side].number, tie.sides[side].piece)));
            let (findings, others) = self.findings(document, alone.value(row), &ties)?;
            let done = edited(document, &findings, drop_emptied, |index| &others[index].id);
            fates.push(match done.outcome {
                Outcome::Kept => 0,
                Outcome::Edited(_) => 1,
                Outcome::Dropped => 2,
            });
            ledgers.push((!done.lines.is_empty()).then(|| serde_json::to_vec(&done.lines).unwrap_or_default()));
            if let Outcome::Edited(text) = done.outcome {
                edits.push((row, text));
            }
        }
        let frame = Frame { schema: rows.schema(), batches: vec![rows.clone()] };
        let text = Table::new(frame, 0, &self.0.options)?.text;
        let edits: Vec<(usize, &str)> = edits.iter().map(|(row, text)| (*row, &**text)).collect();
        let edited = with_texts(rows, &text, &edits).map_err(wrong)?;
        appended(&edited, fates, ledgers).map(Some)
    }
}

/// Returns a batch of documents with their fates and ledgers, and without what they were judged by.
fn appended(rows: &RecordBatch, fates: Vec<i32>, ledgers: Vec<Option<Vec<u8>>>) -> Result<RecordBatch> {
    let schema = rows.schema();
    let own = (0..schema.fields().len()).filter(|&i| ![FINDINGS, TIED].contains(&schema.field(i).name().as_str()));
    let own: Vec<usize> = own.collect();
    let rows = rows.project(&own).map_err(wrong)?;
    let mut fields: Vec<Arc<Field>> = rows.schema().fields().iter().cloned().collect();
    let mut columns = rows.columns().to_vec();
    for (name, column) in [(FATE, ints(fates)), (LINES, bytes(ledgers))] {
        fields.push(Arc::new(Field::new(name, column.data_type().clone(), true)));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(wrong)
}

/// Columns of the ledger.
pub const LEDGER: &[Column] = &[
    ("number", "long"),
    ("document", "string"),
    ("start", "long"),
    ("end", "long"),
    ("text", "string"),
    ("rule", "string"),
    ("kind", "string"),
    ("action", "string"),
    ("score", "float"),
    ("kept", "string"),
    ("kept_start", "long"),
    ("kept_end", "long"),
    ("reason", "string"),
    ("before", "string"),
    ("after", "string"),
];

/// Returns the lines of the ledger. Takes documents as [`Judge`] returns them.
pub struct Ledger;

impl Ledger {
    pub fn step(_: Arc<Setting>) -> Result<Box<dyn Step>> {
        Ok(Box::new(Ledger))
    }
}

impl Step for Ledger {
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let (numbers, ledgers) = (Rows(rows).longs(NUMBER)?, Rows(rows).bytes(LINES)?);
        let mut all: Vec<(i64, LedgerLine<'static>)> = Vec::new();
        for row in 0..rows.num_rows() {
            if let Some(lines) = get!(ledgers, row) {
                let lines: Vec<LedgerLine<'static>> = serde_json::from_slice(lines).map_err(wrong)?;
                all.extend(lines.into_iter().map(|line| (numbers.value(row), line)));
            }
        }
        let each = || all.iter().map(|(_, line)| line);
        let kept = || each().map(|line| line.kept.as_ref());
        let columns = vec![
            longs(all.iter().map(|(number, _)| *number)),
            texts(each().map(|line| Some(&line.document))),
            longs(each().map(|line| i64::from(line.start))),
            longs(each().map(|line| i64::from(line.end))),
            texts(each().map(|line| Some(&line.text))),
            texts(each().map(|line| Some(line.rule.code()))),
            texts(each().map(|line| Some(&line.kind))),
            texts(each().map(|line| Some(if line.action == Action::Removed { "removed" } else { "marked" }))),
            floats(each().map(|line| line.score)),
            texts(kept().map(|kept| kept.map(|kept| &kept.document))),
            longs(kept().map(|kept| kept.map(|kept| i64::from(kept.start)))),
            longs(kept().map(|kept| kept.map(|kept| i64::from(kept.end)))),
            texts(each().map(|line| Some(&line.reason))),
            texts(each().map(|line| Some(&line.before))),
            texts(each().map(|line| Some(&line.after))),
        ];
        batch(LEDGER, columns).map(Some)
    }
}
