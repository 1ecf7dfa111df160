// Plots, drawn as SVG. Each comes with its numbers as a table.
import { count, data, h, KINDS, percent, svg } from "./dom.js";

/** A plot with its title, a note, and its numbers as a table of rows. */
export function figure(title, note, drawing, head, rows) {
  const table = h("details", { class: "numbers" }, h("summary", {}, "The numbers"),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}: the numbers` }, h("table", {},
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, n) => (n === 0 ? data("th", { scope: "row" }, String(cell)) : h("td", {}, String(cell))))))))));
  return h("figure", { class: "plot" }, h("figcaption", {}, h("h2", {}, title), h("p", {}, note)), drawing, table);
}

const WIDTH = 560;

function frame(height, label, ...children) {
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label }, children);
}

function label(x, y, text, attributes) {
  return svg("text", { x, y, ...attributes }, text);
}

function line(x1, y1, x2, y2, name) {
  return svg("line", { x1, y1, x2, y2, class: name });
}

/** Powers of ten up to a number, with 1. */
function decades(most) {
  const found = [1];
  while (found.at(-1) * 10 <= most) found.push(found.at(-1) * 10);
  return found;
}

/** How many clusters there are of each size, both on a log scale. */
export function sizesPlot(sizes) {
  const counts = new Map();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const points = [...counts].sort((x, y) => x[0] - y[0]);
  const mostSize = Math.max(3, points.at(-1)?.[0] ?? 3), mostCount = Math.max(10, ...counts.values());
  const [left, right, top, bottom] = [52, WIDTH - 16, 14, 226];
  const x = (size) => left + (Math.log(size / 2) / Math.log(mostSize / 2)) * (right - left - 8) + 4;
  const y = (n) => bottom - (Math.log10(n) / Math.log10(mostCount)) * (bottom - top);
  const ticks = [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000].filter((size) => size <= mostSize);
  const drawing = frame(262, `${count(sizes.length)} clusters by size, the largest of ${count(mostSize)} documents`,
    decades(mostCount).map((n) => [line(left, y(n), right, y(n), "grid"), label(left - 8, y(n) + 4, count(n), { class: "end" })]),
    ticks.map((size) => label(x(size), bottom + 20, count(size), { class: "middle" })),
    label((left + right) / 2, bottom + 35, "documents in a cluster", { class: "middle quiet" }),
    points.map(([size, n]) => [
      svg("line", { x1: x(size), y1: bottom, x2: x(size), y2: y(n) - 0.01, class: "stem" }),
      svg("circle", { cx: x(size), cy: y(n), r: 4, class: "dot" }, svg("title", {}, `${count(n)} of ${count(size)}`)),
    ]));
  return { drawing, rows: points.map(([size, n]) => [count(size), count(n)]) };
}

/** How similar the pairs of each kind are: a strip for each kind. */
export function similarityPlot(similarity) {
  const kinds = KINDS.map((kind) => similarity.find((found) => found.kind === kind)).filter((found) => found);
  const [left, right, strip] = [82, WIDTH - 16, 46];
  const steps = kinds[0]?.counts.length ?? 1;
  const bottom = kinds.length * strip + 6;
  const x = (n) => left + (n / steps) * (right - left);
  const drawing = frame(bottom + 38, "How similar the pairs of each kind are",
    [0, 0.25, 0.5, 0.75, 1].map((at) => [line(x(at * steps), 4, x(at * steps), bottom, "grid"), label(x(at * steps), bottom + 18, at.toFixed(2), { class: "middle" })]),
    label((left + right) / 2, bottom + 33, "score of the pair", { class: "middle quiet" }),
    kinds.map(({ kind, counts }, row) => {
      const base = (row + 1) * strip, most = Math.max(1, ...counts);
      const height = (n) => (Math.sqrt(n) / Math.sqrt(most)) * (strip - 10);
      return [
        label(left - 10, base - 4, kind, { class: "end" }),
        counts.map((n, step) => n > 0 && svg("rect", { x: x(step) + 0.5, y: base - height(n), width: Math.max(1, (right - left) / steps - 1), height: height(n), class: `fill ${kind}` },
          svg("title", {}, `${kind}, ${(step / steps).toFixed(2)} to ${((step + 1) / steps).toFixed(2)}: ${count(n)}`))),
        line(left, base, right, base, "axis"),
      ];
    }));
  const rows = kinds.map(({ kind, counts }) => {
    const total = counts.reduce((sum, n) => sum + n, 0);
    return [kind, count(total), ...[0.1, 0.5, 0.9].map((share) => quantile(counts, share).toFixed(2))];
  });
  return { drawing, rows };
}

/** The score that a share of the counts lies below. */
function quantile(counts, share) {
  const total = counts.reduce((sum, n) => sum + n, 0);
  let below = 0;
  for (let n = 0; n < counts.length; n++) {
    below += counts[n];
    if (below >= share * total) return (n + 0.5) / counts.length;
  }
  return 1;
}

/** Bars of parts, one for each row: `{name, href, parts: [{name, value, class}], total}` with values as shares of the total. */
export function barsPlot(rows, title) {
  const [left, right, step] = [170, WIDTH - 52, 22];
  const most = Math.max(0.001, ...rows.map((row) => row.parts.reduce((sum, part) => sum + part.value, 0)));
  return frame(rows.length * step + 8, title, rows.map((row, n) => {
    let at = left;
    const sum = row.parts.reduce((all, part) => all + part.value, 0);
    const name = row.name.length > 24 ? `${row.name.slice(0, 23)}…` : row.name;
    return [
      label(left - 10, n * step + 16, name, { class: "end" }),
      row.parts.map((part) => {
        const width = (part.value / most) * (right - left);
        const bar = svg("rect", { x: at, y: n * step + 4, width: Math.max(0, width - 0.5), height: step - 7, class: `fill ${part.class}` },
          svg("title", {}, `${row.name}, ${part.name}: ${percent(part.value)}`));
        at += width;
        return bar;
      }),
      label(at + 6, n * step + 16, percent(sum), { class: "quiet" }),
    ];
  }));
}

/** Columns over days: all documents behind, copies of each kind before them. */
export function daysPlot(days) {
  const [left, right, top, bottom] = [52, WIDTH - 16, 12, 222];
  const most = Math.max(1, ...days.map((day) => day.documents));
  const width = (right - left) / Math.max(1, days.length);
  const y = (n) => bottom - (n / most) * (bottom - top);
  const ticks = niceTicks(most);
  const every = Math.max(1, Math.ceil(days.length / 6));
  return frame(256, "Documents and copies over time",
    ticks.map((n) => [line(left, y(n), right, y(n), "grid"), label(left - 8, y(n) + 4, count(n), { class: "end" })]),
    days.map((day, n) => {
      let base = bottom;
      const x = left + n * width, inner = Math.max(0.5, width - Math.min(2, width / 4));
      const told = `${day.name}: ${count(day.documents)} documents, ${count(day.copies)} copies`;
      return [
        svg("rect", { x, y: y(day.documents), width: inner, height: bottom - y(day.documents), class: "fill all" }, svg("title", {}, told)),
        KINDS.filter((kind) => day[kind] > 0).map((kind) => {
          const height = (day[kind] / most) * (bottom - top);
          base -= height;
          return svg("rect", { x, y: base, width: inner, height, class: `fill ${kind}` }, svg("title", {}, told));
        }),
        n % every === 0 && label(x + inner / 2, bottom + 20, day.name, { class: "middle" }),
      ];
    }));
}

/** A few round numbers up to the greatest. */
function niceTicks(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = most / power >= 5 ? power * 2 : most / power >= 2 ? power : power / 2;
  const found = [];
  for (let at = 0; at <= most; at += Math.max(1, step)) found.push(at);
  return found;
}

/** What the colours mean. */
export function legend(entries) {
  return h("ul", { class: "legend" }, entries.map(([name, text]) => h("li", {}, h("span", { class: `swatch ${name}`, "aria-hidden": "true" }), text)));
}
