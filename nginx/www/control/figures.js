// The view of the figures of the last 15 minutes.

import { chart } from "./chart.js";
import { h, on, say } from "./dom.js";
import { bytes, count, milliseconds, short } from "./format.js";
import { history } from "./history.js";
import { timeToEviction } from "./lifetime.js";
import { workers } from "./workers.js";

const MINUTES = [1, 5, 15];
const perSecond = (value) => short(Math.round(value * 100) / 100);

const CHARTS = [
  { title: "Requests a second", isStacked: true, unit: perSecond, series: [
    { key: "ok", label: "answered", colour: "accent" }, { key: "limited", label: "429", colour: "warn" },
    { key: "refused", label: "other 4xx", colour: "edge" }, { key: "failed", label: "5xx and resets", colour: "bad" }] },
  { title: "Latency", unit: milliseconds, series: [
    { key: "median", label: "median", colour: "accent" }, { key: "p95", label: "95 %", colour: "good" },
      { key: "p99", label: "99 %", colour: "warn" }] },
  { title: "Time to draw a picture", unit: milliseconds, series: [{ key: "drawing", label: "mean", colour: "accent" }] },
  { title: "Pictures a second", unit: perSecond,
    series: [{ key: "drawn", label: "drawn", colour: "accent" }, { key: "served", label: "served by workers", colour: "good" }] },
  { title: "Bytes in the store", isStacked: true, unit: bytes, series: [{ key: "used", label: "used", colour: "accent" }] },
  { title: "Requests in flight", unit: perSecond, series: [{ key: "inFlight", label: "in flight", colour: "accent" }] },
];

/** The tiles at the top: a text from the figures and the last row. */
const TILES = [
  ["Requests a second", (_, { ok = 0, limited = 0, refused = 0, failed = 0 }) => perSecond(ok + limited + refused + failed)],
  ["Errors a second", (_, { limited = 0, refused = 0, failed = 0 }) => perSecond(limited + refused + failed)],
  ["Median latency", (_, { median }) => (median === undefined ? "–" : milliseconds(median))],
  ["Pictures in the store", ({ store }) => count(store.images)],
  ["Store", ({ store }) => `${bytes(store.used_bytes)} of ${bytes(store.capacity_bytes)}`],
  ["Time to eviction", (figures) => timeToEviction(history.rows, figures)],
  ["Workers", ({ pool, workers }) =>
    `${count(workers.filter(({ state }) => state === "serving").length)} of ${count(pool.workers)} serving`],
];

let minutes = 1;
let ends = [];

export const close = () => ends.forEach((end) => end());

export function open() {
  const charts = CHARTS.map(chart);
  const table = workers();
  const values = TILES.map(() => h("dd", "–"));
  const tiles = h("dl.figures-now", TILES.map(([title], at) => h("div.card", h("dt", title), values[at])));
  const spans = MINUTES.map((span) =>
    h("label", h("input", { type: "radio", name: "span", checked: span === minutes, onchange: () => { minutes = span; follow(); } }),
    h("span", `${span} min`)));
  const empty = h("p.hint", { role: "status" });

  function follow() {
    for (const chart of charts) chart.follow(history.rows, minutes * 60_000);
    const figures = history.latest;
    say(empty, history.rows.length ? "" : "The first figures arrive within two seconds. Charts begin when this page is opened.");
    if (!figures) return;
    TILES.forEach(([, text], at) => say(values[at], text(figures, history.rows.at(-1) ?? {})));
    table.follow(figures);
  }

  ends = [on(history, "change", follow), ...charts.map(({ close }) => close)];
  follow();
  return h("section.page.figures", { "aria-label": "Figures" },
    h("div.row.wide", h("fieldset.segments", h("legend.offscreen", "How much is shown"), spans), empty),
    tiles, charts.map(({ element }) => element), table.element);
}
