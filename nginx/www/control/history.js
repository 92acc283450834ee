// The figures of the last 15 minutes, a row a second, as differences of counters.

import { kindOfStatus } from "./entry.js";

/** Rows for 15 minutes. */
export const MOST = 900;
/** Seconds between figures beyond which some are missing. */
const LONGEST = 5;

const KINDS = ["ok", "limited", "refused", "failed"];

class History extends EventTarget {
  rows = [];
  latest = null;
  #latencies = [];

  /** Notes latencies. */
  count(entries) {
    for (const entry of entries) this.#latencies.push(entry.latency_ms);
    if (this.#latencies.length > 20_000) this.#latencies.splice(0, this.#latencies.length - 20_000);
  }

  /** Takes each second's figures. */
  add(figures) {
    const before = this.latest;
    this.latest = figures;
    // Smaller counters are those of another pool.
    const elapsed = before && figures.pool.worker_starts >= before.pool.worker_starts ? figures.time - before.time : 0;
    // A pause has no rate, and interrupts the lines.
    if (elapsed > LONGEST) this.rows.push({ time: figures.time * 1000 - 1 });
    else if (elapsed > 0) this.rows.push(row(figures, before, elapsed, this.#latencies));
    this.#latencies = [];
    while (this.rows.length > MOST) this.rows.shift();
    this.dispatchEvent(new Event("change"));
  }
}

export const history = new History();

/** Rates per second, times in milliseconds, undefined if not measured. */
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
