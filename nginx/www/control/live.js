// The connection to the server's events: open only while the page is seen, it goes on where it was.

import { history } from "./history.js";
import { journal } from "./journal.js";
import { ServerError, base, sentence } from "./server.js";
import { whileVisible } from "./visible.js";

/** Milliseconds before each new attempt; the last is repeated. */
const WAITS = [300, 1000, 2000, 5000, 10_000];

class Live extends EventTarget {
  /** Also `live`, `paused` (hidden), `broken` (another attempt follows), or `outside` (refused). */
  state = "connecting";
  /** Why it is `broken` or `outside`, for people. */
  reason = "";
  #source = null;
  #timer = 0;
  #failures = 0;
  #attempt = 0;

  start() {
    whileVisible(() => this.#connect(), () => this.#pause());
  }

  #enter(state, reason = "") {
    if (state === this.state && reason === this.reason) return;
    Object.assign(this, { state, reason });
    this.dispatchEvent(new Event("change"));
  }

  async #connect() {
    if (this.state === "outside") return;
    const attempt = ++this.#attempt;
    const isCurrent = () => attempt === this.#attempt;
    try {
      await journal.catchUp(isCurrent);
      if (isCurrent()) this.#open(isCurrent);
    } catch (error) {
      if (!isCurrent()) return;
      if (error instanceof ServerError && error.status === 403) this.#enter("outside", error.message);
      else this.#retry(sentence(error));
    }
  }

  #open(isCurrent) {
    const query = journal.isOff ? "topics=figures" : `topics=requests,figures&since=${journal.next}`;
    const source = new EventSource(new URL(`_fakeai/events?${query}`, base));
    this.#source = source;
    source.addEventListener("open", () => {
      this.#failures = 0;
      this.#enter("live");
    });
    source.addEventListener("request", (event) => journal.add(JSON.parse(event.data)));
    source.addEventListener("gap", (event) => journal.miss(JSON.parse(event.data)));
    source.addEventListener("figures", (event) => history.add(JSON.parse(event.data)));
    // The browser would reconnect by itself, but not after every error, nor to a journal that begins anew.
    source.addEventListener("error", () => {
      source.close();
      if (isCurrent()) this.#retry("The connection to the server broke.");
    });
  }

  #retry(reason) {
    this.#close();
    this.#enter("broken", reason);
    this.#timer = setTimeout(() => this.#connect(), WAITS[Math.min(this.#failures++, WAITS.length - 1)]);
  }

  #pause() {
    this.#close();
    if (this.state !== "outside") this.#enter("paused");
  }

  #close() {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }
}

export const live = new Live();
