// Requests the next steps before they are pressed, if what is at their addresses doesn't change: as many as may be pressed while
// a request is answered. The last ones are kept here, those of a finished run in the browser's cache, too; the next one is
// parsed. None is requested past a question that is still open.

const MOST = 8;
const REST_MS = 3000;
const AT_REST_MS = 50; // After that time a step is on the screen, and the next one can be parsed.
const KEPT = 24;
const LONGEST_MS = 15_000;

let direction = 1;
let interval = REST_MS; // Between the last two presses.
let pressedAt = -REST_MS;
let latency = 0; // About that of the slowest of the last requests; the browser's cache answers some.
let wanted = null;
let line = new AbortController();
const kept = new Map(); // Address → promise of its fragments, the oldest first.
let rest = 0; // The timer after which it is parsed. A press before that parses it itself.
let next = {}; // The address of the next step and its fragments, parsed.
let taken = ""; // The address of the fragments that were taken last, parsed or not.

const nav = () => document.getElementById("walk-nav").dataset;
const stage = () => document.getElementById("stage").dataset;

function ahead() {
  if (!("fixed" in nav()) || (direction > 0 && "questionOpen" in stage())) return;
  const count = Math.min(MOST, 1 + Math.ceil(latency / interval));
  const from = wanted ?? Number(stage().step);
  for (let each = 1; each <= count; each++) prefetch(from + direction * each);
  clearTimeout(rest);
  rest = setTimeout(parse, AT_REST_MS, nav().fragments + (from + direction));
  if (wanted === null && stage().nextLine) keep(nav().fragments + stage().nextLine);
}

// The step that is wanted comes first: it is on the screen before others are requested.
function soon() {
  requestAnimationFrame(() => setTimeout(ahead));
}

function prefetch(step) {
  if (step >= 1 && step <= Number(nav().made)) keep(nav().fragments + step);
}

async function parse(address) {
  const text = await kept.get(address);
  if (!text || address === next.address || address === taken) return;
  next = { address, fragments: document.createRange().createContextualFragment(text) };
}

function keep(address) {
  if (kept.has(address)) return;
  kept.set(address, load(address));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

// Returns null if the site can't be reached.
async function load(address) {
  const start = performance.now();
  try {
    const signal = AbortSignal.any([line.signal, AbortSignal.timeout(LONGEST_MS)]);
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, priority: "low", signal });
    if (!answer.ok) throw new Error(answer.status);
    const fragments = await answer.text();
    latency = Math.max(performance.now() - start, 0.9 * latency);
    soon();
    return fragments;
  } catch {
    kept.delete(address);
    return null;
  }
}

document.addEventListener("tutor:fragments", ({ detail }) => {
  detail.fragments = kept.get(detail.address) ?? null;
  taken = detail.address;
  if (next.address !== detail.address) return;
  detail.fragments = Promise.resolve(next.fragments);
  next = {};
});

// Requests on a line that was lost may never be answered.
addEventListener("online", () => {
  line.abort();
  line = new AbortController();
});

document.addEventListener("tutor:gone", ({ detail: { step } }) => {
  clearTimeout(rest);
  const now = performance.now();
  interval = Math.min(REST_MS, Math.max(1, now - pressedAt));
  pressedAt = now;
  direction = step < (wanted ?? Number(stage().step)) ? -1 : 1;
  wanted = step;
  soon();
});

document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "stage") return;
  if (Number(target.dataset.step) === wanted) wanted = null;
  soon();
});
soon();
