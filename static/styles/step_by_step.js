// In a table that scrolls below its head, the text of the row that the head cuts is hidden until the row is whole.
const TABLE = "[data-execution]";

function hideCutRow(scroller) {
  const head = scroller.querySelector("thead th")?.getBoundingClientRect().bottom ?? 0;
  for (const row of scroller.querySelectorAll("tbody")) {
    const { top, bottom } = row.getBoundingClientRect();
    row.classList.toggle("is-cut", !row.matches("[aria-current]") && top < head - 1 && bottom > head);
  }
}

const hideCutRows = () => document.querySelectorAll(TABLE).forEach(hideCutRow);

document.addEventListener("tutor:measure", hideCutRows);
document.addEventListener("scroll", ({ target }) => target.matches?.(TABLE) && hideCutRow(target), true);
addEventListener("resize", hideCutRows);
document.fonts.ready.then(hideCutRows);
