// Keeps the focus when the element that has it is replaced: the new element with the same id gets the focus.

let focused = null;

document.addEventListener("tutor:showing", (event) => {
  const active = document.activeElement;
  if (active?.id && event.target.contains(active)) focused = active.id;
});

document.addEventListener("tutor:shown", () => {
  if (focused === null) return;
  if (document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  focused = null;
});
