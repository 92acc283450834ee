// The view of the journal: each request as it is answered.

import { attemptOf, isContinued } from "./chains.js";
import { modelOf, promptOf } from "./entry.js";
import { count, excerpt, milliseconds, timeOfDay } from "./format.js";
import { journal } from "./journal.js";
import { LongList } from "./long-list.js";
import { button, h, on, say, set } from "./parts.js";
import { openRequest, statusMark } from "./request.js";
import { sentence } from "./server.js";

const ROW = 34;
/** Milliseconds in which a second click confirms. */
const CONFIRMATION = 4000;

const plain = (title, name) => [title, (entry) => entry[name], name];

/** A title, a cell's content, and its class. */
const COLUMNS = [
  ["#", ({ sequence }) => count(sequence), "number"], ["Time", ({ time }) => timeOfDay(time), "time"], plain("Method", "method"),
  plain("Path", "path"), ["Status", statusMark], ["Latency", ({ latency_ms: time }) => milliseconds(time), "number latency"],
  ["Attempt", (entry) => (entry.retry_count === null ? "" : entry.retry_count ? `retry ${attemptOf(entry) - 1}` : "first"), "attempt"],
  ["Prompt", (entry) => excerpt(promptOf(entry), 120), "prompt"], ["Model", modelOf, "model"], plain("Fault", "fault"),
  plain("Rule", "rule"), ["Key", ({ key }) => key && `…${key}`, "key"], plain("Worker", "worker"),
  ["Pictures", ({ images }) => (images?.length ? String(images.length) : ""), "number images"],
];

let isTogether = false;

export function open(parts, query) {
  const together = h("input", { type: "checkbox", id: "together", checked: isTogether, onchange: () => {
    isTogether = together.checked;
    list.refilter();
  } });
  const list = new LongList({
    name: "requests", noun: "request", expand: (entry) => [{ entry }],
      facets: ["method", "path", "status", "model", "key", "session", "fault", "rule"],
    find: (sequence) => ({ entry }) => entry.sequence === Number(sequence), frame,
      drawn: (all, table) => set(table, { "aria-rowcount": all + 1 }),
    openItem: (_, __, sequence, closed) =>
      openRequest(journal.entries.find((entry) => entry.sequence === Number(sequence)), sequence, closed),
    // The last attempt of a call stands for all.
    narrow: (fits) => isTogether && ((entry) => !isContinued(entry) && fits(entry)),
    emptyText: () => "No requests yet. Each one appears here as soon as it is answered.",
    tools: [h("div.row.check", together, h("label", { for: "together" }, "Retries together")), clearButton()],
    tiles: {
      key: ({ entry }) => entry.sequence, make: ({ entry }) => row(entry), layout: (width) => ({ columns: 1, width, height: ROW, gap: 0 }),
      place: (node, index) => node.setAttribute("aria-rowindex", index + 2), attributes: { role: "rowgroup" },
    },
  });
  const end = on(journal, "added", ({ detail: { added } }) => isTogether && added.some(({ retry_count: retries }) => retries > 0) &&
    list.refilter());
  list.follow(parts, query);
  return { element: list.element, follow: (...address) => list.follow(...address), close() {
    end();
    list.close();
  } };
}

const frame = (rows) => h("div.table", { role: "grid", "aria-label": "Requests, newest first", "aria-colcount": COLUMNS.length },
  h("div", { role: "rowgroup" }, h("div.head", { role: "row", "aria-rowindex": 1 },
    COLUMNS.map(([title, , kind]) => h("span", { role: "columnheader", class: kind }, title)))), rows);

function row(entry) {
  const open = () => (location.hash = `#/requests/${entry.sequence}`);
  return h("div", { class: entry.retry_count > 0 ? "line retried" : "line", role: "row", onclick: open, onkeydown: (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open();
  } }, COLUMNS.map(([, content, kind]) => h("span", { role: "gridcell", class: kind }, content(entry))));
}

/** Removes all requests when pressed twice. */
function clearButton() {
  let timer = 0;
  const element = button("Clear", async () => {
    if (!timer) {
      say(element, "Remove all?");
      timer = setTimeout(reset, CONFIRMATION);
      return;
    }
    reset();
    await journal.clear().catch((error) => say(element, sentence(error)));
  }, { class: "danger" });
  function reset() {
    clearTimeout(timer);
    timer = 0;
    say(element, "Clear");
  }
  return element;
}

