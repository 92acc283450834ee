// Sends a request, and reads the answer into a result that grows.

import { fetchOptions } from "./ask-request.js";
import { ServerError, events, ownAddress, send, sentence, unfetched } from "./server.js";

/** The `state` becomes `arriving`, `done`, `failed` or `cancelled`. */
export const newResult = (request, turn) =>
  ({ request, turn, state: "waiting", startedAt: performance.now(), pictures: [], texts: [], headers: {} });

/** Calls `changed` after each change of the result. */
export async function perform(result, signal, changed) {
  try {
    const response = await send(result.request.path, { ...fetchOptions(result.request), signal });
    noteHeaders(result, response);
    changed();
    if (response.headers.get("Content-Type")?.startsWith("text/event-stream")) await readStream(result, response, changed);
    else await readAnswer(result, await response.json(), signal, changed);
    result.state = result.error ? "failed" : "done";
  } catch (error) {
    result.state = signal.aborted ? "cancelled" : "failed";
    result.error = sentence(error);
    if (error instanceof ServerError) noteHeaders(result, error);
  }
  result.elapsed = performance.now() - result.startedAt;
  changed();
}

function noteHeaders(result, { status, headers }) {
  Object.assign(result, { status, headers: Object.fromEntries(headers) });
}

async function readAnswer(result, answer, signal, changed) {
  Object.assign(result, { answer, usage: answer.usage });
  if (answer.object === "response") return readResponse(result, answer);
  for (const [index, entry] of (answer.data ?? []).entries()) {
    if (entry.revised_prompt && entry.revised_prompt !== result.request.prompt) result.texts = [entry.revised_prompt];
    try {
      place(result, index, entry.url ? { blob: await fetched(entry.url, signal) } : decoded(entry.b64_json, answer));
    } catch (error) {
      if (signal.aborted) throw error;
      place(result, index, { problem: unfetched(error) });
    }
    changed();
  }
}

function readResponse(result, { id, output = [], error, incomplete_details: incomplete, usage }) {
  Object.assign(result, { responseID: id, usage: usage ?? result.usage });
  const calls = output.filter(({ type }) => type === "image_generation_call");
  for (const [index, call] of calls.entries()) {
    const picture = call.error ? { problem: call.error.message } : decoded(call.result, call);
    if (call.result || !result.pictures[index]) place(result, index, picture);
  }
  result.texts = output.flatMap(({ content }) => content ?? []).map(({ text }) => text).filter(Boolean);
  result.error = error?.message ?? (incomplete ? `The response is incomplete: ${incomplete.reason}.` : null);
}

async function readStream(result, response, changed) {
  result.state = "arriving";
  let finished = 0;
  const calls = [];
  const indexOf = (id) => (calls.includes(id) ? calls.indexOf(id) : calls.push(id) - 1);
  for await (const data of events(response)) {
    const { type = "", item, ...event } = JSON.parse(data);
    const partial = { partial: event.partial_image_index };
    if (type.endsWith(".partial_image")) {
      const index = event.item_id ? indexOf(event.item_id) : finished;
      place(result, index, decoded(event.b64_json ?? event.partial_image_b64, event, partial));
    } else if (/^image_\w+\.completed$/.test(type)) {
      place(result, finished++, decoded(event.b64_json, event));
      result.usage = total(result.usage, event.usage);
    } else if (type === "response.output_item.done" && item.result) {
      place(result, indexOf(item.id), decoded(item.result, item));
    } else if (/^response\.(created|completed|failed|incomplete)$/.test(type)) readResponse(result, event.response);
    else if (type === "error") result.error = event.error?.message ?? event.message;
    changed();
  }
  const isWhole = result.responseID || (finished > 0 && result.pictures.every(({ partial }) => partial === undefined));
  if (!isWhole) result.error ??= "The stream ended before the picture was whole.";
}

const TOKENS = ["total_tokens", "input_tokens", "output_tokens"];

/** What two events used together. */
const total = (usage, more) =>
  usage && more ? Object.fromEntries(TOKENS.map((name) => [name, usage[name] + more[name]])) : more;

/** A picture from base64, which is null if it is missing. */
function decoded(base64, { output_format: format = "png" }, more) {
  if (!base64) return { problem: "The answer has no picture here." };
  return { blob: new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))],
    { type: format === "svg" ? "image/svg+xml" : `image/${format}` }), ...more };
}

const fetched = async (url, signal) => (await send(ownAddress(url), { signal })).blob();

/** Also replaces a partial picture. */
function place(result, index, picture) {
  const before = result.pictures[index];
  // It may still be loading.
  if (before) setTimeout(release, 5000, { pictures: [before] });
  result.pictures[index] = { ...picture, source: picture.blob && URL.createObjectURL(picture.blob) };
}

export function release({ pictures }) {
  for (const picture of pictures) if (picture?.source) URL.revokeObjectURL(picture.source);
}
