// Puts items in order: the rows of a list with `data-order` are dragged, or moved by their buttons. The others move around the
// row, so that it keeps the pointer and the focus. The fields of the places, which are hidden then, say where each row is.

const ORDINALS = ["1st", "2nd", "3rd", "4th", "5th"];

const rowsOf = (list) => [...list.querySelectorAll("[data-order-row]")];

function number(list) {
  for (const [index, row] of rowsOf(list).entries()) row.querySelector("select").value = index + 1;
}

function prepare() {
  for (const list of document.querySelectorAll("[data-order='']")) {
    number(list);
    list.dataset.order = "ready";
  }
}

// The place is said even if it is the old one: the row is at an end.
function placed(row) {
  const list = row.closest("[data-order]");
  number(list);
  const place = ORDINALS[rowsOf(list).indexOf(row)];
  list.nextElementSibling.textContent = `${place} now: ${row.querySelector("[data-order-text]").textContent}`;
}

function up(row) {
  if (row.previousElementSibling) row.after(row.previousElementSibling);
}

function down(row) {
  if (row.nextElementSibling) row.before(row.nextElementSibling);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-order-move]");
  if (!button) return;
  const row = button.closest("[data-order-row]");
  (button.dataset.orderMove === "up" ? up : down)(row);
  placed(row);
});

let dragged = null;

// A finger drags a row by its grip, and scrolls the page everywhere else.
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest("[data-order-row]");
  const grip = event.pointerType === "mouse" ? row : event.target.closest("[data-order-grip]");
  if (!row || !grip || event.button || event.target.closest("button, select") || row.matches(":disabled *")) return;
  event.preventDefault();
  row.setPointerCapture(event.pointerId);
  row.classList.add("is-dragged");
  dragged = row;
});

document.addEventListener("pointermove", ({ clientY }) => {
  if (!dragged) return;
  const middle = (row) => row.getBoundingClientRect().top + row.offsetHeight / 2;
  while (dragged.previousElementSibling && clientY < middle(dragged.previousElementSibling)) up(dragged);
  while (dragged.nextElementSibling && clientY > middle(dragged.nextElementSibling)) down(dragged);
});

for (const end of ["pointerup", "pointercancel"])
  document.addEventListener(end, () => {
    if (!dragged) return;
    dragged.classList.remove("is-dragged");
    placed(dragged);
    dragged = null;
  });

for (const shown of ["htmx:load", "tutor:shown"]) document.addEventListener(shown, prepare);
prepare();
