// What stands around the bars of a timeline: ticks and names of folds below, flags of steps above, frames in the overview.

import { spread, ticks } from "./timeline_axis.js";
import { percent } from "./timeline_view.js";

const CHARACTER = 6.9;
const FLAG_GAP = 22;
const TICKS = 24;

const set = (element, name, share) => element.setAttribute(name, percent(share));

export class Scale {
  constructor(main, view) {
    this.view = view;
    this.ticks = pool(main.querySelector("[data-ticks]"));
    this.foldNames = [...main.querySelectorAll(".fold-name")];
    this.frames = [...main.querySelectorAll("[data-frames] > *")];
    this.flags = [...main.querySelectorAll(".flag")].map((element) => {
      const lines = [...element.querySelectorAll("line")];
      const [number, name] = element.querySelectorAll("text");
      return { element, lines, number, name, circle: element.querySelector("circle"), folded: parseFloat(lines[0].getAttribute("x2")) / 100 };
    });
  }

  draw() {
    this.width = this.view.width;
    this.drawFlags();
    this.drawTicks();
    this.drawFoldNames();
    this.drawFrames();
  }

  // The last flags that have room beside each other.
  drawFlags() {
    for (const flag of this.flags) flag.x = this.view.x(this.view.at(flag.folded));
    const visible = this.flags.filter(({ x }) => x >= -1e-4 && x <= 1 + 1e-4);
    const shown = visible.slice(-Math.max(1, Math.floor(this.width / FLAG_GAP)));
    for (const { element } of this.flags) element.setAttribute("hidden", "");
    const places = spread(shown.map(({ x }) => x * this.width), FLAG_GAP, this.width);
    let taken = 0; // Where the flag before ends.
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

function place({ element, lines: [leader, foot], circle, number, name, x }, at) {
  element.removeAttribute("hidden");
  for (const each of [number, name]) set(each, "x", at);
  set(circle, "cx", at);
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
