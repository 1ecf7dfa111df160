// What flong explain says: one document piece by piece, or two with the measures, the thresholds, and what decided.
import { count, data, decimals, h, kindMark, RULES, visible } from "./dom.js";
import { pairLegend, showPair } from "./pair.js";

const WAYS = { copy: "As a copy", clauses: "As a rewording that shares clauses", statement: "As a rewording in words of the same weight" };

export function explainedView(run, texts) {
  const { explained } = run;
  const element = h("div", { class: "page" });
  if (explained.documents) element.append(...pairParts(run, texts, explained));
  else element.append(...documentParts(explained));
  return { element, title: "Explained" };
}

function pairParts(run, texts, explained) {
  const pair = h("div", { class: "pair" });
  const whole = (document) => ({ document, start: 0, end: run.documents.text[document], note: `${count(explained.documents[document].body_words)} body words` });
  showPair(run, texts, pair, whole(0), whole(1));
  const list = (title, items) => items.length > 0 && [h("dt", {}, title), h("dd", {}, items.map((item) => data("div", {}, item)))];
  const changes = (pairs) => pairs.map(({ a, b }) => `${a} → ${b}`);
  return [
    h("div", { class: "lead" }, h("h1", {}, explained.kind ? [kindMark(explained.kind), ` ${decimals(explained.score)}`] : "No match"), h("p", {}, `${explained.reason[0].toUpperCase()}${explained.reason.slice(1)}.`)),
    h("section", { class: "about" }, h("dl", {}, list("Numbers and dates kept", explained.facts_kept.map(({ a }) => a)), list("Numbers and dates changed", changes(explained.facts_changed)),
      list("Names changed", changes(explained.names_changed)), list("Changed as in the titles", changes(explained.titles_changed)))),
    h("div", { class: "bar" }, h("h2", {}, "Side by side"), pairLegend()), pair,
    h("h2", { class: "apart" }, "Thresholds"), h("div", { class: "plots" }, explained.ways.map(wayTable)),
  ];
}

function wayTable({ way, passed, criteria }) {
  const limit = (criterion) => (criterion.limit === null ? "never" : `${criterion.at_most ? "≤" : "≥"} ${decimals(criterion.limit)}`);
  const row = (criterion) => h("tr", { class: criterion.passed ? null : "missed" }, h("th", { scope: "row" }, criterion.title, " ", h("code", {}, criterion.threshold)),
    h("td", { class: "number" }, decimals(criterion.measured ?? 0)), h("td", { class: "number" }, limit(criterion)), h("td", {}, criterion.passed ? "passed" : "missed"));
  return h("section", { class: "plot" }, h("h3", {}, WAYS[way], passed ? ": passes" : ""), h("table", { class: "plain criteria" },
    h("thead", {}, h("tr", {}, ["Threshold", "Measured", "Needs", ""].map((name) => h("th", { scope: "col" }, name || h("span", { class: "hidden" }, "Result"))))), h("tbody", {}, criteria.map(row))));
}

function documentParts(explained) {
  const piece = ({ text, rule, action, reason }) => (rule
    ? h("span", { class: "aside", title: `${RULES[rule] ?? rule}, ${action === "removed" ? "certain" : "only marked"}: ${reason}` }, visible(text))
    : visible(text));
  const set = explained.pieces.filter(({ rule }) => rule);
  return [
    h("div", { class: "lead" }, data("h1", {}, explained.title ?? explained.id), h("p", {}, data("code", {}, explained.id), explained.agency ? ` · credits ${explained.agency}` : "")),
    h("article", { class: "example" }, h("div", { class: "text", dir: "auto", lang: "" }, explained.pieces.map((part) => [piece(part), "\n\n"]))),
    h("h2", { class: "apart" }, set.length > 0 ? "Set aside" : "Nothing is set aside"),
    h("table", { class: "plain" }, h("tbody", {}, set.map(({ rule, action, score, reason, text }) => h("tr", {}, h("th", { scope: "row" }, `${rule} ${RULES[rule] ?? ""}`), h("td", {}, `${action === "removed" ? "certain" : "marked"}, ${decimals(score)}`), h("td", {}, visible(reason)), data("td", {}, text))))),
  ];
}
