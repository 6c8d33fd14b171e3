// What happens when the page shows another step: it is announced, and what a person had or where they were stays. The focus
// stays on the element with the same id, what was opened or closed stays so, and what the style has marked, or else the current
// row, stays in the window. Names of later steps, which the server doesn't send, are filled in if the page has shown them. Parts that grow to the right are
// scrolled to their newest end.

const ROW = "[data-row][aria-current='step']"; // Not every style has that table.
const announcer = document.querySelector("[data-announcer]");
const names = new Map();
const left = new Map();

let focused = null;
let wasVisible = false;

const row = (stage) => stage.querySelector("[data-in-view]") ?? stage.querySelector(ROW) ?? stage.querySelector(".execution");

function isVisible(element) {
  if (!element) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function fillInNames() {
  for (const dot of document.querySelectorAll("[id^='dot-']")) {
    const name = dot.querySelector(".dot__name");
    if (name.textContent) names.set(dot.id, name.textContent);
    else name.textContent = names.get(dot.id) ?? "";
  }
}

function note(part) {
  if (part.matches("[data-keep-open]")) left.set(part.id, part.open);
}

function openAsBefore() {
  for (const part of document.querySelectorAll("[data-keep-open]")) {
    if (left.has(part.id)) part.open = left.get(part.id);
  }
}

function focusAsBefore() {
  if (focused === null) return;
  if (document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  focused = null;
}

function scrollToRow() {
  if (!wasVisible) return;
  wasVisible = false;
  const room = document.getElementById("room"); // The page of a class stays where it is: only what scrolls in it moves.
  const still = room || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const { scrollX, scrollY } = window;
  row(document.getElementById("stage"))?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  if (room) scrollTo(scrollX, scrollY);
}

function scrollToEnd() {
  for (const part of document.querySelectorAll("[data-newest]")) part.scrollLeft = part.scrollWidth;
}

document.addEventListener("tutor:showing", ({ target }) => {
  const active = document.activeElement;
  if (active?.id && target.contains(active)) focused = active.id;
  if (target.id === "stage") wasVisible ||= isVisible(row(target));
});
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id === "walk-nav") fillInNames();
  if (target.id === "stage") announcer.textContent = target.dataset.announcement;
  openAsBefore();
  focusAsBefore();
});
document.addEventListener("tutor:measure", () => {
  scrollToRow();
  scrollToEnd();
});
document.querySelectorAll("[data-keep-open][open]").forEach(note);
document.addEventListener("toggle", ({ target }) => note(target), true);
fillInNames();
scrollToEnd();
