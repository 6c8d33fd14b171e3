// Requests the next steps of a finished run before they are pressed, so that the browser's cache has them: as many as may be
// pressed while a request is answered. Never past a question that is still open; what was walked past is open no more.

const MOST = 8;
const REST_MS = 3000;

let direction = 1;
let interval = REST_MS; // Between the last two presses.
let pressedAt = -REST_MS;
let latency = 0; // Of the last request that took the network.
let wanted = null;
const requested = new Set();

const nav = () => document.getElementById("walk-nav").dataset;
const stage = () => document.getElementById("stage").dataset;

function ahead() {
  if (!("immutable" in nav()) || (direction > 0 && "questionOpen" in stage())) return;
  const count = Math.min(MOST, 1 + Math.ceil(latency / interval));
  const from = wanted ?? Number(stage().step);
  for (let each = 1; each <= count; each++) prefetch(from + direction * each);
}

async function prefetch(step) {
  const address = nav().fragments + step;
  if (step < 1 || step > Number(nav().made) || requested.has(address)) return;
  requested.add(address);
  const start = performance.now();
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, priority: "low" });
    await answer.text();
    latency = performance.now() - start;
  } catch {
    requested.delete(address);
  }
}

document.addEventListener("tutor:gone", ({ detail: { step } }) => {
  const now = performance.now();
  interval = Math.min(REST_MS, Math.max(1, now - pressedAt));
  pressedAt = now;
  direction = step < (wanted ?? Number(stage().step)) ? -1 : 1;
  wanted = step;
  ahead();
});

document.addEventListener("htmx:load", ({ target }) => {
  if (target.id !== "stage" && target !== document.body) return;
  if (target.id === "stage" && Number(target.dataset.step) === wanted) wanted = null;
  ahead();
});
