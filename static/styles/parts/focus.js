// Keeps the focus when a fragment from the websocket replaces the element that has it: the new element with the same id
// gets the focus. For requests, htmx does this itself.

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
