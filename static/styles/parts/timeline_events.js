// The events of a timeline, where bars begin and end: gone through one by one, and measured.

import { clock, grouped } from "./timeline_axis.js";
import { Card, cells } from "./timeline_card.js";

const NUMBER = /^[+-][\d\u202f.]+$/;
const milliseconds = (text) => (NUMBER.test(text) ? Number(text.replaceAll("\u202f", "")) : NaN);

export class Events {
  constructor(main, view, changed) {
    this.main = main;
    this.view = view;
    this.changed = changed;
    this.card = new Card(main, view.bars);
    this.all = view.bars.flatMap((bar) => eventsOf(bar, view.axes[1].now));
    this.all.sort((one, other) => one.at - other.at);
    for (const { element } of view.bars) {
      element.setAttribute("role", "img");
      element.setAttribute("aria-labelledby", element.dataset.b);
      element.setAttribute("tabindex", element === view.bars[0].element ? 0 : -1);
    }
    this.card.hide();
  }

  // Selects the bar that has the focus.
  focus(element) {
    const event = this.all.find(({ bar }) => bar.element === element);
    if (event && this.selected?.bar !== event.bar) this.select(event, false);
  }

  // The event `by` places after the selected one; the first or the last one if none is selected.
  step(by) {
    const index = this.all.indexOf(this.selected);
    const next = index < 0 ? (by > 0 ? 0 : this.all.length - 1) : index + by;
    if (this.all[next]) this.select(this.all[next]);
  }

  select(event, focus = true) {
    this.mark(event);
    this.view.pointer.dataset.at = event.folded;
    if (focus) event.bar.element.focus({ preventScroll: true });
    if (this.from) this.measure();
    this.changed(event.folded);
    this.card.show(event.bar);
  }

  mark(event) {
    this.selected?.bar.element.classList.remove("is-selected");
    this.main.querySelector('[data-b][tabindex="0"]')?.setAttribute("tabindex", -1);
    this.selected = event;
    event.bar.element.classList.add("is-selected");
    event.bar.element.setAttribute("tabindex", 0);
  }

  clear() {
    this.selected?.bar.element.classList.remove("is-selected");
    this.selected = this.from = null;
    delete this.view.pointer.dataset.at;
    this.card.hide();
    this.changed();
  }

  // Shows the card of the selected bar, if any.
  rest() {
    if (this.selected) this.card.show(this.selected.bar);
    else this.card.hide();
  }

  // Selects the end of a bar that is nearer to a point of the window.
  press(bar, x) {
    const box = bar.element.getBoundingClientRect();
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
    const [first, last] = [this.from, to].sort((one, other) => one.at - other.at);
    const { measure, svg } = this.view;
    this.view.ends = [first.folded, last.folded];
    measure.toggleAttribute("hidden", first.at === last.at);
    const y = to.bar.element.getBoundingClientRect().bottom - svg.getBoundingClientRect().top + 8;
    const [, , line, text] = measure.children;
    for (const [element, name] of [[line, "y1"], [line, "y2"], [text, "y"]]) element.setAttribute(name, y);
    text.textContent = `${grouped(last.at - first.at)} ms`;
    const [begin, end] = [first.folded, last.folded];
    const through = this.view.bars.filter(({ folded }) => folded[0] <= begin && folded[1] >= end && end > begin);
    this.write(to, text.textContent, through.map(({ element }) => cells(element).slice(0, 2).join(": ")));
  }

  write(to, length, through) {
    const more = through.length > 3 ? " and more" : "";
    const texts = {
      "from-name": nameOf(this.from), from: clock(this.from.at), "to-name": to === this.from ? "choose another event" : nameOf(to),
      to: clock(to.at), says: "between them", length, overlaps: through.slice(0, 3).join("; ") + more,
    };
    const measured = document.getElementById("timeline-measured");
    for (const [name, text] of Object.entries(texts)) measured.querySelector(`[data-${name}]`).textContent = text;
    measured.querySelector(".measured__all").hidden = !through.length;
  }
}

// The beginning of a bar, and its end if that was seen.
function eventsOf(bar, now) {
  const [, , begins, ends] = cells(bar.element);
  const end = milliseconds(ends);
  const found = [{ bar, which: "begin", at: milliseconds(begins), folded: bar.folded[0] }];
  return end <= now + 0.05 ? [...found, { bar, which: "end", at: end, folded: bar.folded[1] }] : found;
}

function nameOf({ bar, which }) {
  const [lane, what] = cells(bar.element);
  return `${which} of “${what}” (${lane})`;
}
