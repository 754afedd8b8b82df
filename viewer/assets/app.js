// Makes the pages quicker to use; each of them is whole without it. Pages come from the server as they are.
"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // ---- theme
  const setTheme = (theme) => {
    root.classList.remove("light", "dark");
    if (theme) root.classList.add(theme);
  };
  const storage = (action) => { try { return action(localStorage); } catch { return null; } };
  setTheme(storage((s) => s.getItem("theme")));
  const switchTheme = () => {
    const isDark = root.classList.contains("dark")
      || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    const theme = isDark ? "light" : "dark";
    setTheme(theme);
    storage((s) => s.setItem("theme", theme));
  };

  // ---- pages: only what differs is put in
  let loading = null;
  const go = async (url, push = true) => {
    if (loading) loading.abort();
    loading = new AbortController();
    let text;
    try {
      const answer = await fetch(url, { headers: { "x-part": "main" }, signal: loading.signal });
      if (!(answer.headers.get("content-type") || "").startsWith("text/html")) throw new Error("no page");
      text = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    if (push) history.pushState(null, "", url);
    const focused = document.activeElement && document.activeElement.id;
    for (const part of ["header", "main", "footer"]) one(part).replaceWith(document.adoptNode(one(part, page)));
    document.title = page.title;
    begin();
    const again = focused && document.getElementById(focused);
    if (again) again.focus();
    else one("main").focus({ preventScroll: !push });
    if (push) scrollTo(0, 0);
  };
  const isOurs = (url) => url.origin === location.origin && !url.pathname.startsWith("/api") && !url.pathname.startsWith("/assets");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const href = typeof link.href === "string" ? link.href : link.href.baseVal;
    const url = new URL(href, location.href);
    if (!isOurs(url) || (url.hash && url.pathname === location.pathname)) return;
    event.preventDefault();
    if (!brushed) go(url.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get") return;
    event.preventDefault();
    const url = new URL(form.action, location.href);
    const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
    url.search = new URLSearchParams(pairs).toString();
    go(url.href);
  });
  addEventListener("popstate", () => go(location.href, false));

  // ---- charts: what is under the pointer, and a span of time chosen by dragging
  const tip = make("div", "", "tip");
  tip.hidden = true;
  document.body.append(tip);
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest && event.target.closest("svg a[aria-label]");
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.getAttribute("aria-label");
    tip.style.setProperty("left", Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8) + "px");
    tip.style.setProperty("top", Math.max(event.clientY - tip.offsetHeight - 10, 4) + "px");
  });
  let brushed = false;
  const share = (svg, event) => {
    const box = svg.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
  };
  document.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest && event.target.closest("svg.brush");
    brushed = false;
    if (!svg || event.button) return;
    const from = share(svg, event);
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    box.setAttribute("class", "chosen");
    box.setAttribute("height", "180");
    const move = (event) => {
      const to = share(svg, event);
      if (Math.abs(to - from) < 0.01 && !brushed) return;
      brushed = true;
      svg.append(box);
      box.setAttribute("x", String(Math.min(from, to) * 960));
      box.setAttribute("width", String(Math.abs(to - from) * 960));
    };
    const end = (event) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      box.remove();
      if (!brushed) return;
      const [first, last] = [Number(svg.dataset.from), Number(svg.dataset.to)];
      const time = (at) => new Date((first + at * (last - first)) / 1000).toISOString();
      const to = share(svg, event);
      const url = new URL(location.href);
      url.searchParams.set("since", time(Math.min(from, to)));
      url.searchParams.set("until", time(Math.max(from, to)));
      for (const key of ["days", "page"]) url.searchParams.delete(key);
      go(url.href);
      // The click that follows is the drag's own.
      setTimeout(() => { brushed = false; }, 50);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
  });
  document.addEventListener("dragstart", (event) => { if (event.target.closest("svg")) event.preventDefault(); });

  // ---- keys
  let row = -1;
  const step = (by) => {
    const rows = all("table.records tbody tr");
    if (!rows.length) return;
    row = Math.min(Math.max(row + by, 0), rows.length - 1);
    rows.forEach((other, at) => other.classList.toggle("here", at === row));
    const link = one("a", rows[row]);
    if (link) link.focus();
    rows[row].scrollIntoView({ block: "nearest" });
  };
  const KEYS = [["/", "search"], ["j", "next record"], ["k", "record before"], ["Enter", "open it"], ["t", "dark or light"], ["?", "this"], ["Esc", "close"]];
  const help = () => {
    let dialog = one("dialog");
    if (!dialog) {
      dialog = make("dialog");
      dialog.setAttribute("aria-label", "Keys");
      const list = make("ul", undefined, "facets");
      for (const [key, what] of KEYS) {
        const item = make("li");
        item.append(make("kbd", key), " " + what);
        list.append(item);
      }
      const close = make("button", "Close");
      close.addEventListener("click", () => dialog.close());
      dialog.append(list, close);
      document.body.append(dialog);
    }
    if (dialog.open) dialog.close(); else dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const actions = { "/": () => { one("#search").focus(); one("#search").select(); }, j: () => step(1), k: () => step(-1), t: switchTheme, "?": help };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // ---- live: one stream for the page, none while nobody sees it
  let stream = null, last = "", paused = false, fresh = 0, missed = 0;
  const MAX_ROWS = 500;
  const tell = () => {
    const line = one("#fresh");
    if (!line) return;
    const parts = [fresh + " new since this page was made"];
    if (missed) parts.push(missed + " of them not shown");
    if (paused) parts.push("paused");
    line.textContent = parts.join(", ");
    line.hidden = !fresh && !paused;
  };
  const show = (rows) => {
    const body = one("#live tbody");
    if (!body || paused) return;
    for (const record of rows) {
      const line = make("tr");
      const time = make("td", undefined, "time");
      const link = make("a", record.time.slice(0, 23).replace("T", " "));
      link.href = "/explorer?at=" + encodeURIComponent(record.at);
      time.append(link);
      const level = make("td");
      const known = one(`.legend .level.${record.level.toLowerCase()}`);
      level.append(known ? known.cloneNode(true) : record.level);
      line.append(time, level, make("td", record.logger), make("td", record.operation || ""), make("td", ""), make("td", record.message, "message"));
      body.prepend(line);
    }
    while (body.rows.length > MAX_ROWS) body.lastElementChild.remove();
  };
  const listen = () => {
    if (stream) stream.close();
    stream = null;
    const main = one("main");
    if (document.hidden || !main.dataset.live) return;
    const url = new URL(main.dataset.live, location.href);
    if (last) url.searchParams.set("last", last);
    stream = new EventSource(url);
    stream.addEventListener("rows", (event) => {
      const { rows, left_out } = JSON.parse(event.data);
      last = event.lastEventId;
      fresh += rows.length + left_out;
      missed += paused ? rows.length + left_out : left_out;
      show(rows);
      tell();
    });
  };
  document.addEventListener("visibilitychange", listen);

  // ---- what each page needs when it comes
  const begin = () => {
    row = -1;
    last = "";
    fresh = missed = 0;
    paused = false;
    for (const [selector, action] of [["button.theme", switchTheme], ["button.help", help]]) {
      const button = one(selector);
      button.hidden = false;
      button.addEventListener("click", action);
    }
    const pause = one("#pause");
    if (pause) {
      pause.hidden = false;
      pause.addEventListener("click", () => {
        paused = !paused;
        pause.setAttribute("aria-pressed", String(paused));
        tell();
      });
    }
    listen();
  };
  begin();
})();
