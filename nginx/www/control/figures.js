// The view of the figures of the last 15 minutes.

import { chart } from "./chart.js";
import { bytes, count, milliseconds, short } from "./format.js";
import { history } from "./history.js";
import { timeToEviction } from "./lifetime.js";
import { h, on, say, segments } from "./parts.js";
import { workers } from "./workers.js";

const MINUTES = [1, 5, 15];
const perSecond = (value) => short(Math.round(value * 100) / 100);

const CHARTS = [
  { title: "Requests a second", isStacked: true, unit: perSecond, series: [
    ["ok", "answered", "accent"], ["limited", "429", "warn"], ["refused", "other 4xx", "edge"], ["failed", "5xx and resets", "bad"]] },
  { title: "Latency", unit: milliseconds, series: [["median", "median", "accent"], ["p95", "95 %", "good"], ["p99", "99 %", "warn"]] },
  { title: "Time to draw a picture", unit: milliseconds, series: [["drawing", "mean", "accent"]] },
  { title: "Pictures a second", unit: perSecond, series: [["drawn", "drawn", "accent"], ["served", "served by workers", "good"]] },
  { title: "Bytes in the store", isStacked: true, unit: bytes, series: [["used", "used", "accent"]] },
  { title: "Requests in flight", unit: perSecond, series: [["inFlight", "in flight", "accent"]] },
];

const errors = ({ limited = 0, refused = 0, failed = 0 }) => limited + refused + failed;

/** A title, and a text from the figures and the last row. */
const TILES = [
  ["Requests a second", (_, row) => perSecond((row.ok ?? 0) + errors(row))], ["Errors a second", (_, row) => perSecond(errors(row))],
  ["Median latency", (_, { median }) => (median === undefined ? "–" : milliseconds(median))],
  ["Pictures in the store", ({ store }) => count(store.images)],
  ["Store", ({ store }) => `${bytes(store.used_bytes)} of ${bytes(store.capacity_bytes)}`],
  ["Time to eviction", (figures) => timeToEviction(history.rows, figures)],
  ["Workers", ({ pool, workers }) =>
    `${count(workers.filter(({ state }) => state === "serving").length)} of ${count(pool.workers)} serving`],
];

let minutes = 1;

export function open() {
  const charts = CHARTS.map(chart);
  const table = workers();
  const values = TILES.map(() => h("dd", "–"));
  const tiles = h("dl.figures-now", TILES.map(([title], at) => h("div.card", h("dt", title), values[at])));
  const spans = segments("span", "How much is shown", MINUTES.map((span) => [span, `${span} min`]), minutes, (span) => {
    minutes = span;
    follow();
  });
  const empty = h("p.hint", { role: "status" });

  function follow() {
    for (const chart of charts) chart.follow(history.rows, minutes * 60_000);
    const figures = history.latest;
    say(empty, history.rows.length ? "" : "The first figures arrive within two seconds. Charts begin when this page is opened.");
    if (!figures) return;
    TILES.forEach(([, text], at) => say(values[at], text(figures, history.rows.at(-1) ?? {})));
    table.follow(figures);
  }

  const ends = [on(history, "change", follow), ...charts.map(({ close }) => close)];
  follow();
  return { close: () => ends.forEach((end) => end()), element: h("section.page.figures", { "aria-label": "Figures" },
    h("div.row.wide", spans, empty),
    tiles, charts.map(({ element }) => element), table.element) };
}
