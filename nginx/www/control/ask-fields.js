// A request's fields besides prompt and files, one row each. An empty field is not sent.

import { h, set } from "./dom.js";
import { capitalized } from "./format.js";

const SIZES = ["1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792", "512x512", "256x256", "2048x2048", "3840x2160", "auto"];
const FAULTS = ["rate_limit", "moderation", "server_error", "overloaded", "truncate", "slow_body", "malformed_json", "missing_image",
  "corrupt_image", "fewer_images", "wrong_size", "generation_failed"];
const MODEL = "a model’s name";
const DRAWING = "generate edit converse";
const IMAGES = "generate edit vary";
const FORMATS = ["png", "jpeg", "webp"];

/**
 * `label`, unless it is the name; `modes` that have it, unless all have; `options`, as values or with labels; `other`: an example of
 * others; `number`: its bounds; `sent`: its name in the body, if it differs; `header`: what carries it instead.
 */
export const FIELDS = [
  { name: "model", modes: IMAGES, options: [], other: MODEL },
  { name: "responder", label: "Model", modes: "converse", options: ["gpt-5", "gpt-5.2", "gpt-4.1"], other: MODEL, fallback: "gpt-5" },
  { name: "toolModel", label: "Image model", modes: "converse", options: [], other: MODEL },
  { name: "scale", modes: "upscale", options: [["2", "2 times"], ["3", "3 times"], ["4", "4 times"]], number: [2, 4] },
  { name: "size", modes: `${DRAWING} vary`, options: SIZES, other: "640x480 or 16:9" },
  { name: "quality", modes: DRAWING, options: ["auto", "low", "medium", "high", "xhigh", "max", "standard", "hd"] },
  { name: "style", modes: "generate", options: ["vivid", "natural"] },
  { name: "background", modes: DRAWING, options: ["transparent", "opaque", "auto"] },
  { name: "output_format", label: "Format", modes: DRAWING, options: [...FORMATS, "gif", "svg"] },
  { name: "upscaledFormat", sent: "output_format", label: "Format", modes: "upscale", options: FORMATS },
  { name: "n", label: "Pictures", modes: IMAGES, number: [1, 10] },
  { name: "response_format", label: "Answer with", modes: `${IMAGES} upscale`, options: [["url", "URLs"], ["b64_json", "base64"]] },
  { name: "partial_images", label: "Partial images", modes: DRAWING, number: [0, 3], isStream: true },
  { name: "key", label: "API key", hint: "any", header: "Authorization" },
  { name: "session", hint: "none", header: "X-FakeAI-Session" },
  { name: "latency", header: "X-FakeAI-Latency", options: ["none", ["2s", "2 s"], ["10s", "10 s"], ["openai", "as the real API"]],
    other: "uniform:1s..3s" },
  { name: "fault", header: "X-FakeAI-Fault", options: FAULTS, other: "rate_limit retry_after=2s" },
  { name: "seed", hint: "of the request", header: "X-FakeAI-Seed" },
];

const OTHER = "\u0000other";

/** Whether a request of a mode has a field. */
export const has = ({ modes, isStream }, mode, streams) => (modes?.includes(mode) ?? true) && (streams || !isStream);

/** `offer` changes a field's options; `adapt` shows the fields of a mode, and their values. */
export function controls(values, changed) {
  const built = FIELDS.map((field) => ({ field, ...control(field, values, changed) }));
  return {
    elements: (inHeaders) => built.filter(({ field }) => Boolean(field.header) === inHeaders).map(({ element }) => element),
    offer(name, options) {
      const { field, show } = built.find(({ field }) => field.name === name);
      field.options = options;
      show();
    },
    adapt(mode, streams) {
      for (const { field, element, show } of built) {
        element.hidden = !has(field, mode, streams);
        show();
      }
    },
  };
}

function control(field, values, changed) {
  const label = field.label ?? capitalized(field.name);
  const take = (value) => {
    values[field.name] = value.trim();
    changed();
  };
  const [min, max] = field.number ?? [];
  const input = h("input", { type: max && "number", min, max, autocomplete: "off", spellcheck: "false", maxlength: 200,
    placeholder: field.other ?? field.hint ?? min, oninput: () => take(input.value) });
  const select = field.options && h("select", { onchange: () => {
    input.hidden = select.value !== OTHER;
    take(input.hidden ? select.value : input.value);
    if (!input.hidden) input.focus();
  } });
  const id = `field-${field.name}`;
  set(select ?? input, { id });
  if (select) set(input, { "aria-label": `${label}: another value` });

  function show() {
    const value = values[field.name] ?? "";
    input.value = value;
    if (!select) return;
    const options = [["", "default"], ...field.options.map((option) => [option].flat()), ...(field.other ? [[OTHER, "other…"]] : [])];
    select.replaceChildren(...options.map(([value, label = value]) => h("option", { value }, label)));
    select.value = options.some(([known]) => known === value) ? value : OTHER;
    input.hidden = select.value !== OTHER;
  }

  return { element: h("div.field", { "data-field": field.name }, h("label", { for: id }, label), select, input), show };
}
