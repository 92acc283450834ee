// The view that asks for images, and shows them as they come.

import { card } from "./ask-card.js";
import { LANGUAGES } from "./ask-code.js";
import { controls } from "./ask-fields.js";
import { MODES, lack, requestOf } from "./ask-request.js";
import { newResult, perform, release } from "./ask-send.js";
import { uploads } from "./ask-uploads.js";
import { welcome } from "./ask-welcome.js";
import { formatOf } from "./format.js";
import { button, codeBlock, h, onControlEnter, say, segments, show } from "./parts.js";
import { get, send, unfetched } from "./server.js";

const MOST = 24;

const form = { mode: "generate", prompt: "", values: {}, stream: false, images: [], mask: null, previous: null, turn: 0 };
const results = [];
let names = [];
/** Kept while other views are shown. */
let view = null;

export function open(_, query) {
  view ??= build();
  view.follow(_, query);
  return view;
}

function build() {
  const prompt = h("textarea", { id: "prompt", rows: 4, maxlength: 32_000, placeholder: "A lighthouse in a storm, as a woodcut",
    oninput: () => { form.prompt = prompt.value; changed(); } });
  const fields = controls(form.values, changed);
  const files = uploads(form, changed);
  const stream = h("input", { type: "checkbox", id: "stream", onchange: () => { form.stream = stream.checked; adapt(); } });
  const streamRow = h("div.field.check", stream, h("label", { for: "stream" }, "Stream, with blurred parts first"));
  const turn = h("p.hint.turn");
  const problem = h("p.problem", { role: "alert" });
  const code = codeBlock(LANGUAGES, () => requestOf(form));
  const list = h("section.results", { "aria-label": "Results" }, welcome(example));
  const modes = segments("mode", "Kind of request", Object.entries(MODES).map(([mode, { label }]) => [mode, label]), form.mode, (mode) => {
    form.mode = mode;
    adapt();
  });
  const main = h("button.main", { type: "submit" }, "Ask");
  const panel = h("form.panel", { onsubmit: submit, onkeydown: onControlEnter(submit), novalidate: true, "aria-label": "Request" },
    modes, files.element, h("div.field.prompt", h("label", { for: "prompt" }, "Prompt"), prompt), turn,
    h("div.fields", fields.elements(false), streamRow),
    h("details", h("summary", "Key, session, latency and faults"), h("div.fields", fields.elements(true))),
    problem, h("div.send", main, h("span.hint", "Ctrl + Enter")),
    h("details", h("summary", "This request as code"), code.element));

  function adapt() {
    fields.adapt(form.mode, form.stream);
    const { pictures, hasPrompt } = MODES[form.mode];
    files.element.hidden = !pictures;
    prompt.parentElement.hidden = streamRow.hidden = !hasPrompt;
    stream.checked = form.stream;
    panel.elements.mode.value = form.mode;
    files.draw();
    changed();
  }

  function changed() {
    turn.hidden = form.mode !== "converse";
    show(turn, form.previous ? [`Continues turn ${form.turn}. `, button("Begin anew", () => proceed(null, 0), { class: "small" })]
      : "Begins a conversation.");
    say(problem, "");
    code.update();
  }

  function submit(event) {
    event.preventDefault();
    const missing = lack(form);
    say(problem, missing);
    if (missing) return (MODES[form.mode].pictures && !form.images.length ? files.element.querySelector("button") : prompt).focus();
    ask(requestOf(form), form.turn + 1);
  }

  function ask(request, turn) {
    const result = newResult(request, turn);
    const cancel = new AbortController();
    const shown = card(result, { cancel: () => cancel.abort(), use, proceed: (id) => proceed(id, turn), again: () => ask(request, turn) });
    results.unshift({ result, cancel, element: shown.element });
    list.querySelector(".welcome")?.remove();
    list.prepend(shown.element);
    for (const old of results.splice(MOST)) {
      old.cancel.abort();
      old.element.remove();
      release(old.result);
    }
    if (getComputedStyle(panel).position === "static") shown.element.scrollIntoView({ block: "start" });
    perform(result, cancel.signal, shown.update).then(() => {
      if (!names.length && result.state === "done") offerModels(fields);
      if (result.state === "done" && result.responseID && form.mode === "converse") proceed(result.responseID, turn, false);
    });
  }

  function proceed(id, turn, isAsked = true) {
    Object.assign(form, { mode: "converse", previous: id, turn });
    adapt();
    if (isAsked) prompt.focus();
  }

  /** Begins a kind of request with a picture; `held` is its ID, if the server holds it. */
  function use(mode, { blob, name = `picture.${formatOf(blob)}`, held }) {
    const image = Object.assign(new File([blob], name, { type: blob.type }), { held });
    Object.assign(form, { mode, images: [image], mask: null });
    adapt();
    panel.scrollIntoView({ block: "start" });
    (MODES[mode].hasPrompt ? prompt : main).focus();
  }

  /** `?upscale=` names the file of a picture on the server. */
  async function follow(_, query) {
    const name = query.get("upscale");
    if (!name) return;
    try {
      const blob = await (await send(`images/${name}`)).blob();
      use("upscale", { blob, name, held: name.split(".")[0] });
    } catch (error) {
      say(problem, unfetched(error));
    }
  }

  function example(text) {
    form.prompt = prompt.value = text;
    form.values.quality = "hd";
    adapt();
    panel.requestSubmit();
  }

  adapt();
  offerModels(fields);
  return { follow, element: h("div.ask", { ondragover: (event) => event.preventDefault(),
    ondrop: (event) => take(event, event.dataTransfer), onpaste: (event) => take(event, event.clipboardData) }, panel, list) };

  /** Files dropped anywhere are uploads: the browser would open them. */
  function take(event, { files: dropped }) {
    if (!dropped.length) return;
    event.preventDefault();
    if (!MODES[form.mode].pictures) form.mode = "edit";
    files.add(dropped);
    adapt();
  }
}

/** A server with a list of keys tells its models only to those with a key. */
async function offerModels(fields) {
  const { headers } = requestOf(form);
  names = await get("v1/models", { headers }).then(({ data }) => data.map(({ id }) => id), () => []);
  if (!names.length) return;
  fields.offer("model", names);
  fields.offer("toolModel", names.filter((name) => !name.startsWith("dall-e")));
}
