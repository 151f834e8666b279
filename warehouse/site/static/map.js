// The map that can be moved: outline, names, places. No tiles, nothing fetched; SVG redrawn for the
// part in view, with what lies close together as one mark, so that thousands of places stay smooth.
"use strict";

(function () {
  const figure = document.getElementById("atlas");
  if (!figure) return;
  const say = figure.dataset;
  const make = machikane.element;
  const SVG = "http://www.w3.org/2000/svg";
  const CELL = 36;
  const LISTED = 20;
  const DEEPEST = 64;
  const LABEL = 13;
  const NEAR = 5;

  function draw(tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  Promise.all([machikane.load("ground", say.ground), machikane.load("places", say.places)])
    .then(([ground, places]) => start(ground, places))
    .catch(() => {});

  function start(ground, places) {
    const [west, south, east, north] = places.frame;
    const shrink = Math.cos(((south + north) / 2) * Math.PI / 180);
    const box = figure.querySelector(".atlas-box");
    const svg = draw("svg", { class: "moving", tabindex: "0", role: "application", "aria-label": `${say.title} ${say.name}`, "aria-describedby": "map-help" });
    const help = make("p", { class: "muted", id: "map-help" }, say.help);
    const card = make("div", { class: "place-card", role: "status" });
    const listTitle = make("h3", {}, say.seen);
    const list = make("ul", { class: "seen" });
    const view = { zoom: 1, x: (west + east) / 2, y: (south + north) / 2 };
    // Towns that are made of 丁目: from near, those are named instead.
    const small = ground.towns.filter((town) => town[3] === 1).map((town) => town[0]);
    const divided = new Set(ground.towns.map((town) => town[0]).filter((name) => small.some((part) => part !== name && part.startsWith(name))));
    let chosen = -1;
    let planned = false;

    const size = () => {
      const width = box.clientWidth;
      return [width, Math.min(Math.round(width * ((north - south) / ((east - west) * shrink))), Math.max(window.innerHeight * 0.8, 320))];
    };
    const scale = () => {
      const [width, height] = size();
      return view.zoom * Math.min(width / ((east - west) * shrink), height / (north - south));
    };
    const project = (longitude, latitude, s, width, height) => [
      width / 2 + (longitude - view.x) * shrink * s,
      height / 2 - (latitude - view.y) * s,
    ];

    function plan() {
      if (planned) return;
      planned = true;
      requestAnimationFrame(() => { planned = false; paint(); });
    }

    function keepInside() {
      view.zoom = Math.min(Math.max(view.zoom, 1), DEEPEST);
      const half = 0.5 - 0.5 / view.zoom;
      const mx = (west + east) / 2;
      const my = (south + north) / 2;
      view.x = Math.min(Math.max(view.x, mx - half * (east - west)), mx + half * (east - west));
      view.y = Math.min(Math.max(view.y, my - half * (north - south)), my + half * (north - south));
    }

    // Gather the places in view into cells of a grid that is fixed to the ground, not to the screen.
    function gather(s, width, height) {
      const cells = new Map();
      for (let k = 0; k < places.name.length; k += 1) {
        const [x, y] = project(places.longitude[k], places.latitude[k], s, width, height);
        if (x < 0 || y < 0 || x > width || y > height) continue;
        const key = `${Math.floor((places.longitude[k] - west) * shrink * s / CELL)} ${Math.floor((places.latitude[k] - south) * s / CELL)}`;
        const cell = cells.get(key) || { x: 0, y: 0, members: [] };
        cell.x += x;
        cell.y += y;
        cell.members.push(k);
        cells.set(key, cell);
      }
      return [...cells.values()].map((c) => ({ x: c.x / c.members.length, y: c.y / c.members.length, members: c.members }));
    }

    function paintNames(s, width, height) {
      const group = draw("g", { class: "place-names", "aria-hidden": "true" });
      const taken = [];
      for (const [name, longitude, latitude, rank] of ground.towns) {
        if (rank === 1 && view.zoom < NEAR) continue;
        if (rank === 0 && view.zoom >= NEAR && divided.has(name)) continue;
        const [x, y] = project(longitude, latitude, s, width, height);
        const half = name.length * LABEL / 2 + 6;
        const near = [x - half, y - LABEL * 1.3, x + half, y + LABEL * 1.3];
        if (near[0] < 0 || near[2] > width || near[1] < 0 || near[3] > height) continue;
        if (taken.some((t) => t[0] < near[2] && near[0] < t[2] && t[1] < near[3] && near[1] < t[3])) continue;
        taken.push(near);
        group.append(draw("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": "middle" }, name));
      }
      return group;
    }

    function paintMark(mark) {
      const many = mark.members.length;
      const group = draw("g", { class: mark.members.includes(chosen) ? "mark-group chosen" : "mark-group", transform: `translate(${mark.x.toFixed(1)} ${mark.y.toFixed(1)})` });
      const name = many === 1 ? places.name[mark.members[0]] : `${many} ${say.many}`;
      group.append(draw("title", {}, name));
      group.append(draw("circle", { class: "touch", r: 14 }));
      group.append(draw("circle", { class: many === 1 ? "dot" : "disc", r: many === 1 ? 6 : 10 + 2 * Math.log10(many) }));
      if (many > 1) group.append(draw("text", { class: "disc-number", y: 4, "text-anchor": "middle" }, many));
      group.addEventListener("click", () => (many === 1 ? choose(mark.members[0]) : closer(mark)));
      return group;
    }

    function paintBar(s, height) {
      const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
      const km = steps.filter((k) => (k / 111.32) * s <= 120).pop() || 0.05;
      const length = (km / 111.32) * s;
      const group = draw("g", { class: "scale-bar", "aria-hidden": "true" });
      group.append(draw("path", { d: `M14 ${height - 18}v6h${length.toFixed(1)}v-6` }));
      group.append(draw("text", { x: 20 + length, y: height - 10 }, km < 1 ? `${km * 1000} m` : `${km} km`));
      return group;
    }

    function paint() {
      const [width, height] = size();
      const s = scale();
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      svg.classList.toggle("enlarged", view.zoom > 1);
      const parts = ground.rings.map((ring) => draw("path", { class: "outline", d: `M${ring.map(([lo, la]) => project(lo, la, s, width, height).map((v) => v.toFixed(1)).join(" ")).join("L")}Z` }));
      const marks = gather(s, width, height);
      svg.replaceChildren(...parts, paintNames(s, width, height), ...marks.map(paintMark), paintBar(s, height));
      paintList(marks);
      zoomIn.disabled = view.zoom >= DEEPEST;
      zoomOut.disabled = view.zoom <= 1;
    }

    function paintList(marks) {
      const seen = marks.flatMap((mark) => mark.members).sort((a, b) => a - b);
      listTitle.textContent = `${say.seen} ${seen.length.toLocaleString()} ${say.many}`;
      const items = seen.slice(0, LISTED).map((k) => {
        const button = make("button", { type: "button", class: "seen-place", lang: "ja", "aria-pressed": String(k === chosen) }, places.name[k] || `${places.latitude[k]}, ${places.longitude[k]}`);
        button.addEventListener("click", () => { choose(k); svg.scrollIntoView({ block: "nearest" }); });
        return make("li", {}, button);
      });
      if (seen.length > LISTED) items.push(make("li", { class: "muted" }, say.more));
      const focused = list.contains(document.activeElement) ? [...list.querySelectorAll("button")].indexOf(document.activeElement) : -1;
      list.replaceChildren(...items);
      if (focused >= 0) (list.querySelectorAll("button")[focused] || svg).focus();
    }

    function choose(k) {
      chosen = k;
      const rows = places.details
        .filter((detail) => detail.values[k])
        .map((detail) => make("div", {}, make("dt", {}, detail.name), make("dd", {}, link(detail.values[k]))));
      const close = make("button", { type: "button", class: "plain" }, say.close);
      close.addEventListener("click", () => { chosen = -1; card.replaceChildren(); plan(); svg.focus(); });
      card.replaceChildren(make("h3", { lang: "ja" }, places.name[k]), make("dl", { class: "facts small", lang: "ja" }, ...rows), close);
      const [width, height] = size();
      const [x, y] = project(places.longitude[k], places.latitude[k], scale(), width, height);
      if (x < 20 || y < 20 || x > width - 20 || y > height - 20) { view.x = places.longitude[k]; view.y = places.latitude[k]; }
      keepInside();
      plan();
    }

    function link(text) {
      return /^https?:\/\/\S+$/.test(text) ? make("a", { href: text, rel: "noreferrer" }, text) : text;
    }

    function closer(mark) {
      const mean = (values) => mark.members.reduce((sum, k) => sum + values[k], 0) / mark.members.length;
      const same = mark.members.every((k) => places.longitude[k] === places.longitude[mark.members[0]] && places.latitude[k] === places.latitude[mark.members[0]]);
      if (same || view.zoom >= DEEPEST) { choose(mark.members[(mark.members.indexOf(chosen) + 1) % mark.members.length]); return; }
      view.x = mean(places.longitude);
      view.y = mean(places.latitude);
      zoom(2.2);
    }

    function zoom(by) {
      view.zoom *= by;
      keepInside();
      plan();
    }

    function move(dx, dy) {
      const s = scale();
      view.x += dx / (shrink * s);
      view.y -= dy / s;
      keepInside();
      plan();
    }

    function reset() {
      Object.assign(view, { zoom: 1, x: (west + east) / 2, y: (south + north) / 2 });
      plan();
    }

    const button = (label, sign, act) => {
      const made = make("button", { type: "button", class: "map-button", "aria-label": label, title: label }, sign);
      made.addEventListener("click", act);
      return made;
    };
    const zoomIn = button(say.in, "+", () => zoom(1.6));
    const zoomOut = button(say.out, "−", () => zoom(1 / 1.6));
    const home = button(say.home, "◎", reset);

    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
      if (moves[event.key]) move(...moves[event.key]);
      else if (event.key === "+" || event.key === ";" || event.key === "=") zoom(1.6);
      else if (event.key === "-") zoom(1 / 1.6);
      else if (event.key === "0" || event.key === "Home") reset();
      else return;
      event.preventDefault();
    });

    // One finger scrolls the page unless the map is enlarged; two fingers always work on the map.
    const fingers = new Map();
    let spread = 0;
    let dragged = 0;
    svg.addEventListener("click", (event) => { if (dragged > 6) event.stopPropagation(); }, { capture: true });
    svg.addEventListener("pointerdown", (event) => {
      // Marks are redrawn while the map moves: no mark may keep the finger to itself.
      if (event.target.hasPointerCapture(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      dragged = 0;
    });
    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = [event.clientX, event.clientY];
      fingers.set(event.pointerId, now);
      if (fingers.size === 1 && (event.pointerType === "mouse" || view.zoom > 1)) {
        dragged += Math.hypot(now[0] - before[0], now[1] - before[1]);
        move(before[0] - now[0], before[1] - now[1]);
      } else if (fingers.size === 2) {
        const [a, b] = [...fingers.values()];
        const apart = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (spread) zoom(apart / spread);
        spread = apart;
      }
    });
    const lift = (event) => { fingers.delete(event.pointerId); spread = 0; };
    ["pointerup", "pointercancel", "pointerleave"].forEach((name) => svg.addEventListener(name, lift));
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 200));
    }, { passive: false });
    svg.addEventListener("dblclick", () => zoom(2));

    const buttons = make("div", { class: "map-buttons" }, zoomIn, zoomOut, home);
    box.replaceChildren(svg, buttons);
    const seen = make("details", { class: "seen-box" }, make("summary", {}, listTitle), list);
    // Beside the map where there is room, so that nobody has to open it.
    seen.open = window.matchMedia("(min-width: 60rem)").matches;
    box.after(make("div", { class: "beside" }, card, seen), help);
    figure.classList.add("lively");
    new ResizeObserver(plan).observe(box);
    paint();
  }
})();
