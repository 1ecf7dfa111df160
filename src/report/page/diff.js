// The words in which two texts differ.

/** Words of any script; characters one by one where words are not parted by spaces. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{N}\p{M}]+(?:['’.][\p{L}\p{N}\p{M}]+)*/gu;

/** Cells of the table by which two texts are aligned; longer ones are cut at words that each has once. */
const MOST_CELLS = 4_000_000;

/** The words of stretches that are body, with their places: `{word, stretch, start, end}`. */
export function wordsOf(stretches) {
  const words = [];
  stretches.forEach(({ text, aside }, stretch) => {
    if (aside) return;
    for (const match of text.matchAll(WORD)) {
      const word = match[0].normalize("NFKC").toLowerCase().replaceAll("’", "'");
      words.push({ word, stretch, start: match.index, end: match.index + match[0].length });
    }
  });
  return words;
}

/** Marks the words of two texts that stand in the other in the same order: two arrays of booleans. */
export function sharedWords(a, b) {
  const shared = { a: new Uint8Array(a.length), b: new Uint8Array(b.length) };
  align(a.map((word) => word.word), b.map((word) => word.word), 0, 0, shared);
  return shared;
}

function align(a, b, fromA, fromB, shared) {
  let head = 0, tail = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    mark(shared, fromA + head, fromB + head);
    head++;
  }
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
    mark(shared, fromA + a.length - 1 - tail, fromB + b.length - 1 - tail);
    tail++;
  }
  const restA = a.slice(head, a.length - tail), restB = b.slice(head, b.length - tail);
  if (restA.length === 0 || restB.length === 0) return;
  if (restA.length * restB.length <= MOST_CELLS) {
    longestCommon(restA, restB, fromA + head, fromB + head, shared);
    return;
  }
  const anchors = anchorsOf(restA, restB);
  let atA = 0, atB = 0;
  for (const [i, j] of [...anchors, [restA.length, restB.length]]) {
    const partA = restA.slice(atA, i), partB = restB.slice(atB, j);
    if (partA.length * partB.length <= MOST_CELLS) align(partA, partB, fromA + head + atA, fromB + head + atB, shared);
    if (i < restA.length) mark(shared, fromA + head + i, fromB + head + j);
    [atA, atB] = [i + 1, j + 1];
  }
}

function mark(shared, i, j) {
  shared.a[i] = 1;
  shared.b[j] = 1;
}

/** The longest common subsequence, by the table of its lengths. */
function longestCommon(a, b, fromA, fromB, shared) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] = a[i] === b[j] ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const at = i * width + j;
    if (a[i] === b[j]) mark(shared, fromA + i++, fromB + j++);
    else if (lengths[at + width] >= lengths[at + 1]) i++;
    else j++;
  }
}

/** Words that both texts have once, in the longest order that is that of both. */
function anchorsOf(a, b) {
  const once = (words) => {
    const places = new Map();
    words.forEach((word, n) => places.set(word, places.has(word) ? -1 : n));
    return places;
  };
  const [inA, inB] = [once(a), once(b)];
  const pairs = [...inA].filter(([word, i]) => i >= 0 && (inB.get(word) ?? -1) >= 0).map(([word, i]) => [i, inB.get(word)]);
  const ends = [], before = new Array(pairs.length).fill(-1);
  pairs.forEach(([, j], n) => {
    let low = 0, high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]][1] < j) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[n] = ends[low - 1];
    ends[low] = n;
  });
  const found = [];
  for (let n = ends.at(-1) ?? -1; n >= 0; n = before[n]) found.push(pairs[n]);
  return found.reverse();
}

/**
 * Cuts stretches at the words that are not shared: `{text, state, aside, passage}`, where the state is "same", "changed" or "aside".
 * Changed words that follow each other are one piece, with what is between them.
 */
export function differing(stretches, words, shared) {
  const pieces = [];
  let n = 0;
  stretches.forEach(({ text, aside, passage }, stretch) => {
    const push = (text, state, aside) => { if (text) pieces.push({ text, state, aside, passage: passage ?? 0 }); };
    if (aside) return push(text, "aside", aside);
    let at = 0;
    while (n < words.length && words[n].stretch === stretch) {
      if (shared[n]) {
        n++;
        continue;
      }
      const { start } = words[n];
      let { end } = words[n++];
      while (n < words.length && words[n].stretch === stretch && !shared[n]) end = words[n++].end;
      push(text.slice(at, start), "same", null);
      push(text.slice(start, end), "changed", null);
      at = end;
    }
    push(text.slice(at), "same", null);
  });
  return pieces;
}
