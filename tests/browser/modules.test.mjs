// The modules of the page that need no page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differing, sharedWords, wordsOf } from "../../src/report/page/diff.js";
import { delay, percent, time, visible } from "../../src/report/page/dom.js";
import { flowsOf, median } from "../../src/report/page/flows.js";
import { prepareRun } from "../../src/report/page/data.js";
import { stretches } from "../../src/report/page/texts.js";
import { Haystack, queryWords } from "../../src/report/page/search.js";
import { address, route } from "../../src/report/page/route.js";

/** The pieces of two texts: what differs in brackets. */
function marks(a, b) {
  const sides = [a, b].map((text) => (typeof text === "string" ? [{ text, aside: null }] : text));
  const words = sides.map(wordsOf);
  const shared = sharedWords(words[0], words[1]);
  const told = (side, flags) => differing(sides[side], words[side], flags).map(({ text, state }) => (state === "same" ? text : state === "aside" ? `(${text})` : `[${text}]`)).join("");
  return [told(0, shared.a), told(1, shared.b)];
}

test("words that differ are marked, and what is between marked words", () => {
  assert.deepEqual(marks("The ferry ran aground.", "The old ferry ran ashore."), ["The ferry ran [aground].", "The [old] ferry ran [ashore]."]);
  assert.deepEqual(marks("one two three", "one 2, 3 three"), ["one [two] three", "one [2, 3] three"]);
  assert.deepEqual(marks("", "new words"), ["", "[new words]"]);
  assert.deepEqual(marks("Same, SAME.", "same same"), ["Same, SAME.", "same same"]);
  assert.deepEqual(marks("渡輪擱淺", "渡船擱淺"), ["渡[輪]擱淺", "渡[船]擱淺"]);
});

test("boilerplate is not compared", () => {
  const a = [{ text: "It rained. ", aside: null }, { text: "Read more", aside: { rule: "FL202" } }];
  assert.deepEqual(marks(a, "It rained."), ["It rained. (Read more)", "It rained."]);
});

test("very long texts are aligned too", () => {
  const words = Array.from({ length: 6000 }, (_, n) => `w${(n * 7919) % 6007}`);
  const [a, b] = [words.join(" "), ["new", ...words.slice(0, 3000), "x", ...words.slice(3001)].join(" ")];
  const [left, right] = marks(a, b);
  assert.equal(left.match(/\[/g).length, 1);
  assert.equal(right.match(/\[/g).length, 2);
});

test("values as people read them", () => {
  assert.equal(time(29_541_600, 4), "2026-03-03 00:00");
  assert.equal(time(29_541_600, 2), "2026-03");
  assert.equal(time(0, 0), "no date");
  assert.deepEqual([40, 200, 5000].map(delay), ["40 min", "3 h", "3 days"]);
  assert.deepEqual([0, 0.004, 0.256].map(percent), ["0%", "0.4%", "26%"]);
  assert.equal(visible("a\u0000b\u202ec\n"), "a␀b⟨U+202E⟩c\n");
});

test("addresses come back as they went", () => {
  const rest = ["a/b c", "%", "ü?#"];
  const to = address("clusters", rest, { q: "x & y=\"z\"", kind: "", source: "ü.example" });
  const back = route(to);
  assert.deepEqual([back.view, back.rest, back.query.get("q"), back.query.get("source"), back.query.has("kind")], ["clusters", rest, "x & y=\"z\"", "ü.example", false]);
  assert.deepEqual(route("#/x/%E0%A4%A").rest, ["%E0%A4%A"]);
});

test("a haystack tells which documents hold a word", () => {
  const haystack = new Haystack([4, 2, 7], (n) => `Text ${n}${n === 7 ? " text Ende" : ""}`);
  const found = (word) => {
    const marked = new Uint32Array(10);
    haystack.mark(word, marked, 1);
    return [...marked.keys()].filter((n) => marked[n]);
  };
  assert.deepEqual(found("text"), [2, 4, 7]);
  assert.deepEqual(found("text 2"), [2]);
  assert.deepEqual(found("ende"), [7]);
  assert.deepEqual(found("4\ntext"), [], "a word does not go on in the next text");
  assert.deepEqual(queryWords("“It’s” X…"), ["it's", "x..."]);
  assert.deepEqual(queryWords('Rain "in  May" x'), ["rain", "in  may", "x"]);
});

function run(members, extra = {}) {
  const documents = members.map(({ source = -1, minute = 0, precision = 4, agency = -1 }) => ({ source, minute, precision, agency }));
  const column = (name) => documents.map((document) => document[name]);
  return prepareRun({
    sources: { name: ["a", "b", "c"] }, agencies: ["NAN"], reasons: [],
    documents: { id: members.map((_, n) => String(n)), title: members.map(() => ""), source: column("source"), minute: column("minute"), precision: column("precision"), agency: column("agency"), url: members.map(() => 0), text: members.map(() => 0), blocks: [0] },
    asides: { document: [] },
    clusters: { id: ["x"], grain: ["document"], kind: ["near"], size: [members.length] },
    members: {
      document: members.map((_, n) => n),
      kind: members.map((member, n) => (n === 0 ? null : member.kind ?? "near")),
      origin: members.map((member) => member.origin ?? "unknown"),
      clue: members.map((member) => member.clue ?? null),
    },
    ...extra,
  });
}

const copies = new Set(["exact", "near", "excerpt"]);

test("copies go from the earliest to the others, with the median delay", () => {
  const { edges } = flowsOf(run([{ source: 1, minute: 60 }, { source: 0, minute: 0 }, { source: 2, minute: 300 }, { source: 2, minute: 100, kind: "reworded" }]), copies);
  assert.deepEqual(edges, [{ from: "a", to: "b", copies: 1, delay: 60 }, { from: "a", to: "c", copies: 1, delay: 300 }]);
});

test("what credits an agency comes from the agency", () => {
  const { edges } = flowsOf(run([{ source: 1, minute: 60, agency: 0 }, { source: 0, minute: 0 }]), copies);
  assert.deepEqual(edges, [{ from: "NAN (agency)", to: "a", copies: 1, delay: null }, { from: "NAN (agency)", to: "b", copies: 1, delay: 60 }]);
});

test("an agency's own text is no copy of it, and dates the others", () => {
  const { edges } = flowsOf(run([{ source: 1, minute: 60, agency: 0 }, { source: 0, minute: 20, origin: "member", clue: "credit" }]), copies);
  assert.deepEqual(edges, [{ from: "NAN (agency)", to: "b", copies: 1, delay: 40 }]);
});

test("an excerpt without a date comes from the longer text", () => {
  const { edges } = flowsOf(run([{ source: 1, precision: 0 }, { source: 0, precision: 0, kind: "excerpt", origin: "representative", clue: "containment" }]), copies);
  assert.deepEqual(edges, [{ from: "b", to: "a", copies: 1, delay: null }]);
});

test("two texts of one day are in no order without a time of day", () => {
  assert.deepEqual(flowsOf(run([{ source: 1, minute: 0, precision: 3 }, { source: 0, minute: 60 }]), copies).edges, []);
  const { edges } = flowsOf(run([{ source: 1, minute: 0, precision: 3 }, { source: 0, minute: 1500 }]), copies);
  assert.deepEqual(edges, [{ from: "b", to: "a", copies: 1, delay: 1440 }]);
  assert.deepEqual(flowsOf(run([{ source: 1, minute: 0, precision: 2 }, { source: 0, minute: 90000 }]), copies).edges, []);
});

test("shared passages are kept together", () => {
  const bytes = new TextEncoder().encode("Read also: x. It rained in May and snowed in June.");
  const found = { bytes, asides: [{ start: 0, end: 13, rule: "FL201" }] };
  const cut = stretches(found, 0, bytes.length, [[14, 30], [41, 49]]);
  assert.deepEqual(cut.map(({ text, passage }) => [text, passage]), [["Read also: x.", 0], [" ", 0], ["It rained in May", 1], [" and snowed", 0], [" in June", 2], [".", 0]]);
  const across = stretches(found, 0, bytes.length, [[5, 30]]);
  assert.deepEqual(stretches(found, 0, bytes.length, [[0, 9], [14, 30]]).map(({ passage }) => passage), [0, 0, 2, 0]);
  assert.deepEqual(across.map(({ text, passage }) => [text, passage]), [["Read also: x.", 0], [" It rained in May", 1], [" and snowed in June.", 0]]);
});

test("without dates nothing is known of who copies whom", () => {
  assert.deepEqual(flowsOf(run([{ source: 1, precision: 0 }, { source: 0, precision: 0 }]), copies).edges, []);
  assert.deepEqual(flowsOf(run([{ source: 1, precision: 0 }, { source: 0, minute: 5 }]), copies).edges, []);
  assert.equal(median([]), null);
  assert.equal(median([3, 1, 2, 10]), 2.5);
});
