// How long a request may take: the latency it asks for, or that of earlier ones like it.

import { kindOf } from "./ask-request.js";
import { h, say, set } from "./dom.js";
import { counted, milliseconds } from "./format.js";
import { journal } from "./journal.js";
import { every } from "./visible.js";

const MOST = 9;

/** `time` in milliseconds, and `from`: how it is known; null if it is not. */
function estimate(request) {
  const latency = request.headers["X-FakeAI-Latency"];
  const [, number, unit] = /^(?:fixed:)?([\d.]+)(ms|s|m)$/.exec(latency) ?? [];
  if (number) return { time: number * { ms: 1, s: 1000, m: 60_000 }[unit], from: "as the request says" };
  if (latency) return null;
  const kind = kindOf(request.json ?? Object.fromEntries(request.parts));
  const isLike = (entry) => entry.status === 200 && entry.path === `/${request.path}` && kindOf(entry.parameters) === kind;
  const times = journal.entries.filter(isLike).slice(-MOST).map((entry) => entry.latency_ms);
  if (!times.length) return null;
  return { time: times.sort((a, b) => a - b)[times.length >> 1], from: `as the last ${counted(times.length, "request")} like it` };
}

/** A bar for a request just sent. Without an estimate, it only shows activity. */
export function progress(request) {
  const expected = estimate(request);
  const start = performance.now();
  const bar = h("progress", { max: 1, "aria-label": "Progress" });
  const text = h("p.hint");
  // Without simulated latency a bar would only flash.
  const isWorthwhile = () => expected?.time > 400 || performance.now() - start > 400;
  const element = h("div.progress", bar, text);
  const tick = () => {
    const elapsed = performance.now() - start;
    set(element, { "data-quiet": isWorthwhile() ? null : "" });
    // It slows down, so that a late answer does not wait at a full bar.
    if (expected) bar.value = 1 - Math.exp((-2.3 * elapsed) / Math.max(expected.time, 1));
    const known = expected?.time > 400 ? ` of about ${milliseconds(expected.time)}, ${expected.from}` : "";
    say(text, milliseconds(Math.round(elapsed / 100) * 100) + known);
  };
  tick();
  return { element, stop: every(100, tick) };
}
