// Builds elements. Text from outside becomes a text node or the value of an attribute, never markup.

/** Set as properties, because the attribute is only the initial value. */
const PROPERTIES = new Set(["value", "checked", "disabled", "hidden"]);

/** What an absent attribute or child may be. */
const isNothing = (value) => (value ?? false) === false;

/** `h("p.hint", { id: "about" }, "text", child)`. */
export function h(kind, ...content) {
  const [name, ...classes] = kind.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  return fill(element, content);
}

/** The same for SVG. */
export const svg = (name, ...content) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), content);

function fill(element, [first, ...others]) {
  const hasAttributes = first?.constructor === Object;
  if (hasAttributes) set(element, first);
  element.append(...nodes(hasAttributes ? others : [first, ...others]));
  return element;
}

/** Sets attributes, or removes absent ones; `onclick` and the like are listeners. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name) && name in element) element[name] = value ?? false;
    else if (isNothing(value)) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

const nodes = (children) => children.flat(Infinity).filter((child) => !isNothing(child));

/** Listens. Returns a function that ends it. */
export function on(target, type, action) {
  target.addEventListener(type, action);
  return () => target.removeEventListener(type, action);
}

/** Replaces all children. */
export function show(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** Changes a text if it differs, so that a screen reader repeats nothing. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Strokes in a square of 16 by 16. */
export const icon = (name) =>
  svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "pictogram", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

const ICONS = {
  theme: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.5 5.5h8v8h-8zM2.5 10.5v-8h8",
  save: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  up: "M3 9.5 8 4.5l5 5",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M5 3l8 5-8 5z",
  grow: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
  brush: "M13 3 7 9c-3 0-2 4-5 5 3 .5 6 0 6-3L13 5z",
  undo: "M5.5 3 2.5 6l3 3M3 6h6.5a4 4 0 0 1 0 8H6",
};
