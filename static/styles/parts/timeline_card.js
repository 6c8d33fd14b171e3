// The card of a bar of a timeline: its numbers, which are those of its row in the table.

// [lane, what, begin, end, length, more]
export const cells = ({ dataset }) => [...document.getElementById(dataset.b).cells].map((cell) => cell.textContent.trim());

export class Card {
  constructor(main, bars) {
    this.bars = bars;
    this.element = main.querySelector("[data-numbers]");
    this.plot = main.querySelector("[data-plot]");
  }

  // Shows a bar, at a point of the window or at its beginning.
  show({ element }, x = null) {
    const [lane, what, begins, ends, lasts, more] = cells(element);
    const list = document.createElement("dl");
    for (const [name, value] of [["begins", begins], ["ends", ends], ["length", lasts], ["", more]]) if (value) list.append(row(name, value));
    const title = document.createElement("b");
    title.textContent = what;
    this.element.replaceChildren(title, ` ${lane}`, list);
    this.element.hidden = false;
    const box = element.getBoundingClientRect();
    const plot = this.plot.getBoundingClientRect();
    const at = x ?? Math.max(box.left, plot.left + 120);
    const left = Math.max(8, Math.min(plot.width - this.element.offsetWidth - 8, at - plot.left - 20));
    this.element.style.transform = `translate(${left}px, ${box.bottom - plot.top + 10}px)`;
  }

  hide() {
    this.element.hidden = true;
  }

  // The bar at a point of the window, or one that is at most a few pixels beside it.
  near(x, y) {
    let found = null;
    let nearest = 7;
    for (const bar of this.bars) {
      const box = bar.element.getBoundingClientRect();
      if (y < box.top - 3 || y > box.bottom + 3) continue;
      const distance = Math.max(box.left - x, x - box.right, 0);
      if (distance <= nearest) [found, nearest] = [bar, distance];
    }
    return found;
  }
}

function row(name, value) {
  const [line, term, text] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
  term.textContent = name;
  text.textContent = value;
  line.append(term, text);
  return line;
}
