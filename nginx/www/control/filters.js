// Filters entries by a text in the prompt and by chosen values. The page's address keeps both.

import { modelOf, promptOf } from "./entry.js";
import { capitalized, excerpt } from "./format.js";
import { journal } from "./journal.js";
import { button, h, on, set } from "./parts.js";

const NAMES = ["prompt", "model", "key", "session", "status", "method", "path", "fault", "rule", "request_id"];

/** Empty if there is none. */
const valueOf = (entry, name) => (name === "model" ? modelOf(entry) : String(entry[name] ?? ""));

/** Values to choose from, per name. */
const MOST = 100;

/** A bar of filters by these names. `changed` is called with a test of entries. */
export function filters(view, names, changed) {
  let chosen = {};
  const search = h("input", { type: "search", placeholder: "Search prompts", "aria-label": "Search prompts",
    oninput: () => choose("prompt", search.value), maxlength: 200 });
  const selects = names.map((name) =>
    h("select", { name, "aria-label": capitalized(name), onchange: ({ target }) => choose(name, target.value) }));
  const known = new Map(names.map((name) => [name, new Set()]));
  const clear = button("Show all", () => follow([]), { class: "plain" });

  const choose = (name, value) => follow(Object.entries({ ...chosen, [name]: value }));

  /** Applies a query, and writes it to the address. */
  function follow(query) {
    chosen = Object.fromEntries([...query].filter(([name, value]) => value && NAMES.includes(name)));
    const { prompt = "" } = chosen;
    if (search.value !== prompt) search.value = prompt;
    for (const [name, values] of known) if (chosen[name]) values.add(chosen[name]);
    selects.forEach(offer);
    clear.hidden = !Object.keys(chosen).length;
    history.replaceState(null, "", address());
    changed(fits(chosen));
  }

  function address() {
    const text = new URLSearchParams(chosen).toString();
    return `#/${view}${text ? `?${text}` : ""}`;
  }

  function learn(entries) {
    for (const select of selects) {
      const values = known.get(select.name);
      const before = values.size;
      for (const entry of entries) {
        const value = valueOf(entry, select.name);
        if (value && values.size < MOST) values.add(value);
      }
      if (values.size > before) offer(select);
    }
  }

  function offer(select) {
    const { name } = select;
    select.replaceChildren(h("option", { value: "" }, `${capitalized(name)}: any`),
      ...[...known.get(name)].sort().map((value) => h("option", { value }, excerpt(value, 48))));
    select.value = chosen[name] ?? "";
    set(select, { "data-chosen": chosen[name] ? "" : null });
  }

  const ends = [on(journal, "added", ({ detail }) => learn(detail.added)), on(journal, "reset", () => learn(journal.entries))];
  selects.forEach(offer);
  learn(journal.entries);
  return {
    element: h("div.filters", { role: "search" }, search, selects, clear), address, follow, isActive: () => Object.keys(chosen).length > 0,
    close: () => ends.forEach((end) => end()),
  };
}

/** A test for all of the values. */
function fits({ prompt = "", ...others }) {
  const wanted = prompt.toLowerCase();
  const values = Object.entries(others);
  return (entry) => values.every(([name, value]) => valueOf(entry, name) === value) &&
    (!wanted || promptOf(entry).toLowerCase().includes(wanted));
}
