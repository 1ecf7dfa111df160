// Searching titles, ids and sources from the start, and texts as soon as they are unpacked.
import { sourceOf } from "./data.js";

/** Texts that are longer in all are not searched: they would take too much memory. */
const MOST_SEARCHED_BYTES = 128 << 20;

const TYPED = { "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " " };

/** A text as it is searched: in lower case, with the quotes and dashes of a keyboard. Most texts then need one byte a letter. */
function searched(text) {
  return text.replace(/[‘’“”–—…\u00a0]/g, (c) => TYPED[c]).toLowerCase();
}

/** The words of a query as they are searched; what is in quotes is one. */
export function queryWords(query) {
  const found = searched(query).matchAll(/"([^"]+)"|[^\s"]+/g);
  return [...found].map((match) => (match[1] ?? match[0]).trim()).filter((word) => word);
}

/** Many texts in one string, which is searched much faster than each alone. */
export class Haystack {
  /** Takes documents by number, and a function from a document to what is searched of it. */
  constructor(documents, textOf) {
    this.documents = documents;
    this.starts = new Uint32Array(documents.length + 1);
    const texts = documents.map((document) => searched(textOf(document)));
    texts.forEach((text, n) => { this.starts[n + 1] = this.starts[n] + text.length + 1; });
    this.text = [...texts, ""].join("\n");
  }

  /** Adds `bit` to the marks of the documents that hold a word. */
  mark(word, marks, bit) {
    let at = this.text.indexOf(word), n = 0;
    while (at >= 0) {
      while (this.starts[n + 1] <= at) n++;
      if (at + word.length < this.starts[n + 1]) marks[this.documents[n]] |= bit;
      n++;
      at = n < this.documents.length ? this.text.indexOf(word, at < this.starts[n] ? this.starts[n] : at + 1) : -1;
    }
  }
}

export class Search {
  constructor(run, texts) {
    this.run = run;
    this.texts = texts;
    this.complete = false;
    const all = run.documents.id.map((_, document) => document);
    this.haystacks = [new Haystack(all, (document) => this.described(document))];
  }

  described(document) {
    const { title, id } = this.run.documents;
    return `${title[document]}\n${id[document]}\n${sourceOf(this.run, document)}`;
  }

  /** Unpacks the texts in the background and searches them too from then on. */
  async fill(idle) {
    const { documents } = this.run;
    const total = documents.text.reduce((sum, length) => sum + Math.max(length, 0), 0);
    if (total > MOST_SEARCHED_BYTES) return;
    const filled = [];
    for (let block = 0; block < documents.blocks.length; block++) {
      await idle();
      const first = documents.blocks[block];
      const next = documents.blocks[block + 1] ?? documents.id.length;
      const numbers = Array.from({ length: next - first }, (_, n) => first + n);
      const texts = await Promise.all(numbers.map((document) => this.texts.text(document)));
      filled.push(new Haystack(numbers, (document) => `${this.described(document)}\n${texts[document - first]}`));
    }
    this.haystacks = filled;
    this.complete = true;
  }

  /** Tells for each document whether it holds all words of a query; null for an empty query. */
  find(query) {
    const words = queryWords(query).slice(0, 30);
    if (words.length === 0) return null;
    const marks = new Uint32Array(this.run.documents.id.length);
    const all = 2 ** words.length - 1;
    for (const haystack of this.haystacks) {
      words.forEach((word, n) => haystack.mark(word, marks, 2 ** n));
    }
    return marks.map((mark) => (mark === all ? 1 : 0));
  }
}
