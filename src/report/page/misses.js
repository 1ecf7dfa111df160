// Near misses: pairs that a slightly lower threshold would make matches.
import { announce, count, counted, data, h, kindMark, visible } from "./dom.js";
import { sourceOf, titleOf } from "./data.js";
import { LongList } from "./list.js";
import { pairLegend, showPair } from "./pair.js";
import { address, changeAddress, go, route } from "./route.js";

/** What each threshold is about. */
const THRESHOLDS = {
  copy_evidence: "evidence in all, for a copy",
  copy_unexplained: "words left unexplained",
  copy_unexplained_share: "share of words left unexplained",
  copy_weight: "shared share of the weight, for a copy",
  copy_shingles: "shared share of the shingles",
  copy_mass: "weight of the shared words",
  copy_least_shingles: "shared shingles",
  reworded_evidence: "evidence in all, for a rewording",
  reworded_weight: "shared share of the weight, for a rewording",
  reworded_clauses: "words in shared clauses",
  reworded_beyond_background: "reworded beyond common background",
  statement_weight: "shared share of the weight of both",
  statement_weight_within: "shared share of the weight, in one document",
  statement_beyond_quotes: "reworded beyond quotations",
  statement_mass: "weight of the shared words of a statement",
  statement_clauses: "words in shared clauses of a statement",
};

export function missesView(run, texts) {
  const counts = new Map();
  for (const miss of run.misses) counts.set(miss.missed[0][0], (counts.get(miss.missed[0][0]) ?? 0) + 1);
  const state = { order: [], open: -1 };
  const list = new LongList({ label: "Near misses", height: 92, row: (n) => missRow(run, state.order[n]) });
  const names = [...counts].sort((x, y) => y[1] - x[1]).map(([name, n]) => h("option", { value: name }, `${THRESHOLDS[name] ?? name} (${count(n)})`));
  const threshold = h("select", { "aria-label": "Threshold", onchange: () => { changeAddress(address("near-misses", [], { threshold: threshold.value })); update(); } }, h("option", { value: "" }, "All thresholds"), names);
  const found = h("p", { class: "found" });
  const detail = h("div", { class: "detail", tabindex: "0", role: "region", "aria-label": "The open pair" });
  const element = h("div", { class: "split" }, h("section", { class: "list", "aria-label": "List of near misses" }, h("h1", { class: "hidden" }, "Near misses"),
    h("p", { class: "intro" }, "Pairs that are no match, or no copy, and would be if each threshold were a tenth less strict; the nearest first."), h("form", { class: "controls", onsubmit: (event) => event.preventDefault() }, threshold), found, list.element), detail);
  let filter = null;
  const update = () => {
    const { rest, query } = route();
    const name = query.get("threshold") ?? "";
    if (name !== filter) {
      filter = name;
      threshold.value = name;
      state.order = run.misses.map((_, n) => n).filter((n) => !name || run.misses[n].missed[0][0] === name);
      list.show(state.order.length);
      const text = counted(state.order.length, "near miss", "near misses");
      found.textContent = `${text}${run.more_misses > 0 ? `; ${count(run.more_misses)} more, further off, are not listed` : ""}`;
      announce(text);
    }
    state.open = rest[0] === undefined ? -1 : state.order.indexOf(Number(rest[0]));
    element.classList.toggle("has-open", rest[0] !== undefined);
    list.select(state.open);
    const back = address("near-misses", [], { threshold: name });
    if (state.open < 0) detail.replaceChildren(h("div", { class: "placeholder" }, h("p", {}, run.misses.length > 0 ? "Choose a pair to see how its texts differ." : "No pair comes near a threshold.")));
    else showMiss(run, texts, detail, run.misses[state.order[state.open]], back);
  };
  const move = (by) => {
    const next = Math.min(state.order.length - 1, Math.max(0, state.open + by));
    if (state.order.length > 0) go(address("near-misses", [state.order[next]], route().query));
  };
  update();
  const onKey = (key) => {
    if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "/") threshold.focus();
    else if (key === "Escape") go(address("near-misses", [], route().query));
    else return false;
    return true;
  };
  return { element, title: "Near misses", update, onKey, close: () => list.close(), wide: true };
}

/** A measured value and its limit, with as many decimals as tell them apart. */
function asNumbers(measured, limit) {
  const digits = [2, 3, 4, 5].find((n) => measured.toFixed(n) !== limit.toFixed(n)) ?? 6;
  return [measured, limit].map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(digits)));
}

function missRow(run, n) {
  const miss = run.misses[n];
  const [name, ...values] = miss.missed[0];
  const [measured, limit] = asNumbers(...values);
  return h("a", { class: "row", href: address("near-misses", [n], route().query) },
    h("span", { class: "what" }, data("span", { class: "row-title one" }, titleOf(run, miss.a[0])), data("span", { class: "row-title one" }, titleOf(run, miss.b[0])),
      h("span", { class: "row-facts" }, `${THRESHOLDS[name] ?? name}: ${measured}, needs ${limit}`)));
}

function showMiss(run, texts, detail, miss, back) {
  const pair = h("div", { class: "pair" });
  const side = ([document, start, end]) => ({ document, start, end, note: null });
  const row = ([name, measured, limit]) => h("tr", {}, h("th", { scope: "row" }, THRESHOLDS[name] ?? name, " ", h("code", {}, name)), asNumbers(measured, limit).map((value) => h("td", { class: "number" }, value)), h("td", {}, gauge(measured, limit)));
  detail.replaceChildren(h("section", { class: "opened" }, h("p", { class: "back" }, h("a", { href: back }, "← All near misses")),
    h("header", { class: "head" }, data("h2", {}, titleOf(run, miss.a[0])),
      h("p", {}, miss.kind ? ["Now ", kindMark(miss.kind), ", would be "] : "Now no match, would be ", kindMark(miss.would_be), ` · ${visible(sourceOf(run, miss.a[0]))} and ${visible(sourceOf(run, miss.b[0]))}`)),
    h("table", { class: "plain criteria" }, h("thead", {}, h("tr", {}, ["Missed threshold", "Measured", "Needs", "How near"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, miss.missed.map(row))),
    h("div", { class: "bar" }, h("h3", {}, "Side by side"), pairLegend()), pair));
  showPair(run, texts, pair, side(miss.a), side(miss.b));
}

/** A measured value against what it would need. */
function gauge(measured, limit) {
  const share = Math.min(measured, limit) / Math.max(measured, limit, 1e-9);
  return h("span", { class: "gauge", role: "img", "aria-label": `${Math.round(share * 100)}% of the way` }, h("span", { style: `width: ${(share * 100).toFixed(1)}%` }));
}
