// Which requests are attempts of the same call. Clients number attempts, but do not name the call: an attempt continues the oldest request
// like it that has one attempt less and is not continued yet.

import { journal } from "./journal.js";

/** Requests that may be continued, by what attempts share. */
const open = new Map();
const MOST = 2000;

const before = new WeakMap();
const after = new WeakMap();

export const isContinued = (entry) => after.has(entry);

export const attemptOf = (entry) => (entry.retry_count ?? 0) + 1;

export function chainOf(entry) {
  const chain = [entry];
  while (before.has(chain[0])) chain.unshift(before.get(chain[0]));
  while (after.has(chain.at(-1))) chain.push(after.get(chain.at(-1)));
  return chain;
}

function link(entry) {
  if ((entry.retry_count ?? null) === null) return;
  const call = JSON.stringify([entry.method, entry.path, entry.key, entry.session, entry.parameters ?? entry.body]);
  const waiting = open.get(call) ?? [];
  const place = waiting.findIndex((other) => other.retry_count === entry.retry_count - 1);
  if (place >= 0) {
    const [previous] = waiting.splice(place, 1);
    before.set(entry, previous);
    after.set(previous, entry);
  }
  // A success is not tried again.
  if (entry.status >= 400 || entry.status < 100 || entry.fault) waiting.push(entry);
  open.delete(call);
  if (waiting.length) open.set(call, waiting.slice(-50));
  if (open.size > MOST) open.delete(open.keys().next().value);
}

function relink() {
  open.clear();
  journal.entries.forEach(link);
}

relink();
journal.addEventListener("added", ({ detail: { added } }) => added.forEach(link));
journal.addEventListener("reset", relink);
