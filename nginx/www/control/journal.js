// The entries of the journal that the page knows, oldest first.

import { history } from "./history.js";
import { get } from "./server.js";
import { whileVisible } from "./visible.js";

/** Entries that are kept. */
const MOST = 10_000;
/** Entries beyond, until the oldest are removed together. */
const SLACK = 500;
/** Milliseconds in which entries are collected. */
const PACE = 100;
/** Entries per response. */
const PAGE = 1000;

class Journal extends EventTarget {
  entries = [];
  /** The sequence number after the last; null before the first response. */
  next = null;
  /** Requests that left the journal before the page read them. */
  lost = 0;
  /** The server keeps no journal. */
  isOff = false;
  #pending = [];
  #timer = 0;

  constructor() {
    super();
    whileVisible(() => {}, () => this.flush());
  }

  /** Reads what is missing, so that the stream begins where the journal ends. */
  async catchUp(isWanted) {
    try {
      const page = await get(`_fakeai/requests?limit=${PAGE}${this.next === null ? "" : `&since=${this.next}`}`);
      if (!isWanted()) return;
      this.isOff = false;
      if (this.next > page.next) {
        // The server was started anew.
        this.#keep(() => false);
        this.next = null;
        return this.catchUp(isWanted);
      }
      this.#take(page);
    } catch (error) {
      if (error.status !== 404) throw error;
      this.isOff = true;
      this.next = 0;
    }
  }

  #take({ requests, next, oldest }) {
    const isFirst = this.next === null;
    if (oldest > this.next && !isFirst) this.miss({ from: this.next, to: oldest - 1 });
    for (const entry of requests) this.add(entry);
    this.next = Math.max(this.next ?? 0, next);
    this.flush();
    if (!isFirst) return;
    this.dispatchEvent(new Event("reset"));
    this.#readOlder(oldest);
  }

  /** Takes an entry of the stream, unless it is known. */
  add(entry) {
    if (this.next !== null && entry.sequence < this.next) return;
    this.next = entry.sequence + 1;
    this.#pending.push(entry);
    this.#timer ||= setTimeout(() => this.flush(), PACE);
  }

  /** Takes the first and the last sequence number that the stream left out. */
  miss({ from, to }) {
    this.lost += to - from + 1;
    this.next = Math.max(this.next ?? 0, to + 1);
    this.dispatchEvent(new Event("lost"));
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#pending.length) return;
    const added = this.#pending;
    this.#pending = [];
    this.entries.push(...added);
    if (this.entries.length > MOST + SLACK) this.entries.splice(0, this.entries.length - MOST);
    history.count(added);
    this.dispatchEvent(new CustomEvent("added", { detail: { added } }));
  }

  #keep(isKept) {
    this.flush();
    this.entries = this.entries.filter(isKept);
    this.dispatchEvent(new Event("reset"));
  }

  /** Has the server remove all requests. */
  async clear() {
    const end = this.next;
    await get("_fakeai/requests", { method: "DELETE" });
    this.#keep((entry) => entry.sequence >= end);
  }

  /** Reads the entries before the first response, page by page, newest first. */
  async #readOlder(oldest) {
    let first = this.entries[0]?.sequence ?? 0;
    while (first > oldest && this.entries.length < MOST && !document.hidden) {
      const from = Math.max(oldest, first - PAGE);
      const { requests } = await get(`_fakeai/requests?since=${from}&limit=${PAGE}`).catch(() => ({ requests: [] }));
      const older = requests.filter((entry) => entry.sequence < first);
      if (older.length) {
        this.flush();
        this.entries = older.concat(this.entries);
        this.dispatchEvent(new Event("reset"));
      }
      first = from;
    }
  }
}

export const journal = new Journal();
