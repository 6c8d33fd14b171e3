// Walks through a run. A press (`tutor:go`, sent by press.js, address.js and play.js) moves the wanted step at once; its
// fragments are requested until they come, and the page then shows the step that is wanted by then. A style with lines also
// has places between steps: those of a line after a step.

const RETRY_MS = 2000;
const LONGEST_MS = 15_000;
const UNREACHABLE = [502, 503, 504]; // A proxy answers for a site that restarts.
const player = document.querySelector("[data-player]");
const pending = document.querySelector("[data-pending]");

let wanted = null; // The place, a step and a line or 0, that was pressed and isn't shown yet.
let outdated = false; // The place that is shown has to be requested once more.
let working = false;
let trial = new AbortController(); // Ends a request on a line that was lost.
let isHastened = false; // The browser has come online since the last request began.
let wake = () => {}; // Ends the wait for the next try.

const nav = () => document.getElementById("walk-nav").dataset;
const address = ({ step, line }) => nav().fragments + step + (line ? `&line=${line}` : "");

function shown() {
  const { step, line = 0 } = document.getElementById("stage").dataset;
  return { step: Number(step), line: Number(line) };
}

// The step of `tutor:go` is a number, or "next", "previous", "first" or "last", counted from the step that is wanted.
function resolve({ step, line = 0 }) {
  const from = (wanted ?? shown()).step;
  const last = Number(nav().made);
  const number = { next: from + 1, previous: from - 1, first: 1, last }[step] ?? step;
  return { step: Math.max(line ? 0 : Math.min(1, last), Math.min(last, number)), line };
}

function go({ detail }) {
  const place = resolve(detail);
  const from = wanted ?? shown();
  if (place.step === from.step && place.line === from.line) return;
  want(place);
  player.dispatchEvent(new CustomEvent("tutor:gone", { bubbles: true, detail: { ...detail, ...place } }));
  catchUp();
}

function want(place) {
  wanted = place;
  if (place === null) player.removeAttribute("aria-busy");
  else player.setAttribute("aria-busy", "true");
  requestAnimationFrame(showPending); // A step that is there at once was never pending.
}

function showPending() {
  pending.hidden = wanted === null;
  pending.textContent = wanted === null ? "" : wanted.line ? "Line …" : `Step ${wanted.step} …`;
}

async function catchUp() {
  if (working) return;
  working = true;
  while (wanted !== null || outdated) await show(wanted ?? shown());
  working = false;
}

async function show(place) {
  const fragments = (outdated ? null : await prefetched(address(place))) ?? (await request(place));
  if (fragments === null) return pause();
  outdated = false;
  if (place === wanted) want(null);
  document.dispatchEvent(new CustomEvent("tutor:changes", { detail: { fragments } }));
}

// The listener of prefetch.js adds a promise of the fragments, if it has them.
function prefetched(address) {
  const detail = { address, fragments: null };
  document.dispatchEvent(new CustomEvent("tutor:fragments", { detail }));
  return detail.fragments;
}

// Returns null if the site can't be reached. If it refuses the fragments, its page of the step says why.
async function request(place) {
  trial = new AbortController();
  isHastened = false;
  const signal = AbortSignal.any([trial.signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    const answer = await fetch(address(place), { headers: { "HX-Request": "true" }, signal });
    const isReached = !UNREACHABLE.includes(answer.status);
    tell(!isReached);
    if (isReached && !answer.ok) return leave(place);
    return isReached ? await answer.text() : null;
  } catch {
    tell(true);
    return null;
  }
}

function tell(lost) {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "step", lost } }));
}

function leave({ step, line }) {
  const page = new URL(location.href);
  page.searchParams.set("step", step);
  if (line) page.searchParams.set("line", line);
  else page.searchParams.delete("line");
  location.assign(page);
  return new Promise(() => {}); // Nothing more happens on this page.
}

function pause() {
  if (isHastened) return null;
  return new Promise((done) => {
    wake = done;
    setTimeout(done, RETRY_MS);
  });
}

document.addEventListener("tutor:go", go);
document.addEventListener("tutor:outdated", () => {
  outdated = true;
  catchUp();
});
addEventListener("online", () => {
  isHastened = true;
  trial.abort();
  wake();
});
