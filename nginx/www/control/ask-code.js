// A request as code to copy: curl, OpenAI's Python package, OpenAI's JavaScript package.

import { base } from "./server.js";

export const LANGUAGES = { curl, Python: python, JavaScript: javascript };

const METHODS = { generate: "images.generate", edit: "images.edit", vary: "images.createVariation", converse: "responses.create" };

/** A text as one word of a POSIX shell. */
const word = (text) => (/^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function curl({ path, headers, json, parts = [], stream }) {
  const lines = [`curl ${stream ? "--no-buffer " : ""}${word(new URL(path, base).href)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${word(`${name}: ${value}`)}`);
  if (json) lines.push("-H 'Content-Type: application/json'", `-d ${word(JSON.stringify(json))}`);
  for (const [name, value] of parts) {
    // In the name of a file, curl reads quotes and backslashes. With -F, a text that begins with @ would be the name of a file.
    lines.push(value instanceof Blob
      ? `-F ${word(`${name}=@"${value.name.replace(/["\\]/g, "\\$&")}"`)}` : `--form-string ${word(`${name}=${value}`)}`);
  }
  return lines.join(" \\\n  ");
}

function python(request) {
  const members = membersOf(request, (name) => `open(${pythonValue(name)}, "rb")`, pythonValue);
  if (request.extra) members.push(["extra_headers", pythonValue(request.extra)]);
  return [
    "from openai import OpenAI", "", `client = OpenAI(base_url=${pythonValue(apiBase())}, api_key=${pythonValue(keyOf(request))})`,
    `answer = client.${METHODS[request.mode].replace("createV", "create_v")}(`, ...members.map(([name, value]) => `    ${name}=${value},`),
      ")",
    ...(request.stream ? ["for event in answer:", "    print(event.type)"] : ["print(answer)"]),
  ].join("\n");
}

function javascript(request) {
  const members = membersOf(request, (name) => `fs.createReadStream(${JSON.stringify(name)})`, JSON.stringify);
  const options = request.extra ? `, { headers: ${JSON.stringify(request.extra)} }` : "";
  return [
    ...(request.parts ? ['import fs from "node:fs";'] : []), 'import OpenAI from "openai";', "",
    `const client = new OpenAI({ baseURL: ${JSON.stringify(apiBase())}, apiKey: ${JSON.stringify(keyOf(request))} });`,
    `const answer = await client.${METHODS[request.mode]}({`, ...members.map(([name, value]) => `  ${name}: ${value},`), `}${options});`,
    request.stream ? "for await (const event of answer) console.log(event.type);" : "console.log(answer);",
  ].join("\n");
}

/** The request's members by name, each value as code. The images become one, or a list. */
function membersOf({ json, parts }, asFile, asValue) {
  if (json) return Object.entries(json).map(([name, value]) => [name, asValue(value)]);
  const images = parts.filter(([name]) => name.startsWith("image")).map(([, { name }]) => asFile(name));
  const others = parts.filter(([name]) => !name.startsWith("image"));
  return [["image", images.length === 1 ? images[0] : `[${images.join(", ")}]`],
    ...others.map(([name, value]) => [name, value instanceof Blob ? asFile(value.name) : asValue(typed(name, value))])];
}

/** A form's text as the type that the clients' methods take. */
const typed = (name, value) => (["n", "partial_images", "stream"].includes(name) ? JSON.parse(value) : value);

const apiBase = () => new URL("v1", base).href;
const keyOf = ({ headers }) => headers.Authorization?.replace("Bearer ", "") ?? "test";

/** A value of JSON as Python writes it. The escapes of JSON's strings mean the same in Python, but for halves of surrogate pairs. */
function pythonValue(value) {
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (value instanceof Object) return `{${Object.entries(value).map((member) => member.map(pythonValue).join(": ")).join(", ")}}`;
  return { true: "True", false: "False", null: "None" }[value] ?? String(value);
}
