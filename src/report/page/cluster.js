// A cluster that is open: its members along time, and any two side by side.
import { count, counted, data, decimals, delay, h, kindMark, KIND_TITLES, svg, time, visible } from "./dom.js";
import { earliestOf, membersOf, minutesBetween, sourceOf, titleOf } from "./data.js";
import { agencyName, originOf } from "./flows.js";
import { pairLegend, showPair } from "./pair.js";
import { address, changeAddress, route } from "./route.js";

/** Members that are listed; the rest is counted. */
const MOST_LISTED = 400;

/** Shows a cluster. `back` is the address of the list. */
export function clusterView(run, texts, cluster, back) {
  const { clusters } = run;
  const members = sorted(run, membersOf(run, cluster));
  const kept = clusters.first[cluster];
  const origin = originOf(run, members);
  const pair = h("div", { class: "pair", "aria-live": "polite" });
  const rows = h("tbody", {});
  const shown = { left: kept, right: members.find((member) => member !== kept) };
  const chosen = () => {
    const { query } = route();
    const member = (name, otherwise) => {
      const n = Number.parseInt(query.get(name), 10);
      return members[n] ?? otherwise;
    };
    shown.left = member("a", kept);
    shown.right = member("b", members.find((other) => other !== shown.left));
  };
  const choose = (left, right) => {
    const { view, rest, query } = route();
    query.set("a", members.indexOf(left));
    query.set("b", members.indexOf(right));
    changeAddress(address(view, rest, query));
    draw();
  };
  const draw = () => {
    chosen();
    rows.replaceChildren(...members.slice(0, MOST_LISTED).map((member, n) => memberRow(run, member, n, { kept, origin, shown, choose })));
    const notes = (member) => [member === kept && "kept", sourceNote(run, origin, member)].filter((note) => note).join(" · ");
    const passages = passagesOf(run, kept, shown);
    const piece = (member, side) => ({ document: run.members.document[member], start: run.members.start[member], end: run.members.end[member], note: notes(member), passages: passages[side] });
    line.replaceChildren(...timeline(run, members, shown, choose));
    return showPair(run, texts, pair, piece(shown.left, "left"), piece(shown.right, "right"));
  };
  const line = h("div", { class: "timeline" });
  const step = (by) => {
    const others = members.filter((member) => member !== shown.left);
    const next = others[(others.indexOf(shown.right) + by + others.length) % others.length];
    choose(shown.left, next);
  };
  const more = members.length - MOST_LISTED;
  const element = h("section", { class: "opened", "aria-labelledby": "opened-title" },
    h("p", { class: "back" }, h("a", { href: back }, "← All clusters")),
    heading(run, cluster, members, origin),
    line,
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Members" }, h("table", { class: "members" },
      h("thead", {}, h("tr", {}, ["Left", "Right", "Date", "Title and source", "Match", "Score", "In order"].map((name) => h("th", { scope: "col" }, name)))), rows)),
    more > 0 && h("p", { class: "note" }, `and ${count(more)} more`),
    h("div", { class: "bar" }, h("h3", {}, "Side by side"), pairLegend("passages" in run.members),
      h("span", { class: "buttons" }, h("button", { type: "button", onclick: () => step(-1), "aria-label": "Compare with the previous member" }, "‹"), h("button", { type: "button", onclick: () => step(1), "aria-label": "Compare with the next member" }, "›"),
        h("button", { type: "button", onclick: () => choose(shown.right, shown.left), "aria-label": "Exchange left and right" }, "⇄"))),
    pair);
  draw();
  const keys = { n: () => step(1), p: () => step(-1), x: () => choose(shown.right, shown.left), Escape: () => { window.location.hash = back; } };
  return { element, keys, update: draw };
}

/** Members in the order of their dates; those without one last. */
function sorted(run, members) {
  const { minute, precision } = run.documents;
  const key = (member) => {
    const document = run.members.document[member];
    return precision[document] ? minute[document] : Infinity;
  };
  return members.sort((x, y) => (key(x) === key(y) ? x - y : key(x) - key(y)));
}

function heading(run, cluster, members, origin) {
  const { clusters } = run, kind = clusters.kind[cluster];
  const documents = members.map((member) => run.members.document[member]);
  const sources = new Set(documents.map((document) => sourceOf(run, document)));
  const dated = documents.filter((document) => run.documents.precision[document]);
  const span = dated.length > 1 ? minutesBetween(run, dated[0], dated.at(-1)) : null;
  const facts = [counted(clusters.size[cluster], clusters.grain[cluster]), counted(sources.size, "source"), span !== null && `within ${delay(span)}`, `least similarity ${decimals(clusters.least[cluster] / 1000)}`, origin.agency !== null && `from ${agencyName(origin.agency)}`];
  return h("header", { class: "head" },
    data("h2", { id: "opened-title" }, titleOf(run, run.members.document[clusters.first[cluster]])),
    h("p", {}, kindMark(kind), ` ${KIND_TITLES[kind]}`, facts.filter((fact) => fact).map((fact) => ` · ${fact}`)),
    h("p", { class: "quiet" }, "cluster ", h("code", {}, visible(clusters.id[cluster]))));
}

/** Says that a member is likely the source of the others, and by what evidence; null if it is not. */
function sourceNote(run, { all, agency, own, first, kept }, member) {
  if (own.has(member)) return "likely source: the agency’s own text";
  if (agency !== null) return null;
  if (member === first) return "likely source: the earliest";
  const contains = (other, origin) => run.members.clue[other] === "containment" && run.members.origin[other] === origin;
  const isLonger = member === kept ? all.some((other) => contains(other, "representative")) : contains(member, "member");
  return first < 0 && isLonger ? "likely source: the longer text" : null;
}

/** The passages that the two shown members share, for each side, in the order of its text: known if one of them is the kept one. */
function passagesOf(run, kept, { left, right }) {
  const other = left === kept ? right : right === kept ? left : null;
  const numbers = (other !== null && run.members.passages?.[other]) || [];
  const own = [], ofKept = [];
  for (let n = 0; n < numbers.length; n += 4) {
    own.push([numbers[n], numbers[n + 1]]);
    ofKept.push([numbers[n + 2], numbers[n + 3]]);
  }
  return left === kept ? { left: ofKept, right: own } : { left: own, right: ofKept };
}

function memberRow(run, member, n, { kept, origin, shown, choose }) {
  const { members, documents } = run, document = members.document[member];
  const title = titleOf(run, document);
  const radio = (side, name) => h("td", { class: "pick" }, h("input", {
    type: "radio", name, checked: shown[side] === member, "aria-label": `${side === "left" ? "Left" : "Right"}: ${visible(title)}, ${visible(sourceOf(run, document))}`,
    onchange: () => (side === "left" ? choose(member, shown.right === member ? shown.left : shown.right) : choose(shown.left === member ? shown.right : shown.left, member)),
  }));
  const note = sourceNote(run, origin, member);
  const score = (column) => (member === kept ? "" : decimals(members[column][member] / 1000));
  const state = [member === shown.left && "is-left", member === shown.right && "is-right"].filter((name) => name).join(" ");
  return h("tr", { class: state || null, onclick: (event) => { if (event.target.tagName !== "INPUT" && member !== shown.left) choose(shown.left, member); } },
    radio("left", "left"), radio("right", "right"), h("td", { class: "date" }, time(documents.minute[document], documents.precision[document])),
    h("td", { class: "title" }, data("span", {}, title), data("span", { class: "quiet" }, sourceOf(run, document)), note && h("span", { class: "source-note" }, note)),
    h("td", {}, kindMark(members.kind[member])), h("td", { class: "number" }, score("score")), h("td", { class: "number" }, score("aligned")));
}

const LINE_WIDTH = 900, LINE_LEFT = 14;

/** The members along time: a dot for each, the kept one with a ring. */
function timeline(run, members, shown, choose) {
  const { documents } = run;
  const dated = members.filter((member) => documents.precision[run.members.document[member]]);
  if (dated.length < 2) return [];
  const minute = (member) => documents.minute[run.members.document[member]];
  const first = minute(dated[0]), last = minute(dated.at(-1));
  const x = (at) => LINE_LEFT + ((at - first) / Math.max(1, last - first)) * (LINE_WIDTH - 2 * LINE_LEFT);
  const rows = [];
  const dots = dated.map((member) => {
    const at = x(minute(member));
    let row = rows.findIndex((end) => at - end > 13);
    if (row < 0) row = rows.length < 5 ? rows.push(0) - 1 : rows.length - 1;
    rows[row] = at;
    const document = run.members.document[member];
    const told = `${visible(sourceOf(run, document))}, ${time(documents.minute[document], documents.precision[document])}`;
    const kind = run.members.kind[member] ?? "kept";
    const state = member === shown.left ? "is-left" : member === shown.right ? "is-right" : "";
    return svg("circle", { cx: at, cy: 14 + row * 13, r: 5, class: `point ${kind} ${state}`, onclick: () => { if (member !== shown.left) choose(shown.left, member); } }, svg("title", {}, told));
  });
  const height = 14 + rows.length * 13;
  const earliest = earliestOf(run, dated), document = run.members.document[earliest];
  const ends = [[LINE_LEFT, "start", time(first, documents.precision[run.members.document[dated[0]]])], [LINE_WIDTH - LINE_LEFT, "end", time(last, documents.precision[run.members.document[dated.at(-1)]])]];
  return [svg("svg", { viewBox: `0 0 ${LINE_WIDTH} ${height + 22}`, role: "img", "aria-label": `Members along time, the first in ${visible(sourceOf(run, document))}` },
    svg("line", { x1: LINE_LEFT, x2: LINE_WIDTH - LINE_LEFT, y1: height, y2: height, class: "axis" }), dots,
    ends.map(([at, anchor, text]) => svg("text", { x: at, y: height + 17, "text-anchor": anchor }, text)))];
}
