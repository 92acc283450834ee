// Where things are in a JSON text, which JSON.parse does not tell.

/** `{ line, column }` of an offset, both from 1. */
export function placeOf(text, offset) {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: lines.at(-1).length + 1 };
}

/** The offset of a line and a column in bytes, both from 1, as the server counts. */
export function offsetOfPlace(text, line, column) {
  const lines = text.split("\n");
  const before = new TextEncoder().encode(lines[line - 1] ?? "").subarray(0, column - 1);
  return lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + new TextDecoder().decode(before).length;
}

/** The offset in valid JSON of `rule 2.then[0].fault`, or of as much as there is. Rules count from 1. */
export function offsetOfPath(text, path) {
  const [, number, rest] = /^rule (\d+)(.*)$/s.exec(path);
  const wanted = [number - 1, ...[...rest.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index))];
  let found = 0;
  let depth = 0;
  const at = [];
  // Token by token, `at` is the path of the value.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    const isName = typeof at.at(-1) === "object" && token[0] === '"' && at.at(-1).name === undefined;
    if (isName) at.at(-1).name = JSON.parse(token);
    else if (token === "]" || token === "}") at.pop();
    else if (token === ",") at.push(typeof at.at(-1) === "number" ? at.pop() + 1 : (at.pop(), {}));
    else if (token !== ":") {
      const here = at.map((step) => step.name ?? step);
      if (here.length > depth && here.every((step, place) => step === wanted[place])) [found, depth] = [index, here.length];
      if (token === "[") at.push(0);
      if (token === "{") at.push({});
    }
  }
  return found;
}
