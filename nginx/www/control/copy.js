// A button that copies a text.

import { h, say, show } from "./dom.js";
import { button } from "./parts.js";

export function copyButton(text, label = "Copy") {
  const word = h("span", label);
  const element = button(word, copy, { class: "small", icon: "copy" });
  let timer;
  async function copy() {
    say(word, (await put(text())) ? "Copied" : "Press Ctrl+C");
    clearTimeout(timer);
    timer = setTimeout(() => say(word, label), 2000);
  }
  return element;
}

/** The clipboard is open only to secure origins. Elsewhere a selected text is copied. */
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

/** Code in one of several languages, to be chosen and copied. */
export function codeBlock(languages, code) {
  const names = Object.keys(languages);
  let chosen = names[0];
  const text = h("code");
  const buttons = names.map((name) => button(name, () => choose(name), { class: "small" }));
  function choose(name) {
    chosen = name;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other.textContent === name));
    update();
  }
  const update = () => show(text, languages[chosen](code()));
  choose(chosen);
  const pane = h("pre", { tabindex: "0", "aria-label": "The request as code" }, text);
  return { element: h("div.code", h("div.row", buttons, h("span.space"), copyButton(() => text.textContent)), pane), update };
}
