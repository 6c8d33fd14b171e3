// The events of a timeline, where bars begin and end: the card of a bar, and the measure between two events.

import { clock, grouped } from "./timeline_axis.js";

const LABELS = { begin: "begin", end: "end" };

export class Events {
  constructor(main, places, changed) {
    this.stage = main.closest("#stage");
    this.places = places;
    this.changed = changed;
    this.card = main.querySelector("[data-card]");
    this.plot = main.querySelector("[data-plot]");
    this.all = places.bars.flatMap((bar) => [
      { bar, at: bar.begin, which: "begin" },
      ...(bar.element.dataset.end && !bar.element.dataset.until ? [{ bar, at: bar.until, which: "end" }] : []),
    ]);
    this.all.sort((one, other) => one.at - other.at);
    for (const { element } of places.bars) {
      element.setAttribute("role", "img");
      element.setAttribute("aria-labelledby", `bar-${element.dataset.mark}`);
      element.setAttribute("tabindex", element === places.bars[0].element ? 0 : -1);
    }
  }

  find(selector) {
    return this.stage.querySelector(selector);
  }

  // [lane, what, begin, end, length, more] as the table has them.
  cells({ element }) {
    return [...document.getElementById(`bar-${element.dataset.mark}`).cells].map((cell) => cell.textContent.trim());
  }

  name({ bar, which }) {
    const [lane, what] = this.cells(bar);
    return `${LABELS[which]} of “${what}” (${lane})`;
  }

  // The event `by` places after the selected one; the first or the last one if none is selected.
  step(by) {
    const index = this.all.indexOf(this.selected);
    const next = index < 0 ? (by > 0 ? 0 : this.all.length - 1) : index + by;
    if (this.all[next]) this.select(this.all[next]);
  }

  select(event, focus = true) {
    this.selected?.bar.element.classList.remove("is-selected");
    const before = this.places.bars.find(({ element }) => element.tabIndex === 0);
    before?.element.setAttribute("tabindex", -1);
    this.selected = event;
    event.bar.element.classList.add("is-selected");
    event.bar.element.setAttribute("tabindex", 0);
    this.places.pointer.dataset.at = event.at;
    if (focus) event.bar.element.focus({ preventScroll: true });
    if (this.from) this.measure();
    this.changed(event.at);
    this.show(event.bar);
  }

  clear() {
    this.selected?.bar.element.classList.remove("is-selected");
    this.selected = this.from = null;
    delete this.places.pointer.dataset.at;
    this.card.hidden = true;
    this.changed();
  }

  show(bar, x = null) {
    const [lane, what, begin, end, length, more] = this.cells(bar);
    const list = document.createElement("dl");
    for (const [name, value] of [["begins", begin], ["ends", end], ["length", length], ["", more]]) {
      if (value) list.append(row(name, value));
    }
    const title = document.createElement("b");
    title.textContent = what;
    this.card.replaceChildren(title, ` ${lane}`, list);
    this.card.hidden = false;
    const box = bar.rect.getBoundingClientRect();
    const plot = this.plot.getBoundingClientRect();
    const at = x ?? Math.max(box.left, plot.left + 120);
    const left = Math.max(8, Math.min(plot.width - this.card.offsetWidth - 8, at - plot.left - 20));
    this.card.style.transform = `translate(${left}px, ${box.bottom - plot.top + 10}px)`;
  }

  hide() {
    if (this.selected) this.show(this.selected.bar);
    else this.card.hidden = true;
  }

  // The bar at a point of the window, or one that is at most a few pixels beside it.
  at(x, y) {
    let found = null;
    let nearest = 7;
    for (const bar of this.places.bars) {
      const box = bar.rect.getBoundingClientRect();
      if (y < box.top - 3 || y > box.bottom + 3) continue;
      const distance = Math.max(box.left - x, x - box.right, 0);
      if (distance <= nearest) [found, nearest] = [bar, distance];
    }
    return found;
  }

  // Select the end of a bar that is nearer to a point of the window.
  press(bar, x) {
    const box = bar.rect.getBoundingClientRect();
    const own = this.all.filter((event) => event.bar === bar);
    this.select(own.length > 1 && x > (box.left + box.right) / 2 ? own[1] : own[0]);
  }

  measureFrom() {
    this.from = this.selected ?? this.all[0];
    if (this.from) this.measure();
    this.changed();
  }

  measure() {
    const to = this.selected ?? this.from;
    const [begin, end] = [this.from.at, to.at].sort((one, other) => one - other);
    const group = this.places.measure;
    Object.assign(group.dataset, { begin, end });
    group.toggleAttribute("hidden", begin === end);
    const y = this.middle(to.bar);
    for (const [name, value] of [["y1", y], ["y2", y]]) group.children[2].setAttribute(name, value);
    group.children[3].setAttribute("y", y);
    group.children[3].textContent = `${grouped(end - begin)} ms`;
    const through = this.places.bars.filter((bar) => bar.begin <= begin && bar.until >= end && end > begin);
    this.write(to, end - begin, through);
  }

  middle(bar) {
    return Number(bar.rect.getAttribute("y")) + Number(bar.rect.getAttribute("height")) + 8;
  }

  write(to, length, through) {
    const texts = {
      "[data-from-name]": this.name(this.from),
      "[data-from]": clock(this.from.at),
      "[data-to-name]": to === this.from ? "choose another event" : this.name(to),
      "[data-to]": clock(to.at),
      "[data-says]": "between them",
      "[data-length]": `${grouped(length)} ms`,
    };
    for (const [selector, text] of Object.entries(texts)) this.find(selector).textContent = text;
    const names = through.map((bar) => this.cells(bar).slice(0, 2).join(": "));
    const overlaps = this.find("[data-overlaps]");
    overlaps.hidden = names.length === 0;
    overlaps.textContent = `All the time: ${names.slice(0, 4).join("; ")}${names.length > 4 ? " and more" : ""}`;
  }
}

function row(name, value) {
  const [line, term, text] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
  term.textContent = name;
  text.textContent = value;
  line.append(term, text);
  return line;
}
