// How long the server keeps pictures, and what is shown in their place afterwards.

import { timeOf } from "./entry.js";
import { h, show } from "./dom.js";
import { seconds } from "./format.js";
import { history } from "./history.js";

/** Seconds by which clocks and events may differ. */
const MARGIN = 3;

/** Whether its pictures have expired, or made room for others. */
export function isGone(entry) {
  const figures = history.latest;
  if (!figures) return false;
  const age = (Date.now() - timeOf(entry)) / 1000;
  const { images, oldest_age_seconds: oldest, evicted } = figures.store;
  return age > figures.retention_hours * 3600 + MARGIN || (evicted > 0 && images > 0 && age > oldest + MARGIN);
}

export function pictureLink({ id, address, entry }, alt) {
  const link = h("a.frame", { href: `#/wall/${id}` });
  const lost = (text) => show(link, h("span.lost", text));
  if (isGone(entry)) lost("Expired");
  else link.append(h("img", { src: address, alt, decoding: "async", draggable: "false", onerror: () => lost("Gone, or broken") }));
  return link;
}

/** By a picture's headers, in milliseconds since 1970; null if they do not say. */
export function expiryOf({ headers }) {
  const age = /max-age=(\d+)/.exec(headers.get("Cache-Control") ?? "")?.[1];
  if (age !== undefined) return Date.now() + Number(age) * 1000;
  const expires = Date.parse(headers.get("Expires") ?? "");
  return Number.isNaN(expires) ? null : expires;
}

/** Rows for the rate: the last minute. */
const ROWS = 60;

/** When pictures must make room for others, as text. */
export function timeToEviction(rows, { store, retention_hours: hours }) {
  if (store.evicted > 0 && store.free_bytes < store.capacity_bytes / 20) {
    return store.oldest_age_seconds === null ? "now" : `now, after ${seconds(store.oldest_age_seconds)}`;
  }
  const recent = rows.slice(-ROWS).filter(({ used }) => used !== undefined);
  if (recent.length < 2) return "–";
  const [first, last] = [recent[0], recent.at(-1)];
  const rate = (last.used - first.used) / ((last.time - first.time) / 1000);
  const left = rate > 0 ? store.free_bytes / rate : Infinity;
  return left > hours * 3600 ? "expiry comes first" : `in ${seconds(left)}`;
}
