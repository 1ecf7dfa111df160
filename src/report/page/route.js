// Addresses: #/view/rest?name=value. Each view has one, with what is open and filtered in it.

/** The parts of the address. */
export function route(hash = window.location.hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [view, ...rest] = path.split("/");
  return { view: view || "summary", rest: rest.filter((part) => part).map(decoded), query: new URLSearchParams(query ?? "") };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view. Empty values are left out. */
export function address(view, rest = [], query = {}) {
  const entries = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const set = new URLSearchParams(entries.filter(([, value]) => value !== "" && value !== null && value !== undefined));
  const path = [view, ...rest.map((part) => encodeURIComponent(part))].join("/");
  return `#/${path}${[...set].length ? `?${set}` : ""}`;
}

/** Goes to an address. */
export function go(to) {
  window.location.hash = to;
}

/** Changes the address in place, without a new entry in the history. */
export function changeAddress(to) {
  window.history.replaceState(null, "", to);
}
