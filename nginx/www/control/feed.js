// What a view shows of the journal, newest first. It holds still while the reader looks further down.

import { on } from "./dom.js";
import { journal } from "./journal.js";

export class Feed extends EventTarget {
  /** Those that fit, oldest first. */
  #items = [];
  /** How many are shown while it holds still; null: all. */
  #held = null;
  #expand;
  #fits = () => true;
  #ends;

  /** @param expand an entry's items, each with its `entry` */
  constructor(expand) {
    super();
    this.#expand = expand;
    this.#ends = [on(journal, "added", ({ detail }) => this.#take(detail.added)), on(journal, "reset", () => this.filter(this.#fits))];
    this.filter(this.#fits);
  }

  close() {
    for (const end of this.#ends) end();
  }

  get count() {
    return this.#held ?? this.#items.length;
  }

  /** Items that came while it holds still. */
  get waiting() {
    return this.#items.length - this.count;
  }

  /** @param index 0 is the newest shown */
  item(index) {
    return this.#items[this.count - 1 - index];
  }

  indexOf(isWanted) {
    for (let index = 0; index < this.count; index++) if (isWanted(this.item(index))) return index;
    return -1;
  }

  filter(fits) {
    this.#fits = fits;
    this.#items = journal.entries.filter(fits).flatMap(this.#expand);
    if (this.#held !== null) this.#held = this.#items.length;
    this.dispatchEvent(new Event("change"));
  }

  hold(isHeld) {
    if (isHeld === (this.#held !== null)) return;
    this.#held = isHeld ? this.#items.length : null;
    this.dispatchEvent(new Event("change"));
  }

  #take(added) {
    this.#items.push(...added.filter(this.#fits).flatMap(this.#expand));
    const oldest = journal.entries[0]?.sequence ?? Infinity;
    let gone = 0;
    while (gone < this.#items.length && this.#items[gone].entry.sequence < oldest) gone++;
    if (gone) this.#items.splice(0, gone);
    if (this.#held !== null) this.#held = Math.max(0, this.#held - gone);
    this.dispatchEvent(new Event("change"));
  }
}
