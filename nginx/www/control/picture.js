// A picture of the wall, with what it says of itself, its request and its remaining life.

import { promptOf } from "./entry.js";
import { bytes, excerpt, formatOf, seconds } from "./format.js";
import { expiryOf, isGone } from "./lifetime.js";
import { metadataOf } from "./metadata.js";
import { block, facts, h, icon, iconButton, openDialog, pretty, say, show } from "./parts.js";
import { requestFacts } from "./request.js";
import { send, unfetched } from "./server.js";
import { every } from "./visible.js";

/** Opens the picture at an index of the feed; -1 if it is not there. `closed` is called with the ID of the picture shown last. */
export function openPicture(feed, index, id, closed) {
  const stage = h("div.stage");
  const about = h("div.about");
  let [turn, source, stopLife, current] = [0, null, () => {}, feed.item(index)];
  const dialog = openDialog("picture", "", {
    tools: [iconButton("left", "Newer picture", () => move(-1)), iconButton("right", "Older picture", () => move(1))],
    closed: (isReplaced) => {
      turn++;
      letGo();
      closed(isReplaced, current?.id);
    },
    onkeydown: ({ key, target }) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step && !target.closest("pre")) move(step);
    },
  }, h("div.body", stage, about));
  const tell = (text) => show(stage, h("p.empty", text));

  function move(by) {
    // Older ones may have left meanwhile.
    const at = feed.indexOf((picture) => picture.id === current?.id) + by;
    if (at < 0 || at >= feed.count) return;
    current = feed.item(at);
    history.replaceState(null, "", `#/wall/${current.id}`);
    present(current);
  }

  async function present({ entry, address }) {
    const mine = ++turn;
    letGo();
    const name = excerpt(promptOf(entry), 200) || entry.path;
    say(dialog.title, name);
    show(about, aboutRequest(entry));
    if (isGone(entry)) return tell("This picture has expired, or made room for others.");
    tell("Loading…");
    try {
      const response = await send(address);
      const blob = await response.blob();
      const metadata = metadataOf(await blob.arrayBuffer());
      if (mine !== turn) return;
      source = URL.createObjectURL(blob);
      const image = h("img", { src: source, alt: name });
      const isWhole = await image.decode().then(() => true, () => false);
      if (mine !== turn) return;
      if (isWhole) show(stage, image);
      else tell("This picture cannot be decoded.");
      show(about, aboutFile(image, blob, metadata, expiryOf(response), address), aboutRequest(entry));
    } catch (error) {
      if (mine === turn) tell(unfetched(error));
    }
  }

  function aboutFile(image, blob, metadata, expiry, address) {
    const life = h("span");
    const file = address.split("/").at(-1);
    const update = () => say(life, expiry === null ? "not said" : expiry > Date.now() ? seconds((expiry - Date.now()) / 1000) : "over");
    update();
    stopLife = every(1000, update);
    return [
      h("div.row", h("a.button", { href: source, download: file }, icon("save"), "Save"),
        h("a.button", { href: `#/ask?upscale=${file}` }, icon("grow"), "Upscale"),
        h("a.button", { href: address, target: "_blank", rel: "noopener" }, "Open the file")),
      facts([["Pixels", `${image.naturalWidth} × ${image.naturalHeight}`],
        ["File", `${bytes(blob.size)}, ${formatOf(blob)}`], ["Remaining life", life]]),
      h("h3", "What it says of itself"),
      facts(Object.entries(metadata ?? { "": "Nothing." }).map(([name, value]) =>
        [name, typeof value === "string" ? value : pretty(value)])),
    ];
  }

  function letGo() {
    stopLife();
    if (source) URL.revokeObjectURL(source);
    source = null;
  }

  if (current) present(current);
  else tell(`No request of the journal made the picture ${id}, or the filters leave it out.`);
  return dialog;
}

function aboutRequest(entry) {
  return [
    h("h3", "Its request"), facts(requestFacts(entry)), block("The parameters of the request", pretty(entry.parameters ?? entry.body)),
    h("a", { href: `#/requests/${entry.sequence}` }, "In the journal"),
  ];
}
