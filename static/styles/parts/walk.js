// Walking through a run: keys press the links on the page, and the page's address contains the step.

const LINKS = { ArrowRight: "#next", ArrowLeft: "#previous", Home: "#first", End: "#last" };
const SINGLE_KEYS = { " ": "[data-play]", r: "[data-run]", R: "[data-run]", "?": "[data-keys-open]" };
const BUSY = "input, select, textarea, button, summary, [contenteditable], dialog";

let scrollToPlayer = false;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  // A dialog that was just closed may still have the focus.
  const target = event.target.checkVisibility() ? event.target : document.body;
  if (LINKS[event.key] && !target.closest("input, select, textarea, [contenteditable], dialog") && !scrolls(target)) {
    press(LINKS[event.key], event);
  } else if (SINGLE_KEYS[event.key] && !event.repeat && !target.closest(BUSY) && singleKeys()) {
    press(SINGLE_KEYS[event.key], event);
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

// A focused element that scrolls sideways uses the arrow keys itself.
function scrolls(element) {
  return element.matches("[tabindex]") && element.scrollWidth > element.clientWidth;
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[data-walk]");
    if (!link) return;
    // The browser opens the link in a new tab or window.
    if (event.ctrlKey || event.metaKey || event.shiftKey) event.stopImmediatePropagation();
    else scrollToPlayer = link.dataset.walk === "show";
  },
  { capture: true },
);

// If the server refuses a fragment, its page says why.
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
  if (scrollToPlayer) {
    scrollToPlayer = false;
    document.querySelector("[data-player]").scrollIntoView({ block: "start" });
    stage.focus({ preventScroll: true });
  }
});
