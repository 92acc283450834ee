// Parts that several views are made of.

import { h, icon } from "./dom.js";

/** A button. @param attributes may have the `icon` that precedes the label */
export function button(label, onclick, { icon: picture, ...attributes } = {}) {
  return h("button", { type: "button", onclick, ...attributes }, picture && icon(picture), label);
}

export const iconButton = (picture, label, onclick) =>
  h("button", { type: "button", class: "plain icon", "aria-label": label, onclick }, icon(picture));

/** Names with values, of which those without a value are left out. */
export const facts = (pairs) =>
  h("dl.facts", pairs.filter((pair) => pair?.[1]).map(([name, value]) => h("div", h("dt", name), h("dd", value))));

export const block = (label, text) => h("pre", { tabindex: "0", "aria-label": label }, h("code", text));

export const pretty = (value) => JSON.stringify(value ?? null, null, 2);

/** Opens a dialog. `closed` is called in the end, with true if another dialog takes its place. */
export function openDialog(kind, heading, { tools = [], closed, ...attributes }, ...content) {
  let isReplaced = false;
  const title = h("h2", { id: "dialog-title" }, heading);
  const element = h("dialog", { class: kind, "aria-labelledby": "dialog-title", ...attributes,
    onclick: ({ target }) => target === element && element.close(), onclose: () => {
    element.remove();
    closed?.(isReplaced);
  } }, h("header", title, tools, iconButton("close", "Close", () => element.close())), content);
  document.body.append(element);
  element.showModal();
  return { element, title, close(isReplacedNow = false) {
    isReplaced = isReplacedNow;
    element.close();
  } };
}

/** A table of which each cell stays the same element, so that a reader keeps their place. */
export function tableBody(columns) {
  const body = h("tbody");
  const head = h("thead", h("tr", columns.map(([title, , kind]) => h("th", { scope: "col", class: kind }, title))));
  const row = () => h("tr", columns.map(([, , kind], at) => h(at ? "td" : "th", { class: kind, scope: at ? null : "row" })));
  return {
    element: h("table", head, body),
    follow(items) {
      items.forEach((item, at) => {
        const cells = (body.children[at] ?? body.appendChild(row())).children;
        columns.forEach(([, show], cell) => {
          const content = show(item, cells[cell]);
          if (content !== undefined && cells[cell].textContent !== content) cells[cell].textContent = content;
        });
      });
      while (body.children.length > items.length) body.lastChild.remove();
    },
  };
}
