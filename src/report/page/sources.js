// Who copies whom: a matrix, a graph and a table of the sources.
import { count, counted, data, delay, h, svg, visible } from "./dom.js";
import { COPIES, flowsOf, isAgency } from "./flows.js";
import { address, changeAddress, route } from "./route.js";

/** Sources in the matrix, sources and arrows in the graph, and rows of the table. */
const MATRIX = 24, AGENCIES = 6, NODES = 22, ARROWS = 130, ROWS = 200;

export function sourcesView(run) {
  const body = h("div", {});
  const element = h("div", { class: "page" }, h("div", { class: "lead" }, h("h1", {}, "Who copies whom"),
    h("p", {}, "Where members of a cluster credit a news agency, they count as copies of its text. Else the earliest member is the source of those that are known to be later, and a longer text that of its undated excerpts. Dates are those that the sources give, so a direction is a hint and no proof.")), body);
  const flows = new Map();
  const update = () => {
    const { query } = route();
    const reworded = query.get("reworded") === "yes";
    if (!flows.has(reworded)) flows.set(reworded, flowsOf(run, new Set(reworded ? [...COPIES, "reworded"] : COPIES)));
    body.replaceChildren(...content(run, flows.get(reworded), query));
  };
  update();
  return { element, title: "Who copies whom", update };
}

function content(run, flows, query) {
  if (flows.edges.length === 0) return [h("p", { class: "empty" }, "Nothing is known of who copies whom: no copies have dates, credit an agency, or are excerpts.")];
  const as = query.get("as") ?? "matrix", chosen = query.get("source") ?? "";
  const to = (changes) => address("sources", [], { ...Object.fromEntries(query), ...changes });
  const tab = (name, text) => h("a", { href: to({ as: name === "matrix" ? "" : name }), "aria-current": as === name ? "true" : null }, text);
  const reworded = h("label", { class: "check" }, h("input", {
    type: "checkbox", checked: query.get("reworded") === "yes", onchange: (event) => { changeAddress(to({ reworded: event.target.checked ? "yes" : "" })); window.dispatchEvent(new HashChangeEvent("hashchange")); },
  }), "count rewordings too");
  const drawing = { matrix: () => matrix(flows, chosen, to), graph: () => graph(flows, chosen, to), table: () => table(flows) }[as] ?? (() => matrix(flows, chosen, to));
  return [
    h("div", { class: "bar" }, h("nav", { class: "tabs", "aria-label": "Shown as" }, tab("matrix", "Matrix"), tab("graph", "Graph"), tab("table", "Table")), reworded),
    h("div", { class: chosen ? "with-side" : "" }, drawing(), chosen && side(flows, chosen, to)),
  ];
}

/** Rows copy from, columns to. */
function matrix(flows, chosen, to) {
  const names = flows.names.filter((name) => !isAgency(name)).slice(0, MATRIX);
  const givers = [...flows.names.filter(isAgency).slice(0, AGENCIES), ...names];
  const edges = new Map(flows.edges.map((edge) => [JSON.stringify([edge.from, edge.to]), edge]));
  const most = Math.max(1, ...flows.edges.map((edge) => edge.copies));
  const cell = (from, into) => {
    const edge = edges.get(JSON.stringify([from, into]));
    if (!edge) return h("td", { class: from === into ? "own" : null });
    const strength = Math.log(1 + edge.copies) / Math.log(1 + most);
    const told = `${visible(from)} → ${visible(into)}: ${counted(edge.copies, "copy", "copies")}${edge.delay === null ? "" : `, median delay ${delay(edge.delay)}`}`;
    return h("td", { class: from === into ? "own" : null, style: `--strength: ${strength.toFixed(3)}` },
      h("a", { href: address("clusters", [], { from, to: into }), title: told, "aria-label": told }, count(edge.copies)));
  };
  const more = flows.names.length - givers.length;
  return h("div", {}, h("div", { class: "scroll matrix", tabindex: "0", role: "region", "aria-label": "Matrix of sources" }, h("table", {},
    h("caption", {}, `Copies from the source of each row to the source of each column${more > 0 ? `; the ${givers.length} busiest of ${flows.names.length}` : ""}. Numbers lead to the clusters.`),
    h("thead", {}, h("tr", {}, h("td", { class: "corner" }, "from ↓ to →"), names.map((name) => h("th", { scope: "col" }, h("span", {}, visible(name)))))),
    h("tbody", {}, givers.map((from) => h("tr", { class: from === chosen ? "chosen" : null }, h("th", { scope: "row" }, h("a", { href: to({ source: from }), dir: "auto" }, visible(from))), names.map((into) => cell(from, into))))))));
}

const SIZE = 760, RADIUS = 250;

/** Sources on a circle; an arrow is broad where the text comes from and thin where it goes. */
function graph(flows, chosen, to) {
  const names = [...flows.names.filter(isAgency).slice(0, 2), ...flows.names.filter((name) => !isAgency(name))].slice(0, NODES);
  if (chosen && !names.includes(chosen) && flows.names.includes(chosen)) names[names.length - 1] = chosen;
  const place = new Map(names.map((name, n) => [name, (n / names.length) * 2 * Math.PI - Math.PI / 2]));
  const point = (name, radius) => [SIZE / 2 + radius * Math.cos(place.get(name)), SIZE / 2 + radius * Math.sin(place.get(name))];
  const shown = flows.edges.filter(({ from, to: into }) => from !== into && place.has(from) && place.has(into));
  const of = chosen ? shown.filter(({ from, to: into }) => from === chosen || into === chosen) : shown.slice(0, ARROWS);
  const most = Math.max(1, ...of.map((edge) => edge.copies));
  const arrows = of.map((edge) => {
    const told = `${visible(edge.from)} → ${visible(edge.to)}: ${counted(edge.copies, "copy", "copies")}`;
    const name = !chosen ? "arrow" : edge.from === chosen ? "arrow out" : "arrow in";
    return svg("path", { d: taper(point(edge.from, RADIUS), point(edge.to, RADIUS), 1.2 + 11 * Math.sqrt(edge.copies / most)), class: name }, svg("title", {}, told));
  });
  const busiest = Math.max(1, ...names.map((name) => (flows.out.get(name) ?? 0) + (flows.into.get(name) ?? 0)));
  const nodes = names.map((name) => {
    const [x, y] = point(name, RADIUS), [tx, ty] = point(name, RADIUS + 18), angle = place.get(name);
    const given = flows.out.get(name) ?? 0, taken = flows.into.get(name) ?? 0;
    const end = Math.cos(angle) < -0.05 ? "end" : Math.cos(angle) > 0.05 ? "start" : "middle";
    const shortened = name.length > 26 ? `${name.slice(0, 25)}…` : name;
    return svg("a", { href: to({ source: name === chosen ? "" : name }), class: `node ${name === chosen ? "chosen" : ""} ${isAgency(name) ? "agency" : ""}`, "aria-label": `${visible(name)}: copied by others ${count(given)} times, copies others ${count(taken)} times` },
      svg("circle", { cx: x, cy: y, r: 3 + 9 * Math.sqrt((given + taken) / busiest) }), svg("text", { x: tx, y: ty + 4, "text-anchor": end }, visible(shortened)));
  });
  return h("div", { class: "graph" }, svg("svg", { viewBox: `-90 40 ${SIZE + 180} ${SIZE - 80}`, role: "group", "aria-label": "Graph of sources" }, arrows, nodes),
    h("p", { class: "quiet" }, `The ${names.length} busiest sources${chosen ? "" : `, and the ${Math.min(ARROWS, of.length)} strongest of ${shown.length} ties between them`}. An arrow is broad where a text comes from and thin where it is copied. Choose a source to see its own.`));
}

/** A bent shape from one point to another that grows thinner on its way. */
function taper([x1, y1], [x2, y2], width) {
  const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const bend = 0.55;
  const [cx, cy] = [mx + (SIZE / 2 - mx) * bend, my + (SIZE / 2 - my) * bend];
  const length = Math.hypot(cx - x1, cy - y1) || 1;
  const [nx, ny] = [(-(cy - y1) / length) * (width / 2), ((cx - x1) / length) * (width / 2)];
  const p = (n) => n.toFixed(1);
  return `M${p(x1 + nx)} ${p(y1 + ny)}Q${p(cx + nx / 2)} ${p(cy + ny / 2)} ${p(x2)} ${p(y2)}Q${p(cx - nx / 2)} ${p(cy - ny / 2)} ${p(x1 - nx)} ${p(y1 - ny)}Z`;
}

/** What one source gives and takes. */
function side(flows, name, to) {
  const part = (title, edges, other, clusters) => [h("h3", {}, title), edges.length === 0 ? h("p", { class: "quiet" }, "nothing") : h("ol", { class: "ties" }, edges.slice(0, 12).map((edge) =>
    h("li", {}, h("a", { href: to({ source: edge[other] }), dir: "auto" }, visible(edge[other])), h("a", { href: address("clusters", [], clusters(edge)), "aria-label": counted(edge.copies, "copy", "copies") }, count(edge.copies)), h("small", {}, edge.delay === null ? "" : delay(edge.delay)))))];
  const own = flows.edges.find((edge) => edge.from === name && edge.to === name);
  return h("aside", { class: "side", "aria-label": "The chosen source" },
    h("h2", { dir: "auto" }, visible(name), h("a", { class: "close", href: to({ source: "" }), "aria-label": "Close" }, "×")),
    part("Copied from it", flows.edges.filter((edge) => edge.from === name && edge.to !== name), "to", (edge) => ({ from: edge.from, to: edge.to })),
    part("It copied from", flows.edges.filter((edge) => edge.to === name && edge.from !== name), "from", (edge) => ({ from: edge.from, to: edge.to })),
    own && h("p", {}, `It repeats itself ${counted(own.copies, "time")}.`));
}

function table(flows) {
  const shown = flows.edges.filter((edge) => edge.from !== edge.to).slice(0, ROWS);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of sources" }, h("table", { class: "plain" },
    h("caption", {}, `The ${shown.length} strongest ties between sources.`),
    h("thead", {}, h("tr", {}, ["From", "To", "Copies", "Median delay"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, shown.map((edge) => h("tr", {}, data("td", {}, edge.from), data("td", {}, edge.to),
      h("td", {}, h("a", { href: address("clusters", [], { from: edge.from, to: edge.to }) }, count(edge.copies))), h("td", {}, edge.delay === null ? "not known" : delay(edge.delay)))))));
}
