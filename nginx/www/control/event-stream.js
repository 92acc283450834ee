// Server-sent events from a response of `fetch`: EventSource can only send a GET without headers.

/** The data of each event of a response. Throws what the body's reader throws if the connection breaks. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    // Only the new text is searched, because an event may have megabytes that come in many pieces.
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
