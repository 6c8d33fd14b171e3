// Scrolls the execution table below its head so that the current row can be seen, and the first row is whole.
const TABLE = "[data-execution]";
const still = matchMedia("(prefers-reduced-motion: reduce)");

// What it has to scroll by, so that a row is the first one.
function distance(scroller) {
  const rows = [...scroller.querySelectorAll("tbody")].map((row) => ({ row, ...at(row) }));
  const current = rows.find(({ row }) => row.matches("[aria-current]"));
  if (!current) return 0;
  const head = at(scroller.querySelector("thead th")).bottom;
  const { bottom } = at(scroller);
  const end = at(scroller.firstElementChild.lastElementChild).bottom; // That of the closing line, if there is one.
  const last = current === rows.at(-1) ? end : current.bottom;
  const most = current.top - head;
  const least = Math.min(most, Math.max(Math.min(0, end - bottom), last - bottom));
  return Math.min(most, ...rows.map(({ top }) => top - head).filter((each) => each > least - 1));
}

function at(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return { top, bottom };
}

function align(behavior) {
  for (const scroller of document.querySelectorAll(TABLE)) scroller.scrollBy({ top: distance(scroller), behavior });
}

document.addEventListener("tutor:measure", () => align(still.matches ? "auto" : "smooth"));
addEventListener("resize", () => align("auto"));
document.fonts.ready.then(() => align("auto"));
