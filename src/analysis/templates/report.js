"use strict";
(() => {
  const page = JSON.parse(document.getElementById("page").textContent);
  const narrow = window.matchMedia("screen and (max-width: 760px)");
  document.documentElement.classList.add("scripted");

  /* Reading an article at the highlighted words. Text goes in as text, never as markup. */
  const reader = document.getElementById("reader");
  const at = (name) => document.getElementById("reader-" + name);

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function highlighted(text, spans) {
    const points = Array.from(text); // offsets count characters, not UTF-16 units
    const kept = spans
      .filter((s) => Number.isInteger(s.start) && s.start >= 0 && s.end > s.start && s.end <= points.length)
      .sort((a, b) => a.start - b.start || b.end - a.end);
    const parts = [];
    let done = 0;
    for (const span of kept) {
      if (span.start < done) continue;
      parts.push(document.createTextNode(points.slice(done, span.start).join("")));
      parts.push(element(span.name, points.slice(span.start, span.end).join(""), span.className));
      done = span.end;
    }
    parts.push(document.createTextNode(points.slice(done).join("")));
    return parts;
  }

  /* Claims of one group that go back to one origin, to read them one after the other. */
  const together = new Map();
  Object.entries(page.claims).forEach(([id, claim]) => {
    if (claim.together) together.set(claim.together, [...(together.get(claim.together) || []), id]);
  });
  const MOST_ALSO = 12;

  function also(id, claim) {
    const words = (other) => `${page.claims[other].chain[0]}: ${page.claims[other].amount}`;
    const named = new Map([[words(id), id]]); // an outlet that tells it twice is named once
    (together.get(claim.together) || []).forEach((other) => { if (!named.has(words(other))) named.set(words(other), other); });
    const others = Array.from(named.values()).slice(1);
    at("also").hidden = !others.length;
    at("also").replaceChildren("The same origin, also told by ");
    others.slice(0, MOST_ALSO).forEach((other) => {
      const button = element("button", words(other));
      button.type = "button";
      button.dataset.claim = other;
      at("also").append(button);
    });
    if (others.length > MOST_ALSO) at("also").append(` and ${others.length - MOST_ALSO} more`);
  }

  function show(id) {
    const claim = page.claims[id];
    const article = page.articles[claim.article] || { outlet: claim.chain[0], title: "", published: "" };
    at("chain").replaceChildren();
    claim.chain.forEach((link, i) => {
      if (i) at("chain").append(element("span", "←", "arrow"));
      at("chain").append(element("span", link, i ? "link" : "link outlet"));
    });
    at("title").textContent = article.title || article.outlet;
    at("about").replaceChildren(`${article.outlet}, ${article.published}. `);
    if (article.url) {
      const link = element("a", article.url);
      link.href = article.url;
      link.rel = "noopener noreferrer";
      link.target = "_blank";
      at("about").append(link);
    } else if (article.address) {
      at("about").append(article.address);
    }
    at("why").textContent = claim.why ? `Why it goes back there: ${claim.why}.` : "";
    at("what").textContent = claim.event ? "what happened" : "figure";
    at("link").href = "#" + id;
    at("copied").textContent = "";
    also(id, claim);
    const spans = [{ start: claim.start, end: claim.end, name: "mark", className: "figure" }];
    if (claim.source_end) spans.push({ start: claim.source_start, end: claim.source_end, name: "span", className: "source" });
    if (claim.cue_end) spans.push({ start: claim.cue_start, end: claim.cue_end, name: "span", className: "cue" });
    if (typeof article.text === "string") {
      at("text").replaceChildren(...highlighted(article.text, spans));
    } else {
      at("text").replaceChildren(
        element("p", claim.sentence),
        element("p", "The page carries no more of this article to stay small; the whole text is in articles.csv.", "more"),
      );
    }
    if (!reader.open) reader.showModal();
    const figure = at("text").querySelector("mark");
    if (figure) figure.scrollIntoView({ block: "center" });
    else reader.scrollTop = 0;
  }

  /* What is read has an address of its own: Back closes it, and a link to it opens it. */
  function open(id) {
    if (!isClaim(id)) return;
    history.scrollRestoration = "manual"; // Back must not move the page under the reader
    history[reader.open ? "replaceState" : "pushState"]({ claim: id }, "", "#" + id);
    show(id);
  }
  function unescaped(text) {
    try { return decodeURIComponent(text); } catch { return ""; } // an address that no link here makes
  }
  const addressed = () => unescaped(location.hash.slice(1));
  const isClaim = (id) => Object.hasOwn(page.claims, id);
  reader.addEventListener("close", () => { if (history.state && history.state.claim) history.back(); });
  window.addEventListener("popstate", () => {
    if (isClaim(addressed())) show(addressed());
    else if (reader.open) reader.close();
    if (!reader.open) history.scrollRestoration = "auto";
  });
  if (isClaim(addressed())) {
    const id = addressed();
    history.replaceState(null, "", location.href.split("#")[0]);
    open(id);
  }

  document.addEventListener("click", (event) => {
    if (event.target === reader) return reader.close();
    const button = event.target.closest("button[data-claim]");
    if (button) return open(button.dataset.claim);
    const row = event.target.closest("tr[data-claim]");
    if (row && !event.target.closest("a, button") && !String(window.getSelection())) open(row.dataset.claim);
  });

  /* A link to the words that are read goes to the clipboard; where the browser gives none, the address line has it. */
  at("link").addEventListener("click", (event) => {
    event.preventDefault();
    const told = (words) => { at("copied").textContent = words; };
    const elsewhere = () => told("The address line now leads to these words.");
    if (!navigator.clipboard) return elsewhere();
    navigator.clipboard.writeText(location.href).then(() => told("Copied."), elsewhere);
  });

  /* Sections take their height only when they come into view, so a jump is put right until the page stands still. */
  const SETTLED = 30; // frames without a move
  function settle(id) {
    const target = document.getElementById(id);
    if (!target || isClaim(id)) return;
    let quiet = 0;
    let frames = 0;
    let stopped = false;
    const stop = () => { stopped = true; };
    ["wheel", "touchstart", "keydown", "pointerdown"].forEach((kind) => window.addEventListener(kind, stop, { once: true, passive: true }));
    const again = () => {
      if (stopped) return;
      const before = target.getBoundingClientRect().top;
      target.scrollIntoView({ behavior: "instant", block: "start" });
      quiet = Math.abs(target.getBoundingClientRect().top - before) < 1 ? quiet + 1 : 0;
      frames += 1;
      if (quiet < SETTLED && frames < 300) requestAnimationFrame(again);
    };
    requestAnimationFrame(again);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link !== at("link")) setTimeout(settle, 0, unescaped(link.getAttribute("href").slice(1)));
  });
  settle(addressed());

  /* Charts: the still drawing stands until the live one is there. */
  function draw(figure) {
    const specs = page.charts[figure.dataset.chart];
    if (!specs) return;
    const live = figure.querySelector(".live");
    const options = { ast: true, renderer: "svg", actions: false, tooltip: { theme: "custom" } };
    window.vegaEmbed(live, narrow.matches ? specs.narrow : specs.wide, options).then(
      (drawn) => {
        figure.classList.add("alive");
        live.querySelectorAll("g[role='graphics-symbol']:empty").forEach((layer) => layer.removeAttribute("role"));
        drawn.view.addEventListener("click", (event, item) => {
          if (item && item.datum) open(item.datum.claim_id);
        });
      },
      () => live.replaceChildren(),
    );
  }
  const seen = new IntersectionObserver(
    (entries) => entries.filter((e) => e.isIntersecting).forEach((e) => { seen.unobserve(e.target); draw(e.target); }),
    { rootMargin: "600px" },
  );
  const figures = document.querySelectorAll("figure[data-chart]");
  figures.forEach((figure) => seen.observe(figure));
  narrow.addEventListener("change", () => filter());
  narrow.addEventListener("change", () => document.querySelectorAll("figure.alive").forEach(draw));

  /* Filters and pages of tables. */
  const form = document.querySelector("form.filters");
  const tables = Array.from(document.querySelectorAll("table[data-page]"));
  const NAMES = ["measure", "side", "outlet", "source"];
  let wanted = {};

  const groups = new Map();
  document.querySelectorAll("[data-filters]").forEach((n) => groups.set(n, JSON.parse(n.dataset.filters)));

  function within(day) {
    return (!wanted.from || (day && day >= wanted.from)) && (!wanted.to || (day && day <= wanted.to));
  }

  function fits(node) {
    return (groups.get(node) || [node.dataset]).some((told) => {
      if ((wanted.from || wanted.to) && told.day !== undefined && !within(told.day)) return false;
      return NAMES.every((name) => !wanted[name] || told[name] === undefined || told[name] === wanted[name]);
    });
  }

  function pageTable(table) {
    const size = narrow.matches ? Math.min(6, Number(table.dataset.page)) : Number(table.dataset.page);
    const limit = Number(table.dataset.limit || size);
    const rows = Array.from(table.tBodies[0].rows).filter((row) => {
      const there = fits(row);
      row.classList.toggle("out", !there);
      return there;
    });
    rows.forEach((row, i) => row.classList.toggle("later", i >= limit));
    const box = table.closest(".scroll");
    let button = box.nextElementSibling;
    if (!button || !button.classList.contains("next")) {
      button = element("button", "", "next");
      button.type = "button";
      button.addEventListener("click", () => {
        table.dataset.limit = String(Number(table.dataset.limit || size) + 50);
        pageTable(table);
      });
      box.after(button);
    }
    const left = rows.length - limit;
    button.hidden = left <= 0;
    button.textContent = left > 50 ? `Show 50 more of ${left}` : `Show the other ${left}`;
    let empty = table.querySelector("tbody + tbody.empty");
    if (!empty) {
      empty = table.createTBody();
      empty.className = "empty";
      const cell = empty.insertRow().insertCell();
      cell.colSpan = 9;
      cell.textContent = "No row fits the filter.";
    }
    empty.hidden = rows.length > 0;
  }

  /* How much fits, in words; where nothing does, what to do. */
  function count(panels, active) {
    const shown = form.querySelector(".shown");
    if (!active) return shown.replaceChildren();
    const every = Array.from(document.querySelectorAll("#every tr[data-claim]"));
    const fitting = every.filter((row) => !row.classList.contains("out")).length;
    const drawn = panels.filter((panel) => !panel.hidden).length;
    shown.replaceChildren(`${drawn} of ${panels.length} groups with a chart and ${fitting} of ${every.length} figures fit.`);
    if (drawn && (wanted.outlet || wanted.source)) shown.append(" A chart keeps its whole group, for comparison.");
    if (!drawn && fitting) {
      const link = element("a", "See the figures");
      link.href = "#every";
      shown.append(link);
    } else if (!fitting) {
      shown.append(" Choose fewer filters, or “Show all”.");
    }
  }

  function filter() {
    wanted = form ? Object.fromEntries(new FormData(form)) : {};
    const panels = Array.from(document.querySelectorAll(".panel"));
    panels.forEach((panel) => { panel.hidden = !fits(panel); });
    document.querySelectorAll(".against").forEach((pair) => {
      pair.hidden = !Array.from(pair.querySelectorAll(".side")).some(fits);
    });
    tables.forEach((table) => {
      const first = table.tBodies[0].rows[0];
      const plain = table.dataset.paged && first && first.dataset.measure === undefined && !groups.has(first);
      if (plain) return; // no row of it can be filtered
      table.dataset.paged = "yes";
      delete table.dataset.limit;
      pageTable(table);
    });
    if (form) count(panels, [...NAMES, "from", "to"].some((name) => wanted[name]));
  }
  if (form) {
    form.hidden = false;
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
  }
  filter();

  /* A link to something in a closed part opens it; print shows everything drawn and listed. */
  function reveal(event) {
    const left = event && unescaped(event.oldURL.split("#")[1] || "");
    if (left && isClaim(left)) return; // back from reading: stay where the reader was
    const target = location.hash && document.getElementById(addressed());
    if (!target) return;
    target.classList.remove("later");
    for (let n = target.closest("details"); n; n = n.parentElement.closest("details")) n.open = true;
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();
  window.addEventListener("afterprint", () => document.documentElement.classList.add("scripted"));
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll(".panel details").forEach((d) => { d.open = true; });
    document.documentElement.classList.remove("scripted");
  });
})();
