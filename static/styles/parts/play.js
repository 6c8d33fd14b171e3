// Plays a recorded run at a pace, or follows it live. It goes to the next step, but never ahead of the run. A step by hand
// pauses it, and once the question to the class, before the step that answers it.

const STORED = "tutor.pace";
const player = document.querySelector("[data-player]");
const button = document.querySelector("[data-play]");
const pace = document.querySelector("[data-pace]");
const told = document.querySelector("[data-asked]"); // Says that it has paused for it, until the next step.

let timer = 0;
let due = false; // It is time for the next step, which the run may not have made yet.
let asked = false; // It has paused for the question to the class.

const nav = () => document.getElementById("walk-nav");
const control = (id) => document.querySelector(`#${id}[href]`);
const position = () => Number(nav().dataset.position);
const over = () => "ended" in nav().dataset;
const playing = () => "playing" in player.dataset;
const live = () => pace.value === "live";
const busy = () => player.ariaBusy === "true"; // A step was pressed and isn't shown yet: after it, the next one is due.

function press(step) {
  player.dispatchEvent(new CustomEvent("tutor:go", { bubbles: true, detail: { step, by: "play" } }));
}

function play() {
  player.dataset.playing = "";
  told.hidden = true;
  if (!control("next") && over()) press("first");
  else due = true;
  changed();
}

function pause() {
  delete player.dataset.playing;
  due = false;
  clearTimeout(timer);
  changed();
}

// While the page follows a live run, the websocket sends each new step. A request for it could be answered later than the
// websocket's next message, with an older step.
function changed() {
  player.dataset.follow = String(playing() && live() && !over());
  player.dispatchEvent(new CustomEvent("tutor:follow", { bubbles: true }));
  step();
}

function step() {
  if (!playing() || (live() && !over())) return;
  if ("answersNext" in nav().dataset && !asked) {
    asked = true;
    pause();
    told.hidden = false;
    return;
  }
  if (busy()) return;
  if (control("next") && (due || position() === 0 || (live() && over()))) {
    due = false;
    press(live() ? "last" : "next");
  } else if (!control("next") && over()) {
    pause();
  }
}

function wait(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    due = true;
    step();
  }, milliseconds);
}

function shown(event) {
  if (event.target.id === "stage" && playing()) wait(live() ? 0 : 1000 / Number(pace.value));
  if (event.target.id === "walk-nav") step();
}

function start() {
  try {
    const last = localStorage.getItem(STORED);
    if ([...pace.options].some((option) => option.value === last)) pace.value = last;
  } catch {
    // Without storage, the pace is the default.
  }
  if (!("autoplay" in player.dataset)) return;
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    player.dataset.playing = "";
    if (position() > 0) wait(live() ? 0 : 1000 / Number(pace.value));
    changed();
  } else {
    firstOnly();
  }
}

// With reduced motion the page doesn't play: it shows step 1 as soon as the run has made it.
function firstOnly() {
  if (position() === 0 && control("next")) press("next");
  else if (position() === 0) document.addEventListener("tutor:shown", firstOnly, { once: true });
}

if (button) {
  button.addEventListener("click", () => (playing() ? pause() : play()));
  pace.addEventListener("change", () => {
    try {
      localStorage.setItem(STORED, pace.value);
    } catch {
      // Without storage, the pace lasts until the page is left.
    }
    if (playing()) wait(0);
    changed();
  });
  document.addEventListener("tutor:shown", shown);
  document.addEventListener("tutor:gone", ({ detail: { by } }) => {
    told.hidden = true;
    if (by !== "play" && playing()) pause();
  });
  addEventListener("DOMContentLoaded", start);
}
