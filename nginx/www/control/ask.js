// The view that asks for images, and shows them as they come.

import { card } from "./ask-card.js";
import { LANGUAGES } from "./ask-code.js";
import { controls } from "./ask-fields.js";
import { lack, requestOf } from "./ask-request.js";
import { newResult, perform, release } from "./ask-send.js";
import { uploads } from "./ask-uploads.js";
import { welcome } from "./ask-welcome.js";
import { codeBlock } from "./copy.js";
import { h, say, show } from "./dom.js";
import { button } from "./parts.js";
import { get } from "./server.js";

const MODES = { generate: "Generate", edit: "Edit", vary: "Vary", converse: "Converse" };
const MOST = 24;

/** What the form holds; it outlives the view. */
const form = { mode: "generate", prompt: "", values: {}, stream: false, images: [], mask: null, previous: null, turn: 0 };
const results = [];
let names = [];
let element = null;

export const open = () => (element ??= build());

function build() {
  const prompt = h("textarea", { id: "prompt", rows: 4, maxlength: 32_000, placeholder: "A lighthouse in a storm, as a woodcut",
    value: form.prompt,
    oninput: () => { form.prompt = prompt.value; changed(); }, onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    } });
  const fields = controls(form.values, changed);
  const files = uploads(form, changed);
  const stream = h("input", { type: "checkbox", id: "stream", onchange: () => { form.stream = stream.checked; adapt(); } });
  const streamRow = h("div.field.check", stream, h("label", { for: "stream" }, "Stream, with blurred parts first"));
  const turn = h("p.hint.turn");
  const problem = h("p.problem", { role: "alert" });
  const code = codeBlock(LANGUAGES, () => requestOf(form));
  const codePart = h("details", h("summary", "This request as code"), code.element);
  const list = h("section.results", { "aria-label": "Results" }, welcome(example));
  const modes = Object.entries(MODES).map(([mode, label]) =>
    h("label", h("input", { type: "radio", name: "mode", value: mode, checked: mode === form.mode,
    onchange: () => { form.mode = mode; adapt(); } }), h("span", label)));
  const panel = h("form.panel", { onsubmit: submit, novalidate: true, "aria-label": "Request" },
    h("fieldset.segments", h("legend.offscreen", "Kind of request"), modes),
    files.element, h("div.field.wide.prompt", h("label", { for: "prompt" }, "Prompt"), prompt), turn,
    h("div.fields", fields.elements(false), streamRow),
    h("details", h("summary", "Key, session, latency and faults"), h("div.fields", fields.elements(true))),
    problem, h("div.send", h("button.main", { type: "submit" }, "Ask"), h("span.hint", "Ctrl + Enter")), codePart);

  function adapt() {
    fields.adapt(form.mode, form.stream);
    files.element.hidden = form.mode !== "edit" && form.mode !== "vary";
    prompt.parentElement.hidden = form.mode === "vary";
    streamRow.hidden = form.mode === "vary";
    stream.checked = form.stream;
    for (const { firstChild: radio } of modes) radio.checked = radio.value === form.mode;
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
    if (missing) return (prompt.value || form.mode === "vary" ? files.element.querySelector("button") : prompt).focus();
    ask(requestOf(form), form.turn + 1);
  }

  function ask(request, turn) {
    const result = newResult(request, turn);
    const cancel = new AbortController();
    const shown = card(result, { cancel: () => cancel.abort(), edit, proceed: (id) => proceed(id, turn), again: () => ask(request, turn) });
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

  function edit({ blob }) {
    const name = `picture.${blob.type.replace("image/", "").replace(/\+.*/, "")}`;
    Object.assign(form, { mode: "edit", images: [new File([blob], name, { type: blob.type })], mask: null });
    adapt();
    panel.scrollIntoView({ block: "start" });
    prompt.focus();
  }

  function example(text) {
    form.prompt = prompt.value = text;
    form.values.quality = "hd";
    adapt();
    panel.requestSubmit();
  }

  adapt();
  offerModels(fields);
  return h("div.ask", { ondragover: (event) => event.preventDefault(), ondrop: (event) => take(event, event.dataTransfer),
    onpaste: (event) => take(event, event.clipboardData) }, panel, list);

  /** Wherever files are dropped, they are uploads, and no page that the browser goes to. */
  function take(event, { files: dropped }) {
    if (!dropped.length) return;
    event.preventDefault();
    if (form.mode !== "vary") form.mode = "edit";
    files.add(dropped);
    adapt();
  }
}

/** A server with a list of keys tells its models only to those who have one. */
async function offerModels(fields) {
  const { headers } = requestOf(form);
  names = await get("v1/models", { headers }).then(({ data }) => data.map(({ id }) => id), () => []);
  if (!names.length) return;
  fields.offer("model", names);
  fields.offer("toolModel", names.filter((name) => !name.startsWith("dall-e")));
}


