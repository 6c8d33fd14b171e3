// Keeps the row of the step that is shown in sight, for whoever has the table in sight.

const ROW = "[data-row][aria-current='step']";

let watched = false;

const row = (stage) => stage.querySelector(ROW) ?? stage.querySelector(".execution");

function inSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.target.id === "stage") watched = inSight(row(event.target));
});

document.addEventListener("htmx:load", (event) => {
  if (event.target.id !== "stage" || !watched) return;
  watched = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  row(event.target).scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
});
