// A long list with only the elements that can be seen: tiles, or rows.

import { h } from "./dom.js";
import { oncePerFrame } from "./visible.js";

/** Rows above and below what can be seen. */
const BEYOND = 2;

export class Tiles {
  /** Elements by item key. */
  #nodes = new Map();
  #size = { width: 0, height: 0 };
  /** The index of the item that takes the focus. */
  #active = 0;

  /**
   * @param options `feed`; `key(item)`; `make(item)`: its element, of which a link, or the whole, takes the focus; `layout(width)`:
   *   `{ columns, width, height, gap }` in pixels; `place(node, index, count)`, for each element shown; `scrolled()`
   */
  constructor(options) {
    this.options = options;
    this.content = h("div.tiles", { ...options.attributes, onkeydown: (event) => this.#key(event),
      onfocusin: ({ target }) => this.#focused(target) });
    this.draw = oncePerFrame(() => this.#draw());
    this.element = h("div.scroller", { onscroll: () => {
      options.scrolled();
      this.draw();
    } }, this.content);
    this.observer = new ResizeObserver(() => {
      this.#size = { width: this.content.clientWidth, height: this.element.clientHeight };
      this.#draw();
    });
    this.observer.observe(this.element);
  }

  close() {
    this.observer.disconnect();
  }

  /** Also scrolls to the item. */
  focus(index) {
    const { feed, key } = this.options;
    if (!feed.count) return;
    this.#active = Math.max(0, Math.min(feed.count - 1, index));
    const { columns, height, step } = this.#layout();
    const top = Math.floor(this.#active / columns) * step;
    const bottom = top + height + 2 * this.content.offsetTop - this.#size.height;
    this.element.scrollTop = Math.max(bottom, Math.min(top, this.element.scrollTop));
    this.#draw();
    target(this.#nodes.get(key(feed.item(this.#active))))?.focus({ preventScroll: true });
  }

  #layout() {
    const layout = this.options.layout(this.#size.width);
    return { ...layout, step: layout.height + layout.gap };
  }

  #draw() {
    const { feed, key, make, place } = this.options;
    if (!this.#size.width) return;
    const { columns, width, height, gap, step } = this.#layout();
    const { scrollTop } = this.element;
    this.content.style.height = `${Math.ceil(feed.count / columns) * step}px`;
    const first = Math.max(0, Math.floor(scrollTop / step) - BEYOND) * columns;
    const last = Math.min(feed.count, (Math.ceil((scrollTop + this.#size.height) / step) + BEYOND) * columns);
    this.#active = Math.max(0, Math.min(this.#active, feed.count - 1));
    const gone = this.#nodes;
    this.#nodes = new Map();
    let before = this.content.firstChild;
    for (let index = first; index < last; index++) {
      const item = feed.item(index);
      const name = key(item);
      const node = gone.get(name) ?? make(item);
      gone.delete(name);
      this.#nodes.set(name, node);
      node.index = index;
      const [x, y] = [(index % columns) * (width + gap), Math.floor(index / columns) * step];
      node.style.cssText = `width: ${width}px; height: ${height}px; transform: translate(${x}px, ${y}px)`;
      target(node).tabIndex = index === this.#active ? 0 : -1;
      place(node, index, feed.count);
      // In the visible order, for screen readers.
      if (node === before) before = before.nextSibling;
      else this.content.insertBefore(node, before);
    }
    gone.forEach((node) => node.remove());
  }

  #focused(element) {
    for (const node of this.#nodes.values()) {
      target(node).tabIndex = node.contains(element) ? 0 : -1;
      if (node.contains(element)) this.#active = node.index;
    }
  }

  #key(event) {
    const { columns, step: height } = this.#layout();
    const page = Math.max(1, Math.floor(this.#size.height / height)) * columns;
    const sideways = columns > 1 ? { ArrowLeft: -1, ArrowRight: 1 } : {};
    const step = { ...sideways, ArrowUp: -columns, ArrowDown: columns, PageUp: -page, PageDown: page, Home: -Infinity,
      End: Infinity }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.focus(this.#active + step);
  }
}

const target = (node) => node?.querySelector("a") ?? node;
