// Keeps the current row of the execution table in the window, if it was in the window before the step. Not every style
// has that table.

const ROW = "[data-row][aria-current='step']";

let wasVisible = false;

const row = (stage) => stage.querySelector(ROW) ?? stage.querySelector(".execution");

function isVisible(element) {
  if (!element) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

document.addEventListener("tutor:showing", (event) => {
  if (event.target.id === "stage") wasVisible = isVisible(row(event.target));
});

document.addEventListener("tutor:shown", (event) => {
  if (event.target.id !== "stage" || !wasVisible) return;
  wasVisible = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  row(event.target)?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
});
