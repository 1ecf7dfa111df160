// Who copies whom: counted from the clusters of documents, the earliest dated member being where a text came from.
import { earliestOf, membersOf, minutesBetween } from "./data.js";

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
 * Calls `each` with `{cluster, from, to, document, minutes}` for every copy. The members of a cluster that credit an agency come
 * from it; else they come from the source of the earliest. Without a date nothing is known, and nothing told.
 */
export function eachCopy(run, kinds, each) {
  const { clusters, members, documents } = run;
  for (let cluster = 0; cluster < clusters.id.length; cluster++) {
    if (clusters.grain[cluster] !== "document") continue;
    const all = membersOf(run, cluster);
    // The representative has no kind of its own: it is in the cluster for the match with the others.
    const counted = all.filter((member) => members.kind[member] === null || kinds.has(members.kind[member]));
    if (counted.length < 2) continue;
    const agency = creditedAgency(run, counted);
    const first = earliestOf(run, counted);
    if (first < 0 && agency === null) continue;
    const origin = first < 0 ? -1 : members.document[first];
    const from = agency === null ? sourceName(run, documents.source[origin]) : agencyName(agency);
    for (const member of counted) {
      if (member === first && agency === null) continue;
      const document = members.document[member];
      const minutes = origin < 0 || member === first ? null : minutesBetween(run, origin, document);
      if (minutes === null && agency === null) continue;
      each({ cluster, from, to: sourceName(run, documents.source[document]), document, minutes });
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
