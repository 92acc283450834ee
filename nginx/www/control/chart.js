// A chart of lines or stacked areas. All charts share a cursor.

import { h, on, say, set, show, svg } from "./dom.js";
import { timeOfDay } from "./format.js";
import { oncePerFrame } from "./visible.js";

const [HEIGHT, TOP, BOTTOM, LEFT, RIGHT] = [180, 8, 20, 52, 8];

/** The time pointed at, in milliseconds since 1970, or null. */
let pointedAt = null;
const pointer = new EventTarget();

function pointAt(time) {
  pointedAt = time;
  pointer.dispatchEvent(new Event("change"));
}

/** A series is a key of the rows, a label and a colour. `follow` shows the rows of the last `span` milliseconds. */
export function chart({ title, series, unit, isStacked = false }) {
  let [rows, span, width] = [[], 60_000, 0];
  const grid = svg("g", { class: "grid" });
  const shapes = series.map(([, , colour]) => paint(svg("path", { class: isStacked ? "area" : "line-of" }), colour));
  const line = svg("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM });
  const plot = svg("svg", { "aria-hidden": "true", height: HEIGHT }, grid, shapes, line);
  const values = series.map(() => h("b"));
  const when = h("span.hint.when");
  const spoken = h("p.offscreen", { role: "status" });
  const leave = () => pointAt(null);
  const stage = h("div.plot", { tabindex: "0", role: "group", "aria-label": `${title}. Left and right move through time.`,
    onpointermove: point, onpointerleave: leave, onblur: leave, onkeydown: key }, plot);
  const draw = oncePerFrame(drawNow);
  const observer = new ResizeObserver(([{ contentRect }]) => {
    width = Math.floor(contentRect.width);
    drawNow();
  });
  observer.observe(stage);
  const forget = on(pointer, "change", mark);

  const end = () => rows.at(-1)?.time ?? Date.now();
  const x = (time) => LEFT + ((time - end() + span) / span) * (width - LEFT - RIGHT);
  const text = (x, y, anchor, text) => svg("text", { x, y, "text-anchor": anchor }, text);

  function drawNow() {
    if (!width) return;
    set(plot, { width });
    const shown = rows.filter(({ time }) => time >= end() - span);
    const all = (row) => series.map(([key]) => row[key] ?? 0);
    const top = niceTop(Math.max(0,
      ...shown.map((row) => (isStacked ? all(row).reduce((sum, value) => sum + value) : Math.max(...all(row))))));
    const y = (value) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
    const levels = [0, top / 2, top].map((value) =>
      [svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }), text(LEFT - 8, y(value) + 4, "end", unit(value))]);
    const [size, name] = span >= 120_000 ? [60_000, "min"] : [1000, "s"];
    const ago = (time, anchor) => text(x(end() - time), HEIGHT - 4, anchor, time ? `−${time / size} ${name}` : "now");
    show(grid, levels, ago(span, "start"), ago(span / 2, "middle"), ago(0, "end"));
    const below = shown.map(() => 0);
    series.forEach(([key], at) => set(shapes[at], { d: isStacked ? area(shown, key, below, x, y) : path(shown, key, x, y) }));
    mark();
  }

  /** The row pointed at, or the last. */
  const current = () => rows.reduce((best, row) =>
    (pointedAt === null || Math.abs(row.time - pointedAt) < Math.abs(best.time - pointedAt) ? row : best), rows[0]);

  function mark() {
    const row = current();
    series.forEach(([key], at) => say(values[at], row?.[key] === undefined ? "–" : unit(row[key])));
    const isMarked = pointedAt !== null && row?.time >= end() - span;
    say(when, isMarked ? timeOfDay(row.time) : "");
    const at = isMarked && x(row.time);
    set(line, { visibility: isMarked ? "visible" : "hidden", x1: at, x2: at });
  }

  function point({ clientX }) {
    const { left } = stage.getBoundingClientRect();
    pointAt(end() - span + ((clientX - left - LEFT) / (width - LEFT - RIGHT)) * span);
  }

  function key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (event.key === "Escape") leave();
    if (!step || !rows.length) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(current()) + step))];
    pointAt(row.time);
    say(spoken, `${timeOfDay(row.time)}: ${series.map(([, label], at) => `${label} ${values[at].textContent}`).join(", ")}`);
  }

  return {
    element: h("figure.card.chart", h("figcaption.row", h("h2", title), when),
      h("ul.legend", series.map(([, label, colour], at) => h("li", paint(h("i"), colour), label, " ", values[at]))), stage, spoken),
    follow(newRows, newSpan) {
      [rows, span] = [newRows, newSpan];
      draw();
    },
    close() {
      observer.disconnect();
      forget();
    },
  };
}

/** Rounds up to 1, 2, 4 or 5 times a power of ten. */
function niceTop(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].find((factor) => factor * power >= value * 0.999) * power;
}

function paint(element, colour) {
  element.style.setProperty("--colour", `var(--${colour})`);
  return element;
}

const place = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Interrupted where nothing was measured. A single point is a dot. */
function path(rows, key, x, y) {
  const isMeasured = (row) => row?.[key] !== undefined;
  return rows.map((row, at) => {
    const here = isMeasured(row) && place(x(row.time), y(row[key]));
    return !here ? "" : isMeasured(rows[at - 1]) ? `L${here}` : `M${here}h.1`;
  }).join("");
}

/** An area on top of those below. */
function area(rows, key, below, x, y) {
  if (rows.length < 2) return "";
  const down = rows.map((row, at) => place(x(row.time), y(below[at]))).reverse();
  const up = rows.map((row, at) => place(x(row.time), y((below[at] += row[key] ?? 0))));
  return `M${up.join("L")}L${down.join("L")}Z`;
}
