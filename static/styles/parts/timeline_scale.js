// What stands around the bars of a timeline: ticks and names of folds below, flags of steps above, frames in the overview.

import { spread, ticks } from "./timeline_axis.js";
import { percent } from "./timeline_view.js";

export const CHARACTER = 6.9;
const FLAG_GAP = 28;
const MANY = 2 * FLAG_GAP; // The room of a flag for many steps.
const TICKS = 24;

const set = (element, name, share) => element.setAttribute(name, percent(share));

export class Scale {
  constructor(main, view) {
    this.view = view;
    this.ticks = pool(main.querySelector("[data-ticks]"));
    this.foldNames = [...main.querySelectorAll(".fold-name")];
    this.frames = [...main.querySelectorAll("[data-frames] > *")];
    this.flags = [...main.querySelectorAll(".flag:not(.flag--many)")].map((element) => flagOf(element, Number(element.dataset.ofStep)));
    this.many = flagOf(main.querySelector(".flag--many"), 1);
    [this.many.begin, this.many.folded] = ["x1", "x2"].map((name) => parseFloat(this.many.lines[1].getAttribute(name)) / 100);
    this.earlier = Number(this.many.element.dataset.steps); // How many steps have no flag of their own.
  }

  draw() {
    this.width = this.view.width;
    this.drawFlags();
    this.drawTicks();
    this.drawFoldNames();
    this.drawFrames();
  }

  // The last flags that have room beside each other, before them one for all others.
  drawFlags() {
    const isVisible = ({ x }) => x >= -1e-4 && x <= 1 + 1e-4;
    for (const flag of [this.many, ...this.flags]) flag.x = this.view.x(this.view.at(flag.folded));
    for (const { element } of this.flags) element.setAttribute("hidden", "");
    const visible = this.flags.filter(isVisible);
    const earlier = this.earlier > 0 && isVisible(this.many) ? [{ ...this.many, last: this.earlier, from: this.view.x(this.view.at(this.many.begin)) }] : [];
    const places = Math.max(1, Math.floor(this.width / FLAG_GAP));
    const isMerged = earlier.length > 0 || visible.length > places;
    const shown = visible.slice(-Math.max(1, isMerged ? places - MANY / FLAG_GAP : places));
    const merged = [...earlier, ...visible.slice(0, visible.length - shown.length)];
    const room = merged.length > 0 ? MANY : 0;
    const found = spread(shown.map(({ x }) => x * this.width), FLAG_GAP, this.width).map((at, index) => Math.max(at, room + index * FLAG_GAP));
    this.drawNamed(shown, found, this.drawMany(merged, found[0] ?? this.width));
  }

  // Leads the flag to the line from the first of its steps to the last, and returns where it ends.
  drawMany(merged, limit) {
    this.many.element.toggleAttribute("hidden", !merged.length);
    if (!merged.length) return 0;
    const last = merged.at(-1);
    const from = Math.max(0, merged[0].from ?? merged[0].x);
    const half = drawNumbers(this.many, merged[0].first, last) / 2;
    const middle = (from + last.x) / 2;
    const at = Math.max(half, Math.min(middle * this.width, limit - FLAG_GAP / 2 - half));
    place({ ...this.many, x: middle }, at / this.width);
    set(this.many.lines[1], "x1", from);
    set(this.many.lines[1], "x2", last.x);
    return at + half;
  }

  drawNamed(shown, places, begin) {
    let taken = begin; // Where the flag before ends.
    shown.forEach((flag, index) => {
      const at = places[index];
      const length = 10 + CHARACTER * flag.name.textContent.length;
      const isRight = (places[index + 1] ?? this.width) - at - FLAG_GAP >= length;
      const isLeft = !isRight && index === shown.length - 1 && at - FLAG_GAP / 2 - taken >= length;
      taken = at + FLAG_GAP / 2 + (isRight ? length : 0);
      flag.name.toggleAttribute("data-unseen", !isRight && !isLeft);
      flag.name.toggleAttribute("data-left", isLeft);
      place(flag, at / this.width);
    });
  }

  drawTicks() {
    const { axis, a, b } = this.view;
    const found = ticks(axis, a, b, this.width, 64).slice(0, TICKS);
    this.ticks.forEach(([line, text], index) => {
      const tick = found[index];
      for (const each of [line, text]) each.toggleAttribute("hidden", !tick);
      if (!tick) return;
      for (const [element, name] of [[line, "x1"], [line, "x2"], [text, "x"]]) set(element, name, tick.x);
      if (text.textContent !== tick.label) text.textContent = tick.label;
    });
  }

  // The name of a fold is its length and a word, or only its length where folds are near each other.
  drawFoldNames() {
    const { view } = this;
    const names = view.axis.folds.map(([begin, end], index) => ({ element: this.foldNames[index], from: view.x(begin), to: view.x(end) }));
    const shown = names.filter(({ from, to }) => to > 0 && from < 1);
    const long = this.placed(shown, false);
    const isShort = !long.every(({ fits }) => fits);
    for (const element of this.foldNames) element.setAttribute("hidden", "");
    for (const { element, middle, fits } of isShort ? this.placed(shown, true) : long) {
      element.toggleAttribute("hidden", !fits);
      element.lastElementChild.toggleAttribute("hidden", isShort);
      set(element, "x", middle / this.width);
    }
  }

  placed(names, isShort) {
    let reached = -Infinity;
    return names.map(({ element, from, to }) => {
      const [length, word] = [...element.children].map((each) => each.textContent.length);
      const half = (CHARACTER * (isShort ? length : length + word)) / 2;
      const middle = Math.max(half, Math.min(this.width - half, ((from + to) / 2) * this.width));
      const fits = middle - half >= reached;
      if (fits) reached = middle + half + 6;
      return { element, middle, fits };
    });
  }

  drawFrames() {
    const { axis, a, b } = this.view;
    const shown = axis.stretches.map(([begin, end]) => [Math.max(begin, a), Math.min(end, b)]);
    this.frames.forEach((frame, index) => {
      const [begin, end] = shown[index] ?? [1, 0];
      frame.toggleAttribute("hidden", end < begin);
      if (end < begin) return;
      const [from, to] = [axis.ms(begin), axis.ms(end)].map((ms) => ms / axis.now);
      set(frame, "x", from);
      set(frame, "width", Math.max(to - from, 4 / this.width));
    });
  }
}

function flagOf(element, first) {
  const lines = [...element.querySelectorAll("line")];
  const [number, name] = element.querySelectorAll("text");
  const folded = parseFloat(lines[0].getAttribute("x2")) / 100;
  return { element, lines, number, name, shape: element.querySelector("circle, rect"), folded, first, last: first, href: element.getAttribute("href") };
}

// Writes the numbers of the steps for which a flag stands, links it to the last of them, and returns its width.
function drawNumbers({ element, number, shape }, first, { last, href }) {
  number.textContent = first === last ? first : `${first}–${last}`;
  element.setAttribute("href", href);
  element.dataset.ofStep = last;
  const width = CHARACTER * number.textContent.length + 12;
  shape.setAttribute("width", width);
  return width;
}

function place({ element, lines: [leader, foot], shape, number, name, x }, at) {
  element.removeAttribute("hidden");
  for (const each of name ? [number, name] : [number]) set(each, "x", at);
  set(shape, shape.localName === "circle" ? "cx" : "x", at);
  set(leader, "x1", at);
  set(leader, "x2", x);
  for (const end of foot ? ["x1", "x2"] : []) set(foot, end, x);
}

// The lines and texts of the most ticks there can be.
function pool(group) {
  const [line, text] = group.children;
  if (!line) return [];
  while (group.children.length < 2 * TICKS) group.append(line.cloneNode(), text.cloneNode());
  return Array.from({ length: TICKS }, (_, index) => [group.children[2 * index], group.children[2 * index + 1]]);
}
