// Two pieces side by side: the words that differ marked, boilerplate greyed.
import { data, h, RULES, time, visible } from "./dom.js";
import { sourceOf, titleOf } from "./data.js";
import { differing, sharedWords, wordsOf } from "./diff.js";
import { stretches } from "./texts.js";

/** Fills an element with two pieces, `{document, start, end, note, passages}`; passages are as `stretches` takes them. */
export async function showPair(run, texts, element, left, right) {
  const ticket = Symbol();
  element.ticket = ticket;
  const [a, b] = await Promise.all([texts.of(left.document), texts.of(right.document)]);
  if (element.ticket !== ticket) return;
  const sides = [[a, left], [b, right]].map(([found, piece]) => (found.bytes ? stretches(found, piece.start, piece.end, piece.passages) : []));
  const words = sides.map(wordsOf);
  const shared = sharedWords(words[0], words[1]);
  const pieces = [differing(sides[0], words[0], shared.a), differing(sides[1], words[1], shared.b)];
  element.replaceChildren(column(run, a, left, pieces[0], "left"), column(run, b, right, pieces[1], "right"));
}

function column(run, found, piece, pieces, side) {
  const { documents } = run, { document } = piece;
  const id = documents.id[document];
  const facts = [h("span", { class: "source", dir: "auto" }, visible(sourceOf(run, document))), time(documents.minute[document], documents.precision[document])];
  const agency = documents.agency[document];
  if (agency >= 0) facts.push(`credits ${run.agencies[agency]}`);
  const body = found.bytes
    ? h("div", { class: "text", dir: "auto", lang: "" }, inPassages(pieces, side))
    : h("p", { class: "note" }, "The text is left out of this page, to keep it small.");
  return h("article", { class: `text-side ${side}`, "aria-label": side === "left" ? "Left text" : "Right text" },
    h("header", {}, data("h4", {}, titleOf(run, document)), h("p", {}, facts.map((fact, n) => [n > 0 && " · ", fact]), piece.note && [" · ", piece.note]),
      h("p", { class: "quiet" }, data("code", {}, id), link(found.url))), body);
}

/** A link to where the document was; only of the web. */
function link(url) {
  if (!/^https?:\/\//i.test(url)) return null;
  return [" ", h("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, "original ↗")];
}

/** The pieces of a text, those of one passage together after its number, which leads to the passage in the other text. */
function inPassages(pieces, side) {
  const parts = [];
  let open = null;
  for (const piece of pieces) {
    if (piece.passage === 0) {
      open = null;
      parts.push(marked(piece, side));
      continue;
    }
    if (open?.number !== piece.passage) {
      const number = piece.passage;
      const mark = h("button", { type: "button", class: "passage-mark", "aria-label": `Shared passage ${number}: show it in the other text`, onclick: (event) => showPassage(event.target, number) }, String(number));
      open = { number, element: h("span", { class: "passage", "data-passage": number }, mark) };
      parts.push(open.element);
    }
    open.element.append(marked(piece, side));
  }
  return parts;
}

/** Marks a passage in both texts and scrolls to it in the other one. */
function showPassage(mark, number) {
  const pair = mark.closest(".pair"), own = mark.closest(".text-side");
  for (const passage of pair.querySelectorAll(".passage")) {
    const is = passage.dataset.passage === String(number);
    passage.classList.toggle("is-held", is);
    if (is && passage.closest(".text-side") !== own) passage.scrollIntoView({ block: "nearest" });
  }
}

function marked({ text, state, aside }, side) {
  if (state === "same") return visible(text);
  if (state === "aside") return h("span", { class: "aside", title: `${RULES[aside.rule] ?? aside.rule}: ${aside.reason}` }, visible(text));
  return h(side === "left" ? "del" : "ins", {}, visible(text));
}

/** What the marks mean. */
export function pairLegend(passages = false) {
  return h("p", { class: "pair-legend quiet" }, h("del", {}, "only left"), " ", h("ins", {}, "only right"), " ", h("span", { class: "aside" }, "boilerplate, not compared"),
    passages && h("span", {}, h("span", { class: "passage-mark" }, "1"), "a passage that both share"));
}
