// The workers, and the hosts that share a store.

import { count, seconds } from "./format.js";
import { h, say, tableBody } from "./parts.js";

const counter = (title, name, write = count) => [title, (worker) => write(worker[name]), "number"];

const COLUMNS = [
  ["Worker", ({ number, pid }) => `${number}-${pid}`], ["State", ({ state }) => state], counter("In flight", "in_flight"),
  counter("Waiting", "deferred"), counter("Requests", "requests"), counter("Drawn", "drawn"), counter("Served", "served"),
  counter("Refused", "refused"), counter("Up", "uptime_seconds", seconds),
];

export function workers() {
  const table = tableBody(COLUMNS);
  const about = h("p.hint");
  const hosts = h("p.soft");
  return {
    element: h("div.card.wide", h("header", h("h2", "Workers"), about),
      h("div.sideways", { tabindex: "0", role: "group", "aria-label": "Workers" }, table.element), hosts),
    follow({ workers, pool, hosts: others = [] }) {
      table.follow(workers.toSorted((a, b) => a.number - b.number));
      const again = Math.max(0, pool.worker_starts - workers.length);
      say(about, `${count(pool.worker_starts)} started, ${count(again)} of them again; ${count(pool.worker_deaths)} killed or crashed`);
      say(hosts, others.length ? `Hosts that share the store: ${others.map(({ name }) => name).join(", ")}` : "");
    },
  };
}
