// The rules in force, as the server has them: a JSON text, which is changed as a whole.

import { send } from "./server.js";

const address = (session) => `_fakeai/rules${session ? `?session=${encodeURIComponent(session)}` : ""}`;

/** The text in force for a session; "": for the requests without one. */
export const readRules = async (session) => (await send(address(session))).text();

/** Puts a text in force, in every worker at once. Returns the names of hosts that have not confirmed it in time. */
export async function putRules(session, text) {
  const response = await send(address(session), { method: "PUT", headers: { "Content-Type": "application/json" }, body: text });
  return response.headers.get("X-FakeAI-Unconfirmed") ?? "";
}

/** Rules as text: one line each, as long as that is short. */
export function textOf(rules) {
  if (!rules.length) return "[]\n";
  const lines = rules.map((rule) => {
    const line = JSON.stringify(rule, null, 1).replace(/\n\s*/g, " ");
    return line.length <= 140 ? `  ${line}` : JSON.stringify(rule, null, 2).replace(/^/gm, "  ");
  });
  return `[\n${lines.join(",\n")}\n]\n`;
}
