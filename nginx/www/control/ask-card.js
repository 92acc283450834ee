// A request and what it brought: the pictures as they come, their time, bytes and tokens, and the answer.

import { LANGUAGES } from "./ask-code.js";
import { progress } from "./ask-progress.js";
import { codeBlock } from "./copy.js";
import { h, icon, say, show } from "./dom.js";
import { bytes, count, counted, excerpt, milliseconds } from "./format.js";
import { live } from "./live.js";
import { block, button, facts } from "./parts.js";

const NAMES = { generate: "Generated", edit: "Edited", vary: "Varied", converse: "Turn" };
const STATES = { waiting: "Waiting for the answer…", arriving: "Arriving…" };

/** The element of a result, and `update`, which shows what is new in it. The actions are `cancel`, `again`, `edit` and `proceed`. */
export function card(result, actions) {
  const { request } = result;
  const title = request.mode === "converse" ? `Turn ${result.turn}` : NAMES[request.mode];
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
    const expected = isOver ? result.pictures.length : Math.max(result.pictures.length, request.json?.n ?? 1);
    pictures.dataset.count = expected;
    for (let index = 0; index < expected; index++) {
      const picture = result.pictures[index];
      if (index in shown && shown[index] === picture) continue;
      shown[index] = picture;
      const figure = figureOf(request, picture, index, actions);
      if (pictures.children[index]) pictures.children[index].replaceWith(figure);
      else pictures.append(figure);
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

/** A part that is made when it is opened first. */
function folded(label, make) {
  const element = h("details", { ontoggle: () => element.open && element.children.length === 1 && element.append(make()) },
    h("summary", label));
  return element;
}

function figureOf({ prompt }, picture, index, { edit }) {
  if (!picture) return h("figure.waiting", { "aria-hidden": "true" });
  if (!picture.source) return h("figure.problem", picture.problem);
  const broken = () => show(figure, h("p", `This picture cannot be decoded: its ${bytes(picture.blob.size)} are no valid file.`));
  const image = h("img", { src: picture.source, alt: `Picture ${index + 1}: ${excerpt(prompt || "a variation", 120)}`, decoding: "async",
    "data-partial": picture.partial });
  image.decode().catch(broken);
  const words = excerpt(prompt, 40).match(/[\p{L}\p{N}]+/gu) ?? ["picture"];
  const name = `${words.join("-")}-${index + 1}.${picture.blob.type.slice(6).replace("+xml", "")}`;
  const figure = h("figure", image,
    picture.partial === undefined && h("figcaption.row", button("Edit this", () => edit(picture), { class: "small", icon: "brush" }),
    h("a.button.small", { href: picture.source, download: name }, icon("save"), "Save")));
  return figure;
}

function factsOf({ status, elapsed, pictures, usage, headers, state }) {
  const size = pictures.reduce((sum, picture) => sum + (picture?.blob?.size ?? 0), 0);
  return [
    ["Status", status && String(status)], ["Time", elapsed && milliseconds(elapsed)], ["Size", size && bytes(size)],
    ["Tokens", usage?.total_tokens && `${count(usage.total_tokens)} (${count(usage.input_tokens)} in, ${count(usage.output_tokens)} out)`],
    ["Worker", headers["x-fakeai-worker"]], ["Fault", headers["x-fakeai-fault"]], ["Rule", headers["x-fakeai-rule"]],
      ["Ignored", headers["x-fakeai-ignored"]],
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
