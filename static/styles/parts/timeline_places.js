// Places everything in the drawing of a timeline for a part of its clock, without distorting texts.

import { spread, ticks } from "./timeline_axis.js";

const CHARACTER = 6.9;
const FLAG_GAP = 22;
const TICKS = 24;

const percent = (share) => `${(share * 100).toFixed(3)}%`;
const bounded = (share) => Math.max(-1, Math.min(2, share));

function set(element, places) {
  for (const [name, share] of Object.entries(places)) element.setAttribute(name, percent(share));
}

export class Places {
  constructor(main) {
    this.main = main;
    this.svg = main.querySelector("[data-svg]");
    const all = (selector) => [...main.querySelectorAll(selector)];
    const spans = (selector) => all(selector).map((element) => ({ element, ...span(element) }));
    this.bars = spans("[data-mark]").map((each) => ({ ...each, rect: each.element.firstElementChild, text: each.element.querySelector("text") }));
    this.folds = spans(".fold");
    this.foldNames = spans(".fold-name");
    this.lines = spans(".arrow, .unknown").filter((each) => each.element.closest("[data-svg]"));
    this.points = all("use[data-at]").map((element) => ({ element, at: Number(element.dataset.at) }));
    this.flags = all(".flag").map((element) => ({ element, at: Number(element.dataset.at), parts: [...element.children] }));
    this.bands = all("[data-band]").map((element) => ({
      element,
      unit: Number(element.dataset.unit),
      steps: element.dataset.points.split(";").map((step) => step.split(",").map(Number)),
    }));
    this.measure = main.querySelector("[data-measure]");
    this.pointer = main.querySelector("[data-pointer]");
    this.ticks = pool(main.querySelector("[data-ticks]"));
    this.frames = main.querySelector("[data-frames]");
  }

  // The times of everything as shares of a clock, computed once for each clock.
  use(axis) {
    this.axis = axis;
    for (const each of [...this.bars, ...this.folds, ...this.foldNames, ...this.lines]) {
      each.from = axis.fraction(each.begin);
      each.to = axis.fraction(each.until);
    }
    for (const each of [...this.points, ...this.flags]) each.from = axis.fraction(each.at);
    for (const band of this.bands) band.shares = band.steps.map(([at, ...counts]) => [axis.fraction(at), ...counts]);
  }

  draw(a, b) {
    this.width = this.svg.getBoundingClientRect().width;
    if (!this.width) return; // The page isn't laid out yet.
    this.a = a;
    this.b = b;
    const x = (share) => (share - a) / (b - a);
    for (const bar of this.bars) this.drawBar(bar, x);
    for (const fold of this.folds) stretch(fold.element.firstElementChild, x(fold.from), x(fold.to));
    for (const { element, from, to } of this.lines) for (const line of element.children) set(line, { x1: x(from), x2: x(to) });
    for (const { element, from } of this.points) set(element, { x: x(from) });
    for (const band of this.bands) drawBand(band, x);
    this.drawFlags(x);
    this.drawTicks();
    this.drawFoldNames(x);
    this.drawFrames();
    this.drawMeasure();
    this.drawPointer();
  }

  drawBar({ rect, text, from, to }, x) {
    const [begin, end] = [bounded(x(from)), bounded(x(to))];
    const width = Math.max(end - begin, 1.5 / this.width);
    rect.setAttribute("x", percent(begin));
    rect.setAttribute("width", percent(width));
    if (!text) return;
    const [room, place] = this.room(from, to, x);
    const fits = room * this.width > CHARACTER * text.textContent.length + 12;
    text.toggleAttribute("hidden", !fits);
    if (fits) text.setAttribute("x", percent(place));
  }

  // The widest visible part of a bar that isn't folded: [its width, its beginning].
  room(from, to, x) {
    let best = [0, 0];
    for (const [begin, end] of this.axis.stretches) {
      const [first, last] = [Math.max(0, x(Math.max(begin, from))), Math.min(1, x(Math.min(end, to)))];
      if (last - first > best[0]) best = [last - first, first];
    }
    return best;
  }

  drawFlags(x) {
    const visible = this.flags.filter(({ from }) => x(from) >= -1e-6 && x(from) <= 1 + 1e-6);
    const shown = visible.slice(-Math.max(1, Math.floor(this.width / FLAG_GAP)));
    for (const flag of this.flags) flag.element.toggleAttribute("hidden", !shown.includes(flag));
    const places = spread(shown.map(({ from }) => x(from) * this.width), FLAG_GAP, this.width);
    shown.forEach(({ parts: [leader, line, circle, number, name], from }, index) => {
      const at = places[index] / this.width;
      set(leader, { x1: at, x2: x(from) });
      set(line, { x1: x(from), x2: x(from) });
      set(circle, { cx: at });
      set(number, { x: at });
      const room = (places[index + 1] ?? this.width) - places[index] - FLAG_GAP;
      name.toggleAttribute("data-unseen", room < 10 + CHARACTER * name.textContent.length);
      set(name, { x: at });
    });
  }

  drawTicks() {
    const found = ticks(this.axis, this.a, this.b, this.width, 64).slice(0, TICKS);
    this.ticks.forEach(([line, text], index) => {
      const tick = found[index];
      line.toggleAttribute("hidden", !tick);
      text.toggleAttribute("hidden", !tick);
      if (!tick) return;
      set(line, { x1: tick.x, x2: tick.x });
      set(text, { x: tick.x });
      if (text.textContent !== tick.label) text.textContent = tick.label;
    });
  }

  // The name of a fold is its length and a word, or only its length where folds are near each other.
  drawFoldNames(x) {
    const shown = this.foldNames.filter(({ from, to }) => x(to) > 0 && x(from) < 1);
    const ends = (short) => {
      let reached = -Infinity;
      return shown.map(({ element, from, to }) => {
        const [length, word] = [...element.children].map((each) => each.textContent.length);
        const half = (CHARACTER * (short ? length : length + word)) / 2;
        const middle = Math.max(half, Math.min(this.width - half, x((from + to) / 2) * this.width));
        const room = middle - half - reached;
        if (room >= 0) reached = middle + half + 6;
        return { element, middle, fits: room >= 0 };
      });
    };
    const long = ends(false);
    const short = !long.every(({ fits }) => fits);
    for (const { element } of this.foldNames) element.toggleAttribute("hidden", true);
    for (const { element, middle, fits } of short ? ends(true) : long) {
      element.toggleAttribute("hidden", !fits);
      element.lastElementChild.toggleAttribute("hidden", short);
      set(element, { x: middle / this.width });
    }
  }

  drawFrames() {
    const { axis } = this;
    const frames = axis.stretches.map(([begin, end]) => [Math.max(begin, this.a), Math.min(end, this.b)]);
    [...this.frames.children].forEach((frame, index) => {
      const [begin, end] = frames[index] ?? [1, 0];
      frame.toggleAttribute("hidden", end < begin);
      if (end >= begin) stretch(frame, axis.ms(begin) / axis.now, axis.ms(end) / axis.now, 4 / this.width);
    });
  }

  drawMeasure() {
    if (this.measure.hasAttribute("hidden")) return;
    const [from, to] = ["begin", "end"].map((name) => this.place(Number(this.measure.dataset[name])));
    const [first, last, line, text] = this.measure.children;
    set(first, { x1: from, x2: from });
    set(last, { x1: to, x2: to });
    set(line, { x1: from, x2: to });
    const half = (CHARACTER * text.textContent.length) / 2 / this.width + 0.005;
    set(text, { x: Math.max(half, Math.min(1 - half, (from + to) / 2)) });
  }

  drawPointer() {
    const at = this.pointer.dataset.at;
    this.pointer.toggleAttribute("hidden", !at);
    if (at) set(this.pointer, { x1: this.place(Number(at)), x2: this.place(Number(at)) });
  }

  place(ms) {
    return (this.axis.fraction(ms) - this.a) / (this.b - this.a);
  }
}

function span({ dataset: { begin, end, until } }) {
  return { begin: Number(begin), until: Number(until || end) };
}

function stretch(rect, from, to, least = 0) {
  const [begin, end] = [bounded(from), bounded(to)];
  rect.setAttribute("x", percent(begin));
  rect.setAttribute("width", percent(Math.max(0, least, end - begin)));
}

function drawBand({ element, unit, shares }, x) {
  const height = element.viewBox.baseVal.height;
  ["", ""].forEach((_, which) => {
    let path = `M-10 ${height}`;
    for (const [share, ...counts] of shares) {
      const place = Math.max(-10, Math.min(1010, x(share) * 1000));
      path += `H${place.toFixed(1)}V${(height - counts[which] * unit).toFixed(1)}`;
    }
    element.children[which].setAttribute("d", `${path}V${height}z`);
  });
}

// The lines and texts of the most ticks there can be.
function pool(group) {
  const [line, text] = group.children;
  if (!line) return [];
  while (group.children.length < 2 * TICKS) group.append(line.cloneNode(), text.cloneNode());
  return Array.from({ length: TICKS }, (_, index) => [group.children[2 * index], group.children[2 * index + 1]]);
}
