// Shows a part of the clock of a timeline. What has a length in time is transformed as one group; what has a size of its
// own, such as a text, is moved. Shares are places on the clock: `folded` as the page has them, otherwise on the current one.

import { axisOf } from "./timeline_axis.js";
import { drawOverview } from "./timeline_overview.js";
import { CHARACTER, Scale } from "./timeline_scale.js";

const MARGIN = 8;
const LENGTHS = { rect: ["x", "width"], line: ["x1", "x2"] };

export const percent = (share) => `${+(share * 100).toFixed(4)}%`;
const shareOf = (element, name) => parseFloat(element.getAttribute(name)) / 100;

export class View {
  constructor(main, width) {
    this.width = width;
    this.svg = main.querySelector("[data-svg]");
    const { now, folds, share, startsLate } = this.svg.dataset;
    const ends = folds ? folds.split(" ").map(Number) : [];
    this.folds = ends.flatMap((end, index) => (index % 2 ? [[ends[index - 1], end]] : []));
    const first = startsLate === undefined ? [] : this.folds.slice(0, 1);
    this.axes = [axisOf(Number(now), first, Number(share)), axisOf(Number(now), this.folds, Number(share))];
    this.zoomed = main.querySelector("[data-zoomed]");
    this.shapes = [...this.zoomed.querySelectorAll("rect, line")].map(shape);
    this.veils = [...this.zoomed.querySelectorAll(".fold__veil, .fold__gap")]; // Two for each fold, and two edges.
    this.edges = [...main.querySelectorAll(".torn")];
    this.areas = [...this.zoomed.querySelectorAll("path")].map((element) => ({ element, d: element.getAttribute("d") }));
    this.bars = this.shapes.filter(({ element }) => element.dataset.b);
    const bars = new Map(this.bars.map((bar) => [bar.element.dataset.b, bar]));
    const over = main.querySelector("[data-over]");
    this.labels = [...over.querySelectorAll("text")].map((element) => {
      const { label, to, full = element.textContent, short = element.textContent } = element.dataset;
      const beside = main.querySelector(`[data-beside="${label}"]`);
      return { element, bar: bars.get(label) ?? { folded: [shareOf(element, "x"), to / 100] }, texts: [full, short], beside };
    });
    this.cursor = main.querySelector("[data-at-cursor]");
    this.points = [...over.querySelectorAll("line, use")].flatMap(points);
    this.measure = main.querySelector("[data-measure]");
    this.ends = [...this.measure.querySelectorAll(".measure__end")].map((element) => shareOf(element, "x1"));
    this.pointer = main.querySelector("[data-pointer]");
    drawOverview(main.querySelector("[data-overview]"), this);
    this.scale = new Scale(main, this);
  }

  get canFold() {
    return this.axes[0].folds.length < this.axes[1].folds.length;
  }

  // Takes the clock with folds, or the one without.
  use(isFolded) {
    this.axis = this.axes[Number(isFolded)];
    this.at = (folded) => (isFolded ? folded : this.axis.fraction(this.axes[1].ms(folded)));
    for (const each of [...this.shapes, ...this.labels.map(({ bar }) => bar)]) [each.from, each.to] = each.folded.map(this.at);
    for (const { element, names, from, to } of this.shapes) {
      element.setAttribute(names[0], percent(from));
      element.setAttribute(names[1], percent(names[1] === "width" ? to - from : to));
    }
    const unused = (each, index) => each.toggleAttribute("hidden", index >= 2 * this.axis.folds.length);
    for (const all of [this.veils, this.edges]) all.forEach(unused);
    const moved = (d) => d.replace(/([HM])([\d.]+)/g, (_, how, x) => how + (this.at(x / 1000) * 1000).toFixed(2));
    for (const { element, d } of this.areas) element.setAttribute("d", moved(d));
  }

  draw(a, b) {
    if (!this.width) return; // The page isn't laid out yet.
    [this.a, this.b] = [a, b];
    const zoom = 1 / (b - a);
    this.zoomed.setAttribute("transform", `matrix(${zoom} 0 0 1 ${-a * zoom * this.width} 0)`);
    this.drawPatterns(zoom);
    for (const label of this.labels) this.drawLabel(label);
    for (const { element, name, folded } of this.points) element.setAttribute(name, percent(this.x(this.at(folded))));
    this.cursor.toggleAttribute("hidden", this.x(1) > 1 + 1e-6);
    this.drawMeasure();
    const { at } = this.pointer.dataset;
    this.pointer.toggleAttribute("hidden", !at);
    if (at) for (const name of ["x1", "x2"]) this.pointer.setAttribute(name, percent(this.x(this.at(at))));
    this.scale.draw();
  }

  // The place of a share of the clock in the part that is shown, as a share of its width.
  x(share) {
    return (share - this.a) / (this.b - this.a);
  }

  // A pattern keeps its proportions.
  drawPatterns(zoom) {
    if (this.patternsFor === zoom) return;
    this.patternsFor = zoom;
    for (const pattern of document.querySelectorAll("pattern")) {
      pattern.dataset.plain ??= pattern.getAttribute("patternTransform") ?? "";
      pattern.setAttribute("patternTransform", `scale(${1 / zoom} 1) ${pattern.dataset.plain}`);
    }
  }

  // The first text that fits, or none; what has none inside has one right of the cursor.
  drawLabel({ element, bar, texts, beside }) {
    const [room, place] = this.room(bar);
    const fitting = texts.find((text) => room * this.width > CHARACTER * text.length + MARGIN);
    element.toggleAttribute("hidden", !fitting);
    beside?.toggleAttribute("hidden", Boolean(fitting));
    if (!fitting) return;
    if (element.textContent !== fitting) element.textContent = fitting;
    element.setAttribute("x", percent(place));
  }

  // The widest visible part of a bar that isn't folded: [its width, its beginning].
  room({ from, to }) {
    let best = [0, 0];
    for (const [begin, end] of this.axis.stretches) {
      const [first, last] = [Math.max(0, this.x(Math.max(begin, from))), Math.min(1, this.x(Math.min(end, to)))];
      if (last - first > best[0]) best = [last - first, first];
    }
    return best;
  }

  drawMeasure() {
    if (this.measure.hasAttribute("hidden")) return;
    const [from, to] = this.ends.map((end) => this.x(this.at(end)));
    const [first, last, line, text] = this.measure.children;
    const half = ((CHARACTER * text.textContent.length) / 2 + 8) / this.width;
    const middle = Math.max(half, Math.min(1 - half, (from + to) / 2));
    const places = [[first, "x1", from], [first, "x2", from], [last, "x1", to], [last, "x2", to], [line, "x1", from], [line, "x2", to], [text, "x", middle]];
    for (const [element, name, share] of places) element.setAttribute(name, percent(share));
  }
}

function shape(element) {
  const names = LENGTHS[element.localName];
  const [from, to] = names.map((name) => shareOf(element, name));
  return { element, names, folded: [from, names[1] === "width" ? from + to : to] };
}

const points = (element) => (element.localName === "use" ? ["x"] : LENGTHS.line).map((name) => ({ element, name, folded: shareOf(element, name) }));
