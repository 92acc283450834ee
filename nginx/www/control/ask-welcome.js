// Shown before the first request: examples, and addresses.

import { copyButton, h } from "./parts.js";
import { base } from "./server.js";

const EXAMPLES = ["A lake at dawn", "A lighthouse in a storm, as a woodcut", "A red fox in the snow, seen from above", "東京の夜の雨"];

const ROUTES = [
  ["_fakeai", "every route, a sentence each"], ["openapi.json", "the same for programs"], ["v1/models", "the models"],
    ["_fakeai/requests", "the latest requests"],
  ["_fakeai/stats", "figures of store and workers"], ["metrics", "the same for Prometheus"],
];

export function welcome(ask) {
  const address = new URL("v1", base).href;
  return h("div.welcome",
    h("h1", "Ask for a picture"),
    h("p.soft", "This server speaks OpenAI’s Images API, and draws a real image for every prompt. Write one, or begin with one of these."),
    h("ul.examples", EXAMPLES.map((text) => h("li", h("button", { type: "button", onclick: () => ask(text) }, text)))),
    h("h2", "From a program"),
    h("p.soft", "Set the base URL of any OpenAI client. Every API key is accepted, unless the server has a list of keys."),
    h("p.address", h("code", address), copyButton(() => address)),
    h("h2", "Routes"), h("dl.routes",
      ROUTES.map(([path, says]) => h("div", h("dt", h("a", { href: new URL(path, base).pathname }, `/${path}`)), h("dd", says)))));
}
