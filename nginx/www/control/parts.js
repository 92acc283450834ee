// Elements, and the parts that views share.

import { h, icon, say, set } from "./dom.js";

export * from "./dom.js";

/** @param attributes may have an `icon` before the label */
export function button(label, onclick, { icon: picture, ...attributes } = {}) {
  return h("button", { type: "button", onclick, ...attributes }, picture && icon(picture), label);
}

export const iconButton = (picture, label, onclick) =>
  button("", onclick, { icon: picture, class: "plain icon", "aria-label": label });

export const onControlEnter = (action) => (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && action(event);

/** Names with values; those without a value are left out. */
export const facts = (pairs) =>
  h("dl.facts", pairs.filter((pair) => pair?.[1]).map(([name, value]) => h("div", h("dt", name), h("dd", value))));

export const block = (label, text) => h("pre", { tabindex: "0", "aria-label": label }, h("code", text));

export const pretty = (value) => JSON.stringify(value ?? null, null, 2);

/** Radio buttons beside each other; a choice is a value and its label. */
export const segments = (name, legend, choices, chosen, take) =>
  h("fieldset.segments", h("legend.offscreen", legend), choices.map(([value, label]) =>
    h("label", h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => take(value) }), h("span", label))));

/** `closed` is called in the end, with true if another dialog takes its place. */
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

/** Each cell stays the same element, so that a reader keeps their place. */
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
          if (content !== undefined) say(cells[cell], content);
        });
      });
      while (body.children.length > items.length) body.lastChild.remove();
    },
  };
}

/** Copies what `text` returns. */
export function copyButton(text) {
  const word = h("span", "Copy");
  const element = button(word, copy, { class: "small", icon: "copy" });
  let timer;
  async function copy() {
    say(word, (await put(text())) ? "Copied" : "Press Ctrl+C");
    clearTimeout(timer);
    timer = setTimeout(() => say(word, "Copy"), 2000);
  }
  return element;
}

/** Only secure origins have a clipboard. Elsewhere a selected text is copied. */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea.offscreen", { "aria-hidden": "true", tabindex: "-1" });
    const focused = document.activeElement;
    (focused?.closest("dialog") ?? document.body).append(field);
    field.value = text;
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return isCopied;
  }
}

/** Code to copy in one of several languages. */
export function codeBlock(languages, code) {
  const names = Object.keys(languages);
  let chosen = names[0];
  const pane = block("The request as code", "");
  const buttons = names.map((name) => button(name, () => choose(name), { class: "small" }));
  function choose(name) {
    chosen = name;
    for (const other of buttons) set(other, { "aria-pressed": String(other.textContent === name) });
    update();
  }
  const update = () => say(pane.firstChild, languages[chosen](code()));
  choose(chosen);
  return { element: h("div.code", h("div.row", buttons, h("span.space"), copyButton(() => pane.textContent)), pane), update };
}
