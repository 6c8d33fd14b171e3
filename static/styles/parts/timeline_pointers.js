// Pointers on a timeline: a wheel and two fingers zoom, a drag moves it, pointing at a bar shows its card, a press selects it.

const STILL = 4; // Pixels that a press may move.

export function listen(svg, overview, { zoom, pan, centre, events }) {
  const pointers = new Map(); // Id of a pointer that is down → its x.
  let moved = 0;
  const share = (x) => (x - svg.getBoundingClientRect().left) / svg.clientWidth;

  svg.addEventListener(
    "wheel",
    (event) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey || svg.contains(document.activeElement)) {
        event.preventDefault();
        zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.005), share(event.clientX));
      } else if (sideways && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        event.preventDefault();
        pan(sideways / svg.clientWidth);
      }
    },
    { passive: false },
  );

  svg.addEventListener("pointerdown", (event) => {
    if (event.target.closest("a") || event.button) return;
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, event.clientX);
  });

  svg.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return point(event);
    const before = [...pointers.values()];
    moved += Math.abs(event.clientX - pointers.get(event.pointerId));
    if (moved > STILL) svg.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event.clientX);
    const after = [...pointers.values()];
    pan((middle(before) - middle(after)) / svg.clientWidth);
    if (after.length > 1) zoom(spanOf(before) / Math.max(1, spanOf(after)), share(middle(after)));
  });

  svg.addEventListener("pointerup", (event) => {
    if (!pointers.delete(event.pointerId) || moved > STILL) return;
    const bar = events().card.near(event.clientX, event.clientY);
    if (bar) events().press(bar, event.clientX);
    else events().clear();
  });
  svg.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  svg.addEventListener("pointerleave", () => pointers.size || events().rest());

  svg.addEventListener("focusin", ({ target }) => events().focus(target));

  function point(event) {
    if (event.pointerType === "touch") return;
    const bar = events().card.near(event.clientX, event.clientY);
    if (bar) events().card.show(bar, event.clientX);
    else events().rest();
  }

  const toPlace = (event) => {
    const box = overview.getBoundingClientRect();
    centre((event.clientX - box.left) / box.width);
  };
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    toPlace(event);
  });
  overview.addEventListener("pointermove", (event) => overview.hasPointerCapture(event.pointerId) && toPlace(event));
}

const middle = (all) => all.reduce((sum, x) => sum + x, 0) / all.length;
const spanOf = (all) => Math.abs(all[0] - all.at(-1));
