// The texts of documents, unpacked a block at a time when they are asked for.
import { unpack } from "./data.js";

const DECODER = new TextDecoder();

export class Texts {
  constructor(run) {
    this.run = run;
    this.blocks = new Map();
  }

  /** The bytes of a block. */
  block(number) {
    if (!this.blocks.has(number)) this.blocks.set(number, unpack(`texts-${number}`));
    return this.blocks.get(number);
  }

  /** A document: its address, its text as bytes (null if it was left out), and what is not body in it. */
  async of(document) {
    const { documents, asides } = this.run;
    const block = await this.block(documents.block[document]);
    const at = documents.place[document];
    const start = at + documents.url[document];
    const length = documents.text[document];
    const pieces = [];
    for (let n = asides.first[document]; n < asides.first[document + 1]; n++) {
      pieces.push({ start: asides.start[n], end: asides.end[n], rule: asides.rule[n], reason: this.run.reasons[asides.reason[n]] });
    }
    return {
      document,
      url: DECODER.decode(block.subarray(at, start)),
      bytes: length < 0 ? null : block.subarray(start, start + length),
      asides: pieces,
    };
  }

  /** The text of a document as it is. */
  async text(document) {
    const { bytes } = await this.of(document);
    return bytes ? DECODER.decode(bytes) : "";
  }
}

/** The text from one byte to another. */
export function slice(bytes, start, end) {
  return DECODER.decode(bytes.subarray(start, end));
}

/**
 * Cuts a piece of a document into stretches of body and of what is not: `{text, aside, passage}`. `passages` are `[start, end]` in
 * their order; a stretch has the number of its passage from 1, and 0 outside of them and in what is not body.
 */
export function stretches(found, start, end, passages = []) {
  const cut = [];
  let at = start, next = 0;
  const piece = (to, aside, passage) => {
    if (to > at) cut.push({ text: slice(found.bytes, at, to), aside, passage });
    at = Math.max(at, to);
  };
  const push = (to, aside) => {
    if (aside) {
      while (next < passages.length && passages[next][1] <= to) next++;
      return piece(to, aside, 0);
    }
    while (next < passages.length && passages[next][0] < to) {
      const [from, until] = passages[next];
      piece(from, null, 0);
      piece(Math.min(until, to), null, next + 1);
      if (until > to) return;
      next++;
    }
    piece(to, null, 0);
  };
  for (const aside of found.asides) {
    if (aside.end <= at || aside.start >= end) continue;
    push(Math.max(aside.start, at), null);
    push(Math.min(aside.end, end), aside);
  }
  push(end, null);
  return cut;
}
