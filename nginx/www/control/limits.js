// The API keys, and what is left of their limits.

import { count, seconds } from "./format.js";
import { h, say, show, tableBody } from "./parts.js";

const COLUMNS = [
  ["Key", ({ key }) => (key ? `…${key}` : "other keys")],
    ["State", ({ state, session }) => (session ? `${state}, session ${session}` : state)],
  ["Requests left", ({ requests }, cell) => gauge(cell, requests, "requests")],
    ["Images left", ({ images }, cell) => gauge(cell, images, "images")],
];

/** `follow` shows the limits that the figures report. */
export function limits() {
  const table = tableBody(COLUMNS);
  const none = h("p.soft");
  return {
    element: h("div.card", h("header", h("h2", "Keys and limits")), none, table.element),
    follow(keys) {
      table.element.hidden = !keys?.length;
      say(none, keys?.length ? "" : "No key has a limit. FAKEAI_KEYS names a file of keys.");
      table.follow(keys ?? []);
    },
  };
}

function gauge(cell, limit, noun) {
  if (!limit) return "no limit";
  const { remaining, limit: most } = limit;
  const wait = remaining < most ? `, full in ${seconds(limit.reset_seconds)}` : "";
  show(cell, h("meter", { min: 0, max: most, low: most / 5, value: remaining, "aria-label": `${remaining} of ${most} ${noun} left` }),
    h("div.hint", `${count(remaining)} of ${count(most)} a minute${limit.shared ? ", shared" : ""}${wait}`));
}
