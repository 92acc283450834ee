// The usual faults as switches: each is a rule with its own name, beside the rules of others.

import { h, say, set } from "./dom.js";

const NTH = { 2: "every 2nd", 3: "every 3rd" };
const DURATIONS = ["500ms", "1s", "2s", "5s", "10s", "30s", "1m"];
const CHANCES = [0.1, 0.5, 1, 2, 5, 10, 25, 50, 100].map((percent) => [percent / 100, `${percent} % of the requests`]);

/** `steps`: the slider's values, with texts; `usual`: its first index; `rule` of a value; `value` of a rule. */
const SWITCHES = [
  {
    label: "Rate limits", says: "429 with Retry-After for",
      steps: [2, 3, 5, 7, 10, 20, 50, 100].map((every) => [every, `${NTH[every] ?? `every ${every}th`} request`]), usual: 3,
    rule: (every) => ({ when: { every }, then: { fault: "rate_limit", retry_after: "2s" } }), value: ({ when }) => when?.every,
  },
  {
    label: "Slow answers", says: "Each answer takes",
      steps: [["openai", "as long as the real API’s"], ...DURATIONS.map((text) => [text, text])], usual: 0,
    rule: (latency) => ({ then: { latency } }), value: ({ then }) => then?.latency,
  },
  chance("Server errors", "500 for", "server_error", 2), chance("Overload", "503 with Retry-After for", "overloaded"),
  chance("Cut answers", "Half of the announced body for", "truncate"), chance("Moderation", "The safety system rejects", "moderation"),
  chance("Broken pictures", "Corrupt bytes for", "corrupt_image"),
];

function chance(label, says, fault, usual = 4) {
  return { label, says, steps: CHANCES, usual, rule: (probability) => ({ when: { probability }, then: { fault } }),
    value: ({ when }) => when?.probability };
}

const nameOf = ({ label }) => `control room: ${label.toLowerCase()}`;

/** They call `change` with a function from rules to rules; `follow` shows those in force, `count` their strikes. */
export function switches(change) {
  const rows = SWITCHES.map((one, at) => row(one, at, change));
  return {
    element: h("ul.switches", rows.map(({ element }) => element)),
    follow: (rules) => rows.forEach((row) => row.follow(rules)), count: (strikes) => rows.forEach((row) => row.count(strikes)),
  };
}

function row(one, at, change) {
  const toggle = h("input.switch", { type: "checkbox", role: "switch", id: `switch-${at}`, onchange: apply });
  const level = h("input", { type: "range", min: 0, max: one.steps.length - 1, value: one.usual, "aria-label": `${one.label}: how much`,
    oninput: show, onchange: () => toggle.checked && apply() });
  const text = h("output");
  const struck = h("p.struck");
  const name = nameOf(one);

  function show() {
    const [, label] = one.steps[level.value];
    say(text, label);
    set(level, { "aria-valuetext": label });
  }

  function apply() {
    const isOn = toggle.checked;
    const rule = { name, ...one.rule(one.steps[level.value][0]) };
    change((rules) => {
      const others = rules.filter((other) => other.name !== name);
      const place = rules.findIndex((other) => other.name === name);
      return isOn ? others.toSpliced(place < 0 ? others.length : place, 0, rule) : others;
    });
  }

  function follow(rules) {
    const rule = rules.find((rule) => rule?.name === name);
    toggle.checked = Boolean(rule);
    const place = rule ? one.steps.findIndex(([value]) => value === one.value(rule)) : Number(level.value);
    level.value = Math.max(0, place);
    show();
    if (place < 0) say(text, "as its rule says");
  }

  show();
  return {
    element: h("li", toggle, h("div", h("label", { for: toggle.id }, one.label), h("p.soft", `${one.says} `, text)), level, struck),
    follow, count: (strikes) => say(struck, toggle.checked ? `struck ${strikes.get(name) ?? 0}×` : ""),
  };
}
