// From what the form holds to the request that is sent, and shown as code.

import { FIELDS, has } from "./ask-fields.js";

const PATHS = { generate: "v1/images/generations", edit: "v1/images/edits", vary: "v1/images/variations", converse: "v1/responses" };

/** A request: path, headers and those of them that are the mock's own (`extra`); and `json`, or `parts`: names with texts or files. */
export function requestOf(form) {
  const { mode, stream } = form;
  const [body, headers] = [{}, {}];
  for (const field of FIELDS) {
    const value = form.values[field.name] || field.fallback;
    if (!value || !has(field, mode, stream)) continue;
    if (field.header) headers[field.header] = field.name === "key" ? `Bearer ${value}` : value;
    else body[field.name] = field.number ? Number(value) : value;
  }
  const canStream = mode !== "vary" && stream;
  if (canStream) body.stream = true;
  const { Authorization: _, ...others } = headers;
  const extra = Object.keys(others).length ? others : null;
  const request = { mode, path: PATHS[mode], headers, extra, prompt: form.prompt, stream: canStream };
  if (mode === "converse") return { ...request, json: conversation(form, body) };
  if (mode === "generate") return { ...request, json: { prompt: form.prompt, ...body } };
  return { ...request, parts: parts(form, body) };
}

function conversation({ prompt, previous }, { responder, toolModel, stream, ...options }) {
  const tool = { type: "image_generation", ...(toolModel ? { model: toolModel } : {}), ...options };
  return {
    model: responder, input: prompt, tools: [tool], ...(previous ? { previous_response_id: previous } : {}), ...(stream ? { stream } : {}),
  };
}

function parts({ mode, prompt, images, mask }, body) {
  const files = images.map((file) => [mode === "vary" ? "image" : "image[]", file]);
  return [
    ...(mode === "vary" ? files.slice(0, 1) : files), ...(mode === "edit" && mask ? [["mask", mask]] : []),
    ...(mode === "edit" ? [["prompt", prompt]] : []), ...Object.entries(body).map(([name, value]) => [name, String(value)]),
  ];
}

/** Why a form cannot be sent yet; an empty text if it can. */
export function lack({ mode, prompt, images }) {
  if (mode !== "generate" && mode !== "converse" && !images.length) return "Add a picture first: drop a file, or choose one.";
  if (mode !== "vary" && !prompt.trim()) return "Write a prompt first.";
  return "";
}

/** The options of `fetch` that send a request. */
export function fetchOptions({ headers, json, parts }) {
  if (json) return { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(json) };
  const body = new FormData();
  for (const [name, value] of parts) {
    if (value instanceof Blob) body.append(name, value, value.name);
    else body.append(name, value);
  }
  return { method: "POST", headers, body };
}

/** The parameters of a request as the journal shows them, to find earlier ones like it. */
export const kindOf = (parameters = {}) => {
  const of = parameters.tools?.[0] ?? parameters;
  return [of.model, of.size, of.quality, of.n].map((value) => value ?? "").join("|");
};
