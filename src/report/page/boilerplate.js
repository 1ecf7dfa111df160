// Boilerplate: what sources repeat, and the links that are inserted into texts.
import { announce, count, counted, data, decimals, h, RULES, visible } from "./dom.js";
import { sourceName } from "./flows.js";
import { sourceOf, titleOf } from "./data.js";
import { LongList } from "./list.js";
import { address, changeAddress, go, route } from "./route.js";
import { slice } from "./texts.js";

/** Bytes of the text that are shown on each side of a piece. */
const CONTEXT_BYTES = 220;

export function boilerplateView(run, texts) {
  const state = { tab: null, order: [], open: -1 };
  const links = () => state.tab === "links";
  const list = new LongList({ label: "Boilerplate", height: 76, row: (n) => (links() ? linkRow(run, state.order[n], texts) : groupRow(run, state.order[n])) });
  const option = (value, text) => h("option", { value }, text);
  const changed = () => {
    changeAddress(address("boilerplate", route().rest.slice(0, 1), { q: q.value, rule: rule.value, source: source.value, action: action.value }));
    refresh();
  };
  const q = h("input", { type: "search", placeholder: "Search boilerplate", "aria-label": "Search boilerplate", oninput: changed, autocomplete: "off" });
  const select = (name, options) => h("select", { "aria-label": name, onchange: changed }, options);
  const rule = select("Rule", [option("", "All rules"), ...new Set(run.groups.map((group) => group.rule))].map((code) => (typeof code === "string" ? option(code, RULES[code] ?? code) : code)));
  const source = select("Source", [option("", "All sources"), ...run.sources.name.slice(0, 5000).map((name) => option(name, visible(name)))]);
  const gone = run.cleaned ? "Removed" : "Certain";
  const action = select("Action", [option("", "All"), option("removed", gone), option("marked", "Only marked")]);
  const tab = (name, path, text) => h("a", { href: address("boilerplate", path), "data-tab": name }, text);
  const tabs = h("nav", { class: "tabs", "aria-label": "Boilerplate" }, tab("lines", [], "What repeats"), tab("links", ["links"], `Inserted links, ${count(run.links.length + run.more_links)}`));
  const found = h("p", { class: "found" });
  const detail = h("div", { class: "detail", tabindex: "0", role: "region", "aria-label": "The open line" });
  const element = h("div", { class: "split" }, h("section", { class: "list", "aria-label": "List of boilerplate" }, h("h1", { class: "hidden" }, "Boilerplate"), tabs,
    h("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() }, q, h("div", { class: "filters" }, rule, source, action)), found, list.element), detail);

  const refresh = () => {
    const { query } = route();
    state.order = links() ? filteredLinks(run, query) : filteredGroups(run, query);
    list.show(state.order.length);
    const more = links() ? run.more_links : run.more_groups;
    const text = links() ? counted(state.order.length, "inserted link") : counted(state.order.length, "group");
    found.textContent = `${text}${more > 0 ? `; ${count(more)} more, of the rarest, are not listed` : ""}`;
    announce(text);
  };
  const update = () => {
    const { rest, query } = route();
    const now = rest[0] === "links" ? "links" : "lines";
    for (const [control, name] of [[q, "q"], [rule, "rule"], [source, "source"], [action, "action"]]) control.value = query.get(name) ?? "";
    state.tab = now;
    rule.hidden = links();
    for (const link of tabs.children) {
      if (link.dataset.tab === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    refresh();
    const open = rest[links() ? 1 : 0];
    state.open = open === undefined ? -1 : state.order.indexOf(Number(open));
    element.classList.toggle("has-open", open !== undefined);
    list.select(state.open);
    const back = address("boilerplate", links() ? ["links"] : [], query);
    if (state.open < 0) detail.replaceChildren(h("div", { class: "placeholder" }, h("p", {}, "Choose a line to see it in its texts.")));
    else if (links()) showLink(run, texts, detail, run.links[state.order[state.open]], back);
    else showGroup(run, texts, detail, run.groups[state.order[state.open]], back);
  };
  const move = (by) => {
    const next = Math.min(state.order.length - 1, Math.max(0, state.open + by));
    if (state.order.length > 0) go(address("boilerplate", links() ? ["links", state.order[next]] : [state.order[next]], route().query));
  };
  update();
  const onKey = (key) => {
    if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "/") q.focus();
    else if (key === "Escape") go(address("boilerplate", links() ? ["links"] : [], route().query));
    else return false;
    return true;
  };
  return { element, title: "Boilerplate", update, onKey, close: () => list.close(), wide: true };
}

function passes(query, source, removed, marked) {
  const action = query.get("action");
  return (!query.get("source") || query.get("source") === source) && (!action || (action === "removed" ? removed : marked));
}

function filteredGroups(run, query) {
  const word = (query.get("q") ?? "").toLowerCase(), rule = query.get("rule");
  const keep = (group) => (!rule || group.rule === rule) && (!word || group.text.toLowerCase().includes(word)) && passes(query, sourceName(run, group.source), group.removed > 0, group.marked > 0);
  return run.groups.map((_, n) => n).filter((n) => keep(run.groups[n]));
}

function filteredLinks(run, query) {
  const word = (query.get("q") ?? "").toLowerCase();
  const keep = (link) => passes(query, sourceOf(run, link.document), link.removed, !link.removed) && (!word || titleOf(run, link.document).toLowerCase().includes(word) || run.reasons[link.reason].toLowerCase().includes(word));
  return run.links.map((_, n) => n).filter((n) => keep(run.links[n]));
}

/** A pattern, in which a word stands for the title of each document. */
function patternOf(text) {
  return text.split("{title}").flatMap((part, n) => [n > 0 && h("span", { class: "slot" }, "headline"), visible(part)]);
}

function groupRow(run, n) {
  const group = run.groups[n];
  return h("a", { class: "row", href: address("boilerplate", [n], route().query) },
    h("span", { class: "size" }, count(group.removed + group.marked)),
    h("span", { class: "what" }, h("span", { class: "row-title", dir: "auto" }, patternOf(group.text)),
      h("span", { class: "row-facts" }, `${RULES[group.rule] ?? group.rule} · `, h("span", { dir: "auto" }, visible(sourceName(run, group.source))))));
}

function linkRow(run, n, texts) {
  const link = run.links[n];
  const title = h("span", { class: "row-title", dir: "auto" }, "…");
  texts.of(link.document).then(({ bytes }) => { title.textContent = bytes ? visible(slice(bytes, link.start, link.end)) : "text left out"; });
  return h("a", { class: "row", href: address("boilerplate", ["links", n], route().query) },
    h("span", { class: `size ${link.removed ? "gone" : ""}` }, link.removed ? (run.cleaned ? "removed" : "certain") : "marked"),
    h("span", { class: "what" }, title, h("span", { class: "row-facts" }, h("span", { dir: "auto" }, visible(sourceOf(run, link.document))), ` · ${run.reasons[link.reason]}`)));
}

function showGroup(run, texts, detail, group, back) {
  const gone = run.cleaned ? "removed" : "certain";
  const examples = h("div", {});
  detail.replaceChildren(h("section", { class: "opened" }, h("p", { class: "back" }, h("a", { href: back }, "← All boilerplate")),
    h("header", { class: "head" }, h("h2", { dir: "auto" }, patternOf(group.text)),
      h("p", {}, `${group.rule} ${RULES[group.rule] ?? ""} · `, h("span", { dir: "auto" }, visible(sourceName(run, group.source))), ` · ${count(group.removed)} ${gone}, ${count(group.marked)} only marked`),
      h("p", { class: "quiet" }, visible(run.reasons[group.reason] ?? ""))), h("h3", {}, "In its texts"), examples));
  for (const [document, start, end] of group.examples) examples.append(inContext(run, texts, document, start, end));
}

function showLink(run, texts, detail, link, back) {
  detail.replaceChildren(h("section", { class: "opened" }, h("p", { class: "back" }, h("a", { href: back }, "← All inserted links")),
    h("header", { class: "head" }, data("h2", {}, titleOf(run, link.document)),
      h("p", {}, `${link.removed ? (run.cleaned ? "Removed" : "Certain") : "Only marked"}, ${decimals(link.score / 1000)} · ${visible(run.reasons[link.reason])}`)), inContext(run, texts, link.document, link.start, link.end)));
}

/** A piece with the text around it. */
function inContext(run, texts, document, start, end) {
  const body = h("div", { class: "text", dir: "auto", lang: "" });
  texts.of(document).then(({ bytes }) => {
    if (!bytes) return body.append("The text is left out of this page, to keep it small.");
    const from = boundary(bytes, Math.max(0, start - CONTEXT_BYTES)), to = boundary(bytes, Math.min(bytes.length, end + CONTEXT_BYTES));
    body.append(from > 0 ? "… " : "", visible(slice(bytes, from, start)), h("mark", {}, visible(slice(bytes, start, end))), visible(slice(bytes, end, to)), to < bytes.length ? " …" : "");
  });
  return h("article", { class: "example" }, h("header", {}, data("h4", {}, titleOf(run, document)), h("p", { class: "quiet" }, h("span", { dir: "auto" }, visible(sourceOf(run, document))), " · ", data("code", {}, run.documents.id[document]))), body);
}

/** The first byte from here on that begins a character. */
function boundary(bytes, at) {
  while (at < bytes.length && (bytes[at] & 0xc0) === 0x80) at++;
  return at;
}
