// Keeps a served page fresh. It is put into pages by `wirebook serve` only; no built site holds it.
"use strict";

(() => {
  const seen = new URL(document.currentScript.src).searchParams.get("at");
  const events = new EventSource(`/__wirebook/events?at=${seen}&page=${location.pathname}`);
  let box = null;

  // The file of the site that this page came from, with and without its ending.
  function files() {
    const path = decodeURIComponent(location.pathname).slice(1);
    return path === "" || path.endsWith("/") ? [path + "index.html"] : [path, path + ".html"];
  }

  // Stylesheets and scripts of this page, as paths in the site.
  function parts() {
    const links = [...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href);
    const scripts = [...document.scripts].map((script) => script.src);
    const ours = [...links, ...scripts].filter((url) => url.startsWith(location.origin));
    return ours.map((url) => decodeURIComponent(new URL(url).pathname).slice(1));
  }

  function hide() {
    box?.remove();
    box = null;
  }

  // `null` means that anything may have changed. A reload keeps the place on the page.
  events.addEventListener("reload", (event) => {
    hide();
    const changed = JSON.parse(event.data);
    const shown = [...files(), ...parts()];
    if (changed === null || changed.some((path) => shown.includes(path))) {
      location.reload();
    }
  });

  events.addEventListener("failure", (event) => {
    hide();
    box = document.createElement("div");
    box.setAttribute("role", "alert");
    box.textContent = "This page is the last one that could be made: " + JSON.parse(event.data);
    Object.assign(box.style, {
      position: "fixed", insetInline: "0", insetBlockEnd: "0", zIndex: "9999", padding: "1rem",
      background: "#7a0012", color: "#fff", font: "1rem/1.5 system-ui, sans-serif",
    });
    document.body.append(box);
  });

  // A page that is left must not keep its place among the listeners.
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
