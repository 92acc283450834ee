// From the form to the request that is sent, and shown as code.

import { FIELDS, has } from "./ask-fields.js";

/**
 * `label` in the form, `title` of a result, `path`; `method` of OpenAI's packages, absent if the kind is the mock's own; the most
 * `pictures` it begins with; whether it has a prompt, and can be streamed.
 */
export const MODES = {
  generate: { label: "Generate", title: "Generated", path: "v1/images/generations", method: "images.generate", hasPrompt: true },
  edit: { label: "Edit", title: "Edited", path: "v1/images/edits", method: "images.edit", pictures: 16, hasPrompt: true },
  vary: { label: "Vary", title: "Varied", path: "v1/images/variations", method: "images.createVariation", pictures: 1 },
  upscale: { label: "Upscale", title: "Upscaled", path: "v1/images/upscales", pictures: 1 },
  converse: { label: "Converse", title: "Turn", path: "v1/responses", method: "responses.create", hasPrompt: true },
};

/** `extra`: the mock's own `headers`; `prompt`: its text, or a picture's name; `json`, or `parts`: names with values or files. */
export function requestOf(form) {
  const { mode, prompt, images } = form;
  const { path, pictures, hasPrompt } = MODES[mode];
  const stream = Boolean(hasPrompt && form.stream);
  const [body, headers] = [{}, {}];
  for (const field of FIELDS) {
    const value = form.values[field.name] || field.fallback;
    if (!value || !has(field, mode, stream)) continue;
    if (field.header) headers[field.header] = field.name === "key" ? `Bearer ${value}` : value;
    else body[field.sent ?? field.name] = field.number ? Number(value) : value;
  }
  if (stream) body.stream = true;
  const { Authorization: _, ...others } = headers;
  const extra = Object.keys(others).length ? others : null;
  const request = { mode, path, headers, extra, prompt: hasPrompt ? prompt : (images[0]?.name ?? ""), stream };
  if (mode === "converse") return { ...request, json: conversation(form, body) };
  // A picture that the server holds is named, not sent.
  if (mode === "upscale" && images[0]?.held) return { ...request, json: { image: images[0].held, ...body } };
  return { ...request, ...(pictures ? { parts: parts(form, body) } : { json: { prompt, ...body } }) };
}

function conversation({ prompt, previous }, { responder: model, toolModel, stream, ...options }) {
  const tool = { type: "image_generation", ...(toolModel && { model: toolModel }), ...options };
  return { model, input: prompt, tools: [tool], ...(previous && { previous_response_id: previous }), ...(stream && { stream }) };
}

function parts({ mode, prompt, images, mask }, body) {
  const { pictures, hasPrompt } = MODES[mode];
  return [
    ...images.slice(0, pictures).map((file) => [pictures > 1 ? "image[]" : "image", file]),
    ...(hasPrompt && mask ? [["mask", mask]] : []), ...(hasPrompt ? [["prompt", prompt]] : []), ...Object.entries(body),
  ];
}

/** Why a form cannot be sent yet; empty if it can. */
export function lack({ mode, prompt, images }) {
  const { pictures, hasPrompt } = MODES[mode];
  if (pictures && !images.length) return "Add a picture first: drop a file, or choose one.";
  return hasPrompt && !prompt.trim() ? "Write a prompt first." : "";
}

export function fetchOptions({ headers, json, parts }) {
  if (json) return { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(json) };
  const body = new FormData();
  for (const part of parts) body.append(...part);
  return { method: "POST", headers, body };
}

/** Equal for similar requests. Takes parameters as the journal shows them. */
export const kindOf = (parameters = {}) => {
  const of = parameters.tools?.[0] ?? parameters;
  return [of.model, of.size, of.quality, of.n, of.scale].join("|");
};
