// What a page may try with the mock's own routes at `base`: ways to read each of `paths`, and ways to change something. Each attempt answers
// what the page learnt, as text, or throws. `only` selects one way; `names` asks for the names of all ways instead.
async ({ base, paths, only, names }) => {
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
  const ask = async (path, options) => askAt(base + path, options);
  const askAt = async (url, options) => {
    const answer = await fetch(url, options);
    if (!answer.ok) throw new Error(`${answer.type} ${answer.status}`);
    // The beginning is enough: a stream has no end.
    const reader = answer.body.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    return new TextDecoder().decode(value);
  };
  const message = (source, add) =>
    new Promise((answer, refuse) => {
      const take = ({ data }) => (data === null ? refuse(new Error("refused")) : answer(data));
      source.onmessage = take;
      add?.();
    });
  const told = (url) =>
    `fetch("${url}").then((it) => (it.ok ? it.body.getReader().read() : null)).then((it) => it && new TextDecoder().decode(it.value))`;
  // A link is loaded even if the answer is an error.
  const loaded = (path) => () => performance.getEntriesByName(base + path).some((it) => it.responseStatus === 200) ? "loaded" : null;
  const styled = (rule) => {
    const sheet = document.createElement("style");
    sheet.textContent = rule;
    document.head.append(sheet);
    document.body.append(Object.assign(document.createElement("p"), { className: "spy", textContent: "x" }));
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
  const stream = (path, options) =>
    new Promise((answer, refuse) => {
      const it = new EventSource(base + path, options);
      it.onopen = () => { it.close(); answer("open"); };
      it.onerror = () => { it.close(); refuse(new Error("error event")); };
    });
  const rule = '[{"name":"planted","then":{"fault":"server_error"}}]';
  const json = "application/json";
  const reads = {
    fetch: (path) => ask(path),
    "fetch with credentials": (path) => ask(path, { credentials: "include" }),
    "fetch without cors": (path) => ask(path, { mode: "no-cors" }),
    "fetch as the same origin": (path) => ask(path, { mode: "same-origin" }),
    "fetch without a referrer": (path) => ask(path, { referrerPolicy: "no-referrer", cache: "no-store" }),
    "fetch that is redirected": (path) => askAt(`/redirect?${encodeURIComponent(base + path)}`),
    "fetch in a sandboxed frame": (path) =>
      message(window, () => {
        const tell = (it) => `parent.postMessage(${it}, "*")`;
        const srcdoc = `<script>${told(base + path)}.then((it) => ${tell("it")}, () => ${tell("null")})</script>`;
        document.body.append(Object.assign(document.createElement("iframe"), { sandbox: "allow-scripts", srcdoc }));
      }),
    XMLHttpRequest: (path) => request("GET", path),
    script: (path) => element("script", { src: base + path }),
    module: (path) => import(base + path).then(() => "loaded"),
    "style sheet": (path) => element("link", { rel: "stylesheet", href: base + path }),
    "image of a style": async (path) => {
      styled(`.spy { background: url("${base + path}") }`);
      const image = new Image();
      image.src = base + path;
      await image.decode();
      return "loaded";
    },
    font: (path) => new FontFace("spy", `url("${base + path}")`).load().then(() => "loaded"),
    image: (path) => element("img", { src: base + path }),
    video: (path) =>
      new Promise((answer, refuse) => {
        const it = Object.assign(document.createElement("video"), { src: base + path, preload: "auto" });
        it.onloadedmetadata = () => answer("loaded");
        it.onerror = () => refuse(new Error("error event"));
        document.body.append(it);
      }),
    object: (path) => element("object", { data: base + path }, (it) => it.contentDocument.body.innerText),
    frame: (path) => element("iframe", { src: base + path }, (it) => it.contentDocument.body.innerText),
    form: (path) => submit(path, "text/plain", "limit", "100", "GET"),
    prefetch: (path) => element("link", { rel: "prefetch", href: base + path }, loaded(path)),
    preload: (path) => element("link", { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: base + path }, loaded(path)),
    popup: async (path) => {
      const it = window.open(base + path);
      try {
        // Until the answer is there, a popup shows an empty document of the page's own origin, which teaches nothing.
        for (let waits = 0; waits < 40; waits++) {
          await new Promise((go) => setTimeout(go, 100));
          if (it.location.href !== "about:blank" && it.document.readyState === "complete") return it.document.body.innerText;
        }
        throw new Error("nothing for 4 s");
      } finally {
        it.close();
      }
    },
    EventSource: (path) => stream(path, {}),
    "EventSource with credentials": (path) => stream(path, { withCredentials: true }),
    WebSocket: (path) =>
      new Promise((answer, refuse) => {
        const it = new WebSocket(base.replace("http", "ws") + path);
        it.onopen = () => answer("open");
        it.onerror = () => refuse(new Error("error event"));
      }),
    worker: (path) => {
      const text = `${told(base + path)}.then(postMessage, () => postMessage(null))`;
      return message(new Worker(URL.createObjectURL(new Blob([text]))));
    },
    "script of a worker": (path) => {
      const text = `try { importScripts("${base + path}"); postMessage("loaded"); } catch { postMessage(null); }`;
      return message(new Worker(URL.createObjectURL(new Blob([text]))));
    },
  };
  const writes = {
    "fetch POST that resets": () => ask("/_fakeai/reset", { method: "POST" }),
    "fetch POST without cors that resets": () => ask("/_fakeai/reset", { method: "POST", mode: "no-cors" }),
    "form that resets": () => submit("/_fakeai/reset", "application/x-www-form-urlencoded", "session", "*"),
    "beacon that resets": async () => String(navigator.sendBeacon(base + "/_fakeai/reset")) + ": sent",
    "ping of a link": async () => {
      const link = Object.assign(document.createElement("a"), { href: "#", ping: base + "/_fakeai/reset" });
      document.body.append(link);
      link.click();
      return "sent";
    },
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
  const ways = Object.entries(reads).flatMap(([name, read]) => paths.map((path) => [name, `${name} ${path}`, () => read(path)]));
  const changes = Object.entries(writes).map(([name, write]) => [name, name, write]);
  if (names) return [...Object.keys(reads), ...Object.keys(writes)];
  const outcomes = {};
  const make = async ([way, name, attempt]) => {
    if (only && way !== only) return;
    try { outcomes[name] = await within(attempt()); } catch { outcomes[name] = null; }
  };
  // All of the reads first: a write may succeed.
  await Promise.all(ways.map(make));
  for (const change of changes) await make(change);
  return outcomes;
}
