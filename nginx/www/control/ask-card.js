// A request and what it brought: pictures as they come, figures, and the answer.

import { LANGUAGES } from "./ask-code.js";
import { progress } from "./ask-progress.js";
import { MODES } from "./ask-request.js";
import { bytes, count, counted, excerpt, formatOf, milliseconds } from "./format.js";
import { live } from "./live.js";
import { block, button, codeBlock, facts, h, icon, say, show } from "./parts.js";

const STATES = { waiting: "Waiting for the answer…", arriving: "Arriving…" };

/** The element, and its `update`. The actions are `cancel`, `again`, `use` and `proceed`. */
export function card(result, actions) {
  const { request } = result;
  const title = `${MODES[request.mode].title}${request.mode === "converse" ? ` ${result.turn}` : ""}`;
  const pictures = h("div.pictures");
  const bar = progress(request);
  const status = h("p.offscreen", { role: "status" });
  const error = h("p.problem", { role: "alert" });
  const side = h("div.side");
  const code = folded("As code", () => codeBlock(LANGUAGES, () => request).element);
  const answer = folded("Answer", () => block("The answer", shortened(result.answer)));
  const element = h("article.card.result", { "aria-label": title }, h("header", h("h3", title), h("p.prompt", request.prompt)), status,
    h("div.body", h("div.left", pictures, bar.element, error), side), code, answer);
  const shown = [];

  function update() {
    const isOver = !(result.state in STATES);
    if (isOver) {
      bar.stop();
      bar.element.remove();
    }
    const expected = Math.max(result.pictures.length, isOver ? 0 : (request.json?.n ?? 1));
    pictures.dataset.count = expected;
    for (let index = 0; index < expected; index++) {
      const picture = result.pictures[index];
      if (index in shown && shown[index] === picture) continue;
      shown[index] = picture;
      (pictures.children[index] ?? pictures.appendChild(h("figure"))).replaceWith(figureOf(request, picture, index, actions));
    }
    while (pictures.children.length > expected) pictures.lastChild.remove();
    say(error, [result.error, result.headers["x-fakeai-reason"]].filter(Boolean).join(" "));
    say(status, STATES[result.state] ??
      `${counted(result.pictures.filter((picture) => picture?.source).length, "picture")}, ${milliseconds(result.elapsed)}`);
    element.dataset.state = result.state;
    code.hidden = !isOver;
    answer.hidden = !result.answer;
    show(side, facts(factsOf(result)), h("div.row", isOver ? endButtons(result, actions) : button("Cancel", actions.cancel)),
      result.texts.map((text) => h("p.soft", text)));
  }

  update();
  return { element, update };
}

/** A part that is made when first opened. */
function folded(label, make) {
  const element = h("details", h("summary", label));
  element.addEventListener("toggle", () => element.append(make()), { once: true });
  return element;
}

function figureOf({ prompt }, picture, index, { use }) {
  if (!picture) return h("figure.waiting", { "aria-hidden": "true" });
  if (!picture.source) return h("figure.problem", picture.problem);
  const broken = () => show(figure, h("p", `This picture cannot be decoded: its ${bytes(picture.blob.size)} are no valid file.`));
  const image = h("img", { src: picture.source, alt: `Picture ${index + 1}: ${excerpt(prompt, 120)}`, decoding: "async",
    "data-partial": picture.partial });
  const size = h("span.hint");
  image.decode().then(() => say(size, `${image.naturalWidth} × ${image.naturalHeight}`), broken);
  const words = excerpt(prompt, 40).match(/[\p{L}\p{N}]+/gu) ?? ["picture"];
  const name = `${words.join("-")}-${index + 1}.${formatOf(picture.blob)}`;
  const figure = h("figure", image,
    picture.partial === undefined && h("figcaption.row", button("Edit this", () => use("edit", picture), { class: "small", icon: "brush" }),
    button("Upscale", () => use("upscale", picture), { class: "small", icon: "grow" }),
    h("a.button.small", { href: picture.source, download: name }, icon("save"), "Save"), size));
  return figure;
}

function factsOf({ status, elapsed, pictures, usage, headers, state }) {
  const size = pictures.reduce((sum, picture) => sum + (picture?.blob?.size ?? 0), 0);
  return [
    ["Status", status && String(status)], ["Time", elapsed && milliseconds(elapsed)], ["Size", size && bytes(size)],
    ["Tokens", usage?.total_tokens && `${count(usage.total_tokens)} (${count(usage.input_tokens)} in, ${count(usage.output_tokens)} out)`],
    ...["Worker", "Fault", "Rule", "Ignored"].map((name) => [name, headers[`x-fakeai-${name.toLowerCase()}`]]),
    ["Retry after", headers["retry-after"] && `${headers["retry-after"]} s`], ["State", state === "cancelled" && state],
  ];
}

function endButtons({ responseID, headers, state }, { proceed, again }) {
  const id = headers["x-request-id"];
  return [
    responseID && state === "done" && button("Continue from here", () => proceed(responseID)), button("Ask again", again),
    id && live.state !== "outside" && h("a.button", { href: `#/requests?request_id=${encodeURIComponent(id)}` }, "In the journal"),
  ];
}

const shortened = (answer) =>
  JSON.stringify(answer, (_, value) =>
    (typeof value === "string" && value.length > 400 ? `${value.slice(0, 60)}… (${counted(value.length, "character")})` : value), 2);
