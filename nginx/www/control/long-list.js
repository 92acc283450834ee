// A long list, newest first, with filters, a pause, and a dialog for the item of the address.

import { Feed } from "./feed.js";
import { filters } from "./filters.js";
import { count, counted } from "./format.js";
import { journal } from "./journal.js";
import { button, h, icon, say, show } from "./parts.js";
import { Tiles } from "./tiles.js";

/** Pixels that it may scroll before it holds still. */
const SLACK = 40;
/** Milliseconds between drawings of fast items: else most pictures would be fetched for a moment only. */
const PACE = 1000;
/** How many items at once are fast. */
const FAST = 6;

export class LongList {
  #isPaused = false;
  #isBack = false;
  #dialog = null;
  #timer = 0;
  #drawn = { at: 0, count: 0 };

  /**
   * @param options `name` of the view, `noun` of an item, `expand`: an entry's items, `facets` of the filter, `tiles`: options of the list,
   *   `find(id)`: a test of items, `openItem(feed, index, id, closed)`, `narrow(fits)`: another filter
   */
  constructor(options) {
    this.options = options;
    this.fits = () => true;
    this.feed = new Feed(options.expand);
    this.tiles = new Tiles({ feed: this.feed, scrolled: () => this.#hold(), ...options.tiles });
    this.filters = filters(options.name, options.facets, (fits) => {
      this.fits = fits;
      this.refilter();
      this.tiles.element.scrollTop = 0;
    });
    this.total = h("p.hint");
    this.news = button("", () => this.#release(), { class: "news main", hidden: true });
    this.pause = button("", () => this.#setPaused(!this.#isPaused));
    this.empty = h("div.empty", { hidden: true });
    this.frame = options.frame?.(this.tiles.element) ?? this.tiles.element;
    this.element = h("section.stack",
      h("div.toolbar", this.filters.element, this.total, h("span.space"), options.tools, this.pause),
      h("div.stage", this.frame, this.empty, this.news));
    this.feed.addEventListener("change", () => this.#changed());
    this.#setPaused(false);
  }

  refilter() {
    this.feed.filter(this.options.narrow?.(this.fits) || this.fits);
    this.#draw();
  }

  close() {
    clearTimeout(this.#timer);
    this.#dialog?.close(true);
    this.feed.close();
    this.tiles.close();
    this.filters.close();
  }

  /** `#/<name>/<id>` opens an item. */
  follow([id], query) {
    if (!id) {
      this.#dialog?.close();
      if (!this.#isBack) this.filters.follow(query);
      this.#isBack = false;
      return;
    }
    if (journal.next === null) return journal.addEventListener("reset", () => this.follow([id], query), { once: true });
    this.#dialog?.close(true);
    this.feed.hold(true);
    this.#dialog = this.options.openItem(this.feed, this.feed.indexOf(this.options.find(id)), id, (isReplaced, last = id) => {
      if (isReplaced) return;
      this.#dialog = null;
      this.#isBack = true;
      location.hash = this.filters.address();
      const index = this.feed.indexOf(this.options.find(last));
      if (index >= 0) this.tiles.focus(index);
      this.#hold();
    });
  }

  #hold() {
    this.feed.hold(Boolean(this.#isPaused || this.#dialog || this.tiles.element.scrollTop > SLACK));
  }

  #release() {
    this.tiles.element.scrollTop = 0;
    this.#setPaused(false);
    this.tiles.focus(0);
  }

  #setPaused(isPaused) {
    this.#isPaused = isPaused;
    show(this.pause, icon(isPaused ? "play" : "pause"), isPaused ? "Go on" : "Pause");
    this.#hold();
    this.#changed();
  }

  #changed() {
    const isFast = this.#drawn.count && Math.abs(this.feed.count - this.#drawn.count) >= FAST;
    const wait = isFast ? this.#drawn.at + PACE - performance.now() : 0;
    if (wait > 0) this.#timer ||= setTimeout(() => this.#draw(), wait);
    else this.#draw();
  }

  #draw() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { count: all, waiting } = this.feed;
    this.#drawn = { at: performance.now(), count: all };
    this.tiles.draw();
    this.news.hidden = !waiting;
    show(this.news, icon("up"), `${count(waiting)} new`);
    say(this.total, counted(all, this.options.noun));
    this.options.drawn?.(all, this.frame);
    this.empty.hidden = all > 0;
    if (!all) show(this.empty, this.#emptyText());
  }

  #emptyText() {
    if (journal.isOff) return "This server keeps no journal: FAKEAI_JOURNAL_SIZE is 0.";
    if (journal.next === null) return "Loading…";
    return this.filters.isActive() ? `No ${this.options.noun} fits these filters.` : this.options.emptyText();
  }
}
