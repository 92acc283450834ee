// The pictures that a request begins with, and the mask painted on the first.

import { openMask } from "./ask-mask.js";
import { MODES } from "./ask-request.js";
import { bytes, counted } from "./format.js";
import { button, h, iconButton, show } from "./parts.js";

/** Controls of a form's `images` and `mask`. */
export function uploads(form, changed) {
  /** Object URLs by file. */
  const sources = new Map();
  const chooser = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true, onchange: () => {
    add(chooser.files);
    chooser.value = "";
  } });
  const list = h("ul.uploads");
  const says = h("p.hint", { role: "status" });
  const choose = button("Choose a picture", () => chooser.click());
  const element = h("div.field", h("div.drop", choose, h("span.soft", "or drop or paste it"), chooser), list, says);

  function add(files) {
    const wanted = [...files];
    if (!wanted.length) return;
    const { pictures: most } = MODES[form.mode];
    // If there can be only one, it is the last one.
    form.images = most === 1 ? wanted.slice(-1) : [...form.images, ...wanted].slice(0, most);
    draw(form.images.length === most && wanted.length > 1 ? `This request takes ${counted(most, "picture")}.` : "");
    changed();
  }

  function remove(index) {
    form.images = form.images.filter((_, at) => at !== index);
    if (index === 0) form.mask = null;
    draw();
    changed();
    choose.focus();
  }

  function draw(problem = "") {
    for (const [file, source] of sources) if (!form.images.includes(file) && sources.delete(file)) URL.revokeObjectURL(source);
    for (const file of form.images) if (!sources.has(file)) sources.set(file, URL.createObjectURL(file));
    show(list, form.images.map(row));
    show(says, problem);
  }

  function row(file, index) {
    const picture = h("img", { src: sources.get(file), alt: "", width: 48, height: 48 });
    const isMasked = index === 0 && form.mask;
    const paint = index === 0 && form.mode === "edit" &&
      button(isMasked ? "Mask painted" : "Paint a mask", () => openMask(file, form.mask, takeMask), { class: "small", icon: "brush" });
    return h("li", picture, h("span.grow", h("span.name", file.name), h("span.soft", bytes(file.size))), paint,
      iconButton("close", `Remove ${file.name}`, () => remove(index)));
  }

  function takeMask(mask) {
    form.mask = mask;
    draw();
    changed();
  }

  draw();
  return { element, add, draw };
}
