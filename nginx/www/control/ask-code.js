// A request as code: curl, or OpenAI's package for Python or JavaScript.

import { MODES } from "./ask-request.js";
import { base } from "./server.js";

export const LANGUAGES = { curl, Python: python, JavaScript: javascript };

/** A text as one word of a POSIX shell. */
const word = (text) => (/^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function curl({ path, headers, json, parts = [], stream }) {
  const lines = [`curl ${stream ? "--no-buffer " : ""}${word(new URL(path, base).href)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${word(`${name}: ${value}`)}`);
  if (json) lines.push("-H 'Content-Type: application/json'", `-d ${word(JSON.stringify(json))}`);
  for (const [name, value] of parts) {
    // In a file's name, curl reads quotes and backslashes. With -F, a text that begins with @ would name a file.
    lines.push(value instanceof Blob
      ? `-F ${word(`${name}=@"${value.name.replace(/["\\]/g, "\\$&")}"`)}` : `--form-string ${word(`${name}=${value}`)}`);
  }
  return lines.join(" \\\n  ");
}

function python(request) {
  const { method } = MODES[request.mode];
  return [
    "from openai import OpenAI", ...(method ? [] : ["from openai.types import ImagesResponse"]), "",
    `client = OpenAI(base_url=${pythonValue(apiBase())}, api_key=${pythonValue(keyOf(request))})`,
    `answer = client.${method?.replace("createV", "create_v") ?? "post"}(`,
    ...(method ? pythonArguments : pythonPost)(request).map((argument) => `    ${argument},`), ")",
    ...(request.stream ? ["for event in answer:", "    print(event.type)"] : ["print(answer)"]),
  ].join("\n");
}

function pythonArguments(request) {
  const members = membersOf(request, pythonFile, pythonValue);
  if (request.extra) members.push(["extra_headers", pythonValue(request.extra)]);
  return members.map((member) => member.join("="));
}

/** For a route of the mock's own: the package knows neither the type of its answer nor that it takes forms. */
function pythonPost({ path, json, parts, extra }) {
  const [[, file], ...texts] = parts ?? [[]];
  const headers = { ...(file && { "Content-Type": "multipart/form-data" }), ...extra };
  return [
    pythonValue(path.slice(2)), "cast_to=ImagesResponse", `body=${pythonValue(json ?? Object.fromEntries(texts))}`,
    ...(file ? [`files={"image": ${pythonFile(file.name)}}`] : []), ...(file || extra ? [`options=${pythonValue({ headers })}`] : []),
  ];
}

function javascript(request) {
  const { mode, parts, extra, stream } = request;
  return [
    ...(parts ? ['import fs from "node:fs";'] : []), 'import OpenAI from "openai";', "",
    `const client = new OpenAI({ baseURL: ${quoted(apiBase())}, apiKey: ${quoted(keyOf(request))} });`,
    ...(MODES[mode].method ? javascriptCall : javascriptPost)(request, extra ? `headers: ${quoted(extra)}` : ""),
    stream ? "for await (const event of answer) console.log(event.type);" : "console.log(answer);",
  ].join("\n");
}

function javascriptCall(request, headers) {
  const members = membersOf(request, (name) => `fs.createReadStream(${quoted(name)})`, quoted);
  return [`const answer = await client.${MODES[request.mode].method}({`, ...members.map((member) => `  ${member.join(": ")},`),
    `}${headers && `, { ${headers} }`});`];
}

function javascriptPost({ path, json, parts }, headers) {
  const content = (value) =>
    (value instanceof Blob ? `new Blob([fs.readFileSync(${quoted(value.name)})]), ${quoted(value.name)}` : quoted(value));
  const append = ([name, value]) => `body.append("${name}", ${content(value)});`;
  return [...(json ? [`const body = ${quoted(json)};`] : ["const body = new FormData();", ...parts.map(append)]),
    `const answer = await client.post(${quoted(path.slice(2))}, { body${headers && `, ${headers}`} });`];
}

/** Names with values as code. The images become one, or a list. */
function membersOf({ json, parts }, asFile, asValue) {
  if (json) return Object.entries(json).map(([name, value]) => [name, asValue(value)]);
  const isImage = ([name]) => name.startsWith("image");
  const images = parts.filter(isImage).map(([, { name }]) => asFile(name));
  return [["image", images.length === 1 ? images[0] : `[${images.join(", ")}]`],
    ...parts.filter((part) => !isImage(part)).map(([name, value]) => [name, value instanceof Blob ? asFile(value.name) : asValue(value)])];
}

const apiBase = () => new URL("v1", base).href;
const keyOf = ({ headers }) => headers.Authorization?.replace("Bearer ", "") ?? "test";
const quoted = (value) => JSON.stringify(value);
const pythonFile = (name) => `open(${pythonValue(name)}, "rb")`;

/** JSON as Python. Escapes mean the same, except for halves of surrogate pairs. */
function pythonValue(value) {
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (value instanceof Object) return `{${Object.entries(value).map((member) => member.map(pythonValue).join(": ")).join(", ")}}`;
  return { true: "True", false: "False", null: "None" }[value] ?? String(value);
}
