// Starts the page: unpacks the data, shows the view that the address names, and listens to keys.
import { h } from "./dom.js";
import { loadRun } from "./data.js";
import { Texts } from "./texts.js";
import { Search } from "./search.js";
import { route } from "./route.js";
import { summaryView } from "./summary.js";
import { sourcesView } from "./sources.js";
import { clustersView } from "./clusters.js";
import { boilerplateView } from "./boilerplate.js";
import { missesView } from "./misses.js";
import { explainedView } from "./explained.js";

const THEMES = ["auto", "light", "dark"];

function setTheme(theme) {
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = theme;
  const button = document.getElementById("theme");
  button.textContent = { auto: "◐", light: "○", dark: "●" }[theme];
  button.setAttribute("aria-label", `Colours: ${{ auto: "as the system", light: "light", dark: "dark" }[theme]}`);
  try {
    window.localStorage.setItem("flong-theme", theme);
  } catch {
    // A page from a file may have no storage; then the choice lasts as long as the page.
  }
}

function storedTheme() {
  try {
    const stored = window.localStorage.getItem("flong-theme");
    return THEMES.includes(stored) ? stored : "auto";
  } catch {
    return "auto";
  }
}

function nextTheme() {
  const now = document.documentElement.dataset.theme ?? "auto";
  setTheme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
}

function idle() {
  return new Promise((resolve) => ("requestIdleCallback" in window ? window.requestIdleCallback(resolve, { timeout: 500 }) : setTimeout(resolve, 8)));
}

async function start() {
  setTheme(storedTheme());
  const keys = document.getElementById("keys"), main = document.getElementById("main");
  document.getElementById("theme").addEventListener("click", nextTheme);
  document.getElementById("help").addEventListener("click", () => keys.showModal());
  if (!("DecompressionStream" in window)) {
    main.replaceChildren(h("p", { class: "wait" }, "This browser is too old to unpack the report: it needs Chrome 103, Firefox 113 or Safari 16.4, or later."));
    return;
  }
  const run = await loadRun();
  const texts = new Texts(run), search = new Search(run, texts);
  // A page of one explanation has no other view.
  if (run.explained) {
    for (const part of document.querySelectorAll("header nav, #help")) part.remove();
  }
  const views = run.explained ? { summary: () => explainedView(run, texts) } : {
    summary: () => summaryView(run),
    sources: () => sourcesView(run),
    clusters: () => clustersView(run, texts, search),
    boilerplate: () => boilerplateView(run, texts),
    "near-misses": () => missesView(run, texts),
  };
  let shown = null, name = null;
  const show = () => {
    const wanted = route().view in views ? route().view : "summary";
    if (wanted === name) return shown.update?.();
    shown?.close?.();
    name = wanted;
    shown = views[name]();
    main.replaceChildren(shown.element);
    document.body.classList.toggle("wide", Boolean(shown.wide));
    document.title = `${shown.title} · flong report`;
    for (const link of document.querySelectorAll("header nav a")) {
      if (link.dataset.view === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (!shown.wide) window.scrollTo(0, 0);
    shown.update?.();
  };
  window.addEventListener("hashchange", show);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    const number = "12345".indexOf(event.key);
    if (event.key === "t") nextTheme();
    else if (event.key === "?") keys.showModal();
    else if (number >= 0 && number < Object.keys(views).length) window.location.hash = `#/${Object.keys(views)[number]}`;
    else if (!shown.onKey?.(event.key)) return;
    event.preventDefault();
  });
  show();
  document.documentElement.dataset.ready = "yes";
  if (!run.explained) await search.fill(idle);
  document.documentElement.dataset.searchable = "yes";
  shown.filled?.();
}

start().catch((error) => {
  document.getElementById("main").replaceChildren(h("p", { class: "wait", role: "alert" }, `The report could not be unpacked: ${error.message}. It may have been cut off; run flong report again.`));
  throw error;
});
