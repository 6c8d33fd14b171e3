// The timeline: zoom and pan by wheel, touch, keys and buttons; folded or linear. What is chosen stays when steps change.

import { axisOf } from "./parts/timeline_axis.js";
import { Events } from "./parts/timeline_events.js";
import { listen } from "./parts/timeline_pointers.js";
import { Places } from "./parts/timeline_places.js";

const LEAST = 0.0005; // The least share of the clock that is shown.
const KEYS = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit", f: "fold", F: "fold", ",": "before", ".": "after", m: "from", M: "from" };
const ACTIONS = {
  in: () => zoom(1 / 1.6),
  out: () => zoom(1.6),
  fit: () => show(0, 1),
  fold: () => fold(!folded),
  before: () => events.step(-1),
  after: () => events.step(1),
  from: () => events.measureFrom(),
};

let folded = true;
let [a, b] = [0, 1]; // The part of the clock that is shown, as shares of it.
let main = null;
let places = null;
let events = null;
let frame = 0;
let kept = null; // The milliseconds that are shown, while another step is put in; null if it is all.

function bind() {
  const found = document.querySelector("[data-timeline]");
  if (found === main) return;
  if (main) keep();
  main = found;
  if (!main) return;
  places = new Places(main);
  events = new Events(main, places, (at) => (at === undefined ? draw() : reveal(at)));
  listen(main.querySelector("[data-svg]"), { zoom, pan, events, overview: main.querySelector("[data-overview]"), centre });
  fold(folded);
}

function keep() {
  kept = b - a > 0.999 ? null : places.axis.ms(b) - places.axis.ms(a);
}

// The clock of the new step; a part of it ends at the cursor.
function fold(on) {
  const range = places.axis && [places.axis.ms(a), places.axis.ms(b)];
  folded = on;
  const folds = on ? places.folds.map(({ begin, until }) => [begin, until]) : [];
  places.use(axisOf(Number(main.dataset.now), folds, Number(main.dataset.share)));
  main.classList.toggle("timeline--linear", !on);
  main.querySelector("[data-zoom='fold']").setAttribute("aria-pressed", on);
  if (range) [a, b] = range.map(places.axis.fraction);
  else if (kept !== null) [a, b] = [places.axis.fraction(places.axis.now - kept), 1];
  else [a, b] = [0, 1];
  show(a, b);
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

// Shows the part of the clock around a share of the linear one.
function centre(share) {
  const at = places.axis.fraction(share * places.axis.now);
  show(at - (b - a) / 2, at + (b - a) / 2);
}

function reveal(ms) {
  const at = places.axis.fraction(ms);
  if (at < a || at > b) show(at - (b - a) / 2, at + (b - a) / 2);
  else draw();
}

function draw() {
  if (frame) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    places.draw(a, b);
  });
}

function drawNow() {
  if (!main) return;
  cancelAnimationFrame(frame);
  frame = 0;
  places.draw(a, b);
}

document.addEventListener("keydown", (event) => {
  if (!main || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
  if (event.key === "Escape") return events.clear();
  if (!(event.key in KEYS) || document.documentElement.dataset.singleKeys === "off") return;
  event.preventDefault();
  ACTIONS[KEYS[event.key]]();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-zoom], [data-event]");
  if (button && main) ACTIONS[button.dataset.zoom ?? button.dataset.event]();
});

document.addEventListener("tutor:shown", () => {
  bind();
  drawNow();
});
new ResizeObserver(() => main && draw()).observe(document.documentElement);
bind();
drawNow();
