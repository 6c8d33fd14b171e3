// Walking through a run: the address carries the step, and the keys press the links that are on the page.

const PRESSES = { ArrowRight: "#next", ArrowLeft: "#previous", Home: "#first", End: "#last" };
const SINGLE = { " ": "[data-play]", r: "[data-run]", R: "[data-run]", "?": "[data-keys-open]" };
const BUSY = "input, select, textarea, button, summary, [contenteditable], dialog";

let show = false;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  // What a dialog that was just closed leaves behind may still have the focus.
  const target = event.target.checkVisibility() ? event.target : document.body;
  if (PRESSES[event.key] && !target.closest("input, select, textarea, [contenteditable], dialog") && !scrolls(target)) {
    press(PRESSES[event.key], event);
  } else if (SINGLE[event.key] && !event.repeat && !target.closest(BUSY) && singleKeys()) {
    press(SINGLE[event.key], event);
  }
});

function press(selector, event) {
  const control = document.querySelector(selector);
  if (!control) return;
  event.preventDefault();
  if (control.getAttribute("aria-disabled") !== "true") control.click();
}

function singleKeys() {
  return document.documentElement.dataset.singleKeys !== "off";
}

// An element that has the focus and can be scrolled sideways needs the arrows itself.
function scrolls(element) {
  return element.matches("[tabindex]") && element.scrollWidth > element.clientWidth;
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[data-walk]");
    if (!link) return;
    // A new tab or window is the browser's affair.
    if (event.ctrlKey || event.metaKey || event.shiftKey) event.stopImmediatePropagation();
    else show = link.dataset.walk === "show";
  },
  { capture: true },
);

// What the server refuses to give as a fragment it explains as a page.
document.addEventListener("htmx:responseError", (event) => {
  if (event.target.matches("a[data-walk]")) location.assign(event.target.href);
});

document.addEventListener("htmx:load", (event) => {
  const stage = event.target;
  if (stage.id !== "stage") return;
  const address = new URL(location.href);
  address.searchParams.set("step", stage.dataset.step);
  address.hash = "";
  history.replaceState(history.state, "", address);
  if (show) {
    show = false;
    document.querySelector("[data-player]").scrollIntoView({ block: "start" });
    stage.focus({ preventScroll: true });
  }
});
