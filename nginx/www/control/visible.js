// Work only while the page can be seen: a tab in the background costs nothing.

const watchers = new Set();

/** Calls `begin` now and when the page is shown, `end` when it is hidden. Returns a function that ends it for good. */
export function whileVisible(begin, end) {
  const watcher = { begin, end };
  watchers.add(watcher);
  if (!document.hidden) begin();
  return () => {
    if (watchers.delete(watcher) && !document.hidden) end();
  };
}

/** Calls `work` while the page can be seen. Returns a function that ends it. */
export function every(milliseconds, work) {
  let timer;
  return whileVisible(() => (timer = setInterval(work, milliseconds)), () => clearInterval(timer));
}

document.addEventListener("visibilitychange", () => {
  for (const { begin, end } of watchers) (document.hidden ? end : begin)();
});

/** A function that draws once before the next frame, however often it is called. */
export function oncePerFrame(draw) {
  let frame = 0;
  return () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
}
