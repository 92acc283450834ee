// What a journal entry says, whichever API it was for.

import { imageAddress } from "./server.js";

export function promptOf({ parameters }) {
  const prompt = parameters?.prompt ?? parameters?.input;
  if (typeof prompt === "string") return prompt;
  if (!Array.isArray(prompt)) return "";
  const last = prompt.findLast((item) => item?.role === "user")?.content;
  if (typeof last === "string") return last;
  return Array.isArray(last) ? last.map((part) => part?.text ?? "").join(" ").trim() : "";
}

/** In the Responses API, they are the tool's. */
const imageParameters = ({ tools }) => Array.isArray(tools) && tools.find((tool) => tool?.type === "image_generation");

export function modelOf({ parameters }) {
  const model = imageParameters(parameters ?? {})?.model ?? parameters?.model;
  return typeof model === "string" ? model : "";
}

export const picturesOf = (entry) =>
  entry.images.map((id, index) => ({ id, index, entry, address: imageAddress(id, entry.image_format) }));

/** The arrival, in milliseconds since 1970. */
export const timeOf = (entry) => Date.parse(entry.time);

/** `ok`, `limited`, `refused` or `failed`: how a status is coloured and counted. */
export function kindOfStatus(status) {
  if (status === 429) return "limited";
  if (status === 444 || status >= 500 || status < 100) return "failed";
  return status >= 400 ? "refused" : "ok";
}
