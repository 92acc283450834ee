// What a page may try with the mock's own routes at `base`. Each attempt answers what the page learnt, as text, or throws.
async (base) => {
  const within = (work) =>
    Promise.race([work, new Promise((_, refuse) => setTimeout(() => refuse(new Error("nothing for 5 s")), 5000))]);
  const element = (name, attributes, read = () => "loaded") =>
    new Promise((answer, refuse) => {
      const it = Object.assign(document.createElement(name), attributes);
      it.onload = () => answer(read(it));
      it.onerror = () => refuse(new Error("error event"));
      document.body.append(it);
    });
  const request = (method, path, body, type) =>
    new Promise((answer, refuse) => {
      const it = new XMLHttpRequest();
      it.open(method, base + path);
      if (type) it.setRequestHeader("Content-Type", type);
      it.onload = () => (it.status < 300 ? answer(it.responseText) : refuse(new Error(it.status)));
      it.onerror = () => refuse(new Error("error event"));
      it.send(body);
    });
  const ask = async (path, options) => {
    const answer = await fetch(base + path, options);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.type} ${answer.status}`);
    return text;
  };
  const submit = (path, enctype, name, value, method = "POST") =>
    element("iframe", { name: `frame-${Math.random()}`, src: "about:blank" }, (it) => it).then(
      (frame) =>
        new Promise((answer, refuse) => {
          const form = Object.assign(document.createElement("form"), { method, action: base + path, enctype, target: frame.name });
          form.append(Object.assign(document.createElement("input"), { name, value }));
          document.body.append(form);
          frame.onload = () => {
            try { answer(frame.contentDocument.body.innerText); } catch (error) { refuse(error); }
          };
          form.submit();
        }),
    );
  const rule = '[{"name":"planted","then":{"fault":"server_error"}}]';
  const json = "application/json";
  const reads = {};
  for (const path of ["/_fakeai/requests", "/_fakeai/stats", "/_fakeai/rules", "/_fakeai/faults", "/metrics"]) {
    Object.assign(reads, {
      [`fetch ${path}`]: () => ask(path),
      [`fetch with credentials ${path}`]: () => ask(path, { credentials: "include" }),
      [`fetch without cors ${path}`]: () => ask(path, { mode: "no-cors" }),
      [`fetch as the same origin ${path}`]: () => ask(path, { mode: "same-origin" }),
      [`XMLHttpRequest ${path}`]: () => request("GET", path),
      [`script ${path}`]: () => element("script", { src: base + path }),
      [`module ${path}`]: () => import(base + path).then(() => "loaded"),
      [`style sheet ${path}`]: () => element("link", { rel: "stylesheet", href: base + path }),
      [`image ${path}`]: () => element("img", { src: base + path }),
      [`frame ${path}`]: () => element("iframe", { src: base + path }, (it) => it.contentDocument.body.innerText),
      [`form ${path}`]: () => submit(path, "text/plain", "limit", "100", "GET"),
      [`EventSource ${path}`]: () =>
        new Promise((answer, refuse) => {
          const it = new EventSource(base + path);
          it.onopen = () => answer("open");
          it.onerror = () => { it.close(); refuse(new Error("error event")); };
        }),
      [`worker ${path}`]: () =>
        new Promise((answer, refuse) => {
          const text = `fetch("${base + path}").then((it) => (it.ok ? it.text() : null)).then(postMessage, () => postMessage(null))`;
          const it = new Worker(URL.createObjectURL(new Blob([text])));
          it.onmessage = ({ data }) => (data === null ? refuse(new Error("refused")) : answer(data));
        }),
    });
  }
  const writes = {
    "fetch PUT": () => ask("/_fakeai/rules", { method: "PUT", body: rule, headers: { "Content-Type": json } }),
    "fetch PUT without a type": () => ask("/_fakeai/rules", { method: "PUT", body: new Blob([rule]) }),
    "fetch PUT without cors": () => ask("/_fakeai/rules", { method: "PUT", mode: "no-cors", body: rule }),
    "fetch POST without cors": () => ask("/_fakeai/rules", { method: "POST", mode: "no-cors", body: rule }),
    "fetch POST that is to be PUT": () =>
      ask("/_fakeai/rules", { method: "POST", mode: "no-cors", body: rule, headers: { "X-HTTP-Method-Override": "PUT" } }),
    "fetch PUT that outlives the page": () =>
      ask("/_fakeai/rules", { method: "PUT", keepalive: true, body: rule, headers: { "Content-Type": json } }),
    "XMLHttpRequest PUT": () => request("PUT", "/_fakeai/rules", rule, json),
    "XMLHttpRequest PUT as text": () => request("PUT", "/_fakeai/rules", rule, "text/plain"),
    "form as text": () => submit("/_fakeai/rules", "text/plain", '[{"name":"planted","match":{"prompt":"', '"},"then":{"fault":"reset"}}]'),
    "form as a form": () => submit("/_fakeai/rules", "application/x-www-form-urlencoded", "rules", rule),
    "form in parts": () => submit("/_fakeai/rules", "multipart/form-data", "rules", rule),
    beacon: async () => String(navigator.sendBeacon(base + "/_fakeai/rules", new Blob([rule]))) + ": sent",
    "beacon of JSON": async () => String(navigator.sendBeacon(base + "/_fakeai/rules", new Blob([rule], { type: json }))) + ": sent",
    "fetch DELETE": () => ask("/_fakeai/requests", { method: "DELETE" }),
    "XMLHttpRequest DELETE": () => request("DELETE", "/_fakeai/requests"),
  };
  const outcomes = {};
  const make = async ([name, attempt]) => {
    try { outcomes[name] = await within(attempt()); } catch { outcomes[name] = null; }
  };
  // All of the reads first: a write may succeed.
  await Promise.all(Object.entries(reads).map(make));
  for (const attempt of Object.entries(writes)) await make(attempt);
  return outcomes;
}
