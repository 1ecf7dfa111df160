// Elements, and values as people read them. Data reaches the page as text only, through these functions.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/** Makes an HTML element. Strings among the children become text. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

const ACTING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Returns a text in which characters that act, such as those that turn the direction of writing, are seen instead. */
export function visible(text) {
  return text.replace(ACTING, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** Makes an element that holds data: its direction is its own. */
export function data(tag, attributes, text) {
  return h(tag, { dir: "auto", ...attributes }, visible(text));
}

const NUMBER = new Intl.NumberFormat("en");

/** 66827 as 66,827. */
export function count(n) {
  return NUMBER.format(n);
}

/** 1 document, 2 documents. */
export function counted(n, what, many) {
  return `${count(n)} ${n === 1 ? what : many ?? `${what}s`}`;
}

/** A share of 1 as a percentage. */
export function percent(share) {
  const hundredths = share * 100;
  return `${hundredths >= 10 || hundredths === 0 ? Math.round(hundredths) : hundredths.toFixed(1)}%`;
}

/** A share of 1 with two decimals. */
export function decimals(share) {
  return share.toFixed(2);
}

/** A number of bytes. */
export function bytes(n) {
  if (n < 1000) return `${n} B`;
  if (n < 1e6) return `${(n / 1e3).toFixed(1)} KB`;
  return n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(1)} GB`;
}

/** How much of a time is known. */
export const YEAR = 1, MONTH = 2, DAY = 3, TIME = 4;

/** Minutes since 1970 as a date, as precise as it is known; in UTC. */
export function time(minute, precision) {
  if (!precision) return "no date";
  const date = new Date(minute * 60_000);
  if (Number.isNaN(date.getTime())) return "no date";
  const iso = date.toISOString();
  const at = iso.indexOf("T");
  if (precision === YEAR) return iso.slice(0, at - 6);
  if (precision === MONTH) return iso.slice(0, at - 3);
  return precision === DAY ? iso.slice(0, at) : `${iso.slice(0, at)} ${iso.slice(at + 1, at + 6)}`;
}

/** Minutes as people say them: 40 min, 3 h, 2 days. */
export function delay(minutes) {
  const size = Math.abs(minutes);
  if (size < 90) return `${Math.round(minutes)} min`;
  if (size < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

/** The kinds of matches, closest first. */
export const KINDS = ["exact", "near", "excerpt", "reworded", "template"];

/** What each kind is. */
export const KIND_TITLES = {
  exact: "the same words",
  near: "the same text with small changes",
  excerpt: "a part of a longer text",
  reworded: "the same in other words",
  template: "the same frame with other facts",
};

/** The titles of the rules by their codes, which come with the data. */
export const RULES = {};

/** A kind, with the mark of its colour. */
export function kindMark(kind) {
  return h("span", { class: `kind ${kind ?? "kept"}` }, kind ?? "kept");
}

/** Tells people who do not see the page what changed. */
export function announce(text) {
  document.getElementById("status").textContent = text;
}
