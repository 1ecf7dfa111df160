// The summary: what repeats, in figures and plots.
import { bytes, count, counted, data, h, KIND_TITLES, KINDS, kindMark, percent, time, DAY } from "./dom.js";
import { membersOf } from "./data.js";
import { COPIES, sourceName } from "./flows.js";
import { barsPlot, daysPlot, figure, legend, similarityPlot, sizesPlot } from "./plots.js";
import { address } from "./route.js";

/** Sources that the plot of removed text shows. */
const MOST_SOURCES = 16;

/** Columns of the plot over time at most; days are joined if there are more. */
const MOST_COLUMNS = 120;

export function summaryView(run) {
  const { summary } = run;
  const lead = h("div", { class: "lead" }, h("h1", {}, headline(run)), h("p", {}, explained(run)));
  const element = h("div", { class: "page" }, lead, figures(run),
    h("div", { class: "plots" }, sizes(run), similarity(run), removed(run), overTime(run)),
    run.left_out > 0 && h("p", { class: "note" }, `The texts of ${counted(run.left_out, "document")} are left out of this page, to keep it small; the largest clusters have theirs.`),
    h("section", { class: "about" }, h("h2", {}, "The run"), about(summary, run)));
  return { element, title: "Summary" };
}

/** Documents that repeat a kept one, by kind, as `summary.json` counts them. */
function repeats(run) {
  const grains = run.summary.repeats ?? {};
  return grains.document ?? Object.values(grains)[0] ?? {};
}

function headline(run) {
  const found = repeats(run);
  const copies = COPIES.reduce((sum, kind) => sum + (found[kind] ?? 0), 0);
  const share = copies / Math.max(1, run.summary.documents);
  if (copies === 0) return `No copies among ${counted(run.summary.documents, "document")}`;
  return `${count(copies)} of ${counted(run.summary.documents, "document")} repeat another: ${percent(share)}`;
}

function explained(run) {
  const { sources, summary, days } = run;
  const parts = [`${bytes(summary.bytes)} of text`];
  if (sources.name.length > 0) parts.push(`from ${counted(sources.name.length, "source")}`);
  if (days.day.length > 0) {
    const day = (n) => time(n * 1440, DAY);
    const [first, last] = [days.day[0], days.day.at(-1)].map(day);
    parts.push(first === last ? `of ${first}` : `from ${first} to ${last}`);
  }
  return `${parts.join(", ")}. ${run.cleaned ? "Duplicates and boilerplate were removed as below." : "Nothing was removed: flong find only reports."}`;
}

function figures(run) {
  const found = repeats(run), { cleaned } = run.summary;
  const card = (value, text, href) => h("li", {}, h(href ? "a" : "div", href ? { href } : {}, h("strong", {}, value), h("span", {}, text)));
  const kinds = KINDS.filter((kind) => found[kind] > 0).map((kind) =>
    h("li", { class: "bykind" }, h("a", { href: address("clusters", [], { kind }) }, h("strong", {}, count(found[kind])), kindMark(kind), h("small", {}, KIND_TITLES[kind]))));
  const done = cleaned ? [card(count(cleaned.dropped), "documents dropped"), card(count(cleaned.edited), "with pieces removed"), card(count(cleaned.kept), "kept as they were")] : [];
  return h("div", { class: "figures" }, h("ul", { class: "cards", "aria-label": "Documents that repeat another, by kind" }, kinds), done.length > 0 && h("ul", { class: "cards", "aria-label": "What was done" }, done));
}

function sizes(run) {
  const { clusters } = run;
  const grain = clusters.grain.includes("document") ? "document" : clusters.grain[0];
  const shown = clusters.size.filter((_, n) => clusters.grain[n] === grain && clusters.kind[n] !== "template");
  const { drawing, rows } = sizesPlot(shown);
  return figure("Cluster sizes", `${counted(shown.length, "cluster")} of ${grain}s; both scales are logarithmic.`, drawing, ["Size", "Clusters"], rows);
}

function similarity(run) {
  const grain = run.similarity.some((found) => found.grain === "document") ? "document" : run.similarity[0]?.grain;
  const { drawing, rows } = similarityPlot(run.similarity.filter((found) => found.grain === grain));
  return figure("Similarity by kind", "Scores of the pairs: shared weight of the words. Heights are square roots, each kind by itself.", drawing, ["Kind", "Pairs", "Lowest tenth", "Median", "Highest tenth"], rows);
}

/** Rules in the order of the plot, with the class of each. */
const PARTS = [["FL1", "duplicates", "dropped"], ["FL204", "feed frames", "rule-frame"], ["FL203", "repeated lines", "rule-line"], ["FL202", "calls to action", "rule-call"], ["FL201", "inserted links", "rule-link"]];

function removed(run) {
  const { sources } = run;
  const bySource = new Map();
  for (const { rule, source, removed: gone, bytes: size } of run.removed) {
    const part = PARTS.findIndex(([code]) => rule.startsWith(code));
    if (part < 0 || source < 0 || (run.cleaned && !gone)) continue;
    if (!bySource.has(source)) bySource.set(source, new Array(PARTS.length).fill(0));
    bySource.get(source)[part] += size;
  }
  const share = (source, parts) => parts.reduce((sum, size) => sum + size, 0) / Math.max(1, sources.bytes[source]);
  const shown = [...bySource].filter(([source]) => source < 60).sort((x, y) => share(y[0], y[1]) - share(x[0], x[1]));
  const rows = shown.slice(0, MOST_SOURCES).map(([source, parts]) => ({
    name: sourceName(run, source),
    parts: parts.map((size, n) => ({ name: PARTS[n][1], class: PARTS[n][2], value: size / Math.max(1, sources.bytes[source]) })),
  }));
  const used = PARTS.filter((_, n) => shown.some(([, parts]) => parts[n] > 0));
  const drawing = h("div", {}, barsPlot(rows, "Removed text by source and rule"), legend(used.map(([, text, name]) => [name, text])));
  const table = shown.map(([source, parts]) => [sourceName(run, source), ...parts.map((size) => bytes(size)), percent(share(source, parts))]);
  const title = run.cleaned ? "Text removed, by source and rule" : "Text set aside, by source and rule";
  return figure(title, "As a share of the source's text; the sources with the greatest share, of the sixty largest.", drawing, ["Source", ...PARTS.map(([, text]) => text), "In all"], table);
}

/** Copies by day: documents of clusters that match the representative. Each counts once, by its closest kind. */
function copiesByDay(run) {
  const { clusters, members, documents } = run;
  const closest = new Map();
  for (let cluster = 0; cluster < clusters.id.length; cluster++) {
    if (clusters.grain[cluster] !== "document") continue;
    for (const member of membersOf(run, cluster)) {
      const kind = members.kind[member], document = members.document[member];
      if (kind === null || !documents.precision[document]) continue;
      const held = closest.get(document);
      if (held === undefined || KINDS.indexOf(kind) < KINDS.indexOf(held)) closest.set(document, kind);
    }
  }
  const byDay = new Map();
  for (const [document, kind] of closest) {
    const day = Math.floor(documents.minute[document] / 1440);
    if (!byDay.has(day)) byDay.set(day, {});
    byDay.get(day)[kind] = (byDay.get(day)[kind] ?? 0) + 1;
  }
  return byDay;
}

function overTime(run) {
  const { days } = run;
  if (days.day.length < 2) return null;
  const [first, last] = bulk(days), step = Math.ceil((last - first + 1) / MOST_COLUMNS);
  const columns = [];
  for (let day = first; day <= last; day += step) columns.push({ name: time(day * 1440, DAY), documents: 0, copies: 0 });
  const column = (day) => (day < first || day > last ? null : columns[Math.floor((day - first) / step)]);
  days.day.forEach((day, n) => { const at = column(day); if (at) at.documents += days.documents[n]; });
  for (const [day, kinds] of copiesByDay(run)) {
    const at = column(day);
    for (const [kind, n] of at ? Object.entries(kinds) : []) {
      if (kind === "template") continue;
      at[kind] = (at[kind] ?? 0) + n;
      at.copies += n;
    }
  }
  const shown = KINDS.filter((kind) => columns.some((day) => day[kind] > 0));
  const drawing = h("div", {}, daysPlot(columns), legend([...shown.map((kind) => [kind, kind]), ["all", "all documents"]]));
  const rows = columns.map((day) => [day.name, count(day.documents), ...shown.map((kind) => count(day[kind] ?? 0))]);
  const note = step === 1 ? "Documents by day, and those of them that repeat another." : `Documents by ${step} days, and those of them that repeat another.`;
  return figure("Copies over time", note, drawing, ["From", "Documents", ...shown], rows);
}

/** The days that hold all but the first and last hundredth of a percent of the documents: single wrong dates are left out. */
function bulk(days) {
  const total = days.documents.reduce((sum, n) => sum + n, 0), spare = Math.floor(total / 10_000);
  const end = (numbers) => {
    let seen = 0;
    return numbers.findIndex((n) => (seen += n) > spare);
  };
  const first = end(days.documents), last = days.day.length - 1 - end([...days.documents].reverse());
  return [days.day[first], days.day[last]];
}

function about(summary, run) {
  const entry = (name, value) => [h("dt", {}, name), value];
  const inputs = summary.run?.inputs ?? [];
  const problems = summary.problems ?? [];
  return h("dl", {},
    entry("Inputs", h("dd", {}, inputs.slice(0, 12).map((name) => data("div", {}, name)), inputs.length > 12 && `and ${count(inputs.length - 12)} more`)),
    entry("Keeps", h("dd", {}, `${keeps(summary.parameters?.keep)} copy`)),
    entry("Compares", h("dd", {}, `${(summary.parameters?.grains ?? []).join("s, ")}s, as far as ${summary.parameters?.level}`)),
    entry("Pairs", h("dd", {}, `${count(summary.candidates)} proposed`)),
    entry("Could not be read", h("dd", {}, counted(summary.skipped ?? 0, "record"), problems.length > 0 && h("details", {}, h("summary", {}, counted(problems.length, "note")),
      h("ul", {}, problems.slice(0, 100).map((problem) => data("li", {}, `${problem.input}${problem.line ? `:${problem.line}` : ""}: ${problem.reason}`)))))),
    entry("Written by", h("dd", {}, `flong ${run.flong}`)));
}

function keeps(keep) {
  return typeof keep === "string" ? `the ${keep}` : "the preferred";
}
