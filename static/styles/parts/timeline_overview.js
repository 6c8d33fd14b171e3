// The overview of a timeline: everything so far on a clock without folds, solid where something runs, with frames around
// what is shown below.

import { ticks } from "./timeline_axis.js";

const ROW = 6;
const BAR = 4;
const EDGE = 5;
const RUNS = ".bar--execution, .bar--program, .bar--storing, .bar--dropped";

export function drawOverview(svg, { axes, zoomed, shapes, width }) {
  const [, folded] = axes;
  const lanes = [...zoomed.querySelectorAll(":scope > g")];
  const height = lanes.length * ROW + 2 * EDGE;
  const share = (at) => folded.ms(at) / folded.now;
  const places = new Map(shapes.map(({ element, folded }) => [element, [folded]]));
  svg.setAttribute("height", height + 20);
  svg.replaceChildren(
    made("rect", { class: "overview__ground", width: "100%", height }),
    group(axes[1].stretches.map(() => made("rect", { class: "overview__frame", y: 1, height: height - 2 })), { "data-frames": "" }),
    made("svg", { width: "100%", height, viewBox: `0 0 1000 ${height}`, preserveAspectRatio: "none" }),
    ...labels(folded.now, width, height),
  );
  lanes.forEach((lane, row) => {
    const bars = [...lane.querySelectorAll("rect, path")];
    const path = (runs) => bars.filter((bar) => bar.matches(RUNS) === runs).flatMap((bar) => places.get(bar) ?? spansOf(bar))
      .map(([from, to]) => rectangle(share(from) * 1000, share(to) * 1000, EDGE + row * ROW)).join("");
    const drawn = [["overview__rest", path(false)], ["overview__busy", path(true)]].map(([name, d]) => made("path", { class: name, d }));
    svg.children[2].append(group(drawn, { class: lane.getAttribute("class") }));
  });
}

// The spans of the bars that one path has, or the one of a band.
function spansOf(path) {
  const d = path.getAttribute("d");
  if (!path.matches(".band")) return [...d.matchAll(/M([\d.]+) [\d.]+H([\d.]+)/g)].map(([, from, to]) => [from / 1000, to / 1000]);
  const places = [...d.matchAll(/[MH]([\d.]+)/g)].map(([, x]) => x / 1000);
  return [[places[0], places.at(-1)]];
}

function rectangle(from, to, y) {
  const x = Math.min(from, 998);
  return `M${x.toFixed(1)} ${y}H${Math.max(to, x + 2).toFixed(1)}v${BAR}H${x.toFixed(1)}z`;
}

function labels(now, width, height) {
  const axis = { scale: 1 / now, stretches: [[0, 1]], ms: (share) => share * now, fraction: (ms) => ms / now };
  return ticks(axis, 0, 1, width, 160).map(({ x, label }) => {
    const text = made("text", { x: `${x * 100}%`, y: height + 15, ...(x ? { "text-anchor": "middle" } : {}) });
    text.textContent = label;
    return text;
  });
}

function made(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function group(children, attributes) {
  const element = made("g", attributes);
  element.append(...children);
  return element;
}
