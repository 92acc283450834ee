// The latest pictures of all workers, as they are made.

import { picturesOf, promptOf } from "./entry.js";
import { counted, excerpt } from "./format.js";
import { journal } from "./journal.js";
import { pictureLink } from "./lifetime.js";
import { LongList } from "./long-list.js";
import { button, h } from "./parts.js";
import { openPicture } from "./picture.js";

const GAP = 12;
const CAPTION = 26;
/** The least width of a tile, in pixels. */
const SIZES = { small: 110, medium: 190, large: 320 };

let size = "medium";

export function open(parts, query) {
  const sizes = Object.keys(SIZES).map((name) =>
    button(name[0].toUpperCase(), () => resize(name), { class: "small", "aria-label": `${name} pictures` }));
  const list = new LongList({
    name: "wall", noun: "picture", expand: picturesOf, facets: ["model", "key", "session"], emptyText, openItem: openPicture,
    find: (id) => (picture) => picture.id === id, tools: h("div.row", { role: "group", "aria-label": "Size of the pictures" }, sizes),
    tiles: { key: ({ id }) => id, make: tile, layout, place, attributes: { role: "list", "aria-label": "Pictures, newest first" } },
  });
  function resize(name) {
    size = name;
    for (const [at, other] of Object.keys(SIZES).entries()) sizes[at].setAttribute("aria-pressed", String(other === name));
    list.tiles.draw();
  }
  resize(size);
  list.follow(parts, query);
  return list;
}

function layout(width) {
  const columns = Math.max(2, Math.floor((width + GAP) / (SIZES[size] + GAP)));
  const side = Math.floor((width - GAP * (columns - 1)) / columns);
  return { columns, width: side, height: side + CAPTION, gap: GAP };
}

function place(node, index, all) {
  node.setAttribute("aria-posinset", index + 1);
  node.setAttribute("aria-setsize", all);
}

function tile(picture) {
  const { entry, index } = picture;
  const prompt = promptOf(entry);
  return h("div.tile", { role: "listitem" }, pictureLink(picture, excerpt(prompt, 120) || `Picture ${index + 1} of ${entry.path}`),
    h("p.caption", { "aria-hidden": "true" }, excerpt(prompt, 80) || entry.path));
}

function emptyText() {
  const sent = journal.entries.filter((entry) => entry.status === 200 && promptOf(entry)).length;
  return [
    h("p", "No pictures yet. Each one appears here as soon as a worker has drawn it."),
    sent > 0 && h("p", `${counted(sent,
      "answer")} carried pictures as base64, which the server keeps only while a page like this one is open.`),
    h("p", h("a", { href: "#/ask" }, "Ask for one")),
  ];
}
