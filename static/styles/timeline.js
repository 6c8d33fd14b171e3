// The timeline: zoom and pan by wheel, touch, keys and buttons; folded or linear. What is chosen stays when steps change.

import { Events } from "./parts/timeline_events.js";
import { listen } from "./parts/timeline_pointers.js";
import { View } from "./parts/timeline_view.js";

const LEAST = 0.0005; // The least share of the clock that is shown.
const KEYS = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit", f: "fold", F: "fold", ",": "before", ".": "after", m: "from", M: "from" };
const ACTIONS = {
  in: () => zoom(1 / 1.6),
  out: () => zoom(1.6),
  fit: () => show(0, 1),
  fold: () => fold(!isFolded),
  before: () => events.step(-1),
  after: () => events.step(1),
  from: () => events.measureFrom(),
};

let isFolded = true;
let [a, b] = [0, 1]; // The part of the clock that is shown, as shares of it.
let view = null;
let events = null;
let listening = null; // The drawing that has listeners.
let width = 0; // Its width, which isn't asked for at each step, because the browser would lay out the page twice.
const sizes = new ResizeObserver(([{ contentRect }]) => {
  width = contentRect.width;
  if (!view || view.width === width) return;
  view.width = width;
  draw();
});
let frame = 0;

function bind() {
  const main = document.querySelector("[data-timeline]");
  const svg = main?.querySelector("[data-svg]") ?? null;
  if (svg && "bound" in svg.dataset) return; // The mark goes when another step is drawn.
  // What is shown of the clock of another step stays as long, and ends at the cursor.
  const kept = view && b - a < 0.999 ? view.axis.ms(b) - view.axis.ms(a) : null;
  if (svg && svg !== listening) width = svg.clientWidth; // Without a zoom of the page around it.
  view = svg && new View(main, width);
  if (!view) return;
  svg.dataset.bound = "";
  events = new Events(main, view, (at) => (at === undefined ? draw() : reveal(at)));
  if (svg !== listening) {
    listen(svg, main.querySelector("[data-overview]"), { zoom, pan, centre, events: () => events });
    sizes.observe(svg);
  }
  listening = svg;
  document.getElementById("timeline-fold").hidden = !view.canFold;
  view.use(isFolded);
  [a, b] = [kept === null ? 0 : view.axis.fraction(view.axis.now - kept), 1];
  drawNow();
}

function fold(on) {
  const range = [a, b].map((share) => view.axis.ms(share));
  isFolded = on;
  view.use(on);
  document.getElementById("timeline-fold").setAttribute("aria-pressed", on);
  show(...range.map((ms) => view.axis.fraction(ms)));
}

function show(from, to) {
  const width = Math.max(LEAST, Math.min(1, to - from));
  a = Math.max(0, Math.min(1 - width, from));
  b = a + width;
  draw();
}

// `at` is the share of the drawing that stays where it is.
function zoom(factor, at = 0.5) {
  const width = Math.max(LEAST, Math.min(1, (b - a) * factor));
  const from = a + (b - a) * at - width * at;
  show(from, from + width);
}

function pan(share) {
  show(a + share * (b - a), b + share * (b - a));
}

// Shows the part of the clock around a share of the whole time.
function centre(share) {
  around(view.axis.fraction(share * view.axis.now));
}

function around(at) {
  show(at - (b - a) / 2, at + (b - a) / 2);
}

function reveal(folded) {
  const at = view.at(folded);
  if (at < a || at > b) around(at);
  else draw();
}

function draw() {
  frame ||= requestAnimationFrame(drawNow);
}

function drawNow() {
  cancelAnimationFrame(frame);
  frame = 0;
  view?.draw(a, b);
}

document.addEventListener("keydown", (event) => {
  if (!view || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
  if (event.key === "Escape") return events.clear();
  if (!(event.key in KEYS) || document.documentElement.dataset.singleKeys === "off") return;
  event.preventDefault();
  ACTIONS[KEYS[event.key]]();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-zoom-by], [data-event]");
  if (button && view) ACTIONS[button.dataset.zoomBy ?? button.dataset.event]();
});

document.addEventListener("tutor:shown", bind);
bind();
