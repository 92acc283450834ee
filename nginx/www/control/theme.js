// Light, dark, or what the system says.

import { icon, set } from "./dom.js";

const NEXT = { system: "light", light: "dark", dark: "system" };
const KEPT = "fakeai-theme";

/** Applies the theme chosen last, and lets the button choose another. */
export function startTheme(button) {
  let theme = "system";
  // Storage may be forbidden, or hold anything.
  try {
    theme = localStorage.getItem(KEPT);
  } catch {}
  if (!Object.hasOwn(NEXT, theme)) theme = "system";
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    const label = `Colours: ${theme}. Switch to ${NEXT[theme]}`;
    set(button, { "aria-label": label, title: label });
  };
  apply();
  button.append(icon("theme"));
  button.addEventListener("click", () => {
    theme = NEXT[theme];
    try {
      localStorage.setItem(KEPT, theme);
    } catch {}
    apply();
  });
}
