// The figures of the last 15 minutes, one row a second, as differences of the server's counters.

import { kindOfStatus } from "./entry.js";

/** Rows that are kept: 15 minutes. */
export const MOST = 900;
/** Seconds between two figures beyond which something is missing between them. */
const LONGEST = 5;

/** Statuses that are counted apart. */
const KINDS = ["ok", "limited", "refused", "failed"];

class History extends EventTarget {
  rows = [];
  latest = null;
  #latencies = [];

  /** Notes the latencies of requests. */
  count(entries) {
    for (const entry of entries) this.#latencies.push(entry.latency_ms);
    if (this.#latencies.length > 20_000) this.#latencies.splice(0, this.#latencies.length - 20_000);
  }

  /** Takes what the server says each second. */
  add(figures) {
    const before = this.latest;
    this.latest = figures;
    // Counters that became smaller are those of another pool.
    const elapsed = before && figures.pool.worker_starts >= before.pool.worker_starts ? figures.time - before.time : 0;
    // A pause has no rate of its own, and interrupts the lines.
    if (elapsed > LONGEST) this.rows.push({ time: figures.time * 1000 - 1 });
    else if (elapsed > 0) this.rows.push(row(figures, before, elapsed, this.#latencies));
    this.#latencies = [];
    while (this.rows.length > MOST) this.rows.shift();
    this.dispatchEvent(new Event("change"));
  }
}

export const history = new History();

/** One second: rates per second, times in milliseconds. What was not measured is undefined. */
function row(figures, before, elapsed, latencies) {
  const rate = (read) => Math.max(0, read(figures) - read(before)) / elapsed;
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (share) => sorted[Math.floor(share * sorted.length)];
  const drawn = rate((of) => of.pool.drawing_duration_seconds.count);
  return {
    time: figures.time * 1000,
    ...Object.fromEntries(KINDS.map((kind) => [kind, rate((of) => answered(of, kind))])),
    median: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99),
    drawing: drawn > 0 ? (rate((of) => of.pool.drawing_duration_seconds.sum) / drawn) * 1000 : undefined,
    drawn: rate((of) => of.pool.images_drawn), served: rate((of) => of.pool.images_served),
    used: figures.store.used_bytes, inFlight: figures.pool.requests_in_flight,
  };
}

const answered = ({ pool }, kind) =>
  pool.requests.reduce((sum, { status, value }) => sum + (kindOfStatus(Number(status)) === kind ? value : 0), 0);
