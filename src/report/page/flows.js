// Who copies whom: counted from the clusters of documents, by credits, dates and containment.
import { earliestOf, isEarlier, membersOf, minutesBetween } from "./data.js";
import { DAY } from "./dom.js";

/** Kinds of matches that are copies. */
export const COPIES = ["exact", "near", "excerpt"];

/** The source that holds documents without one. */
const UNKNOWN = "no source";

const AGENCY = " (agency)";

/** The name of an agency as a source of its own. */
export function agencyName(agency) {
  return `${agency}${AGENCY}`;
}

/** Whether a name is that of an agency. */
export function isAgency(name) {
  return name.endsWith(AGENCY);
}

/** The name of a source by its number. */
export function sourceName(run, source) {
  return source < 0 ? UNKNOWN : run.sources.name[source];
}

/** The agency that most members of a cluster credit; null if none does. */
function creditedAgency(run, members) {
  const counts = new Map();
  for (const member of members) {
    const agency = run.documents.agency[run.members.document[member]];
    if (agency >= 0) counts.set(agency, (counts.get(agency) ?? 0) + 1);
  }
  const [most] = [...counts].sort((x, y) => y[1] - x[1] || x[0] - y[0]);
  return most ? run.agencies[most[0]] : null;
}

/**
 * Where the texts of some members of a cluster come from, as the matches say: the agency that they credit, the members that are
 * its own text, and else the member that is known to be earlier than another (-1 if none is).
 */
export function originOf(run, all) {
  const { members } = run;
  const agency = creditedAgency(run, all);
  const kept = all.find((member) => members.kind[member] === null);
  const own = new Set();
  for (const member of all) {
    if (members.clue[member] === "credit") own.add(members.origin[member] === "member" ? member : kept);
  }
  const document = (member) => members.document[member];
  const dated = all.filter((member) => run.documents.precision[document(member)] >= DAY);
  const earliest = earliestOf(run, dated);
  const first = dated.some((member) => isEarlier(run, document(earliest), document(member))) ? earliest : -1;
  return { all, agency, own, first, kept };
}

/**
 * Calls `each` with `{cluster, from, to, document, minutes}` for every copy. The members of a cluster that credit an agency come
 * from it; else those that are later than the earliest come from its source; else an excerpt comes from the longer text. Where none
 * of these is known, nothing is told.
 */
export function eachCopy(run, kinds, each) {
  const { clusters, members, documents } = run;
  const source = (member) => sourceName(run, documents.source[members.document[member]]);
  for (let cluster = 0; cluster < clusters.id.length; cluster++) {
    if (clusters.grain[cluster] !== "document") continue;
    const all = membersOf(run, cluster);
    // The representative has no kind of its own: it is in the cluster for the match with the others.
    const counted = all.filter((member) => members.kind[member] === null || kinds.has(members.kind[member]));
    if (counted.length < 2) continue;
    const { agency, own, first, kept } = originOf(run, counted);
    const told = new Set();
    const tell = (from, member, minutes) => {
      if (told.has(member)) return;
      told.add(member);
      each({ cluster, from, to: source(member), document: members.document[member], minutes });
    };
    if (agency !== null) {
      const origin = own.size > 0 ? [...own][0] : first;
      const minutes = (member) => (origin < 0 || member === origin ? null : minutesBetween(run, members.document[origin], members.document[member]));
      counted.filter((member) => !own.has(member)).forEach((member) => tell(agencyName(agency), member, minutes(member)));
      continue;
    }
    for (const member of counted) {
      const [origin, document] = [members.document[first], members.document[member]];
      if (first >= 0 && isEarlier(run, origin, document)) tell(source(first), member, minutesBetween(run, origin, document));
    }
    for (const member of counted) {
      if (members.clue[member] !== "containment") continue;
      if (members.origin[member] === "member") tell(source(member), kept, null);
      else tell(source(kept), member, null);
    }
  }
}

/** Counts the copies from each source to each: `{names, edges, out, into}`, edges with counts and median delays, most first. */
export function flowsOf(run, kinds) {
  const edges = new Map();
  eachCopy(run, kinds, ({ from, to, minutes }) => {
    const key = JSON.stringify([from, to]);
    if (!edges.has(key)) edges.set(key, { from, to, copies: 0, minutes: [] });
    const edge = edges.get(key);
    edge.copies++;
    if (minutes !== null) edge.minutes.push(minutes);
  });
  const list = [...edges.values()].map(({ from, to, copies, minutes }) => ({ from, to, copies, delay: median(minutes) }));
  list.sort((x, y) => y.copies - x.copies || compareNames(x.from, y.from) || compareNames(x.to, y.to));
  const out = new Map(), into = new Map();
  for (const { from, to, copies } of list) {
    if (from === to) continue;
    out.set(from, (out.get(from) ?? 0) + copies);
    into.set(to, (into.get(to) ?? 0) + copies);
  }
  const volume = (name) => (out.get(name) ?? 0) + (into.get(name) ?? 0);
  const names = [...new Set(list.flatMap(({ from, to }) => [from, to]))];
  names.sort((x, y) => volume(y) - volume(x) || compareNames(x, y));
  return { names, edges: list, out, into };
}

function compareNames(x, y) {
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The median of some numbers; null of none. */
export function median(numbers) {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
