// The view of faults: switches, rules as JSON, how often each struck, and what is left of limits.

import { count } from "./format.js";
import { history } from "./history.js";
import { journal } from "./journal.js";
import { limits } from "./limits.js";
import { live } from "./live.js";
import { h, on, say, tableBody } from "./parts.js";
import { putRules, readRules, ruleEditor, textOf } from "./rule-editor.js";
import { sentence } from "./server.js";
import { switches } from "./switches.js";

/** Whose rules are shown; it outlives the view. */
let session = "";

export function open() {
  let rules = [];
  const problem = h("p.problem", { role: "alert" });
  const switched = switches(change);
  const editor = ruleEditor(put);
  let counts = new Map();
  const strikes = tableBody([["Rule", ([name]) => name], ["Does", ([, rule]) => does(rule)],
    ["Struck", ([name]) => count(counts.get(name) ?? 0), "number"]]);
  const none = h("p.soft");
  const left = limits();
  const name = h("input", { id: "rules-session", placeholder: "requests without one", maxlength: 64, autocomplete: "off",
    spellcheck: "false", value: session, onchange: () => {
    session = name.value.trim();
    read();
  } });

  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      say(problem, sentence(error));
      switched.follow(rules);
    }
  }

  const read = () => attempt(async () => {
    take(await readRules(session));
    say(problem, "");
  });

  function take(text) {
    rules = JSON.parse(text);
    switched.follow(rules);
    editor.follow(text);
    showFigures();
  }

  async function put(text) {
    const unconfirmed = await putRules(session, text);
    take(text);
    say(problem, unconfirmed ? `Not confirmed yet by these hosts, which will follow: ${unconfirmed}.` : "");
  }

  /** Reads the rules first: somebody else may have changed them. */
  function change(edit) {
    attempt(async () => put(textOf(edit(JSON.parse(await readRules(session))))));
  }

  function showFigures() {
    counts = session ? countInJournal(session) : new Map((history.latest?.rules ?? []).map(({ rule, struck }) => [rule, struck]));
    switched.count(counts);
    strikes.follow(rules.map((rule, at) => [rule.name ?? String(at + 1), rule]));
    strikes.element.hidden = !rules.length;
    say(none, !rules.length ? "No rules are in force: every request is answered as well as it can be."
      : history.latest?.hosts?.length ? "Of the requests to this host." : "");
    left.follow(history.latest?.limits);
  }

  const reread = () => live.state === "live" && read();
  const ends = [on(history, "change", showFigures), on(live, "change", reread)];
  read();
  return { close: () => ends.forEach((end) => end()), element: h("section.page.faults",
    h("div.card", h("header", h("h2", "The usual"), h("span.space"), h("label.hint", { for: "rules-session" }, "Session"), name), problem,
      switched.element),
    editor.element, h("div.card", h("header", h("h2", "Which rule struck how often")), none, strikes.element), left.element) };
}

function does({ when, then }) {
  const specs = [then].flat().map((spec) =>
    Object.entries(spec).map(([name, value]) => (name === "fault" ? value : `${name} ${value}`)).join(", ") || "nothing");
  return Object.entries(when ?? {}).map(([name, value]) => `${name} ${value}: `).join("") + specs.join(" → ");
}

/** The server counts only requests without a session. A session's counts go back as far as the journal. */
function countInJournal(session) {
  const counts = new Map();
  for (const entry of journal.entries) {
    if (entry.session === session) entry.rule?.split(/, ?/).forEach((name) => counts.set(name, (counts.get(name) ?? 0) + 1));
  }
  return counts;
}
