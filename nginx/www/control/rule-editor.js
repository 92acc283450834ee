// The rules in force as one JSON text, and its editor, which shows where mistakes are.

import { offsetOfPath, offsetOfPlace, placeOf } from "./json-places.js";
import { button, h, onControlEnter, say, set, show } from "./parts.js";
import { send, sentence } from "./server.js";

/** Characters; the server allows as many bytes. */
const LONGEST = 64 << 10;

const EXAMPLE = `[
  {"name": "storms are slow", "match": {"prompt": "storm"}, "then": {"latency": "lognormal:p50=2s,p99=8s"}},
  {"name": "twice bad, then good", "when": {"sequence": "repeat"}, "then": [{"fault": "server_error"}, {"fault": "reset"}, {}]}
]
`;

const address = (session) => `_fakeai/rules${session ? `?session=${encodeURIComponent(session)}` : ""}`;

/** The text for a session; "": for requests without one. */
export const readRules = async (session) => (await send(address(session))).text();

/** Puts a text in force in every worker at once. Returns the names of hosts that did not confirm in time. */
export async function putRules(session, text) {
  const response = await send(address(session), { method: "PUT", headers: { "Content-Type": "application/json" }, body: text });
  return response.headers.get("X-FakeAI-Unconfirmed") ?? "";
}

/** One line for each rule that is short. */
export function textOf(rules) {
  if (!rules.length) return "[]\n";
  const lines = rules.map((rule) => {
    const line = JSON.stringify(rule, null, 1).replace(/\n\s*/g, " ");
    return line.length <= 140 ? `  ${line}` : JSON.stringify(rule, null, 2).replace(/^/gm, "  ");
  });
  return `[\n${lines.join(",\n")}\n]\n`;
}

/** Calls `put` with a text. `follow` shows the one in force, unless another is being written. */
export function ruleEditor(put) {
  let inForce = "[]\n";
  const numbers = h("div.numbers", { "aria-hidden": "true" });
  const text = h("textarea", { id: "rules", value: inForce, rows: 12, spellcheck: "false", autocapitalize: "off", wrap: "off",
    maxlength: LONGEST, "aria-describedby": "rules-problem",
    oninput: changed, onscroll: () => (numbers.scrollTop = text.scrollTop),
      onkeydown: onControlEnter(submit) });
  const problem = h("p.problem", { id: "rules-problem", role: "alert" });
  const apply = button("Put in force", submit, { class: "main" });
  const revert = button("Discard changes", () => write(inForce));
  const state = h("p.hint", { role: "status" });
  const element = h("section.card.editor", h("header", h("h2", h("label", { for: "rules" }, "Rules")), state),
    h("div.lines", numbers, text), problem, h("div.row", apply, revert, button("An example", () => write(EXAMPLE))));

  function write(newText) {
    text.value = newText;
    changed();
    text.focus();
  }

  function changed() {
    const count = text.value.split("\n").length;
    show(numbers, Array.from({ length: count }, (_, at) => h("span", String(at + 1))));
    const isChanged = text.value !== inForce;
    apply.disabled = revert.hidden = !isChanged;
    say(state, isChanged ? "not in force yet" : "in force in every worker");
    say(problem, "");
    set(text, { "aria-invalid": null });
  }

  async function submit() {
    try {
      await put(text.value);
    } catch (error) {
      const offset = offsetOf(error.message);
      say(problem, sentence(error));
      set(text, { "aria-invalid": "true" });
      text.focus();
      if (offset === null) return;
      const { line, column } = placeOf(text.value, offset);
      text.setSelectionRange(offset, offset + 1);
      numbers.children[line - 1].className = "bad";
      say(problem, `Line ${line}, column ${column}: ${sentence(error)}`);
    }
  }

  /** The server names line and column, or rule and member; null if neither. */
  function offsetOf(message) {
    const [, line, column] = /line (\d+), column (\d+)/.exec(message) ?? [];
    if (line) return offsetOfPlace(text.value, Number(line), Number(column));
    const [, path] = /(rule \d+[\w.[\]]*)/.exec(message) ?? [];
    return path ? offsetOfPath(text.value, path) : null;
  }

  changed();
  return { element, follow(newer) {
    const isChanged = text.value !== inForce;
    inForce = newer;
    if (!isChanged && text.value !== newer) text.value = newer;
    changed();
  } };
}
