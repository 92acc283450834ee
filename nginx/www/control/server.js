// Requests to the server. Addresses are relative to the page, so that it works behind a proxy's path.

/** The page's address without file, query and hash. */
export const base = new URL(".", document.baseURI.replace(/[?#].*$/, ""));

/** An error in the words of the server. */
export class ServerError extends Error {
  constructor({ status, headers }, message) {
    super(message ?? `The server responded with ${status}.`);
    Object.assign(this, { status, headers });
  }
}

/** The path has no leading slash. Throws a ServerError, or a TypeError if there is no response. */
export async function send(path, options = {}) {
  const response = await fetch(new URL(path, base), options);
  if (response.ok) return response;
  throw new ServerError(response, await messageOf(response));
}

/** The JSON of a response. */
export const get = async (path, options) => (await send(path, options)).json();

export const unfetched = (error) => `The picture could not be fetched. ${sentence(error)}`;

export function sentence(error) {
  if (error instanceof ServerError) return error.message;
  if (error.name === "AbortError") return "Cancelled.";
  if (error instanceof SyntaxError) return `The response is not valid JSON (${error.message}).`;
  return "No response: the server is not reachable, or the connection broke.";
}

async function messageOf(response) {
  try {
    const { error } = await response.json();
    return typeof error === "string" ? error : error.message;
  } catch {}
}

export const imageAddress = (id, extension) => new URL(`images/${id}.${extension}`, base).href;

/** An image's address on this server: its URL may name another host, or lack a proxy's path. */
export function ownAddress(url) {
  const { pathname, search } = new URL(url, base);
  const start = pathname.lastIndexOf("/images/");
  return start < 0 ? url : new URL(pathname.slice(start + 1) + search, base).href;
}

/** The data of each server-sent event: EventSource can only send a GET without headers. Throws what the reader throws. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    // Only the new text is searched: an event may have megabytes, in many pieces.
    const from = Math.max(0, rest.length - 1);
    rest += value;
    let start = 0;
    for (let end = rest.indexOf("\n\n", from); end >= 0; end = rest.indexOf("\n\n", start)) {
      const lines = rest.slice(start, end).split("\n").filter((line) => line.startsWith("data:"));
      start = end + 2;
      if (lines.length) yield lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
    }
    rest = rest.slice(start);
  }
}
