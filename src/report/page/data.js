// The data of the run: unpacked once, in columns.
import { DAY, RULES, TIME } from "./dom.js";

/** Unpacks what a script element holds. The element goes: its text is of no more use. */
export async function unpack(id) {
  const element = document.getElementById(id);
  const packed = atob(element.textContent);
  element.remove();
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Unpacks the overview and adds what follows from it. */
export async function loadRun() {
  return prepareRun(JSON.parse(new TextDecoder().decode(await unpack("overview"))));
}

/** Adds where the members of each cluster begin, where each text is in its block, and the asides of each document. */
export function prepareRun(run) {
  const { clusters, documents, asides } = run;
  Object.assign(RULES, run.rules);
  clusters.first = sums(clusters.size);
  documents.place = new Uint32Array(documents.id.length);
  documents.block = new Uint32Array(documents.id.length);
  let block = -1, at = 0;
  for (let n = 0; n < documents.id.length; n++) {
    if (documents.blocks[block + 1] === n) {
      block++;
      at = 0;
    }
    documents.block[n] = block;
    documents.place[n] = at;
    at += documents.url[n] + Math.max(documents.text[n], 0);
  }
  asides.first = new Uint32Array(documents.id.length + 1);
  for (const document of asides.document) asides.first[document + 1]++;
  for (let n = 1; n < asides.first.length; n++) asides.first[n] += asides.first[n - 1];
  run.clusterOf = new Map(clusters.id.map((id, n) => [id, n]));
  return run;
}

function sums(sizes) {
  const first = new Uint32Array(sizes.length + 1);
  for (let n = 0; n < sizes.length; n++) first[n + 1] = first[n] + sizes[n];
  return first;
}

/** The members of a cluster, as indices. The first is the representative. */
export function membersOf(run, cluster) {
  const { first } = run.clusters;
  return Array.from({ length: first[cluster + 1] - first[cluster] }, (_, n) => first[cluster] + n);
}

/** The name of a document's source. */
export function sourceOf(run, document) {
  const source = run.documents.source[document];
  return source < 0 ? "no source" : run.sources.name[source];
}

/** The title of a document, or else its id. */
export function titleOf(run, document) {
  return run.documents.title[document] || run.documents.id[document];
}

/** Whether a document is known to be earlier than another: by the day, or by the time if both have one. */
export function isEarlier(run, a, b) {
  const { minute, precision } = run.documents;
  const day = (document) => Math.floor(minute[document] / 1440);
  const timed = precision[a] === TIME && precision[b] === TIME;
  return precision[a] >= DAY && precision[b] >= DAY && minute[a] < minute[b] && (timed || day(a) !== day(b));
}

/** The minutes from one document to another; null if their days are not known. Without times of day, whole days. */
export function minutesBetween(run, from, to) {
  const { minute, precision } = run.documents;
  if (precision[from] < DAY || precision[to] < DAY) return null;
  const minutes = minute[to] - minute[from];
  const timed = precision[from] === TIME && precision[to] === TIME;
  return timed ? minutes : Math.round(minutes / 1440) * 1440;
}

/** The dated member of a cluster that is the earliest; -1 if none is dated. */
export function earliestOf(run, members) {
  const { minute, precision } = run.documents;
  let found = -1;
  for (const member of members) {
    const document = run.members.document[member];
    if (precision[document] && (found < 0 || minute[document] < minute[run.members.document[found]])) found = member;
  }
  return found;
}
