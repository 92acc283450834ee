// A request of the journal, with its pictures and the other attempts of its call.

import { attemptOf, chainOf } from "./chains.js";
import { kindOfStatus, picturesOf, promptOf, timeOf } from "./entry.js";
import { bytes, excerpt, milliseconds, timeOfDay } from "./format.js";
import { pictureLink } from "./lifetime.js";
import { block, copyButton, facts, h, openDialog, pretty } from "./parts.js";

export const statusMark = ({ status }) => h("span", { class: `status ${kindOfStatus(status)}` }, String(status));

export const requestFacts = (entry) => [
  ["Status", statusMark(entry)], ["Latency", milliseconds(entry.latency_ms)], ["Time", timeOfDay(entry.time)], ["Path", entry.path],
    ["Query", entry.query],
  ["Worker", entry.worker], ["Attempt", entry.retry_count === null ? "not said" : String(attemptOf(entry))], ["Fault", entry.fault],
    ["Rule", entry.rule],
  ["Key", entry.key && `…${entry.key}`], ["Session", entry.session], ["Ignored", entry.ignored], ["Answer", bytes(entry.bytes ?? 0)],
  ["Body", entry.body && `${bytes(entry.body.bytes)}, ${entry.body.content_type ?? "of no type"}`], ["Request ID", entry.request_id],
];

export const openRequest = (entry, sequence, closed) =>
  openDialog("request", entry ? `${entry.method} ${entry.path}` : `Request ${sequence}`, { closed },
    h("div.content", entry ? content(entry) : `The journal does not have request ${sequence} any more.`));

function content(entry) {
  const chain = chainOf(entry);
  return [
    facts(requestFacts(entry)), promptOf(entry) && h("p.quoted", excerpt(promptOf(entry), 600)),
    chain.length > 1 && [h("h3", `${chain.length} attempts of this call`),
      h("ol.attempts", chain.map((one, at) => attempt(one, chain[at - 1], entry)))],
    entry.images?.length > 0 && [h("h3", "Pictures"),
      h("div.thumbs", picturesOf(entry).map((picture, at) => pictureLink(picture, `Picture ${at + 1}`)))],
    h("div.row", h("h3", "Its entry in the journal"), copyButton(() => pretty(entry))), block("The entry", pretty(entry)),
  ];
}

/** How long the client waited before it, and how it ended. */
function attempt(entry, before, shown) {
  const waited = before && Math.max(0, Math.round(timeOf(entry) - timeOf(before) - before.latency_ms));
  return h("li", { "aria-current": entry === shown ? "true" : null }, before && h("span.hint", `after ${milliseconds(waited)}`),
    h("a", { href: `#/requests/${entry.sequence}` }, `Attempt ${attemptOf(entry)}`), statusMark(entry),
      h("span.soft", `${milliseconds(entry.latency_ms)} ${entry.fault ?? ""}`));
}
