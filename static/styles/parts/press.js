// Keys and links that walk through a run, and keys that press the buttons of the page.

const STEPS = { ArrowRight: "next", ArrowLeft: "previous", Home: "first", End: "last" };
const LINES = { ".": "#next-line", ",": "#previous-line" };
const SINGLE_KEYS = { " ": "[data-play]", r: "[data-run]", R: "[data-run]", "?": "[data-keys-open]" };
const TYPED = "input, select, textarea, [contenteditable], dialog";
const BUSY = "input, select, textarea, button, summary, [contenteditable], dialog";
const player = document.querySelector("[data-player]");

let scrollToPlayer = false;
let by = "hand"; // Or "hold": a key that is held down presses again and again.

document.addEventListener("keydown", (event) => {
  if (event.repeat) by = "hold";
  pressKey(event);
  by = "hand";
});

function pressKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  // A dialog that was just closed may still have the focus.
  const target = event.target.checkVisibility() ? event.target : document.body;
  if (STEPS[event.key] && !target.closest(TYPED) && !scrolls(target)) {
    if (!document.getElementById("next")) return;
    event.preventDefault();
    go(STEPS[event.key]);
  } else if (LINES[event.key] && !target.closest(TYPED) && singleKeys()) {
    press(LINES[event.key], event);
  } else if (SINGLE_KEYS[event.key] && !event.repeat && !target.closest(BUSY) && singleKeys()) {
    press(SINGLE_KEYS[event.key], event);
  } else if (/^[1-9]$/.test(event.key) && !event.repeat && !target.closest(BUSY) && singleKeys()) {
    press(`[data-style-key="${event.key}"]`, event);
  }
}

function go(step, line = 0) {
  player.dispatchEvent(new CustomEvent("tutor:go", { bubbles: true, detail: { step, line, by } }));
}

function goTo(parameters) {
  go(Number(parameters.get("step")), Number(parameters.get("line")));
}

function press(selector, event) {
  const control = document.querySelector(selector);
  if (!control) return;
  event.preventDefault();
  if (control.getAttribute("aria-disabled") !== "true") control.click();
}

function singleKeys() {
  return document.documentElement.dataset.singleKeys !== "off";
}

// A focused element that scrolls sideways uses the arrow keys itself.
function scrolls(element) {
  return element.matches("[tabindex]") && element.scrollWidth > element.clientWidth;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-walk]");
  // With a key held down, the browser opens the link in a new tab or window.
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  scrollToPlayer = link.dataset.walk === "show";
  if (link.dataset.walk in { next: 1, previous: 1, first: 1, last: 1 }) go(link.dataset.walk);
  else goTo(new URL(link.getAttribute("href"), location.href).searchParams); // The href of a link in a picture is no text.
  if (scrollToPlayer && !player.hasAttribute("aria-busy")) toPlayer();
});

function toPlayer() {
  scrollToPlayer = false;
  player.scrollIntoView({ block: "start" });
  document.getElementById("stage").focus({ preventScroll: true });
}

document.addEventListener("tutor:shown", (event) => {
  if (event.target.id === "stage" && scrollToPlayer) toPlayer();
});
