// The whole table of a small dataset: search, sort, page by page. Values are shown as they stand.
"use strict";

(function () {
  const box = document.getElementById("explorer");
  if (!box || !box.dataset.rows) return;
  const say = box.dataset;
  const make = machikane.element;
  const PAGE = 25;
  const collator = new Intl.Collator("ja", { numeric: true });
  const opener = make("button", { type: "button", class: "plain" }, say.open);
  box.append(make("p", { class: "after" }, opener));

  opener.addEventListener("click", () => {
    opener.disabled = true;
    machikane.load("rows", say.rows).then(build, () => { opener.disabled = false; });
  });

  function build(columns) {
    const total = columns.length ? columns[0].values.length : 0;
    const folded = Array.from({ length: total }, (_, row) => machikane.fold(columns.map((c) => c.values[row] ?? "").join("\n")));
    const state = { query: "", column: -1, up: true, page: 0, rows: [] };

    const input = make("input", { type: "search", id: "row-search", autocomplete: "off" });
    const status = make("p", { class: "muted tally", role: "status" });
    const head = make("tr");
    const body = make("tbody");
    const previous = make("button", { type: "button", class: "plain" }, say.previous);
    const next = make("button", { type: "button", class: "plain" }, say.next);
    const caption = make("caption", { class: "unseen", lang: document.documentElement.lang }, say.caption);
    const table = make("table", { class: "sample", lang: "ja" }, caption, make("thead", {}, head), body);
    const scroller = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say.caption }, table);

    columns.forEach((column, place) => {
      const button = make("button", { type: "button", class: "sorter" }, column.name);
      button.addEventListener("click", () => sort(place));
      head.append(make("th", { scope: "col", class: column.number ? "number" : null }, button));
    });

    function value(column, row) {
      const text = columns[column].values[row];
      if (text === null || text === "") return null;
      return columns[column].number ? Number(text) : text;
    }

    function order(a, b) {
      const left = value(state.column, a);
      const right = value(state.column, b);
      // Blank cells come last whatever the direction.
      if (left === null || right === null) return (left === null) - (right === null) || a - b;
      const step = typeof left === "number" ? left - right : collator.compare(left, right);
      return (state.up ? step : -step) || a - b;
    }

    function select() {
      const words = machikane.fold(state.query).split(/\s+/).filter(Boolean);
      state.rows = folded.flatMap((text, row) => (words.every((word) => text.includes(word)) ? [row] : []));
      if (state.column >= 0) state.rows.sort(order);
      state.page = 0;
      draw();
    }

    function draw() {
      const from = state.page * PAGE;
      const shown = state.rows.slice(from, from + PAGE);
      body.replaceChildren(...shown.map((row) => make("tr", {}, ...columns.map((column) => (
        make("td", { class: column.number ? "number" : null }, column.values[row] ?? "")
      )))));
      const range = shown.length ? `${from + 1}–${from + shown.length}` : "0";
      status.textContent = shown.length
        ? (document.documentElement.lang === "en" ? `${range} ${say.of} ${state.rows.length}` : `${state.rows.length}${say.of} ${range}`)
        : say.nothing;
      previous.disabled = state.page === 0;
      next.disabled = from + PAGE >= state.rows.length;
      [...head.children].forEach((cell, place) => {
        if (place === state.column) cell.setAttribute("aria-sort", state.up ? "ascending" : "descending");
        else cell.removeAttribute("aria-sort");
      });
    }

    function sort(place) {
      state.up = state.column === place ? !state.up : true;
      state.column = place;
      select();
    }

    function turn(by) {
      state.page += by;
      draw();
      scroller.scrollTop = 0;
    }

    input.addEventListener("input", () => { state.query = input.value; select(); });
    previous.addEventListener("click", () => turn(-1));
    next.addEventListener("click", () => turn(1));
    box.replaceChildren(
      make("p", { class: "field wide-field" }, make("label", { for: "row-search" }, say.search), input),
      status,
      scroller,
      make("p", { class: "pager" }, previous, next),
    );
    select();
    input.focus();
  }
})();
