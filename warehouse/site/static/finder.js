// The index: search, filters and order over the cards that are on the page anyway.
"use strict";

(function () {
  const form = document.getElementById("finder");
  const list = document.getElementById("cards");
  if (!form || !list) return;
  const found = document.getElementById("found");
  const none = document.getElementById("none");
  const fields = ["q", "theme", "standard", "format", "order"];
  const cards = [...list.children].map((node) => ({
    node,
    text: machikane.fold(node.dataset.text),
    formats: node.dataset.formats.split(" "),
    ...node.dataset.theme && { theme: node.dataset.theme },
    standard: node.dataset.standard,
    title: node.dataset.title,
    updated: node.dataset.updated,
  }));
  const collator = new Intl.Collator(document.documentElement.lang);

  function matches(card, wanted) {
    const words = machikane.fold(wanted.q).split(/\s+/).filter(Boolean);
    return words.every((word) => card.text.includes(word))
      && (!wanted.theme || card.theme === wanted.theme)
      && (!wanted.standard || card.standard === wanted.standard)
      && (!wanted.format || card.formats.includes(wanted.format));
  }

  function compare(order) {
    if (order === "title") return (a, b) => collator.compare(a.title, b.title);
    return (a, b) => b.updated.localeCompare(a.updated);
  }

  function show() {
    const wanted = Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
    let count = 0;
    [...cards].sort(compare(wanted.order)).forEach((card) => {
      card.node.hidden = !matches(card, wanted);
      if (!card.node.hidden) count += 1;
      list.append(card.node);
    });
    found.textContent = `${count} ${found.dataset.one}`;
    none.hidden = count > 0;
    const kept = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value && value !== "new"));
    const hash = kept.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  const start = new URLSearchParams(location.hash.slice(1));
  fields.forEach((name) => { if (start.get(name)) form.elements[name].value = start.get(name); });
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show, 0));
  if (fields.some((name) => start.get(name))) show();
})();
