// What every page of the public site shares: data that arrive as scripts, copying, the own address.
// Nothing here sends or fetches anything: rows come as <script>, so that pages work from a folder.
"use strict";

(function () {
  const waiting = new Map();
  const arrived = new Map();

  window.machikane = {
    // Called by data scripts.
    put(name, data) {
      arrived.set(name, data);
      (waiting.get(name) || []).forEach((done) => done(data));
      waiting.delete(name);
    },
    // Load a data script once and hand its data over.
    load(name, source) {
      if (arrived.has(name)) return Promise.resolve(arrived.get(name));
      return new Promise((done, failed) => {
        const first = !waiting.has(name);
        waiting.set(name, [...(waiting.get(name) || []), done]);
        if (!first) return;
        const script = document.createElement("script");
        script.src = source;
        script.onerror = failed;
        document.head.append(script);
      });
    },
    // Fold what a reader may write in several ways: width, case, hiragana and katakana.
    fold(text) {
      const wide = String(text).normalize("NFKC").toLowerCase();
      return wide.replace(/[\u3041-\u3096]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
    },
    element(tag, attributes, ...children) {
      const made = document.createElement(tag);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (value !== null && value !== undefined) made.setAttribute(key, value);
      }
      made.append(...children);
      return made;
    },
  };

  const english = document.documentElement.lang === "en";

  function showCopied(button) {
    const said = button.firstChild;
    const before = said.textContent;
    said.textContent = english ? "Copied" : "コピーしました";
    setTimeout(() => { said.textContent = before; }, 2000);
  }

  function select(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const code = document.getElementById(button.dataset.copy);
      const text = code.textContent;
      const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
      copied.then(() => showCopied(button), () => {
        select(code);
        if (document.execCommand("copy")) showCopied(button);
      });
    });
  });

  // The city may not have said where the folder is served; the browser knows.
  if (location.protocol.startsWith("http")) {
    const icon = document.querySelector('link[rel="icon"]').href;
    const base = icon.slice(0, icon.length - "assets/icon.svg".length);
    document.querySelectorAll("code").forEach((code) => {
      if (code.textContent.includes("https://www.example.jp/opendata/")) {
        code.textContent = code.textContent.replaceAll("https://www.example.jp/opendata/", base);
      }
    });
  }
})();
