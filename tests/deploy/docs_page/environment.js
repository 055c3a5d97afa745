// What a browser gives a page beyond its DOM, as far as Swagger UI asks for it. Runs after dom.js; `pageText` is the
// HTML and `fetchText(path)` the server. Timers run one by one by `runTimer()`, so that a test knows when all is done.
(() => {
  const g = globalThis;
  const timers = [];
  let timerId = 0;
  const startTimer = (run, delay, ...args) => {
    timerId += 1;
    timers.push({ id: timerId, at: delay || 0, run, args });
    return timerId;
  };
  const stopTimer = (id) => {
    const place = timers.findIndex((timer) => timer.id === id);
    if (place >= 0) timers.splice(place, 1);
  };
  g.runTimer = () => {
    timers.sort((a, b) => a.at - b.at || a.id - b.id);
    const timer = timers.shift();
    if (timer) timer.run(...timer.args);
    return Boolean(timer);
  };
  g.setTimeout = startTimer;
  g.clearTimeout = stopTimer;
  g.setInterval = () => 0;
  g.clearInterval = stopTimer;
  g.setImmediate = (run, ...args) => startTimer(run, 0, ...args);
  g.clearImmediate = stopTimer;
  g.requestAnimationFrame = (run) => startTimer(run, 16, 0);
  g.cancelAnimationFrame = stopTimer;
  g.queueMicrotask = g.queueMicrotask || ((run) => Promise.resolve().then(run));

  g.consoleErrors = [];
  const quiet = () => {};
  g.console = {
    log: quiet, info: quiet, debug: quiet, warn: quiet, trace: quiet, group: quiet, groupEnd: quiet,
    groupCollapsed: quiet,
    error: (...words) => g.consoleErrors.push(words.map((word) => (word && word.stack) || String(word)).join(" ")),
  };

  const { document, window: dom } = parseHTML(pageText);
  for (const name of [
    "Event", "CustomEvent", "Node", "Element", "HTMLElement", "HTMLInputElement", "HTMLTextAreaElement",
    "HTMLSelectElement", "HTMLFormElement", "HTMLAnchorElement", "HTMLButtonElement", "HTMLDivElement", "SVGElement",
    "Text", "Comment", "Document", "DocumentFragment", "DOMParser", "MutationObserver", "NodeList", "Attr",
    "ShadowRoot", "InputEvent", "NodeFilter",
  ]) if (dom[name]) g[name] = dom[name];
  g.HTMLIFrameElement = dom.HTMLIFrameElement || class {};
  g.window = g.self = g.top = g.parent = g;
  g.document = document;
  g.location = {
    href: "http://127.0.0.1/docs", origin: "http://127.0.0.1", protocol: "http:", host: "127.0.0.1",
    hostname: "127.0.0.1", port: "", pathname: "/docs", search: "", hash: "", reload: quiet, assign: quiet,
    replace: quiet,
  };
  document.location = g.location;
  Object.defineProperty(document, "baseURI", { value: g.location.href, configurable: true });
  g.history = { pushState: quiet, replaceState: quiet, state: null };
  g.navigator = { userAgent: "test", platform: "test", language: "en", languages: ["en"] };
  const stored = new Map();
  g.localStorage = g.sessionStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, String(value)),
    removeItem: (key) => stored.delete(key),
  };
  g.getComputedStyle = () => ({ getPropertyValue: () => "" });
  g.matchMedia = () => ({
    matches: false, addListener: quiet, removeListener: quiet, addEventListener: quiet, removeEventListener: quiet,
  });
  g.addEventListener = quiet;
  g.removeEventListener = quiet;
  g.dispatchEvent = () => true;
  g.getSelection = document.getSelection = () => ({ rangeCount: 0 });
  g.scrollTo = quiet;
  g.innerHeight = 900;
  g.innerWidth = 1400;
  g.pageYOffset = 0;
  g.performance = g.performance || { now: () => Date.now() };
  g.crypto = { getRandomValues: (array) => { array.forEach((_, place) => { array[place] = place; }); return array; } };

  g.AbortController = class {
    constructor() { this.signal = { aborted: false, addEventListener: quiet, removeEventListener: quiet }; }
    abort() { this.signal.aborted = true; }
  };
  g.Headers = class {
    constructor(from) {
      const pairs = !from ? [] : from instanceof g.Headers ? [...from] : Array.isArray(from) ? from : Object.entries(from);
      this.values = new Map(pairs.map(([name, value]) => [String(name).toLowerCase(), String(value)]));
    }
    get(name) { return this.values.get(name.toLowerCase()) ?? null; }
    has(name) { return this.values.has(name.toLowerCase()); }
    set(name, value) { this.values.set(name.toLowerCase(), String(value)); }
    append(name, value) { this.set(name, value); }
    forEach(visit) { this.values.forEach((value, name) => visit(value, name, this)); }
    entries() { return this.values.entries(); }
    [Symbol.iterator]() { return this.values.entries(); }
  };
  for (const name of ["FormData", "Blob", "File", "Response"]) g[name] = class {};
  g.Request = class { constructor(url, options) { Object.assign(this, { url }, options); } };
  g.fetch = (asked) => {
    const url = String(asked.url || asked);
    const text = fetchText(url);
    return Promise.resolve({
      ok: true, status: 200, statusText: "OK", url, headers: new g.Headers({ "content-type": "application/json" }),
      text: () => Promise.resolve(text), json: () => Promise.resolve(JSON.parse(text)),
    });
  };
})();
