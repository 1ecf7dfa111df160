// The clusters: a list with search and filters, and the one that is open.
import { announce, count, counted, data, h, kindMark, KINDS, time, visible } from "./dom.js";
import { membersOf, sourceOf, titleOf } from "./data.js";
import { clusterView } from "./cluster.js";
import { COPIES, eachCopy } from "./flows.js";
import { LongList } from "./list.js";
import { address, changeAddress, go, route } from "./route.js";

/** The filters in the address, with what they mean. */
const FILTERS = ["q", "source", "kind", "grain", "min", "since", "until", "from", "to", "sort"];

export function clustersView(run, texts, search) {
  const state = { order: [], open: -1, view: null };
  const list = new LongList({ label: "Clusters", height: 76, row: (n) => row(run, state.order[n]) });
  let filters = null;
  const controls = makeControls(run, () => {
    changeAddress(address("clusters", route().rest, filtersOf(controls)));
    filters = address("clusters", [], pick(route().query));
    refresh();
  });
  const summary = h("p", { class: "found" });
  const empty = h("p", { class: "empty", hidden: true }, "No cluster is like this. ", h("a", { href: address("clusters") }, "Show all"));
  const detail = h("div", { class: "detail", tabindex: "0", role: "region", "aria-label": "The open cluster" });
  const element = h("div", { class: "split" }, h("section", { class: "list", "aria-label": "List of clusters" }, h("h1", { class: "hidden" }, "Clusters"), controls.element, summary, empty, list.element), detail);

  const refresh = () => {
    const { query } = route();
    const started = performance.now();
    state.order = filtered(run, search, query);
    list.show(state.order.length);
    list.select(state.order.indexOf(state.open));
    element.dataset.searched = (performance.now() - started).toFixed(1);
    empty.hidden = state.order.length > 0;
    const what = query.get("from") || query.get("to") ? ` with copies ${query.get("from") ? `from ${visible(query.get("from"))}` : ""}${query.get("to") ? ` to ${visible(query.get("to"))}` : ""}` : "";
    summary.replaceChildren(counted(state.order.length, "cluster"), what, what && [" ", h("a", { href: address("clusters") }, "show all")], query.get("q") && !search.complete ? "; texts are still being unpacked, titles are searched" : "");
    announce(counted(state.order.length, "cluster"));
  };
  const update = () => {
    const { rest, query } = route();
    const now = address("clusters", [], pick(query));
    if (now !== filters) {
      filters = now;
      setControls(controls, query);
      refresh();
    }
    const open = rest.length > 0 ? run.clusterOf.get(rest[0]) ?? -2 : -1;
    if (open !== state.open) {
      state.open = open;
      state.view = open >= 0 ? clusterView(run, texts, open, now) : null;
      const none = h("div", { class: "placeholder" }, h("p", {}, open === -2 ? "There is no such cluster in this report." : "Choose a cluster to see its texts side by side."));
      detail.replaceChildren(state.view?.element ?? none);
      detail.scrollTop = 0;
      element.classList.toggle("has-open", open !== -1);
    } else state.view?.update();
    list.select(state.order.indexOf(state.open));
  };
  const move = (by) => {
    if (state.order.length === 0) return;
    const at = state.order.indexOf(state.open);
    const next = at < 0 ? 0 : Math.min(state.order.length - 1, Math.max(0, at + by));
    go(address("clusters", [run.clusters.id[state.order[next]]], pick(route().query)));
  };
  update();
  const onKey = (key) => {
    if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "/") controls.q.focus();
    else if (state.view?.keys[key]) state.view.keys[key]();
    else return false;
    return true;
  };
  // As soon as texts are searched too, a query finds more.
  const filled = () => { if (route().query.get("q")) refresh(); };
  return { element, title: "Clusters", update, onKey, filled, close: () => list.close(), wide: true };
}

function pick(query) {
  return Object.fromEntries(FILTERS.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
}

/** The clusters that pass the filters, in the order that is asked for. */
function filtered(run, search, query) {
  const { clusters, members, documents } = run;
  const found = search.find(query.get("q") ?? "");
  const source = run.sources.name.indexOf(query.get("source") ?? "");
  const grain = query.get("grain") ?? "document", kind = query.get("kind"), min = Number(query.get("min") ?? 2);
  const [since, until] = [["since", 0], ["until", 1]].map(([name, days]) => (query.get(name) ? Date.parse(query.get(name)) / 60_000 + days * 1440 : NaN));
  const tied = query.get("from") || query.get("to") ? clustersWithCopies(run, query.get("from"), query.get("to")) : null;
  const order = [];
  for (let cluster = 0; cluster < clusters.id.length; cluster++) {
    if (clusters.grain[cluster] !== (grain === "passage" ? "paragraph" : grain) || (grain === "passage" && clusters.implied[cluster])) continue;
    if (clusters.size[cluster] < min || (tied && !tied.has(cluster))) continue;
    const [from, to] = [clusters.first[cluster], clusters.first[cluster + 1]];
    const any = (passes) => {
      for (let member = from; member < to; member++) if (passes(members.document[member], member)) return true;
      return false;
    };
    if (kind && clusters.kind[cluster] !== kind && !any((_, member) => members.kind[member] === kind)) continue;
    if (found && !any((document) => found[document] === 1)) continue;
    if (query.get("source") && !any((document) => documents.source[document] === source)) continue;
    const inTime = (document) => documents.precision[document] && !(documents.minute[document] < since) && !(documents.minute[document] >= until);
    if ((since || until) && !any(inTime)) continue;
    order.push(cluster);
  }
  const sorts = { least: (x, y) => clusters.least[x] - clusters.least[y] || x - y, newest: (x, y) => newest(run, y) - newest(run, x) || x - y };
  return sorts[query.get("sort")] ? order.sort(sorts[query.get("sort")]) : order;
}

function newest(run, cluster) {
  const { documents, members } = run;
  return Math.max(...membersOf(run, cluster).map((member) => (documents.precision[members.document[member]] ? documents.minute[members.document[member]] : -Infinity)));
}

function clustersWithCopies(run, from, to) {
  const tied = new Set();
  eachCopy(run, new Set([...COPIES, "reworded"]), (copy) => {
    if ((!from || copy.from === from) && (!to || copy.to === to)) tied.add(copy.cluster);
  });
  return tied;
}

function row(run, cluster) {
  const { clusters, documents } = run;
  const document = run.members.document[clusters.first[cluster]];
  const sources = new Set(membersOf(run, cluster).slice(0, 50).map((member) => sourceOf(run, run.members.document[member])));
  const [first, ...others] = sources;
  return h("a", { href: address("clusters", [clusters.id[cluster]], pick(route().query)), class: "row" },
    h("span", { class: "size", "aria-label": counted(clusters.size[cluster], clusters.grain[cluster]) }, count(clusters.size[cluster])),
    h("span", { class: "what" }, data("span", { class: "row-title" }, titleOf(run, document)),
      h("span", { class: "row-facts" }, kindMark(clusters.kind[cluster]), " ", h("span", { dir: "auto" }, visible(first)), others.length > 0 && ` +${others.length}`, ` · ${time(documents.minute[document], Math.min(documents.precision[document], 3))}`)));
}

function makeControls(run, changed) {
  const { clusters } = run;
  const option = (value, text) => h("option", { value }, text);
  const grains = ["document", "paragraph", "sentence"].filter((grain) => clusters.grain.includes(grain));
  const passages = clusters.implied.some((implied) => implied) ? [option("passage", "Paragraphs in other documents")] : [];
  const q = h("input", { type: "search", placeholder: "Search titles and texts", "aria-label": "Search titles and texts", autocomplete: "off", spellcheck: "false", oninput: changed });
  const select = (name, ...options) => h("select", { "aria-label": name, onchange: changed }, options);
  const controls = {
    q,
    kind: select("Kind", option("", "All kinds"), KINDS.filter((kind) => clusters.kind.includes(kind)).map((kind) => option(kind, kind))),
    source: select("Source", option("", "All sources"), run.sources.name.slice(0, 5000).map((name) => option(name, visible(name)))),
    grain: select("Grain", grains.map((grain) => option(grain === "document" ? "" : grain, `${grain[0].toUpperCase()}${grain.slice(1)}s`)), passages),
    min: select("Size", [["", "Any size"], ["3", "3 or more"], ["5", "5 or more"], ["10", "10 or more"], ["20", "20 or more"]].map(([value, text]) => option(value, text))),
    sort: select("Order", option("", "Largest first"), option("least", "Least similar first"), option("newest", "Newest first")),
    since: h("input", { type: "date", "aria-label": "Since", onchange: changed }),
    until: h("input", { type: "date", "aria-label": "Until", onchange: changed }),
  };
  controls.element = h("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() }, q,
    h("details", {}, h("summary", {}, "Filters"), h("div", { class: "filters" }, controls.grain, controls.kind, controls.source, controls.min, controls.sort, h("label", {}, "since ", controls.since), h("label", {}, "until ", controls.until))));
  controls.fixed = {};
  return controls;
}

function filtersOf(controls) {
  const names = ["q", "kind", "source", "grain", "min", "sort", "since", "until"];
  return { ...controls.fixed, ...Object.fromEntries(names.map((name) => [name, controls[name].value])) };
}

function setControls(controls, query) {
  for (const name of ["q", "kind", "source", "grain", "min", "sort", "since", "until"]) {
    const value = query.get(name) ?? "";
    if (controls[name].value !== value) controls[name].value = value;
  }
  controls.fixed = { from: query.get("from") ?? "", to: query.get("to") ?? "" };
  if (["kind", "source", "grain", "min", "sort", "since", "until"].some((name) => query.get(name))) controls.element.querySelector("details").open = true;
}
