// The page's tabs, and the state of the connection.

import { h, say, set, show } from "./dom.js";
import { counted } from "./format.js";
import { journal } from "./journal.js";
import { live } from "./live.js";
import { startTheme } from "./theme.js";

const STATES = { connecting: "Connecting…", live: "Live", paused: "Paused", broken: "Reconnecting…", outside: "" };

const element = (id) => document.getElementById(id);
/** Each leads to a module whose `open(parts, query)` returns `element`, `follow` for its other addresses, and `close`. */
const tabs = [...document.querySelectorAll("[role=tab]")];
let current = null;

/** Shows the view of an address: `#/wall/<id>?model=…`. */
async function follow() {
  const [path, query] = location.hash.slice(2).split("?");
  const [name, ...parts] = path.split("/");
  const tab = tabs.find(({ hash, hidden }) => hash === `#/${name}` && !hidden) ?? tabs[0];
  const parameters = new URLSearchParams(query);
  if (current?.tab === tab) return current.view?.follow?.(parts, parameters);
  current?.view?.close?.();
  const opened = (current = { tab, view: null });
  for (const other of tabs) set(other, { "aria-selected": String(other === tab), tabindex: other === tab ? "0" : "-1" });
  set(element("view"), { "aria-labelledby": tab.id });
  document.title = `${tab.textContent} · fakeai-images`;
  const view = await import(`.${tab.hash.slice(1)}.js`).catch(() => null);
  if (current !== opened) return;
  opened.view = view?.open(parts, parameters);
  show(element("view"), opened.view?.element ?? h("p.empty", "This view could not be loaded. Is the server still there?"));
}

function showConnection() {
  const isOutside = live.state === "outside";
  set(element("live"), { "data-state": live.state, title: live.reason || null });
  say(element("live"), STATES[live.state]);
  for (const tab of tabs) tab.hidden = isOutside && tab !== tabs[0];
  const notice = element("notice");
  const lost = journal.lost ? `${counted(journal.lost, "request")} left the journal before this page could read them.` : "";
  say(notice, isOutside ? `You can ask for images here. The rest is not shown to you: ${live.reason}` : lost);
  notice.hidden = !notice.textContent;
  if (isOutside) follow();
}

/** See https://www.w3.org/WAI/ARIA/apg/patterns/tabs/. */
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
