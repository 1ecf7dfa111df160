// A list of any length, of which only what is seen is on the page.
import { h } from "./dom.js";

/** Rows that are drawn beyond those that are seen. */
const BEYOND = 6;

/** Rows of a list that is printed. */
const PRINTED = 300;

export class LongList {
  /** `row(n)` makes the content of a row; all rows are `height` pixels high. */
  constructor({ label, height, row }) {
    this.height = height;
    this.row = row;
    this.count = 0;
    this.current = -1;
    this.drawn = new Map();
    this.items = h("ol", { role: "list", "aria-label": label });
    this.element = h("div", { class: "long", tabindex: "-1" }, this.items);
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.element);
    this.print = () => this.draw(PRINTED);
    this.printed = () => this.draw();
    window.addEventListener("beforeprint", this.print);
    window.addEventListener("afterprint", this.printed);
  }

  /** Shows so many rows, from the first. */
  show(count) {
    this.count = count;
    this.items.style.height = `${count * this.height}px`;
    this.forget();
    this.draw();
  }

  /** Draws all rows anew. */
  forget() {
    for (const item of this.drawn.values()) item.remove();
    this.drawn.clear();
  }

  /** Marks a row as the current one, and scrolls it into sight. */
  select(n) {
    this.drawn.get(this.current)?.classList.remove("current");
    this.current = n;
    this.drawn.get(n)?.classList.add("current");
    if (n < 0) return;
    const top = n * this.height, { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) this.element.scrollTop = top + this.height - clientHeight;
    this.draw();
  }

  draw(atLeast = 0) {
    const { scrollTop, clientHeight } = this.element;
    const from = atLeast ? 0 : Math.max(0, Math.floor(scrollTop / this.height) - BEYOND);
    const seen = Math.ceil((scrollTop + clientHeight) / this.height) + BEYOND;
    const to = Math.min(this.count, Math.max(seen, atLeast));
    for (const [n, item] of this.drawn) {
      if (n < from || n >= to) {
        item.remove();
        this.drawn.delete(n);
      }
    }
    let after = null;
    for (let n = from; n < to; n++) {
      let item = this.drawn.get(n);
      if (!item) {
        item = h("li", { "aria-setsize": this.count, "aria-posinset": n + 1, class: n === this.current ? "current" : null }, this.row(n));
        item.style.transform = `translateY(${n * this.height}px)`;
        item.style.height = `${this.height}px`;
        if (after) after.after(item);
        else this.items.prepend(item);
        this.drawn.set(n, item);
      }
      after = item;
    }
  }

  /** Ends it. */
  close() {
    this.observer.disconnect();
    window.removeEventListener("beforeprint", this.print);
    window.removeEventListener("afterprint", this.printed);
  }
}
