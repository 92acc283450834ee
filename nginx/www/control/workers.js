// The workers, and the hosts that share a store.

import { h, say } from "./dom.js";
import { count, seconds } from "./format.js";
import { tableBody } from "./parts.js";

const COLUMNS = [
  ["Worker", ({ number, pid }) => `${number}-${pid}`], ["State", ({ state }) => state],
    ["In flight", ({ in_flight: value }) => count(value), "number"],
  ["Waiting", ({ deferred }) => count(deferred), "number"], ["Requests", ({ requests }) => count(requests), "number"],
  ["Drawn", ({ drawn }) => count(drawn), "number"], ["Served", ({ served }) => count(served), "number"],
  ["Refused", ({ refused }) => count(refused), "number"], ["Up", ({ uptime_seconds: value }) => seconds(value), "number"],
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
      say(about, `${count(pool.worker_starts)} started, ${count(Math.max(0,
        pool.worker_starts - workers.length))} of them again; ${count(pool.worker_deaths)} killed or crashed`);
      say(hosts, others.length ? `Hosts that share the store: ${others.map(({ name }) => name).join(", ")}` : "");
    },
  };
}
