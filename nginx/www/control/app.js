// Where the page starts: its tabs, and the state of the connection.

import { h, say, set, show } from "./dom.js";
import { counted } from "./format.js";
import { journal } from "./journal.js";
import { live } from "./live.js";
import { startTheme } from "./theme.js";

/** The views: modules whose `open(parts, query)` returns an element. `follow` takes another address within the view. */
const VIEWS = {
  ask: () => import("./ask.js"), wall: () => import("./wall.js"), requests: () => import("./requests.js"),
    faults: () => import("./faults.js"),
  figures: () => import("./figures.js"),
};
const STATES = { connecting: "Connecting…", live: "Live", paused: "Paused", broken: "Reconnecting…", outside: "" };

const element = (id) => document.getElementById(id);
const tabs = [...document.querySelectorAll("[role=tab]")];
let current = null;

/** Shows the view that the address names: `#/wall/<id>?model=…`. */
async function follow() {
  const [path, query] = location.hash.slice(2).split("?");
  const [name, ...parts] = path.split("/");
  const wanted = Object.hasOwn(VIEWS, name) && live.state !== "outside" ? name : "ask";
  const parameters = new URLSearchParams(query);
  if (current?.name === wanted) return current.view?.follow?.(parts, parameters);
  current?.view?.close?.();
  const opened = (current = { name: wanted, view: null });
  for (const tab of tabs) set(tab,
    { "aria-selected": String(tab.id === `tab-${wanted}`), tabindex: tab.id === `tab-${wanted}` ? "0" : "-1" });
  set(element("view"), { "aria-labelledby": `tab-${wanted}`, "data-view": wanted });
  document.title = `${element(`tab-${wanted}`).textContent} · fakeai-images`;
  const view = await VIEWS[wanted]().catch(() => null);
  if (current !== opened) return;
  opened.view = view;
  show(element("view"), view?.open(parts, parameters) ?? h("p.empty", "This view could not be loaded. Is the server still there?"));
}

function showConnection() {
  const isOutside = live.state === "outside";
  set(element("live"), { "data-state": live.state, title: live.reason || null });
  say(element("live"), STATES[live.state]);
  for (const tab of tabs) tab.hidden = isOutside && tab.id !== "tab-ask";
  const notice = element("notice");
  const lost = journal.lost ? `${counted(journal.lost, "request")} left the journal before this page could read them.` : "";
  say(notice, isOutside ? `You can ask for images here. The rest is not shown to you: ${live.reason}` : lost);
  notice.hidden = !notice.textContent;
  if (isOutside) follow();
}

/** As in every list of tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/. */
function moveTab(event) {
  const shown = tabs.filter((tab) => !tab.hidden);
  const at = shown.indexOf(document.activeElement);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const tab = shown.at(to % shown.length);
  tab.focus();
  location.hash = tab.hash;
}

startTheme(element("theme"));
document.querySelector("[role=tablist]").addEventListener("keydown", moveTab);
addEventListener("hashchange", follow);
live.addEventListener("change", showConnection);
journal.addEventListener("lost", showConnection);
follow();
showConnection();
live.start();
