// Keeps the focus where it was when the element that had it is replaced by a newer one of the same id.
// htmx does so for requests; this does it for what a websocket brings.

let focused = null;

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const active = document.activeElement;
  if (active?.id && event.target.contains(active)) focused = active.id;
});

document.addEventListener("htmx:load", () => {
  if (focused === null) return;
  if (document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  focused = null;
});
