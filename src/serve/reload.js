// Keeps a served page fresh. It is put into pages by `wirebook serve` only, in front of all other scripts; no built site holds it.
//
// 1. The page is remembered as it came (`known`), before scripts change it.
// 2. When the server names it as changed it is fetched again, and what differs from what is known is changed in place: all else
//    (place, focus, what is open, what scripts have added) stays. Where that cannot be right (another style, which the page's
//    policy forbids; other scripts; scripts that hold on to the page) the page is loaded again, with its state.
// 3. A tab that nobody sees does not listen: browsers open six connections to a server, and a tab that listens holds one. It
//    catches up when it is seen.
// 4. Errors lie over the last good page, in a panel that Escape closes.
"use strict";

(() => {
  const own = document.currentScript;
  const STATE = "wirebook.state";
  let seen = new URL(own.src).searchParams.get("at");
  // The live node of each node that is known.
  const live = new WeakMap();

  // A page from its HTML, as far as it is compared. Its style is kept as a script that never runs: the policy of this page, which
  // holds for what it parses too, may forbid it.
  const parse = (html) => {
    const page = new DOMParser().parseFromString(html.replace(/<style\b/gi, '<script type="text/plain"').replace(/<\/style\b/gi, "</script"), "text/html");
    // HTML cannot tell neighbouring texts.
    page.normalize();
    return page;
  };
  const copy = (node, page) => {
    const style = node.nodeName === "STYLE";
    const made = style ? page.createElement("script") : page.importNode(node, false);
    live.set(made, node);
    if (style) made.type = "text/plain";
    for (const child of node.childNodes) made.appendChild(copy(child, page));
    return made;
  };
  document.normalize();
  let known = parse("");
  known.documentElement.replaceWith(copy(document.documentElement, known));

  // Pairs nodes of two trees that are alike: `of` says what the live node of the first one's is.
  const pair = (one, other, of) => {
    live.set(other, of(one));
    const below = other.firstChild ? [...one.childNodes] : [];
    [...other.childNodes].forEach((child, at) => pair(below[at], child, of));
  };

  // The file of the site that this page came from, with and without its ending.
  const files = () => {
    const path = decodeURIComponent(location.pathname).slice(1);
    return path === "" || path.endsWith("/") ? [path + "index.html"] : [path, path + ".html"];
  };
  // The path in the site that an address leads to; none for addresses elsewhere.
  const pathOf = (address) => {
    const url = new URL(address || "#", location.href);
    return url.origin === location.origin ? decodeURIComponent(url.pathname).slice(1) : null;
  };
  const field = () => document.querySelector("search input[type=search]");

  // Loads the page again, and puts back what a browser does not.
  const reload = () => {
    const text = field()?.value;
    const open = [...document.querySelectorAll("details")].map((one) => one.open);
    const focused = document.activeElement === field();
    try {
      sessionStorage.setItem(STATE, JSON.stringify({ path: location.pathname, x: scrollX, y: scrollY, open, text, focused }));
    } catch { /* Then the browser keeps what it keeps. */ }
    location.reload();
  };
  const restore = () => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(STATE));
      sessionStorage.removeItem(STATE);
    } catch { /* Nothing was kept. */ }
    if (kept?.path !== location.pathname) return;
    [...document.querySelectorAll("details")].forEach((one, at) => { one.open = kept.open[at] ?? one.open; });
    if (field() && kept.text) field().value = kept.text;
    if (kept.focused) field()?.focus({ preventScroll: true });
    scrollTo(kept.x, kept.y);
  };
  // Other scripts wait for the focus on the field.
  addEventListener("DOMContentLoaded", restore);

  const text = (node) => node.outerHTML ?? node.data;

  // Which nodes of two lists are the same, as pairs of places in order: the longest common part.
  const common = (one, other) => {
    const [a, b] = [one.map(text), other.map(text)];
    let head = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head++;
    let tail = 0;
    while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
    const pairs = Array.from({ length: head }, (_, at) => [at, at]);
    const [n, m] = [a.length - head - tail, b.length - head - tail];
    if (n * m < 1e6) {
      const best = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
      for (let i = n - 1; i >= 0; i--) {
        for (let j = m - 1; j >= 0; j--) {
          best[i][j] = a[head + i] === b[head + j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
        }
      }
      for (let i = 0, j = 0; i < n && j < m;) {
        if (a[head + i] === b[head + j]) pairs.push([head + i++, head + j++]);
        else if (best[i + 1][j] >= best[i][j + 1]) i++;
        else j++;
      }
    }
    for (let at = tail; at > 0; at--) pairs.push([a.length - at, b.length - at]);
    return pairs;
  };

  const alike = (one, other) => one.nodeType === Node.ELEMENT_NODE && one.nodeName === other.nodeName && one.id === other.id;

  // Changes the live element of `before`, which is what was known, into what `after` says.
  const change = (before, after) => {
    const node = live.get(before);
    live.set(after, node);
    for (const { name, value } of after.attributes) if (before.getAttribute(name) !== value) node.setAttribute(name, value);
    for (const { name } of before.attributes) if (!after.hasAttribute(name)) node.removeAttribute(name);
    const [old, fresh] = [[...before.childNodes], [...after.childNodes]];
    let last = null;
    let [i, j] = [0, 0];
    const put = (child) => {
      const made = document.importNode(child, true);
      pair(made, child, (one) => one);
      if (last) last.after(made);
      else node.prepend(made);
      last = made;
    };
    for (const [nextOld, nextFresh] of [...common(old, fresh), [old.length, fresh.length]]) {
      for (; j < nextFresh; j++) {
        const at = old.findIndex((one, place) => place >= i && place < nextOld && alike(one, fresh[j]));
        while (i < at) live.get(old[i++]).remove();
        if (at < 0) put(fresh[j]);
        else last = change(old[i++], fresh[j]);
      }
      while (i < nextOld) live.get(old[i++]).remove();
      if (i < old.length) {
        last = live.get(old[i]);
        pair(old[i++], fresh[j++], (one) => live.get(one));
      }
    }
    return node;
  };

  const isOwn = (script) => script.src.startsWith(own.src.split("?")[0]);
  const isStyle = (script) => script.type === "text/plain";
  const scripts = (page) => [...page.scripts].filter((one) => !isOwn(one) && !isStyle(one)).map((one) => one.src);
  const sheets = (page) => [...page.querySelectorAll("link[rel=stylesheet]")];
  // What a page may not change while it is shown.
  const fixed = (page) => {
    const policy = page.querySelector("meta[http-equiv=Content-Security-Policy]")?.content;
    const styles = [...page.scripts].filter(isStyle).map((one) => one.textContent);
    return JSON.stringify([policy, styles, scripts(page), sheets(page).length]);
  };
  // True if scripts that this one does not know may hold on to parts of the page: all but one that offers to furnish it anew.
  const isHeld = (page) => !self.wirebookFurnish || scripts(page).length > 1 || page.querySelector(".filters");

  // The old sheet stays until the new one is there. An address that stays needs a new end, or the browser shows what it has.
  const swapSheet = (link, address, keep) => {
    const next = link.cloneNode();
    next.href = address;
    next.addEventListener("load", () => link.remove());
    next.addEventListener("error", () => link.remove());
    link.after(next);
    keep(next);
  };

  // Scripts that add to the page do so again. The lens opens what it has folded, and folds what is there then.
  const swap = (next) => {
    const version = self.wirebookLens && document.getElementById("page.v")?.value;
    const [x, y] = [scrollX, scrollY];
    if (version) self.wirebookLens.look("");
    change(known.documentElement, next.documentElement);
    self.wirebookFurnish?.();
    if (version) {
      self.wirebookLens.look(version);
      scrollTo(x, y);
    }
  };

  // Sheets of which the address or the bytes are others.
  const swapSheets = (next, changed) => {
    sheets(known).forEach((link, at) => {
      const address = sheets(next)[at].getAttribute("href");
      const same = link.getAttribute("href") === address;
      const path = pathOf(live.get(link).href);
      if (same && (path === null || (changed && !changed.includes(path)))) return;
      swapSheet(live.get(link), same ? `${address.split("?")[0]}?at=${seen}` : address, (made) => live.set(link, made));
      link.setAttribute("href", address);
    });
  };

  const update = async (changed) => {
    let html = "";
    try {
      html = await (await fetch(location.pathname + location.search, { cache: "no-store" })).text();
    } catch {
      // The server is gone; when it is back it tells what is new.
      return;
    }
    const next = parse(html);
    if (fixed(next) !== fixed(known)) return reload();
    // The address of this script names a state of the site, and stays.
    const mine = (page) => [...page.scripts].find(isOwn);
    mine(next)?.setAttribute("src", mine(known)?.getAttribute("src"));
    if (text(known.body) !== text(next.body) && isHeld(next)) return reload();
    swapSheets(next, changed);
    swap(next);
    known = next;
  };

  // One update at a time; what comes meanwhile makes one more.
  let [busy, waiting] = [false, undefined];
  const follow = async (changed) => {
    if (busy) {
      waiting = waiting === undefined ? changed : waiting && changed && [...waiting, ...changed];
      return;
    }
    busy = true;
    try {
      await update(changed);
    } catch {
      // A new start mends what went wrong.
      reload();
    }
    busy = false;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) follow(next);
  };

  // The panel is in the page from the start, so that what is put into it is announced.
  const panel = document.createElement("div");
  panel.className = "wirebook-panel";
  panel.setAttribute("role", "status");
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = "/__wirebook/reload.css";
  document.head.append(style);
  document.body.append(panel);
  let [failure, errors, told] = ["", "", ""];
  const close = () => panel.replaceChildren();
  const show = () => {
    // What was closed, and is the same, stays closed.
    if (told === (failure || errors)) return;
    told = failure || errors;
    if (!told) return close();
    const [title, frames, button] = ["b", "pre", "button"].map((name) => document.createElement(name));
    title.textContent = failure ? "The book cannot be read. This is the last page that could be made." : "This page has errors.";
    frames.textContent = told.trimEnd();
    frames.tabIndex = 0;
    button.type = "button";
    button.textContent = "Close";
    button.title = "Escape";
    button.addEventListener("click", close);
    panel.replaceChildren(title, button, frames);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && panel.firstChild) close();
  });
  const ask = async () => {
    try {
      const answer = await fetch("/__wirebook/errors" + location.pathname, { cache: "no-store" });
      if (answer.ok) errors = await answer.text();
      show();
    } catch { /* The server tells when it is back. */ }
  };

  let events = null;
  // True where the search is loaded, with an index of older texts.
  let stale = false;
  document.addEventListener("focusin", (event) => { if (stale && event.target === field()) reload(); });
  const changed = (event) => {
    seen = event.lastEventId || seen;
    failure = "";
    show();
    stale ||= Boolean(self.wirebookSearch);
    const paths = JSON.parse(event.data);
    if (paths === null) {
      ask();
      // A name without a hash does not tell whether the script is the same.
      if (scripts(known).slice(1).some((one) => !/\.[0-9a-f]{8,}\.js/.test(one))) return reload();
      return follow(null);
    }
    if (scripts(known).some((one) => one && paths.includes(pathOf(one)))) return reload();
    const shown = [...files(), ...sheets(known).map((link) => pathOf(live.get(link).href))];
    for (const image of document.images) {
      if (paths.includes(pathOf(image.src))) image.src = `${image.src.split("?")[0]}?at=${seen}`;
    }
    if (paths.some((path) => shown.includes(path))) follow(paths);
  };
  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource(`/__wirebook/events?at=${seen}&page=${location.pathname}`);
    events.addEventListener("reload", changed);
    events.addEventListener("failure", (event) => { failure = JSON.parse(event.data); show(); });
    events.addEventListener("errors", (event) => {
      const paths = JSON.parse(event.data);
      if (["", ...files()].some((path) => paths.includes(path))) ask();
    });
    // A browser tries again by itself, but not where it was turned away.
    events.addEventListener("error", () => {
      if (events?.readyState !== EventSource.CLOSED) return;
      events = null;
      setTimeout(listen, 2000);
    });
  };
  const rest = () => {
    events?.close();
    events = null;
  };
  const see = () => {
    if (document.hidden) return rest();
    if (!events) ask();
    listen();
  };
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => event.persisted && see());
  document.addEventListener("visibilitychange", see);
  see();
})();
